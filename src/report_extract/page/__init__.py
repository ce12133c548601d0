"""What stands on a page: words and lines, glyph shapes, and whether the text layer is to be believed."""
