"""A folder named as --out: only what a run of ours wrote is touched, and the old or the new package is there whole."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from report_extract.package.place import LISTED, PlaceError, check, files_of, inside, locked, recover, replacing

from .faults import KILL, MEMORY, Faults, tried

OLD = {"a.csv": "old a", "b.csv": "old b", "tables/t.csv": "old t", "review/x.html": "old x"}
NEW = {"a.csv": "new a", "c.csv": "new c", "tables/t.csv": "new t", "tables/u.csv": "new u", "report.xlsx": "new"}


def write(directory: Path, files: dict[str, str]) -> None:
    with locked(directory), replacing(directory) as staged:
        for name, content in {**files, "datapackage.json": "{}"}.items():
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).write_text(content, encoding="utf-8")


def read(directory: Path) -> dict[str, str]:
    """Every file but the descriptor."""
    return {
        path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != "datapackage.json"
    }


def is_whole(directory: Path) -> bool:
    """Do the hashes that the descriptor lists hold?"""
    listed = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))[LISTED]
    return all(
        "sha256:" + hashlib.sha256((directory / name).read_bytes()).hexdigest() == hash for name, hash in listed.items()
    )


def test_a_package_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    assert read(tmp_path) == OLD and is_whole(tmp_path)
    assert files_of(tmp_path) == {*OLD, "datapackage.json"}
    write(tmp_path, NEW)
    assert read(tmp_path) == dict(sorted(NEW.items())) and is_whole(tmp_path)
    assert not (tmp_path / "review").exists() and not (tmp_path / ".parts").exists()


def test_files_of_others_stay(tmp_path: Path) -> None:
    names = ("thesis.docx", "tables/mine.csv", "review/notes.html", "profiles/own.toml", "parquet/x.parquet")
    theirs = dict.fromkeys(names, "mine")
    for name, content in theirs.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    write(tmp_path, OLD)
    write(tmp_path, NEW)
    assert read(tmp_path) == dict(sorted({**NEW, **theirs}.items()))


@pytest.mark.parametrize("name", ["a.csv", "tables/u.csv", "datapackage.json", "tables"])
def test_a_file_of_others_in_the_way_is_refused_and_nothing_changes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("{}", encoding="utf-8")
    before = read(tmp_path)
    with pytest.raises(PlaceError, match=f"{Path(name).name}: is in the way") as refused:
        write(tmp_path, NEW)
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)
    assert read(tmp_path) == before and (tmp_path / name).read_text(encoding="utf-8") == "{}"


def test_a_folder_or_link_where_a_file_is_to_be_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "out", OLD)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "t.csv").write_text("theirs", encoding="utf-8")
    (tmp_path / "out" / "tables" / "t.csv").unlink()
    (tmp_path / "out" / "tables").rmdir()
    (tmp_path / "out" / "tables").symlink_to(outside, target_is_directory=True)
    with pytest.raises(PlaceError, match="tables: is in the way"):
        write(tmp_path / "out", NEW)
    assert (outside / "t.csv").read_text(encoding="utf-8") == "theirs"


def test_what_a_descriptor_of_a_stranger_lists_is_not_removed(tmp_path: Path) -> None:
    out, outside = tmp_path / "out", tmp_path / "outside"
    out.mkdir()
    outside.mkdir()
    (outside / "their.csv").write_text("theirs", encoding="utf-8")
    (out / "link").symlink_to(outside, target_is_directory=True)
    (out / ".hidden.csv").write_text("theirs", encoding="utf-8")
    (out / "thesis.docx").write_text("theirs", encoding="utf-8")
    names = ["../outside/their.csv", str(outside / "their.csv"), "link/their.csv", ".hidden.csv", "thesis.docx"]
    (out / "datapackage.json").write_text(json.dumps({LISTED: dict.fromkeys(names, "")}), encoding="utf-8")
    write(out, NEW)
    assert (outside / "their.csv").is_file() and (out / ".hidden.csv").is_file() and (out / "thesis.docx").is_file()
    (out / ".parts").mkdir()
    (out / ".parts" / "commit.json").write_text(json.dumps({"move": [], "remove": [*names, 3]}), encoding="utf-8")
    recover(out)
    assert (outside / "their.csv").is_file() and (out / ".hidden.csv").is_file() and (out / "thesis.docx").is_file()


def test_what_fails_while_it_is_written_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    with pytest.raises(ZeroDivisionError), locked(tmp_path), replacing(tmp_path) as staged:
        (staged / "a.csv").write_text("half")
        raise ZeroDivisionError
    assert read(tmp_path) == OLD and is_whole(tmp_path)


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path: Path) -> None:
    with locked(tmp_path / "one" / "two"):
        assert (tmp_path / "one" / "two").is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_file_as_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("theirs")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(PlaceError, match="file") as refused, locked(place):
            pass
        assert refused.value.exit_code == 2
    assert (tmp_path / "file").read_text() == "theirs"


def test_a_foreign_package_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "of another tool", "resources": []}')
    with pytest.raises(PlaceError, match="in the way"):
        check(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="no locks on folders")
def test_two_runs_on_one_folder_do_not_mix(tmp_path: Path) -> None:
    holder = "import sys; from pathlib import Path; from report_extract.package.place import locked\n"
    holder += "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(PlaceError, match="another run is writing"), locked(tmp_path):
            pass
        other.kill()
    with locked(tmp_path):  # the lock ends with its holder
        pass


class Bytes:
    """``msvcrt`` as it is documented: a byte of a file is locked, or an error raised, until the file is closed."""

    LK_NBLCK = 2
    taken: ClassVar[dict[tuple[int, int], int]] = {}

    def locking(self, opened: int, mode: int, count: int) -> None:
        told = os.fstat(opened)
        assert mode == self.LK_NBLCK and count == 1 and stat.S_ISREG(told.st_mode)
        holder = self.taken.setdefault((told.st_dev, told.st_ino), opened)
        try:
            if holder != opened and os.fstat(holder).st_ino == told.st_ino:
                raise OSError(errno.EACCES, "Permission denied")
        except OSError as error:
            if error.errno != errno.EBADF:  # else its holder has closed it
                raise
        self.taken[told.st_dev, told.st_ino] = opened


def test_where_folders_cannot_be_locked_two_runs_do_not_mix_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    monkeypatch.setattr("report_extract.package.lock.fcntl", None)
    monkeypatch.setattr("report_extract.package.lock.msvcrt", Bytes(), raising=False)
    with locked(tmp_path):
        with pytest.raises(PlaceError, match="another run is writing"), locked(tmp_path):
            pass
        write_inside = tmp_path / "a.csv"
        write_inside.write_text("x")
    with locked(tmp_path):
        pass
    assert [path.name for path in tmp_path.rglob("*")] == ["a.csv"]
    write(tmp_path / "out", OLD)
    write(tmp_path / "out", NEW)
    assert is_whole(tmp_path / "out") and not (tmp_path / "out" / ".parts").exists()


def test_names_that_lead_out_of_a_package_are_none(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("../x", "/etc/passwd", "a/../../x", "", None, 3, ["a"], "a\\b", "c:/x", "a\0", "loop/x"):
        assert inside(tmp_path, name) is None, name
    assert inside(tmp_path, "tables/t.csv") == tmp_path / "tables" / "t.csv"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="faults are simulated in forked processes")
@pytest.mark.parametrize(
    ("how", "forever", "stride"),
    [(KILL, False, 1), (errno.EIO, False, 1), (errno.ENOSPC, True, 2), (MEMORY, False, 3), (errno.EACCES, False, 4)],
)
def test_at_every_step_the_old_or_the_new_package_is_there_whole(
    tmp_path: Path, how: int, forever: bool, stride: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # counted all the same; a process's end loses no cache
    calm = tmp_path / "calm"
    write(calm, OLD)
    steps, _ = tried(lambda: write(calm, NEW), Faults(calm))
    assert steps > 30  # 66 on Linux
    old, new = OLD, dict(sorted(NEW.items()))
    seen = set()
    for at in range(1, steps + 1, stride):
        out = tmp_path / str(at)
        write(out, OLD)
        (out / "theirs.csv").write_text("theirs")
        _, said = tried(lambda out=out: write(out, NEW), Faults(out, at, how, forever))  # type: ignore[misc]
        if how > 0:
            assert not said or "PlaceError" in said.splitlines()[-1], said
        with locked(out):  # whoever comes next
            pass
        found = read(out)
        assert found.pop("theirs.csv") == "theirs"
        found = {name: content for name, content in found.items() if not name.startswith(".parts/")}
        assert found in (old, new) and is_whole(out)
        seen.add(found == new)
        write(out, NEW)
        assert read(out) == dict(sorted({**NEW, "theirs.csv": "theirs"}.items()))
    assert seen == {False, True} or (seen == {False} and not forever)
