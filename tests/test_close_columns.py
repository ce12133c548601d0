"""Tables without rules as cities set them: narrow whites, wrapped labels, headings wider than their columns."""

from __future__ import annotations

import pytest

from report_extract.core.model import Page, Table
from report_extract.tables.find import find_tables

from .pages import text_chars
from .typed import page_with

Placed = tuple[str, float, float]


def page(*texts: Placed, rules_at: list[tuple[float, float, float, float]] | None = None) -> Page:
    """A page with texts at (x, top)."""
    return page_with([text_chars(said, x, top) for said, x, top in texts], rules_at or [])


def said(table: Table) -> list[list[str]]:
    return [[cell.text.replace(" ", "") if cell else "?" for cell in row] for row in table.grid()]


def counts(top: float, leading: float = 20, names: tuple[str, ...] = ("総務部", "福祉部", "合計")) -> list[Placed]:
    figures = [("1", "2", "3"), ("4", "5", "9"), ("5", "7", "12")]
    rows = zip(names, figures, strict=True)
    return [
        (t, x, top + i * leading)
        for i, (name, row) in enumerate(rows)
        for t, x in zip((name, *row), (60, 180, 240, 300), strict=True)
    ]


HEADING = [("部局", 70, 80), ("目的外利用", 150, 80), ("外部提供", 218, 80), ("小計", 290, 80)]


def test_a_label_in_two_lines_beside_figures_half_way_down_is_one_row() -> None:
    rows = [("監査委員", 60, 154), ("事務局", 60, 166), ("1", 180, 160), ("0", 240, 160), ("1", 300, 160)]
    (table,) = find_tables(page(*HEADING, *counts(100), *rows, ("合計", 60, 190), ("6", 180, 190), ("7", 240, 190)))
    assert said(table)[4] == ["監査委員事務局", "1", "0", "1"]


def test_a_figure_in_two_lines_is_one_figure() -> None:
    wrapped = [("全体", 60, 160), ("5", 180, 160), ("7", 240, 160), ("１２", 296, 154), ("３", 300, 166)]
    (table,) = find_tables(page(*HEADING, *counts(100), *wrapped, ("備考", 60, 190), ("1", 180, 190), ("1", 240, 190)))
    assert said(table)[4] == ["全体", "5", "7", "１２３"]


def test_rows_with_an_empty_cell_stay_two_rows() -> None:
    (table,) = find_tables(page(*HEADING, *[t for t in counts(100, 14) if t[0] not in ("4", "9")]))
    assert [row[0] for row in said(table)] == ["部局", "総務部", "福祉部", "合計"]


def test_headings_set_close_are_told_apart_by_the_columns_below() -> None:
    close = [
        ("実施機関", 66, 86),
        ("目的外利用", 146, 86),
        ("外部提供", 202, 86),
        ("計", 248, 86),
        ("前年度計", 263, 86),
    ]
    body = [
        (t, x, 100 + 14 * i)
        for i, row in enumerate(
            [("総務部", "1", "2", "3", "4"), ("福祉部", "4", "5", "9", "8"), ("合計", "5", "7", "12", "12")]
        )
        for t, x in zip(row, (60, 180, 220, 250, 290), strict=True)
    ]
    (table,) = find_tables(page(*close, *body))
    assert said(table)[0] == ["実施機関", "目的外利用", "外部提供", "計", "前年度計"]


def test_numbers_before_labels_are_columns_of_their_own() -> None:
    rows = [("1", "", "法令に基づく場合", "9"), ("", "", "・その他の法令", "4"), ("2", "1", "本人の同意", "2"),
            ("2", "2", "内部での利用", "3"), ("2", "3", "他の機関への提供", "1")]  # fmt: skip
    texts = [("項", 60, 80), ("号", 75, 80), ("区分", 130, 80), ("件数", 230, 80)]
    texts += [
        (t, x, 96 + 16 * i) for i, row in enumerate(rows) for t, x in zip(row, (60, 75, 88, 240), strict=True) if t
    ]
    (table,) = find_tables(page(*texts))
    assert said(table) == [["項", "号", "区分", "件数"], *map(list, rows)]


def test_a_heading_said_again_begins_another_table() -> None:
    again = [(t, x + 12 * (x > 100), 172) for t, x, _ in HEADING]
    below = [(t, x + 12 * (x > 100), y) for t, x, y in counts(192)]
    found = find_tables(page(*HEADING, *counts(100), *again, *below))
    assert [len(said(t)) for t in found] == [4, 4]


@pytest.mark.parametrize("title", ["２ 該当区分別実施件数", "(2) 根拠別", "■根拠別"])
def test_a_numbered_title_parts_two_tables_of_wide_rows(title: str) -> None:
    rows = [("法令に基づく場合", "3"), ("合計", "3"), ("再掲", "1"), ("内数", "1")]
    lower = [("区分", 90, 192), ("件数", 240, 192)]
    lower += [(t, x, 212 + 20 * i) for i, row in enumerate(rows) for t, x in zip(row, (60, 250), strict=True)]
    found = find_tables(page(*HEADING, *counts(100), (title, 56, 168), *lower))
    assert [said(t)[0][0] for t in found] == ["部局", "区分"]


def test_long_labels_beside_one_column_of_figures_are_a_table() -> None:
    labels = [
        "第1項法令に基づく場合",
        "第2項第2号所掌事務の遂行に必要な限度での内部利用",
        "第2項第4号統計の作成又は学術研究の目的のため",
        "合計",
    ]
    texts = [("根拠規定", 150, 80), ("実施件数", 380, 80)]
    texts += [(t, x, 96 + 14 * i) for i, name in enumerate(labels) for t, x in ((name, 60), (str(i + 1), 415))]
    (table,) = find_tables(page(*texts))
    assert [row[0] for row in said(table)] == ["根拠規定", *labels]
