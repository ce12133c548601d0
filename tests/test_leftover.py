"""What is lost without a trace gives a reason to look: parts that no table holds, rows torn by a page break."""

from __future__ import annotations

from collections.abc import Sequence

from report_extract.checks.balance import balance
from report_extract.core.geometry import BBox
from report_extract.core.model import Dataset, Finding, Line, Table
from report_extract.datasets.shape import shape

from .test_shape import USE, column, line, shaped, table

TITLE = line("令和6年度 目的外利用・外部提供の状況", 20)
INTERNAL, EXTERNAL = "◇目的外利用 法第69条第2項第2号", "◇外部提供 法第69条第2項第3号"
CASES = [
    ["No.", "保有課", "利用課等", "事務事業名", "目的"],
    ["1", "市民課", "税務課", "調査", "名簿作成のため"],
    ["2", "福祉課", "税務課", "案内", "通知のため"],
]


def at(said: str, x: float, top: float, page: int = 1) -> Line:
    return Line(page, BBox(x, top, x + 10 * len(said), top + 12), said)


def read(tables: Sequence[Table], *lines: Line) -> tuple[dict[str, Dataset], list[Finding]]:
    datasets, findings = shape(tables, [TITLE, *lines], USE)
    return {d.name: d for d in datasets}, list(findings)


def kinds(dataset: Dataset, row: int) -> set[str]:
    return {d.kind for cell in dataset.rows[row].values() for d in cell.doubts}


def test_a_heading_of_cases_that_no_table_follows_is_pointed_out() -> None:
    found = table(CASES, top=100)
    _, findings = read([found], line(INTERNAL, 80), line(EXTERNAL, 300))
    assert [(f.kind, f.values) for f in findings] == [("missing-table", (EXTERNAL,))]
    _, findings = read([found], line(INTERNAL, 80), line(EXTERNAL, 300), line("該当なし", 320))
    assert not findings


def test_the_headings_of_a_form_outside_all_tables_are_pointed_out() -> None:
    rest = [at(said, x, top) for top, row in ((400, ("利用目的", "調査のため")), (420, ("保有課", "市民課")))
            for said, x in zip(row, (60, 160), strict=True)]  # fmt: skip
    _, findings = read([table(CASES, top=100)], line(INTERNAL, 80), *rest)
    assert [f.kind for f in findings] == ["left-over"]


def test_a_row_cut_by_the_page_break_is_doubted_where_its_rest_was_not_joined() -> None:
    rest = [at("等の作成", 120, 40, page=2), at("する場合", 240, 40, page=2)]
    found, findings = read([table(CASES, top=100)], line(INTERNAL, 80), *rest)
    assert "torn-row" in [f.kind for f in findings]
    assert "torn-row" in kinds(found["consultations"], 1)
    assert "torn-row" not in kinds(found["consultations"], 0)


def test_a_running_head_is_no_rest_of_a_row() -> None:
    heads = [at(said, x, 40, page) for page in (1, 2) for said, x in (("市の報告", 60), ("個人情報", 240))]
    _, findings = read([table(CASES, top=100)], line(INTERNAL, 80), *heads)
    assert not findings


def test_rows_that_only_the_table_of_last_year_has_are_doubted() -> None:
    head = ["部局名", "目的外利用", "外部提供", "小計"]
    own = table([head, ["総務部", "1", "2", "3"]], top=100, caption="令和6年度")
    prior = table(
        [head, *[[name, "1", "1", "2"] for name in ("総務部", "福祉部", "建設部")]], top=300, caption="令和5年度(参考)"
    )
    counts = read([own, prior], line("令和6年度", 80), line("令和5年度(参考)", 280))[0]["department_counts"]
    assert "lacking" in {k for i in range(len(counts.rows)) for k in kinds(counts, i) if i}
    assert "lacking" not in kinds(counts, 0)


def test_words_in_a_column_of_figures_doubt_the_name_of_their_row() -> None:
    rows = [
        ["部課名", "目的外利用", "<", "外部提供", "小計"],
        ["総務部", "総務課", "1", "2", "3"],
        ["総務部", "人事課", "4", "5", "9"],
        ["合計", "", "5", "7", "12"],
    ]
    counts = read([table(rows, kind="aligned")])[0]["department_counts"]
    assert "unsure-column" in kinds(counts, 0)


def test_a_run_of_numbers_that_begins_anew_doubts_what_its_heading_said() -> None:
    rows = [CASES[0], *([n, "市民課", "税務課", "調査", "名簿"] for n in ("1", "2", "2", "3"))]
    found, _ = read([table(rows)], line(INTERNAL, 80))
    (cases,) = (d for d in balance(list(found.values()), [], [], USE)[0] if d.name == "consultations")
    doubted = ["section-lost" in {d.kind for d in row["use_type"].doubts} for row in cases.rows]
    assert doubted == [False, False, True, True]


def test_a_heading_that_ran_into_a_table_heads_what_follows_it() -> None:
    rows = [*CASES, [EXTERNAL, "", "", "", ""], *CASES]
    cases = read([table(rows, top=100), table(CASES, top=60, page=2)], line(INTERNAL, 80))[0]["consultations"]
    assert column(cases, "use_type") == ["internal_use"] * 2 + ["external_provision"] * 4


def test_a_paragraph_goes_on_in_the_table_after_a_page_break() -> None:
    first = [["該当区分", "件数"], ["第69条第2項", ""], ["第1号 本人の同意", "1"], ["第2号 内部利用", "2"]]
    second = [["該当区分", "件数"], ["第3号 行政機関等への提供", "3"], ["合計", "6"]]
    legal = shaped(table(first), table(second, page=2))["legal_basis_counts"]
    assert column(legal, "paragraph")[:3] == ["2", "2", "2"]
    alone = shaped(table(second))["legal_basis_counts"]
    assert "lacking" in kinds(alone, 0)


def test_a_column_without_figures_is_doubted_where_columns_are_a_guess() -> None:
    rows = [["部局名", "目的外利用", "外部提供", "小計"], ["総務部", "1", "", "3"], ["福祉部", "2", "", "5"]]
    found = shaped(table(rows, kind="aligned"))["department_counts"]
    assert all("unproved-blank" in kinds(found, i) for i in range(2))
    assert not any("unproved-blank" in kinds(shaped(table(rows))["department_counts"], i) for i in range(2))


def test_numbers_glued_to_their_wording_doubt_the_references() -> None:
    rows = [
        ["項", "号", "区分", "件数"],
        ["", "2", "1本人の同意", "1"], ["", "2", "2内部利用", "2"], ["", "2", "3行政機関等", "3"],
    ]  # fmt: skip
    legal = shaped(table(rows, kind="aligned"))["legal_basis_counts"]
    assert all("bare-reference" in kinds(legal, i) for i in range(3))
