"""A real CKAN for the time of one command: its packages, PostgreSQL and Redis, and a stand-in for Solr (``solr.py``).

Usage: ``with_ckan.py [--home DIR] COMMAND ...``. The command finds ``CKAN_URL``, ``CKAN_API_TOKEN`` and
``CKAN_ORGANIZATION`` in its environment. CKAN is installed into a virtual environment below ``--home`` (by default
``~/.cache/report-extract-ckan``), once; databases and uploads are made anew each time in a temporary folder and are
gone after. PostgreSQL and Redis come from Debian (``apt-get install postgresql redis-server``) and run as processes of
ours, on ports of loopback.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

CKAN = "ckan[requirements]==2.12.0"
ORGANIZATION = "iwaki"
_WAIT_S = 120.0
_TOOLS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def installed(home: Path) -> Path:
    """The folder of CKAN's commands, installed if it is not there."""
    bin = home / CKAN.partition("==")[2] / "bin"
    if not (bin / "ckan").is_file():
        subprocess.run([sys.executable, "-m", "venv", bin.parent], check=True)
        subprocess.run([bin / "pip", "install", "--quiet", "--disable-pip-version-check", CKAN], check=True)
    return bin


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(*command: str | Path, log: Path, **options: Any) -> Iterator[None]:
    """A process that is ended on leaving."""
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said, **options) as process:
        try:
            yield
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def until(port: int, path: str = "") -> None:
    """Wait until something listens, and answers where a path is given."""
    end = time.monotonic() + _WAIT_S
    while True:
        try:
            if path:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).close()
            else:
                socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


@contextmanager
def postgres(place: Path) -> Iterator[tuple[int, str]]:
    """A database server of its own; gives its port and the password of its user ``ckan``."""
    if not _TOOLS:
        sys.exit("no PostgreSQL: apt-get install postgresql")
    # It refuses to run as root; Debian's package brings a user for it.
    owner: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    data, port, password = place / "postgres", free_port(), secrets.token_hex(16)
    data.mkdir()
    given = data / "password"
    given.write_text(password)
    if owner:
        place.chmod(0o711)
        shutil.chown(data, "postgres", "postgres")
        shutil.chown(given, "postgres", "postgres")
    made = [_TOOLS[-1] / "initdb", "-D", data / "db", "-U", "ckan", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]
    subprocess.run([*made, f"--pwfile={given}"], check=True, stdout=subprocess.DEVNULL, cwd=data, **owner)
    server = [_TOOLS[-1] / "postgres", "-D", data / "db", "-p", str(port), "-k", data, "-h", "127.0.0.1", "-F"]
    with running(*server, log=place / "postgres.log", cwd=data, **owner):
        until(port)
        yield port, password


@contextmanager
def ckan(home: Path) -> Iterator[dict[str, str]]:
    """A portal with an organization; gives what its users need to know, as an environment."""
    bin = installed(home)
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="report-extract-ckan-")))
        database, password = stack.enter_context(postgres(place))
        redis, solr, port = free_port(), free_port(), free_port()
        quiet = ["--save", "", "--bind", "127.0.0.1", "--dir", str(place)]
        stack.enter_context(running("redis-server", "--port", str(redis), *quiet, log=place / "redis.log"))
        schema = next(bin.parent.glob("lib/python*/site-packages/ckan/config/solr/schema.xml"))
        own = Path(__file__).with_name("solr.py")
        stack.enter_context(running(sys.executable, own, str(solr), schema, log=place / "solr.log"))
        for one in (redis, solr):
            until(one)
        address = f"127.0.0.1:{database}"
        environment = {**os.environ, "PGPASSWORD": password}

        def sql(name: str, told: str) -> None:
            asked = [_TOOLS[-1] / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(database)]
            subprocess.run([*asked, "-U", "ckan", name], input=told, text=True, check=True, env=environment)

        sql("postgres", f"CREATE ROLE reader LOGIN PASSWORD '{password}'")
        for name in ("ckan", "datastore"):
            sql("postgres", f"CREATE DATABASE {name}")
        configuration = place / "ckan.ini"

        def do(*words: str) -> str:
            told = [bin / "ckan", "-c", configuration, *words]
            done = subprocess.run(told, check=False, capture_output=True, text=True, cwd=place)
            if done.returncode:
                sys.exit(f"ckan {' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
            return done.stdout

        subprocess.run([bin / "ckan", "generate", "config", configuration], check=True, stdout=subprocess.DEVNULL)
        settings = {
            "sqlalchemy.url": f"postgresql://ckan:{password}@{address}/ckan",
            "ckan.datastore.write_url": f"postgresql://ckan:{password}@{address}/datastore",
            "ckan.datastore.read_url": f"postgresql://reader:{password}@{address}/datastore",
            "ckan.redis.url": f"redis://127.0.0.1:{redis}/0",
            "solr_url": f"http://127.0.0.1:{solr}/solr/ckan",
            "ckan.site_url": f"http://127.0.0.1:{port}",
            "ckan.plugins": "datastore",
            "ckan.storage_path": str(place / "storage"),
        }
        lines = configuration.read_text(encoding="utf-8").splitlines()
        lines = [line for line in lines if line.partition("=")[0].strip() not in settings]
        at = lines.index("[app:main]") + 1
        lines[at:at] = [f"{name} = {value}" for name, value in settings.items()]
        configuration.write_text("\n".join(lines), encoding="utf-8")
        do("db", "init")
        sql("datastore", do("datastore", "set-permissions"))
        do("user", "add", "admin", "email=admin@example.jp", f"password={secrets.token_hex(16)}")
        do("sysadmin", "add", "admin")
        token = do("user", "token", "add", "admin", "test").split()[-1]
        server = [bin / "ckan", "-c", configuration, "run", "--host", "127.0.0.1", "--port", str(port), "-r"]
        stack.enter_context(running(*server, log=place / "ckan.log", cwd=place))
        try:
            until(port, "/api/3/action/status_show")
            url = f"http://127.0.0.1:{port}"
            call(url, token, "organization_create", {"name": ORGANIZATION, "title": "いわき市"})
        except OSError:
            sys.exit((place / "ckan.log").read_text(encoding="utf-8", errors="replace")[-4000:])
        yield {"CKAN_URL": url, "CKAN_API_TOKEN": token, "CKAN_ORGANIZATION": ORGANIZATION}


def call(url: str, token: str, action: str, told: dict[str, Any]) -> Any:
    """What the portal's action API answers."""
    headers = {"Authorization": token, "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{url}/api/3/action/{action}", json.dumps(told).encode(), headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.load(answer)["result"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path.home() / ".cache" / "report-extract-ckan")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    with ckan(arguments.home) as environment:
        sys.exit(subprocess.run(arguments.command, check=False, env={**os.environ, **environment}).returncode)
