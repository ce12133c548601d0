"""The app killed while it saves and reads loses nothing; nor do two tabs, or a run beside it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from report_extract.app.desk import Desk
from report_extract.app.workspace import DONE, Workspace
from report_extract.cli import main
from report_extract.corrections.store import in_force

from .truth import FIXTURES

GIVEN = FIXTURES / "ocr_text" / "iwaki-r6.txt"
REPORT = FIXTURES / "cities" / "naha.pdf"


class App:
    """The app in a process of its own, as from the command line."""

    def __init__(self, folder: Path) -> None:
        call = [sys.executable, "-m", "report_extract", "app", str(folder), "--no-open"]
        self.process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        link = urlsplit(self.process.stdout.readline().strip())
        self.host = link.netloc
        _, headers = self.ask("GET", f"/?{link.query}")
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[Any, Any]:
        """What the app answers, and the headers.

        Raises:
            OSError, http.client.HTTPException: it does not answer.
        """
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Content-Type": "application/json", "Cookie": getattr(self, "cookie", "")}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status >= 400:
            raise OSError(answer.status, told.decode("utf-8", "replace"))
        return (json.loads(told) if told else None), answer.headers

    def get(self, path: str) -> Any:
        """JSON of an address."""
        return self.ask("GET", path)[0]

    def post(self, path: str, told: Any) -> Any:
        """JSON sent and answered."""
        return self.ask("POST", path, json.dumps(told).encode())[0]

    def kill(self) -> None:
        """As ``kill -9`` does, and the machine that loses its power."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    out = tmp_path / "out"
    assert main(["run", str(GIVEN), "--out", str(out), "--quiet"]) == 0
    yield out
    shutil.rmtree(out, ignore_errors=True)


def values(folder: Path) -> list[str]:
    """What people typed, as it holds in the file."""
    return [str(entry["new"]) for _, entry in in_force(folder / "corrections.jsonl") if isinstance(entry, dict)]


def flagged(app: App) -> list[tuple[str, dict[str, Any]]]:
    news = app.get("/api/flags?since=0")["documents"]
    names = {"holding_division", "receiving_division", "project"}
    return [(d["document"], c) for d in news for c in d["changed"] if c["status"] == "review" and c["field"] in names]


@pytest.mark.parametrize("after", [3, 8])
def test_killed_while_answers_are_saved_and_reports_are_read(after: int, folder: Path) -> None:
    app = App(folder)
    cells = flagged(app)
    assert len(cells) > 4
    said: list[str] = []

    def answer() -> None:
        for number in range(1000):
            document, card = cells[number % len(cells)]
            told = {"document": document, "key": card["key"], "new": f"課{number}"}
            try:
                app.post("/api/settle", {"answers": [told]})
            except (OSError, http.client.HTTPException):
                return
            said.append(f"課{number}")

    dropped = app.ask("PUT", f"/api/files?name={quote('那覇市.pdf')}", REPORT.read_bytes())[0]["id"]
    typing = threading.Thread(target=answer)
    typing.start()
    while len(said) < after:
        time.sleep(0.001)
    app.kill()
    typing.join()
    kept = values(folder)
    assert kept[: len(said)] == said and len(kept) <= len(said) + 1  # one may be kept that nobody was told of
    desk = Desk(Workspace(folder))
    desk.start()
    try:
        end = time.monotonic() + 300
        while not all(e.state == DONE and e.summary for e in desk.workspace.entries()):
            assert time.monotonic() < end
            time.sleep(0.05)
        assert desk.workspace.entry(dropped).summary["municipality"] == "那覇市"
        desk.writer.fresh()
    finally:
        desk.close()
    latest = {cells[int(text[1:]) % len(cells)][1]["key"]: text for text in kept}
    (told,) = [d for d in desk.opener.news(0) if d["document"] == cells[0][0]]
    shown = {card["key"]: card["value"] for card in told["changed"]}
    assert {key: shown[key] for key in latest} == latest
    assert main(["check", str(folder), "--quiet"]) in (0, 1)
    assert "那覇市" in (folder / "documents.csv").read_text(encoding="utf-8")


def test_a_run_beside_the_app_is_seen_and_loses_nothing(folder: Path) -> None:
    app = App(folder)
    try:
        (document, card), *_ = flagged(app)
        answer = {"document": document, "key": card["key"], "new": "住まい政策課"}
        app.post("/api/settle", {"answers": [answer]})
        assert main(["run", str(GIVEN), str(REPORT), "--out", str(folder), "--quiet"]) == 0
        end = time.monotonic() + 120
        while len(app.get("/api/state")["documents"]) < 2:  # it looks by itself, nobody asks it to
            assert time.monotonic() < end
            time.sleep(0.1)
        app.post("/api/settle", {"answers": [{**answer, "new": "秘書課"}]})
        assert values(folder)[-2:] == ["住まい政策課", "秘書課"]
        while app.get(f"/api/documents/{document}/cell?key={quote(card['key'])}")["value"] != "秘書課":
            assert time.monotonic() < end  # checked anew beside the answers
            time.sleep(0.1)
    finally:
        app.kill()


def test_two_tabs_that_answer_at_once_keep_both_or_tell(folder: Path) -> None:
    app = App(folder)
    try:
        cells = flagged(app)
        taken: list[str] = []

        def answer(name: str) -> None:
            for document, card in cells:
                told = {"document": document, "key": card["key"], "old": card["value"], "new": f"{name}{card['row']}課"}
                try:
                    app.post("/api/settle", {"answers": [told]})
                    taken.append(told["new"])
                except OSError as error:
                    assert error.errno == 409  # it was changed in the other tab

        tabs = [threading.Thread(target=answer, args=(name,)) for name in ("東", "西")]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()
        assert sorted(values(folder)) == sorted(taken) and len(taken) >= len(cells)
    finally:
        app.kill()
