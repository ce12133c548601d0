"""Drawings that draw one another without end, told before pdfium follows them.

A form XObject may draw others. One that draws itself twice makes pdfium follow 2^30 paths before it has read the page,
and nothing stops it but the end of its process. So the forms of a file are looked over first: which draws which, how
often, however names are spelt, whatever comments stand between, and however it is encoded. Pages, annotations and
patterns may begin such a drawing, but what repeats is always a form.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice
from pathlib import Path

from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.lzw import lzwdecode
from pdfminer.runlength import rldecode

from .bounds import MAX_FORM_DEPTH, MAX_FORMS
from .files import objects

MAX_BYTES = 128 << 20  # of a file that is looked over
_MAX_CONTENT = 4 << 20  # bytes of one form's drawing
_MAX_DICTIONARY = 16 << 10
_MAX_EXPANDED = 64 << 10  # bytes of a form that may become a thousand times as many
_MOST_FILTERS = 8

_GAP = rb"(?:[\s\0]|%[^\r\n]*[\r\n])"  # blanks and comments
_REFERENCE = rb"(\d+)" + _GAP + rb"+\d+" + _GAP + rb"+R\b"
_NAME = rb"/([^\s\0/<>\[\](){}%]+)"


def _name(text: str) -> bytes:
    """A name, each of its letters as such or by its code (ISO 32000-1, 7.3.5)."""
    codes = (f"#{ord(letter):02x}" for letter in text)
    return b"/" + b"".join(f"(?:{c}|(?i:{code}))".encode() for c, code in zip(text, codes, strict=True))


_FORM = re.compile(_name("Subtype") + _GAP + b"*" + _name("Form") + rb"\b")
_XOBJECTS = re.compile(_name("XObject") + _GAP + rb"*(?:<<(.*?)>>|" + _REFERENCE + b")", re.DOTALL)
_RESOURCES = re.compile(_name("Resources") + _GAP + b"*" + _REFERENCE)
_OWN = re.compile(_name("Resources"))
_FILTER = re.compile(_name("Filter") + _GAP + rb"*(?:\[(.*?)\]|" + _REFERENCE + b"|" + _NAME + b")", re.DOTALL)
_FILTERS = re.compile(_NAME)
_ENTRY = re.compile(_NAME + _GAP + b"*" + _REFERENCE)
_DRAWN = re.compile(_NAME + _GAP + rb"*Do\b")
_NUMBER = re.compile(rb"(\d+)" + _GAP + rb"+\d+" + _GAP + b"*$")
_OBJECT = re.compile(rb"(\d+)" + _GAP + rb"+\d+" + _GAP + rb"*obj\b")
_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_BEFORE = 200  # bytes before "obj" that its numbers stand in
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


def _spelt(name: bytes) -> bytes:
    """A name with its codes as the letters that they stand for."""
    return _CODE.sub(lambda code: bytes([int(code[1], 16)]), name)


def _inflated(content: bytes) -> bytes:
    return zlib.decompressobj().decompress(content, _MAX_CONTENT)


_DECODERS: dict[bytes, Callable[[bytes], bytes]] = {
    b"FlateDecode": _inflated,
    b"ASCII85Decode": ascii85decode,
    b"ASCIIHexDecode": asciihexdecode,
    b"LZWDecode": lambda content: lzwdecode(content[:_MAX_EXPANDED]),
    b"RunLengthDecode": lambda content: rldecode(content[:_MAX_EXPANDED]),
}
_SHORT = {b"Fl": b"FlateDecode", b"A85": b"ASCII85Decode", b"AHx": b"ASCIIHexDecode", b"LZW": b"LZWDecode",
          b"RL": b"RunLengthDecode"}  # fmt: skip
_DECODERS |= {short: _DECODERS[name] for short, name in _SHORT.items()}


class _Shelf:
    """The objects of a file, as far as its forms need them."""

    def __init__(self, path: Path, data: mmap.mmap) -> None:
        self._path, self._data = path, data

    def forms(self) -> Forms:
        """What each form draws; those that draw nothing are left out."""
        found: Forms = {}
        for match in _FORM.finditer(self._data):
            at = self._data.rfind(b"obj", max(0, match.start() - _MAX_DICTIONARY), match.start())
            number = _NUMBER.search(self._data[max(0, at - _BEFORE) : max(0, at)])
            if number is None:
                continue
            start = self._data.find(b"stream", match.end(), match.end() + _MAX_DICTIONARY)
            dictionary = self._data[at + 3 : start] if start >= 0 else b""
            names = self._xobjects(dictionary)
            drawn = map(_spelt, _DRAWN.findall(self._content(dictionary, start)) if names else [])
            found.setdefault(int(number[1]), Counter()).update(form for name in drawn for form in names.get(name, ()))
        return {form: drawn for form, drawn in found.items() if drawn}

    def _content(self, dictionary: bytes, start: int) -> bytes:
        """What the form draws, as far as it can be read."""
        begin = start + len(b"stream")
        end = self._data.find(b"endstream", begin)
        begin += next(k for k in (2, 1, 0) if self._data[begin : begin + k] in (b"\r\n", b"\n", b"\r", b""))
        content = self._data[begin : min(end if end >= 0 else len(self._data), begin + _MAX_CONTENT)]
        for name in self._filters(dictionary):
            try:
                content = _DECODERS[name](content)
            except Exception:  # damaged, or of a kind that is not known: pdfium may make more of it, or nothing
                return b""
        return content

    def _filters(self, dictionary: bytes) -> list[bytes]:
        """How the form's content is encoded, the last step first; pdfium follows a few of them."""
        said = _FILTER.search(dictionary)
        if said is None:
            return []
        listed = said[1] if said[1] is not None else b"/" + said[3] if said[3] else self._object(int(said[2]))
        return [_spelt(name) for name in _FILTERS.findall(listed)][:_MOST_FILTERS]

    def _xobjects(self, dictionary: bytes) -> dict[bytes, set[int]]:
        """The names in a form's resources, and the numbers of the objects that they may mean."""
        if not _OWN.search(dictionary):  # then they are those of whatever draws it: any of the file's
            return self._everywhere
        shared = _RESOURCES.search(dictionary)
        names = _XOBJECTS.search(self._object(int(shared[1])) if shared else dictionary)
        return _united(self._entries(names)) if names else {}

    def _entries(self, names: re.Match[bytes]) -> list[tuple[bytes, int]]:
        entries = names[1] if names[2] is None else self._object(int(names[2]))
        return [(_spelt(name), int(number)) for name, number in _ENTRY.findall(entries)]

    def _object(self, number: int) -> bytes:
        """The beginning of an object, wherever it stands; empty where it is not found."""
        at = self._places.get(number, -1)
        end = self._data.find(b"endobj", at, at + _MAX_DICTIONARY) if at >= 0 else -1
        return self._data[at:end] if end >= 0 else self._packed.get(number, b"")

    @cached_property
    def _places(self) -> dict[int, int]:
        """Where each object begins that stands in the file as such."""
        return {int(match[1]): match.end() for match in _OBJECT.finditer(self._data)}

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
