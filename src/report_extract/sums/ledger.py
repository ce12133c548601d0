"""A dataset of no known kind as arrays of figures with names, so that its sums can be looked for.

What is looked at is what is emitted: the same dataset, read back from a package, gives the same sums.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..core.model import Array, Cell, Dataset, Field
from ..text.figures import figure
from ..text.normalize import key

_FIGURES = frozenset({"count", "integer", "number", "percent"})
_RATIO_UNITS = frozenset({"%", "‰", "パーセント", "ポイント", "倍"})
# What does not add up: shares and rates, means and extremes, densities.
RATIO = re.compile(
    r"比率?$|割合$|率$|指数$|構成比|前年比|前年度比|対前年|対前月|伸び|増減率|密度|平均|当たり|あたり|単価|シェア|偏差|"
    r"最高|最低|最大|最小|中央値|順位|%|‰"
)
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]$")
_ASIDE = re.compile(r"^[(\[・]*(?:うち|内(?!科|閣|海)|再掲|内訳|内数|参考|\(参考)")
_AMOUNT = re.compile(r"[△▲-]?\d[\d,.]*(?:千|万|億|百万)?(?:人|円|件|%|台|戸|世帯|回|ha|m2)")
_MOSTLY = 0.8  # share of a column's values
_POWER = re.compile(r"[十百千万億兆]|10+[^\d]")  # 千円, 百万人, 100万円
_ROUNDED_FROM = 1000  # figures from here on may be rounded,
_MONEY = 10_000  # and in a column without a unit that reaches this, all of them
_NUMBERING = re.compile(r"^(?:no\.?|番号|連番|通番|整理番号|順位|位|№|コード|.*コード|.*番号)$", re.I)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The figures of a dataset.

    Attributes:
        values: NaN where there is no figure; shape (rows, columns of figures).
        decimals: how many each figure has printed; same shape.
        rounded: may a figure have been rounded by itself, for its size or its column's unit (百万円)? Same shape.
        rows, columns: what each row and column is called, its levels parted by a blank.
        fields: the columns' names in the dataset.
        ratio_rows, ratio_columns: which hold shares, rates or means.
        asides: the rows that are a part of one above (うち), and no part of a sum.
        levels: how deep a row stands among its labels: 0 for one named in the first column of labels, -1 for none.
    """

    values: Array
    decimals: Array
    rounded: Array
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    ratio_rows: tuple[bool, ...]
    ratio_columns: tuple[bool, ...]
    asides: tuple[bool, ...]
    levels: tuple[int, ...]


def is_ratio(label: str) -> bool:
    """A row or column of this name holds shares, rates or means, which do not add up."""
    said = key(label)
    return bool(RATIO.search(said)) or bool(RATIO.search(_BRACKET.sub("", said)))


def ledger(dataset: Dataset) -> Ledger:
    """The figures of ``dataset``; columns that number its rows, and years, are none."""
    own = [f for f in dataset.fields if f.type in _FIGURES and not _numbers_rows(f, dataset)]
    first = next((i for i, f in enumerate(dataset.fields) if f in own), len(dataset.fields))
    before = [f for f in dataset.fields[:first] if f.type != "row_type"]
    labels = [f for i, f in enumerate(before) if not i or not _amounts(f, dataset)]
    ratios = [f.unit in _RATIO_UNITS or f.type == "percent" or any(map(is_ratio, _levels(f, dataset))) for f in own]
    values = np.full((len(dataset.rows), len(own)), np.nan)
    decimals = np.zeros_like(values)
    for r, row in enumerate(dataset.rows):
        for c, field in enumerate(own):
            found = figure(row[field.name].text) if field.name in row else None
            if found is None or found.value is None or found.order or found.kind not in ("number", "none"):
                continue
            if ratios[c] or not _is_share(row[field.name]):  # shares between the rows of counts
                values[r, c], decimals[r, c] = float(found.value), found.decimals
    names = [_label([row[f.name].text for f in labels if f.name in row]) for row in dataset.rows]
    columns = [_label(_levels(f, dataset)) for f in own]
    return Ledger(
        values, decimals, _rounded(values, own), tuple(names), tuple(columns), tuple(f.name for f in own),
        tuple(map(is_ratio, names)), tuple(ratios), tuple(any(map(is_aside, name.split(" "))) for name in names),
        tuple(_level([row.get(f.name) for f in labels]) for row in dataset.rows),
    )  # fmt: skip


def _rounded(values: Array, fields: Sequence[Field]) -> Array:
    largest = np.abs(np.nan_to_num(values)).max(axis=0, initial=0)
    money = [
        bool(_POWER.match(f.unit)) or (not f.unit and most >= _MONEY) for f, most in zip(fields, largest, strict=True)
    ]
    rounded: Array = (np.abs(np.nan_to_num(values)) >= _ROUNDED_FROM) | np.array(money, bool)
    return rounded


def is_aside(label: str) -> bool:
    """A row or column of this name is a part of another that is not added: うち北野, (再掲)."""
    return bool(_ASIDE.match(key(label)))


def _is_share(cell: Cell) -> bool:
    """A figure with a sign of a share, in a column that is not one of shares."""
    printed = figure(cell.raw)
    return printed is not None and printed.unit in _RATIO_UNITS


def _levels(field: Field, dataset: Dataset) -> list[str]:
    """A column's heading from the top, as it was printed; what the field is called where none was."""
    head = dataset.headings.get(field.name)
    return head.text.split("_") if head else [field.title or field.name]


def _label(texts: Sequence[str]) -> str:
    said = dict.fromkeys(t for t in map(key, texts) if t)
    return " ".join(said)


def _level(cells: Sequence[Cell | None]) -> int:
    """The first column of labels that says something in a row by itself, not filled down from above."""
    return next((at for at, cell in enumerate(cells) if cell is not None and key(cell.raw)), -1)


def _amounts(field: Field, dataset: Dataset) -> bool:
    """A column of texts that are amounts, with something beside them: 1,975万人(106.8%)."""
    said = [key(row[field.name].text) for row in dataset.rows if field.name in row and key(row[field.name].text)]
    return bool(said) and sum(bool(_AMOUNT.match(text)) for text in said) >= _MOSTLY * len(said)


def _numbers_rows(field: Field, dataset: Dataset) -> bool:
    """A column of running numbers, ranks or codes."""
    if _NUMBERING.match(key(field.title or field.name)):
        return True
    found = [figure(row[field.name].text) for row in dataset.rows if field.name in row and row[field.name].text]
    values = [f.value for f in found if f is not None and f.value is not None]
    return len(values) > 2 and len(values) == len(found) and all(b - a == 1 for a, b in pairwise(values))
