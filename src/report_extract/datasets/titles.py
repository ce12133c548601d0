"""What a report is called: the largest of its first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core.model import Line, Table
from ..text import normalize

_FIRST = 15  # lines of the first page among which the title stands
_AS_LARGE = 0.9  # of the largest line's height: the first of lines about as large is the title
_LONGEST = 60  # letters; a longer line is prose
_WORDS = re.compile(r"[^\W\d_]{3}")
_ASIDE = re.compile(r"^(?:[(\[]?単位|※|注|\(?別紙|資料\d|様式|第\d+号様式)|(?:公表|作成|現在)\)?$|課$|担当$")


def title_of(lines: Sequence[Line], tables: Sequence[Table] = ()) -> str:
    """The title of a report; "" where nothing looks like one.

    Args:
        lines: the text outside its tables, in reading order.
        tables: the caption of the first one is taken where no line is a title.
    """
    first = min((line.page for line in lines), default=0)
    head = [line for line in lines if line.page == first and not line.rotation][:_FIRST]
    named = [(line, said) for line in head if _may_be(said := normalize.normal(line.text).lstrip("# "))]
    if named:
        largest = max(line.bbox.bottom - line.bbox.top for line, _ in named)
        return next(said for line, said in named if line.bbox.bottom - line.bbox.top >= _AS_LARGE * largest)
    captions = (normalize.normal(table.caption.split("\n")[0]) for table in tables)
    return next((said for said in captions if _may_be(said)), "")


def _may_be(said: str) -> bool:
    prose = len(said) > _LONGEST or said.endswith(("。", "、"))
    return bool(_WORDS.search(said)) and not prose and not _ASIDE.search(said)
