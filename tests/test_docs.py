"""The documentation is true: its links lead somewhere, its commands exist, its example gives what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from report_extract.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks in that language, "" for those without one."""
    parts = re.split(r"^```(.*)\n", text, flags=re.MULTILINE)  # text, fence, content, fence, text, ...
    return [content for opening, content in zip(parts[1::4], parts[2::4], strict=False) if opening == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_exists_with_its_options(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks(page.read_text(encoding="utf-8"), "sh"):
        for line in re.findall(r"report-extract ([^|>&;\n]*)", block):
            words = shlex.split(line, comments=True)
            if not words or words[0].startswith("-"):
                continue
            nested = [words[1]] if words[0] == "profile" and len(words) > 1 else []
            with pytest.raises(SystemExit) as stop:
                main([words[0], *nested, "--help"])
            assert stop.value.code == 0
            told = capsys.readouterr().out
            for option in (w.split("=")[0] for w in words if w.startswith("--")):
                assert option in told, f"{page.name}: {line}"


def test_make_targets_shown_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE), target


def test_the_number_followed_in_the_readme_is_what_a_run_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["run", "fixtures/iwaki/iwaki-r6.pdf", "--out", str(tmp_path), "--quiet"]) == 0
    capsys.readouterr()
    assert main(["explain", str(tmp_path), "department_counts", "16", "subtotal"]) == 0
    said = capsys.readouterr().out.splitlines()
    rows = (tmp_path / "department_counts.csv").read_text(encoding="utf-8").splitlines()
    shown = blocks(README, "")
    (example,) = [block for block in shown if block.startswith("iwaki-r6,")]
    assert example.strip() in rows
    (story,) = [block for block in shown if block.startswith("department_counts[16]")]
    assert set(story.splitlines()) <= set(said)


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = blocks(README, "python")
    scope: dict[str, object] = {}
    exec(code.replace('"out/"', repr(str(tmp_path / "out"))), scope)
    assert (tmp_path / "out" / "datapackage.json").is_file()
