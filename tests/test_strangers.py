"""Packages and portals of strangers: nothing outside the package is read, and whatever they say gives one line."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_extract.cli import main
from report_extract.core.errors import ExportError, UsageError
from report_extract.package import portal as portals
from report_extract.package.portal import Portal, caller
from report_extract.package.schema import contract_datasets
from report_extract.package.write import write_package

from .samples import doubtful, extraction, many

SECRET = "of nobody's business"
COMMANDS = ("check", "preflight", "panel", "publish", "publish in earnest", "explain")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "out"
    write_package([extraction("a"), doubtful("b")], out, contract_datasets())
    return out


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    (tmp_path / "secret.csv").write_text(f"document,x\na,{SECRET}\n", encoding="utf-8")
    return shutil.copytree(made, tmp_path / "out")


def ask(command: str, package: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, output, errors of a command on a package; no command may end in a traceback."""
    more = {
        "publish": ["--ckan", "http://127.0.0.1:1", "--organization", "x", "--dry-run"],
        "publish in earnest": ["--ckan", "http://127.0.0.1:1", "--organization", "x"],
        "explain": ["department_counts", "0", "subtotal"],
    }
    capsys.readouterr()
    code = main([command.split()[0], str(package), *more.get(command, [])])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("way", ["..", "absolute", "link", "linked folder", "no text", "gone", "folder"])
def test_no_file_outside_a_package_is_read(
    package: Path, command: str, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(r for r in described["resources"] if r["name"] == "department_counts")
    secret = package.parent / "secret.csv"
    match way:
        case "..":
            resource["path"] = "../secret.csv"
        case "absolute":
            resource["path"] = str(secret)
        case "link":
            (package / "department_counts.csv").unlink()
            (package / "department_counts.csv").symlink_to(secret)
        case "linked folder":
            (package / "deep").symlink_to(package.parent, target_is_directory=True)
            resource["path"] = "deep/secret.csv"
        case "no text":
            resource["path"] = 3
        case "gone":
            (package / "department_counts.csv").unlink()
        case _:
            resource["path"] = "."
    (package / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    code, out, err = ask(command, package, capsys)
    assert code == 1 and SECRET not in out + err and len(err.splitlines()) == 1, err


SHAPES: list[Any] = [[], {}, 3, None, "x", {"resources": {}}, {"resources": [3]}, {"resources": [{"name": "a"}]},
                     {"resources": [{"name": "a", "path": "cells.csv", "schema": {"fields": [{"name": 1}]}}]},
                     {"resources": [{"name": [], "path": {}, "schema": []}]}, {"resources": [], "licenses": 3},
                     {"resources": [], "licenses": [[]], "sources": "x"}]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_descriptors_of_any_shape_give_one_line(
    package: Path, command: str, shape: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (package / "datapackage.json").write_text(json.dumps(SHAPES[shape]), encoding="utf-8")
    code, _, err = ask(command, package, capsys)
    assert code in (0, 1) and len(err.splitlines()) <= 1, err


@settings(max_examples=many(40), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_files_of_any_content_give_one_line(
    made: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    package = shutil.copytree(made, tmp_path_factory.mktemp("any") / "out")
    name = data.draw(st.sampled_from(sorted(p.name for p in package.iterdir() if p.is_file())))
    content = bytearray((package / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    (package / name).write_bytes(content)
    for command in COMMANDS:
        code, _, err = ask(command, package, capsys)
        assert code in (0, 1) and (command == "panel" or len(err.splitlines()) <= 1), err


def test_cells_of_any_length_are_read(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = package / "department_counts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("総務部", "総" * 200_000), encoding="utf-8")
    for command in COMMANDS:
        assert ask(command, package, capsys)[0] in (0, 1)


# The portal.


@contextmanager
def answering(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers one after another, the last one for good; and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers, body = answers[min(len(asked), len(answers) - 1)]
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.replace(b"TOKEN", self.headers.get("authorization", "").encode()))

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


GOOD: tuple[int, dict[str, str], bytes] = (200, {}, b'{"success": true, "result": {"id": "x"}}')


@pytest.mark.parametrize("status", [429, 503])
def test_a_portal_that_asks_to_wait_is_waited_for(status: int) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    waits: list[float] = []
    with answering((status, {"retry-after": "3"}, b""), (status, {"retry-after": soon}, b""), (status, {}, b""),
                   (status, {"retry-after": "999999"}, b""), GOOD) as (url, asked):  # fmt: skip
        assert caller(Portal(url, "o", "a-token"), waits.append)("package_create", {}, None) == {"id": "x"}
    assert len(asked) == 5
    assert waits[0] == 3 and 3 < waits[1] <= 50 and waits[2] == 4 and waits[3] == 60


def test_a_portal_that_never_can_is_given_up(tmp_path: Path) -> None:
    with answering((503, {}, b"<html>down</html>")) as (url, asked), pytest.raises(ExportError, match="status 503"):
        caller(Portal(url, "o", "a-token"), lambda seconds: None)("package_create", {}, None)
    assert len(asked) == 5


def test_what_may_have_been_done_is_not_done_again() -> None:
    with answering((502, {}, b""), GOOD) as (url, asked):
        with pytest.raises(ExportError, match="status 502"):
            caller(Portal(url, "o", "a-token"), lambda seconds: None)("package_create", {}, None)
        assert len(asked) == 1
        assert caller(Portal(url, "o", "a-token"), lambda seconds: None)("package_show", {}, None) == {"id": "x"}


ANSWERS = {
    "echo": b'{"success": false, "error": {"you sent": "TOKEN\\r\\n\\u001b[31m"}}',
    "page": b"<html>TOKEN</html>",
    "list": b"[]",
    "nothing": b"",
    "no result": b'{"success": true}',
    "result of another shape": b'{"success": true, "result": [3]}',
    "deep": b"[" * 100_000,
    "long": b'{"success": false, "error": "' + b"x" * 100_000 + b'"}',
}


@pytest.mark.parametrize("name", ANSWERS)
def test_any_answer_is_one_line_without_the_token(
    package: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CKAN_API_TOKEN", "very-secret-token")
    with answering((200, {}, ANSWERS[name])) as (url, _):
        address = url.replace("//", "//user:password@")
        assert main(["publish", str(package), "--ckan", address, "--organization", "x"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "very-secret-token" not in line and "password" not in line and "\x1b" not in line and len(line) < 600


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portals, "_MOST_BYTES", 10_000)
    with answering((200, {}, b"x" * 1_000_000)) as (url, _), pytest.raises(ExportError, match="without end"):
        caller(Portal(url, "o", "a-token"))("package_create", {}, None)


def test_a_redirect_takes_the_token_nowhere() -> None:
    with answering(GOOD) as (other, asked), answering((302, {"location": other}, b"")) as (url, _):
        with pytest.raises(ExportError, match="status 302"):
            caller(Portal(url, "o", "a-token"))("package_create", {}, None)
        assert not asked


@pytest.mark.parametrize("token", ["zq9\r\nX-Evil: 1", "zq9 b", "トークン", "zq9\n"])
def test_a_token_with_a_line_break_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(UsageError) as refused:
        caller(Portal("http://127.0.0.1:1", "o", token))
    assert token.strip()[:3] not in str(refused.value) and token not in repr(Portal("http://x", "o", token))


@pytest.mark.parametrize("url", ["ftp://x", "javascript:alert(1)", "http://", "http://[::1", "http://a b", "x", "http://h:99999"])
def test_what_is_no_address_is_bad_usage(url: str, package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", str(package), "--ckan", url, "--organization", "x", "--dry-run"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
