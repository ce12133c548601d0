"""Page → tables: where they are, their grids, headings, captions, and the joins over pages."""
