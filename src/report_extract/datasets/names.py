"""Names brought to their canonical form.

A name that a believed text layer prints is right as printed, whether any list knows it or not. A name that was
recognised, or typed out by a recogniser, is compared with the names known for its municipality and with those
that stand elsewhere in the same report: by similarity, by the margin to the runner-up, and one to one where a
column names each of its rows once. Below the bar it stays and is flagged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.model import Cell, Dataset, Identity, Row
from ..profile.spec import DatasetSpec, FieldSpec, Profile
from ..text.gazetteer import OFFICE, has_own, is_common, known, mentions
from ..text.normalize import confusable_key, key, normal, ranked, similarity
from .assignment import assignment

BAR = 0.6  # similarity from which a known name is proposed
MARGIN = 0.1  # lead over the runner-up without which it is not
_CERTAIN = 0.98  # the recogniser's belief in a name that no list has, from which it needs no second look
_LETTERS = 4  # the letters of one, at least
SETTLED_MARGIN = 0.15  # lead with which a name that the report also prints clearly needs no second look

# Rulings that were read as strokes: 国保 金 二 二 二 二.
_STROKES = re.compile(r"([一二三ニミー\-=|])\1{2,}")


@dataclass(frozen=True, slots=True)
class _Known:
    """What a name may be compared with.

    Attributes:
        own: names of the municipality's own list, and bodies outside it.
        complete: is there such a list, so that a name outside it is odd?
        seen: how often each name (by key) stands in the report.
        spelled: the first printed form of each key in ``seen``.
        by_key: ``own`` by key.
        recognised: was the column read by something that misses letters, so that an empty cell is no answer?
    """

    own: tuple[str, ...]
    complete: bool
    seen: Counter[str]
    spelled: dict[str, str]
    by_key: dict[str, str]
    recognised: bool

    def listed(self, text: str) -> str:
        """The listed name that ``text`` is, "" where it is none."""
        return self.by_key.get(key(text), "")

    @property
    def candidates(self) -> list[str]:
        """Listed names, and those of the report's own that are no slip themselves."""
        believed = [name for form, name in self.spelled.items() if self.seen[form] > 1 or is_common(name)]
        return list(dict.fromkeys([*self.own, *believed]))


def match(datasets: Sequence[Dataset], profile: Profile, identity: Identity) -> tuple[Dataset, ...]:
    """Every field of type "name" in canonical form, or flagged.

    Args:
        datasets: as shaped.
        profile: whose fields say from which lists their names come.
        identity: whose report it is; its code finds the list of the municipality's own names.
    """
    who = identity.municipality_code
    code = who.text if who and not who.doubts else ""
    seen, spelled = _occurrences(datasets)
    matched = []
    for dataset in datasets:
        spec = profile.get(dataset.name)
        for field in spec.fields if spec else ():
            if spec and field.type == "name":
                own = known(field.names, code)
                recognised = any(row[field.name].fallible for row in dataset.rows if field.name in row)
                names = _Known(own, has_own(code), seen, spelled, {key(name): name for name in own}, recognised)
                dataset = _match_field(dataset, spec, field, names)
        matched.append(dataset)
    return tuple(matched)


def _occurrences(datasets: Iterable[Dataset]) -> tuple[Counter[str], dict[str, str]]:
    """How often each name stands in the report, and how it is spelled there."""
    seen: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for dataset in datasets:
        named = [field.name for field in dataset.fields if field.type == "name"]
        for cell in (row[name] for row in dataset.rows for name in named if name in row):
            if cell.text and OFFICE.search(key(cell.text)):
                seen[key(cell.text)] += 1
                spelled.setdefault(key(cell.text), normal(cell.text).replace(" ", ""))
    return seen, spelled


