"""Inputs that are no files yet: standard input, archives; and pages told while they are read."""

from __future__ import annotations

import csv
import io
import logging
import subprocess
import sys
import zipfile
from hashlib import md5
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.core import log

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "fixtures" / "iwaki" / "iwaki-r6.pdf"


def documents(out: Path) -> dict[str, str]:
    with (out / "documents.csv").open(encoding="utf-8", newline="") as file:
        return {row["document"]: row["status"] for row in csv.DictReader(file)}


def archive(path: Path) -> Path:
    """A ZIP as Windows packs it: a Japanese name in its own encoding, a file that is no report, one that climbs out."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("aaaa/bbbbbb.pdf", REPORT.read_bytes())
        packed.writestr("readme.exe", b"x")
        packed.writestr("../../outside.txt", "部\t件数\n総務部\t3\n")
        packed.writestr("__MACOSX/._x.pdf", b"x")
    path.write_bytes(path.read_bytes().replace(b"aaaa/bbbbbb", "年報/いわき".encode("cp932")))
    return path


def test_what_an_archive_holds_is_read_and_stays_inside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["run", str(archive(tmp_path / "reports.zip")), "--out", str(out), "--quiet", "--ocr", "never"]) == 0
    assert set(documents(out)) == {"いわき"}
    assert {path.name for path in tmp_path.iterdir()} == {"reports.zip", "out"}


def test_a_broken_archive_costs_no_other_file_its_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = archive(tmp_path / "broken.zip")
    content = bytearray(broken.read_bytes())
    content[40:400] = bytes(360)
    broken.write_bytes(content)
    out = tmp_path / "out"
    assert main(["run", str(broken), str(REPORT), "--out", str(out), "--quiet"]) == 1
    assert documents(out)["iwaki-r6"] == "ok"
    assert "broken.zip" in capsys.readouterr().err


def test_standard_input_is_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REPORT.read_bytes())))
    assert main(["run", "-", "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert documents(tmp_path / "out") == {"stdin": "ok"}
    assert main(["run", "-", "-", "--out", str(tmp_path / "more"), "--quiet"]) == 2
    assert not (tmp_path / "more").exists()


def test_the_log_says_how_each_page_was_read(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "report_extract", "run", str(REPORT), "--out", str(tmp_path / "out"), "-v"]
    said = subprocess.run(call, capture_output=True, check=True, encoding="utf-8").stderr
    for page in (1, 2, 3, 4):
        assert f"iwaki-r6.pdf p. {page} of 4" in said
        assert f"p. {page}: text layer believed" in said
    assert "profile personal-data-use" in said


def test_pages_are_told_to_who_shows_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = tmp_path / "pages"
    lines.touch()
    monkeypatch.setenv("REPORT_EXTRACT_PAGES", str(lines))
    log.set_up_worker()
    try:
        logging.getLogger("report_extract.anything").info("p. 3", extra={"page": 3, "pages": 12, "file": "a.pdf"})
        assert lines.read_text(encoding="utf-8") == "a.pdf\t3\t12\n"
    finally:
        logging.getLogger(log.NAME).handlers.clear()
        log.set_up(0)


def rc4(key: bytes, data: bytes) -> bytes:
    """The cipher of PDF 1.1 (it is its own inverse)."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(path: Path, password: str) -> None:
    """A PDF of one page that asks for a password: the standard security handler, revision 2 (ISO 32000-1, 7.6.3)."""
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    word, identity, permissions = (password.encode() + padding)[:32], b"0123456789abcdef", -4
    owner = rc4(md5(word).digest()[:5], word)
    key = md5(word + owner + permissions.to_bytes(4, "little", signed=True) + identity).digest()[:5]
    content = b"BT /F 12 Tf 72 700 Td (Total 3) Tj ET"
    content = rc4(md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()[:10], content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Filter/Standard/V 1/R 2/P %d/O<%b>/U<%b>>>"
        % (permissions, owner.hex().encode(), rc4(key, padding).hex().encode()),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n%b" % table
    out += b"trailer<</Size 7/Root 1 0 R/Encrypt 6 0 R/ID[<%b><%b>]>>\n" % ((identity.hex().encode(),) * 2)
    path.write_bytes(out + b"startxref\n%d\n%%%%EOF" % start)


def test_an_encrypted_report_is_read_with_its_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = tmp_path / "locked.pdf"
    encrypted(locked, "secret")
    out = tmp_path / "out"
    assert main(["run", str(locked), "--out", str(out), "--quiet"]) == 3
    assert "--password" in capsys.readouterr().err
    assert main(["run", str(locked), "--out", str(out), "--quiet", "--password", "wrong"]) == 3
    assert not out.exists()
    assert main(["run", str(locked), "--out", str(out), "--quiet", "--password", "secret"]) == 0
    assert documents(out) == {"locked": "unsupported"}
