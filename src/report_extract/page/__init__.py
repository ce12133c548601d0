"""What stands on a page: words and lines, glyph shapes, marks, and whether the text layer is to be believed."""
