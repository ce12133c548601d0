"""Profiles: kinds of reports as TOML. A bad profile fails here, with its file and line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ..core.errors import InputError, ProfileError, UsageError
from ..sums import rules
from ..text import patterns
from .spec import OUTER_FIELDS, OUTER_FILES, DatasetSpec, FieldSpec, Profile, RowWords, Wide, Words

__all__ = ["Profile", "builtin", "load", "read", "used"]

TYPES = frozenset(
    {"count", "integer", "number", "percent", "date", "time", "year", "boolean", "text", "name", "choice"}
)
_NAME = re.compile(r"[^\W\dA-Z_][^\WA-Z]{0,62}")  # 63 letters are PostgreSQL's bound, and so that of portals
_LONGEST = 100_000  # characters; the longest of our own has 12,000
_MOST = 300  # datasets, fields of one, rules
_MOST_DOTS = 100  # in a line, outside texts
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_SHOWN = 300  # characters of what is wrong
# Names that a package has for something else: its files and folders, its own columns; and those that Windows keeps.
_FILES = frozenset(
    (*OUTER_FILES, "tables", "review", "report", "profiles", "parquet", "datapackage", "corrections", "dcat", "readme")
)
_COLUMNS = frozenset(OUTER_FIELDS)
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})


def load(source: str | Path) -> Profile:
    """The profile of a file, or the built-in one of that name.

    Raises:
        UsageError: there is no such file and no such built-in profile.
        ProfileError: it is wrong; the message names file and line.
    """
    known = {p.name: p for p in builtin()}
    if str(source) in known:
        return known[str(source)]
    path = Path(source)
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where a name is too long
        names = ", ".join(sorted(known)) or "none"
        raise UsageError(f"no profile {_shown(source)}", f"give a TOML file or one of: {names}")
    toml = _text_of(path)
    return replace(read(toml, str(path)), toml=toml)


@cache
def used(name: str, toml: str) -> Profile:
    """The profile that an extraction was made with: by its text if it has one, else the built-in one.

    Raises:
        InputError: there is no text, and no built-in profile of that name: the package is damaged.
        ProfileError: the text is wrong.
    """
    if toml:
        return replace(read(toml, f"{name}.toml"), toml=toml)
    for profile in builtin():
        if profile.name == name:
            return profile
    raise InputError(f"{name}: the package names this profile, but does not hold it", "correct it, or run again")


@cache
def builtin() -> tuple[Profile, ...]:
    """The profiles that come with the package, by name."""
    folder = resources.files(__package__) / "builtin"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(read(f.read_text(encoding="utf-8"), f.name) for f in files)


def read(toml: str, path: str) -> Profile:
    """The profile that a TOML text describes; ``path`` is what errors call it."""
    if len(toml) > _LONGEST:
        raise ProfileError(f"{path}, line 1: a profile has at most {_LONGEST:,} characters", "leave something out")
    for number, line in enumerate(toml.split("\n"), 1):
        if _QUOTED.sub("", line).count(".") > _MOST_DOTS:  # tomllib takes a time square in the parts of a key
            raise ProfileError(f"{path}, line {number}: a key of more than {_MOST_DOTS} parts", "correct the TOML")
    try:
        raw = tomllib.loads(toml)
    except RecursionError:
        raise ProfileError(f"{path}, line 1: values within values without end", "correct the TOML") from None
    except ValueError as error:  # a date that is none, too
        raise ProfileError(f"{path}: {_shown(error)}", "correct the TOML") from error
    return _Reader(toml, path).profile(raw)


def _text_of(path: Path) -> str:
    """A profile's file as text.

    Raises:
        ProfileError: it cannot be read, or is no UTF-8; the message names the line.
    """
    try:
        with path.open("rb") as file:
            content = file.read(4 * _LONGEST + 1)
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ProfileError(f"{path}, line {line}: it is not UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise ProfileError(f"{path}: {error.strerror}", "check the path and its permissions") from error


def _shown(said: object) -> str:
    """What a profile says, as it may stand in a message: one line, not longer than a line."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(said))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


