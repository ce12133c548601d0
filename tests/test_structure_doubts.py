"""A misread structure is never silent: cut labels, lone figures, lost columns and rows give a reason to look."""

from __future__ import annotations

import pytest

from report_extract.core.geometry import BBox
from report_extract.core.model import Line
from report_extract.datasets.shape import shape
from report_extract.profile import load

from .test_shape import USE, line, shaped, table

HEAD = ["部局名", "目的外利用", "外部提供", "小計"]


def doubts(rows: list[list[str]], kind: str = "aligned") -> list[set[str]]:
    found = shaped(table(rows, kind=kind, caption="部局別件数"))["department_counts"]
    return [{d.kind for cell in row.values() for d in cell.doubts} for row in found.rows]


def test_half_a_label_in_a_row_without_figures() -> None:
    rows = [
        HEAD,
        ["総務部", "0", "1", "1"],
        ["監査委員", "1", "0", "1"],
        ["事務局", "", "", ""],
        ["合計", "1", "1", "2"],
    ]
    said = doubts(rows)
    assert "lone-label" in said[1] and "lone-label" in said[2]
    assert not any(doubts(rows, kind="ruled"))


def test_figures_without_a_label() -> None:
    said = doubts(
        [HEAD, ["総務部", "5", "1", "6"], ["福祉部", "1", "1", "2"], ["", "", "2", ""], ["合計", "6", "2", "8"]]
    )
    assert "lone-figures" in said[1]
    assert "lone-figures" not in said[0]


def test_a_column_of_the_year_before_that_nothing_took() -> None:
    head = [*HEAD, "令和5年度の状況等"]
    said = doubts([head, ["総務部", "5", "1", "6", "3"], ["福祉部", "1", "1", "2", "4"], ["合計", "6", "2", "8", "7"]])
    taken = shaped(table([head, ["総務部", "5", "1", "6", "3"], ["合計", "5", "1", "6", "3"]], caption="部局別件数"))
    assert "prior_subtotal" in taken["department_counts"].rows[0] or all("unknown-column" in s for s in said)


def test_the_year_before_in_brackets() -> None:
    head = [*HEAD, "(参考)R5実績"]
    found = shaped(table([head, ["総務部", "5", "1", "6", "3"], ["合計", "5", "1", "6", "3"]], caption="部局別件数"))
    assert [row["prior_subtotal"].text for row in found["department_counts"].rows] == ["3", "3"]


@pytest.mark.parametrize("total", [["計", "", "", "4"], ["合", "計", "", "4"]], ids=["under", "spread over"])
def test_a_total_in_the_columns_of_paragraph_and_item(total: list[str]) -> None:
    rows = [
        ["項", "号", "区分", "件数"],
        ["1", "", "法令に基づく場合", "3"],
        ["2", "1", "本人の同意", "1"],
        total,
    ]
    last = shaped(table(rows, caption="根拠別"))["legal_basis_counts"].rows[-1]
    assert (last["basis"].text, last["row_type"].text) == ("合計", "total")


def test_a_row_left_over_outside_the_tables() -> None:
    whole = table([HEAD, ["総務部", "5", "1", "6"], ["合計", "5", "1", "6"]], caption="部局別件数")
    rest = [
        Line(2, BBox(60 + 60 * i, 40, 90 + 60 * i, 50), t, reader="pdfium") for i, t in enumerate(["福祉部", "3", "4"])
    ]
    title = line("令和6年度 目的外利用・外部提供の状況", 20)
    assert any(f.kind == "left-over" for f in shape([whole], [title, *rest], USE)[1])
    assert not any(f.kind == "left-over" for f in shape([whole], [title, rest[0]], load.load(USE.name))[1])
