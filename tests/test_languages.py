"""Help, complaints, errors and remedies are there in Japanese and in English."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from report_extract.cli import main, make_parser
from report_extract.cli.parser import language
from report_extract.core.errors import InputError, UsageError, translated
from report_extract.core.errors_ja import SENTENCES

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "report_extract"
ERRORS = {"UsageError", "InputError", "ProfileError", "MissingEngineError", "ExportError", "PlaceError"}
COMMANDS = [[], *([p.prog.split()[1]] for p in make_parser("en").made), ["profile", "new"], ["profile", "test"]]
# Words of the command line, names and quotations that no language changes.
KEPT = re.compile(r"""[a-z-]+\.(?:pdf|toml|csv|html|jsonl)|--?[a-z-]+|report-extract\S*|`[^`]*`|\{[^}]*\}|[A-Z]{2,}""")
# A sentence that is nothing but values, and commands: nothing to translate.
VALUES = re.compile(r"(?:\{\}[ :,;()]*)*|pip install .*")


def template(node: ast.expr) -> str:
    """What a message says, ``{}`` for each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return "{}"


def raised() -> Iterator[tuple[str, str]]:
    """Every sentence of every error that the program raises, and where."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                for argument in node.args:
                    yield template(argument), str(path.relative_to(SOURCE))


def test_every_error_and_every_remedy_has_its_japanese() -> None:
    missing = {said: where for said, where in raised() if said not in SENTENCES and not VALUES.fullmatch(said)}
    assert not missing


def test_values_keep_their_places() -> None:
    for english, japanese in SENTENCES.items():
        values = set(re.findall(r"\{\d\}", japanese))
        assert values <= {f"{{{i}}}" for i in range(english.count("{}"))}, english


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            InputError("年報.pdf: it is encrypted", "remove the password and try again"),
            "年報.pdf: 暗号化されています(パスワードを外してやり直してください)",
        ),
        (
            UsageError("--pages a: not a list of pages", "write 1,3-5"),
            "--pages a: ページの並びとして読めません(1,3-5 のように書いてください)",
        ),
        (InputError("a (1).pdf: it has no pages"), "a (1).pdf: ページがありません"),
        (InputError("a.pdf: something nobody foresaw"), "a.pdf: something nobody foresaw"),
    ],
)
def test_an_error_is_said_in_both_languages(error: InputError, said: str) -> None:
    assert error.say("ja") == said
    assert error.say("en") == str(error)
    assert translated(str(error), "ja") == said


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_japanese_or_english_and_never_both(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("ja", "en"):
        with pytest.raises(SystemExit) as stop:
            main([*command, "--help", f"--lang={lang}"])
        assert stop.value.code == 0
        told = capsys.readouterr().out
        if lang == "en":
            assert not re.search("[ぁ-ん]", told)
            continue
        for line in told.splitlines():
            words = KEPT.sub("", line)
            if "report-extract" not in line and not re.search("[ぁ-ん一-鿿]", line):  # options and nothing else
                assert len(re.findall(r"\b[a-z]{2,}\b", words)) < 9, line
            assert not re.search(r"\b(?:the|of|is|are|which|it|with)\b", words), line


@pytest.mark.parametrize(
    ("call", "japanese"),
    [
        (["run"], "引数が必要です"),
        (["run", "a.pdf", "--out", "o", "--jobs", "x"], "値として使えません"),
        (["run", "a.pdf", "--out"], "値が必要です"),
        (["nonsense"], "選べません"),
        (["check", "o", "--nonsense"], "知らない引数です"),
    ],
)
def test_a_wrong_call_is_said_in_japanese_and_ends_with_2(
    call: list[str], japanese: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*call, "--lang", "ja"] if call != ["run", "a.pdf", "--out"] else ["--lang=ja", *call])
    assert stop.value.code == 2
    assert japanese in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "ja"),
        ({"LANG": "C.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_locale_decides_where_nobody_does(
    variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language(["run", "a.pdf"]) == (spoken, False)
    assert language(["run", "a.pdf", "--lang", "en"]) == ("en", True)
    assert language(["run", "--lang=ja"]) == ("ja", True)


@pytest.mark.parametrize("encoding", ["ascii", "cp932"])
def test_no_encoding_of_the_terminal_ends_a_command(encoding: str) -> None:
    call = [sys.executable, "-m", "report_extract", "run", "無い.pdf", "--out", "無い"]
    done = subprocess.run(
        call, env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT / "src")}, capture_output=True
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(b"report-extract: ")
