"""Names: lists, what is common all over the country, what is learnt, and the table that tells why."""

from __future__ import annotations

import csv
from dataclasses import replace
from importlib.resources import files

import pytest

from report_extract.checks.across_years import CrossYearChecks
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Extraction, Field, Identity
from report_extract.text.gazetteer import by_code, has_own, is_common, known, learn, names_table
from report_extract.text.normalize import key


def cell(text: str, by: str = "pdfium") -> Cell:
    return Cell(1, BBox(0, 0, 1, 1)).read(text, by)


def report(*cells: Cell, code: str = "011002") -> Extraction:
    rows = tuple({"department": c} for c in cells)
    dataset = Dataset("department_counts", (Field("department", "name"),), rows)
    identity = Identity(cell(code), cell(by_code()[code].name), cell("2024"))
    return Extraction("r6", "r6.pdf", "", 1, "personal-data-use", identity, datasets=(dataset,))


def test_lists_are_clean() -> None:
    for file in files("report_extract").joinpath("text", "data", "names").iterdir():
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        pairs = [(row["list"], key(row["name"])) for row in rows]
        assert len(pairs) == len(set(pairs)), file.name
        assert all(row["name"] and " " not in row["name"] for row in rows)


def test_a_city_has_its_own_names() -> None:
    assert {"総合政策部", "医療センター"} <= set(known(("departments",), "072044"))
    assert {"市民課", "国保年金課", "公共交通課"} <= set(known(("divisions",), "072044"))
    assert has_own("072044")
    assert not has_own("011002")
    assert known(("departments", "divisions"), "011002") == ()
    assert {"福島県", "厚生労働省", "関東信越厚生局東京事務所"} <= set(known(("bodies",), "011002"))


@pytest.mark.parametrize(
    "name",
    [
        "健康福祉部",
        "子育て支援課",
        "福島県国民健康保険課",
        "平泉町教育委員会事務局",
        "こども家庭センター",
        "福祉・健康部",
    ],
)
def test_common_names(name: str) -> None:
    assert is_common(name)


@pytest.mark.parametrize("name", ["健廉福祉部", "市駅", "在等河", "", "国保金二二二", "税務諜"])
def test_uncommon_names(name: str) -> None:
    assert not is_common(name)


def test_learning_takes_only_what_is_believed() -> None:
    known = report(cell("まちなか部"), cell("文化 部", "rapidocr"), cell("謎部").doubted("unsure-reading", "謎部"))
    assert learn(known) == ("まちなか部",)
    total = {"department": cell("合計"), "row_type": cell("total")}
    fields = (*known.datasets[0].fields, Field("row_type", "row_type"))
    assert learn(replace(known, datasets=(replace(known.datasets[0], fields=fields, rows=(total,)),))) == ()
    nobody = replace(known, identity=Identity())
    assert learn(nobody) == ()


def test_another_report_settles_a_doubtful_name() -> None:
    guessed = cell("まちなカ部", "rapidocr").read("まちづくり部", "rapidfuzz", 0.7).doubted("unsure-name", "まちなカ部")
    other = cell("いちなか部", "rapidocr").doubted("unknown-name", "いちなか部")
    scan = report(guessed, other)
    found, left = CrossYearChecks([report(cell("まちなカ部"), cell("税務部")), scan])
    first, second = (row["department"] for row in left.datasets[0].rows)
    assert (first.text, first.status) == ("まちなカ部", "ok")
    assert (second.text, second.status) == ("いちなか部", "review")
    assert found.datasets[0].rows[0]["department"].text == "まちなカ部"
    elsewhere = list(CrossYearChecks([report(cell("まちなカ部"), code="011011"), scan]))[1]
    assert elsewhere.datasets[0].rows[0]["department"].status == "review"


def test_the_table_tells_why() -> None:
    matched = cell("総部課", "rapidocr").read("総務課", "rapidfuzz", 0.667, alternatives=(("総合課", 0.5),))
    rows = names_table(
        [report(cell("まちなか部"), cell("まちなか部"), matched, matched.doubted("unsure-name", "総部課"))]
    )
    assert [(r["printed"], r["canonical"], r["score"], r["margin"], r["why"]) for r in rows] == [
        ("まちなか部", "まちなか部", "1.000", "1.000", "printed"),
        ("総部課", "総務課", "0.667", "0.167", "unsure"),
    ]
