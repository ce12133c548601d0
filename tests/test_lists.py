"""Long lists as registers print them: two side by side, spare rows at the end, dotted rules between pairs of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from report_extract import extract_tables
from report_extract.core.model import Array, Page
from report_extract.datasets.shape import shape_unknown
from report_extract.imaging.lines import cleaned
from report_extract.tables.find import find_tables

from .pages import page_of, text_chars

HEADINGS = ["町名", "世帯数", "男", "女", "計"]


def rows(first: int, count: int) -> list[list[str]]:
    """Rows of a register: a name, households, men, women, all."""
    return [[f"{n:03}本町{n}丁目", str(3 * n), str(4 * n), str(5 * n), str(9 * n)] for n in range(first, first + count)]


def side_by_side(*pages: Page) -> Page:
    return replace(
        pages[0],
        chars=np.concatenate([p.chars for p in pages]),
        rulings=np.concatenate([p.rulings for p in pages]),
    )


def test_two_lists_side_by_side_are_two_tables() -> None:
    size, widths = (1200.0, 800.0), [150.0, 60.0, 60.0, 60.0, 60.0]
    left = page_of([HEADINGS, *rows(1, 20)], at=(60, 80), widths=widths, page_size=size)
    right = page_of([HEADINGS, *rows(21, 20)], at=(510, 80), widths=widths, page_size=size)
    found = find_tables(side_by_side(left, right))
    assert [(t.n_rows, t.n_cols, t.cells[5].text) for t in found] == [(21, 5, "001本町1丁目"), (21, 5, "021本町21丁目")]


def test_spare_rows_at_the_end_of_a_form_do_not_speak_against_it() -> None:
    blank = [[""] * 5 for _ in range(14)]
    (table,) = find_tables(page_of([HEADINGS, *rows(1, 8), *blank]))
    assert (table.kind, table.n_cols) == ("ruled", 5)
    assert [c.text for c in table.cells if c.col == 0 and c.text] == ["町名", *(r[0] for r in rows(1, 8))]


def paired(pairs: int, specks: dict[int, str]) -> Page:
    """A list with a rule below every second row only; of some pairs what is left of a dotted rule was read as marks."""
    body = rows(1, 2 * pairs)
    joined = [["\n".join(both) for both in zip(*body[k : k + 2], strict=True)] for k in range(0, 2 * pairs, 2)]
    page = page_of([HEADINGS, *joined], height=32, widths=[150.0, 60.0, 60.0, 60.0, 60.0], page_size=(595.0, 842.0))
    chars = [page.chars]
    for pair, marks in specks.items():
        first = page.chars[[i for i, c in enumerate(page.chars["text"]) if c == "丁"][2 * pair]]
        chars.append(text_chars(marks, 70.0, float(first["top"]) + 7.0))
    return replace(page, chars=np.concatenate(chars))


def test_rows_without_a_rule_between_are_parted_whatever_is_left_of_a_dotted_one() -> None:
    (table,) = find_tables(paired(6, {1: "._-", 4: "- --- -"}))
    texts = ["".join(c for c in cell.text if c not in " ._-") for cell in table.cells]
    assert [texts[k : k + 5] for k in range(5, len(texts), 5)] == rows(1, 12)


def test_what_stays_together_is_pointed_out() -> None:
    body = rows(1, 12)
    body[4][2:] = ["20 24", "25 30", "45 54"]
    (dataset,) = shape_unknown(find_tables(page_of([HEADINGS, *body])))
    doubts = [[d.kind for c in row.values() for d in c.doubts] for row in dataset.rows]
    assert doubts == [[], [], [], [], ["run-together"] * 3, *([[]] * 7)]


def broad_figures(rows: Sequence[Sequence[str]]) -> Array:
    """A ruled table of figures, each in a place of its own as full-width ones are, 200 dpi."""
    wide, high, em = 330, 70, 27
    picture = np.full((high * len(rows) + 80, wide * len(rows[0]) + 80), 255, np.uint8)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = 40 + c * wide, 40 + r * high
            cv2.rectangle(picture, (x, y), (x + wide, y + high), 0, 3)
            for k, letter in enumerate(text):
                at = (x + 40 + k * em + (0 if letter == "." else 3), y + 47)
                cv2.putText(picture, letter, at, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2, cv2.LINE_AA)
    return picture


def test_a_full_width_point_does_not_part_a_figure(tmp_path: Path) -> None:
    rows = [["93.6", "78.8", "92.9"], ["80.9", "70.7", "79.5"], ["77.4", "65.7", "77.3"], ["96.9", "94.5", "96.5"]]
    Image.fromarray(broad_figures(rows)).save(tmp_path / "broad.png", dpi=(200, 200))
    (table,) = extract_tables(tmp_path / "broad.png")
    assert (table.kind, table.n_rows, table.n_cols) == ("ruled", 4, 3)
    assert [cell.text for cell in table.cells] == [text for row in rows for text in row]


def test_what_is_left_of_rules_in_a_blank_cell_is_no_figure() -> None:
    blank = np.full((96, 215), 255, np.uint8)
    for x, top, bottom in ((0, 40, 47), (1, 60, 64), (213, 8, 15), (213, 25, 28)):
        blank[top:bottom, x : x + 2] = 0
    assert cleaned(blank, 300 / 72).min() == 255
    figure = blank.copy()
    figure[35:65, 150:155] = 0
    assert (cleaned(figure, 300 / 72)[35:65, 150:155] == 0).all()
