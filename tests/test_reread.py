"""A sum that fails in a text layer: the second reader tells the report's own error from ours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_extract.checks.second_reader import reread
from report_extract.core.model import Check, Dataset, Reading
from report_extract.pipeline import extract_one
from report_extract.readers import open_document

from .truth import FIXTURES

GIVEN = FIXTURES / "iwaki" / "iwaki-r6-wrong-total.pdf"
PLACE = ("department_counts", 16, "subtotal")


@pytest.fixture(scope="module")
def datasets() -> tuple[Dataset, ...]:
    return extract_one(GIVEN).datasets


def test_the_report_s_own_error_is_said_to_be_one(datasets: tuple[Dataset, ...]) -> None:
    cell = datasets[0].rows[16]["subtotal"]
    assert [d.kind for d in cell.doubts] == ["report-error"]
    assert (cell.raw, cell.text, cell.status) == ("402件", "402件", "review")


def test_a_reading_that_the_second_reader_does_not_share_is_said_to_be_ours(datasets: tuple[Dataset, ...]) -> None:
    rows = list(datasets[0].rows)
    misread = replace(rows[16]["subtotal"], readings=(Reading("407件", "pdfium"),), doubts=())
    rows[16] = {**rows[16], "subtotal": misread}
    spoilt = (replace(datasets[0], rows=tuple(rows)),)
    failing = [Check("department.row_sum", "合計", "407", "401", "fail", places=(PLACE,))]
    with open_document(GIVEN, "pdfplumber") as second:
        (again,) = reread(spoilt, failing, second)
    (doubt,) = again.rows[16]["subtotal"].doubts
    assert doubt.kind == "readings-differ" and "407件" in doubt.values