def _match_field(dataset: Dataset, spec: DatasetSpec, field: FieldSpec, names: _Known) -> Dataset:
    rows = list(dataset.rows)
    places = [i for i, row in enumerate(rows) if field.name in row and _is_name(row, spec, field)]
    cells = [rows[i][field.name] for i in places]
    unique = spec.key == (field.name,)
    taken = _assigned(cells, names) if unique else {}
    for n, (place, cell) in enumerate(zip(places, cells, strict=True)):
        done = _named(cell, names, taken.get(n, ""))
        if done is not cell:
            rows[place] = {**rows[place], field.name: done}
    if unique:
        rows = _repeated_doubted(rows, places, field.name)
    return replace(dataset, rows=tuple(rows))


def _is_name(row: Row, spec: DatasetSpec, field: FieldSpec) -> bool:
    """Is the cell a name? A total row's label is none, nor is what a person has typed to be judged."""
    cell = row[field.name]
    kind = row.get(spec.rows.field) if spec.rows and spec.rows.label == field.name else None
    detail = kind is None or kind.text not in ("total", "subtotal")
    return detail and cell.source != "correction"


def _named(cell: Cell, names: _Known, assigned: str = "") -> Cell:
    """The cell with its name in canonical form, or with a doubt."""
    printed = normal(cell.text)
    listed = names.listed(printed)
    if not printed:
        return cell.doubted("missing-name") if names.recognised else cell
    if not cell.fallible:  # the print is right; only a blank inside a listed name is a matter of typesetting
        closed = printed.replace(" ", "")
        return cell.read(closed, "rapidfuzz", 1.0) if listed and closed == listed != printed else cell
    if listed:
        return _confirmed(_closed(cell, printed), names)
    if is_common(printed) and OFFICE.search(key(printed)) and (not names.complete or _outside(printed)):
        return _confirmed(_closed(cell, printed), names)
    if heard := _alternative(cell, names):
        return _confirmed(cell.read(heard, "rapidfuzz", similarity(printed, heard), note=f"{printed} → {heard}"), names)
    return _nearest(cell, printed, names, assigned)


def _nearest(cell: Cell, printed: str, names: _Known, assigned: str) -> Cell:
    """The cell with the nearest known name, doubted unless it is settled; or its own, doubted."""
    wanted = _STROKES.sub("", key(printed))
    order = [(c, s) for c, s in ranked(wanted, names.candidates, recognised=True) if key(c) != key(printed)]
    order.sort(key=lambda pair: pair[0] != assigned)  # stable: what the column as a whole asks for comes first
    best, score = order[0] if order else ("", 0.0)
    margin = score - max((s for _, s in order[1:]), default=0.0)
    other_office = OFFICE.search(key(printed)) and key(printed)[-1:] != key(best)[-1:]  # a 課 is not misread as a 部
    if score < BAR or (margin < MARGIN and not assigned) or other_office:
        strange = not names.complete and all(not _one_off(printed, name) for name in names.candidates)
        return _unmatched(cell, printed, names, strange)
    done = cell.read(best, "rapidfuzz", score, alternatives=tuple(order[1:2]), note=f"{printed} → {best}")
    if _settled(printed, best, margin, names):
        return _confirmed(done, names)
    return done.doubted("unsure-name", printed, "、".join(c for c, _ in order[:3]))


def _outside(printed: str) -> bool:
    """Is it led by the name of a body, so that no list of the municipality's own offices has it?"""
    return any(m.start == 0 for m in mentions(printed)) or key(printed).startswith(tuple(map(key, known(("bodies",)))))


def _alternative(cell: Cell, names: _Known) -> str:
    """The one listed name among what else the cell was read as; "" where there is none or more than one."""
    others = {text for reading in cell.readings for text in (reading.text, *(t for t, _ in reading.alternatives))}
    found = {names.listed(text) for text in others} - {""}
    return found.pop() if len(found) == 1 else ""


