"""Words and lines of text, whichever way they are turned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.core.model import Flag, Page
from report_extract.page import words
from report_extract.tables.find import find_tables

from .pages import page_of, text_chars, turned_page
from .typed import page_with, typed


def said(page: Page) -> list[str]:
    return [line.text for line in words.lines(page)]


def test_blanks_part_latin_words_and_japanese_ones_only_where_they_are_wide() -> None:
    assert said(typed(["Total  of all  cases"])) == ["Total of all cases"]
    assert said(typed(["個人情報の 目的外利用"])) == ["個人情報の目的外利用"]
    assert said(typed(["令和6年度  報告"])) == ["令和6年度報告"]
    assert said(typed(["表1   件数"])) == ["表1 件数"]


def test_text_far_apart_on_one_line_is_two_lines() -> None:
    assert said(typed(["left        right"])) == ["left", "right"]


def test_a_letter_drawn_twice_for_boldness_is_read_once() -> None:
    bold = np.concatenate([text_chars("合計", 60, 80), text_chars("合計", 60.3, 80)])
    assert said(page_with([bold])) == ["合計"]


def test_hidden_text_is_left_out_and_the_text_layer_of_a_scan_is_not() -> None:
    hidden = text_chars("draft", 60, 80)
    hidden["flags"] = Flag.HIDDEN
    assert said(page_with([hidden, text_chars("final", 60, 100)])) == ["final"]
    layer = text_chars("scanned", 60, 80)
    layer["flags"] = Flag.INVISIBLE
    assert said(page_with([layer])) == ["scanned"]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [text_chars(f"left line number {i}", 60, 80 + 14 * i) for i in range(5)]
    right = [text_chars(f"right line number {i}", 320, 80 + 14 * i) for i in range(5)]
    mixed = [chars for pair in zip(left, right, strict=True) for chars in pair]
    assert said(page_with(mixed)) == [f"{side} line number {i}" for side in ("left", "right") for i in range(5)]


def test_lines_leave_out_what_stands_in_tables() -> None:
    page = page_of([["部名", "件数"], ["総務部", "12"], ["市民部", "7"]])
    assert len(find_tables(page)) == 1
    assert words.lines(page, find_tables(page)) == []
    assert len(words.lines(page)) == 6


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_say_the_same(turn: int) -> None:
    page = typed(["第1章 概要", "", "次の表のとおりである。", "Total number of cases"])
    turned = turned_page(page, turn)
    assert said(turned) == said(page)
    assert {line.rotation for line in words.lines(turned)} == {turn}
    for line in words.lines(turned):
        assert 0 <= line.bbox.x0 < line.bbox.x1 <= turned.width
        assert 0 <= line.bbox.top < line.bbox.bottom <= turned.height


@given(st.lists(st.text(alphabet="abc123計数件", min_size=1, max_size=8), min_size=1, max_size=6))
def test_no_character_is_lost_or_made_up(texts: list[str]) -> None:
    page = typed(texts)
    assert "".join(said(page)).replace(" ", "") == "".join(texts)


@given(st.permutations(range(11)))
def test_the_drawing_order_does_not_matter(order: list[int]) -> None:
    page = typed(["abcd efgh ijk"])
    assert said(page_with([page.chars[order]])) == ["abcd efgh ijk"]
