"""Characters → the text of each cell, in reading order.

Works on all cells of a table at once: every character gets a place ``(cell, line, along)`` and one sort puts
them into reading order. A line runs along ``u`` and lines follow one another along ``v``; for horizontal
writing these are x and y, for glyphs that lie on their side, and for vertical writing, they are turned.
"""

from __future__ import annotations

import numpy as np

from ..core.model import Array, Flag
from ..text.scripts import logical

SAME_LINE = 0.45  # of the size: centres nearer than this, across the line, are of one line
GAP_NARROW = 0.18  # of the size: a blank between two Latin letters or digits
GAP_MIXED = 0.6  # between a wide and a narrow one: Japanese typesetting spaces these by a quarter
GAP_WIDE = 0.9  # between two wide ones: an ideographic space is an em, less what rounding takes of it
RUBY_GAP = 1.6  # of its own size: a wider gap parts the reading aids of two words
RUBY = 0.6  # of the cell's size: smaller kana in lines of their own are reading aids
FIRST_RIGHT_TO_LEFT, LAST_RIGHT_TO_LEFT = 0x590, 0x900  # Hebrew, Arabic and their like
BLANKS = (" ", "\u00a0", "\u3000", "\t", "\n", "\r", "")


def visible(chars: Array) -> Array:
    """``chars`` without the invisible and hidden ones; all of them where none can be seen."""
    seen = (chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN)) == 0
    return chars[seen] if seen.any() and not seen.all() else chars


def wide(chars: Array) -> Array:
    """Which of ``chars`` are written without blanks between them: ideographs, kana, full-width forms."""
    code = _code(chars)
    return np.asarray((code >= 0x2E80) | ((code >= 0x2190) & (code < 0x2C00)) | (code == 0x203B))


