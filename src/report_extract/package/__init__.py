"""Extractions ↔ a data package on disk: every file of the output contract, written, read, published."""
