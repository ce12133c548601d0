"""A profile's rules, one line each."""

from __future__ import annotations

import pytest

from report_extract.core.model import Dataset
from report_extract.sums.rules import Place, demands, groups, parse

from .figures import bases, dataset, departments


def numbers(data: Dataset) -> dict[Place, int | None]:
    return {
        Place(data.name, r, f.name): int(row[f.name].text) if f.name in row else None
        for r, row in enumerate(data.rows)
        for f in data.fields
        if f.type == "count"
    }


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("internal_use + external_provision = subtotal", "dataset"),
        ("d: a + b", "exactly one"),
        ("d: a = b = c", "exactly one"),
        ("d: a + = b", "no field"),
        ("d: a b = c", "missing"),
        ("d: a[sometimes] = b", "row type"),
        ("d: a = b ± much", "number"),
    ],
)
def test_a_bad_rule_says_what_is_wrong_with_it(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse(text)


def test_a_bad_table_says_what_is_wrong_with_it() -> None:
    with pytest.raises(ValueError, match="kind"):
        parse({"kind": "sum", "rule": "d: a = b"})


def test_every_row_is_asked_to_add_up() -> None:
    data = departments()
    rule = parse("department_counts: internal_use + external_provision = subtotal")
    asked = demands([rule], [data], numbers(data))
    assert len(asked) == 17
    assert all(d.equation.holds(numbers(data)) for d in asked)
    assert asked[3].scope == "財政部"


def test_totals_cover_the_details_and_breakdowns_their_row() -> None:
    data = bases()
    rules = [parse("legal_basis_counts: sum(*) = *[合計]"), parse("legal_basis_counts: sum(*[内訳]) = *[detail]")]
    asked = demands(rules, [data], numbers(data))
    assert [d.scope for d in asked] == [
        "count",
        "prior_count",
        "count 第1項 法令に基づく場合",
        "prior_count 第1項 法令に基づく場合",
    ]
    assert [len(d.left) for d in asked] == [7, 7, 3, 3]
    assert all(d.equation.holds(numbers(data)) for d in asked)


def test_coefficients_differences_and_tolerance() -> None:
    data = dataset("d", ["a:count", "b:count", "c:count"], [["7", "3", "11"]])
    rule = parse("d: 2*a - b = c ± 0.5")
    (asked,) = demands([rule], [data], numbers(data))
    assert asked.equation.residual(numbers(data)) == 0
    assert asked.tolerance == 0.5


def test_a_rule_on_a_field_that_the_report_lacks_asks_nothing() -> None:
    data = dataset("d", ["a:count"], [["7"]])
    assert not demands([parse("d: a + b = c"), parse("d: a[total] = e.f[total]")], [data], numbers(data))


@pytest.mark.parametrize("order", ["above", "below", "mixed"])
def test_subtotals_stand_for_the_rows_above_or_below_them(order: str) -> None:
    rows = {
        "above": [("x", 1), ("x", 2), ("sub", 3), ("x", 4), ("x", 5), ("sub", 9), ("sum", 12)],
        "below": [("sum", 12), ("sub", 3), ("x", 1), ("x", 2), ("sub", 9), ("x", 4), ("x", 5)],
        "mixed": [("x", 7), ("x", 1), ("x", 2), ("sub", 3), ("x", 4), ("x", 5), ("sub", 9), ("sum", 19)],
    }[order]
    kinds = {"x": "detail", "sub": "subtotal", "sum": "total"}
    data = dataset("d", ["n:count", "row_type:row_type"], [[str(n), kinds[k]] for k, n in rows])
    for head, members in groups(data, numbers(data)):
        assert sum(rows[m][1] for m in members) == rows[head][1]
    assert len(groups(data, numbers(data))) == 3