def _code(chars: Array) -> Array:
    """The first code point of each character's text."""
    text = np.ascontiguousarray(chars["text"])
    return text.view(np.uint32).reshape(len(chars), text.dtype.itemsize // 4)[:, 0]


def texts(chars: Array, cell: Array, n: int) -> list[str]:
    """The text of each of ``n`` cells.

    Args:
        chars: CHAR records in drawing order, in the table's upright frame.
        cell: which cell each of them stands in, -1 for none.
        n: how many cells there are.
    """
    kept = (cell >= 0) & (chars["text"] != "")
    chars, cell = chars[kept], cell[kept]
    if not len(chars):
        return [""] * n
    frame = _frames(chars, cell, n)
    u0, u1, v = _along(chars, frame[cell])
    chars, u0, u1, v = _with_ruby(chars, cell, u0, u1, v, n)
    line = _lines(cell, v, chars["size"], np.where(frame[cell] == VERTICAL, 0.6, SAME_LINE))
    standing = frame[cell] == VERTICAL
    along = np.where(standing, _slots(line, u0, u1, chars), u0) if standing.any() else u0
    order = np.lexsort((chars["x0"], along, line))
    return _joined(chars[order], cell[order], line[order], u0[order], u1[order], n)


VERTICAL = 4  # a frame besides the four turns: upright glyphs, one below the other, columns right to left


def _frames(chars: Array, cell: Array, n: int) -> Array:
    """How each cell is to be read: 0..3, its glyphs' quarter turns clockwise, or VERTICAL."""
    turns = (chars["rotation"].astype(np.intp) // 90) % 4
    votes = np.bincount(cell * 4 + turns, minlength=n * 4).reshape(n, 4)
    frame = np.argmax(votes, axis=1)
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    size = np.maximum(chars["size"], 1)
    inked = ~np.isin(chars["text"], BLANKS)
    at = np.flatnonzero(inked)
    a, b = at[:-1], at[1:]
    dx, dy = (x[b] - x[a]) / size[a], (y[b] - y[a]) / size[a]
    same = cell[a] == cell[b]
    # Some readers give lines of a page upside down back to front: only the step counts, not its sense.
    down = same & (np.abs(dx) < 0.35) & (np.abs(dy) > 0.5)
    aside = same & (np.abs(dy) < 0.35) & (np.abs(dx) > 0.2)
    downs = np.bincount(cell[a], down, minlength=n)
    asides = np.bincount(cell[a], aside, minlength=n)
    stacked = (downs > asides) & (downs >= 1)
    # Two digits below each other are two lines, not a column of writing.
    wides = np.bincount(cell, wide(chars), minlength=n)
    return np.where((frame == 0) & stacked & (wides > 0), VERTICAL, frame)


def _along(chars: Array, frame: Array) -> tuple[Array, Array, Array]:
    """Where each character begins and ends along its line, and where its middle stands across it."""
    x0, x1, top, bottom = chars["x0"], chars["x1"], chars["top"], chars["bottom"]
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    frame = np.where(frame == VERTICAL, 1, frame)
    u0 = np.choose(frame, (x0, top, -x1, -bottom))
    u1 = np.choose(frame, (x1, bottom, -x0, -top))
    return u0, u1, np.choose(frame, (y, -x, -y, x))


def _with_ruby(chars: Array, cell: Array, u0: Array, u1: Array, v: Array, n: int) -> tuple[Array, Array, Array, Array]:
    """Everything, the small kana that tell how a word is read in brackets behind it: 山田太郎(やまだたろう).

    That is how HTML shows ruby where there is no room above the line (``<rp>``).
    """
    code = _code(chars)
    kana = (code >= 0x3041) & (code <= 0x30FF) & (code != 0x30FB)
    largest = np.zeros(n)
    np.maximum.at(largest, cell, chars["size"])
    ruby = np.flatnonzero(kana & (chars["size"] < RUBY * largest[cell]))
    if not len(ruby):
        return chars, u0, u1, v
    chars, u0, u1, v = chars.copy(), u0.copy(), u1.copy(), v.copy()
    order = ruby[np.lexsort((u0[ruby], np.round(v[ruby] / np.maximum(chars["size"][ruby], 1)), cell[ruby]))]
    same = (cell[order][1:] == cell[order][:-1]) & (np.abs(np.diff(v[order])) < 0.5 * chars["size"][order][1:])
    same &= u0[order][1:] - u1[order][:-1] < RUBY_GAP * chars["size"][order][1:]
    groups = np.split(order, np.flatnonzero(~same) + 1)
    for number, group in enumerate(groups):
        size = largest[cell[group[0]]]
        below = np.flatnonzero((cell == cell[group[0]]) & (v > v[group[0]]) & (v < v[group[0]] + 1.6 * size))
        below = below[(chars["size"][below] >= RUBY * size) & (u0[below] < u1[group[-1]] - 0.1 * size)]
        if not len(below):
            continue
        after = groups[number + 1][0] if number + 1 < len(groups) else -1
        beside = after >= 0 and cell[after] == cell[group[0]] and abs(v[after] - v[group[0]]) < 0.5 * size
        last = _end_of_word(below[v[below] - v[below].min() < SAME_LINE * size], chars, cell, u0, u1, v)
        if beside and u1[last] > u0[after]:
            last = below[np.argmax(np.where(u0[below] < u0[after] - 0.1 * size, u1[below], -np.inf))]
        chars["text"][group[0]] = "(" + chars["text"][group[0]]
        chars["text"][group[-1]] = chars["text"][group[-1]] + ")"
        v[group], u0[group], u1[group] = v[last], u1[last] - 0.01, u1[last]
    return chars, u0, u1, v


def _end_of_word(line: Array, chars: Array, cell: Array, u0: Array, u1: Array, v: Array) -> int:
    """The last of the kanji that go on from some characters of a line without a gap."""
    last = int(line[np.argmax(u1[line])])
    code, size = _code(chars), float(chars["size"][last])
    kanji = (code >= 0x3400) & (code < 0xA000) & (cell == cell[last]) & (np.abs(v - v[last]) < SAME_LINE * size)
    while True:
        on = np.flatnonzero(kanji & (np.abs(u0 - u1[last]) < 0.3 * size) & (u1 > u1[last] + 0.1 * size))
        if not len(on):
            return last
        last = int(on[0])


def _lines(cell: Array, v: Array, size: Array, same: Array) -> Array:
    """The line of each character, numbered over all cells in reading order."""
    order = np.lexsort((v, cell))
    c, at, em = cell[order], v[order], size[order]
    fresh = np.ones(len(order), dtype=np.intp)
    near = np.diff(at) <= same[order][1:] * np.maximum(em[1:], em[:-1])
    fresh[1:] = ~(near & (np.diff(c) == 0))
    line = np.empty(len(order), dtype=np.intp)
    line[order] = np.cumsum(fresh) - 1
    return line


def _slots(line: Array, u0: Array, u1: Array, chars: Array) -> Array:
    """Positions along vertical lines, the same for characters set side by side (縦中横)."""
    middle = (u0 + u1) / 2
    order = np.lexsort((middle, line))
    step = np.diff(middle[order]) > 0.35 * chars["size"][order][1:]
    fresh = np.concatenate(([True], step | (np.diff(line[order]) != 0)))
    slot = np.empty(len(order))
    slot[order] = middle[order][np.flatnonzero(fresh)][np.cumsum(fresh) - 1]
    return slot


def _joined(chars: Array, cell: Array, line: Array, u0: Array, u1: Array, n: int) -> list[str]:
    """The texts of all cells, of characters in reading order."""
    broad = wide(chars)
    blank = np.isin(chars["text"], BLANKS)
    size = np.minimum(chars["size"][1:], chars["size"][:-1])
    gap = (u0[1:] - u1[:-1]) / np.maximum(size, 1)
    both, either = broad[1:] & broad[:-1], broad[1:] | broad[:-1]
    bar = np.where(both, GAP_WIDE, np.where(either, GAP_MIXED, GAP_NARROW))
    beside = line[1:] == line[:-1]
    apart = beside & (gap > bar) & ~blank[1:] & ~blank[:-1]
    apart &= ~_spread(both, gap, line)
    wrapped = ~beside & (cell[1:] == cell[:-1]) & ~either & ~blank[1:] & ~blank[:-1]
    wrapped &= ~_hyphened(chars["text"])
    pieces = np.char.add(np.where(np.concatenate(([False], apart | wrapped)), " ", ""), chars["text"]).tolist()
    ends = np.searchsorted(cell, np.arange(n), side="right")
    begins = np.searchsorted(cell, np.arange(n))
    bounds = list(zip(begins.tolist(), ends.tolist(), strict=True))
    if ((_code(chars) >= FIRST_RIGHT_TO_LEFT) & (_code(chars) < LAST_RIGHT_TO_LEFT)).any():
        for a, b in bounds:
            rows = np.split(np.arange(a, b), np.flatnonzero(np.diff(line[a:b])) + 1) if b > a else []
            for row in rows:
                said = "".join(pieces[k] for k in row)
                lead = " " if said.startswith(" ") and row[0] > a else ""
                pieces[row[0] : row[-1] + 1] = [lead + logical(said.strip()), *[""] * (len(row) - 1)]
    return ["".join(pieces[a:b]).strip() for a, b in bounds]


def _hyphened(text: Array) -> Array:
    """Between which characters a hyphen stands that joins two letters: public-|private, but not -|4.7."""
    letter = np.char.isalpha(text)
    joins = np.zeros(len(text) - 1, dtype=bool)
    joins[1:] = letter[:-2] & (text[1:-1] == "-") & letter[2:]
    return joins


def _spread(both: Array, gap: Array, line: Array) -> Array:
    """Which gaps stand in a line spread evenly over its cell: 合　計, 総　務　部."""
    inner = line[1:] == line[:-1]
    at = line[1:]
    n = int(line.max()) + 1
    even = np.bincount(at[inner], (both & (gap > 0.3))[inner], minlength=n) == np.bincount(at[inner], minlength=n)
    return np.asarray(even[at] & inner)
