"""Every bound that keeps a wrong figure from being ``ok``, held at its edge: laxer by a step, and a test fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_extract.checks.balance import balance
from report_extract.checks.figures import agreed
from report_extract.core.model import Cell, Dataset, Reading
from report_extract.profile.load import load
from report_extract.sums.repair import Equation, Misreading, like_misread, repair

from .figures import BOX, NOTE, bases, departments, lines, spoilt

TITLE = "保有個人情報の目的外利用・外部提供の実施状況報告(令和6年度実績)"


def read_twice(confidence: float, rival: float = 0.0) -> Cell:
    """A recognised 12 whose second reading agrees, with a rival 72 of probability ``rival``."""
    alternatives = (("72", rival),) if rival else ()
    readings = (Reading("12", "rapidocr", confidence, alternatives), Reading("12", "rapidocr", confidence))
    return Cell(1, BOX, readings=readings)


def balanced(*datasets: Dataset) -> dict[str, Dataset]:
    done, _, _ = balance(datasets, (), lines(TITLE, NOTE), load("personal-data-use"))
    return {d.name: d for d in done}


@pytest.mark.parametrize(("confidence", "is_agreed"), [(0.8, True), (0.79, False)])
def test_readings_that_agree_count_only_when_sure(confidence: float, is_agreed: bool) -> None:
    assert agreed(read_twice(confidence)) is is_agreed


@pytest.mark.parametrize(("rival", "is_agreed"), [(0.049, True), (0.05, False)])
def test_readings_that_agree_count_only_without_a_rival(rival: float, is_agreed: bool) -> None:
    assert agreed(read_twice(0.99, rival)) is is_agreed


def test_one_reading_is_no_agreement() -> None:
    assert not agreed(Cell(1, BOX, readings=(Reading("12", "rapidocr", 1.0),)))


def doubt(data: Dataset, row: int, *fields: str) -> Dataset:
    rows = list(data.rows)
    rows[row] = {n: c.doubted("unsure-reading") if n in fields else c for n, c in rows[row].items()}
    return replace(data, rows=tuple(rows))


def test_two_doubtful_figures_of_one_sum_do_not_settle_each_other() -> None:
    """In the column of the year before there is one sum: two wrong figures in it can make up for each other."""
    data = departments("rapidocr")
    for row in (0, 1):
        data = doubt(data, row, "prior_subtotal")
    done = balanced(data, bases("rapidocr"))["department_counts"]
    assert [done.rows[r]["prior_subtotal"].status for r in (0, 1)] == ["review", "review"]


def test_one_doubtful_figure_is_settled_by_its_sum() -> None:
    done = balanced(doubt(departments("rapidocr"), 0, "prior_subtotal"), bases("rapidocr"))["department_counts"]
    assert done.rows[0]["prior_subtotal"].status == "ok"


def test_a_figure_on_which_two_sums_bear_is_settled_beside_another() -> None:
    done = balanced(doubt(departments("rapidocr"), 0, "internal_use", "subtotal"), bases("rapidocr"))
    row = done["department_counts"].rows[0]
    assert {row["internal_use"].status, row["subtotal"].status} == {"ok"}


def test_a_single_sum_proves_no_repair() -> None:
    """a + b = c with one of them misread: each of the three may be the one."""
    sums = [Equation("s", "s", ((1, "a"), (1, "b"), (-1, "c")))]
    read = {"a": 12, "b": 30, "c": 72}
    assert repair(sums, read, {k: Misreading((v,)) for k, v in read.items()}) == []


def test_two_sums_prove_a_repair_only_where_they_leave_no_near_rival() -> None:
    """Two sums over the same cells are one witness, not two."""
    terms = ((1, "a"), (1, "b"), (-1, "c"))
    read = {"a": 12, "b": 30, "c": 72}
    known = {k: Misreading((v,)) for k, v in read.items()}
    assert repair([Equation("s", "s", terms), Equation("t", "t", terms)], read, known) == []


def sums_over(*witnesses: str) -> list[Equation]:
    """``a`` in one sum for each pair of letters: a + first = second."""
    return [Equation(w, w, ((1, "a"), (1, w[0]), (-1, w[1]))) for w in witnesses]


def test_a_repair_needs_two_witnesses_more_than_it_changes_figures() -> None:
    """With two sums, two other misreadings explain what one does; only a third leaves them behind by two."""
    read = {"a": 72, "b": 30, "c": 42, "d": 5, "e": 17, "f": 8, "g": 20}
    once = {k: Misreading((v,)) for k, v in read.items()}
    assert repair(sums_over("bc", "de"), read, once) == []
    (found,) = repair(sums_over("bc", "de", "fg"), read, once)
    assert (found.key, found.now) == ("a", 12)


def test_a_figure_read_twice_alike_is_not_changed() -> None:
    read = {"a": 72, "b": 30, "c": 42, "d": 5, "e": 17, "f": 8, "g": 20}
    known = {k: Misreading((v,)) for k, v in read.items()} | {"a": Misreading((72, 72))}
    assert all(change.key != "a" for change in repair(sums_over("bc", "de", "fg"), read, known))


@pytest.mark.parametrize(("read", "right", "alike"), [(1234, 1284, True), (1234, 5678, False), (1234, 1278, True)])
def test_a_figure_is_replaced_only_by_one_that_shares_its_digits(read: int, right: int, alike: bool) -> None:
    assert like_misread(read, right) is alike


@pytest.mark.parametrize(("row", "field"), [(2, "internal_use"), (6, "external_provision")])
def test_printed_figures_are_never_repaired(row: int, field: str) -> None:
    done = balanced(spoilt(departments(), row, field, "7"), bases())["department_counts"]
    assert done.rows[row][field].text == "7"
    assert done.rows[row][field].status != "repaired"
