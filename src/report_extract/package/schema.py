"""The columns of every file of a data package: the output contract as a table."""

from __future__ import annotations

from dataclasses import replace

from ..core.model import Dataset, Field
from ..profile.load import load
from ..profile.spec import ROW_TYPES

_DOCUMENT_STATUS = ("ok", "review", "unsupported", "failed")
_DOCUMENT = Field("document", "text", "文書", "Input file's name without extension, made unique")
_CODE = Field("municipality_code", "text", "全国地方公共団体コード", "Six digits with check digit")
_NAME = Field("municipality", "text", "自治体名", "Municipality")
_YEAR = Field("fiscal_year", "integer", "年度(西暦)", "Fiscal year (Reiwa 6 is 2024)")
_ERA = Field("fiscal_year_era", "text", "年度(和暦)", "Fiscal year in the Japanese era")
_STATUS = Field("status", "text", "状態", "ok, repaired or review", choices=("ok", "repaired", "review"))
_PAGE = Field("page", "integer", "ページ", "Page, from 1")
_BOX = tuple(
    Field(name, "number", title, "PDF points, origin top left of the page as displayed")
    for name, title in (("x0", "左"), ("top", "上"), ("x1", "右"), ("bottom", "下"))
)

DOCUMENTS = (
    _DOCUMENT,
    Field("path", "text", "入力ファイル", "Path as given"),
    Field("sha256", "text", "SHA-256", "Hash of the input"),
    Field("pages", "integer", "ページ数", "Number of pages"),
    _CODE,
    _NAME,
    _YEAR,
    Field("profile", "text", "プロファイル", "Profile used, empty where none fits"),
    Field("status", "text", "状態", "ok, review, unsupported or failed", choices=_DOCUMENT_STATUS),
    Field("message", "text", "説明", "Why, for unsupported and failed"),
    Field("findings", "text", "指摘", "What a person should know of the whole document"),
    _ERA,
    Field("title", "text", "表題", "What the report is called"),
)
OBSERVATIONS = (
    _DOCUMENT,
    _CODE,
    Field("fiscal_year", "integer", "対象年度(西暦)", "Fiscal year the number is about"),
    Field("dataset", "text", "データセット", "Dataset the number stands in"),
    Field("key", "text", "項目", "What is counted: the row's own key"),
    Field("measure", "text", "指標", "Which count"),
    Field("value", "integer", "値", "The number"),
    Field("basis_report_year", "integer", "出典報告年度(西暦)", "Fiscal year of the report it stands in"),
    _STATUS,
    Field("row_type", "text", "行の種類", "detail, breakdown, subtotal or total", choices=ROW_TYPES),
)
CHECKS = (
    _DOCUMENT,
    Field("check", "text", "検査", "Stable id of the check"),
    Field("scope", "text", "対象", "Row, column or years meant"),
    Field("expected", "text", "期待値", "What the rule demands"),
    Field("actual", "text", "実際の値", "What is printed"),
    Field(
        "status", "text", "結果", "pass, fail, explained or repaired", choices=("pass", "fail", "explained", "repaired")
    ),
    Field("note", "text", "注記", "The report's own explanation, quoted, or what was done"),
    Field("cells", "text", "関係するセル", "Cells of the check: dataset:row:field, separated by blanks"),
)
CELLS = (
    _DOCUMENT,
    Field("dataset", "text", "データセット", "Dataset's name"),
    Field("row", "integer", "行", "Row in that dataset's file, from 0"),
    Field("field", "text", "列", "Column in that dataset's file"),
    Field("value", "text", "値", "Value as emitted"),
    Field("raw", "text", "原文", "What the page said"),
    _PAGE,
    *_BOX,
    Field(
        "source", "text", "出所", "text, ocr, inferred or correction", choices=("text", "ocr", "inferred", "correction")
    ),
    Field("confidence", "number", "確信度", "0 to 1"),
    _STATUS,
    Field("reason", "text", "理由", "Why it was repaired or should be looked at"),
)
READINGS = (
    _DOCUMENT,
    Field("dataset", "text", "データセット", "Dataset's name"),
    Field("row", "integer", "行", "Row in that dataset's file, from 0"),
    Field("field", "text", "列", "Column in that dataset's file"),
    Field("order", "integer", "順", "0 for the reading made from the page, the last is in force"),
    Field("by", "text", "読み手", "Who read it"),
    Field("text", "text", "読み", "What was read"),
    Field("confidence", "number", "確信度", "0 to 1"),
    Field("alternatives", "text", "他の候補", "Other texts in question, separated by |"),
    Field("note", "text", "注記", "Why this reading was made"),
)
NAMES = (
    _DOCUMENT,
    Field("dataset", "text", "データセット", "Dataset's name"),
    Field("field", "text", "列", "Column"),
    Field("printed", "text", "印字", "The name as printed"),
    Field("canonical", "text", "統一名称", "The name as emitted"),
    Field("score", "number", "類似度", "0 to 1"),
    Field("margin", "number", "次点との差", "Distance to the runner-up, 0 to 1"),
    Field("why", "text", "理由", "How the name was settled"),
)
DICTIONARY = (
    Field("file", "text", "ファイル", "The CSV file"),
    Field("number", "integer", "列番号", "The column's place, from 1"),
    Field("name", "text", "列名", "The column's name in the header row"),
    Field("title", "text", "項目名", "What the column is called"),
    Field("type", "text", "型", "Type of its values"),
    Field("unit", "text", "単位", "What its numbers count or measure"),
    Field("title_en", "text", "英語の項目名", "What it says, in English"),
    Field("values", "text", "取りうる値", "The values that it may have, separated by |"),
    Field(
        "missing", "text", "欠測の記号", "Marks for a missing value, each with what it means; the CSV leaves it empty"
    ),
    Field("ascii_name", "text", "英数字の列名", "Name for portals that want letters and digits"),
)
FILES: dict[str, tuple[str, tuple[Field, ...]]] = {
    "documents": ("入力文書の一覧", DOCUMENTS),
    "observations": ("件数の縦持ちデータ", OBSERVATIONS),
    "checks": ("整合性検査の結果", CHECKS),
    "cells": ("値の出所と確からしさ", CELLS),
    "readings": ("セルの読みの履歴", READINGS),
    "names": ("名称の統一", NAMES),
    "dictionary": ("項目定義書", DICTIONARY),
}
KEYS = {"documents": ("document",), "cells": ("document", "dataset", "row", "field")}


def contract_datasets() -> list[Dataset]:
    """The datasets that every package has a file for, without rows."""
    profile = load("personal-data-use")
    return [Dataset(spec.name, spec.emitted(), (), spec.title) for spec in profile.datasets]


def dataset_columns(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The columns of a dataset's file: where from, its own fields, how sure; extra columns to the right."""
    own = [f for f in fields if not f.extra]
    extra = [f for f in fields if f.extra]
    return (_DOCUMENT, _CODE, _NAME, _YEAR, *own, _STATUS, _PAGE, *extra)


def merged_fields(datasets: list[Dataset]) -> tuple[Field, ...]:
    """The fields of all ``datasets`` of one name, in the order of their first appearance.

    A field that is of one type here and of another there (an extra column) holds text.
    """
    fields: dict[str, Field] = {}
    for dataset in datasets:
        for field in dataset.fields:
            same = fields.setdefault(field.name, field)
            if same.type != field.type:
                fields[field.name] = replace(same, type="text")
    return tuple(fields.values())
