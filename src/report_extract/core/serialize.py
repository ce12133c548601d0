"""Extractions as JSON: what crosses from a worker to the run that gathers, and what a cache keeps.

JSON rather than pickle, because a cache lies in a folder that others may write to.
"""

from __future__ import annotations

import hashlib
import json
import types
import typing
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union

from .geometry import BBox
from .model import Extraction

_SEAL = '{"seal":"'
_SEALED = len(_SEAL) + 64 + len('",')
_LEAVES: dict[Any, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float), bool: (bool,)}


def dumps(extraction: Extraction) -> str:
    """The extraction as one line of JSON; ``loads`` gives an equal one back."""
    return json.dumps(plain(extraction), ensure_ascii=False, separators=(",", ":"))


def sealed(extraction: Extraction) -> str:
    """``dumps`` with its own hash in front, so that damage shows (a bit that turns 1 into 3 is good JSON, too)."""
    text = dumps(extraction).encode("utf-8", "replace").decode()  # a lone surrogate is no text
    return _SEAL + _hash(text[1:]) + '",' + text[1:]


def is_sealed(text: str) -> bool:
    """Is it what ``sealed`` wrote, to the last bit?"""
    return text.startswith(_SEAL) and _hash(text[_SEALED:]) == text[len(_SEAL) : _SEALED - 2]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def loads(text: str) -> Extraction:
    """The extraction that ``dumps`` or ``sealed`` wrote.

    Raises:
        ValueError: the text is not such JSON, or is damaged.
    """
    if text.startswith(_SEAL):
        if not is_sealed(text):
            raise ValueError("it is damaged")
        text = "{" + text[_SEALED:]
    try:
        extraction = typed(Extraction, json.loads(text))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not an extraction: {error}") from error
    assert isinstance(extraction, Extraction)
    return extraction


def plain(value: Any) -> Any:
    """Dataclasses, tuples and numbers as what JSON has."""
    if isinstance(value, BBox):
        return [round(float(edge), 3) for edge in value]
    if is_dataclass(value):
        # Defaults are left out: most cells have no doubts, most readings no alternatives.
        return {
            f.name: plain(getattr(value, f.name))
            for f in fields(value)
            if getattr(value, f.name) != f.default or f.name == "name"
        }
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, float) else value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def typed(kind: Any, value: Any) -> Any:
    """``value`` from JSON as the annotated type ``kind``.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is no such value.
    """
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if value is None or kind is Any:
        return value
    if origin in (Union, types.UnionType):
        return typed(next(a for a in args if a is not type(None)), value)
    if kind is BBox:
        return BBox(*value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: typed(hints[name], item) for name, item in value.items()})
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(typed(args[0], item) for item in value)
        return tuple(typed(a, item) for a, item in zip(args, value, strict=True))
    if isinstance(value, dict):  # Row
        return {key: typed(args[1], item) for key, item in value.items()}
    if kind in _LEAVES and not isinstance(value, _LEAVES[kind]):
        raise ValueError(f"{kind.__name__} expected, not {type(value).__name__}")
    return value
