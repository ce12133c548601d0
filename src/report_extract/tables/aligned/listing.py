"""Lists that are set in columns and yet are no tables: contents, an index, facts named in brackets, address labels.

Each says of every line the same two things in one string or at a margin; nothing is to be looked up by row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ...page.words import Word
from ...text.totals import says_total
from .lines import LEADER
from .rows import Piece

MOST = 0.6  # the share of rows, or of pieces, from which what is usual of them is said of all
PAGES = 4  # so many page numbers rise by chance in one table of 24
COPIES = 3  # lines that an address has at least, and addresses in all

_PAGE = re.compile(r"^\d{1,3}$")
_OF_PAGES = re.compile(r"頁|ページ|\bpages?\b", re.IGNORECASE)
_CHAPTER = re.compile(
    r"^(?:第[0-9０-９一二三四五六七八九十]+[章節編部]|\d{1,2}(?:\.\d{1,2})+|\d{1,2}[.．、]|[IVX]+\.|[(（]\d{1,2}[)）])"
)
_FOLIOS = re.compile(r"^\D{2,}[\s,、…]\s*\d{1,3}(?:\s*[,、]\s*\d{1,3})*,?$")
_NAMED = re.compile(r"^(?:【[^】]*】|〔[^〕]*〕|［[^］]*］|\[[^\]]*\]|[（(][^()（）]{2,}[)）])$")

Grid = Sequence[Sequence[Piece]]


def is_listing(grid: Grid, words: Sequence[Word]) -> bool:
    """Is it one of these?

    Args:
        grid: the pieces of each line of text, from the top.
        words: of the page, the leaders among them.
    """
    full = [row for row in grid if len(row) > 1]
    return _is_contents(full, words) or _is_index(full) or _is_of_names(full) or _is_of_addresses(grid)


def _is_contents(full: Grid, words: Sequence[Word]) -> bool:
    """Do small numbers that rise down the page stand at the end of lines that are chapters, or led to by dots?

    Counts may rise as page numbers do, 第2項第4号 3; but counts have a heading, or a total, and page numbers have none.
    """
    headed = not _PAGE.match(full[0][-1].text) and not _OF_PAGES.search(full[0][-1].text) if full else False
    if headed or any(says_total(row[0].text) for row in full):
        return False
    ended = [row for row in full if _PAGE.match(row[-1].text)]
    pages = [int(row[-1].text) for row in ended]
    if len(pages) < max(PAGES, 0.8 * len(full)) or any(b < a for a, b in pairwise(pages)) or pages[0] == pages[-1]:
        return False
    chapters = sum(bool(_CHAPTER.match(row[0].text)) for row in ended)
    return len(ended[0]) <= 3 and max(chapters, _led(ended, words)) >= MOST * len(ended)


def _led(rows: Grid, words: Sequence[Word]) -> int:
    """How many of these rows have dots that lead to what ends them."""
    dots = [w for w in words if LEADER.search(w.text)]
    return sum(any(row[-1].top < w.middle < row[-1].bottom and w.x1 > row[0].lines[0].x0 for w in dots) for row in rows)


def _is_index(full: Grid) -> bool:
    """Does every piece name something and the pages on which it stands?"""
    pieces = [p for row in full for p in row]
    return len(pieces) > 7 and _share(bool(_FOLIOS.match(p.text)) for p in pieces) > MOST


def _is_of_names(full: Grid) -> bool:
    """Does most lines' first piece stand in brackets, as what names the rest of the line?"""
    return len(full) > 2 and _share(bool(_NAMED.match(row[0].text)) for row in full) > MOST


def _is_of_addresses(grid: Grid) -> bool:
    """Do groups of three lines or more, apart, repeat the same kinds of line, the same in every column?"""
    whites = [b[0].top - a[0].bottom for a, b in pairwise(grid)]
    wide = [0, *(i for i, white in enumerate(whites, 1) if white > grid[0][0].lines[0].size), len(grid)]
    groups = [grid[a:b] for a, b in pairwise(wide)]
    lines = len(groups[0])
    if len(groups) < COPIES or lines < COPIES or any(len(group) != lines for group in groups):
        return False
    kinds = [[{_kind(p.text) for p in row} for row in group] for group in groups]
    alike = all(len(kind) == 1 for group in kinds for kind in group)
    return alike and kinds.count(kinds[0]) == len(kinds) and any(a != b for a, b in pairwise(kinds[0]))


def _kind(text: str) -> tuple[bool, bool]:
    """Does it begin with a figure, does it hold one?"""
    return text[:1].isdigit(), any(map(str.isdigit, text))


def _share(of: Iterable[bool]) -> float:
    found = list(of)
    return sum(found) / max(1, len(found))
