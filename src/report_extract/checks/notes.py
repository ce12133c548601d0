"""Notes by which a report itself says that two of its figures differ, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..core.geometry import intersection
from ..core.model import Line, Table
from ..text.normalize import key, normal

_DIFFERS = re.compile(
    "一致しない|一致しません|一致していない|合わない|合いません|合致しない|合致しません|相違|異なる|異なります|異なって|差異|差が生|"
    "等しくない|等しくなりません|ならない場合|なりません"
)
_WHY = re.compile("複数(の)?(区分|事由|条項|項目|部|課|所属|根拠|号)|重複|延べ|のべ|再掲|計上方法|集計方法")
_ROUNDING = re.compile("四捨五入|端数|丸め")
_PRIOR = re.compile("前年度?|昨年度?|前回|参考|過年度")
_THIS = re.compile("本年度|今年度|当年度|当該年度")
_ERA_YEAR = re.compile(r"(令和|平成|R|H)\s?(元|\d{1,2})(?=年|実績|の|\D|$)")
_START = re.compile(r"^[\s(\[【]*(?:※|\*|注|備考|なお)")
_END = re.compile(r"[。.][)】\]\s]*$")
_OTHER_TABLE = re.compile(
    r"[「『\"][^」』\"]*別[^」』\"]*[」』\"]|(?:表|第)\s?\d|\d\s?の(?:表|合計)|別の?(?:実施)?(?:件数)?(?:表)?の?(?:合計|件数|総数)|"
    r"(?:他|別|上|前|左|下記?|上記)の表|前表|上表|双方|両表"
)


def notes(tables: Sequence[Table], lines: Sequence[Line]) -> tuple[str, ...]:
    """The notes that speak of figures that differ, each whole, in the report's own words."""
    said: dict[str, str] = {}
    pieces = [n for t in tables for n in (*t.notes, *_sentences(_rows(t)))]
    for note in (*_sentences(_runs(lines)), *pieces):
        plain = _bare(normal(note).strip())
        if _DIFFERS.search(plain) or _ROUNDING.search(plain):
            said.setdefault(key(plain), plain)
    whole = sorted(said.values(), key=len, reverse=True)
    # A note that a table has and a line as well is told by the longer of the two.
    return tuple(n for i, n in enumerate(whole) if not any(key(n) in key(longer) for longer in whole[:i]))


def _bare(note: str) -> str:
    """The note without the one pair of brackets around all of it."""
    return note[1:-1].strip() if note[:1] + note[-1:] in ("()", "[]", "【】") and note.count(note[0]) == 1 else note


def _runs(lines: Sequence[Line]) -> Iterator[tuple[str, bool]]:
    """The text of each line, and whether it goes on from the line before: printed the same way, right beside it."""
    last: Line | None = None
    for line in lines:
        follows = last is not None and (line.page, line.rotation) == (last.page, last.rotation)
        if last and follows:
            size = min(last.bbox.width, last.bbox.height)
            follows = intersection(last.bbox.grown(2 * size), line.bbox) is not None
        yield line.text, follows
        last = line


def _rows(table: Table) -> Iterator[tuple[str, bool]]:
    """The text of each row: a finder may have taken the note below a table for its last rows."""
    yield from ((said, False) for said in table.caption.splitlines())
    for row in table.grid():
        cells = {id(c): c.text for c in row if c}
        yield "".join(cells.values()), True


def _sentences(pieces: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Pieces joined into notes and sentences: a note starts with its mark and ends with its full stop."""
    current = ""
    for said, follows in pieces:
        text = normal(said)
        if current and (_START.search(text) or not follows or _END.search(current)):
            yield current
            current = ""
        current += text
    if current:
        yield current


def explanation(found: Sequence[str], across: bool, prior: bool, year: int | None, excess: float, terms: int) -> str:
    """The note that says why the two sides of a check differ; empty where none does.

    Args:
        found: what ``notes`` gave.
        across: does the check hold two tables against each other?
        prior: is the check about the figures of the year before?
        year: the report's fiscal year, where known.
        excess: by how much the parts are more than their sum.
        terms: how many figures were added: each may be rounded by half a unit.
    """
    fitting = []
    for note in found:
        about = _about(note, year)
        if about and ("prior" if prior else "this") not in about:
            continue
        if _ROUNDING.search(note) and not _WHY.search(note) and abs(excess) > max(1.0, terms / 2):
            continue
        if not across and (_OTHER_TABLE.search(note) or (_WHY.search(note) and excess < 0)):
            continue  # counted twice, the parts are more than the sum, never less
        fitting.append((bool(about), bool(_OTHER_TABLE.search(note)), bool(_WHY.search(note)), len(note), note))
    return max(fitting)[-1] if fitting else ""


def _about(note: str, year: int | None) -> set[str]:
    """Which years a note speaks of: ``this``, ``prior``; empty where it names none."""
    about = set()
    if _PRIOR.search(note):
        about.add("prior")
    if _THIS.search(note):
        about.add("this")
    if year is None:  # a year that is named could be either
        return about
    for era, number in _ERA_YEAR.findall(note):
        named = (2018 if era in ("令和", "R") else 1988) + (1 if number == "元" else int(number))
        about.add("this" if named == year else "prior" if named == year - 1 else "other")
    return about
