"""Imports only go down: the layers of docs/design.md as a table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "src" / "report_extract"

# From the ground up. A folder imports from lower lines only, never from its own line.
LAYERS = (
    ("core",),
    ("text",),
    ("sums",),
    ("readers", "imaging"),
    ("page",),
    ("ocr", "tables"),
    ("profile",),
    ("datasets",),
    ("corrections",),
    ("checks",),
    ("package",),
    ("pipeline",),
    ("result",),
    ("review",),
    ("run",),
    ("app",),
    ("cli",),
    ("__main__", "__init__"),
)
LEVEL = {name: level for level, line in enumerate(LAYERS) for name in line}
# Heavy packages, and the only modules that may use them.
HOMES = {
    "pypdfium2": ("readers", "tables"),
    "pdfplumber": ("readers",),
    "camelot": ("tables",),
    "rapidfuzz": ("text",),
    "re2": ("text",),
    "pandas": ("package", "tables", "result", "core"),
    "pyarrow": ("package",),
    "openpyxl": ("package",),
    "onnxruntime": ("ocr",),
    "dask": ("run",),
    "distributed": ("run",),
    "starlette": ("app",),
    "uvicorn": ("app",),
    "httpx": ("package",),
    "rich": ("cli",),
}


def files() -> Iterator[tuple[Path, str]]:
    """Every file of the package and the module or package at its top that it belongs to."""
    for path in sorted(ROOT.rglob("*.py")):
        yield path, path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[str, ...]]:
    """What a file imports: ("", module, ...) for ours, (package, ...) for others."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield tuple((node.module or "").split("."))
        elif isinstance(node, ast.ImportFrom):
            base = (*package[: len(package) - node.level + 1], *filter(None, (node.module or "").split(".")))
            yield from (("", *base, alias.name) for alias in node.names)


def test_every_module_has_its_layer() -> None:
    assert {unit for _, unit in files()} == set(LEVEL)


def test_imports_only_go_down() -> None:
    up = [
        f"{path.relative_to(ROOT)} imports {target[1]}"
        for path, unit in files()
        if unit != "__init__"  # the package's face imports on first use
        for target in imports_of(path)
        if target[0] == "" and target[1] != unit and LEVEL.get(target[1], -1) >= LEVEL[unit]
    ]
    assert not up


def test_few_modules_stand_at_the_top() -> None:
    assert len(list(ROOT.glob("*.py"))) <= 6


def test_folders_are_without_circles() -> None:
    """Modules of one folder may import one another, but not in a circle."""
    graph = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): {
            ".".join(target[1:n])
            for target in imports_of(path)
            if target[0] == ""
            for n in (len(target), len(target) - 1)
        }
        for path, _ in files()
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"a circle: {' -> '.join((*above, name))}"
        if name in done:
            return
        for other in sorted(graph[name] & graph.keys()):
            visit(other, (*above, name))
        done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_each_package_is_imported_in_its_home_only() -> None:
    abroad = [
        f"{path.relative_to(ROOT)} imports {target[0]}"
        for path, unit in files()
        for target in imports_of(path)
        if target[0] in HOMES and unit not in HOMES[target[0]]
    ]
    assert not abroad


def test_files_stay_readable() -> None:
    long = [f"{p.relative_to(ROOT)}: {n}" for p, _ in files() if (n := len(p.read_text("utf-8").splitlines())) > 400]
    assert not long
