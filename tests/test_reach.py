"""Tables whose rules reach further than their finder saw."""

from __future__ import annotations

import numpy as np

from report_extract.core.geometry import BBox
from report_extract.core.model import FILL, IMAGE, Page
from report_extract.tables.reach import wider
from report_extract.tables.view import frames

from .pages import rules, text_chars

NAMES = ("大東保育園", "都島第二乳児保育センター", "子ロバ保育園", "毛馬保育所", "御幸保育所", "友渕保育園")


def page(texts: list[tuple[float, float, str]], lines: list[tuple[float, float, float, float]]) -> Page:
    chars = np.concatenate([text_chars(text, x, top) for x, top, text in texts])
    return Page(1, 595, 842, chars, rules(lines), np.zeros(0, FILL), np.zeros(0, IMAGE), (), 0, "pdfium")


def test_rules_across_a_table_reach_as_far_as_it_does() -> None:
    texts = [(62.0, 84.0 + 16 * r, name) for r, name in enumerate(NAMES)]
    texts += [(300.0 + 60 * c, 84.0 + 16 * r, str(10 * r + c)) for r in range(6) for c in range(3)]
    drawn = page(texts, [(60.0, 81.0 + 16 * r, 460.0, 81.0 + 16 * r) for r in range(7)])
    (view,) = frames(drawn)
    found = BBox(295.0, 97.0, 460.0, 161.0)  # the figures alone, without the first row and the last one
    assert any(b.x0 < 63 and b.x1 > 458 and b.top < 82 and b.bottom > 176 for b in wider(found, view, []))
    assert all(b.x0 <= 295 and b.x1 >= 460 and b.top <= 97 and b.bottom >= 161 for b in wider(found, view, []))


def test_rules_of_another_table_far_below_do_not_reach() -> None:
    texts = [(62.0 + 60 * c, top + 16 * r, "12") for top in (84.0, 384.0) for r in range(3) for c in range(3)]
    lines = [(60.0, top + 16 * r, 260.0, top + 16 * r) for top in (81.0, 381.0) for r in range(4)]
    (view,) = frames(page(texts, lines))
    assert all(b.bottom < 150 for b in wider(BBox(60.0, 81.0, 260.0, 129.0), view, []))
