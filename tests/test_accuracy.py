"""The measures by which tables of ours and of the peers are compared."""

from __future__ import annotations

from benchmarks.accuracy import Place, Score, counts, f1, matrix, relations, table_of


def test_relations_pass_over_blanks_and_count_each_pair_of_cells_once() -> None:
    cells = [
        Place(0, 0, 0, 1, "head"),
        Place(1, 0, 1, 0, "a"),
        Place(1, 1, 1, 1, ""),
        Place(1, 2, 1, 2, "b c"),
    ]
    assert relations(cells) == {("head", "a", "below"): 1, ("a", "bc", "right"): 1}


def test_a_column_lost_costs_precision_and_recall() -> None:
    truth = relations(matrix([["", "x", "y"], ["1", "2", "3"]]))
    got = relations(matrix([["", "x y"], ["1", "2 3"]]))
    hits = (truth & got).total()
    assert hits == 0
    assert f1(1.0, 0.5) == 2 / 3
    assert f1(0.0, 0.0) == 0.0


def test_counts_take_the_first_figure_of_a_cell_at_its_label() -> None:
    table = matrix([["区別", "全市"], ["発送数", "2,925"], ["あてはまる", "763 35.4"], ["", "33.1"]])
    assert counts(table) == {("発送数", "1", "2925"): 1, ("あてはまる", "1", "763"): 1}


def test_the_best_engine_of_a_group_comes_first() -> None:
    found = {("icdar", "one"): [Score(0.5, 0.5, 1.0)], ("icdar", "two"): [Score(1.0, 1.0, 2.0, "")]}
    assert [line.split(" | ")[1] for line in table_of(found).splitlines()[2:]] == ["two", "one"]
