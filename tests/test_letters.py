"""Which of two readings of words is the likelier text; strokes of letters that are no rules; headings as cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.core.model import Array
from report_extract.imaging.rulings import find_rules
from report_extract.text.letters import preferred

from .test_shape import line, shaped, table

WORDS = st.text("調査税務住民基本台帳個人情報提供を受ける地域12", min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("個人の県民税に係る課税調査", "個人の県民税に係る課税調香"),
        ("法令に基づく場合", "法令に基づ<場合"),
        ("総務部", "総務郡"),
        ("住民基本台帳", "住民墓本台帳"),
    ],
)
def test_words_as_people_write_them_are_preferred(right: str, wrong: str) -> None:
    assert preferred(right, wrong)
    assert not preferred(wrong, right)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("住民税12件", "住民税72件"),  # a digit is never told by words
        ("調査", "調査票"),  # nor is a letter more or less
        ("見守り(安否)", "見守り(安否]"),
        ("甲乙商店", "甲己商店"),  # nothing is known of these
        ("住民税 1", "住民税1"),
    ],
)
def test_nothing_is_told_of_what_words_do_not_tell(one: str, other: str) -> None:
    assert not preferred(one, other)
    assert not preferred(other, one)


@given(one=WORDS, other=WORDS)
def test_never_both_ways(one: str, other: str) -> None:
    assert not (preferred(one, other) and preferred(other, one))


def _row(height: int) -> Array:
    """A row of three cells, at 200 dpi; in the middle one the strokes of 口, as high as the row."""
    ink = np.zeros((height + 41, 401), bool)
    ink[20:22, 20:381] = ink[20 + height : 22 + height, 20:381] = True
    for x in (20, 140, 260, 380):
        ink[20 : 22 + height, x : x + 2] = True
    for x in (190, 212):
        ink[20 : 22 + height, x : x + 2] = True
    ink[24:26, 190:213] = ink[16 + height : 18 + height, 190:213] = True
    return ink


def test_strokes_that_fill_a_low_row_are_no_rules() -> None:
    found = find_rules(_row(32), 200 / 72)
    assert sorted(round(x) for x in found.vertical[:, 2]) == [21, 141, 261, 381]


def test_headings_of_known_kinds_are_cells() -> None:
    head = ["部局等", "目的外利用", "外部提供", "計"]
    counts = shaped(table([head, ["総務部", "1", "2", "3"], ["合計", "1", "2", "3"]], header_rows=1))
    made = counts["department_counts"]
    assert made.headings["internal_use"].text == "目的外利用"
    assert made.headings["subtotal"].text == "計"


def test_a_doubt_about_a_heading_ends_where_it_says_what_the_field_is_called() -> None:
    head = table([["部局等", "目的外利用", "外部提供", "計"], ["総務部", "1", "2", "3"]], header_rows=1)
    unsure = tuple(c.doubted("unsure-reading", c.text) if c.row == 0 else c for c in head.cells)
    odd = tuple(c.read("目的外刹用", "rapidocr", 0.7) if c.text == "目的外利用" else c for c in unsure)
    lines = [line("令和6年度 目的外利用・外部提供の状況", 20)]
    for cells, status in ((unsure, "ok"), (odd, "review")):
        made = shaped(replace(head, cells=cells), lines=lines)["department_counts"]
        assert made.headings["internal_use"].status == status
