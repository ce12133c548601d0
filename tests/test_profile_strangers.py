"""Profiles from strangers: one line with the number of the line, within a second, and no name of ours or of Windows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.cli import main
from report_extract.core.errors import ProfileError
from report_extract.profile.load import builtin, load, read
from report_extract.text import patterns

from .samples import many

GOOD = 'name = "x"\n[[datasets]]\nname = "sheet"\n[[datasets.fields]]\nname = "count"\nheadings = ["数"]\n'
BAD = {
    "our file": GOOD.replace('"sheet"', '"documents"'),
    "our other file": GOOD.replace('"sheet"', '"cells"'),
    "a folder": GOOD.replace('"sheet"', '"../x"'),
    "a device": GOOD.replace('"sheet"', '"con"'),
    "our column": GOOD.replace('"count"', '"status"', 1),
    "our other column": GOOD.replace('"count"', '"document"', 1),
    "a long name": GOOD.replace('"sheet"', '"' + "x" * 64 + '"'),
    "twice": GOOD + GOOD.split("\n", 1)[1],
    "rules of a number": "rules = 3\n" + GOOD,
    "rules of texts": 'rules = ["a"]\n' + GOOD,
    "choices of a text": GOOD + 'choices = "x"\n',
    "a pattern that is none": GOOD + 'pattern = "(("\n',
    "a pattern that looks around": GOOD + 'pattern = "(?<=a)b"\n',
    "a pattern that grows": GOOD + 'pattern = "((a{1,900}){1,900}){1,900}"\n',
    "nested": "a = " + "[" * 20_000,
    "a key without end": "a." * 40_000 + "b = 1",
    "a million letters": GOOD + "# " + "x" * 1_000_000,
    "no date": "a = 2020-13-45",
    "many fields": GOOD + "[[datasets.fields]]\nname = 'y'\n" * 400,
    "nothing": "",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_one_line_with_its_number(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(BAD[name], encoding="utf-8")
    with pytest.raises(ProfileError, match="line") as refused:
        load(path)
    said = str(refused.value)
    assert "\n" not in said and "bad.toml" in said and len(said) < 600


@pytest.mark.parametrize("content", [b"name = '\xff\xfe'", b"a = 1\nb = '\x83\x65'"])
def test_what_is_no_utf_8_is_told_with_its_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sjis.toml"
    path.write_bytes(content)
    with pytest.raises(ProfileError, match=f"line {content.count(bytes([10])) + 1}: it is not UTF-8"):
        load(path)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "/dev/null", "."])
def test_what_is_no_file_is_bad_usage(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "a.txt"
    given.write_text("表\t1\n", encoding="utf-8")
    assert main(["run", str(given), "--out", str(tmp_path / "out"), "--profile", name]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1 and not (tmp_path / "out").exists()


def test_a_pattern_takes_linear_time() -> None:
    """In a process of its own: an engine that tries every way would not come back."""
    asked = "from report_extract.text.patterns import found; print(found('(a+)+$', 'a' * 100_000 + 'b'))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"


def test_patterns_of_our_own_profiles_find_what_they_found() -> None:
    wanted = [f.pattern for p in builtin() for d in p.datasets for f in d.fields if f.pattern]
    assert wanted and any(patterns.found(w, "総務部") for w in wanted)
    assert not any(patterns.found(w, "ぽ") for w in wanted)


@settings(max_examples=many(150), deadline=None)
@given(data=st.data())
def test_damaged_profiles_are_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([GOOD, *(p.toml for p in builtin() if p.toml)]))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        put, gone = data.draw(st.text(alphabet='[]{}="\n.,ax1総', max_size=6)), data.draw(st.integers(0, 9))
        text = text[:at] + put + text[at + gone :]
    try:
        read(text, "x.toml")
    except ProfileError as error:
        assert "\n" not in str(error)
