"""Text that a recogniser garbled is pointed out, and clean text is not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from report_extract.datasets.noise import slips

TRUTH = Path(__file__).parent.parent / "fixtures" / "truth"
WORDED = ("project", "project_summary", "purpose", "personal_data", "holding_division", "receiving_division")


def clean() -> list[str]:
    """What the fixtures' reports say, in words."""
    said: set[str] = set()
    for path in TRUTH.glob("*/consultations.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            said |= {row[field] for row in csv.DictReader(file) for field in WORDED}
    return sorted(text for text in said if len(text) > 8)


def test_clean_text_is_left_alone() -> None:
    assert len(clean()) > 50
    assert [text for text in clean() if slips(text)] == []


@given(st.sampled_from(clean()), st.data())
def test_letters_read_twice_are_pointed_out(text: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(5, 10))
    assume(len(text) > length + 1)
    at = data.draw(st.integers(length, len(text)))
    twice = text[at - length : at]
    assume(sum("ぁ" <= letter <= "鿿" for letter in twice) > 1 and " " not in twice)  # figures may be anything
    assert slips(text[:at] + twice + text[at:])


@pytest.mark.parametrize(
    "text",
    ["いわき創生プランの策ランの策定", "救急搬救急搬送の記録", "氏名、所在称、所在地", "希望へに対する県民の意識",
     "健康づくり二二", "市民誤", "内訳", "個人個人情報の内容", "令和5年令和5年度の所得"],
)  # fmt: skip
def test_what_no_writer_writes_is_pointed_out(text: str) -> None:
    assert slips(text)
