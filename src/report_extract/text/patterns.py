"""Patterns that profiles bring: searched for in linear time, as a profile may come from anybody.

Python's own engine takes years for ``(a+)+$`` on fifty letters, RE2 (https://github.com/google/re2) a time that is
linear in the text, whatever the pattern. It knows neither look-around nor references to groups.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

_LONGEST = 2_000  # characters of a pattern
_MEMORY = 8 << 20  # bytes that a compiled pattern may take


class PatternError(ValueError):
    """The pattern cannot be searched for."""


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> Any:
    if len(pattern) > _LONGEST:
        raise PatternError(f"a pattern has at most {_LONGEST:,} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        why = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise PatternError(f"{why[:200]} (there is no look-around and no reference to a group)") from None
    except UnicodeEncodeError:
        raise PatternError("it holds what is no character") from None


def check(pattern: str) -> None:
    """Refuse what cannot be searched for.

    Raises:
        PatternError: the message says why.
    """
    _compiled(pattern)


def found(pattern: str, text: str) -> bool:
    """Does ``text`` hold what ``pattern`` describes?"""
    return _compiled(pattern).search(text.encode("utf-8", "replace").decode()) is not None
