"""The recogniser that reads nothing: for tests, and for runs that must not recognise."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.model import Array, Reading


class Blank:
    """Every crop is empty to it, and it is not sure of that."""

    name = "blank"

    def read(self, crops: Sequence[Array], alphabet: str = "text") -> list[Reading]:
        """One empty reading of confidence 0 a crop."""
        return [Reading("", "rapidocr", 0.0) for _ in crops]
