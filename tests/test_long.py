"""Years or ages side by side become rows, where a profile says so."""

from __future__ import annotations

import pytest

from report_extract.core.errors import ProfileError
from report_extract.datasets.shape import shape
from report_extract.package.rows import dataset_rows
from report_extract.profile import load

from .samples import extraction
from .test_shape import line, table

TOML = """
name = "people"
titles = ["人口"]

[[datasets]]
name = "people"
key = ["区", "年"]
wide_to_long = { columns = "(平成|令和)\\\\d+年", key = "年", value = "人口", type = "count", unit = "人" }

[[datasets.fields]]
name = "区"
type = "name"
headings = ["区"]
required = true

[[datasets.fields]]
name = "備考"
headings = ["備考"]
optional = true
"""
ROWS = [
    ["区", "平成29年", "平成30年", "令和元年", "備考"],
    ["平", "1,020", "1,018", "1,000", ""],
    ["勿来", "512", "-", "498", "推計"],
]


def test_a_column_a_year_becomes_a_row_a_year() -> None:
    profile = load.read(TOML, "people.toml")
    (dataset,), _ = shape([table(ROWS, header_rows=1)], [line("区別の人口")], profile)
    got = [(r["区"], r["年"], r["人口"], r["備考"], r["status"]) for r in dataset_rows(extraction(), dataset)]
    assert got[:2] == [("平", "平成29年", "1020", "", "ok"), ("平", "平成30年", "1018", "", "ok")]
    assert got[-1] == ("勿来", "平成30年", "0", "推計", "ok")
    assert [f.unit for f in dataset.fields if f.name == "人口"] == ["人"]


def test_what_heads_no_such_column_stays_a_column() -> None:
    profile = load.read(TOML, "people.toml")
    (dataset,), _ = shape([table([[*r, "x"] for r in ROWS], header_rows=1)], [line("区別の人口")], profile)
    assert {f.title for f in dataset.fields} >= {"区", "年", "人口", "備考", "x"}


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('columns = "(平成', 'columns = "((平成', "missing"),
        ('value = "人口"', 'value = "区"', "described twice"),
        ('type = "count", unit', 'type = "cuont", unit', "no type"),
        ('unit = "人" }', 'units = "人" }', "units"),
    ],
)
def test_a_wrong_declaration_is_said_with_its_line(right: str, wrong: str, why: str) -> None:
    assert right in TOML
    with pytest.raises(ProfileError, match=why):
        load.read(TOML.replace(right, wrong), "people.toml")
