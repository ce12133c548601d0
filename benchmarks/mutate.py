"""Which small change to the sums and checks would no test notice? ``make mutate``.

mutmut writes the mutants: every one of a file stands in one module, and one is chosen at run time. They are tried in
forks of a single pytest session, so that a mutant costs the tests that reach it, cheapest first, up to the first that
fails, and no start. A mutant is killed where a test fails or runs far too long, and where mypy refuses it: both are
what ``make test`` runs.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import gc
import json
import math
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "mutants"
FLOOR = 85.0  # percent of all mutants that are to be killed
MUTATED = ("sums", "checks")  # folders of src/report_extract
# Sums that unknown tables show of themselves are tested through whole packages, too slowly to be tried so often.
LEFT_OUT = (
    "sums.formulas",
    "sums.ledger",
    "sums.ratios",
    "sums.relations",
    "sums.sides",
    "checks.idle",
    "checks.unknown",
)
TESTS = (
    "arithmetic", "balance", "brute_force", "figures_read", "notes", "numbering", "relations", "rules", "safety_bounds",
    "said", "second_reader", "structure", "years",
)  # fmt: skip
_SLOW = 8  # times what its tests take of a processor: a mutant that runs longer never ends
_MEMORY = 4 << 30  # bytes; a loop that only grows ends here
KILLED = ("test", "type", "time")


@dataclass(frozen=True)
class Mutant:
    """One change: its name to mutmut, the function it is made in, and what it changes."""

    name: str
    module: str
    function: str
    diff: str


def main(given: Sequence[str] | None = None) -> int:
    """Try the mutants and print what became of them by module; 1 where fewer are killed than ``FLOOR``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="as sums.rules (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants tried at a time")
    parser.add_argument("--survivors", action="store_true", help="print what the mutants that live on change")
    parser.add_argument("--resume", action="store_true", help="keep the verdicts on mutants killed before")
    parser.add_argument("--no-types", action="store_true", help="leave mypy out")
    options = parser.parse_args(given)
    os.environ |= {"OMP_NUM_THREADS": "1", "HYPOTHESIS_PROFILE": "first-failure"}
    mutants = written(options.modules)
    kept = BUILD / "verdicts.json"
    before: dict[str, str] = json.loads(kept.read_text()) if options.resume and kept.exists() else {}
    verdicts = {m.name: before[m.module + m.diff] for m in mutants if before.get(m.module + m.diff) in KILLED}
    if not options.no_types:
        verdicts |= dict.fromkeys(refused(m for m in mutants if m.name not in verdicts), "type")

    def keep() -> None:
        said = {m.module + m.diff: verdicts[m.name] for m in mutants if m.name in verdicts}
        kept.write_text(json.dumps(before | said, ensure_ascii=False))

    keep()
    sys.path.insert(0, str(BUILD / "src"))
    os.chdir(BUILD)
    import pytest

    tests = [f"tests/test_{name}.py" for name in TESTS if Path(f"tests/test_{name}.py").exists()]
    left = [m for m in mutants if m.name not in verdicts]
    random.Random(0).shuffle(left)  # stopped half-way, what was tried is a fair sample
    left.sort(key=lambda m: m.module + m.diff in before)  # first what was never tried
    trials = Trials(left, verdicts, options.jobs, keep)
    arguments = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", *tests]
    ended = pytest.main(arguments, [trials])
    keep()
    if ended not in (pytest.ExitCode.OK, pytest.ExitCode.INTERRUPTED):
        return 2
    tried = [m for m in mutants if m.name in verdicts]
    if len(tried) < len(mutants):
        print(f"stopped: {len(mutants) - len(tried)} of {len(mutants)} mutants were not tried")
    return report(tried, verdicts, options.survivors)


