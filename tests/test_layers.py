"""Imports only go down: the layers of docs/design.md as a table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "src" / "report_extract"

# From the ground up. A module or package imports from lower lines only, never from its own line.
LAYERS = (
    ("errors", "geometry", "text", "messages", "arithmetic"),
    ("cast",),
    ("model",),
    (
        "spec",
        "serial",
        "rules",
        "names",
        "relations",
        "layout",
        "seam",
        "corrections",
        "glyph_sample",
    ),
    ("raster", "shapes", "shaping", "balancing", "twins", "marks", "ditto"),
    ("profile", "legibility"),
    ("readers", "finders", "ocr", "exporters", "steps"),
    ("pipeline", "profile_draft", "readback", "years", "inputs"),
    ("result", "publish", "preflight"),
    ("review",),
    ("batch",),
    ("scale", "warm"),
    ("cli",),
    ("__main__", "__init__"),
)
LEVEL = {name: level for level, line in enumerate(LAYERS) for name in line}
# Heavy packages, and the only modules that may use them.
HOMES = {
    "pypdfium2": ("readers", "finders"),
    "pdfplumber": ("readers",),
    "camelot": ("finders",),
    "rapidfuzz": ("text",),
    "pandas": ("exporters", "finders", "result", "model"),
    "pyarrow": ("exporters",),
    "openpyxl": ("exporters",),
    "onnxruntime": ("ocr",),
    "dask": ("scale",),
    "distributed": ("scale",),
    "starlette": ("review",),
    "uvicorn": ("review",),
    "httpx": ("publish",),
    "rich": ("cli",),
}


def files() -> Iterator[tuple[Path, str]]:
    """Every file of the package and the module or package at its top that it belongs to."""
    for path in sorted(ROOT.rglob("*.py")):
        if path.parent.name == "profiles":  # package data
            continue
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


def test_no_step_imports_another() -> None:
    steps = {path.stem for path in (ROOT / "steps").glob("*.py")} - {"__init__"}
    among = [
        f"{path.name} imports {target[2]}"
        for path in (ROOT / "steps").glob("*.py")
        for target in imports_of(path)
        if target[:2] == ("", "steps") and target[2] in steps
    ]
    assert not among


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
