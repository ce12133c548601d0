"""The documentation is true: its links lead somewhere, its commands exist, its example gives what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from report_extract.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Made from the code when the site is built, which fails where a link leads nowhere (mkdocs, strict).
MADE = {"reference/commands.md", "reference/files.md", "reference/findings.md"}
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks in that language, "" for those without one."""
    parts = re.split(r"^```(.*)\n", text, flags=re.MULTILINE)  # text, fence, content, fence, text, ...
    return [content for opening, content in zip(parts[1::4], parts[2::4], strict=False) if opening == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert target in MADE or (page.parent / target).exists(), target


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


def runnable() -> list[Path]:
    """The pages with commands on files that are there, which can be run as they stand."""
    return [page for page in PAGES if "report-extract run fixtures/" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", runnable(), ids=lambda page: page.name)
def test_the_commands_of_a_page_run_one_after_the_other(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page runs on the bundled reports, and what it then does with the outcome, ends well."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    monkeypatch.chdir(tmp_path)
    made: set[str] = set()
    for block in blocks(page.read_text(encoding="utf-8"), "sh"):
        for line in re.findall(r"^report-extract (.*)", block, re.MULTILINE):
            words = shlex.split(re.split(r"[|>&;]", line)[0], comments=True)
            given = [word for word in words[1:] if "/" in word and word not in made and "--" not in word]
            if words[0] == "run" and all(word.startswith("fixtures/") for word in given[:-1]) and len(given) > 1:
                made.add(words[words.index("--out") + 1])
            elif words[0] not in ("check", "explain", "panel", "preflight") or given:
                continue
            # preflight and check exit with 1 where something is to be said of the outcome
            assert main([*words]) in ((0, 1) if words[0] in ("check", "preflight") else (0,)), line
    assert made


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
