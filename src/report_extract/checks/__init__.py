"""Consistency checks: sums, breakdowns, numbering, notes, structure, years, the second reader."""
