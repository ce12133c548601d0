"""README.md of a package: what is in it, how far it can be trusted, and how to open it, for people."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from .datapackage import terms_of
from .inert import printable
from .schema import FILES
from .stored import Record, records, resources

NAME = "README.md"
_MOST = 40  # files that are listed one by one

_TEXTS = {
    "ja": {
        "made": "PDF などの報告書から report-extract {version} が取り出し、整合性を検査したデータです。",
        "documents": "## 元の文書\n\n| 文書 | 自治体 | 年度 | 表題 | 状態 |\n| --- | --- | --- | --- | --- |",
        "trust": "## 信頼度\n\n"
        "各値の `status` は次のとおりです。`review` の値は、使う前に原本で確かめてください"
        "(`review.html` に頁の画像があります)。\n\n"
        "| status | 意味 | 値の数 |\n| --- | --- | --- |",
        "ok": "読み取りが一致し、検算も合う",
        "repaired": "計算または連番で直した(元の読みは cells.csv の raw)",
        "review": "要確認",
        "findings": "文書全体への指摘がある文書は {n} 件です。内容は documents.csv の findings にあります。",
        "checks": "検査({n}件): 合 {pass}、否 {fail}、報告書に説明あり {explained}、修復 {repaired}。",
        "files": "## ファイル\n\n| ファイル | 内容 | 行数 |\n| --- | --- | --- |",
        "more": "| … | ほか {n} ファイル(datapackage.json に一覧) | |",
        "open": "## 開き方\n\n"
        "CSV は UTF-8、1行目が列名です。列の意味・型・単位は `dictionary.csv`(項目定義書)にあります。"
        "全国地方公共団体コードのように 0 で始まる値があるので、**コードは文字列として**読んでください。"
        "Excel で CSV を直接開くと 0 が落ちます。`--format xlsx` で作る `report.xlsx` か、"
        "「データ」→「テキストまたは CSV から」を使ってください。",
        "terms": "## 利用条件\n\nライセンス: {licence}\n\n出典: {source}",
        "none": "(未記載)",
    },
    "en": {
        "made": "Data that report-extract {version} recovered from reports and checked.",
        "documents": "## Documents\n\n| document | municipality | year | title | status |\n"
        "| --- | --- | --- | --- | --- |",
        "trust": "## How far to trust it\n\n"
        "Look at the page (its picture is in `review.html`) before you use a value whose `status` is `review`.\n\n"
        "| status | meaning | values |\n| --- | --- | --- |",
        "ok": "all readings agree and all checks hold",
        "repaired": "restored by arithmetic or a sequence (what was read: raw in cells.csv)",
        "review": "a person should look",
        "findings": "What concerns a whole document ({n} documents) stands in documents.csv, findings.",
        "checks": "Checks ({n}): {pass} pass, {fail} fail, {explained} explained by the report, {repaired} repaired.",
        "files": "## Files\n\n| file | content | rows |\n| --- | --- | --- |",
        "more": "| … | {n} more files (listed in datapackage.json) | |",
        "open": "## Opening it\n\nCSV files are UTF-8 with a header row; `dictionary.csv` gives each column's meaning, "
        "type and unit. Codes begin with 0: **read them as text**.",
        "terms": "## Terms\n\nLicence: {licence}\n\nSource: {source}",
        "none": "(not stated)",
    },
}  # fmt: skip
_SNIPPET = """```python
import pandas as pd
{name} = pd.read_csv("{path}", dtype={{{types}}})
```

```r
library(readr)
{name} <- read_csv("{path}", col_types = cols({columns}, .default = col_guess()))
```"""


def write_readme(directory: Path, package: dict[str, Any], lang: str) -> None:
    """Write ``README.md`` beside the files of a package, whose descriptor is ``package``.

    Raises:
        ExportError: a file that the package lists is not there.
    """
    said = _TEXTS[lang]
    described = [(resource, path) for resource, path in resources(directory)]
    described.sort(key=lambda one: one[0]["name"] in FILES)
    lines = [f"# {_line(package['title'])}", "", said["made"].format(version=package["version"]), ""]
    lines += [said["documents"], *map(_document, records(directory, "documents")), ""]
    lines += [*_trust(directory, said), "", said["files"]]
    for resource, path in described[:_MOST]:
        lines.append(f"| `{resource['path']}` | {_line(resource['title'])} | {_rows(path)} |")
    if len(described) > _MOST:
        lines.append(said["more"].format(n=len(described) - _MOST))
    lines += ["", said["open"], "", _snippet(described[0][0]), ""]
    terms = terms_of(package)
    none = said["none"]
    lines.append(said["terms"].format(licence=_line(terms.licence) or none, source=_line(terms.source) or none))
    (directory / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _document(row: Record) -> str:
    year = row["fiscal_year"] + (f"({row['fiscal_year_era']})" if row["fiscal_year_era"] else "")
    said = (row["document"], row["municipality"], year, row["title"], row["status"])
    return "| " + " | ".join(map(_line, said)) + " |"


def _trust(directory: Path, said: dict[str, str]) -> list[str]:
    values = Counter(row["status"] for row in records(directory, "cells"))
    checks = Counter(row["status"] for row in records(directory, "checks"))
    lines = [said["trust"]]
    lines += [f"| {status} | {said[status]} | {values[status]} |" for status in ("ok", "repaired", "review")]
    counts = {status: checks[status] for status in ("pass", "fail", "explained", "repaired")}
    told = sum(bool(row["findings"]) for row in records(directory, "documents"))
    lines += ["", said["findings"].format(n=told)] if told else []
    return [*lines, "", said["checks"].format(n=checks.total(), **counts)]


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return max(0, sum(1 for _ in csv.reader(file)) - 1)


def _snippet(resource: dict[str, Any]) -> str:
    """How pandas and R read a resource with its codes as text."""
    codes = [f["name"] for f in resource["schema"]["fields"] if f["type"] == "string" and f["name"].endswith("_code")]
    codes = codes or [resource["schema"]["fields"][0]["name"]]
    types = ", ".join(f'"{name}": "string"' for name in codes)
    columns = ", ".join(f"{name} = col_character()" for name in codes)
    return _SNIPPET.format(name="data", path=resource["path"], types=types, columns=columns)


def _line(text: str) -> str:
    """A text as part of a line of Markdown: no markup of its own, no line break."""
    plain = " ".join(printable(text).split())
    return "".join(f"\\{c}" if c in "|*_`\\[]<>" else c for c in plain)
