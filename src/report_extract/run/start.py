"""The process that workers are forked from, started before this one has loaded its own modules: both load at once."""

from __future__ import annotations

import multiprocessing as mp

PRELOADED = "report_extract.run.warm"  # for many inputs: all that every worker would read again
_LEAN = "report_extract.run.lean"  # for one: the modules; what it reads beyond them it may not need


def prepare(several: bool) -> None:
    """Start the process that workers are forked from, where there are such; returns at once.

    Args:
        several: will there be more than one input?
    """
    if "forkserver" in mp.get_all_start_methods():
        from multiprocessing import forkserver

        mp.get_context("forkserver").set_forkserver_preload([PRELOADED if several else _LEAN])
        forkserver.ensure_running()
