"""A run harms no file that is not its own, and an input that cannot be read no package."""

from __future__ import annotations

import csv
import errno
import os
import shutil
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.package.place import PARTS, files_of

from .faults import Faults, in_this_process, tried
from .test_batch import FIXTURE, OCR_TEXT, package

THEIRS = ("thesis.docx", "notes.csv", "tables/mine.csv", "review/mine.html", "profiles/mine.toml", "parquet/a.parquet")


def documents(out: Path) -> dict[str, dict[str, str]]:
    with (out / "documents.csv").open(encoding="utf-8", newline="") as file:
        return {row["document"]: row for row in csv.DictReader(file)}


def run(*told: object) -> int:
    return main(["run", *map(str, told), "--quiet", "--lang", "en"])


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("report-extract: ") and "Traceback" not in line
    return line


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of two reports, among somebody's own files."""
    out = tmp_path_factory.mktemp("made") / "out"
    for name in THEIRS:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine", encoding="utf-8")
    assert run(OCR_TEXT, FIXTURE, "--out", out, "--format", "xlsx,sqlite") == 0
    return out


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    """A copy of it to work on."""
    return shutil.copytree(made, tmp_path / "out")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A small report of no known kind."""
    path = tmp_path / "other.txt"
    path.write_text("部等名\t件数\n総務部\t1\n", encoding="utf-8")
    return path


def test_the_files_of_a_package_are_listed_and_others_stay(out: Path) -> None:
    assert {name for name in package(out) if name not in THEIRS} == files_of(out)
    assert run(FIXTURE, "--out", out) == 0
    assert all((out / name).read_text(encoding="utf-8") == "mine" for name in THEIRS)
    assert {name for name in package(out) if name not in THEIRS} == files_of(out)
    assert "review/iwaki-r6.html" not in package(out)  # of the two reports before
    assert "report.xlsx" in files_of(out)  # renewed, or it would say what no longer holds


def test_a_run_that_reads_nothing_changes_nothing(out: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    before, parts = package(out), sorted((out / PARTS).iterdir())
    for given in ([tmp_path / "typo.pdf"], [broken], [broken, tmp_path / "typo.pdf"], ["--add", broken]):
        assert run(*given, "--out", out) == 3
        assert package(out) == before and sorted((out / PARTS).iterdir()) == parts
    assert run(tmp_path / "empty-folder", "--out", tmp_path / "new") == 3
    assert not (tmp_path / "new").exists()


def test_added_documents_stand_beside_those_that_are_there(out: Path, other: Path) -> None:
    before = documents(out)
    assert run(other, "--out", out, "--add") == 0
    assert list(documents(out)) == [*before, "other"]
    assert {name: documents(out)[name] for name in before} == before
    other.write_text("部等名\t件数\n総務部\t7\n", encoding="utf-8")
    assert run(other, "--out", out, "--add", "--format", "parquet") == 0
    assert list(documents(out)) == [*before, "other"]  # the same file again takes its own place
    assert "総務部,7" in (out / "tables" / "other_table_1.csv").read_text(encoding="utf-8")
    assert run(other, "--out", out) == 0
    assert list(documents(out)) == ["other"]


def test_an_added_input_that_cannot_be_read_takes_no_place(out: Path, other: Path, tmp_path: Path) -> None:
    assert run(other, "--out", out, "--add") == 0
    good = documents(out)["other"]
    other.write_bytes(b"")
    third = tmp_path / "third.txt"
    third.write_text("部等名\t件数\n総務部\t3\n", encoding="utf-8")
    assert run(other, third, "--out", out, "--add") == 1
    assert documents(out)["other"] == good and documents(out)["third"]["status"] == "unsupported"


def test_a_document_whose_part_is_damaged_is_made_again_or_asked_for(
    out: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(other, "--out", out, "--add") == 0
    good, third = documents(out), tmp_path / "third.txt"
    third.write_text("部等名\t件数\n総務部\t3\n", encoding="utf-8")
    for part in (out / PARTS).glob("?" * 64 + ".json"):
        part.write_text("{}", encoding="utf-8")
    assert run(third, "--out", out, "--add") == 0
    assert {name: row for name, row in documents(out).items() if name != "third"} == good
    before = package(out)
    for part in (out / PARTS).glob("?" * 64 + ".json"):
        part.write_text("{}", encoding="utf-8")
    other.unlink()
    capsys.readouterr()
    assert run(third, "--out", out, "--add") != 0
    assert "other" in one_line(capsys) and package(out) == before


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"resources": 3}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_descriptor_is_written_again(out: Path, damage: bytes) -> None:
    before = package(out)
    (out / "datapackage.json").write_bytes(damage)
    assert run(OCR_TEXT, FIXTURE, "--out", out, "--format", "xlsx,sqlite") == 0
    assert package(out) == before


def test_somebody_s_file_in_the_way_is_named_and_nothing_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "documents.csv").write_text("mine")
    assert run(OCR_TEXT, "--out", tmp_path) == 2
    assert "documents.csv: is in the way" in one_line(capsys)
    assert [path.name for path in tmp_path.iterdir()] == ["documents.csv"]


def test_somebody_s_file_in_the_way_of_a_single_file_changes_nothing(
    out: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "tables" / "other_table_1.csv").write_text("mine")
    before = package(out)
    assert run(other, "--out", out) == 2
    assert "other_table_1.csv: is in the way" in one_line(capsys) and package(out) == before


def test_a_file_as_out_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "report.csv"
    place.write_text("mine")
    for out in (place, place / "below"):
        assert run(OCR_TEXT, "--out", out) == 2
        assert "report.csv" in one_line(capsys)
    assert place.read_text() == "mine"


def test_a_folder_inside_the_inputs_is_not_read(tmp_path: Path, other: Path) -> None:
    given = tmp_path / "in"
    given.mkdir()
    shutil.copyfile(other, given / "a.txt")
    for _ in range(2):
        assert run(given, "--out", given / "out") == 0
        (given / "out" / "README.txt").write_text("表\t1\n", encoding="utf-8")
        assert list(documents(given / "out")) == ["a"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are simulated in forked processes")
@pytest.mark.parametrize("how", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.EDQUOT])
def test_a_place_that_is_full_or_closed_is_one_line(
    out: Path, other: Path, how: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("report_extract.run.batch._processes", in_this_process)
    monkeypatch.setattr("report_extract.cli.run.prepare", lambda several: None)
    before = package(out)
    for at in (1, 3, 40):
        capfd.readouterr()
        _, said = tried(lambda: os._exit(run(other, "--out", out)), Faults(out, at, how, forever=True))
        assert not said
        line = one_line(capfd)
        assert os.strerror(how) in line or "lost" in line
        assert package(out) == before
