"""What is installed on demand is asked for in one line that names the extra, before any input is read."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.core.errors import MissingEngineError
from report_extract.core.extras import require

ROOT = Path(__file__).parent.parent
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]


@pytest.mark.parametrize(("package", "extra"), [("pyarrow", "parquet"), ("distributed", "dask"), ("httpx", "publish")])
def test_an_extra_that_is_named_brings_the_package(package: str, extra: str) -> None:
    assert any(need.startswith(package) for need in EXTRAS[extra])


def test_what_is_missing_is_said_with_the_command_that_installs_it() -> None:
    with pytest.raises(MissingEngineError, match=r"pip install 'report-extract\[parquet\]'"):
        require("no_such_package", "parquet", "--format parquet")


def test_a_run_that_could_not_write_parquet_reads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("report_extract.core.extras.find_spec", lambda name: None)
    given = ["run", str(ROOT / "fixtures/iwaki/iwaki-r6.pdf"), "--out", str(tmp_path / "out"), "--format", "parquet"]
    assert main(given) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "report-extract[parquet]" in line
    assert not (tmp_path / "out").exists()
