"""Casts: every way of printing a value gives it, and whatever is not certainly one raises."""

from __future__ import annotations

import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.text.parse import (
    CastError,
    count,
    emit,
    fiscal_year,
    integer,
    legal_reference,
    number,
    numeral,
    percent,
    value,
)

WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("22 件", 22), ("２２", 22), ("２2", 22), ("1,234", 1234), ("1，２３４件", 1234), ("△3", -3),
        ("▲ ３", -3), ("−5", -5),
        ("-", 0), ("―", 0), ("ー", 0), ("－", 0), ("—件", 0), ("――", 0), ("なし", 0),
        ("0 件", 0), ("22人", 22), ("3か所", 3),
        ("", None), ("  \n", None),
    ],
)  # fmt: skip
def test_counts(printed: str, meant: int | None) -> None:
    assert count(printed) == meant


@pytest.mark.parametrize(
    "printed",
    [
        "1O",
        "l2",
        "1,23",
        "12,34",
        "12 34",
        "約20",
        "(3)",
        "22件(3件)",
        "一",
        "合計",
        "5¹",
        "5①",
        "٣",
        "1.5",
        "…",
        "※",
        "3-",
        "同左",
    ],
)
def test_counts_are_never_guessed(printed: str) -> None:
    with pytest.raises(CastError):
        count(printed)


@given(st.integers(-(10**12), 10**12), st.booleans(), st.booleans(), st.sampled_from(["", "件", " 件", "人", "\n件"]))
def test_counts_come_back(n: int, grouped: bool, wide: bool, unit: str) -> None:
    printed = f"{abs(n):,}" if grouped else str(abs(n))
    printed = ("△" if n < 0 else "") + (printed.translate(WIDE) if wide else printed) + unit
    assert count(printed) == n
    assert value(emit(n), "count") == n


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_numbers_come_back(n: object) -> None:
    printed = f"{n}"
    assert number(printed) == float(printed)
    assert percent(printed + "％") == float(printed)
    assert number(emit(number(printed))) == float(printed)


def test_emitted_forms() -> None:
    assert [emit(v) for v in (None, 3, -3, 12.0, 12.35, "=x")] == ["", "3", "-3", "12", "12.35", "=x"]
    assert (integer("No.3"), integer("(3)"), integer(""), integer("―")) == (3, 3, None, None)
    assert value(" 市⺠\n課", "name") == "市民課"
    assert value("", "text") is None


@pytest.mark.parametrize(
    ("printed", "year"),
    [
        ("令和6年度", 2024), ("令和 ６ 年度実績", 2024), ("R6", 2024), ("Ｒ５実績", 2023), ("R.6", 2024),
        ("令和元年度", 2019),
        ("平成31年度", 2019), ("平成三十年度", 2018), ("昭和六十三年度", 1988), ("2024年度", 2024),
        ("令和6年度(2024年度)", 2024), ("㋿6年度", 2024),
    ],
)  # fmt: skip
def test_fiscal_years(printed: str, year: int) -> None:
    assert fiscal_year(printed) == year


@pytest.mark.parametrize(
    "printed",
    [
        "令和7年6月1日",
        "R7.6.1",
        "2025年6月",
        "前年度",
        "6年度",
        "令和5・6年度",
        "令和5年度と令和6年度",
        "平成35年度",
        "COVER6",
        "",
    ],
)
def test_years_are_never_guessed(printed: str) -> None:
    with pytest.raises(CastError):
        fiscal_year(printed)


@given(st.integers(2019, 2060))
def test_fiscal_years_come_back(year: int) -> None:
    assert fiscal_year(f"令和{year - 2018}年度") == fiscal_year(f"R{year - 2018}") == fiscal_year(f"{year}年度") == year


@pytest.mark.parametrize(
    ("printed", "reference"),
    [
        ("第2項第1号 本人同意、本人提供", (2, 1, "本人同意、本人提供")),
        ("法第69条第2項第1号", (2, 1, "")),
        ("法69条2項1号", (2, 1, "")),
        ("第２項１号", (2, 1, "")),
        ("第二項第一号", (2, 1, "")),
        ("第2項①　本人同意", (2, 1, "本人同意")),
        ("法69②一", (2, 1, "")),
        ("本人同意（第2項第1号該当）", (2, 1, "本人同意")),
        ("本人の利益 法第69条第2項第4号", (2, 4, "本人の利益")),
        ("第1項・法令に基づく場合", (1, None, "法令に基づく場合")),
        ("第2項第4号 本人の利益(表彰・委員講師選任\n等)", (2, 4, "本人の利益(表彰・委員講師選任等)")),
        ("第2項第3号 他の機関(第1項のものを除く)", (2, 3, "他の機関(第1項のものを除く)")),
        ("第1号 本人同意", (None, 1, "本人同意")),
        ("法令に基づく場合", (None, None, "法令に基づく場合")),
        ("合　計", (None, None, "合計")),
    ],
)
def test_legal_references(printed: str, reference: tuple[int | None, int | None, str]) -> None:
    assert legal_reference(printed) == reference


@pytest.mark.parametrize("printed", ["第2項第1号・第2号", "第1項及び第2項第1号", "第2項第1号から第3号"])
def test_several_references_are_not_one(printed: str) -> None:
    with pytest.raises(CastError):
        legal_reference(printed)


@given(st.integers(1, 99))
def test_kanji_numerals(n: int) -> None:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(n, 10)
    written = (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
    assert numeral(written) == numeral(str(n)) == n


def test_errors_cross_processes() -> None:
    error = pickle.loads(pickle.dumps(CastError("1O", "count")))
    assert (error.text, error.type) == ("1O", "count")
    assert "1O" in str(error)


@pytest.mark.parametrize(
    "text", ["1" * 5000, "第" + "1" * 5000 + "項", "令和" + "1" * 5000 + "年度", "法" + "9" * 5000 + "②"]
)
def test_endless_digits_are_no_value(text: str) -> None:
    for cast in (count, integer, number, percent, fiscal_year):
        with pytest.raises(CastError):
            cast(text)
    with suppress(CastError):
        assert legal_reference(text)[:2] == (None, None)
