"""Whose and of which year: on labelled texts of reports nothing wrong is sure, and most that is said is found.

``identity_texts.json`` holds texts after published reports, labelled by hand: null where not labelled, "" where
the text does not say. The weights were fitted on these among others, so this says that it holds together, not how
good it is on new reports: for that see the held-out figures in ``profile/identity_weights.json``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from report_extract.profile.identity import identify

from .test_identify import lines, table

TEXTS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("identity_texts.json").read_text(encoding="utf-8"))


def found(text: dict[str, Any]) -> tuple[str, str]:
    """Year and municipality as emitted: "" where they are asked for or nothing is named."""
    body = [("甲", *"1" * (len(text["headings"]) - 1)), ("乙", *"2" * (len(text["headings"]) - 1))]
    identity = identify(lines(*text["lines"]), [table(tuple(text["headings"]), *body)], text["file"])
    year, code, name = identity.fiscal_year, identity.municipality_code, identity.municipality
    sure = [cell.text if cell and cell.status == "ok" else "" for cell in (year, code or name)]
    return sure[0], sure[1]


def test_nothing_wrong_is_sure_and_most_is_found() -> None:
    right = [0, 0]
    said = [0, 0]
    for text in TEXTS:
        for i, (wanted, got) in enumerate(zip((text["year"], text["municipality"]), found(text), strict=True)):
            if wanted is not None:
                assert got in ("", wanted), text
                said[i] += bool(wanted)
                right[i] += bool(wanted) and got == wanted
    assert right[0] >= 0.85 * said[0], right
    assert right[1] >= 0.9 * said[1], right


def test_an_unsure_year_is_asked_for_with_its_candidates() -> None:
    identity = identify(lines("個人情報の利用状況", "令和7年6月"), [], "x.pdf")
    assert identity.fiscal_year is not None
    assert (identity.fiscal_year.text, identity.fiscal_year.status) == ("", "review")
    assert {"2024", "2025"} <= {year for year, _ in identity.fiscal_year.readings[-1].alternatives}
