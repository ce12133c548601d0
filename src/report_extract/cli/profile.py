"""report-extract profile: draft a profile from one report, or try one on many."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.errors import ReportExtractError, UsageError, translated

_EPILOG = """examples:
  report-extract profile new report.pdf > mine.toml       a draft to edit
  report-extract profile test reports/ --profile mine.toml    what did not fit?
"""


def add_parser(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "profile",
        help="draft a profile from a report, or try one on a folder",
        description="A profile is a TOML file that describes a kind of report. Draft one from a report; try it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.commands(dest="action", metavar="ACTION", required=True)
    new = actions.add_parser("new", help="draft a profile from one report, on standard output")
    new.add_argument("input", type=Path, metavar="FILE", help="a report")
    new.set_defaults(run=_new, prints_data=True)
    test = actions.add_parser("test", help="say what in each report did not fit; exits with 1 if anything did not")
    test.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help="reports, or folders of them")
    test.add_argument("--profile", required=True, metavar="NAME|FILE", help="the profile to try")
    test.set_defaults(run=_test)


def _new(arguments: argparse.Namespace) -> int:
    from ..datasets.draft import draft
    from ..pipeline import Options
    from ..run.bounded import extract_within

    sys.stdout.write(draft(extract_within(arguments.input, Options())))
    return 0


def _test(arguments: argparse.Namespace) -> int:
    from ..core.messages import say
    from ..pipeline import Options
    from ..profile.load import load
    from ..run.bounded import extract_within
    from ..run.inputs import expand

    profile = load(arguments.profile)
    inputs = expand(arguments.inputs)
    if not inputs:
        raise UsageError("no reports among the inputs", "name a file, or a folder that holds some")
    tried: list[_Tried] = []
    for given in inputs:
        try:
            extraction = extract_within(given, Options(profile=arguments.profile))
            tried.append(_Tried.of(given.document, extraction, profile, lambda f: say(f, arguments.lang)))
        except ReportExtractError as error:
            tried.append(_Tried(given.document, told=(translated(str(error), arguments.lang),)))
    _print(tried, profile, arguments.lang)
    return int(not all(one.fits for one in tried))


@dataclass(frozen=True, slots=True)
class _Tried:
    """How a profile fitted one report.

    Attributes:
        rows: how many it gave of each dataset.
        passed, failed: checks.
        idle: the rules that had nothing to check.
        told: what did not fit, in words.
    """

    document: str
    rows: Mapping[str, int] = field(default_factory=dict)
    passed: int = 0
    failed: int = 0
    idle: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        return not self.told and not self.failed and any(self.rows.values())

    @classmethod
    def of(cls, document: str, extraction: Any, profile: Any, say: Callable[[Any], str]) -> _Tried:
        from ..checks.idle import idle_rules
        from ..datasets.draft import misfits

        failed = [c for c in extraction.checks if c.status == "fail"]
        told = [say(f) for f in (*misfits(extraction, profile), *extraction.findings)]
        told += [f"{c.check} {c.scope}: {c.expected} ≠ {c.actual}" for c in failed]
        return cls(
            document,
            {d.name: len(d.rows) for d in extraction.datasets},
            len(extraction.checks) - len(failed),
            len(failed),
            idle_rules(profile, extraction.datasets),
            tuple(dict.fromkeys(told)),
        )


_HEADINGS = {
    "ja": ("", "文書", "{} (行)", "検査 合/否", "走らなかった規則"),
    "en": ("", "document", "{} (rows)", "checks pass/fail", "rules that never ran"),
}
_NEVER = {
    "ja": "どの文書でも走らなかった規則: {} (対象の列や行がないか、名前が違います)",
    "en": "never ran in any report: {} (nothing to check: a column or row is missing, or misnamed)",
}


def _print(tried: Sequence[_Tried], profile: Any, lang: str) -> None:
    """A line a report, what did not fit in it, and the rules that checked nothing anywhere."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    names = [dataset.name for dataset in profile.datasets]
    mark, document, rows, checks, idle = _HEADINGS[lang]
    table = Table(mark, document, *(escape(rows.format(name)) for name in names), checks, idle, box=box.SIMPLE)
    for one in tried:
        counts = (str(one.rows.get(name, 0)) for name in names)
        sign = "✓" if one.fits else "✗"
        table.add_row(sign, escape(one.document), *counts, f"{one.passed}/{one.failed}", str(len(one.idle)))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    for one in tried:
        for said in one.told:
            console.print(escape(f"✗ {one.document}: {said}"), soft_wrap=True)
    never = set.intersection(*(set(one.idle) for one in tried if one.rows)) if any(one.rows for one in tried) else set()
    for rule in (rule.text for rule in profile.rules if rule.text in never):
        console.print(escape(_NEVER[lang].format(rule)), soft_wrap=True)
