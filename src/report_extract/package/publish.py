"""A data package -> a dataset on a CKAN portal, made or brought up to date.

Source: CKAN's action API (https://docs.ckan.org/en/2.11/api/) and its DataStore extension. A dataset is found
by its name and a resource by its own, so a second run updates and never doubles.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..profile.load import used
from .datapackage import terms_of
from .portal import Portal, caller, check, identifier
from .read import profile_text
from .stored import descriptor_of, reading, records, resources, typed_rows
from .workbook import batches

TOKEN = "CKAN_API_TOKEN"
_TYPES = {
    "integer": "int", "number": "numeric", "string": "text", "date": "date", "time": "time", "year": "int",
    "boolean": "bool",
}  # fmt: skip
# The ids that CKAN's own list of licences has; a portal with a list of its own is told by --licence.
_LICENCES = {"CC-BY-4.0": "cc-by", "CC-BY-SA-4.0": "cc-by-sa", "CC0-1.0": "cc-zero"}
_TAG = re.compile(r"[^\w .-]")  # CKAN refuses a tag of other signs, and of less than 2 or more than 100
_MOST = 50  # tags, and extras that name documents
_BATCH = 1000  # records a call: CKAN's own examples stay below this


Call = Callable[[str, dict[str, Any], Path | None], Any]


def token_from_environment() -> str:
    """The API token.

    Raises:
        UsageError: it is not set.
    """
    token = os.environ.get(TOKEN, "")
    if not token:
        raise UsageError(f"{TOKEN} is not set", f"export {TOKEN}=… with a token from your CKAN profile page")
    return token


def publish(
    directory: Path,
    portal: Portal,
    *,
    name: str = "",
    licence: str = "",
    source: str = "",
    dry_run: Callable[[str], None] | None = None,
) -> str:
    """Publish the package in ``directory``.

    Args:
        directory: what ``run`` wrote.
        portal: where to.
        name: the dataset's name there; made from municipality and kind of report by default.
        licence: a licence id that the portal knows, for example ``cc-by``; the package's own by default.
        source: where the reports were published; the package's own by default.
        dry_run: told each call instead of making it.

    Returns:
        The dataset's address.

    Raises:
        ExportError: there is no package, or the portal refuses; the message quotes it.
    """
    check(portal)
    with reading(directory):
        files = list(resources(directory))
        documents = list(records(directory, "documents"))
        stated = terms_of(descriptor_of(directory))
        dataset = {**_metadata(directory, documents, source or stated.source), "owner_org": portal.organization}
    dataset["name"] = name or dataset["name"]
    if licence or stated.licence:
        dataset["license_id"] = licence or _LICENCES.get(stated.licence, stated.licence)
    call = _dry(dry_run) if dry_run else caller(portal)
    existing = call("package_show", {"id": dataset["name"]}, None)
    package = (
        call("package_patch", {**dataset, "id": identifier(portal, "package_show", existing)}, None)
        if existing
        else call("package_create", dataset, None)
    )
    there = (existing or {}).get("resources") or []
    present = {r["name"]: r["id"] for r in there if isinstance(r, dict) and {"name", "id"} <= r.keys()}
    ident = identifier(portal, "package_create", package)
    for resource, path in files:
        with reading(directory):
            _publish_resource(call, portal, ident, resource, path, present.get(resource["name"]))
    return f"{portal.shown.rstrip('/')}/dataset/{dataset['name']}"


def _metadata(directory: Path, documents: list[dict[str, str]], source: str) -> dict[str, Any]:
    """What people search by, from documents.csv."""
    cities = sorted({d["municipality"] for d in documents if d["municipality"]})
    codes = sorted({d["municipality_code"] for d in documents if d["municipality_code"]})
    years = sorted({d["fiscal_year"] for d in documents if d["fiscal_year"]})
    profiles = sorted({d["profile"] for d in documents if d["profile"]})
    hashes = [(d["document"], d["sha256"]) for d in documents if d["sha256"]]
    titles = [_title(directory, name) for name in profiles]
    kind = "・".join(titles) or "報告書の表"
    span = "・".join(_era(int(year)) for year in years)
    owner = cities[0] if len(cities) == 1 else f"{len(cities)}自治体" if cities else ""
    slug = "-".join([*(codes if len(codes) == 1 else ["municipalities"]), *(profiles or ["tables"])])
    return {
        "name": re.sub(r"[^a-z0-9_-]+", "-", slug.lower())[:100],
        "title": " ".join(filter(None, (owner, kind, f"({span})" if span else ""))),
        "notes": "自治体が PDF で公表した報告書から取り出し、整合性を検査したデータです。"
        "検査の結果は checks、各値の出所と確からしさは cells にあります。",
        "tags": [{"name": tag} for tag in _tags([*cities, *titles, "統計", "オープンデータ"])],
        "url": source,
        "extras": [
            # Of a large collection the resource "documents" tells: a portal shows every extra on the dataset's page.
            *({"key": f"source_sha256:{name}", "value": sha256} for name, sha256 in hashes[:_MOST]),
            *([{"key": "municipality_code", "value": " ".join(codes)}] if codes else []),
            *([{"key": "fiscal_year", "value": " ".join(years)}] if years else []),
        ],
    }


def _title(directory: Path, name: str) -> str:
    """What a profile's reports are called."""
    profile = used(name, profile_text(directory, name))
    return profile.title or profile.name


