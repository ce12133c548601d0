"""What a cell says, read as a person reads it: across, down, sideways, spread, wrapped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from report_extract.core.model import Array, Flag
from report_extract.tables.cell_text import texts, visible

from .pages import text_chars


def read(*lines: Array) -> str:
    chars = np.concatenate(lines)
    return texts(chars, np.zeros(len(chars), dtype=int), 1)[0]


def across(*lines: str, size: float = 10.0, pitch: float = 1.4) -> list[Array]:
    return [text_chars(line, 0, n * size * pitch, size) for n, line in enumerate(lines)]


def down(*columns: str, size: float = 10.0, pitch: float = 1.4) -> list[Array]:
    """Columns of upright glyphs, the first one rightmost."""
    return [
        text_chars(column, (len(columns) - n) * size * pitch, 0, size, vertical=True)
        for n, column in enumerate(columns)
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["個人情報の", "保護に関する", "法律"], "個人情報の保護に関する法律"),
        (["Personal data", "protection act"], "Personal data protection act"),
        (["well-", "known"], "well-known"),
        (["第69条第2項", "第1号"], "第69条第2項第1号"),
        (["R5", "R6"], "R5 R6"),
        (["Word 文書と", "PDF"], "Word文書とPDF"),
        (["1,234"], "1,234"),
        (["-", "4.7"], "- 4.7"),
    ],
)
def test_wrapped_lines_are_joined_as_their_writing_asks(lines: Sequence[str], said: str) -> None:
    assert read(*across(*lines)) == said


def test_words_spread_over_a_cell_are_one_word() -> None:
    spread = [text_chars(c, x, 0) for c, x in zip("合計", (0, 40), strict=True)]
    assert read(*spread) == "合計"
    spread = [text_chars(c, x, 0) for c, x in zip("総務課", (0, 25, 50), strict=True)]
    assert read(*spread) == "総務課"


def test_two_words_on_a_line_stay_two() -> None:
    assert read(text_chars("総務課", 0, 0), text_chars("企画係", 50, 0)) == "総務課 企画係"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["内訳"], "内訳"),
        (["情報保有", "課等の名称"], "情報保有課等の名称"),
        (["目的外利用件数"], "目的外利用件数"),
        (["センター"], "センター"),
    ],
)
def test_vertical_writing_is_read_down_and_from_the_right(columns: Sequence[str], said: str) -> None:
    assert read(*down(*columns)) == said


def test_digits_side_by_side_in_vertical_writing_are_one_number() -> None:
    parts = [
        text_chars("令和", 20, 0, vertical=True),
        text_chars("12", 20, 20),
        text_chars("年度", 20, 30, vertical=True),
    ]
    assert read(*parts) == "令和12年度"


def test_a_column_three_letters_wide_is_read_across() -> None:
    assert read(*across("総合政", "策部危", "機管理", "課")) == "総合政策部危機管理課"


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_glyphs_on_their_side_are_read_the_way_they_lie(rotation: int) -> None:
    chars = np.concatenate(across("Adult", "Equivalent", "必要量"))
    x0, top, x1, bottom = (chars[f].copy() for f in ("x0", "top", "x1", "bottom"))
    turned = {
        90: (-bottom, x0, -top, x1),
        180: (-x1, -bottom, -x0, -top),
        270: (top, -x1, bottom, -x0),
    }[rotation]
    for field, values in zip(("x0", "top", "x1", "bottom"), turned, strict=True):
        chars[field] = values
    chars["rotation"] = rotation
    assert read(chars) == "Adult Equivalent必要量"


def test_raised_letters_stay_in_their_line() -> None:
    assert read(text_chars("10m", 0, 0), text_chars("2", 15, -1, 5.0)) == "10m2"


def test_ruby_stands_in_brackets_behind_its_word() -> None:
    assert read(text_chars("漢字", 0, 8), text_chars("かんじ", 0, 2, 5.0)) == "漢字(かんじ)"


def test_the_order_in_which_letters_were_drawn_makes_no_difference() -> None:
    chars = np.concatenate(across("個人情報の保護に", "関する法律"))
    assert read(chars[::-1]) == "個人情報の保護に関する法律"


def test_two_numbers_below_each_other_are_no_vertical_writing() -> None:
    assert read(*across("1", "2")) == "1 2"


def test_letters_that_cannot_be_seen_are_left_out_unless_there_are_no_others() -> None:
    chars = text_chars("見える", 0, 0)
    chars["flags"][1:] = Flag.INVISIBLE
    assert visible(chars)["text"].tolist() == ["見"]
    chars["flags"] = Flag.HIDDEN
    assert len(visible(chars)) == 3