def written(modules: Sequence[str]) -> list[Mutant]:
    """The mutants of the ``modules``, of all where none is named, written into ``BUILD`` beside the tests."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    for name in ("src", "tests"):
        shutil.rmtree(BUILD / name, ignore_errors=True)
        shutil.copytree(ROOT / name, BUILD / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = (ROOT / "pyproject.toml").read_text()
    (BUILD / "pyproject.toml").write_text(settings.replace(', "mutmut.*"', ""))  # its decorator keeps types
    os.chdir(ROOT)
    found = []
    for path in sorted(p for folder in MUTATED for p in Path("src/report_extract", folder).glob("*.py")):
        module = ".".join(path.with_suffix("").parts[1:])
        name = module.partition(".")[2]
        if (name not in modules) if modules else (name in LEFT_OUT):
            continue
        mutated = mutate_file_contents(str(path), path.read_text())
        (BUILD / path).write_text(mutated.code)
        sources = {n.name: n for n in ast.walk(ast.parse(mutated.code)) if isinstance(n, ast.FunctionDef)}
        text = mutated.code.splitlines()
        for name in mutated.mutant_names:
            function = name.rpartition("__mutmut_")[0]
            one, other = sources[f"{function}__mutmut_orig"], sources[name]
            before, after = (text[f.lineno : f.end_lineno] for f in (one, other))
            changed = difflib.unified_diff(before, after, n=0, lineterm="")
            diff = "\n".join(line for line in changed if line[:2] not in ("--", "++"))
            found.append(Mutant(f"{module}.{name}", module, function, f"{function}\n{diff}"))
    return found


def refused(mutants: Iterable[Mutant]) -> list[str]:
    """The names of the mutants in which mypy finds a fault that the function as it is does not have."""
    functions = {m.name: f"{m.module}.{m.function}__mutmut_orig" for m in mutants}
    files = sorted({Path("src", *name.split(".")[:-1]).with_suffix(".py") for name in functions})
    command = [sys.executable, "-m", "mypy", "--follow-imports=silent", "--no-error-summary", *map(str, files)]
    said = subprocess.run(command, cwd=BUILD, capture_output=True, text=True).stdout
    faults: dict[str, Counter[str]] = {}
    for path in files:
        told = re.findall(rf"^{re.escape(str(path))}:(\d+): error: (.*)", said, re.M)
        for node in ast.walk(ast.parse((BUILD / path).read_text())):
            if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name:
                mine = [text for line, text in told if node.lineno <= int(line) <= (node.end_lineno or 0)]
                faults[".".join((*path.with_suffix("").parts[1:], node.name))] = Counter(mine)
    return [name for name, function in functions.items() if faults[name] - faults[function]]


class Trials:
    """A pytest plugin that runs every test once, then for each mutant those that reach its function."""

    def __init__(self, mutants: Sequence[Mutant], verdicts: dict[str, str], jobs: int, keep: Any) -> None:
        self.mutants, self.verdicts, self.jobs, self.keep = mutants, verdicts, jobs, keep
        self.running: dict[int, Mutant] = {}

    def pytest_runtestloop(self, session: Any) -> bool:
        from mutmut.mutation.trampoline import set_mutant_under_test
        from mutmut.state import state

        cost: dict[Any, float] = {}
        reached: dict[str, list[Any]] = {}
        set_mutant_under_test("stats")
        for item in session.items:
            state()._stats.clear()
            begun = time.process_time()
            if not passes(item):
                session.testsfailed += 1
                print(f"{item.nodeid} fails without any mutant")
                return True
            cost[item] = time.process_time() - begun
            for function in state()._stats:
                reached.setdefault(function, []).append(item)
        set_mutant_under_test("")
        gc.collect()
        gc.freeze()  # what was imported is shared with every fork, and left alone there
        print(f"{len(cost)} tests take {sum(cost.values()):.0f} s; {len(self.mutants)} mutants are tried")
        for mutant in self.mutants:
            items = sorted(reached.get(f"{mutant.module}.{mutant.function}", ()), key=lambda item: cost[item])
            if not items:
                self.verdicts[mutant.name] = "no test"
                continue
            if len(self.running) >= self.jobs:
                self.ended()
            limit = math.ceil(_SLOW * sum(cost[item] for item in items)) + 2
            if child := os.fork():
                self.running[child] = mutant
                continue
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + limit, resource.RLIM_INFINITY))
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            set_mutant_under_test(mutant.name)
            try:
                os._exit(0 if all(passes(item) for item in items) else 1)
            finally:
                os._exit(1)
        while self.running:
            self.ended()
        return True

    def ended(self) -> None:
        child, status = os.wait()
        mutant = self.running.pop(child)
        self.verdicts[mutant.name] = "time" if os.WIFSIGNALED(status) else "test" if os.WEXITSTATUS(status) else "lives"
        if len(self.verdicts) % 20 == 0:
            self.keep()


def passes(item: Any) -> bool:
    """Whether a test passes."""
    from _pytest.runner import runtestprotocol

    return not any(said.failed for said in runtestprotocol(item, nextitem=None, log=False))


def report(mutants: Sequence[Mutant], verdicts: dict[str, str], survivors: bool) -> int:
    """Print the verdicts by module, and the survivors' changes; 1 where fewer than ``FLOOR`` percent are killed."""
    if survivors:
        for mutant in mutants:
            if verdicts[mutant.name] not in KILLED:
                print(f"\n{verdicts[mutant.name]}: {mutant.name}\n{mutant.diff.partition(chr(10))[2]}")
    print(f"\n{'module':<24}{'mutants':>8}{'test':>7}{'type':>7}{'time':>7}{'lives':>7}{'no test':>8}{'killed':>9}")
    share = 100.0
    for module in (*sorted({m.module for m in mutants}), ""):
        count = Counter(verdicts[m.name] for m in mutants if module in ("", m.module))
        share = 100 * sum(count[k] for k in KILLED) / max(1, count.total())
        columns = "".join(f"{count[k]:>7}" for k in (*KILLED, "lives")) + f"{count['no test']:>8}"
        print(f"{module.partition('.')[2] or 'all':<24}{count.total():>8}{columns}{share:>8.1f}%")
    print(f"the floor is {FLOOR:.0f} %")
    return int(share < FLOOR)


if __name__ == "__main__":
    sys.exit(main())
