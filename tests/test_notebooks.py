"""The notebooks run from top to bottom, and their pictures show Japanese."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbclient")
pytest.importorskip("matplotlib_fontja")

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


@pytest.mark.parametrize(("name", "pictures"), [("iwaki", 3), ("cities", 2)])
def test_a_notebook_runs(name: str, pictures: int) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert not outputs(notebook), "notebooks are committed without outputs"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    shown = outputs(notebook)
    assert sum("image/png" in output.get("data", {}) for output in shown) == pictures
    said = "".join(output.get("text", "") for output in shown if output.output_type == "stream")
    assert "missing from" not in said, "a letter without a glyph was drawn"
