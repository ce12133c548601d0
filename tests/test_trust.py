"""The benchmark of trust plants errors in made-up reports: none may go unnoticed, and it must see what sums see."""

from benchmarks.trust import run


def test_no_planted_error_is_silent() -> None:
    tallies = run(seed=3, tables=120)
    assert sum(t.tables for t in tallies.values()) >= 50
    assert {kind: t.silent for kind, t in tallies.items() if t.silent} == {}
    assert {kind: t.wrong_repairs + t.changed for kind, t in tallies.items() if t.wrong_repairs + t.changed} == {}
    assert {kind: t.unnoticed for kind, t in tallies.items() if t.unnoticed} == {}


def test_made_up_reports_stand_under_sums_over_columns() -> None:
    """A figure under a row's sum and a column's is restored: only with both can most be."""
    tally = run(seed=5, tables=400)["scan, two figures"]
    assert tally.planted >= 20
    assert tally.repaired >= 0.9 * tally.planted
