"""Preflight: each rule passed by a sound package, and failed with its place by one that breaks just that."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.package.datapackage import Terms
from report_extract.package.preflight import preflight
from report_extract.package.schema import contract_datasets
from report_extract.package.write import write_package

from .samples import doubtful, extraction


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A package that keeps every rule."""
    terms = Terms("CC-BY-4.0", "https://example.jp/r6.pdf")
    write_package([extraction()], tmp_path / "out", contract_datasets(), bom=True, terms=terms)
    return tmp_path / "out"


def broken(out: Path) -> dict[str, tuple[str, ...]]:
    """The rules that fail, each by the word before its first blank or bracket, with the places."""
    return {r.rule: r.places for r in preflight(out) if not r.passed}


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(out: Path) -> None:
        text = (out / name).read_text(encoding="utf-8")
        assert old in text
        (out / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def not_utf8(out: Path) -> None:
    path = out / "department_counts.csv"
    path.write_bytes(path.read_bytes().replace("総務部".encode(), "総務部".encode("cp932"), 1))


def without(entry: str) -> Callable[[Path], None]:
    def edit(out: Path) -> None:
        path = out / "datapackage.json"
        package = json.loads(path.read_text(encoding="utf-8"))
        del package[entry]
        path.write_text(json.dumps(package), encoding="utf-8")

    return edit


def without_bom(out: Path) -> None:
    path = out / "checks.csv"
    path.write_bytes(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))


COUNTS = "department_counts.csv"
# rule -> what breaks it, and the place that is named
BREAKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "1-2 ": (edited(COUNTS, ",総務部,", ',"総務\n部",'), f"{COUNTS}:2 department"),
    "1-3 ": (edited(COUNTS, ",総務部,1,", ",総務部,1件,"), f"{COUNTS}:2 internal_use: 1件"),
    "1-4 ": (edited(COUNTS, ",総務部,1,", ",総務部,"), f"{COUNTS}:2"),
    "1-5 ": (edited(COUNTS, ",総務部,", ",総 \u3000務部,"), f"{COUNTS}:2 department"),
    "1-6 ": (edited("datapackage.json", '"title": "部等名"', '"title":""'), f"{COUNTS}: department"),
    "1-9 ": (edited("datapackage.json", '"unit": "件"', '"unit":""'), f"{COUNTS}: internal_use"),
    "1-10 ": (edited(COUNTS, ",総務部,", ",総務部①,"), f"{COUNTS}:2 department: ① (CIRCLED DIGIT ONE)"),
    "1-11 ": (edited("documents.csv", ",2024,", ",令和6年度,"), "documents.csv:2 fiscal_year"),
    "1-12 ": (edited("documents.csv", ",072044,", ",072045,"), "documents.csv:2 municipality_code"),
    "データが": (edited(COUNTS, "total,ok,1\n", "total,ok,1\n,,,,,,,,,,,\n"), f"{COUNTS}:5"),
    "列名が": (edited(COUNTS, "department,", "部等名,"), f"{COUNTS}: 部等名"),
    "文字コード": (not_utf8, COUNTS),
    "Excel": (without_bom, "checks.csv"),
    "ライセンス": (without("licenses"), "datapackage.json: licenses"),
    "出典": (without("sources"), "datapackage.json: sources"),
}


def test_a_sound_package_passes_every_rule(out: Path) -> None:
    assert broken(out) == {}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_named_with_its_place(out: Path, rule: str) -> None:
    breaks, place = BREAKS[rule]
    breaks(out)
    (places,) = [places for name, places in broken(out).items() if name.startswith(rule)]
    assert places[0].startswith(place)


def test_every_rule_is_broken_by_a_test(out: Path) -> None:
    rules = {r.rule for r in preflight(out)}
    tried = {rule for rule in rules for start in BREAKS if rule.startswith(start)}
    assert rules - tried == {"要確認の値が残っていない"}


def test_values_to_review_are_named_by_their_line(tmp_path: Path) -> None:
    write_package([extraction("a"), doubtful("b")], tmp_path, contract_datasets())
    assert broken(tmp_path)["要確認の値が残っていない"] == (f"{COUNTS}:5 subtotal",)


def test_the_command_prints_rules_and_places_and_its_exit_code_tells(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["preflight", str(out)]) == 0
    assert "✗" not in capsys.readouterr().out
    without("licenses")(out)
    assert main(["preflight", str(out)]) == 1
    said = capsys.readouterr().out
    assert "✗ ライセンスの表示" in said and "    datapackage.json: licenses" in said
    assert main(["preflight", str(out), "--lang", "en"]) == 1
    assert "✗ A licence is named" in capsys.readouterr().out


def test_a_run_told_of_licence_and_source_names_both(tmp_path: Path) -> None:
    text, out = tmp_path / "notes.txt", tmp_path / "out"
    text.write_text("部等名\t件数\n総務部\t1\n", encoding="utf-8")
    told = ["--licence", "CC-BY-4.0", "--source-url", "https://example.jp/"]
    main(["run", str(text), "--out", str(out), "--quiet", *told])
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    assert package["sources"][0]["path"] == "https://example.jp/"
