"""Inputs that are no files yet: standard input, archives; and pages told while they are read."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import subprocess
import sys
import warnings
import zipfile
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_extract.cli import main
from report_extract.cli.given import at_hand
from report_extract.core import log
from report_extract.run.inputs import SUFFIXES

from .samples import many

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
    (line,) = capsys.readouterr().err.splitlines()
    assert "locked.pdf" in line and "--password" in line
    assert not out.exists()
    assert main(["run", str(locked), "--out", str(out), "--quiet", "--password", "secret"]) == 0
    assert documents(out) == {"locked": "unsupported"}


def test_passwords_of_several_files_of_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        paths.append(tmp_path / name / "locked.pdf")
        encrypted(paths[-1], name)
    out = tmp_path / "out"
    asked = ["run", *map(str, paths), str(REPORT), "--out", str(out), "--quiet", "--ocr", "never"]
    assert main([*asked, "--password", "two", "--password", "one"]) == 1
    assert sorted(documents(out).values()) == ["failed", "ok", "unsupported", "unsupported"]
    (line,) = capsys.readouterr().err.splitlines()
    assert "locked.pdf" in line and "--password" in line


def test_tables_of_an_encrypted_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = tmp_path / "locked.pdf"
    encrypted(locked, "secret")
    assert main(["tables", str(locked), "--ocr", "never"]) != 0
    assert "--password" in capsys.readouterr().err
    assert main(["tables", str(locked), "--ocr", "never", "--password", "secret"]) == 0


def packed(path: Path, *members: tuple[str, str]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as into, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, text in members:
            into.writestr(name, f"部\t件数\n{text}\t3\n" * 9)
    return path


def found_in(out: Path) -> set[str]:
    tables = json.loads((out / "tables.json").read_text(encoding="utf-8"))["tables"]
    return {cell["text"] for table in tables for cell in table["cells"]}


def test_archives_and_members_of_one_name_are_all_read(tmp_path: Path) -> None:
    one = packed(tmp_path / "a" / "r.zip", ("x.txt", "総務部"), ("x.txt", "市民部"), ("X.TXT", "消防部"))
    two = packed(tmp_path / "b" / "r.zip", ("x.txt", "水道部"), ("y" * 300 + ".txt", "学校部"), ("con|?.txt", "病院部"))
    out = tmp_path / "out"
    assert main(["run", str(one), "--out", str(out), "--quiet", "--ocr", "never"]) == 0
    assert main(["run", str(two), "--out", str(out), "--quiet", "--ocr", "never", "--add"]) == 0
    assert len(documents(out)) == 6
    assert {"総務部", "市民部", "消防部", "水道部", "学校部", "病院部"} <= found_in(out)
    before = (out / "documents.csv").read_bytes()
    assert main(["run", str(one), str(two), "--out", str(out), "--quiet", "--ocr", "never"]) == 0
    assert (out / "documents.csv").read_bytes() == before
    assert main(["run", str(REPORT), "--out", str(out), "--quiet", "--ocr", "never"]) == 0
    assert not (out / ".parts" / "given").exists()  # nothing of the package came from there


def test_a_broken_member_costs_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = packed(tmp_path / "r.zip", ("good.txt", "総務部"), ("bad.txt", "市民部"))
    content = bytearray(path.read_bytes())
    at = content.index(b"bad.txt") + 7
    content[at : at + 20] = b"\xff" * 20
    path.write_bytes(content)
    out = tmp_path / "out"
    assert main(["run", str(path), "--out", str(out), "--quiet", "--ocr", "never"]) == 1
    assert documents(out) == {"good": "unsupported", "bad": "failed"} and "総務部" in found_in(out)
    said = capsys.readouterr().err
    assert "r.zip: bad.txt" in said and "Traceback" not in said


@settings(max_examples=many(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_archives_of_any_content_are_unpacked_or_given_back(tmp_path_factory: Any, data: st.DataObject) -> None:
    place = tmp_path_factory.mktemp("any")
    path = packed(place / "r.zip", ("a/b.txt", "総務部"), ("年報.txt", "市民部"))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    path.write_bytes(content)
    with at_hand([path], place / "out", SUFFIXES) as (found,):
        assert found == path or found.is_relative_to(place / "out")
    assert sorted(one.name for one in place.iterdir()) in (["r.zip"], ["out", "r.zip"])


def test_a_member_without_a_name_costs_no_other(tmp_path: Path) -> None:
    path = packed(tmp_path / "r.zip", ("年報.txt", "市民部"))
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("a.txt", "総務部")
        opened.infolist()[-1].filename = ""  # in the archive's list, which is written last
    with at_hand([path], tmp_path / "out", SUFFIXES) as (found,):
        assert [one.name for one in found.rglob("*.txt")] == ["年報.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_that_is_called_an_archive_is_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "r.zip")
    assert main(["run", str(tmp_path / "r.zip"), "--out", str(tmp_path / "out"), "--password", "x"]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_standard_input_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("report_extract.cli.given.MAX_FILE_BYTES", 3 << 20)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bytes(5 << 20))))
    assert main(["run", "-", "--out", str(tmp_path / "out"), "--quiet"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1 and not (tmp_path / "out").exists()


def test_what_comes_by_standard_input_is_added_beside_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    for text in ("総務部", "市民部"):
        content = io.BytesIO(f"部\t件数\n{text}\t3\n".encode())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content))
        assert main(["run", "-", "--out", str(out), "--quiet", "--ocr", "never", "--add"]) == 0
    assert len(documents(out)) == 2 and {"総務部", "市民部"} <= found_in(out)


def test_a_file_as_the_folder_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("theirs")
    path = packed(tmp_path / "r.zip", ("a.txt", "総務部"))
    assert main(["run", str(path), "--out", str(tmp_path / "out"), "--quiet"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert (tmp_path / "out").read_text() == "theirs"
