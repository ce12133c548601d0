"""A stand-in for the Solr that CKAN searches with: what CKAN asks of ``select`` and ``update``, kept in memory.

CKAN indexes each dataset as one document and asks by field (``name:"x" OR id:"x"``, ``+site_id:"default"``) or by
words. Nothing of Solr's ranking, stemming or facets is here. Usage: ``solr.py PORT SCHEMA``, with CKAN's own
schema.xml, which CKAN asks for when it starts.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

_CLAUSE = re.compile(r'([+-]?)([A-Za-z_]+):(?:\(([^()]*)\)|"((?:[^"\\]|\\.)*)"|([^\s()]+))')
_DOCUMENTS: dict[str, dict[str, object]] = {}
_LOCK = threading.Lock()


def matches(document: dict[str, object], query: str) -> bool:
    """Whether a document answers a query: clauses on fields, joined by OR where it says so; else all its words."""
    if query.strip() in ("", "*:*"):
        return True
    clauses = list(_CLAUSE.finditer(query))
    if not clauses:
        text = json.dumps(document, ensure_ascii=False).lower()
        return all(word.lower() in text for word in query.split())
    found = []
    for sign, field, several, quoted, bare in (c.groups() for c in clauses):
        wanted = [w.strip().strip('"') for w in several.split(" OR ")] if several else [quoted or bare]
        held = document.get(field, [])
        values = {str(value) for value in (held if isinstance(held, list) else [held])}
        holds = any(w in ("*", "[* TO *]") or w.replace("\\", "") in values for w in wanted)
        found.append(not holds if sign == "-" else holds)
    return any(found) if " OR " in _CLAUSE.sub("x", query) else all(found)


def update(body: bytes) -> None:
    """Add documents (JSON or XML), or delete those that a query finds."""
    with _LOCK:
        if body.lstrip().startswith(b"<"):
            root = ElementTree.fromstring(body)
            for query in root.iter("query") if root.tag == "delete" else ():
                for key in [k for k, d in _DOCUMENTS.items() if matches(d, query.text or "")]:
                    del _DOCUMENTS[key]
            for one in root.iter("doc"):
                document: dict[str, object] = {}
                for field in one.iter("field"):
                    name, value = field.get("name", ""), field.text or ""
                    before = document.get(name)
                    many = [*before, value] if isinstance(before, list) else [before, value]
                    document[name] = value if before is None else many
                _DOCUMENTS[str(document["index_id"])] = document
            return
        told = json.loads(body or b"[]")
        for document in told if isinstance(told, list) else ():
            _DOCUMENTS[str(document["index_id"])] = document


def select(asked: dict[str, list[str]]) -> bytes:
    """The answer to a search."""
    with _LOCK:
        queries = [asked.get("q", ["*:*"])[0], *asked.get("fq", [])]
        found = [d for d in _DOCUMENTS.values() if all(matches(d, query) for query in queries)]
    start, rows = int(asked.get("start", ["0"])[0]), int(asked.get("rows", ["10"])[0])
    response = {"numFound": len(found), "start": start, "docs": found[start : start + rows]}
    return json.dumps({"responseHeader": {"status": 0}, "response": response, "facet_counts": {}}).encode()


class Solr(BaseHTTPRequestHandler):
    """One request: below ``/solr/ckan``."""

    schema = b""

    def do_GET(self) -> None:
        """``select`` and the schema."""
        parts = urlsplit(self.path)
        if "/select" in parts.path:
            self._answer(select(parse_qs(parts.query)), "application/json")
        else:
            self._answer(self.schema, "text/xml")

    def do_POST(self) -> None:
        """``update``, and ``select`` where its query is long."""
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "/select" in parts.path:
            self._answer(select(parse_qs(body.decode())), "application/json")
            return
        update(body)
        self._answer(b'{"responseHeader": {"status": 0}}', "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *told: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Solr.schema = Path(sys.argv[2]).read_bytes()
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Solr).serve_forever()