class _Reader:
    """Builds a profile from parsed TOML and says in which line a value is wrong."""

    def __init__(self, toml: str, path: str) -> None:
        self.lines, self.path = toml.split("\n"), path

    def profile(self, raw: Mapping[str, Any]) -> Profile:
        known = {"name", "title", "title_en", "titles", "municipality", "words", "datasets", "rules"}
        self._only(raw, known, ())
        datasets = tuple(self.dataset(d, i) for i, d in enumerate(self._tables(raw, "datasets", ())))
        if not datasets:
            self._fail((), "a profile needs at least one [[datasets]]")
        named = [dataset.name for dataset in datasets]
        for i, name in enumerate(named):
            if name in named[:i]:
                self._fail(("datasets", i, "name"), f"the dataset {name!r} is described twice")
        return Profile(
            name=self._text(raw, "name", (), needed=True),
            title=self._text(raw, "title", ()),
            title_en=self._text(raw, "title_en", ()),
            titles=self._texts(raw, "titles", ()),
            municipality=self._text(raw, "municipality", ()),
            words=self.words(raw.get("words", {})),
            datasets=datasets,
            rules=tuple(self.rule(r, i) for i, r in enumerate(self._list(raw, "rules", ()))),
            path=self.path,
        )

    def words(self, raw: Any) -> Words:
        names = set(Words.__dataclass_fields__)
        self._only(raw, names, ("words",))
        return Words(**{n: self._texts(raw, n, ("words",)) for n in raw})

    def rule(self, raw: Any, number: int) -> Any:
        return self._checked(lambda: rules.parse(raw), ("rules", number))

    def dataset(self, raw: Mapping[str, Any], number: int) -> DatasetSpec:
        at = ("datasets", number)
        known = {"name", "title", "title_en", "captions", "required", "key", "rows", "fields", "wide_to_long"}
        self._only(raw, known, at)
        fields = tuple(self.field(f, (*at, "fields", i)) for i, f in enumerate(self._tables(raw, "fields", at)))
        wide = self.wide(raw["wide_to_long"], (*at, "wide_to_long")) if "wide_to_long" in raw else None
        names = [f.name for f in (*fields, *((wide.key, wide.value) if wide else ()))]
        if wide and len({*names[-2:], *names[:-2]}) < len({*names[:-2]}) + 2:
            self._fail((*at, "wide_to_long"), "key or value is described twice: it is a field's name, too")
        for i, f in enumerate(fields):
            if f.name in names[:i]:
                self._fail((*at, "fields", i, "name"), f"the field {f.name!r} is described twice")
            if f.prior_of and f.prior_of not in names:
                self._fail((*at, "fields", i, "prior_of"), f"there is no field {f.prior_of!r}")
        for name in self._texts(raw, "key", at):
            if name not in names:
                self._fail((*at, "key"), f"there is no field {name!r}")
        return DatasetSpec(
            name=self._name(raw, at, _FILES),
            title=self._text(raw, "title", at),
            title_en=self._text(raw, "title_en", at),
            captions=self._texts(raw, "captions", at),
            required=self._flag(raw, "required", at),
            key=self._texts(raw, "key", at),
            fields=fields,
            rows=self.rows(raw["rows"], names, (*at, "rows")) if "rows" in raw else None,
            wide=wide,
        )

    def wide(self, raw: Any, at: tuple[Any, ...]) -> Wide:
        """Which columns become rows: ``{ columns = "^平成", key = "年", value = "人口", type = "count" }``."""
        if not isinstance(raw, dict):
            self._fail(at, "wide_to_long is a table with columns, key and value")
        self._only(raw, {"columns", "key", "value", "type", "unit"}, at)
        pattern = self._text(raw, "columns", at, needed=True)
        self._checked(lambda: patterns.check(pattern), (*at, "columns"))
        kind = self._text(raw, "type", at) or "count"
        if kind not in TYPES:
            self._fail((*at, "type"), f"{kind!r} is no type; there are {', '.join(sorted(TYPES))}")
        key, value = (
            self._name({"name": self._text(raw, n, at, needed=True)}, (*at, n), _COLUMNS) for n in ("key", "value")
        )
        return Wide(
            pattern, FieldSpec(key, title=key), FieldSpec(value, kind, title=value, unit=self._text(raw, "unit", at))
        )

    def rows(self, raw: Mapping[str, Any], names: Sequence[str], at: tuple[Any, ...]) -> RowWords:
        self._only(raw, set(RowWords.__dataclass_fields__), at)
        label = self._text(raw, "label", at, needed=True)
        if label not in names:
            self._fail((*at, "label"), f"there is no field {label!r}")
        kind = self._text(raw, "field", at, needed=True)
        if kind in names or kind in _COLUMNS or not _NAME.fullmatch(kind):
            self._fail((*at, "field"), f"{kind!r} is no name, or that of another column")
        return RowWords(
            field=kind,
            label=label,
            total=self._texts(raw, "total", at),
            subtotal=self._texts(raw, "subtotal", at),
            breakdown=self._texts(raw, "breakdown", at),
            total_name=self._text(raw, "total_name", at),
            before=self._text(raw, "before", at),
        )

    def field(self, raw: Mapping[str, Any], at: tuple[Any, ...]) -> FieldSpec:
        self._only(raw, set(FieldSpec.__dataclass_fields__), at)
        kind = self._text(raw, "type", at) or "text"
        if kind not in TYPES:
            self._fail((*at, "type"), f"{kind!r} is no type; there are {', '.join(sorted(TYPES))}")
        legal = self._text(raw, "legal", at)
        if legal not in ("", "paragraph", "item", "text"):
            self._fail((*at, "legal"), f"legal is paragraph, item or text, not {legal!r}")
        pattern = self._text(raw, "pattern", at)
        self._checked(lambda: patterns.check(pattern), (*at, "pattern"))
        choices = raw.get("choices", {})
        if not isinstance(choices, dict):
            self._fail((*at, "choices"), "choices is a table of emitted values, each with its words")
        return FieldSpec(
            name=self._name(raw, at, _COLUMNS),
            type=kind,
            title=self._text(raw, "title", at),
            title_en=self._text(raw, "title_en", at),
            headings=self._texts(raw, "headings", at),
            required=self._flag(raw, "required", at),
            optional=self._flag(raw, "optional", at),
            prior_of=self._text(raw, "prior_of", at),
            pattern=pattern,
            choices={value: self._texts(choices, value, (*at, "choices")) for value in choices},
            legal=legal,
            context=self._flag(raw, "context", at),
            names=self._texts(raw, "names", at),
            unit=self._text(raw, "unit", at),
            said=self._text(raw, "said", at),
        )

    # One value each, checked.

    def _name(self, raw: Mapping[str, Any], at: tuple[Any, ...], taken: frozenset[str]) -> str:
        name = self._text(raw, "name", at, needed=True)
        if not _NAME.fullmatch(name):
            allowed = "small letters, Japanese ones too, 0-9 and _, at most 63"
            self._fail((*at, "name"), f"a name is made of {allowed}, not {name!r}")
        if name in taken or name in _DEVICES:
            self._fail((*at, "name"), f"{name!r} is the name of something else in a package")
        return name

    def _text(self, raw: Mapping[str, Any], key: str, at: tuple[Any, ...], needed: bool = False) -> str:
        value = raw.get(key, "")
        if not isinstance(value, str):
            self._fail((*at, key), f"{key} is a text, not {value!r}")
        if needed and not value:
            self._fail(at, f"{key} is missing")
        return str(value)

    def _texts(self, raw: Mapping[str, Any], key: str, at: tuple[Any, ...]) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self._fail((*at, key), f"{key} is a list of texts, not {value!r}")
        return tuple(value)

    def _flag(self, raw: Mapping[str, Any], key: str, at: tuple[Any, ...]) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self._fail((*at, key), f"{key} is true or false, not {value!r}")
        return bool(value)

    def _list(self, raw: Mapping[str, Any], key: str, at: tuple[Any, ...]) -> list[Any]:
        value = raw.get(key, [])
        if not isinstance(value, list) or len(value) > _MOST:
            self._fail((*at, key), f"{key} is a list of at most {_MOST}")
        return list(value)

    def _tables(self, raw: Mapping[str, Any], key: str, at: tuple[Any, ...]) -> list[Mapping[str, Any]]:
        value = self._list(raw, key, at)
        if not all(isinstance(v, dict) for v in value):
            self._fail((*at, key), f"{key} is a list of tables: write [[{key}]]")
        return list(value)

    def _only(self, raw: Any, known: set[str], at: tuple[Any, ...]) -> None:
        if not isinstance(raw, dict):
            self._fail(at, "a table is expected here")
        for key in raw:
            if key not in known:
                self._fail((*at, key), f"{key!r} is unknown; there are {', '.join(sorted(known))}")

    def _checked(self, make: Callable[[], Any], at: tuple[Any, ...]) -> Any:
        try:
            return make()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ProfileError) as error:
            self._fail(at, str(error))

    def _fail(self, at: tuple[Any, ...], message: str) -> None:
        raise ProfileError(f"{self.path}, line {line_of(self.lines, at)}: {_shown(message)}", "correct the profile")


