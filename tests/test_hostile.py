"""Broken and hostile files: each is read, or refused with one line that says what to do."""

from __future__ import annotations

import base64
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from report_extract.core.errors import InputError
from report_extract.readers import open_document

from .tiny_pdf import assembled, pdf, stream

PLAIN = pdf("BT /F1 12 Tf 20 200 Td (sound) Tj ET 10 10 m 100 10 l S")
LOOP = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>",
    b"<</Type/Page/Parent 3 0 R/MediaBox 3 0 R/Contents 3 0 R>>",
)


def nested(depth: int) -> bytes:
    """A drawing within a drawing within a drawing, the last one with a character."""
    forms = []
    for k in range(depth):
        inner = "BT /F1 9 Tf 9 9 Td (x) Tj ET" if k == depth - 1 else "/X Do"
        entries = f"/Type/XObject/Subtype/Form/BBox[0 0 200 300]/Resources<</XObject<</X {4 + k} 0 R>>>>"
        forms.append(stream(inner, entries))
    return pdf("/X Do", resources="/XObject<</X 3 0 R>>", objects=tuple(forms))


def itself() -> bytes:
    """A drawing that draws itself."""
    form = stream("/X Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 3 0 R>>>>")
    return pdf("/X Do", resources="/XObject<</X 3 0 R>>", objects=(form,))


def endless(kind: str) -> bytes:
    """Drawings that draw one another twice each, without end or to a great depth; the last kind is honest."""
    entries = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    x, y = "/Resources<</XObject<</X 3 0 R>>>>", "/Resources<</XObject<</Y 4 0 R>>>>"
    match kind:
        case "itself":
            forms = [stream("/X Do /X Do", entries + x)]
        case "each other":
            forms = [stream("/Y Do /Y Do", entries + y), stream("/X Do /X Do", entries + x)]
        case "packed":
            data = zlib.compress(b"/X Do /X Do")
            forms = [stream(data, entries + x + "/Filter/FlateDecode")]
        case "shared resources":
            forms = [stream("/X Do /X Do", entries + "/Resources 4 0 R"), b"<</XObject 5 0 R>>", b"<</X 3 0 R>>"]
        case "no resources":
            forms = [stream("/X Do /X Do", entries)]
        case "deep":
            inner = [entries + f"/Resources<</XObject<</X {4 + k} 0 R>>>>" for k in range(25)]
            forms = [stream("/X Do /X Do" if k < 24 else "0 0 m 9 9 l S", inner[k]) for k in range(25)]
        case "spelt by codes":
            coded = entries.replace("/Form", "/F#6fr#6D").replace("/Subtype", "/#53ubtype")
            forms = [stream("/#58 Do /X Do", coded + "/Resou#72ces<</#58Object<</#58 3 0 R>>>>")]
        case "with comments":
            noted = "/Type/XObject/Subtype%/Image\n/Form/BBox[0 0 9 9]/Resources%c\n<</XObject%c\r<</X%c\n3 %c\n0 R>>>>"
            forms = [stream("(%) Tj /X%c\nDo /X %\n%\nDo", noted)]
        case "in letters":
            data = base64.a85encode(zlib.compress(b"/X Do /X Do")) + b"~>"
            forms = [stream(data, entries + x + "/Filter[/A85 /Fl#61teDecode]")]
        case "in hexadecimal":
            forms = [stream(b"/X Do /X Do".hex() + ">", entries + x + "/Filter 4 0 R"), b"/ASCIIHexDecode"]
        case "in runs":
            forms = [stream(b"\x0a/X Do /X Do\x80", entries + x + "/Filter/RunLengthDecode")]
        case "annotation":
            note = "/Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/AP<</N 3 0 R>>"
            forms = [stream("/X Do /X Do", entries + x), f"<<{note}>>".encode()]
            return pdf("0 0 m 9 9 l S", objects=tuple(forms)).replace(b"/Type/Page/", b"/Type/Page/Annots[4 0 R]/")
        case _:  # one dictionary for the page and its drawings, which none of them draws itself from
            forms = [stream("0 0 m 9 9 l S", entries + "/Resources 4 0 R"), b"<</XObject<</X 3 0 R>>>>"]
    return pdf("/X Do /X Do", resources="/XObject<</X 3 0 R>>", objects=tuple(forms))


ENDLESS = (
    "itself", "each other", "packed", "shared resources", "no resources", "deep", "spelt by codes", "with comments",
    "in letters", "in hexadecimal", "in runs", "annotation",
)  # fmt: skip


def bomb() -> bytes:
    """A content stream of 256 MB of blanks in 250 KB."""
    packed = zlib.compress(b" " * (256 << 20), 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]/Contents 4 0 R>>"
    content = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content])


def encrypted_without_a_handler() -> bytes:
    return PLAIN.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Nobody/V 9/R 9>>")


REFUSED = {
    "empty.pdf": (b"", "empty"),
    "page.pdf": (b"<!DOCTYPE html><html><title>404</title>", "web page"),
    "word.pdf": (b"PK\x03\x04 a word processor's file", "not a PDF"),
    "noise.bin": (bytes(range(256)) * 9, "not a PDF"),
    "head.pdf": (b"%PDF-1.7\n", "broken"),
    "cut.pdf": (PLAIN[:60], "broken"),
    "locked.pdf": (encrypted_without_a_handler(), "encrypt"),
    "huge-page.pdf": (pdf("", media="0 0 10000000 10000000"), "measures"),
    "half.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "broken"),
    "binary.txt": ("表\t1".encode() + b"\x01\x02\x03\x04" * 20, "neither"),
}


