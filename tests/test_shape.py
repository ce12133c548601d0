"""Shape: tables as cities print them become the datasets that a profile names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Line, Reading, Table
from report_extract.datasets.sections import said_by
from report_extract.datasets.shape import shape, shape_unknown
from report_extract.profile import load

USE = load.load("personal-data-use")
SEED = Path(__file__).parents[2] / "shared" / "seed" / "iwaki-r6-report.txt"


def table(
    rows: Sequence[Sequence[str]], *, by: str = "pdfium", top: float = 100, caption: str = "", page: int = 1,
    header_rows: int = 0, kind: str = "ruled",
) -> Table:  # fmt: skip
    """A table from texts; ``<`` continues the cell to the left, ``^`` the one above."""
    cells: dict[tuple[int, int], list[int]] = {}
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(rows):
        for c, said in enumerate(row):
            own = owner[r, c - 1] if said == "<" else owner[r - 1, c] if said == "^" else (r, c)
            owner[r, c] = own
            span = cells.setdefault(own, [1, 1])
            span[0], span[1] = max(span[0], r - own[0] + 1), max(span[1], c - own[1] + 1)
    made = []
    for (r, c), (down, across) in sorted(cells.items()):
        box = BBox(60 + 60 * c, top + 20 * r, 60 + 60 * (c + across), top + 20 * (r + down))
        readings = (Reading(rows[r][c], by),) if rows[r][c] else ()
        made.append(Cell(page, box, r, c, down, across, readings))
    whole = BBox(60, top, 60 + 60 * len(rows[0]), top + 20 * len(rows))
    return Table(page, whole, 0, tuple(made), kind=kind, caption=caption, header_rows=header_rows)


def line(said: str, top: float = 50, page: int = 1, by: str = "pdfium") -> Line:
    return Line(page, BBox(60, top, 60 + 10 * len(said), top + 12), said, reader=by)


def shaped(*tables: Table, lines: Sequence[Line] = ()) -> dict[str, Dataset]:
    datasets, _ = shape(tables, lines or [line("令和6年度 目的外利用・外部提供の状況", 20)], USE)
    return {d.name: d for d in datasets}


def column(dataset: Dataset, name: str) -> list[str]:
    return [row[name].text if name in row else "" for row in dataset.rows]


def test_two_years_over_three_columns() -> None:
    counts = shaped(
        table(
            [
                ["部局等", "令和6年度", "<", "<", "令和5年度", "<", "<"],
                ["^", "目的外利用", "外部提供", "計", "目的外利用", "外部提供", "計"],
                ["総務部", "1", "2", "3", "4", "5", "9"],
                ["合計", "1", "2", "3", "4", "5", "9"],
            ]
        )
    )["department_counts"]
    assert column(counts, "internal_use") == ["1", "1"]
    assert column(counts, "subtotal") == ["3", "3"]
    assert column(counts, "prior_subtotal") == ["9", "9"]
    assert column(counts, "row_type") == ["detail", "total"]


def test_years_below_what_is_counted() -> None:
    counts = shaped(
        table(
            [
                ["実施機関", "内部利用", "<", "外部提供", "<", "小計", "<"],
                ["^", "R6", "R5", "R6", "R5", "R6", "R5"],
                ["市長", "1", "2", "3", "4", "4", "6"],
                ["計", "1", "2", "3", "4", "4", "6"],
            ]
        )
    )["department_counts"]
    assert column(counts, "internal_use") == ["1", "1"]
    assert column(counts, "external_provision") == ["3", "3"]
    assert column(counts, "subtotal") == ["4", "4"]
    assert column(counts, "prior_subtotal") == ["6", "6"]


def test_last_year_in_the_title_is_this_years_column() -> None:
    counts = shaped(
        table(
            [["部等名", "目的外利用", "外部提供", "令和5年度計"], ["総務部", "1", "2", "3"], ["合計", "1", "2", "3"]]
        ),
        lines=[line("令和5年度 目的外利用の状況", 20)],
    )["department_counts"]
    assert column(counts, "subtotal") == ["3", "3"]
    assert column(counts, "prior_subtotal") == ["", ""]


@given(st.permutations(range(5)))
def test_columns_in_any_order(order: list[int]) -> None:
    rows = [
        ["部等名", "目的外利用", "外部提供", "小計", "参考:R5実績"],
        ["総合政策部", "1件", "2件", "3件", "7件"],
        ["消防本部", "0件", "13件", "13件", "5件"],
        ["合計", "1件", "15件", "16件", "12件"],
    ]
    counts = shaped(table([[row[i] for i in order] for row in rows]))["department_counts"]
    assert column(counts, "department") == ["総合政策部", "消防本部", "合計"]
    assert column(counts, "external_provision") == ["2件", "13件", "15件"]
    assert column(counts, "prior_subtotal") == ["7件", "5件", "12件"]


@given(st.booleans(), st.booleans(), st.booleans())
def test_a_table_turned_or_mirrored_reads_the_same(transposed: bool, flipped: bool, mirrored: bool) -> None:
    rows = [
        ["部等名", "目的外利用", "外部提供", "小計", "前年度"],
        ["総合政策部", "1", "2", "3", "7"],
        ["消防本部", "0", "13", "13", "5"],
        ["合計", "1", "15", "16", "12"],
    ]
    seen = [list(row) for row in zip(*rows, strict=True)] if transposed else rows
    seen = seen[::-1] if flipped else seen
    seen = [row[::-1] for row in seen] if mirrored else seen
    counts = shaped(table(seen))["department_counts"]
    found = sorted(zip(column(counts, "department"), column(counts, "subtotal"), strict=True))
    assert found == sorted([("総合政策部", "3"), ("消防本部", "13"), ("合計", "16")])


def test_department_over_division_and_subtotals() -> None:
    counts = shaped(
        table(
            [
                ["部局名", "課等名", "目的外利用", "外部提供", "計"],
                ["総務部", "人事課", "1", "0", "1"],
                ["^", "法務課", "2", "0", "2"],
                ["^", "小計", "3", "0", "3"],
                ["消防局", "予防課", "0", "4", "4"],
                ["^", "小計", "0", "4", "4"],
                ["合計", "<", "3", "4", "7"],
            ]
        )
    )["department_counts"]
    assert column(counts, "department")[:3] == ["総務部 人事課", "総務部 法務課", "総務部 小計"]
    assert column(counts, "row_type") == ["detail", "detail", "subtotal", "detail", "subtotal", "total"]
    assert all(cell.status == "ok" for row in counts.rows for cell in row.values())


def test_one_table_an_office() -> None:
    offices = [("1 総務部", "1", "2", "3"), ("2 教育委員会", "0", "4", "4"), ("3 全庁合計", "1", "6", "7")]
    tables = [
        table([["区分", "件数"], ["目的外利用", a], ["外部提供", b], ["計", c]], top=100 + 150 * i, caption=name)
        for i, (name, a, b, c) in enumerate(offices)
    ]
    counts = shaped(*tables)["department_counts"]
    assert column(counts, "department") == ["総務部", "教育委員会", "合計"]
    assert column(counts, "external_provision") == ["2", "4", "6"]
    assert column(counts, "row_type") == ["detail", "detail", "total"]


LEGAL = [
    ["該当区分(法69条)", "件数", "参考:R5実績"],
    ["第1項 法令に基づく場合", "230件", "145件"],
    ["内訳・刑事事件における提供", "31件", "54件"],
    ["・その他", "199件", "91件"],
    ["第2項第1号 本人同意、本人提供", "97件", "63件"],
    ["第2項第4号 統計又は学術研究", "1件", "-"],
    ["合 計", "328件", "208件"],
]


def test_legal_references_breakdowns_and_totals() -> None:
    legal = shaped(table(LEGAL))["legal_basis_counts"]
    assert column(legal, "paragraph") == ["1", "1", "1", "2", "2", ""]
    assert column(legal, "item") == ["", "", "", "1", "4", ""]
    assert column(legal, "basis") == [
        "法令に基づく場合", "刑事事件における提供", "その他", "本人同意、本人提供", "統計又は学術研究", "合計",
    ]  # fmt: skip
    assert column(legal, "row_type") == ["detail", "breakdown", "breakdown", "detail", "detail", "total"]


@pytest.mark.parametrize(
    ("printed", "paragraph", "item", "basis"),
    [
        ("法第69条第2項第1号 本人同意", "2", "1", "本人同意"),
        ("第1項(法令に基づく場合)", "1", "", "法令に基づく場合"),
        ("法69条2項3号 他の機関への提供", "2", "3", "他の機関への提供"),
        ("刑事訴訟法第197条第2項による照会", "", "", "刑事訴訟法第197条第2項による照会"),
    ],
)
def test_how_a_legal_basis_is_written(printed: str, paragraph: str, item: str, basis: str) -> None:
    rows = [["区分", "件数"], ["第1項 法令に基づく場合", "5"], [printed, "3"], ["合計", "8"]]
    row = shaped(table(rows))["legal_basis_counts"].rows[1]
    said = [row[n].text if n in row else "" for n in ("paragraph", "item", "basis")]
    assert said == [paragraph, item, basis] or (row["row_type"].text == "breakdown" and said[2] == basis)


def test_paragraph_and_item_in_columns_of_their_own() -> None:
    legal = shaped(
        table(
            [
                ["項", "号", "該当区分", "件数", "前年度"],
                ["1", "―", "法令に基づく場合", "5", "4"],
                ["2", "1", "本人の同意", "2", "1"],
                ["^", "2", "所掌事務の遂行", "3", "0"],
                ["合計", "<", "<", "10", "5"],
            ]
        )
    )["legal_basis_counts"]
    assert column(legal, "paragraph") == ["1", "2", "2", ""]
    assert column(legal, "item") == ["", "1", "2", ""]
    assert column(legal, "basis")[-1] == "合計"
    assert all(cell.status == "ok" for row in legal.rows for cell in row.values())


CASES = [
    ["No.", "情報保有課等", "利用課等", "事務事業名", "事務事業の概要", "目的", "個人情報の内容", "総務部の判断"],
    ["1", "市民課", "福祉課", "見守り", "見守りを行う。", "同左", "氏名", "認める。"],
    ["2", "同上", "防災課", "名簿", "名簿を作る。", "対象者の抽出", "〃", "認める。"],
]


def test_section_headings_give_use_and_reference() -> None:
    inside = table(CASES, top=100)
    outside = table(CASES[:2], top=300)
    lines = [
        line("令和6年度 目的外利用・外部提供に係る協議", 20),
        line("◇目的外利用 法第69条第2項第2号(所掌事務)", 80),
        line("◆外部提供 法第69条第2項第3号(他の機関)", 280),
    ]
    cases = shaped(inside, outside, lines=lines)["consultations"]
    assert column(cases, "use_type") == ["internal_use", "internal_use", "external_provision"]
    assert column(cases, "item") == ["2", "2", "3"]
    assert column(cases, "purpose") == ["見守りを行う。", "対象者の抽出", "見守りを行う。"]
    assert column(cases, "holding_division")[1] == "市民課"
    assert column(cases, "personal_data")[1] == "氏名"
    assert cases.rows[0]["purpose"].raw == "同左"
    assert cases.rows[0]["purpose"].source == "inferred"


def test_a_table_read_lying_on_its_side() -> None:
    lying = [list(row) for row in zip(*CASES, strict=True)][::-1]
    cases = shaped(table(lying))["consultations"]
    assert column(cases, "number") == ["1", "2"]
    assert column(cases, "purpose")[0] == "見守りを行う。"  # 同左 is the left neighbour of the upright page
    assert column(cases, "holding_division") == ["市民課", "市民課"]


def test_a_table_that_really_runs_to_the_right() -> None:
    cards = [list(row) for row in zip(*CASES, strict=True)]
    cards[5][1], cards[1][2] = "見守りのため", "同左"
    cases = shaped(table(cards))["consultations"]
    assert column(cases, "holding_division") == ["市民課", "市民課"]


def test_a_record_cut_by_the_page_break_is_one_record() -> None:
    cut = [*CASES, ["", "", "", "", "続きの文。", "", "住所", ""]]
    cases = shaped(table(cut))["consultations"]
    assert len(cases.rows) == 2
    assert column(cases, "project_summary")[1] == "名簿を作る。続きの文。"


def test_an_unknown_column_is_kept_under_its_heading() -> None:
    counts = shaped(
        table(
            [
                ["部等名", "目的外利用", "外部提供", "計", "備考"],
                ["総務部", "1", "2", "3", "税務"],
                ["合計", "1", "2", "3", ""],
            ]
        )
    )["department_counts"]
    extra = next(f for f in counts.fields if f.title == "備考")
    assert extra.name.isascii()
    assert column(counts, extra.name) == ["税務", ""]


def test_a_heading_that_means_nothing_known_is_flagged_where_a_field_is_missing() -> None:
    counts = shaped(
        table([["部等名", "目的外利用", "甲乙丙", "計"], ["総務部", "1", "2", "3"], ["合計", "1", "2", "3"]])
    )["department_counts"]
    assert any(cell.status == "review" for cell in counts.rows[0].values())


def test_tables_run_together_are_cut_at_the_caption() -> None:
    both = table(
        [
            ["部局", "目的外利用", "外部提供", "計"],
            ["総務部", "1", "2", "3"],
            ["合計", "1", "2", "3"],
            ["2 根拠規定別", "", "", ""],
            ["根拠規定", "", "", "件数"],
            ["第1項 法令に基づく場合", "", "", "2"],
            ["第2項第1号 本人同意", "", "", "1"],
            ["合計", "", "", "3"],
        ],
        kind="aligned",
    )
    datasets = shaped(both)
    assert len(datasets["department_counts"].rows) == 2
    assert column(datasets["legal_basis_counts"], "count") == ["2", "1", "3"]


def test_a_missing_table_is_said_where_a_heading_announces_it() -> None:
    counts = table([["部等名", "目的外利用", "外部提供", "計"], ["総務部", "1", "2", "3"], ["合計", "1", "2", "3"]])
    _, findings = shape([counts], [line("1 部等別実施件数", 80), line("2 該当区分別実施件数", 300)], USE)
    assert [f.kind for f in findings] == ["missing-table"]


def test_unknown_tables_are_datasets_with_types_and_names() -> None:
    (dataset,) = shape_unknown(
        [table([["区", "人口(人)", "構成比"], ["東灘区", "1,941", "21.5%"], ["計", "9,041", "100.0%"]], header_rows=1)]
    )
    assert [f.type for f in dataset.fields][:3] == ["text", "integer", "number"]
    assert [f.name for f in dataset.fields] == ["区", "人口(人)", "構成比", "row_type"]
    assert [f.ascii for f in dataset.fields][:3] == ["ward", "population", "share"]
    assert dataset.fields[2].unit == "%"
    assert dataset.fields[1].title == "人口(人)"
    assert dataset.fields[1].unit == "人"
    assert column(dataset, "row_type") == ["detail", "total"]


# Recognised text


def test_slips_of_a_recogniser_are_flagged_never_ok() -> None:
    rows = [[cell.replace("No.", "No.") for cell in row] for row in CASES]
    rows[1][0], rows[2][0] = "<del>-</del>", "ဗ"
    rows[1][6] = "氏名(世帯主)、年齢(世帯主)、年齢(世帯主)"
    rows[2][7] = "認め( る。"
    cases = shaped(table(rows, by="ocr_text", kind="ocr_text"))["consultations"]
    for row, name in ((0, "number"), (1, "number"), (0, "personal_data"), (1, "decision")):
        assert cases.rows[row][name].status == "review", (row, name)
    assert cases.rows[0]["project_summary"].status == "review"  # nothing confirms it in a table so full of slips


def test_words_and_numbers_cut_into_the_wrong_column_go_back() -> None:
    rows = [list(row) for row in LEGAL]
    rows[2] = ["内訳・刑事事件における関係行政機関等への提", "供 31 件", "54 件"]
    rows[3] = ["・その他の利用又は提供 199 件", "", "91件"]
    rows.insert(4, ["(主なもの:口座登録法等)", "", ""])
    legal = shaped(table(rows, by="ocr_text", kind="ocr_text"))["legal_basis_counts"]
    assert column(legal, "count")[1:3] == ["31 件", "199 件"]
    assert column(legal, "basis")[1] == "刑事事件における関係行政機関等への提供"
    assert column(legal, "basis")[2] == "その他の利用又は提供(主なもの:口座登録法等)"


@pytest.mark.skipif(not SEED.is_file(), reason="the OCR text is not here")
def test_the_seed_text_gives_its_three_datasets() -> None:
    from report_extract.page.words import lines
    from report_extract.readers import open_document
    from report_extract.tables.find import find_tables

    with open_document(SEED) as document:
        pages = list(document.pages())
        tables = [t for page in pages for t in find_tables(page)]
        said = [row for page in pages for row in lines(page, tables)]
    datasets, findings = shape(tables, said, USE)
    by_name = {d.name: d for d in datasets}
    assert [len(d.rows) for d in datasets] == [17, 11, 7]
    assert column(by_name["consultations"], "use_type") == ["internal_use"] * 3 + ["external_provision"] * 4
    assert column(by_name["legal_basis_counts"], "row_type").count("breakdown") == 3
    assert not findings


# Other ways to lay the same numbers out


def test_a_table_of_its_own_for_the_year_before() -> None:
    rows = [["部等名", "目的外利用", "外部提供", "計"], ["総務部", "1", "2", "3"], ["合計", "1", "2", "3"]]
    before = [rows[0], ["総務部", "4", "2", "6"], ["合計", "4", "2", "6"]]
    counts = shaped(
        table(rows, caption="1 部等別件数(令和6年度)"), table(before, caption="1 部等別件数(令和5年度)", top=300)
    )["department_counts"]
    assert column(counts, "subtotal") == ["3", "3"]
    assert column(counts, "prior_subtotal") == ["6", "6"]


def test_a_table_for_each_kind_of_use() -> None:
    counts = shaped(
        table([["部等名", "件数"], ["総務部", "1"], ["合計", "1"]], caption="(1) 目的外利用"),
        table([["部等名", "件数"], ["総務部", "4"], ["合計", "4"]], caption="(2) 外部提供", top=300),
    )["department_counts"]
    assert column(counts, "department") == ["総務部", "合計"]
    assert column(counts, "internal_use") == ["1", "1"]
    assert column(counts, "external_provision") == ["4", "4"]


def test_years_down_the_rows() -> None:
    rows = [["年度", "目的外利用", "外部提供", "計"], ["令和5年度", "4", "2", "6"], ["令和6年度", "1", "2", "3"]]
    counts = shaped(table(rows, caption="1 総務部"))["department_counts"]
    assert column(counts, "department") == ["総務部"]
    assert column(counts, "subtotal") == ["3"]
    assert column(counts, "prior_subtotal") == ["6"]


def test_kinds_of_use_down_the_rows() -> None:
    counts = shaped(
        table(
            [
                ["部等名", "区分", "件数", "前年度"],
                ["総務部", "目的外利用", "1", "2"],
                ["^", "外部提供", "3", "2"],
                ["^", "計", "4", "5"],
                ["合計", "目的外利用", "1", "2"],
                ["^", "外部提供", "3", "2"],
                ["^", "計", "4", "5"],
            ]
        )
    )["department_counts"]
    assert column(counts, "external_provision") == ["3", "3"]
    assert column(counts, "prior_subtotal") == ["5", "5"]
    assert column(counts, "row_type") == ["detail", "total"]


def test_columns_that_were_taken_for_one_are_never_silent() -> None:
    counts = shaped(
        table(
            [
                ["部局", "目的外利用", "外部提供 小計", "前年度"],
                ["総務部", "1", "16 17", "3"],
                ["市民部", "2", "3 5", "1"],
                ["合計", "3", "19 22", "4"],
            ],
            kind="aligned",
        )
    )["department_counts"]
    for row in counts.rows:
        assert any(d.kind == "run-together" for cell in row.values() for d in cell.doubts)


@pytest.mark.parametrize(("by", "flagged"), [("glyphs", True), ("pdfium", False)])
def test_marks_amid_kanji_are_doubted_where_letters_were_guessed(by: str, flagged: bool) -> None:
    rows = [["該当区分", "件数"], ["第2項第4号 学術.Eの目的", "3"], ["第2項第1号 本人同意", "1"], ["合計", "4"]]
    basis = shaped(table(rows, by=by))["legal_basis_counts"]
    assert (basis.rows[0]["basis"].status == "review") is flagged


@pytest.mark.parametrize(
    ("read", "by", "value", "status"),
    [
        ("◇自的外利用 法第69条第2項第2号", "rapidocr", "internal_use", "review"),
        ("◇目的外利用 法第69条第2項第2号", "rapidocr", "internal_use", "ok"),
        ("◇自的外利用 法第69条第2項第2号", "pdfium", None, ""),
        ("目的外利用・外部提供の状況", "rapidocr", None, ""),
    ],
)
def test_a_heading_with_one_letter_misread_is_understood_and_doubted(
    read: str, by: str, value: str | None, status: str
) -> None:
    dataset = next(d for d in USE.datasets if d.name == "consultations")
    heading = Cell(1, BBox(0, 0, 200, 12), readings=(Reading(read, by),))
    cell = said_by(heading, dataset).get("use_type")
    assert (cell and cell.text, cell.status if cell else "") == (value, status)


def test_a_form_with_two_pairs_a_row_is_one_case() -> None:
    form = [
        ["No.", "1", "事務事業名", "敬老事業"],
        ["保有課", "市民課", "利用課", "高齢者支援課"],
        ["利用目的", "名簿作成のため", "<", "<"],
        ["判断", "適当と認める", "<", "<"],
    ]
    (row,) = shaped(table(form, caption="協議案件 外部提供 第2項第3号"))["consultations"].rows
    assert [row[n].text for n in ("number", "project", "receiving_division", "purpose", "use_type")] == [
        "1", "敬老事業", "高齢者支援課", "名簿作成のため", "external_provision",
    ]  # fmt: skip


def test_two_halves_under_the_same_headings_are_one_table() -> None:
    heads = ["部局", "目的外利用", "外部提供", "小計"]
    rows = [["総務部", "1", "2", "3", "福祉部", "0", "4", "4"], ["会計課", "2", "0", "2", "合計", "3", "6", "9"]]
    counts = shaped(table([heads + heads, *rows]))["department_counts"]
    assert column(counts, "department") == ["総務部", "会計課", "福祉部", "合計"]
    assert column(counts, "subtotal") == ["3", "2", "4", "9"]


def test_a_paragraph_in_a_row_of_its_own_is_said_of_the_rows_below() -> None:
    rows = [["根拠", "件数"], ["法第69条第1項", ""], ["法令に基づく場合", "5"], ["・統計法", "2"], ["・税務調査", "3"],
            ["法第69条第2項", ""], ["第1号 本人の同意", "4"], ["合計", "9"]]  # fmt: skip
    legal = shaped(table(rows))["legal_basis_counts"]
    assert column(legal, "paragraph") == ["1", "1", "1", "2", ""]
    assert column(legal, "basis") == ["法令に基づく場合", "統計法", "税務調査", "本人の同意", "合計"]


def test_the_word_behind_all_references_is_no_wording() -> None:
    rows = [["根拠", "件数"], ["第2項第1号関係 本人の同意", "4"], ["第2項第3号関係 他の行政機関", "5"], ["合計", "9"]]
    assert column(shaped(table(rows))["legal_basis_counts"], "basis") == ["本人の同意", "他の行政機関", "合計"]
    rows[1][0], rows[2][0] = "第2項第1号 本人の同意", "第2項第3号 関係機関への提供"
    assert column(shaped(table(rows))["legal_basis_counts"], "basis") == ["本人の同意", "関係機関への提供", "合計"]


def test_references_and_wording_in_columns_of_their_own() -> None:
    rows = [["条項", "<", "内容", "件数"], ["第1項", "<", "法令に基づく場合", "5"], ["^", "^", "統計法", "2"],
            ["^", "^", "税務調査", "3"], ["第2項", "第1号", "本人の同意", "4"], ["合計", "<", "<", "9"]]  # fmt: skip
    legal = shaped(table(rows))["legal_basis_counts"]
    assert column(legal, "basis") == ["法令に基づく場合", "統計法", "税務調査", "本人の同意", "合計"]
    assert column(legal, "row_type") == ["detail", "breakdown", "breakdown", "detail", "total"]
    assert column(legal, "item") == ["", "", "", "1", ""]


def test_the_rest_of_a_table_without_headings_is_pointed_out() -> None:
    first = table([["根拠", "件数"], ["第1項 法令に基づく場合", "5"], ["第2項第1号 本人の同意", "4"]])
    rest = table([["第2項第3号 他の行政機関", "5"], ["合計", "14"]], page=2)
    _, findings = shape([first, rest], [line("令和6年度 目的外利用の状況", 20)], USE)
    assert findings[0].kind == "unknown-table"


def test_none_of_one_thing_does_not_hide_what_is_missing() -> None:
    counts = table([["部局", "目的外利用", "外部提供", "小計"], ["総務部", "1", "2", "3"], ["合計", "1", "2", "3"]])
    said = [
        line("1 部局別", 80),
        line("2 該当区分別実施件数", 300),
        line("備考", 310),
        line("注", 320),
        line("続き", 330),
    ]
    _, findings = shape([counts], [*said, line("3 協議案件", 400), line("該当なし", 420)], USE)
    assert [f.kind for f in findings] == ["missing-table"]


def test_last_year_said_aside_above_a_table_is_last_year() -> None:
    heads = ["部局", "目的外利用", "外部提供", "小計"]
    own = table([heads, ["総務部", "1", "2", "3"], ["福祉部", "0", "4", "4"], ["合計", "1", "6", "7"]], top=100)
    before = table([heads, ["総務部", "1", "1", "2"], ["福祉部", "1", "1", "2"], ["合計", "2", "2", "4"]], top=300)
    lines = [line("令和6年度 目的外利用の状況", 20), line("(参考)前年度", 270), line("(単位:件)", 285)]
    counts = shaped(own, before, lines=lines)["department_counts"]
    assert column(counts, "prior_subtotal") == ["2", "2", "4"]
    assert column(counts, "row_type") == ["detail", "detail", "total"]


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("一第2項第3号 他の行政機関", ("2", "3", "ok")),  # what is left of a rule before it
        ("他の第項第号行政機関", ("", "", "review")),
    ],
)
def test_a_reference_that_was_not_read_is_not_silently_missing(wording: str, expected: tuple[str, str, str]) -> None:
    rows = [["該当区分(法69条)", "件数"], ["第1項 法令に基づく場合", "2"], ["第2項第1号 本人の同意", "1"],
            [wording, "3"], ["合計", "6"]]  # fmt: skip
    row = shaped(table(rows, by="rapidocr"))["legal_basis_counts"].rows[2]
    assert (row["paragraph"].text, row["item"].text, row["paragraph"].status) == expected
