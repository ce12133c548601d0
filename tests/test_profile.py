"""Profiles: what a person writes, what goes wrong in it, and which report it is for."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from report_extract.core.errors import ProfileError, UsageError
from report_extract.core.geometry import BBox
from report_extract.core.model import Extraction, Line
from report_extract.datasets import draft
from report_extract.datasets.choose import choose
from report_extract.datasets.shape import shape
from report_extract.profile import load

from .test_shape import table

GOOD = """
name = "library-loans"
title = "図書館の利用状況"
titles = ["図書館"]
rules = [
  { check = "loans.sum", rule = "loans: adults + children = total" },
]

[[datasets]]
name = "loans"
title = "館別貸出冊数"
key = ["library"]

[[datasets.fields]]
name = "library"
headings = ["館名", "図書館"]
required = true

[[datasets.fields]]
name = "adults"
type = "count"
headings = ["一般", "大人"]

[[datasets.fields]]
name = "children"
type = "count"
headings = ["児童", "子ども"]

[[datasets.fields]]
name = "total"
type = "count"
headings = ["計", "合計"]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "after"),
    [
        ('type = "count"', 'type = "cuont"', 'name = "children"'),
        ("required = true", 'required = "yes"', ""),
        ('key = ["library"]', 'key = ["libary"]', ""),
        ("adults + children = total", "adults + children", ""),
        ('headings = ["計", "合計"]', "headings = 計", ""),
        ('name = "adults"', 'name = "Adults"', ""),
        ('title = "館別貸出冊数"', 'titel = "館別貸出冊数"', ""),
        ('name = "children"', 'name = "adults"', ""),
    ],
)
def test_a_bad_profile_names_file_and_line(tmp_path: Path, right: str, wrong: str, after: str) -> None:
    at = GOOD.index(right, GOOD.index(after))
    path = tmp_path / "mine.toml"
    path.write_text(GOOD[:at] + wrong + GOOD[at + len(right) :], encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load.load(path)
    assert "mine.toml" in str(caught.value)
    assert re.search(rf"line {GOOD[:at].count(chr(10)) + 1}\b", str(caught.value))


def test_a_profile_that_does_not_exist_says_which_do() -> None:
    with pytest.raises(UsageError, match="personal-data-use"):
        load.load("no-such-thing")


def test_builtin_profiles_load_and_have_unique_names() -> None:
    names = [p.name for p in load.builtin()]
    assert {"personal-data-use", "information-disclosure", "emergency-contraception"} <= set(names)
    assert len(names) == len(set(names))


def test_a_new_kind_of_report_needs_a_toml_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    mine = load.load(path)
    loans = table([["館名", "大人", "子ども", "計"], ["中央館", "120", "80", "200"], ["東館", "30", "12", "42"]])
    title = Line(1, BBox(50, 20, 300, 40), "令和6年度 図書館の利用状況")
    assert choose([loans], [title], [*load.builtin(), mine]) == mine
    (dataset,), findings = shape([loans], [title], mine)
    assert [row["children"].text for row in dataset.rows] == ["80", "12"]
    assert not findings


def test_a_report_that_only_mentions_the_words_is_not_forced() -> None:
    title = Line(1, BBox(50, 20, 300, 40), "目的外利用・外部提供を含む個人情報保護制度のあらまし")
    glossary = table([["用語", "意味"], ["目的外利用", "本来の目的以外に使うこと"], ["外部提供", "外に渡すこと"]])
    assert choose([glossary], [title], load.builtin()) is None


def test_a_draft_is_a_profile_that_reads_its_own_report() -> None:
    counts = table(
        [
            ["部局", "目的外利用", "外部提供", "計", "前年度計"],
            ["総務部", "1", "2", "3", "1"],
            ["財政部", "4", "4", "8", "2"],
            ["市民部", "5", "1", "6", "9"],
            ["環境部", "2", "2", "4", "0"],
            ["合計", "12", "9", "21", "12"],
        ],
        header_rows=1,
    )
    title = Line(1, BBox(50, 20, 300, 40), "令和6年度 目的外利用等の件数")
    report = Extraction("report", "report.pdf", "", 1, tables=(counts,), lines=(title,))
    toml = draft.draft(report)
    drafted = load.read(toml, "draft.toml")
    assert choose([counts], [title], [drafted]) == drafted
    (dataset,), _ = shape([counts], [title], drafted)
    assert len(dataset.rows) == 5
    assert "前年度_計" in {f.name for f in dataset.fields}
    assert any("目的外利用 + 外部提供 = 計" in rule.text for rule in drafted.rules)
    assert draft.misfits(report, drafted) == []


def test_misfits_name_what_a_profile_does_not_know() -> None:
    counts = table(
        [
            ["部局", "目的外利用", "外部提供", "計", "審査会付議"],
            ["総務部", "1", "2", "3", "1"],
            ["計", "1", "2", "3", "1"],
        ]
    )
    menu = table([["日", "献立"], ["1", "カレー"]], page=2)
    report = Extraction("r", "r.pdf", "", 2, tables=(counts, menu))
    found = draft.misfits(report, load.load("personal-data-use"))
    assert ("unknown-column", ("審査会付議",)) in {(f.kind, f.values) for f in found}
    assert any(f.kind == "unknown-table" and f.page == 2 for f in found)


CORPUS = Path(os.environ.get("REPORT_EXTRACT_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
CLINICS = CORPUS / "ja_gov" / "mhlw_shinryoujo_2024"


@pytest.mark.skipif(not CLINICS.is_dir(), reason="no corpus")
@pytest.mark.parametrize(("file", "rows"), [("shinryoujo_7/000624110", 47), ("shinryoujo_44/000850751", 29)])
def test_real_clinic_lists_by_a_profile_alone(file: str, rows: int) -> None:
    from report_extract.pipeline import Options, extract_one

    extraction = extract_one(CLINICS / "data_files" / f"{file}.pdf", options=Options(ocr="never"))
    assert extraction.profile == "emergency-contraception"
    (clinics,) = extraction.datasets
    assert len(clinics.rows) == rows
    assert all(row["facility"].text and row["phone"].text for row in clinics.rows)


def test_requests_for_disclosure_need_no_code_of_their_own() -> None:
    title = Line(1, BBox(50, 20, 300, 40), "令和6年度 情報公開制度及び個人情報保護制度の運用状況")
    lead = Line(1, BBox(60, 80, 200, 92), "1 公文書公開請求の処理状況")
    requests = table(
        [
            ["実施機関", "請求件数", "決定等の内訳", "<", "<", "<", "取下げ"],
            ["^", "^", "全部公開", "部分公開", "非公開", "不存在", "^"],
            ["市長", "20件", "10件", "6件", "1件", "2件", "1件"],
            ["教育委員会", "3件", "3件", "-", "-", "-", "-"],
            ["合計", "23件", "13件", "6件", "1件", "2件", "1件"],
        ]
    )
    chosen = choose([requests], [title, lead], load.builtin())
    assert chosen is not None
    assert chosen.name == "information-disclosure"
    (dataset,), findings = shape([requests], [title, lead], chosen)
    assert [row["partly_disclosed"].text for row in dataset.rows] == ["6件", "-", "6件"]
    assert [row["withdrawn"].text for row in dataset.rows] == ["1件", "-", "1件"]
    assert dataset.rows[0]["kind"].text == "public_records"
    assert not findings
