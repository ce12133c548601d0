"""How a table on paper is understood by a profile: headings, columns, rows, the sections it stands in."""
