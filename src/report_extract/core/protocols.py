"""What readers and recognisers offer to the rest: interfaces, without any code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from .geometry import BBox
from .model import Array, Page, Reading


class Document(Protocol):
    """An opened input. ``readers.open_document(path)`` gives one; it is a context manager."""

    path: Path
    sha256: str
    page_count: int

    def pages(self, numbers: Iterable[int] | None = None) -> Iterator[Page]:
        """The pages asked for (all, without ``numbers``), one at a time; each is closed before the next."""

    def render(self, number: int, dpi: float, bbox: BBox | None = None, colour: bool = False) -> Array:
        """The page, or the part in ``bbox``, as displayed: uint8 grey, shape (height, width); with ``colour`` RGB."""
        ...

    def __enter__(self) -> Document: ...

    def __exit__(self, *exc: object) -> None: ...


class Recogniser(Protocol):
    """Reads pictures of single upright lines."""

    name: str

    def read(self, crops: Sequence[Array], alphabet: str = "text") -> list[Reading]:
        """One reading a crop (uint8 grey); ``alphabet``: "text" or "number"."""
        ...
