"""Which pages of an input are to be read, of those that were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import InputError
from ..core.model import Finding
from ..core.protocols import Document
from .files import shown


def asked_pages(asked: Sequence[int] | None, source: Document) -> tuple[Sequence[int], Finding | None]:
    """The pages that are to be read, each once, and a finding for those that were asked for and are not there.

    Raises:
        InputError: none of them is there.
    """
    every = range(1, source.page_count + 1)
    if asked is None:
        return every, None
    there = tuple(number for number in dict.fromkeys(asked) if number in every)
    missing = [number for number in asked if number not in every]
    if not there:
        first = missing[0] if missing else 0
        raise InputError(f"{shown(source.path)} has no page {first}", f"it has {source.page_count}")
    if not missing:
        return there, None
    return there, Finding("no-such-page", (str(missing[0]), str(source.page_count)))
