"""Reports of several years held against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

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


FIVE = [("総務部", 1, 5), ("財政部", 2, 22), ("土木部", 3, 7), ("都市計画部", 4, 9), ("農政部", 5, 3)]


def lines_of(*extractions: Extraction) -> list[tuple[str, str, str, str, str, int]]:
    return [(c.scope, c.expected, c.actual, c.status, c.note, len(c.places)) for c in checks_of(*extractions)]


def test_what_differs_is_told_line_by_line_and_what_agrees_in_one() -> None:
    now = report(2024, [("総務部", 1, 5), ("財政部", 2, 23), *FIVE[2:]])
    assert lines_of(BEFORE, now) == [
        ("2023/2024 department_counts 財政部", "22", "23", "fail", "", 1),
        ("2023/2024 department_counts 合計", "46", "47", "fail", "", 1),
        ("2023/2024 department_counts", "", "", "pass", "", 4),
    ]
    first, *_ = checks_of(BEFORE, now)
    assert (first.check, first.places) == (across_years.CHECK, (("department_counts", 1, "prior_subtotal"),))
    assert checks_of(now, BEFORE) == checks_of(BEFORE, now) and not checks_of(now)


@pytest.mark.parametrize(
    ("note", "explains"),
    [
        ("※前年度の実績は、集計誤りのため訂正しています。", True),
        ("R5実績を見直し", True),
        ("※前年度の実績は下記のとおり。", False),
        ("※様式を見直しました。", False),
        ("前年度の実績を訂正" + "。" * 140, True),
        ("前年度の実績を訂正" + "。" * 141, False),  # no note is so long
    ],
)
def test_a_note_explains_a_change_where_it_speaks_of_figures_that_were_corrected(note: str, explains: bool) -> None:
    now = report(2024, [("総務部", 1, 6), *FIVE[1:]], "題名", note)
    told = [(status, said) for _, _, _, status, said, _ in lines_of(BEFORE, now)]
    assert told == [*[("explained", note) if explains else ("fail", "")] * 2, ("pass", "")]


def test_a_row_that_one_report_lacks_or_leaves_empty_is_passed_over() -> None:
    now = report(2024, [("新設部", 1, 0), *FIVE])
    assert [line[3] for line in lines_of(BEFORE, now)] == ["pass"]
    table = [["総務部", "5", "", "detail"], ["財政部", "x", "22", "detail"], ["財政部", "1", "9", "detail"]]
    fields = ["department:name", "subtotal:count", "prior_subtotal:count", "row_type:row_type"]
    bare = replace(BEFORE, datasets=(dataset("department_counts", fields, table),))
    later = replace(report(2024, FIVE), datasets=(dataset("department_counts", fields, table),))
    assert lines_of(bare, report(2024, [("財政部", 1, 3), ("総務部", 2, 9)])) == [
        ("2023/2024 department_counts 総務部", "5", "9", "fail", "", 1)
    ]
    assert lines_of(BEFORE, later) == [("2023/2024 department_counts", "", "", "pass", "", 1)]  # the first of two alike


@pytest.mark.parametrize("lacking", ["profile", "year", "code", "no year"])
def test_a_report_that_does_not_say_whose_or_of_when_it_is_is_not_compared(lacking: str) -> None:
    who = BEFORE.identity
    unknown = {
        "profile": replace(BEFORE, profile=""),
        "year": replace(BEFORE, identity=replace(who, fiscal_year=None)),
        "code": replace(BEFORE, identity=replace(who, municipality_code=None)),
        "no year": replace(BEFORE, identity=replace(who, fiscal_year=cell("令和"))),
    }[lacking]
    now = report(2024, FIVE)
    assert [r.year for r in across_years.reports([unknown, now])] == [2024]
    assert checks_of(unknown, now) == []


def test_a_report_is_known_by_its_code_and_called_by_its_name() -> None:
    nameless = replace(BEFORE, identity=replace(BEFORE.identity, municipality=None))
    elsewhere = replace(BEFORE, identity=replace(BEFORE.identity, municipality_code=cell("011002")))
    (one,) = across_years.reports([nameless])
    assert (one.document, one.code, one.municipality, one.year) == ("r2023", "072044", "", 2023)
    assert checks_of(elsewhere, report(2024, FIVE)) == []


def test_checks_of_other_years_take_the_place_of_older_ones() -> None:
    old = Check(across_years.CHECK, "x", "", "", "fail")
    own = Check("department.row_sum", "", "", "", "pass")
    new = Check(across_years.CHECK, "y", "", "", "pass")
    given = replace(BEFORE, checks=(own, old))
    assert across_years.joined(given, {"r2023": (new,), "r2024": (old,)}).checks == (own, new)
    assert across_years.joined(given, {}).checks == (own,)


def proposed(before: Rows, now: Rows) -> list[tuple[str, ...]]:
    known = across_years.reports([report(2023, before), report(2024, now)])
    return [(f.kind, *f.values) for f in across_years.all_proposals(known)]


def test_departments_that_balance_are_proposed_as_one() -> None:
    stay = [("総務部", 5, 5)]
    assert proposed([*stay, ("農政部", 3, 1)], [*stay, ("農林水産部", 5, 3)]) == [
        ("renamed", "農政部", "農林水産部", "3")
    ]
    assert proposed([*stay, ("甲", 3, 1)], [*stay, ("乙丙", 5, 3)]) == [("renamed", "甲", "乙丙", "3")]  # the only two
    assert proposed([*stay, ("甲", 3, 1), ("丁", 4, 1)], [*stay, ("乙丙", 5, 3)]) == []
    assert proposed([*stay, ("農政部", 3, 1)], [*stay, ("農林水産部", 5, 4)]) == []
    assert proposed([*stay, ("農政部", 0, 1)], [*stay, ("農林水産部", 5, 0)]) == []
    split = proposed([*stay, ("都市建設部", 10, 1)], [*stay, ("都市部", 1, 4), ("建設部", 1, 6)])
    assert split == [("split", "都市建設部", "「都市部」・「建設部」", "10")]
    four = [("土木一課", 1, 0), ("土木二課", 2, 0), ("土木三課", 3, 0), ("土木四課", 4, 0)]
    names = "・".join(f"「{name}」" for name, _, _ in four)
    assert proposed([*stay, *four], [*stay, ("土木課", 9, 10)]) == [("merged", names, "土木課", "10")]
    five = [*four, ("土木五課", 5, 0)]
    assert proposed([*stay, *five], [*stay, ("土木課", 9, 15)]) == []  # five at once are not tried


def test_of_several_that_balance_the_most_alike_is_proposed_and_the_largest_first() -> None:
    before = [("総務部", 5, 5), ("水道課", 3, 1), ("農政部", 3, 1)]
    assert proposed(before, [("総務部", 5, 5), ("農林水産部", 5, 3)]) == [("renamed", "農政部", "農林水産部", "3")]
    before = [("総務部", 5, 5), ("農政部", 3, 1), ("土木部", 8, 1)]
    now = [("総務部", 5, 5), ("農林部", 5, 3), ("土木課", 2, 8)]
    assert proposed(before, now) == [("renamed", "土木部", "土木課", "8"), ("renamed", "農政部", "農林部", "3")]


def test_a_proposal_is_told_beside_what_is_compared() -> None:
    now = report(2024, [*FIVE[:4], ("農林水産部", 5, 3)])
    assert [(line[3], "農政部" in line[4] and "農林水産部" in line[4]) for line in lines_of(BEFORE, now)] == [
        ("pass", True)
    ]
    (finding,) = across_years.all_proposals(across_years.reports([BEFORE, now]))
    assert finding.scope == "department_counts"


def test_the_panel_names_every_line_and_leaves_empty_what_nobody_said() -> None:
    now = report(2024, [("総務部", 1, 5), ("新設部", 2, 0)])
    header, table = across_years.panel(across_years.reports([now, BEFORE]))
    assert header == [
        "municipality_code", "municipality", "dataset", "key", "row_type", "measure", "2022", "2023", "2024", "status",
    ]  # fmt: skip
    rows = {row[3]: row for row in table}
    assert rows["総務部"] == [
        "072044",
        "いわき市",
        "department_counts",
        "総務部",
        "detail",
        "subtotal",
        "4",
        "5",
        "1",
        "ok",
    ]
    assert rows["新設部"][6:] == ["", "0", "2", "ok"] and rows["農政部"][6:] == ["1", "3", "", "ok"]
    assert rows["合計"][4:] == ["total", "subtotal", "40", "46", "3", "review"]  # 5 in the report of the year after


def test_a_doubtful_number_makes_its_line_one_to_look_at() -> None:
    data = BEFORE.datasets[0]
    rows = [dict(row) for row in data.rows]
    rows[0]["subtotal"] = rows[0]["subtotal"].doubted("unchecked")
    rows[1]["subtotal"] = cell("", "pdfium")
    doubtful = replace(BEFORE, datasets=(replace(data, rows=tuple(rows)),))
    _, table = across_years.panel(across_years.reports([doubtful]))
    assert {row[3]: row[6:] for row in table}["総務部"] == ["4", "5", "review"]
    assert {row[3]: row[6:] for row in table}["財政部"] == ["20", "", "ok"]
    assert {row[-1] for row in table if row[3] != "総務部"} == {"ok"}


def test_extractions_of_several_years_are_gone_through_as_often_as_one_likes() -> None:
    elsewhere = replace(BEFORE, document="e", identity=Identity(None, None, None))
    across = across_years.CrossYearChecks([BEFORE, report(2024, FIVE), elsewhere])
    for _ in range(2):
        assert [(e.document, [c.status for c in e.checks]) for e in across] == [
            ("r2023", []),
            ("r2024", ["pass"]),
            ("e", []),
        ]
