"""The same run on a Dask cluster: each input travels to a worker, its part comes back.

Workers share no disk with the run: a job's bytes go with it. On the worker the input is read in a process
of its own within the same bounds as on one machine, so that a hostile file costs no worker; a worker that
dies is replaced by Dask, and its jobs are done by another.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.extras import require
from ..package.place import PARTS
from .batch import Cluster, Limits
from .parts import Job, write_lost

_RETRIES = 3
_IN_FLIGHT = 64  # jobs whose bytes wait on the cluster at once: memory stays flat in the number of inputs


def dask_cluster(address: str, limits: Limits | None = None) -> Cluster:
    """Runs jobs on the Dask cluster whose scheduler listens at ``address``.

    Raises:
        MissingEngineError: Dask is not installed.
    """
    require("distributed", "dask", "--dask")
    import distributed

    def run(jobs: Sequence[Job]) -> Iterator[Job]:
        with distributed.Client(address) as client:
            yield from _run(client, jobs, limits or Limits())

    return run


def _run(client: Any, jobs: Sequence[Job], limits: Limits) -> Iterator[Job]:
    from distributed import as_completed

    waiting = iter(jobs)
    futures: dict[Any, Job] = {}
    done = as_completed()

    def submit() -> None:
        job = next(waiting, None)
        if job is None:
            return
        content = _content(job.input.path)
        profile = _content(Path(job.options.profile)) if Path(job.options.profile).is_file() else None
        # pure=False: an input that stands twice in a run is two jobs.
        future = client.submit(
            _remote, job, content, profile, limits, retries=_RETRIES, pure=False, key=f"report-{job.part.stem}"
        )
        futures[future] = job
        done.add(future)

    for _ in range(_IN_FLIGHT):
        submit()
    for future in done:
        job = futures.pop(future)
        if future.status == "finished":
            _keep(job, future.result())
        else:
            write_lost(job, "its worker died each time it was tried")
        future.release()
        yield job
        submit()


def _keep(job: Job, files: dict[str, bytes]) -> None:
    """Put what a worker made among the parts; the part last, as its being there says that the job is done."""
    for suffix, content in sorted(files.items(), key=lambda item: item[0] == job.part.suffix):
        beside = job.part.with_suffix(".part")
        beside.write_bytes(content)
        beside.replace(job.part.with_suffix(suffix))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _remote(
    job: Job, content: bytes | None, profile: bytes | None, limits: Limits
) -> dict[str, bytes]:
    """On the worker: do the job in a process of its own; its files by suffix: the part, its review page."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="report-extract-") as folder:
        here = Path(folder)
        # The name says something too: whose report it is, and which file an error is about.
        given, part = here / "given" / job.input.path.name, here / PARTS / job.part.name
        given.parent.mkdir()
        part.parent.mkdir()
        if content is not None:
            given.write_bytes(content)
        local = replace(job, part=part)
        if profile is not None:
            (here / "profile.toml").write_bytes(profile)
            local = replace(local, options=replace(job.options, profile=str(here / "profile.toml")))
        order = here / "job.json"
        order.write_text(local_order(local, given), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "report_extract.run.cluster",
            str(order),
            repr(limits.seconds),
            str(limits.megabytes),
        ]
        # A worker is a daemon and may have no children of multiprocessing's, so this is a plain command.
        subprocess.run(command, check=True, timeout=limits.seconds + 60)
        return {path.suffix: path.read_bytes() for path in part.parent.glob(f"{part.stem}.*")}


def local_order(job: Job, given: Path) -> str:
    """A job as JSON for the process that does it; ``given`` is where its bytes lie there."""
    import json
    from dataclasses import asdict

    return json.dumps(
        {
            "path": str(job.input.path),
            "document": job.input.document,
            "given": str(given),
            "part": str(job.part),
            "options": asdict(job.options),
            "lang": job.lang,
        }
    )


def _main(order: Path, seconds: float, megabytes: int) -> None:
    import json

    from .batch import run
    from .inputs import Input
    from .parts import options_of

    told = json.loads(order.read_text(encoding="utf-8"))
    job = Job(
        Input(Path(told["path"]), told["document"], Path(told["given"])),
        Path(told["part"]),
        options_of(told["options"]),
        told["lang"],
    )
    run([job], 1, Limits(seconds, megabytes))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
