"""A draft of a profile fits the report that it was made from: every table, every column, and its sums hold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from report_extract.checks.idle import idle_rules
from report_extract.core.errors import InputError
from report_extract.core.model import Extraction, Table
from report_extract.datasets import draft
from report_extract.datasets.shape import shape_unknown
from report_extract.pipeline import Options, extract_one, understood
from report_extract.profile import load

from .test_shape import line, table

CORPUS = Path(os.environ.get("REPORT_EXTRACT_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
REAL = sorted(CORPUS.glob("sheets/*.pdf"))[::25] + sorted(CORPUS.glob("cases/jp_*.pdf"))[::3]
HEADINGS = [
    "区分",
    "構成比(%)",
    "令和6年度",
    "令和5年度",
    "計",
    "合計",
    "目的外利用",
    "外部提供",
    "0歳(H27.4.2生~)",
    "No.",
    "1",
    "",
    "",
    "年月Year and Month",
    "備考",
    "document",
    "status",
    "前年度",
    "件数",
    "A",
    "利用定員(2・3号)",
    "施設名 認可保育所",
]
VALUES = ["", "12", "1,024", "△3", "-", "45.6", "総務部", "〃", "令和6年4月1日", "…", "78件", "7111-001"]


def report(tables: Sequence[Table], *said: str) -> Extraction:
    lines = tuple(line(text, 10 + 20 * n) for n, text in enumerate(said or ("保育所の入所状況",)))
    return Extraction("report", "report.pdf", "", 1, tables=tuple(tables), lines=lines)


def lost(one: Extraction, profile: load.Profile) -> list[str]:
    """What the tables by themselves give, and the profile does not."""
    known = understood(one, profile, ())
    kept = {(c.page, c.bbox) for d in known.datasets for row in d.rows for c in row.values()}
    alone = (c for d in shape_unknown(one.tables) for row in d.rows for name, c in row.items() if name != d.row_type)
    return [c.text for c in alone if c.text and (c.page, c.bbox) not in kept]


@given(
    st.lists(st.sampled_from(HEADINGS), min_size=2, max_size=9),
    st.lists(st.lists(st.sampled_from(VALUES), min_size=9, max_size=9), min_size=3, max_size=8),
)
@example([*["区分"] * 6, "1"], [[""] * 9, [""] * 9, [*[""] * 6, "12", "", ""], [*[""] * 6, "…", "", ""]])
@settings(max_examples=60, deadline=None)
def test_whatever_heads_its_columns(headings: list[str], body: list[list[str]]) -> None:
    width = len(headings)
    rows = [headings, *([f"行{n}", *row[1:width]] for n, row in enumerate(body))]
    one = report([table(rows, header_rows=1)])
    profile = load.read(draft.draft(one), "draft.toml")
    (dataset,) = profile.datasets
    assert len(dataset.fields) == width
    assert not [f for f in draft.misfits(one, profile) if f.kind != "left-over"]
    assert not lost(one, profile)
    assert not [c for c in understood(one, profile, ()).checks if c.status == "fail"]


def test_its_rules_are_the_sums_that_were_found_and_each_of_them_runs() -> None:
    rows = [
        ["地域", "男", "女", "計", "前年度 計", "増減"],
        ["平", "10", "20", "30", "25", "5"],
        ["勿来", "1", "2", "3", "9", "△6"],
        ["常磐", "4", "4", "8", "7", "1"],
        ["合計", "15", "26", "41", "41", "0"],
    ]
    one = report([table(rows, header_rows=1)])
    profile = load.read(draft.draft(one), "draft.toml")
    texts = [rule.text for rule in profile.rules]
    assert texts == ["table_1: sum(*) = *[total]", "table_1: 男 + 女 = 計", "table_1: 計 - 前年度_計 = 増減"]
    known = understood(one, profile, ())
    assert {c.status for c in known.checks} == {"pass"}
    assert idle_rules(profile, known.datasets) == ()


def test_a_sum_of_what_is_no_count_is_no_rule_that_never_runs() -> None:
    rows = [
        ["区", "a", "b", "計"],
        ["灘", "10", "20", "30"],
        ["灘", "33.3%", "66.7%", "100.0%"],
        ["西", "5", "5", "10"],
        ["西", "50.0%", "50.0%", "100.0%"],
        ["北", "4", "8", "12"],
        ["北", "33.3%", "66.7%", "100.0%"],
    ]
    one = report([table(rows, header_rows=1)])
    profile = load.read(draft.draft(one), "draft.toml")
    assert idle_rules(profile, understood(one, profile, ()).datasets) == ()


def test_a_rule_that_has_nothing_to_check_is_named() -> None:
    rows = [["地域", "男", "女"], ["平", "10", "20"], ["勿来", "1", "2"], ["常磐", "4", "4"]]
    one = report([table(rows, header_rows=1)])
    toml = draft.draft(one).replace(
        "rules = [", 'rules = [\n  { check = "a.b", rule = "table_1: sum(男) = 男[total]" },'
    )
    profile = load.read(toml, "mine.toml")
    assert idle_rules(profile, understood(one, profile, ()).datasets) == ("table_1: sum(男) = 男[total]",)


def test_a_report_without_tables_says_so() -> None:
    with pytest.raises(InputError, match="no table"):
        draft.draft(report([]))


@pytest.mark.skipif(not REAL, reason="no corpus")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_reports(path: Path) -> None:
    one = extract_one(path, options=Options(ocr="never", pages=(1,)))
    if not shape_unknown(one.tables):
        pytest.skip("no table of data on its first page")
    profile = load.read(draft.draft(one), "draft.toml")
    told = draft.misfits(one, profile)
    assert not [
        f for f in told if f.kind not in ("left-over", "torn-row")
    ]  # these tell of the report, not of the draft
    assert not lost(one, profile)
    assert not [c for c in understood(one, profile, ()).checks if c.status == "fail"]
