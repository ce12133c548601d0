"""Drawings that draw one another without end, told before pdfium follows them.

A form XObject may draw others. One that draws itself twice makes pdfium follow 2^30 paths before it has read the page,
and nothing stops it but the end of its process. So the forms of a file are looked over first: which draws which, how
often. Only what stands in the file as such, or deflated, is seen; honest files have no reason to hide it.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from pathlib import Path

from .bounds import MAX_FORM_DEPTH, MAX_FORMS
from .files import objects

MAX_BYTES = 128 << 20  # of a file that is looked over
_MAX_CONTENT = 4 << 20  # bytes of one form's drawing
_MAX_DICTIONARY = 16 << 10

_FORM = re.compile(rb"/Subtype\s*/Form\b")
_XOBJECTS = re.compile(rb"/XObject\s*(?:<<(.*?)>>|(\d+)\s+\d+\s+R\b)", re.DOTALL)
_RESOURCES = re.compile(rb"/Resources\s*(\d+)\s+\d+\s+R\b")
_ENTRY = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+(\d+)\s+\d+\s+R\b")
_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_NUMBER = re.compile(rb"(\d+)\s+\d+\s+$")
_DIRECTORY = re.compile(rb"\s*(?:\d+\s+\d+\s+)+")

Forms = dict[int, Counter[int]]  # which drawing draws which, how often


def endless(path: Path) -> bool:
    """Would the drawings of a PDF, each in each, be drawn more often than any honest page needs?"""
    if path.stat().st_size > MAX_BYTES:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        forms = _Shelf(path, data).forms() if _FORM.search(data) else {}
    known: dict[tuple[int, int], int] = {}
    return any(_drawn(form, 0, forms, known) > MAX_FORMS for form in forms)


def _drawn(form: int, depth: int, forms: Forms, known: dict[tuple[int, int], int]) -> int:
    """How many drawings are made where ``form`` is drawn, at so many levels down; no more than is too many."""
    if depth > MAX_FORM_DEPTH or form not in forms:
        return 1
    if (form, depth) not in known:
        total = 1
        for inner, times in forms[form].items():
            total = min(total + times * _drawn(inner, depth + 1, forms, known), MAX_FORMS + 1)
        known[form, depth] = total
    return known[form, depth]


def _united(entries: Iterable[tuple[bytes, int]]) -> dict[bytes, set[int]]:
    """Each name with all the objects that it stands for."""
    names: dict[bytes, set[int]] = {}
    for name, number in entries:
        names.setdefault(name, set()).add(number)
    return names


class _Shelf:
    """The objects of a file, as far as its forms need them."""

    def __init__(self, path: Path, data: mmap.mmap) -> None:
        self._path, self._data = path, data

    def forms(self) -> Forms:
        """What each form draws; those that draw nothing are left out."""
        found: Forms = {}
        for match in _FORM.finditer(self._data):
            at = self._data.rfind(b"obj", max(0, match.start() - _MAX_DICTIONARY), match.start())
            number = _NUMBER.search(self._data[max(0, at - 24) : max(0, at)])
            if number is None:
                continue
            start = self._data.find(b"stream", match.end(), match.end() + _MAX_DICTIONARY)
            dictionary = self._data[at + 3 : start] if start >= 0 else b""
            names = self._xobjects(dictionary)
            drawn = _DRAWN.findall(self._content(dictionary, start)) if names else []
            found.setdefault(int(number[1]), Counter()).update(form for name in drawn for form in names.get(name, ()))
        return {form: drawn for form, drawn in found.items() if drawn}

    def _content(self, dictionary: bytes, start: int) -> bytes:
        """What the form draws, as far as it can be read."""
        begin = start + len(b"stream")
        end = self._data.find(b"endstream", begin)
        content = self._data[begin : end if end >= 0 else len(self._data)].lstrip(b"\r\n")[:_MAX_CONTENT]
        if b"/Filter" not in dictionary:
            return content
        try:
            return zlib.decompressobj().decompress(content, _MAX_CONTENT)
        except zlib.error:
            return b""

    def _xobjects(self, dictionary: bytes) -> dict[bytes, set[int]]:
        """The names in a form's resources, and the numbers of the objects that they may mean."""
        if b"/Resources" not in dictionary:  # then they are those of whatever draws it: any of the file's
            return self._everywhere
        shared = _RESOURCES.search(dictionary)
        names = _XOBJECTS.search(self._object(int(shared[1])) if shared else dictionary)
        return _united(self._entries(names)) if names else {}

    def _entries(self, names: re.Match[bytes]) -> list[tuple[bytes, int]]:
        entries = names[1] if names[2] is None else self._object(int(names[2]))
        return [(name, int(number)) for name, number in _ENTRY.findall(entries)]

    def _object(self, number: int) -> bytes:
        """The beginning of an object, wherever it stands; empty where it is not found."""
        at = self._places.get(number, -1)
        end = self._data.find(b"endobj", at, at + _MAX_DICTIONARY) if at >= 0 else -1
        return self._data[at:end] if end >= 0 else self._packed.get(number, b"")

    @cached_property
    def _places(self) -> dict[int, int]:
        """Where each object begins that stands in the file as such."""
        places, at = {}, self._data.find(b" obj")
        while at >= 0:
            number = _NUMBER.search(self._data[max(0, at - 24) : at + 1])
            if number:
                places[int(number[1])] = at + len(b" obj")
            at = self._data.find(b" obj", at + 1)
        return places

    @cached_property
    def _everywhere(self) -> dict[bytes, set[int]]:
        """The names in all resources that stand in the file as such, and what they mean."""
        return _united(entry for names in _XOBJECTS.finditer(self._data) for entry in self._entries(names))

    @cached_property
    def _packed(self) -> dict[int, bytes]:
        """The objects in compressed streams."""
        packed: dict[int, bytes] = {}
        for part in islice(objects(self._path), 1, None):
            directory = _DIRECTORY.match(part)
            if directory is None:
                continue
            numbers = [int(n) for n in directory[0].split()]
            starts = [directory.end() + at for at in numbers[1::2]]
            for number, start, end in zip(numbers[::2], starts, [*starts[1:], len(part)], strict=False):
                packed[number] = part[start : min(end, start + _MAX_DICTIONARY)]
        return packed