def _tags(words: list[str]) -> list[str]:
    clean = (_TAG.sub(" ", word).strip()[:100] for word in words)
    return list(dict.fromkeys(word for word in clean if len(word) > 1))[:_MOST]


def _era(year: int) -> str:
    """A fiscal year with its era: 令和6年度(2024)."""
    for name, first in (("令和", 2019), ("平成", 1989), ("昭和", 1926)):
        if year >= first:
            count = year - first + 1
            return f"{name}{'元' if count == 1 else count}年度({year})"
    return f"{year}年度"


def _publish_resource(
    call: Call, portal: Portal, package: str, resource: dict[str, Any], path: Path, existing: str | None
) -> None:
    described = {
        "package_id": package,
        "name": resource["name"],
        "description": resource["title"],
        "format": "CSV",
        "mimetype": "text/csv",
        "hash": resource.get("hash", ""),
    }
    if existing:
        done = call("resource_update", {**described, "id": existing}, path)
        call("datastore_delete", {"resource_id": existing, "force": True}, None)
    else:
        done = call("resource_create", described, path)
    ident = identifier(portal, "resource_create", done)
    fields = [
        {
            "id": field.get("x-ascii-name", field["name"]),
            "type": _TYPES.get(field["type"], "text"),
            "info": {"label": field["title"], "notes": field.get("description", "")},
        }
        for field in resource["schema"]["fields"]
    ]
    call("datastore_create", {"resource_id": ident, "fields": fields, "force": True}, None)
    names = [field["id"] for field in fields]
    for batch in batches(typed_rows(resource, path), _BATCH):
        rows = [dict(zip(names, row, strict=True)) for row in batch]
        told = {"resource_id": ident, "records": rows, "method": "insert", "force": True}
        call("datastore_upsert", told, None)


def _dry(say: Callable[[str], None]) -> Call:
    """Says each call, and answers as a portal would that holds nothing yet."""

    def call(action: str, content: dict[str, Any], upload: Path | None) -> Any:
        shown = {**content, "records": f"{len(content['records'])} records"} if "records" in content else content
        file = f" + {upload.name}" if upload else ""
        say(f"POST /api/3/action/{action} {json.dumps(shown, ensure_ascii=False)}{file}")
        return None if action == "package_show" else {"id": f"<{content.get('name', action)}>", "resources": []}

    return call
