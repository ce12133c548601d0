"""The same run on a Dask cluster of several worker processes: the same bytes, whatever becomes of a worker."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from report_extract.cli import main
from report_extract.pipeline import Options
from report_extract.run.batch import Limits, run
from report_extract.run.cluster import dask_cluster
from report_extract.run.inputs import expand
from report_extract.run.parts import plan

from .test_batch import FIXTURE, HOSTILE, package

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
OCR_TEXT = FIXTURE.parent.parent / "ocr_text" / "iwaki-r6.txt"


@pytest.fixture(scope="module")
def cluster():  # type: ignore[no-untyped-def]
    """Three worker processes on this machine, and a nanny for each that replaces it when it dies."""
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good reports among hostile ones."""
    given = tmp_path / "in"
    given.mkdir()
    for name in ("page.pdf", "cut.pdf"):
        (given / name).write_bytes(HOSTILE[name])
    shutil.copyfile(FIXTURE, given / "report.pdf")
    for number in range(2):
        shutil.copyfile(OCR_TEXT, given / f"text-{number}.txt")
    return given


def test_a_worker_killed_in_mid_run_changes_no_byte(cluster, folder: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    alone, spread = tmp_path / "alone", tmp_path / "spread"
    main(["run", str(folder), "--out", str(alone), "--quiet"])
    with distributed.Client(cluster.scheduler_address) as client:
        before = set(client.run(os.getpid).values())
        killer = threading.Thread(target=_kill_one_at_work, args=(cluster.scheduler_address,))
        killer.start()
        told = ["run", str(folder), "--out", str(spread), "--quiet", "--dask", cluster.scheduler_address]
        assert main(told) == 1  # the hostile ones failed
        killer.join()
        assert set(client.run(os.getpid).values()) != before
    assert package(spread) == package(alone)


def _kill_one_at_work(address: str) -> None:
    """Kill the first worker that is seen to work on something."""
    with distributed.Client(address) as client:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            busy = [worker for worker, keys in client.processing().items() if keys]
            if busy:
                ((_, pid),) = client.run(os.getpid, workers=busy[:1]).items()
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.01)


def test_bounds_hold_on_the_cluster(cluster, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    jobs = plan(expand([FIXTURE]), tmp_path, Options())
    (extraction,) = run(jobs, cluster=dask_cluster(cluster.scheduler_address, Limits(seconds=0.0)))
    assert extraction.status == "failed" and "longer than 0 s" in extraction.error


def test_without_dask_the_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    assert main(["run", str(FIXTURE), "--out", str(tmp_path / "out"), "--dask", "tcp://127.0.0.1:1"]) != 0
    assert "report-extract[dask]" in capsys.readouterr().err
