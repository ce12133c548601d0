"""Page numbers as they are printed at a page's head or foot."""

from __future__ import annotations

import re

from .normalize import key

_FOLIO = re.compile(r"^\W*(?:p|page|第|[a-z]{1,2}-)?\W*\d{1,4}(?:\W\d{1,4})?(?:頁|ページ)?\W*$", re.IGNORECASE)


def is_folio(text: str) -> bool:
    """``text`` as a whole is a page number: ``12``, ``- 12 -``, ``p. 12``, ``3/12``, ``A-7``, ``12ページ``."""
    return bool(_FOLIO.match(key(text)))
