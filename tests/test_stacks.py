"""Forms that stand one below the other in one table come apart; rows of counts are told for what they are."""

from __future__ import annotations

from .test_shape import column, line, shaped, table

HEADING = line("◇目的外利用 法第69条第2項第2号", 80)
TITLE = line("令和6年度 目的外利用・外部提供の状況", 20)


def form(number: str, division: str) -> list[list[str]]:
    return [
        ["No.", number],
        ["保有課", division],
        ["利用課等", "税務課"],
        ["事業名", "調査"],
        ["利用目的", "案内のため"],
    ]


def test_stacked_forms_are_cases_of_their_own() -> None:
    cases = shaped(table([*form("1", "市民課"), *form("2", "福祉課")]), lines=[TITLE, HEADING])["consultations"]
    assert column(cases, "number") == ["1", "2"]
    assert column(cases, "holding_division") == ["市民課", "福祉課"]
    assert column(cases, "use_type") == ["internal_use"] * 2


def test_a_number_beside_its_form_is_the_number_of_the_case() -> None:
    rows = [[f"番号{n}" if i == 0 else "^", *row] for n in (1, 2) for i, row in enumerate(form("", f"第{n}課")[1:])]
    cases = shaped(table(rows), lines=[TITLE, HEADING])["consultations"]
    assert column(cases, "number") == ["1", "2"]
    assert column(cases, "holding_division") == ["第1課", "第2課"]


def test_the_end_of_one_form_and_the_beginning_of_the_next_are_doubted_together() -> None:
    mixed = [
        ["利用目的", "案内のため"],
        ["判断", "適当"],
        ["保有課", "市民課"],
        ["利用課等", "税務課"],
        ["事業名", "調査"],
    ]
    cases = shaped(table(mixed), lines=[TITLE, HEADING])["consultations"]
    assert {d.kind for row in cases.rows for cell in row.values() for d in cell.doubts} >= {"mixed-form"}


def test_titles_of_groups_of_rows_are_no_rows() -> None:
    rows = [
        ["部局名", "目的外利用", "外部提供", "小計"],
        ["○市長部局", "", "", ""], ["総務部", "1", "2", "3"], ["福祉部", "", "", ""],
        ["○その他", "", "", ""], ["議会", "1", "1", "2"],
        ["合計", "2", "3", "5"],
    ]  # fmt: skip
    assert column(shaped(table(rows))["department_counts"], "department") == ["総務部", "福祉部", "議会", "合計"]


def test_rows_that_only_the_total_tells_from_others_are_a_breakdown() -> None:
    rows = [
        ["該当区分", "件数"],
        ["法令に基づく場合", "6"], ["捜査照会", "2"], ["税務調査", "4"],
        ["第2項第1号 本人の同意", "1"], ["第2項第2号 内部利用", "2"],
        ["合計", "9"],
    ]  # fmt: skip
    kinds = column(shaped(table(rows))["legal_basis_counts"], "row_type")
    assert kinds == ["detail", "breakdown", "breakdown", "detail", "detail", "total"]


def test_a_breakdown_in_a_column_of_its_own_is_the_label_of_its_rows() -> None:
    rows = [
        ["根拠規定", "内訳", "件数"],
        ["第69条第1項 法令に基づく場合", "", "6"], ["", "統計法", "2"], ["", "住民基本台帳法", "4"],
        ["第69条第2項第1号 本人の同意", "", "1"],
        ["合計", "", "7"],
    ]  # fmt: skip
    legal = shaped(table(rows))["legal_basis_counts"]
    assert column(legal, "basis")[1:3] == ["統計法", "住民基本台帳法"]
    assert column(legal, "row_type")[1:3] == ["breakdown", "breakdown"]


def test_the_word_that_relates_a_row_to_its_reference_is_no_part_of_the_wording() -> None:
    rows = [
        ["根拠条項", "件数"],
        ["第69条第2項第1号関係 本人の同意", "1"],
        ["第2項第3号 関係機関への提供", "2"],
        ["合計", "3"],
    ]
    assert column(shaped(table(rows))["legal_basis_counts"], "basis") == ["本人の同意", "関係機関への提供", "合計"]


def test_last_years_figures_in_brackets_are_those_of_last_year() -> None:
    rows = [
        ["部局名", "目的外利用", "外部提供", "計"],
        ["総務部", "1(2)", "3 (4)", "4(6)"], ["福祉部", "-(1)", "2(-)", "2(1)"],
        ["合計", "1(3)", "5(4)", "6(7)"],
    ]  # fmt: skip
    note = line("※( )内は前年度の件数", 90)
    counts = shaped(table(rows), lines=[TITLE, note])["department_counts"]
    assert column(counts, "internal_use") == ["1", "-", "1"]
    assert column(counts, "prior_subtotal") == ["6", "1", "7"]
    unsaid = shaped(table(rows))["department_counts"]  # nothing says what the brackets are
    assert not any(column(unsaid, "prior_subtotal"))


def test_the_number_of_a_law_in_a_note_is_no_reference() -> None:
    rows = [["該当区分", "件数"], ["法令に基づく場合", "1"], ["第2項第1号 本人の同意", "2"], ["合計", "3"]]
    note = line("※法:個人情報の保護に関する法律(平成15年法律第57号)", 60)
    assert column(shaped(table(rows), lines=[TITLE, note])["legal_basis_counts"], "item")[0] == ""


def test_a_breakdown_goes_on_after_a_page_break() -> None:
    first = [["項", "号", "区分", "件数"], ["1", "", "法令に基づく場合", "5"], ["2", "1", "本人の同意", "6"]]
    second = [
        ["項", "号", "区分", "件数"],
        ["", "", "・統計法", "4"],
        ["", "", "・その他", "2"],
        ["合計", "", "", "11"],
    ]
    legal = shaped(table(first), table(second, page=2))["legal_basis_counts"]
    assert column(legal, "row_type") == ["detail", "detail", "breakdown", "breakdown", "total"]
    assert column(legal, "item")[2:4] == ["1", "1"]


def test_a_row_of_a_form_is_no_caption_of_another_table() -> None:
    rows = [row for n in ("1", "2") for row in [*form(n, "市民課"), ["協議結果", "適当"]]]
    cases = shaped(table(rows), lines=[TITLE, HEADING])["consultations"]
    assert column(cases, "decision") == ["適当", "適当"]


def test_a_label_without_its_first_part_is_doubted() -> None:
    rows = [
        ["部", "課", "目的外利用", "外部提供", "小計"],
        ["", "人事課", "1", "2", "3"],
        ["福祉部", "福祉課", "1", "1", "2"], ["^", "介護課", "0", "1", "1"], ["^", "小計", "1", "2", "3"],
        ["合計", "<", "2", "4", "6"],
    ]  # fmt: skip
    counts = shaped(table(rows))["department_counts"]
    doubted = [any(d.kind == "lone-label" for d in row["department"].doubts) for row in counts.rows]
    assert doubted == [True, False, False, False, False]
