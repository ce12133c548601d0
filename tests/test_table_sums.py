"""What is said of the sums in tables of no known kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from report_extract.checks.balance import balance
from report_extract.core.model import Cell, Reading, Table
from report_extract.sums.infer import table_checks

from .figures import BOX, dataset, lines
from .test_relations import AREAS, table


def said(rows: Sequence[Any], header_rows: int = 1, header_cols: int = 1) -> list[tuple[str, str, str, str, str]]:
    made = table(rows, header_rows, header_cols)
    return [(c.scope, c.expected, c.actual, c.status, c.note) for c in table_checks([made]) if c.check == "table.sum"]


def test_a_sum_of_an_unknown_table_is_told_by_page_table_and_heading() -> None:
    assert said(AREAS) == [
        ("p.1 表1 計", "", "", "pass", "5件で成立"),
        ("p.1 表1 合計", "", "", "pass", "3件で成立"),
    ]
    wrong = [list(row) for row in AREAS]
    wrong[3][2] = "539"
    assert said(wrong) == [
        ("p.1 表1 計", "", "", "pass", "4件で成立"),
        ("p.1 表1 計 4行目", "1042", "1051", "fail", ""),
    ]
    turned = [list(row) for row in zip(*wrong, strict=True)]
    assert said(turned)[1] == ("p.1 表1 計 4列目", "1042", "1051", "fail", "")
    assert [c.scope for c in table_checks([table(AREAS), table(AREAS)])][2] == "p.1 表2 計"
    above = [["", "人口", "", ""], *AREAS]
    assert said(above, header_rows=2)[0][0] == "p.1 表1 計"
    assert said([row[1:] for row in AREAS[1:]], header_rows=0, header_cols=0)[0][0] == "p.1 表1 2,022"


def test_without_a_profile_the_tables_own_sums_are_checked() -> None:
    rows = [["", "a", "b"], ["x", "1", "2"], ["y", "4", "5"], ["合計", "5", "7"]]
    cells = tuple(
        Cell(1, BOX, r, c, readings=(Reading(text, "pdfium"),))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    table = Table(1, BOX, 0, cells, header_rows=1, header_cols=1)
    data = dataset("d", ["a:count"], [["1"]])
    done, checks, findings = balance([data], [table], lines("x"), None)
    assert (done, findings) == ((data,), ())
    assert [(c.check, c.status, c.note) for c in checks] == [("table.sum", "pass", "2件で成立")]