def line_of(lines: Sequence[str], at: Sequence[str | int]) -> int:
    """The line (from 1) of a value in TOML, by the names and numbers that lead to it.

    The parser keeps no places, so the headers are counted again; a value inside a list of several lines is
    given by the line on which its element starts.
    """
    start, end, header = 0, len(lines), ""
    for step, name in enumerate(at):
        if isinstance(name, int):
            continue
        number = at[step + 1] if step + 1 < len(at) and isinstance(at[step + 1], int) else 0
        header = f"{header}.{name}" if header else str(name)
        heads = [i for i in range(start, end) if re.match(rf"\s*\[+\s*{re.escape(header)}\s*\]+", lines[i])]
        if len(heads) > int(number):
            start = heads[int(number)] + 1
            end = heads[int(number) + 1] if len(heads) > int(number) + 1 else end
            found = start - 1
            continue
        keys = [i for i in range(start, end) if re.match(rf"\s*\"?{re.escape(str(name))}\"?\s*=", lines[i])]
        if not keys:
            return max(1, start)
        found = keys[0]
        elements = [i for i in range(found + 1, end) if re.match(r"\s*[\"'{]", lines[i])]
        return (elements[int(number)] if isinstance(at[-1], int) and len(elements) > int(number) else found) + 1
    return (found if at else 0) + 1
