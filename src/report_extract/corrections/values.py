"""Is what a person typed a value of its field? Held against it on entry and again whenever it is applied."""

from __future__ import annotations

from ..core.errors import UsageError
from ..core.model import Field
from ..text import gazetteer, parse
from ..text.normalize import normal

_FIRST_YEAR, _LAST_YEAR = 1868, 2200


def accepted(dataset: str, field: Field, text: str) -> str:
    """What was typed, as it is meant: 令和6年度 for a year is 2024, いわき市 for a code 072044.

    Args:
        dataset: "documents" for whose report it is, and of which year.
        field: the field that it is a value of.
        text: as typed; an empty one says that there is no value.

    Raises:
        ValueError: it is no such value; the message says what one is.
    """
    said = normal(text)
    if dataset == "documents":
        return _identity(field.name, said)
    try:
        parse.value(said, field.type)
    except parse.CastError:
        raise ValueError(f"「{said[:40]}」 is no {field.type}") from None
    return said


def _identity(field: str, said: str) -> str:
    if not said:
        return ""
    if field == "fiscal_year":
        return str(_year(said))
    try:
        place = gazetteer.municipality(said)
    except UsageError:
        if field == "municipality_code":
            raise ValueError(f"「{said[:40]}」 is no municipality's code") from None
        return said  # an association of municipalities, say, has a name and no code
    return place.code if field == "municipality_code" else place.name


def _year(said: str) -> int:
    try:
        year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else parse.fiscal_year(said)
    except parse.CastError:
        year = 0
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"「{said[:40]}」 is no fiscal year (2024, 令和6年度)")
    return year
