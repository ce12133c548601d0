"""What a profile says: the datasets of a kind of report and the words municipalities use for them.

Plain frozen records without behaviour; ``profile.load`` makes them from TOML.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.model import Field

# Columns that every emitted file has, and files that every package has: no field, no dataset is called so.
OUTER_FIELDS = ("document", "municipality_code", "municipality", "fiscal_year", "status", "page")
OUTER_FILES = ("documents", "observations", "checks", "cells", "readings", "names", "dictionary")
ROW_TYPES = ("detail", "subtotal", "breakdown", "total")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One column of a dataset.

    Attributes:
        name, type, title, title_en: as in ``model.Field``.
        headings: what municipalities print above the column.
        required: a table without it is no table of this dataset (unless a heading above the table says it).
        optional: emitted only where a report has it, and not missed where it has not.
        prior_of: the field whose number of the year before this one holds.
        pattern: what a value looks like (a regular expression that is searched for in ``text.normalize.key`` form).
        choices: emitted value -> the words that stand for it on paper.
        legal: "paragraph" or "item" (項 and 号 of a legal reference), or "text": the wording after one.
        context: a heading above the table, or a row across it, may say the value for all rows below.
        names: the lists of known names that its values come from.
        unit: what its numbers count or measure (``件``), as portals want it stated.
        said: how its number is said in a row's name: ``第{}項``.
    """

    name: str
    type: str = "text"
    title: str = ""
    title_en: str = ""
    headings: tuple[str, ...] = ()
    required: bool = False
    optional: bool = False
    prior_of: str = ""
    pattern: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    legal: str = ""
    context: bool = False
    names: tuple[str, ...] = ()
    unit: str = ""
    said: str = ""

    @property
    def field(self) -> Field:
        """The field as a dataset carries it."""
        title = self.title or self.name
        choices = tuple(self.choices)
        return Field(self.name, self.type, title, self.title_en, self.unit, self.prior_of, self.said, choices)


@dataclass(frozen=True, slots=True)
class RowWords:
    """How a dataset's rows say what they are.

    Attributes:
        field: the field that is emitted with "detail", "breakdown", "subtotal" or "total".
        label: the field whose text tells.
        total, subtotal: names of such rows.
        breakdown: the words and marks that lead a row which is part of the detail row above it.
        total_name: what a total row's label is emitted as.
        before: the field that it is emitted before; "" for the last place.
    """

    field: str
    label: str
    total: tuple[str, ...] = ()
    subtotal: tuple[str, ...] = ()
    breakdown: tuple[str, ...] = ()
    total_name: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Wide:
    """Columns of one kind side by side (a year each, an age each) that become rows: the tidy, long form.

    Attributes:
        pattern: what heads such a column, a regular expression that is searched for in its ``text.normalize.key`` form.
        key: the field that says which column a row came from, by its heading.
        value: the field of what stood in it.
    """

    pattern: str
    key: FieldSpec
    value: FieldSpec


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """One dataset of a kind of report.

    Attributes:
        captions: words of the headings above such a table.
        required: a report without it is incomplete. Else it is missed only where a heading announces it.
        key: the fields that name a row.
        fields: in the order in which an upright table has them, from left to right.
        rows: how rows say what they are; None where all rows are of one kind.
        wide: which columns become rows; None where a row on paper is a row.
    """

    name: str
    title: str = ""
    title_en: str = ""
    captions: tuple[str, ...] = ()
    required: bool = False
    key: tuple[str, ...] = ()
    fields: tuple[FieldSpec, ...] = ()
    rows: RowWords | None = None
    wide: Wide | None = None

    def emitted(self, present: Container[str] = ()) -> tuple[Field, ...]:
        """The fields of the emitted file: optional ones where ``present``, the kind of row in its place."""
        fields = [f.field for f in self.fields if not f.optional or f.name in present]
        fields += [self.wide.key.field, self.wide.value.field] if self.wide else []
        if self.rows:
            names = [f.name for f in fields]
            place = names.index(self.rows.before) if self.rows.before in names else len(names)
            fields.insert(place, Field(self.rows.field, "row_type", "行の種類", "Kind of row", choices=ROW_TYPES))
        return tuple(fields)

    def get(self, name: str) -> FieldSpec | None:
        """The field of that name."""
        wide = (self.wide.key, self.wide.value) if self.wide else ()
        return next((f for f in (*self.fields, *wide) if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of Japanese tables at large, which a profile may replace.

    Attributes:
        prior: a column of the year before.
        change: a column that compares two years.
        generic: words that say nothing of what is counted.
        same_left, same_above, same_right: ditto marks.
        none: a line that says that a table is left out because there is nothing to report.
        totals: names of totals from the weakest; of several totals of one dataset the strongest is its own.
    """

    prior: tuple[str, ...] = ("前年度", "昨年度", "前年", "昨年", "前回", "参考", "前期")
    change: tuple[str, ...] = ("増減", "比較", "前年度比", "前年比", "対前年", "差引", "伸び率")
    generic: tuple[str, ...] = (
        "実施件数", "処理件数", "実績件数", "件数", "実績", "件", "人数", "回数", "数", "実施状況", "合計件数",
    )  # fmt: skip
    same_left: tuple[str, ...] = ("同左", "左に同じ", "左同", "←")
    same_above: tuple[str, ...] = ("同上", "〃", "上に同じ", "″", "々", "↑", "”", '"', "仝")
    same_right: tuple[str, ...] = ("同右", "右に同じ", "→")
    none: tuple[str, ...] = ("該当なし", "該当はありません", "ありませんでした", "該当する案件はない", "実績なし")
    totals: tuple[str, ...] = ("計", "合計", "全体", "総計", "総合計")


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of report.

    Attributes:
        titles: words of such a report's title; a report has to speak of one of them.
        municipality: whose exceptions these are, "" for a profile of all municipalities.
        rules: parsed rules (``rules.parse``), in order.
        path: the file it was read from.
        toml: its text, "" for a built-in profile.
    """

    name: str
    title: str = ""
    title_en: str = ""
    titles: tuple[str, ...] = ()
    municipality: str = ""
    words: Words = Words()
    datasets: tuple[DatasetSpec, ...] = ()
    rules: tuple[Any, ...] = ()
    path: str = ""
    toml: str = ""

    def get(self, name: str) -> DatasetSpec | None:
        """The dataset of that name."""
        return next((d for d in self.datasets if d.name == name), None)
