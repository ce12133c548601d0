"""Reference pages that are made from the code when the site is built, so that they cannot be out of date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mkdocs.structure.files import File, Files

from report_extract.cli import make_parser
from report_extract.core.messages import CATALOGUE
from report_extract.package.schema import FILES, contract_datasets, dataset_columns


def on_files(files: Files, config: Any) -> Files:
    """Add the pages."""
    for name, lines in (("commands", commands()), ("files", tables()), ("findings", findings())):
        files.append(File.generated(config, f"reference/{name}.md", content="\n".join(lines) + "\n"))
    return files


def commands() -> Iterator[str]:
    """The help of every command, in English and Japanese."""
    yield "# Commands\n\nEvery command also takes `--lang ja` and `--lang en`; the default follows the locale.\n"
    for english, japanese in zip(make_parser("en").leaves(), make_parser("ja").leaves(), strict=True):
        yield f"## {english.prog.removeprefix('report-extract ')}\n\n```text\n{english.format_help()}```\n"
        yield f"??? note \"日本語\"\n\n    ```text\n{_indented(japanese.format_help())}\n    ```\n"


def tables() -> Iterator[str]:
    """Every column of every file that a package may hold."""
    yield "# Files and columns\n\nThe same stands in each package's `datapackage.json` (`--lang en`: in English).\n"
    described = [(name, title, fields) for name, (title, fields) in FILES.items()]
    described += [(d.name, d.title, dataset_columns(d.fields)) for d in contract_datasets()]
    for name, title, fields in described:
        yield f"## {name}.csv\n\n{title}\n\n| column | type | Japanese | English | values |"
        yield "|---|---|---|---|---|"
        for field in fields:
            cells = (f"`{field.name}`", field.type, field.title, field.title_en, ", ".join(field.choices))
            yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
        yield ""


def findings() -> Iterator[str]:
    """Every kind of finding, with what to do about it."""
    yield "# Findings\n\nWhat is said of a value or a document, in `reason` and `findings`; `{0}` is what was found.\n"
    yield "| kind | English | 日本語 |\n|---|---|---|"
    for kind, (japanese, english) in CATALOGUE.items():
        yield f"| `{kind}` | {english} | {japanese} |".replace("\n", " ")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.rstrip("\n").split("\n"))
