"""The words for totals of tables of no known kind; those of a known kind are its profile's alone."""

from __future__ import annotations

import re
from functools import lru_cache

from .normalize import key, normal

# 計 at the end of a longer word is a total (歳入計), but not in 会計, 統計, 家計, 設計, 推計, 累計 and their like.
_TOTAL = re.compile(
    r"^(?:[^うち]{0,12})?(?:(?<![会統家設生時推余累])計|合計|小計|総計|総数|総額|全体|全国|総合計)$"
    r"|\btotals?\b|\bsum\b|\ball\b",
    re.IGNORECASE,
)
_OVERALL = re.compile(r"^(?:[総全]?合?計|総合計|総計|総数|総額|全体|全市計?|全国計?|市計|歳入合計|歳出合計)$")
_TAIL = re.compile(r"[(\[][^()\[\]]*[)\]]$|[:*※]+$")


@lru_cache(maxsize=65536)
def says_total(text: str) -> bool:
    """``text`` names a total or subtotal: ``合計``, ``東部 計(再掲)``, ``Total``."""
    said = _TAIL.sub("", normal(text))
    return bool(_TOTAL.search(said)) or bool(_TOTAL.search(said.rsplit(" ", 1)[-1]))


def says_total_of_all(text: str) -> bool:
    """``text`` names the total of a whole table, of no part of it: ``合計``, ``歳出合計``; no ``小計``."""
    return bool(_OVERALL.match(key(text)))
