"""Tables without rules: by the white between their columns, or by the order in which they were drawn."""

from .tables import find_aligned

__all__ = ["find_aligned"]
