"""Nothing vanishes: every visible word in a table's region stands in one of its cells, or is pointed out.

Words outside all tables are lines of text by construction (``page.words.lines``); a word inside one that no cell
says would be lost without a trace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.geometry import turned, union
from ..core.model import Array, Finding, Page, Table
from ..page.words import Word, inside, rotations, spoken, text_lines, upright, words

LEADERS = frozenset(".․‥…・·_")  # what leads the eye from a label to its figure
READING_AID = 0.6  # of the letters' size beside it: smaller kana tell how a word is read, and say nothing more


def accounted(tables: Sequence[Table], page: Page) -> list[Table]:
    """The tables, each doubted for the words in its region that ended in none of its cells.

    Args:
        tables: as found on ``page``, with the texts that its characters make.
        page: whose characters were put into them.

    Returns:
        The tables in the same order; a doubt of kind ``unplaced`` quotes each line of words, with its box.
    """
    return [_accounted(table, page) for table in tables]


def _accounted(table: Table, page: Page) -> Table:
    said = Counter(_letters("".join(cell.text for cell in table.cells)))
    lost: list[Finding] = []
    for rotation in rotations(page):
        view = upright(page, rotation)
        here = inside(words(view), turned(table.bbox, -rotation % 360, page.width, page.height))
        own = Counter(_letters("".join(word.text for word in here)))
        if missing := own - said:
            boxes = np.array([turned(cell.bbox, -rotation % 360, page.width, page.height) for cell in table.cells])
            for line in text_lines(_unsaid(here, table, boxes, missing)):
                box = turned(union(word.bbox for word in line), rotation, view.width, view.height)
                lost.append(Finding("unplaced", (spoken(line),), page.number, box))
        said -= own
    return replace(table, doubts=(*table.doubts, *lost)) if lost else table


def _unsaid(here: Sequence[Word], table: Table, boxes: Array, missing: Counter[str]) -> list[Word]:
    """The words among ``here`` that no cell says: those that their own cell does not, then any of the same letters.

    Args:
        here: the upright words in the table's region.
        table: the table.
        boxes: those of its cells, in the words' frame.
        missing: the letters that the words have and the cells have not.
    """
    in_question = [w for w in here if Counter(_letters(w.text)) & missing and not _says_nothing(w, here)]
    found: list[Word] = []
    others: list[Word] = []
    for word in in_question:
        x, y = (word.x0 + word.x1) / 2, word.middle
        at = np.flatnonzero((boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3]))
        said = len(at) and not Counter(_letters(word.text)) - Counter(_letters(table.cells[int(at[0])].text))
        (others if said else found).append(word)
    rest = missing - Counter(_letters("".join(word.text for word in found)))
    for word in others:
        letters = Counter(_letters(word.text))
        if not letters - rest:
            found.append(word)
            rest -= letters
    return found


def _says_nothing(word: Word, here: Sequence[Word]) -> bool:
    """Is a word a leader of dots, or small kana right above or beside letters of full size?"""
    if len(word.text) > 2 and not set(word.text) - LEADERS:
        return True
    if not all("ぁ" <= letter <= "ヿ" for letter in word.text):
        return False
    near = word.bbox.grown(word.size)
    beside = (w for w in here if w.x0 < near.x1 and w.x1 > near.x0 and w.top < near.bottom and w.bottom > near.top)
    return any(word.size < READING_AID * w.size for w in beside)


def _letters(text: str) -> str:
    return "".join(text.split())
