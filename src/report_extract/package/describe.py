"""The package described for others: CSVW for the web, DCAT for catalogues, SQLite for queries.

All three are made from datapackage.json and the CSV files, so they cannot say anything else than these.
Sources: W3C "Metadata Vocabulary for Tabular Data" (2015), W3C DCAT 3 (2024).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from .datapackage import LICENCES, terms_of
from .readme import write_readme
from .rows import as_json
from .stored import descriptor_of, resources, typed_rows

_CSVW_TYPES = {
    "integer": "integer", "number": "decimal", "string": "string", "date": "date", "time": "time", "year": "gYear",
    "boolean": "boolean",
}  # fmt: skip
_SQL_TYPES = {
    "integer": "INTEGER", "number": "REAL", "string": "TEXT", "date": "TEXT", "time": "TEXT", "year": "INTEGER",
    "boolean": "TEXT",
}  # fmt: skip
_VIEWS = """
CREATE VIEW review_queue AS
  SELECT document, dataset, "row", field, value, raw, page, reason FROM cells WHERE status = 'review';
CREATE VIEW failed_checks AS
  SELECT document, "check", scope, expected, actual, note FROM checks WHERE status = 'fail';
CREATE VIEW yearly_observations AS
  SELECT d.municipality, o.* FROM observations AS o JOIN documents AS d USING (document)
  WHERE o.basis_report_year = o.fiscal_year OR NOT EXISTS (
    SELECT 1 FROM observations AS own
    WHERE own.municipality_code = o.municipality_code AND own.fiscal_year = o.fiscal_year
      AND own.basis_report_year = own.fiscal_year);
"""


def write_sidecars(directory: Path, lang: str = "ja") -> None:
    """Write ``csv-metadata.json`` (CSVW) and ``dcat.jsonld`` beside the package's files.

    Raises:
        ExportError: there is no package in ``directory``.
    """
    described = list(resources(directory))
    (directory / "csv-metadata.json").write_text(as_json(_csvw(described, lang)) + "\n", encoding="utf-8")
    package = descriptor_of(directory)
    write_readme(directory, package, lang)
    (directory / "dcat.jsonld").write_text(as_json(_dcat(package, lang)) + "\n", encoding="utf-8")


def _csvw(described: list[tuple[dict[str, Any], Path]], lang: str) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": lang}],
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\n"]},
        "tables": [
            {
                "url": resource["path"],
                "dc:title": resource["title"],
                "tableSchema": {
                    "columns": [_csvw_column(field) for field in resource["schema"]["fields"]],
                    **({"primaryKey": key} if (key := resource["schema"].get("primaryKey")) else {}),
                    "foreignKeys": [
                        {
                            "columnReference": foreign["fields"],
                            "reference": {
                                "resource": f"{foreign['reference']['resource']}.csv",
                                "columnReference": foreign["reference"]["fields"],
                            },
                        }
                        for foreign in resource["schema"].get("foreignKeys", [])
                        # CSVW addresses a table by its file, relative to this description.
                    ],
                },
            }
            for resource, _ in described
        ],
    }


def _csvw_column(field: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": field["name"],
        "titles": field["name"],  # CSVW holds titles against the header row, so it is the header's own words
        "dc:title": field["title"],
        "datatype": _CSVW_TYPES[field["type"]],
        "required": bool(field.get("constraints", {}).get("required")),
        "null": "",
    }


def _dcat(package: dict[str, Any], lang: str) -> dict[str, Any]:
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "spdx": "http://spdx.org/rdf/terms#",
        },
        "@type": "dcat:Dataset",
        "dct:title": {"@value": package["title"], "@language": lang},
        "dct:description": {"@value": package["description"], "@language": lang},
        "dct:language": lang,
        **_terms(package),
        **_about(package, lang),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "@id": resource["path"],
                "dct:title": {"@value": resource["title"], "@language": lang},
                "dcat:downloadURL": {"@id": resource["path"]},
                "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
                "dcat:byteSize": resource["bytes"],
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
                    "spdx:checksumValue": resource["hash"].removeprefix("sha256:"),
                },
            }
            for resource in package["resources"]
        ],
    }


def _terms(package: dict[str, Any]) -> dict[str, Any]:
    terms = {"dct:license": terms_of(package).licence, "dct:source": terms_of(package).source}
    known = {name: LICENCES[value][1] if value in LICENCES else value for name, value in terms.items() if value}
    # What is no address is a name: JSON-LD's @id takes the first, a plain value the second.
    return {name: {"@id": value} if "://" in value else value for name, value in known.items()}


def _about(package: dict[str, Any], lang: str) -> dict[str, Any]:
    """Who publishes, of where and when, as DCAT says it; nothing of what the package does not say."""
    told: dict[str, Any] = {}
    if names := [one["title"] for one in package.get("contributors", ()) if "publisher" in one.get("roles", ())]:
        agents = [{"@type": "foaf:Agent", "foaf:name": {"@value": name, "@language": "ja"}} for name in names]
        told["dct:publisher"] = agents[0] if len(agents) == 1 else agents
    if keywords := package.get("keywords"):
        told["dcat:keyword"] = [{"@value": word, "@language": "ja"} for word in keywords]
    if issued := package.get("issued"):
        told["dct:issued"] = {"@value": issued, "@type": "xsd:date"}
    if period := package.get("temporal"):
        kind = "xsd:date" if len(period["start"]) > 4 else "xsd:gYear"
        told["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": period["start"], "@type": kind},
            "dcat:endDate": {"@value": period["end"], "@type": kind},
        }
    if places := package.get("spatial"):
        told["dct:spatial"] = [
            {
                "@type": "dct:Location",
                "rdfs:label": {"@value": place["name"], "@language": "ja"},
                **({"dct:identifier": [place["code"], place["estat"]]} if "code" in place else {}),
            }
            for place in places
        ]
    return told


def write_sqlite(directory: Path) -> Path:
    """``report.sqlite``: every CSV a typed table, with views of what is flagged, failed and observed by year.

    Returns:
        The file.

    Raises:
        ExportError: there is no package in ``directory``.
    """
    target = directory / "report.sqlite"
    beside = target.with_name(".report.sqlite.part")
    beside.unlink(missing_ok=True)
    with sqlite3.connect(beside) as database:
        for resource, path in resources(directory):
            fields = resource["schema"]["fields"]
            columns = ", ".join(f"{_quoted(f['name'])} {_SQL_TYPES[f['type']]}" for f in fields)
            table = _quoted(resource["name"])
            database.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join("?" * len(fields))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", typed_rows(resource, path))
        database.executescript(_VIEWS)
    database.close()
    beside.replace(target)
    return target


def _quoted(name: str) -> str:
    """An SQL identifier; names come from headings of unknown reports."""
    return '"' + name.replace('"', '""') + '"'
