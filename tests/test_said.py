"""What a report's sums make of its figures, cell by cell, and the words in which it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.checks.balance import balance
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Field, Reading, Table
from report_extract.profile.spec import Profile
from report_extract.sums.rules import parse

from .figures import BOX, dataset, spoilt
from .small import COLUMN, ROW, Outcome, told

ONE = "name:name a:count kind:row_type"
FIVE = "name:name a:count b:count c:count e:count sum:count kind:row_type"
GRID = "x 1 2 3 detail|y 4 5 9 detail|z 7 1 8 detail|合計 12 8 20 total"
LOOSE = Table(1, BOX, 0, (Cell(1, BOX, readings=(Reading("1", "pdfium"),)),), kind="aligned")


def titled(data: Dataset) -> Dataset:
    return replace(data, fields=tuple(replace(f, title={"a": "目的外"}.get(f.name, "")) for f in data.fields))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("d: a + b = e", "目的外 1 + b 2 ≠ e 4(x)"),
        ("d: a + b - c = sum", "目的外 1 + b 2 - c 3 ≠ sum 11(x)"),
        ("d: a + b + c + e = sum", "目的外など4項目の計 10 ≠ sum 11(x)"),
        ("d: sum = a + b + c + e", "sum 11 ≠ 目的外など4項目の計 10(x)"),
        ("d: 0.5*a = b", "0.5 × 目的外 1 ≠ b 2(x)"),
        ("d: c - 2*a = b", "c 3 - 2 × 目的外 1 ≠ b 2(x)"),
    ],
)
def test_an_equation_in_words(rule: str, words: str) -> None:
    outcome = told("x 1 2 3 4 11 detail", rules=[rule], fields=FIVE, change=titled)
    ((scope, _, _, _, note),) = outcome.lines("fail")
    assert (scope, note) == ("x", words)


@pytest.mark.parametrize(
    ("rule", "expected", "actual"),
    [
        ("d: a + b - c = e", "4", "0"),
        ("d: e - sum = a - b", "-1", "-7"),
        ("d: 0.5*a = b", "2", "0.5"),
        ("d: sum = 2.5*c", "7.5", "11"),
    ],
)
def test_both_sides_of_an_equation_are_told(rule: str, expected: str, actual: str) -> None:
    ((_, *sides, status, _),) = told("x 1 2 3 4 11 detail", rules=[rule], fields=FIVE).lines("fail")
    assert (sides, status) == ([expected, actual], "fail")


def test_a_sum_of_rows_names_its_rows_by_their_number_and_a_single_one_by_name() -> None:
    note = "a(x) 1 ≠ a(合計) 2"
    assert told("x 1 detail|合計 2 total", rules=[COLUMN], fields=ONE).lines("fail") == [("a", "2", "1", "fail", note)]
    ((*_, note),) = told("x 1 detail|y 2 detail|合計 2 total", rules=[COLUMN], fields=ONE).lines("fail")
    assert note == "aの2行の和 3 ≠ a(合計) 2"


def test_an_unread_part_is_a_question_mark_and_its_total_is_not_told_from_it() -> None:
    outcome = told("x 1 2 3 detail|y 4 ~ 9 detail|合計 5 7 12 total", rules=[ROW, COLUMN])
    assert outcome.lines("fail") == [
        ("y", "9", "4", "fail", "a 4 + b ? ≠ sum 9(y)"),
        ("b", "7", "2", "fail", "bの2行の和 2 ≠ b(合計) 7"),
    ]
    assert outcome.lines("pass")[0] == ("", "", "", "pass", "")
    assert len(next(c for c in outcome.checks if c.status == "pass").places) == 6


def test_two_datasets_are_held_against_each_other_by_the_names_of_their_rows() -> None:
    one = dataset("d", ["name:name", "a:count", "kind:row_type"], [["x", "3", "detail"], ["合計", "3", "total"]])
    other = dataset("e", ["name:name", "b:count", "kind:row_type"], [["合計", "4", "total"]])
    profile = Profile("p", rules=(parse({"rule": "d: a[total] = e.b[total]", "check": "cross"}),))
    done, (check,), findings = balance([one, other], (), (), profile)
    assert (check.check, check.scope, check.expected, check.actual, check.status) == ("cross", "", "4", "3", "fail")
    assert check.note == "a(合計) 3 ≠ b(合計) 4"
    assert check.places == (("d", 1, "a"), ("e", 0, "b")) and findings == ()
    assert [(d.kind, d.values) for d in done[1].rows[0]["b"].doubts] == [("unbalanced", ("a(合計) 3 ≠ b(合計) 4", "3"))]


def test_a_misread_figure_is_restored_and_what_proves_it_is_quoted() -> None:
    outcome = told(GRID.replace("y 4 5", "y 4 6"), "rapidocr")
    cell = outcome.cell(1, "b")
    assert (cell.raw, cell.text, cell.status, cell.readings[-1].by) == ("6", "5", "repaired", "equation")
    assert cell.readings[-1].note == (
        "次の式が成り立つのはこの値だけ(他の値には2か所以上の誤読が要る): "
        "a 4 + b 5 = sum 9(y)、bの3行の和 8 = b(合計) 8"
    )
    assert outcome.lines("repaired") == [
        ("y", "9", "9", "repaired", "y b: 「6」→5"),
        ("b", "8", "8", "repaired", "y b: 「6」→5"),
    ]
    assert outcome.doubts() == {} and outcome.found() == [] and outcome.lines("fail") == []


def test_a_printed_figure_that_two_sums_contradict_is_doubted_with_what_it_should_be() -> None:
    outcome = told(GRID.replace("y 4 5", "y 4 6"))
    assert outcome.doubts() == {
        (1, "b"): [("unbalanced", "a 4 + b 6 ≠ sum 9(y)", "5"), ("unbalanced", "bの3行の和 9 ≠ b(合計) 8", "5")]
    }
    assert outcome.cell(1, "b").text == "6"
    assert outcome.lines("repaired") == []


def test_what_would_have_to_be_below_nought_is_not_proposed() -> None:
    outcome = told("x 1 2 3 4 11 detail", rules=["d: a + b - c = e"], fields=FIVE)
    wanted = {field: doubts[0][2] for (_, field), doubts in outcome.doubts().items()}
    assert wanted == {"a": "5", "b": "6", "c": "?", "e": "0"}


def test_two_wrong_amounts_are_both_proposed() -> None:
    outcome = told("x 1 2 3 detail|y 4 6 9 detail|合計 5 9 12 total", rules=[ROW, COLUMN])
    assert {doubt[2] for doubt in outcome.doubts()[1, "b"]} == {"5・7"}
    assert {doubt[2] for doubt in outcome.doubts()[2, "b"]} == {"7・8"}


@pytest.mark.parametrize(("rows", "named"), [(3, {0, 1, 2, 3}), (4, {4})])
def test_of_more_than_four_printed_figures_only_the_total_is_pointed_out(rows: int, named: set[int]) -> None:
    text = "|".join([f"x{i} {i} detail" for i in range(rows)] + ["合計 99 total"])
    assert {r for r, _ in told(text, rules=[COLUMN], fields=ONE).doubts()} == named
    assert {r for r, _ in told(text, "rapidocr", [COLUMN], ONE).doubts()} == set(range(rows + 1))


def test_a_total_that_was_not_read_is_doubted_where_its_parts_are_more_than_nought() -> None:
    for by in ("pdfium", "rapidocr"):
        outcome = told("x 1 detail|y 0 detail|合計 ~ total", by, [COLUMN], ONE)
        assert outcome.doubts()[2, "a"] == [("unproved-blank",)] and outcome.checks == []
        empty = told("x 0 detail|y 0 detail|合計 ~ total", by, [COLUMN], ONE)
        assert (2, "a") not in empty.doubts() and empty.cell(2, "a").text == "0"


def test_an_empty_part_that_the_sums_prove_to_be_nought_says_why() -> None:
    for by in ("pdfium", "rapidocr"):
        outcome = told("x 1 2 3 detail|y 4 ~ 4 detail|合計 5 2 7 total", by)
        cell = outcome.cell(1, "b")
        assert (cell.text, cell.status, cell.readings[-1].by) == ("0", "ok", "blank")
        assert cell.readings[-1].note == "空欄を0とすると計算が合うため"
        assert outcome.doubts() == {} and not outcome.lines("fail")


def test_an_empty_cell_that_was_doubted_is_settled_with_its_sum() -> None:
    def unsure(data: Dataset) -> Dataset:
        rows = list(data.rows)
        rows[1] = {**rows[1], "b": rows[1]["b"].doubted("illegible")}
        return replace(data, rows=tuple(rows))

    outcome = told("x 1 2 3 detail|y 4 ~ 4 detail|合計 5 2 7 total", "rapidocr", change=unsure)
    assert outcome.cell(1, "b").text == "0" and outcome.doubts() == {}


def test_a_blank_of_a_recognised_page_that_nothing_proves_is_doubted_and_a_printed_one_is_not() -> None:
    text = "x 1 2 3 detail|y 4 ~ 9 detail|合計 5 2 12 total"
    assert ("unproved-blank",) in told(text, "rapidocr", [ROW]).doubts()[1, "b"]
    assert (1, "b") not in told(text, "pdfium", [ROW]).doubts()


def test_a_recognised_figure_without_a_sum_is_unchecked_unless_two_readings_agree() -> None:
    def twice(data: Dataset) -> Dataset:
        rows = [dict(row) for row in data.rows]
        rows[0]["a"] = rows[0]["a"].read("7", "figures", 0.95)
        return replace(data, rows=tuple(rows))

    outcome = told("x 7 detail|y 8 detail", "rapidocr", [COLUMN], ONE, change=twice)
    assert outcome.doubts() == {(1, "a"): [("unchecked",)]}
    assert told("x 7 detail|y 8 detail", "pdfium", [COLUMN], ONE).doubts() == {}


def test_a_doubtful_figure_without_a_sum_keeps_its_own_doubt() -> None:
    def unsure(data: Dataset) -> Dataset:
        rows = [dict(row) for row in data.rows]
        rows[0]["a"] = rows[0]["a"].doubted("unsure-reading", "7", "1")
        return replace(data, rows=tuple(rows))

    outcome = told("x 7 detail|y 8 detail", "rapidocr", [COLUMN], ONE, change=unsure)
    assert outcome.doubts() == {(0, "a"): [("unsure-reading", "7", "1")], (1, "a"): [("unchecked",)]}


PRIOR = "name:name a:count b:count sum:count p:count kind:row_type"


@pytest.mark.parametrize("kind", ["aligned", "ruled"])
def test_figures_of_a_table_without_rules_need_a_sum(kind: str) -> None:
    text = "x 1 2 3 7 detail|y 4 5 9 8 detail|合計 5 7 12 15 total"
    table = replace(LOOSE, kind=kind)
    loose = kind == "aligned"
    outcome = told(text, rules=[ROW], fields=PRIOR, tables=[table])
    assert outcome.doubts() == ({(r, "p"): [("unconfirmed",)] for r in range(3)} if loose else {})
    assert told(text, rules=[ROW, COLUMN], fields=PRIOR, tables=[table]).doubts() == {}
    assert told(text.replace(" 8 ", " ~ "), rules=[ROW], fields=PRIOR, tables=[table]).doubts() == (
        {(0, "p"): [("unconfirmed",)], (1, "p"): [("unproved-blank",)], (2, "p"): [("unconfirmed",)]} if loose else {}
    )


def test_a_column_whose_total_adds_up_confirms_all_of_it_and_a_subtotal_only_its_rows() -> None:
    text = "x 1 detail|y 2 detail|小計 3 subtotal|z 4 detail"
    outcome = told(text, rules=["d: sum(*) = *[subtotal]"], fields=ONE, tables=[LOOSE])
    assert outcome.doubts() == {(3, "a"): [("unconfirmed",)]}
    text = "w 9 breakdown|x 1 detail|y 2 detail|合計 3 total"
    assert told(text, rules=[COLUMN], fields=ONE, tables=[LOOSE]).doubts() == {}


def test_a_sum_that_fails_in_a_table_without_rules_doubts_all_its_figures() -> None:
    text = "|".join([f"x{i} {i} detail" for i in range(5)] + ["合計 99 total"])
    outcome = told(text, rules=[COLUMN], fields=ONE, tables=[LOOSE])
    assert {r for r, _ in outcome.doubts()} == set(range(6))
    assert outcome.doubts()[0, "a"] == [("unbalanced", "aの5行の和 10 ≠ a(合計) 99", "89"), ("unconfirmed",)]
    elsewhere = replace(LOOSE, cells=(replace(LOOSE.cells[0], bbox=BBox(9, 9, 10, 10)),))
    assert {r for r, _ in told(text, rules=[COLUMN], fields=ONE, tables=[elsewhere]).doubts()} == {5}


@pytest.mark.parametrize(
    ("text", "reading", "settled"),
    [("5:", "5", True), (".5件", "5", True), ("6:", "6", False), ("l", "", False)],
)
def test_specks_around_a_figure_are_seen_through_where_one_sum_holds(text: str, reading: str, settled: bool) -> None:
    """One sum is enough for a figure that stands there as it is, none for one that does not add up."""
    outcome = told(f"x 4 detail|y {text} detail|合計 9 total", "rapidocr", [COLUMN], ONE)
    cell = outcome.cell(1, "a")
    assert (cell.status == "repaired") is settled
    if settled:
        assert cell.text == reading
        assert outcome.lines("repaired") == [("a", "9", "9", "repaired", f"y a: 「{text}」→5")]
        assert cell.readings[-1].note.endswith("aの2行の和 9 = a(合計) 9")
    else:
        assert cell.text == text and cell.status == "review"


def test_two_figures_with_specks_under_one_sum_could_each_be_wrong() -> None:
    outcome = told("x 4: detail|y 5: detail|合計 9 total", "rapidocr", [COLUMN], ONE)
    assert not any(c.status == "repaired" for row in outcome.data.rows for c in row.values())


def test_figures_with_specks_are_seen_through_one_after_the_other() -> None:
    """The first one that a sum settles makes the next one the only one of its own."""
    text = "x 1: 2: 3 detail|y 4 5 9 detail|合計 5 7 12 total"
    outcome = told(text, "rapidocr", [ROW, "d: sum(a) = a[total]"])
    assert [outcome.cell(0, f).text for f in ("a", "b")] == ["1", "2"]


def kinds_of(data: Dataset, field: str) -> list[list[tuple[str, ...]]]:
    return [[(d.kind, *d.values) for d in row[field].doubts] for row in data.rows]


@pytest.mark.parametrize(
    ("kind", "doubted"),
    [("readings-differ", True), ("illegible", True), ("unknown-name", False), ("uncastable", False)],
)
def test_the_kind_of_a_row_is_as_sure_as_its_first_label(kind: str, doubted: bool) -> None:
    def unsure(data: Dataset) -> Dataset:
        rows = [dict(row) for row in data.rows]
        rows[1]["name"] = rows[1]["name"].doubted(kind, "念言")
        return replace(data, rows=tuple(rows))

    outcome = told("x 1 detail|合計 1 total", rules=[COLUMN], fields=ONE, change=unsure)
    assert kinds_of(outcome.data, "kind") == [[], [("unsure-kind", "合計")] if doubted else []]


def test_an_empty_label_says_nothing_and_the_next_one_does() -> None:
    def unsure(data: Dataset) -> Dataset:
        rows = [dict(row) for row in data.rows]
        rows[0]["name"] = rows[0]["name"].doubted("illegible")
        rows[0]["more"] = rows[0]["more"].doubted("illegible")
        rows[1]["more"] = rows[1]["more"].doubted("illegible")
        return replace(data, rows=tuple(rows))

    fields = "name:name more:text a:count kind:row_type"
    outcome = told("~ w 1 detail|x v 1 detail|- - 2 total", rules=[COLUMN], fields=fields, change=unsure)
    assert kinds_of(outcome.data, "kind") == [[("unsure-kind", "w")], [], []]
    bare = told("x 1|y 2", rules=[], fields="name:name a:count")
    assert bare.data.row_type == "" and bare.doubts() == {}


NOTE = "※延べ件数のため、合計は一致しない。"


def test_a_note_explains_a_sum_whose_parts_are_more_and_no_figure_is_doubted() -> None:
    outcome = told("x 4 detail|y 5 detail|合計 8 total", rules=[COLUMN], fields=ONE, notes=[NOTE])
    assert outcome.lines("explained") == [("a", "8", "9", "explained", NOTE)]
    assert outcome.doubts() == {}
    less = told("x 4 detail|y 3 detail|合計 8 total", rules=[COLUMN], fields=ONE, notes=[NOTE])
    assert less.lines("explained") == [] and less.doubts()


def test_a_note_explains_no_sum_of_rows_of_which_one_was_hard_to_read() -> None:
    def unsure(data: Dataset) -> Dataset:
        rows = [dict(row) for row in data.rows]
        rows[0]["a"] = rows[0]["a"].doubted("unsure-reading", "4", "3")
        return replace(data, rows=tuple(rows))

    text = "x 4 detail|y 5 detail|合計 8 total"
    outcome = told(text, "rapidocr", [COLUMN], ONE, notes=[NOTE], change=unsure)
    assert outcome.lines("explained") == [] and outcome.lines("fail")
    across = told("x 4 5 8 detail", "rapidocr", [ROW], notes=[NOTE], change=unsure)
    assert [line[3] for line in across.lines("explained", "fail")] == ["explained"]


def test_what_a_note_explains_proves_nothing_and_settles_nothing() -> None:
    """The explained sum may not repair, and a figure under it alone stays unchecked."""
    outcome = told("x 4 detail|y 5 detail|合計 8 total", "rapidocr", [COLUMN], ONE, notes=[NOTE])
    assert {r for r, _ in outcome.doubts()} == {0, 1, 2}
    assert not any(c.status == "repaired" for row in outcome.data.rows for c in row.values())


@pytest.mark.parametrize(("year", "status"), [(2024, "fail"), (2023, "explained"), (None, "fail")])
def test_a_note_on_a_year_is_held_against_the_report_s_own(year: int | None, status: str) -> None:
    title = "実施状況報告(令和6年度実績)"
    note = "※令和5年度は延べ件数のため一致しない。"
    text = "x 4 detail|y 5 detail|合計 8 total"
    outcome = told(text, rules=[COLUMN], fields=ONE, notes=[title, note], year=year)
    assert [c.status for c in outcome.checks] == [status]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=5), st.data())
@settings(max_examples=40)
def test_no_recognised_figure_is_ok_and_wrong(body: list[tuple[int, int]], data: st.DataObject) -> None:
    """Up to two figures misread in a table with sums across and down: what is not right is flagged."""
    full = [[a, b, a + b] for a, b in body]
    full.append([sum(column) for column in zip(*full, strict=True)])
    text = "|".join(
        f"{'合計' if i == len(body) else f'x{i}'} {' '.join(map(str, row))} {'total' if i == len(body) else 'detail'}"
        for i, row in enumerate(full)
    )
    places = st.tuples(st.integers(0, len(body)), st.integers(0, 2))
    wrong = data.draw(st.dictionaries(places, st.sampled_from(["", "7", "70", "1:", "x", "108"]), max_size=2))

    def misread(made: Dataset) -> Dataset:
        for (row, column), said in wrong.items():
            made = spoilt(made, row, ("a", "b", "sum")[column], said)
        return made

    outcome: Outcome = told(text, "rapidocr", [ROW, COLUMN], change=misread)
    for r, row in enumerate(full):
        for c, value in enumerate(row):
            cell = outcome.cell(r, ("a", "b", "sum")[c])
            assert cell.text == str(value) or cell.status == "review"


def test_fields_that_are_no_counts_take_no_part() -> None:
    data = dataset("d", ["name:name", "a:count", "kind:row_type"], [["x", "1", "detail"], ["合計", "1", "total"]])
    more = replace(data, fields=(*data.fields, Field("no", "integer")))
    assert [c.scope for c in told(more, rules=[COLUMN]).checks] == ["a"]


def test_an_empty_part_counts_as_nothing_in_its_sum() -> None:
    outcome = told("y 4 ~ 5 detail|z 1 2 3 detail", rules=[ROW])
    assert outcome.lines("fail") == [("y", "5", "4", "fail", "a 4 + b ? ≠ sum 5(y)")]
    assert told("y 4 ~ 4 detail|z 1 2 3 detail", rules=[ROW]).cell(0, "b").text == "0"


def test_an_empty_cell_of_a_scan_that_two_sums_agree_on_is_filled_and_its_sums_hold() -> None:
    outcome = told(GRID.replace("y 4", "y ~"), "rapidocr")
    assert (outcome.cell(1, "a").text, outcome.cell(1, "a").status) == ("4", "repaired")
    assert outcome.lines("repaired", "fail") == [
        ("y", "9", "9", "repaired", "y a: 「」→4"),
        ("a", "12", "12", "repaired", "y a: 「」→4"),
    ]


def test_where_a_figure_was_read_twice_alike_the_likelier_others_are_doubted_with_their_own_sums() -> None:
    def twice(data: Dataset) -> Dataset:
        rows = [dict(row) for row in data.rows]
        rows[1]["b"] = rows[1]["b"].read("6", "figures", 0.95)
        return replace(data, rows=tuple(rows))

    doubts = told(GRID.replace("y 4 5", "y 4 6"), "rapidocr", change=twice).doubts()
    assert doubts[1, "a"] == [("unbalanced", "a 4 + b 6 ≠ sum 9(y)", "?")]
    assert doubts[2, "b"] == [("unbalanced", "bの3行の和 9 ≠ b(合計) 8", "?")]
    assert doubts[0, "a"] == [("unbalanced", "?", "?")]  # at fault only together with others
    assert [d[2] for d in doubts[1, "b"]] == ["5", "5"]


def test_a_note_explains_no_total_at_the_head_of_its_rows_of_which_one_was_hard_to_read() -> None:
    def unsure(data: Dataset) -> Dataset:
        rows = [dict(row) for row in data.rows]
        rows[1]["a"] = rows[1]["a"].doubted("unsure-reading", "4", "3")
        return replace(data, rows=tuple(rows))

    outcome = told("合計 8 total|x 4 detail|y 5 detail", "rapidocr", [COLUMN], ONE, notes=[NOTE], change=unsure)
    assert outcome.lines("explained") == [] and outcome.lines("fail")


def test_numbers_are_checked_in_the_dataset_that_the_rule_names_and_all_findings_are_told() -> None:
    fields = ["no:integer", "name:name", "a:count", "b:count", "kind:row_type"]
    rows = [["1", "x", "1", "2", "detail"], ["4", "合計", "5", "9", "total"]]
    given_twice = [dataset("d", fields, rows), dataset("e", fields, rows)]
    rules = ("d: no counts by name", "d: sum(*) = *[total]")
    profile = Profile("p", rules=tuple(parse(r) for r in rules))
    _, checks, findings = balance(given_twice, (), (), profile)
    assert [(c.scope, c.actual, c.places) for c in checks if c.expected == "1..2"] == [
        ("x", "1,4", (("d", 0, "no"), ("d", 1, "no")))
    ]
    assert len(checks) == 3
    assert [(f.kind, f.scope) for f in findings] == [("missing-row", "d"), ("missing-row", "d")]
