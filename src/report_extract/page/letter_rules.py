"""Rules and leaders that are set with letters: ``+---+---+``, ``│``, ``........``.

Old reports, and mails printed to PDF, draw their tables with the letters of a typewriter or with box-drawing
characters. Each such letter has arms, to the left, right, up and down; an arm that meets another one is a piece of
a ruling. A row of dots between a name and its figure leads the eye and says nothing; a row of hyphens across a page
is a line.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.model import RULING, RULING_STROKE, Array, Flag, Page

_DOTS = ".…‥・･·．"
_LEAST_DOTS, _LEAST_ELLIPSES = 5, 2  # in a row: fewer are punctuation
_DASHES = "-‐‑‒–—―−_=─━═＿－ー￣~〜"
_LEAST_DASHES = 12  # in a row: of fewer, a cell may say that it has nothing
_LINES = "│┃║|｜"
_CROSSES = "+＋"
_FLAT = "-─━═=－"
# Arms of box-drawing characters: left, right, up, down.
_ARMS = {
    **dict.fromkeys("─━═┄┅┈┉╌╍╴╶╸╺", "lr"), **dict.fromkeys("│┃║┆┇┊┋╎╏╵╷╹╻", "ud"),
    **dict.fromkeys("┌┏╔╒╓╭┍┎", "rd"), **dict.fromkeys("┐┓╗╕╖╮┑┒", "ld"),
    **dict.fromkeys("└┗╚╘╙╰┕┖", "ru"), **dict.fromkeys("┘┛╝╛╜╯┙┚", "lu"),
    **dict.fromkeys("├┣╠╞╟┝┠┡┢┞┟", "rud"), **dict.fromkeys("┤┫╣╡╢┥┨┩┪┦┧", "lud"),
    **dict.fromkeys("┬┳╦╤╥┯┰┭┮┱┲", "lrd"), **dict.fromkeys("┴┻╩╧╨┷┸┵┶┹┺", "lru"),
    **dict.fromkeys("┼╋╬╪╫┿╂┽┾╀╁╃╄╅╆╇╈╉╊", "lrud"),
}  # fmt: skip
_FEWEST_CORNERS = 4  # crosses and corners that make a table of letters
_NEXT_LINE = 2.2  # ems between two lines of it
_LEVEL = 0.35  # ems by which letters of one line, or of one column, may be off
_APART = 0.9  # ems between the dots of one row
_TOUCHING = 0.35  # ems between letters that draw one line


def ruled_by_letters(page: Page) -> Page:
    """The page, its rows of dots left out, and its rules of letters made rulings; as it is where it has none."""
    chars = page.chars
    texts = chars["text"]
    seen = (chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN) == 0) & (chars["rotation"] == 0)
    drawn = np.zeros(len(chars), bool)
    lines: list[tuple[float, float, float, float]] = []
    boxes = seen & _among(texts, "".join(_ARMS) + _CROSSES + _LINES)
    if boxes.sum() >= _FEWEST_CORNERS:
        table = np.flatnonzero(seen & _among(texts, "".join(_ARMS) + _CROSSES + _LINES + _FLAT))
        used, lines = _table_lines(chars[table])
        drawn[table[used]] = True
    for begin, end in _rows(chars, seen & ~drawn & _among(texts, _DOTS + _DASHES)):
        letter, length = str(texts[begin]), end - begin
        if letter in _DOTS and length >= (_LEAST_ELLIPSES if letter in "…‥" else _LEAST_DOTS):
            drawn[begin:end] = True
        elif letter in _DASHES and length >= _LEAST_DASHES:
            drawn[begin:end] = True
            at = float(chars["bottom"][begin]) - (0.1 if letter in "_＿" else 0.42) * float(chars["size"][begin])
            lines.append((float(chars["x0"][begin]), at, float(chars["x1"][end - 1]), at))
    if not drawn.any():
        return page
    rulings = np.zeros(len(lines), RULING)
    if lines:
        rulings["x0"], rulings["top"], rulings["x1"], rulings["bottom"] = np.array(lines).T
        rulings["width"], rulings["kind"] = 0.5, RULING_STROKE
    return replace(page, chars=chars[~drawn], rulings=np.concatenate([page.rulings, rulings]))


def _among(texts: Array, letters: str) -> Array:
    return np.isin(texts, list(letters))


def _rows(chars: Array, some: Array) -> list[tuple[int, int]]:
    """Rows of one letter, side by side in the order of the text: first and last + 1."""
    if not some.any():
        return []
    a, b = chars[:-1], chars[1:]
    size = np.maximum(a["size"], 1.0)
    linked = some[:-1] & some[1:] & (a["text"] == b["text"])
    linked &= np.abs(b["bottom"] - a["bottom"]) < _LEVEL * size
    linked &= (b["x0"] - a["x1"] < _APART * size) & (b["x0"] > a["x0"])
    starts = np.flatnonzero(some & ~np.r_[False, linked])
    ends = np.flatnonzero(some & ~np.r_[linked, False]) + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _table_lines(chars: Array) -> tuple[Array, list[tuple[float, float, float, float]]]:
    """The lines that letters draw, and which of the letters draw one.

    A ``+`` reaches wherever another letter reaches towards it, and so does a ``|`` towards a ``-`` (Markdown). A row
    must meet a cross or a corner, else it is a minus; a column of bars is a line from three lines on.
    """
    size = float(np.median(chars["size"]))
    x, y = (chars["x0"] + chars["x1"]) / 2, (chars["top"] + chars["bottom"]) / 2
    letters = chars["text"].tolist()
    beside, below = _next_in_line(x, y, chars, size), _next_below(x, y, size)
    arms = [_arms(text) for text in letters]
    for i, j in enumerate(beside):
        if j >= 0 and {letters[i] in _LINES, letters[j] in _LINES} == {True, False}:
            bar, other = (i, j) if letters[i] in _LINES else (j, i)
            if letters[other] in _FLAT:
                arms[bar] = "lrud"
    across = [(i, j) for i, j in enumerate(beside) if j >= 0 and "r" in arms[i] and "l" in arms[j]]
    down = [(i, j) for i, j in enumerate(below) if j >= 0 and "d" in arms[i] and "u" in arms[j]]
    joints = {i for i, reach in enumerate(arms) if reach not in ("lr", "ud")}
    plain = {i for i, text in enumerate(letters) if text not in _CROSSES}
    used = np.zeros(len(chars), bool)
    lines = []
    for pairs, flat in ((across, True), (down, False)):
        for chain in _chains(pairs):
            meets = joints.intersection(chain) and plain.intersection(chain)
            if len(chain) < 3 or (flat and not meets) or not plain.intersection(chain):
                continue
            used[chain] = True
            first, last = chain[0], chain[-1]
            if flat:
                lines.append((float(x[first]), float(y[first]), float(x[last]), float(y[first])))
            else:
                lines.append((float(x[first]), float(y[first]), float(x[first]), float(y[last])))
    return used, lines


def _arms(text: str) -> str:
    if text in _CROSSES:
        return "lrud"
    if text in _LINES:
        return "ud"
    return _ARMS.get(text, "lr")


def _next_in_line(x: Array, y: Array, chars: Array, size: float) -> list[int]:
    """For each letter the one right of it that touches it, or -1."""
    order = np.lexsort((x, np.round(y / (_LEVEL * size))))
    after = np.full(len(x), -1)
    a, b = order[:-1], order[1:]
    near = (np.abs(y[a] - y[b]) < _LEVEL * size) & (chars["x0"][b] - chars["x1"][a] < _TOUCHING * size) & (x[b] > x[a])
    after[a[near]] = b[near]
    return [int(k) for k in after]


def _next_below(x: Array, y: Array, size: float) -> list[int]:
    """For each letter the nearest one below it in its column, or -1."""
    order = np.lexsort((y, np.round(x / (_LEVEL * size))))
    after = np.full(len(x), -1)
    a, b = order[:-1], order[1:]
    near = (np.abs(x[a] - x[b]) < _LEVEL * size) & (y[b] - y[a] < _NEXT_LINE * size) & (y[b] > y[a])
    after[a[near]] = b[near]
    return [int(k) for k in after]


def _chains(pairs: list[tuple[int, int]]) -> list[list[int]]:
    """Pairs (a letter, the next one) joined to chains."""
    after, targets = dict(pairs), {j for _, j in pairs}
    chains = []
    for start in after:
        if start in targets:
            continue
        chain = [start]
        while chain[-1] in after:
            chain.append(after[chain[-1]])
        chains.append(chain)
    return chains
