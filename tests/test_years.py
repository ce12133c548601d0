"""Reports of several years held against each other."""

from __future__ import annotations

from collections.abc import Sequence

from report_extract.checks import across_years
from report_extract.core.model import Check, Extraction, Identity

from .figures import cell, dataset, lines

Rows = Sequence[tuple[str, int, int]]  # department, this year, last year


def report(year: int, rows: Rows, *said: str) -> Extraction:
    total = ("合計", sum(r[1] for r in rows), sum(r[2] for r in rows))
    table = [
        [name, str(now), str(before), "total" if name == "合計" else "detail"] for name, now, before in (*rows, total)
    ]
    fields = ["department:name", "subtotal:count", "prior_subtotal:count", "row_type:row_type"]
    who = Identity(cell("072044"), cell("いわき市"), cell(str(year)))
    return Extraction(
        f"r{year}",
        f"r{year}.pdf",
        "",
        1,
        "personal-data-use",
        who,
        lines=tuple(lines(*said)),
        datasets=(dataset("department_counts", fields, table),),
    )


BEFORE = report(2023, [("総務部", 5, 4), ("財政部", 22, 20), ("土木部", 7, 6), ("都市計画部", 9, 9), ("農政部", 3, 1)])


def checks_of(*extractions: Extraction) -> list[Check]:
    return [c for checks in across_years.prior_matches(across_years.reports(extractions)).values() for c in checks]


def test_a_prior_column_that_agrees_passes() -> None:
    now = report(2024, [("総務部", 1, 5), ("財政部", 2, 22), ("土木部", 3, 7), ("都市計画部", 4, 9), ("農政部", 5, 3)])
    checks = checks_of(BEFORE, now)
    assert {c.status for c in checks} == {"pass"}
    assert across_years.joined(now, {now.document: tuple(checks)}).checks == tuple(checks)


def test_a_department_that_differs_is_named_with_both_numbers() -> None:
    now = report(2024, [("総務部", 1, 5), ("財政部", 2, 23), ("土木部", 3, 7), ("都市計画部", 4, 9), ("農政部", 5, 3)])
    failed = [c for c in checks_of(BEFORE, now) if c.status == "fail"]
    assert {(c.expected, c.actual) for c in failed} == {("22", "23"), ("46", "47")}
    assert any("財政部" in c.scope for c in failed)


def test_a_correction_that_the_report_speaks_of_explains() -> None:
    rows = [("総務部", 1, 5), ("財政部", 2, 23), ("土木部", 3, 7), ("都市計画部", 4, 9), ("農政部", 5, 3)]
    now = report(2024, rows, "※前年度の実績は、集計誤りのため訂正しています。")
    assert {c.status for c in checks_of(BEFORE, now)} == {"pass", "explained"}


def test_years_that_do_not_follow_each_other_are_not_compared() -> None:
    assert not checks_of(BEFORE, report(2025, [("総務部", 1, 99)]))


def test_mergers_splits_and_new_names_are_proposed_and_not_assumed() -> None:
    now = report(2024, [("総務部", 1, 5), ("財政部", 2, 22), ("土木都市計画部", 3, 16), ("農林水産部", 5, 3)])
    known = across_years.reports([BEFORE, now])
    said = {(f.kind, f.values) for f in across_years.all_proposals(known)}
    assert ("merged", ("「土木部」・「都市計画部」", "土木都市計画部", "16")) in said
    assert ("renamed", ("農政部", "農林水産部", "3")) in said
    _, table = across_years.panel(known)
    assert {row[3] for row in table} >= {"土木部", "都市計画部", "土木都市計画部"}
    back = report(2023, [("都市建設部", 10, 1), ("総務部", 5, 4)])
    later = report(2024, [("都市部", 1, 4), ("建設部", 1, 6), ("総務部", 5, 5)])
    assert [f.kind for f in across_years.all_proposals(across_years.reports([back, later]))] == ["split"]


def test_the_panel_puts_every_number_in_its_year() -> None:
    now = report(2024, [("総務部", 1, 5), ("財政部", 2, 23)])
    header, table = across_years.panel(across_years.reports([BEFORE, now]))
    assert header[6:] == ["2022", "2023", "2024", "status"]
    rows = {row[3]: row[6:] for row in table}
    assert rows["総務部"] == ["4", "5", "1", "ok"]
    assert rows["財政部"] == ["20", "22", "2", "review"]
