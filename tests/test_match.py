"""Names to their canonical form: the print is right; what was recognised is matched, settled or flagged."""

from __future__ import annotations

import pytest

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Dataset, Field, Identity
from report_extract.datasets.names import match
from report_extract.profile.spec import DatasetSpec, FieldSpec, Profile, RowWords

IWAKI = "072044"
DIVISIONS = ("divisions", "departments", "bodies")
PROFILE = Profile(
    "test",
    datasets=(
        DatasetSpec(
            "department_counts",
            key=("department",),
            fields=(FieldSpec("department", "name", names=("departments",)), FieldSpec("row_type", "row_type")),
            rows=RowWords("row_type", "department"),
        ),
        DatasetSpec("consultations", key=("number",), fields=(FieldSpec("division", "name", names=DIVISIONS),)),
    ),
)


def cell(text: str, by: str = "ocr_text", confidence: float = 0.9) -> Cell:
    return Cell(1, BBox(0, 0, 1, 1)).read(text, by, confidence)


def matched(names: list[Cell], code: str = IWAKI, dataset: str = "consultations") -> list[Cell]:
    field = "department" if dataset == "department_counts" else "division"
    rows = [{field: name} for name in names]
    if field == "department":
        rows = [{**row, "row_type": cell("total" if row[field].text == "合計" else "detail")} for row in rows]
    identity = Identity(municipality_code=cell(code, "pdfium")) if code else Identity()
    (out,) = match([Dataset(dataset, (Field(field, "name"),), tuple(rows))], PROFILE, identity)
    return [row[field] for row in out.rows]


def test_the_print_is_right_as_printed() -> None:
    names = [cell(t, "pdfium") for t in ("まちなか賑わい創造課", "市民職", "髙﨑支所", "保健福祉 課", "不明")]
    out = matched(names)
    assert [c.text for c in out] == ["まちなか賑わい創造課", "市民職", "髙﨑支所", "保健福祉課", "不明"]
    assert all(c.status == "ok" for c in out)


def test_a_recognised_name_that_is_listed_is_settled() -> None:
    doubted = cell("国保年金 課", "rapidocr", 0.6).doubted("unsure-reading", "国保年金課", "国保年全課")
    assert [(c.text, c.status) for c in matched([doubted])] == [("国保年金課", "ok")]


def test_a_rival_that_is_listed_too_stays_doubted() -> None:
    doubted = cell("市民課", "rapidocr", 0.6).doubted("readings-differ", "市民課", "税務課")
    assert [(c.text, c.status) for c in matched([doubted])] == [("市民課", "review")]


def test_one_misread_letter_of_a_name_that_the_report_prints_clearly() -> None:
    assert [(c.text, c.status) for c in matched([cell("市民課"), cell("市 民職")])] == [("市民課", "ok")] * 2
    assert [(c.text, c.status) for c in matched([cell("市 民職")])] == [("市民課", "review")]


def test_letters_that_print_alike() -> None:
    (found,) = matched([cell("デジ夕ル推進課", "rapidocr")])
    assert (found.text, found.status, found.raw) == ("デジタル推進課", "ok", "デジ夕ル推進課")


@pytest.mark.parametrize(
    ("printed", "proposed"),
    [
        ("国保 金 二 二 二 二 二", "国保年金課"),
        ("国保年 課 年", "国保年金課"),
        ("公 共 交 通", "公共交通課"),
        ("産業みらい、誤", "産業みらい課"),
        ("市 駅", "市 駅"),
        ("在 等 河", "在 等 河"),
        (". III", ". III"),
        ("福島県国 民健康保 険課 康保", "福島県国 民健康保 険課 康保"),
    ],
)
def test_guesses_are_flagged(printed: str, proposed: str) -> None:
    found = matched([cell("市民課"), cell(printed)])[1]
    assert (found.text, found.status) == (proposed, "review")
    assert found.doubts[0].kind in ("unsure-name", "unknown-name")


def test_another_reading_that_is_listed_is_taken() -> None:
    unsure = Cell(1, BBox(0, 0, 1, 1)).read("巾氏課", "rapidocr", 0.5, alternatives=(("市民課", 0.4), ("巾民課", 0.1)))
    assert [(c.text, c.status) for c in matched([unsure])] == [("市民課", "ok")]


def test_without_a_list_common_names_stand_and_others_are_flagged() -> None:
    out = matched([cell(t) for t in ("健康福祉課", "健廉福祉課", "ほほえみ課", "ほほえみ課", "公共交通")], code="")
    assert [c.status for c in out] == ["ok", "review", "ok", "ok", "review"]
    assert out[1].text == "健康福祉課"


def test_a_division_is_not_taken_for_a_department() -> None:
    out = matched([cell(t) for t in ("ほほえみ部", "ほほえみ部", "ほほえみ課")], code="")
    assert [(c.text, c.status) for c in out][2] == ("ほほえみ課", "review")


def test_the_only_reading_that_is_a_name_is_believed() -> None:
    one = cell("健康福祉課", "rapidocr").doubted("readings-differ", "健康福祉課", "健康福祉醒")
    two = cell("税務課", "rapidocr").doubted("readings-differ", "税務課", "財務課")
    assert [c.status for c in matched([one, two], code="")] == ["ok", "review"]


def test_bodies_outside_the_city() -> None:
    out = matched([cell(t) for t in ("福島県", "関東信越 厚生局東 京事務所", "福島県国民健康保険課", "厚生労働省")])
    assert [(c.text, c.status) for c in out] == [
        ("福島県", "ok"),
        ("関東信越厚生局東京事務所", "ok"),
        ("福島県国民健康保険課", "ok"),
        ("厚生労働省", "ok"),
    ]


def test_a_column_that_names_each_row_once() -> None:
    out = matched(
        [cell(t, "rapidocr") for t in ("総務部", "財攻部", "土木部", "士木部", "合計")], dataset="department_counts"
    )
    assert [c.text for c in out] == ["総務部", "財政部", "土木部", "土木部", "合計"]
    assert [c.status for c in out] == ["ok", "review", "review", "review", "ok"]


def test_two_misread_names_are_assigned_as_a_pair() -> None:
    out = matched([cell("土水部", "rapidocr"), cell("総努部", "rapidocr")], dataset="department_counts")
    assert [c.text for c in out] == ["土木部", "総務部"]
    assert all(c.status == "review" for c in out)


def test_a_missing_name_is_flagged_where_letters_get_lost() -> None:
    assert [c.status for c in matched([cell("市民課"), cell("")])] == ["ok", "review"]
    assert [c.status for c in matched([cell("市民課", "pdfium"), cell("", "pdfium")])] == ["ok", "ok"]


def test_what_a_person_typed_is_left_alone() -> None:
    typed = cell("市民職").read("なんでも係", "review")
    assert matched([typed])[0] is typed
