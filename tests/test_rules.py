"""A profile's rules, one line each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.model import Dataset
from report_extract.sums.rules import Place, Ref, Rule, demands, groups, label, parse

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


def test_a_rule_is_parsed_whole() -> None:
    line = "d : 2 * sum ( a[ 合計 ] ) - e . b [detail] + 0.5*c = * ± 1.5"
    assert parse({"check": "c.id", "rule": line}) == Rule(
        "c.id",
        "d",
        (Ref("d", "a", "total", True, 2.0), Ref("e", "b", "detail", False, -1.0), Ref("d", "c", "", False, 0.5)),
        (Ref("d", "*"),),
        1.5,
        text=line,
    )
    assert parse("d: a=b-c+f") == Rule(
        "table.sum",
        "d",
        (Ref("d", "a"),),
        (Ref("d", "b"), Ref("d", "c", coefficient=-1), Ref("d", "f")),
        text="d: a=b-c+f",
    )
    assert parse({"rule": "d: n counts by a , b"}) == Rule(
        "table.sum", "d", counts="n", by=("a", "b"), text="d: n counts by a , b"
    )
    assert parse("d: a = b ±  ").tolerance == 0
    assert [parse(f"d: a[{said}] = b").left[0].rows for said in ("小計", "内訳", "明細", "subtotal")] == [
        "subtotal", "breakdown", "detail", "subtotal",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"rule": "d: a = b", "check": "c", "z": "", "kind": ""}, "a rule has 'rule' and 'check', not ['kind', 'z']"),
        ({"rule": 3}, "a rule and its check are texts: {'rule': 3}"),
        ({"rule": "d: a = b", "check": 3}, "a rule and its check are texts: {'rule': 'd: a = b', 'check': 3}"),
        ({}, "a rule starts with its dataset and a colon: ''"),
        ("a = b", "a rule starts with its dataset and a colon: 'a = b'"),
        ("d e: a = b", "a rule starts with its dataset and a colon: 'd e: a = b'"),
        ("d: a + b", "a rule has exactly one '=': 'd: a + b'"),
        ("d: a = b ± much ", "after '±' stands a number, not 'much': 'd: a = b ± much '"),
        ("d: a +  = b", "'nothing' is no field or sum: 'd: a +  = b'"),
        ("d: a + ?b = c", "'?b' is no field or sum: 'd: a + ?b = c'"),
        ("d: a  b = c", "'+', '-' or '=' is missing before 'b': 'd: a  b = c'"),
        ("d: a[some] = b", "[some] is no row type (total, subtotal, breakdown, detail): 'd: a[some] = b'"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_with_the_rule(raw: dict[str, str] | str, said: str) -> None:
    with pytest.raises(ValueError) as wrong:
        parse(raw)
    assert str(wrong.value) == said


KINDS = {"x": "detail", "sub": "subtotal", "sum": "total", "of": "breakdown"}


def made(text: str, said: str = "text") -> Dataset:
    """``x 7 8|sub 7 8``: rows of a kind, with figures; a text beside names the row."""
    rows = []
    for row in text.split("|"):
        kind, *figures = row.split()
        texts = [t for t in figures if not t.isdigit()]
        rows.append([texts[0] if texts else kind, *(t for t in figures if t.isdigit()), KINDS[kind]])
    return dataset("d", [f"name:{said}", *(f"{c}:count" for c in "abc"[: len(rows[0]) - 2]), "kind:row_type"], rows)


def grouped(text: str) -> dict[int, tuple[int, ...]]:
    data = made(text)
    return dict(groups(data, numbers(data)))


@pytest.mark.parametrize(
    ("rows", "members"),
    [
        ("x 10|of うち刑事 4", None),
        ("x 10|of うち刑事 10", None),  # one row is a part, even where it is all of it
        ("x 10|of 再掲 4", None),
        ("x 10|of うち男 4|of うち女 6", (1, 2)),
        ("x 10|of うち男 4|of うち女 5", None),
        ("x 10|of うち男 4|of その他 5", (1, 2)),
        ("x 10|of その他うち男 4|of うち女 5", None),
        ("x 10|of 内訳うち男 4|of 女 5", (1, 2)),
        ("x 10|of 男 4|of 女 5", (1, 2)),
        ("x 10|of 男 4|x 3|of 女 5", (1,)),
    ],
)
def test_rows_that_are_a_part_are_told_from_a_breakdown(rows: str, members: tuple[int, ...] | None) -> None:
    assert grouped(rows).get(0) == members


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("x 1|x 2|sum 3|x 4|x 5|sum 9", {2: (0, 1), 5: (3, 4)}),  # each since the total before
        ("x 1|x 2|sum 3|x 4|x 5|sum 9|sum 12", {2: (0, 1), 5: (3, 4), 6: (0, 1, 3, 4)}),
        ("x 1|x 2|sub 5|x 4|sum 9", {2: (0, 1), 4: (2, 3)}),  # of the subtotal as printed, and what it does not cover
        ("x 1|x 2|sub 3|x 4|sum 7", {2: (0, 1), 4: (0, 1, 3)}),
        ("sum 7|x 1|x 2|x 4", {0: (1, 2, 3)}),
        ("sum 7", {}),
        ("x 1|x 2|sum 9", {2: (0, 1)}),
        ("x 1|of 1|x 2|sum 3", {0: (1,), 3: (0, 2)}),
        ("x 0|x 0|sub 0|x 0|x 3|sub 3|sum 3", {2: (0, 1), 5: (3, 4), 6: (0, 1, 3, 4)}),
    ],
)
def test_a_total_stands_for_the_rows_that_add_up_to_it(rows: str, wanted: dict[int, tuple[int, ...]]) -> None:
    assert grouped(rows) == wanted


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("x 1|x 2|sub 9", (0, 1)),  # nothing adds up: all rows above
        ("x 7|x 1|x 2|sub 3", (1, 2)),
        ("x 7 7|x 1 1|x 2 2|sub 3 3", (1, 2)),
        ("x 7 0|x 1 1|x 2 2|sub 3 4", (0, 1, 2)),  # fewer rows only where every column adds up
        ("x 7 7|x 1 1|x 2 2|sub 3 0", (1, 2)),  # a column of nothing does not count
        ("x 7|x 0|x 0|sub 0", (0, 1, 2)),
        ("x 3|of 9|x 4|of 9|sub 7", (0, 2)),
        ("sub 3|x 1|x 2|x 7", (1, 2)),
        ("sub 3|x 1|of 9|x 2|of 9", (1, 3)),
        ("x 7|sub 3|x 1|x 2", (2, 3)),
        ("x 3|sub 3|x 3", (0,)),  # as often above as below: above
        ("sub 3", None),
    ],
)
def test_a_subtotal_stands_for_a_stretch_of_rows(rows: str, wanted: tuple[int, ...] | None) -> None:
    head = next(i for i, row in enumerate(rows.split("|")) if row.startswith("sub"))
    assert grouped(rows).get(head) == wanted


def test_subtotals_end_where_the_next_one_stands() -> None:
    assert grouped("x 1|x 2|sub 3|x 4|sub 4|sum 7") == {2: (0, 1), 4: (3,), 5: (0, 1, 3)}
    assert grouped("sub 3|x 1|x 2|sub 4|x 4|sum 7") == {0: (1, 2), 3: (4,), 5: (1, 2, 4)}
    assert grouped("x 1|sum 1|x 2|sub 2") == {1: (0,), 3: (2,)}  # a total ends a stretch too
    assert grouped("sub 2|x 2|sum 2|x 2") == {0: (1,), 2: (1,)}


def asked(rule: str, *data: Dataset) -> list[tuple[str, list[tuple[float, int, str]], list[tuple[float, int, str]]]]:
    values = {k: v for d in data for k, v in numbers(d).items()}
    found = demands([parse(rule)], data, values)
    return [
        (d.scope, [(c, p.row, p.field) for c, p in d.left], [(c, p.row, p.field) for c, p in d.right]) for d in found
    ]


def test_what_a_rule_asks_of_which_cells() -> None:
    data = made("x 東 1 2|x 西 3 4|sub 市 4 6|sum 計 4 6")
    assert asked("d: a + 2*b = a", data)[1] == ("西", [(1, 1, "a"), (2, 1, "b")], [(1, 1, "a")])
    assert [scope for scope, *_ in asked("d: a = b", data)] == ["東", "西", "市", "計"]
    assert asked("d: a[total] - b[小計] = b[total]", data) == [("", [(1, 3, "a"), (-1, 2, "b")], [(1, 3, "b")])]
    assert asked("d: *[total] = *[subtotal]", data) == [
        ("a", [(1, 3, "a")], [(1, 2, "a")]),
        ("b", [(1, 3, "b")], [(1, 2, "b")]),
    ]
    assert asked("d: a[breakdown] = a[total]", data) == []  # no such row
    assert asked("d: a[total] = a", data) == []
    assert asked("d: sum(*) = *[total]", data) == [
        ("a", [(1, 0, "a"), (1, 1, "a")], [(1, 3, "a")]),
        ("b", [(1, 0, "b"), (1, 1, "b")], [(1, 3, "b")]),
    ]
    assert asked("d: sum(a) = a", data) == asked("d: sum(a) = a[total]", data)
    assert asked("d: sum(a) = b[subtotal]", data) == [(" 市", [(1, 0, "a"), (1, 1, "a")], [(1, 2, "b")])]
    assert asked("d: 2*sum(a) - sum(b) = a[total]", data) == [
        ("", [(2, 0, "a"), (2, 1, "a"), (-1, 0, "b"), (-1, 1, "b")], [(1, 3, "a")])
    ]
    assert asked("d: sum(z) = a[total]", data) == [] and asked("d: sum(a) = z[total]", data) == []
    assert asked("d: a + z = b", data) == [] and asked("e: a = b", data) == [] and asked("d: a = e.b", data) == []
    assert asked("d: a counts by name", data) == []


def test_the_group_of_a_demand_is_the_row_that_it_must_equal() -> None:
    data = made("x 1|x 2|sub 3|x 4|sub 4|sum 7|sum 7")
    found = demands([parse("d: sum(a) = a[subtotal] ± 2"), parse("d: sum(a) = a[total]")], [data], numbers(data))
    assert [(d.group, d.tolerance, d.scope, d.check) for d in found] == [
        (2, 2, " sub", "table.sum"),
        (4, 2, " sub", "table.sum"),
        (5, 0, " sum", "table.sum"),
        (6, 0, " sum", "table.sum"),
    ]
    assert all(d.group == -1 for d in demands([parse("d: a = a")], [data], numbers(data)))


def test_two_datasets_meet_in_their_last_rows_of_a_kind() -> None:
    one, other = made("x 1|sum 1|x 2|sum 3"), dataset("e", ["n:count", "kind:row_type"], [["3", "total"]])
    rule = parse("d: a[total] = e.n[total]")
    (found,) = demands([rule], [one, other], {**numbers(one), **numbers(other)})
    assert (found.left, found.right) == (((1, Place("d", 3, "a")),), ((1, Place("e", 0, "n")),))
    assert found.equation.terms == ((1, Place("d", 3, "a")), (-1, Place("e", 0, "n")))
    assert demands([rule], [one], numbers(one)) == []


def test_a_row_is_called_by_its_first_text_and_its_legal_numbers() -> None:
    data = bases()
    names = [label(data, r) for r in range(len(data.rows))]
    assert names[0] == "第1項 法令に基づく場合" and names[4] == "第2項第1号 本人同意、本人提供"
    assert names[1] == "刑事事件" and names[-1] == "合計"
    bare = dataset("d", ["a:count"], [["1"], ["2"]])
    assert [label(bare, r) for r in (0, 1)] == ["1行目", "2行目"]
    two = dataset("d", ["n:name", "t:text", "a:count"], [["", "東", "1"], ["西", "南", "2"], ["-", "北", "3"]])
    assert [label(two, r) for r in range(3)] == ["東", "西", "北"]


@given(st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
@settings(max_examples=60)
def test_every_consistent_table_of_subtotals_holds(parts: list[list[int]], above: bool) -> None:
    """Wherever the subtotals stand, what they and the total are taken to cover adds up."""
    rows = []
    for part in parts:
        details = [f"x {n}" for n in part]
        rows += [*details, f"sub {sum(part)}"] if above else [f"sub {sum(part)}", *details]
    rows.append(f"sum {sum(map(sum, parts))}")
    data = made("|".join(rows))
    found = demands([parse("d: sum(*) = *[subtotal]"), parse("d: sum(*) = *[total]")], [data], numbers(data))
    assert all(d.equation.holds(numbers(data)) for d in found)
    assert {d.group for d in found} == {i for i, row in enumerate(rows) if not row.startswith("x")}