def _confirmed(cell: Cell, names: _Known) -> Cell:
    """The cell without the recogniser's doubts, unless another of its readings is a name as well."""
    values = {value for doubt in cell.doubts for value in doubt.values}
    texts = {r.text for r in cell.readings} | {t for r in cell.readings[:-1] for t, _ in r.alternatives} | values
    rivals = {text for text in texts if names.listed(text) or is_common(text)}
    if any(key(rival) != key(cell.text) for rival in rivals):
        return cell
    return cell.settled("unsure-reading", "readings-differ", "illegible")


def _settled(printed: str, best: str, margin: float, names: _Known) -> bool:
    """Is the match beyond doubt?

    Either only letters that print alike differ from a listed name, or one letter was misread of a listed name
    that the report also prints clearly. A lost letter proves nothing: 公共交通 may be a 課 or a 室.
    """
    if not names.listed(best) or margin < MARGIN:
        return False
    if confusable_key(printed) == confusable_key(best):
        return True
    wrong = sum(a != b for a, b in zip(key(printed), key(best), strict=False))
    same_length = len(key(printed)) == len(key(best))
    return same_length and wrong == 1 and margin >= SETTLED_MARGIN and names.seen[key(best)] > 0


def _unmatched(cell: Cell, printed: str, names: _Known, strange: bool) -> Cell:
    """A recognised name that is near to none: believed where the report repeats it, else flagged.

    A ``strange`` one, which a letter misread of no known name gives, is a name that no list has: it is as good as any
    words that were read without a doubt.
    """
    repeated = names.seen[key(printed)] > 1 and not names.complete
    seen = all(r.by != "ocr_text" for r in cell.readings)  # whose belief in its letters is not known
    sure = seen and not cell.doubts and cell.confidence >= _CERTAIN and len(key(printed)) >= _LETTERS
    return _closed(cell, printed) if repeated or (strange and sure) else cell.doubted("unknown-name", printed)


def _one_off(one: str, other: str) -> bool:
    """Does one letter at most make one name into the other: another one, one more, one less?"""
    one, other = key(one), key(other)
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    ends = {(one[start + i :], other[start + k :]) for i, k in ((1, 1), (1, 0), (0, 1))}
    return any(a == b for a, b in ends)


def _closed(cell: Cell, printed: str) -> Cell:
    """A recognised name has no blanks of its own: they are where its cell wrapped."""
    closed = printed.replace(" ", "")
    return cell.read(closed, "rapidfuzz", 1.0) if closed != printed else cell


def _assigned(cells: Sequence[Cell], names: _Known) -> dict[int, str]:
    """One known name for each misread cell of a column that names every row once.

    Names that stand there clearly are taken; the others go where the sum of the similarities is greatest.
    """
    taken = {key(cell.text) for cell in cells} & set(names.by_key)
    open_cells = [n for n, c in enumerate(cells) if c.fallible and c.text and not names.listed(c.text)]
    open_names = [name for k, name in names.by_key.items() if k not in taken]
    if len(open_cells) < 2 or not open_names:
        return {}
    likeness = [dict(ranked(key(cells[n].text), open_names, recognised=True)) for n in open_cells]
    open_names = [name for name in open_names if any(of.get(name) for of in likeness)]  # no other is ever chosen
    matrix = np.array([[of.get(name, 0.0) for name in open_names] for of in likeness])
    wanted = Counter(max(of, key=lambda name: of[name]) for of in likeness)
    # Only where two cells want the same name does the assignment know more than each cell's own nearest name.
    return {
        open_cells[i]: open_names[j]
        for i, j in assignment(matrix)
        if matrix[i, j] >= BAR and wanted[max(likeness[i], key=lambda name: likeness[i][name])] > 1
    }


def _repeated_doubted(rows: list[Row], places: Sequence[int], name: str) -> list[Row]:
    """Recognised names that stand twice in a column that names each row once are doubted."""
    often = Counter(key(rows[i][name].text) for i in places if rows[i][name].text)
    for place in places:
        cell = rows[place][name]
        if cell.fallible and often[key(cell.text)] > 1:
            rows[place] = {**rows[place], name: cell.doubted("unsure-name", cell.text, "")}
    return rows
