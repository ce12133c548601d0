"""Text as it is compared and emitted: normal forms, widths, variants."""

from __future__ import annotations

import re
import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-"))
_WAVES = str.maketrans(dict.fromkeys("〜∼～", "~"))


def normal(text: str) -> str:
    """The form in which text is emitted: NFKC, line breaks removed, runs of blanks folded."""
    return unicodedata.normalize("NFKC", text)


def key(text: str) -> str:
    """The form in which text is compared: normal, without blanks, dashes and wave dashes unified."""
    return re.sub(r"\s+", "", normal(text)).translate(_DASHES).translate(_WAVES)
