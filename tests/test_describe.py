"""The package described for others: CSVW, DCAT, SQLite, Parquet, workbook; each held against its own rules."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from report_extract.core.model import Extraction
from report_extract.package.datapackage import Terms
from report_extract.package.describe import write_sidecars, write_sqlite
from report_extract.package.schema import contract_datasets
from report_extract.package.stored import typed_rows
from report_extract.package.workbook import write_parquet, write_workbook
from report_extract.package.write import write_package

from .samples import cell, doubtful, extraction


def of_year(sample: Extraction, year: int, code: str = "072044", city: str = "いわき市") -> Extraction:
    identity = replace(
        sample.identity, fiscal_year=cell(str(year)), municipality_code=cell(code), municipality=cell(city)
    )
    return replace(sample, identity=identity)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two years of one city and one of another."""
    samples = (
        of_year(extraction("r5"), 2023),
        doubtful("r6"),
        of_year(extraction("other"), 2024, "012025", "函館市"),
    )
    terms = Terms("CC-BY-4.0", "https://example.jp/r6.pdf")
    write_package(samples, tmp_path / "out", contract_datasets(), terms=terms)
    return tmp_path / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def resources(out: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    return listed


def test_csvw_keeps_the_rules_of_the_vocabulary(out: Path) -> None:
    """W3C, Metadata Vocabulary for Tabular Data, sections 5.1 to 5.6 and 6.1, and every cell by its datatype."""
    write_sidecars(out)
    group = json.loads((out / "csv-metadata.json").read_text(encoding="utf-8"))
    assert group["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "ja"}]
    tables = {table["url"]: table for table in group["tables"]}
    assert set(tables) == {r["path"] for r in resources(out)}
    for url, table in tables.items():
        columns = table["tableSchema"]["columns"]
        names = [c["name"] for c in columns]
        assert len(set(names)) == len(names) and all(re.fullmatch(r"[A-Za-z0-9][\w.-]*", n) for n in names)
        with (out / url).open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        assert header == [c["titles"] for c in columns]
        for line in lines:
            for column, value in zip(columns, line, strict=True):
                assert value or not column["required"], (url, column)
                if value and column["datatype"] == "integer":
                    assert re.fullmatch(r"-?\d+", value), (url, column, value)
                elif value and column["datatype"] == "decimal":
                    assert re.fullmatch(r"-?\d+(\.\d+)?", value), (url, column, value)
        keys = table["tableSchema"].get("primaryKey", [])
        assert set(keys) <= set(names)
        assert len({tuple(line[names.index(k)] for k in keys) for line in lines}) == len(lines) or not keys
        for foreign in table["tableSchema"]["foreignKeys"]:
            told = foreign["reference"]
            assert set(foreign) == {"columnReference", "reference"} and told["resource"] in tables
            there = {row[told["columnReference"][0]] for row in rows(out / told["resource"])}
            assert {row[foreign["columnReference"][0]] for row in rows(out / url)} <= there


def test_dcat_is_json_ld_whose_words_all_stand_in_its_context(out: Path) -> None:
    write_sidecars(out)
    dataset = json.loads((out / "dcat.jsonld").read_text(encoding="utf-8"))
    prefixes = set(dataset["@context"])

    def words(value: Any) -> None:
        for key, inner in value.items() if isinstance(value, dict) else ():
            assert key.startswith("@") or key.split(":")[0] in prefixes, key
            words(inner)
        for inner in value if isinstance(value, list) else ():
            words(inner)

    words({k: v for k, v in dataset.items() if k != "@context"})
    assert dataset["@type"] == "dcat:Dataset"
    assert dataset["dct:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert dataset["dct:source"] == {"@id": "https://example.jp/r6.pdf"}
    for one in dataset["dcat:distribution"]:
        content = (out / one["dcat:downloadURL"]["@id"]).read_bytes()
        assert one["dcat:byteSize"] == len(content)
        assert one["spdx:checksum"]["spdx:checksumValue"] == hashlib.sha256(content).hexdigest()


def test_the_views_of_the_database_answer(out: Path) -> None:
    database = sqlite3.connect(write_sqlite(out))

    def asked(query: str) -> list[tuple[Any, ...]]:
        return database.execute(query).fetchall()

    for resource in resources(out):
        (count,) = asked(f'SELECT count(*) FROM "{resource["name"]}"')[0]
        assert count == len(rows(out / resource["path"]))
    assert asked("SELECT document, field, value FROM review_queue") == [("r6", "subtotal", "8")]
    assert asked("SELECT count(*) FROM failed_checks") == [(0,)]
    # 2023 has a report of its own, so what next year's report says of it is left out; 2022 has none.
    observed = asked("SELECT DISTINCT municipality, fiscal_year, basis_report_year FROM yearly_observations")
    assert set(observed) == {
        ("いわき市", 2022, 2023),
        ("いわき市", 2023, 2023),
        ("いわき市", 2024, 2024),
        ("函館市", 2023, 2024),
        ("函館市", 2024, 2024),
    }
    assert asked("SELECT sum(subtotal) FROM department_counts WHERE row_type = 'total'") == [(48,)]
    database.close()


def test_hostile_text_is_a_value_to_the_database_and_no_command(tmp_path: Path) -> None:
    name = "x'); DROP TABLE documents; --"
    sample = extraction("a", (name, "1", "2", "3", "4", "detail"))
    table = replace(sample.datasets[0], name='t"; DROP TABLE cells; --')
    write_package([replace(sample, datasets=(*sample.datasets, table))], tmp_path, contract_datasets())
    database = sqlite3.connect(write_sqlite(tmp_path))
    assert database.execute("SELECT department FROM department_counts").fetchall() == [(name,)]
    assert database.execute("SELECT count(*) FROM documents").fetchall() == [(1,)]
    assert database.execute("SELECT count(*) FROM cells").fetchall() != [(0,)]
    database.close()


def test_many_cities_are_parted_and_keep_their_codes(out: Path) -> None:
    import pyarrow.dataset as pd
    import pyarrow.parquet as pq

    folder = write_parquet(out)
    parted = folder / "department_counts"
    assert {p.relative_to(parted).as_posix() for p in parted.rglob("*.parquet")} == {
        "city=072044/year=2023/part-0.parquet",
        "city=072044/year=2024/part-0.parquet",
        "city=012025/year=2024/part-0.parquet",
    }
    table = pd.dataset(parted, partitioning="hive").to_table()
    assert sorted(set(table.column("municipality_code").to_pylist())) == ["012025", "072044"]
    assert table.num_rows == len(rows(out / "department_counts.csv"))
    assert pq.read_table(folder / "cells.parquet").num_rows == len(rows(out / "cells.csv"))  # not told by city
    first = {p: p.read_bytes() for p in folder.rglob("*.parquet")}
    assert {p: p.read_bytes() for p in write_parquet(out).rglob("*.parquet")} == first


def test_the_same_data_gives_the_same_workbook(out: Path) -> None:
    first = write_workbook(out).read_bytes()
    assert write_workbook(out).read_bytes() == first


def test_what_no_longer_holds_is_removed_and_terms_stay(out: Path) -> None:
    unknown = replace(extraction("odd"), profile="", datasets=(replace(extraction().datasets[0], name="odd_table_1"),))
    write_package([unknown], out, contract_datasets())
    assert (out / "tables" / "odd_table_1.csv").is_file()
    write_package([extraction()], out, contract_datasets())
    assert not (out / "tables" / "odd_table_1.csv").exists()
    assert json.loads((out / "datapackage.json").read_text(encoding="utf-8"))["licenses"][0]["name"] == "CC-BY-4.0"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_spreadsheet_reads_the_workbook_and_the_csv_as_they_are(out: Path, tmp_path: Path) -> None:
    """LibreOffice as witness: opened and saved as CSV again, every value is what it was."""
    text = ("=1+1", "-3", "△4", "0012", "<script>alert(1)</script>", "detail")
    write_package([doubtful(), extraction("odd", text)], out, contract_datasets(), bom=True)
    write_workbook(out)
    # -1: every sheet, each in a file of its own; UTF-8, comma, quotes, nothing formatted as the cells are shown.
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    _convert(tmp_path, options, out / "report.xlsx")
    for resource in resources(out):
        with (tmp_path / f"report-{resource['name']}.csv").open(encoding="utf-8", newline="") as file:
            head, *seen = csv.reader(file)
        if resource["name"] != "documents" and "年度(和暦)" in head:  # what the sheet has beside the CSV's columns
            era = head.index("年度(和暦)")
            assert {row.pop(era) for row in seen} <= {"令和6年度", "令和5年度"}
        meant = [["" if v is None else _number(v) for v in row] for row in typed_rows(resource, out / resource["path"])]
        shown = [[_number(_typed(v, f["type"])) for v, f in zip(row, resource["schema"]["fields"], strict=True)]
                 for row in seen]  # fmt: skip
        assert shown == [[_inert(v) for v in row] for row in meant], resource["name"]
    _convert(tmp_path, options.rsplit(",", 1)[0], out / "department_counts.csv", "--infilter=CSV:44,34,76,1")
    seen_csv = rows(tmp_path / "department_counts.csv")
    assert [r["department"] for r in seen_csv] == [r["department"] for r in rows(out / "department_counts.csv")]
    assert [r["internal_use"] for r in seen_csv] == ["1", "0", "1", "-3"]


def _convert(folder: Path, to: str, source: Path, *more: str) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", *more, "--convert-to", to]
    subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=150)


def _typed(value: str, kind: str) -> Any:
    return float(value) if value and kind in ("integer", "number") else value


def _number(value: Any) -> Any:
    return round(float(value), 3) if isinstance(value, (int, float)) else value


def _inert(value: Any) -> Any:
    """The workbook knows text from formulas and needs no apostrophe."""
    return value[1:] if isinstance(value, str) and value.startswith("'=") else value