def read(path: Path) -> str:
    """All of a document, or the line that says why not."""
    try:
        with open_document(path) as document:
            for page in document.pages():
                assert page.width > 0 and page.height > 0
                document.render(page.number, 36)
    except InputError as error:
        line = str(error)
        assert "\n" not in line and "(" in line, line
        return line
    return ""


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    content, why = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(content)
    line = read(path)
    assert why in line
    assert "page" in line or name in line


def test_a_name_cannot_break_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a\nb\x1b[31m.pdf"
    path.write_bytes(b"")
    assert read(path).startswith("a?b?[31m.pdf: it is empty")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pdf", tmp_path):
        with pytest.raises(InputError, match="check the path"):
            open_document(path)


READ = {
    "junk-before.pdf": b"\0\0 some mail header\n" + PLAIN,
    "no-table.pdf": PLAIN[: PLAIN.index(b"xref")] + PLAIN[PLAIN.index(b"trailer") :],
    "loop.pdf": assembled(list(LOOP)),
    "itself.pdf": itself(),
    "nested.pdf": nested(60),
    "no-box.pdf": pdf("BT /F1 9 Tf 9 9 Td (x) Tj ET", media=""),
    "flat-box.pdf": pdf("BT /F1 9 Tf 9 9 Td (x) Tj ET", media="0 0 0 0"),
    "turned-oddly.pdf": pdf("BT /F1 9 Tf 9 9 Td (x) Tj ET", page="/Rotate 45"),
    "flat-text.pdf": pdf("BT /F1 0 Tf 9 9 Td (x) Tj 0 0 0 0 9 9 Tm (y) Tj ET 0 0 0 0 5 5 cm 0 0 m 9 9 l S"),
    "vast-numbers.pdf": pdf("1e30 w 1e38 -1e38 m 3e38 1e38 l S BT /F1 1e30 Tf 1e37 9 Td (x) Tj ET"),
}


@pytest.mark.parametrize("name", READ)
def test_oddities_are_read_or_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(READ[name])
    read(path)


def test_drawings_that_double_at_each_level_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("report_extract.readers.pdfium_paths.MAX_FORMS", 100)
    entries = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>"
    forms = tuple(stream("/X Do /X Do" if k < 7 else "0 0 m 9 9 l S", entries.format(4 + k)) for k in range(8))
    path = tmp_path / "doubling.pdf"
    path.write_bytes(pdf("/X Do", resources="/XObject<</X 3 0 R>>", objects=forms))
    assert "drawings inside drawings" in read(path)


@pytest.mark.parametrize("kind", ENDLESS)
def test_drawings_without_end_are_refused_before_they_are_followed(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "endless.pdf"
    path.write_bytes(endless(kind))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path], capture_output=True, text=True, timeout=60, check=True
    )
    assert "without end" in done.stdout


def test_drawings_that_share_their_page_s_resources_are_read(tmp_path: Path) -> None:
    path = tmp_path / "honest.pdf"
    path.write_bytes(endless("honest"))
    assert read(path) == ""


def test_the_sound_part_of_a_damaged_file_is_read(tmp_path: Path) -> None:
    for name in ("junk-before.pdf", "no-table.pdf"):
        path = tmp_path / name
        path.write_bytes(READ[name])
        with open_document(path) as document:
            assert "".join(next(iter(document.pages())).chars["text"]) == "sound"


def test_a_picture_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    parts = (struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    assert "large" in read(path) or "pixels" in read(path)


def test_a_cut_picture_is_refused_when_it_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    Image.effect_noise((400, 300), 50).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    assert "broken" in read(path)


MEASURED = """
import re, resource, sys
from pathlib import Path
from report_extract.core.errors import InputError
from report_extract.readers import open_document
pages = chars = rulings = 0
try:
    with open_document(Path(sys.argv[1])) as document:
        for page in document.pages():
            pages, chars, rulings = pages + 1, chars + len(page.chars), rulings + len(page.rulings)
except InputError as error:
    print(error)
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if Path("/proc/self/status").exists():  # where the other figure counts the process that started this one, too
    kilobytes = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(pages, chars, rulings, kilobytes // 1024)
"""


def measured(path: Path, timeout: float) -> tuple[int, int, int, int]:
    """Pages, characters, rulings and megabytes, read in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path], capture_output=True, text=True, timeout=timeout, check=True
    )
    pages, chars, rulings, megabytes = map(int, done.stdout.split("\n")[-2].split())
    return pages, chars, rulings, megabytes


def test_many_pages_in_flat_memory(tmp_path: Path) -> None:
    short, path = tmp_path / "short.pdf", tmp_path / "long.pdf"
    for file, count in ((short, 20), (path, 800)):
        file.write_bytes(pdf(*["BT /F1 9 Tf 9 9 Td (x) Tj ET 9 20 m 90 20 l S"] * count))
    *counts, megabytes = measured(path, 100)
    assert counts == [800, 800, 800]
    assert megabytes - measured(short, 100)[3] < 30


def test_a_hundred_thousand_lines_on_a_page(tmp_path: Path) -> None:
    path = tmp_path / "dense.pdf"
    path.write_bytes(
        pdf("\n".join(f"{k % 500} {k / 400:.3f} m {k % 500 + 30} {k / 400:.3f} l S" for k in range(100_000)))
    )
    _, _, rulings, megabytes = measured(path, 60)
    assert rulings > 10_000
    assert megabytes < 1000


def test_a_content_bomb_costs_that_file_only(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(bomb())
    assert measured(path, 60)[3] < 1000


@settings(max_examples=60)
@given(data=st.data())
def test_mutated_files_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("m") / "mutated.pdf"
    path.write_bytes(content)
    read(path)
