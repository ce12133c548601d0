"""What a person is told about a finding."""

import string

import pytest

from report_extract.core.messages import CATALOGUE, say, where
from report_extract.core.model import Finding


def test_a_finding_is_said_in_both_languages() -> None:
    finding = Finding("uncastable", ("2O",), page=3, scope="department_counts")
    assert "「2O」" in say(finding)
    assert "“2O”" in say(finding, "en")
    assert where(finding) == "3ページ department_counts"
    assert where(finding, "en") == "p. 3 department_counts"


def test_an_unknown_kind_is_still_said() -> None:
    assert say(Finding("struck-by-lightning", ("a", "b"))) == "struck-by-lightning: a, b"
    assert say(Finding("struck-by-lightning")) == "struck-by-lightning"


def test_missing_values_leave_a_gap_and_no_exception() -> None:
    assert "原本を確認してください" in say(Finding("unbalanced"))


@pytest.mark.parametrize("kind", CATALOGUE)
def test_both_languages_use_the_same_values(kind: str) -> None:
    japanese, english = (
        {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} for text in CATALOGUE[kind]
    )
    assert japanese == english
