"""Linear equations over cells: the rule language, which lines are totals, and repair by least change."""
