"""Which column is which field: headings, values and the profile's sums together, and what none of them settles."""

from __future__ import annotations

from dataclasses import replace

from .test_shape import column, shaped, table

HEAD = ["部等名", "目的外利用", "外部提供", "計"]


def test_a_figure_in_brackets_is_a_value_of_its_own() -> None:
    """The bracketed part used to cost the whole column its place."""
    rows = [
        HEAD,
        ["総務部", "76 (26)", "4", "80 (26)"],
        ["消防本部", "-(0)", "3", "3"],
        ["合計", "76(26)", "7", "83(26)"],
    ]
    counts = shaped(replace(table(rows), notes=("( )内は内数である。",)))["department_counts"]
    assert column(counts, "internal_use") == ["76", "-", "76"]
    assert column(counts, "subtotal") == ["80", "3", "83"]
    inside = next(f.name for f in counts.fields if f.title == "( )内 目的外利用")
    assert column(counts, inside) == ["26", "0", "26"]
    assert {cell.status for row in counts.rows for cell in row.values()} == {"ok"}


def test_a_field_without_a_column_beside_one_that_is_left_over_doubts_the_table() -> None:
    """Nothing proves 計 here, and 甲 may be it as well: no figure of the table is certain."""
    rows = [
        ["部等名", "目的外利用", "甲", "乙"],
        ["総務部", "5", "1", "2"],
        ["消防本部", "2", "4", "9"],
        ["合計", "7", "5", "11"],
    ]
    counts = shaped(table(rows))["department_counts"]
    for row in counts.rows:
        assert {cell.status for name, cell in row.items() if name not in ("department", "row_type")} == {"review"}


def test_columns_that_the_sums_prove_are_certain_beside_one_that_is_left_over() -> None:
    rows = [
        [*HEAD, "対比"],
        ["総務部", "5", "1", "6", "2"],
        ["消防本部", "2", "4", "6", "9"],
        ["合計", "7", "5", "12", "11"],
    ]
    counts = shaped(table(rows))["department_counts"]
    doubted = {name for row in counts.rows for name, cell in row.items() if cell.status == "review"}
    assert doubted == {next(f.name for f in counts.fields if f.title == "対比")}


def test_the_sums_tell_which_column_a_field_is_and_a_person_confirms_it() -> None:
    rows = [
        ["部等名", "目的外利用", "外部提供", "甲", "乙"],
        ["総務部", "5", "1", "9", "6"],
        ["消防本部", "2", "4", "8", "6"],
        ["市民部", "0", "3", "7", "3"],
        ["合計", "7", "8", "24", "15"],
    ]
    counts = shaped(table(rows))["department_counts"]
    assert column(counts, "subtotal") == ["6", "6", "3", "15"]
    assert {row["subtotal"].status for row in counts.rows} == {"review"}


def test_a_heading_above_the_wrong_column_is_told_by_the_sums() -> None:
    """計 stands above last year's figures, and the sum of each row in a column whose heading is lost."""
    rows = [
        ["部等名", "目的外利用", "外部提供", "", "計"],
        ["総務部", "5", "1", "6", "9"],
        ["消防本部", "2", "4", "6", "1"],
        ["市民部", "1", "3", "4", "7"],
        ["合計", "8", "8", "16", "17"],
    ]
    counts = shaped(table(rows))["department_counts"]
    assert column(counts, "subtotal") == ["6", "6", "4", "16"]
    assert {row["subtotal"].status for row in counts.rows} == {"review"}
