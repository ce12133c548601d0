"""The one grammar of figures: what is a figure, which, of what unit; and that all who ask get one answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.text.figures import COUNTERS, MISSING, figure, figures, is_figure, is_number, is_value, unit_of
from report_extract.text.parse import CastError, count, emit, number


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("22", "22", ""), ("1,234", "1234", ""), ("△3", "-3", ""), ("▲ 1.5", "-1.5", ""), ("-3", "-3", ""),
        ("３，４５６", "3456", ""), ("112.10", "112.10", ""), ("+3", "3", ""),
        ("3か所", "3", "か所"), ("5校", "5", "校"), ("12.3%", "12.3", "%"), ("12.3％", "12.3", "%"),
        ("1,234千円", "1234", "千円"), ("12,345㎡", "12345", "m2"), ("1,234人/km2", "1234", "人/km2"),
        ("1億2,345万円", "123450000", "円"), ("3千", "3000", ""), ("¥1,200", "1200", ""), ("2.5倍", "2.5", "倍"),
        ("(3)", "3", ""), ("(△3)", "-3", ""), ("(5)人", "5", "人"), ("39 a)", "39", ""), ("22※", "22", ""),
        ("22①", "22", ""), ("5¹", "5", ""), ("3時間", "3", "時間"), (".5", "0.5", ""),
    ],
)  # fmt: skip
def test_figures(text: str, value: str, unit: str) -> None:
    found = figure(text)
    assert found is not None
    assert (found.kind, found.value, found.unit) == ("number", Decimal(value), unit)
    assert found.decimals == len(value.partition(".")[2])


@pytest.mark.parametrize("text", ["-", "―", "ー", "－", "--", "なし", "該当なし", "―件"])
def test_a_dash_is_none_of_them(text: str) -> None:
    found = figure(text)
    assert found is not None
    assert found.kind == "none"
    assert found.value == 0


@pytest.mark.parametrize(("text", "why"), [("…", "不詳"), ("X", "秘匿"), ("皆増", "皆増"), ("***", "該当しない")])
def test_marks_that_stand_for_a_figure_say_why(text: str, why: str) -> None:
    found = figure(text)
    assert found is not None
    assert (found.kind, found.value, found.why) == ("missing", None, why)


@pytest.mark.parametrize("text", ["<0.01", "約3", "5以上", "0.1未満", "100人程度"])
def test_a_limit_is_not_the_value(text: str) -> None:
    found = figure(text)
    assert found is not None
    assert found.kind == "limit"
    with pytest.raises(CastError):
        number(text)


@pytest.mark.parametrize("text", ["4月", "8年", "3歳", "第3", "①", "2級", "10番地", "令和6年度", "平成25年3月", "5日"])
def test_places_in_an_order_are_no_figures(text: str) -> None:
    assert not is_figure(text)
    assert not is_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "合計", "9110-00", "06-6772-4497", "4/1/2008", "27~35", "1,23", "2.3.4", "十二", "□",
     "国道2号", "76 (26)"],
)  # fmt: skip
def test_other_texts_are_no_figures(text: str) -> None:
    assert figure(text) is None


def test_two_figures_in_one_cell() -> None:
    assert [f.value for f in figures("76 (26)")] == [76, 26]
    assert [f.bracketed for f in figures("76 (26)")] == [False, True]
    assert [f.value for f in figures("12 34")] == [12, 34]
    assert figures("12 と 34") == figures("合計 12") == ()


@pytest.mark.parametrize(("text", "value"), [("l2件", 12), ("1O", 10), ("1 234", 1234), ("1.234,5O0", 1234500)])
def test_what_a_recogniser_makes_of_figures(text: str, value: int) -> None:
    found = figure(text, "recognised")
    assert found is not None
    assert found.value == value
    assert figure(text, "strict") is None


def test_values_of_a_column_that_are_no_figures() -> None:
    assert is_value("27~35")
    assert is_value("13:30")
    assert is_value("9110-00")
    assert not is_value("合計")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("千円", "千円"), ("単位:千円", "千円"), ("人・件", "人・件"), ("人/km2", "人/km2"), ("㎡", "m2"), ("%", "%"),
        ("か所", "か所"), ("百万円", "百万円"), ("フリガナ", ""), ("繰越分", ""), ("再掲", ""), ("単位", ""),
        ("うち女", ""),
    ],
)  # fmt: skip
def test_units(text: str, unit: str) -> None:
    assert unit_of(text) == unit


@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 3),
    st.sampled_from(["", "件", "人", "校", "円", "%", "km2"]),
    st.booleans(),
)
def test_what_is_printed_is_read(units: int, decimals: int, unit: str, triangle: bool) -> None:
    value = Decimal(units).scaleb(-decimals)
    printed = f"{value:,f}".replace("-", "△" if triangle else "-") + unit
    found = figure(printed)
    assert found is not None
    assert (found.value, found.unit, found.decimals) == (value, unit, decimals)
    assert is_figure(printed)
    assert is_number(printed)
    assert is_value(printed)


@given(st.text(alphabet="0123456789,.△-―ー…()%件人か所年月 一二ABlOX", max_size=8))
def test_the_forms_are_each_within_the_next(text: str) -> None:
    strict, printed = figure(text, "strict"), figure(text, "printed")
    assert strict is None or (printed is not None and printed.value == strict.value)
    assert printed is None or figure(text, "recognised") == printed
    try:
        value = count(text)
    except CastError:
        return
    if value is not None:
        assert printed is not None
        assert printed.value == value
        assert count(emit(value)) == value


def test_every_counter_and_mark_is_known_to_the_grammar() -> None:
    for unit in ("件", "人", "世帯", "か所", "カ所", "ヶ所", "箇所", "個所"):
        assert count(f"3{unit}") == 3
        assert unit in COUNTERS or unit.endswith("所")
    assert all(is_figure(mark) for mark in MISSING)
