"""Checked datasets from the PDF reports that Japanese municipalities publish."""
