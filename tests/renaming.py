"""A profile with everything renamed that it may rename, as TOML; and the way back from the new names to the old."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any


def toml_of(name: str) -> dict[str, Any]:
    """A built-in profile as parsed TOML."""
    folder = resources.files("report_extract").joinpath("profile", "builtin")
    return tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def names_in(raw: Mapping[str, Any]) -> list[str]:
    """Every name of a dataset, field, choice, row type field, check and of the profile itself, once."""
    found = [raw["name"]]
    for dataset in raw["datasets"]:
        found += [dataset["name"], *(f["name"] for f in dataset["fields"])]
        found += [choice for f in dataset["fields"] for choice in f.get("choices", {})]
        found += [dataset["rows"]["field"]] if "rows" in dataset else []
    found += [part for rule in raw["rules"] for part in [rule["check"]]]
    return list(dict.fromkeys(found))


@dataclass
class Renamed:
    """New names for the old ones of a profile.

    Attributes:
        names: old name -> new one, of datasets, fields, choices and the profile; as words of rules too.
        checks: the same for ids of checks.
        total: what a total row's label is emitted as.
        words: printed word -> the word that stands in its place, in the profile and on paper.
    """

    names: Mapping[str, str]
    checks: Mapping[str, str] = field(default_factory=dict)
    total: str = "合計"
    words: Mapping[str, str] = field(default_factory=dict)

    def new(self, name: str) -> str:
        """The new name of an old one."""
        return self.names.get(name, name)

    def profile(self, raw: Mapping[str, Any]) -> str:
        """The profile's TOML under its new names and words."""
        made = json.loads(json.dumps(raw))
        made["name"] = self.new(made["name"])
        for rule in made["rules"]:
            rule["rule"] = re.sub(r"\[\w+\]|\bsum(?=\()|\w+", lambda m: self.new(m[0]), rule["rule"])
            rule["check"] = self.checks.get(rule["check"], rule["check"])
        for dataset in made["datasets"]:
            dataset["name"] = self.new(dataset["name"])
            dataset["title"] = f"題{dataset['title']}"
            dataset["key"] = [self.new(k) for k in dataset.get("key", ())]
            dataset["captions"] = [self._word(w) for w in dataset.get("captions", ())]
            if rows := dataset.get("rows"):
                rows |= {k: self.new(rows[k]) for k in ("field", "label", "before") if k in rows}
                rows |= {k: [self._word(w) for w in rows[k]] for k in ("total", "subtotal", "breakdown") if k in rows}
                rows["total_name"] = self.total
            for one in dataset["fields"]:
                self._rename_field(one)
        return "\n".join(_lines(made)) + "\n"

    def _rename_field(self, one: dict[str, Any]) -> None:
        one["name"] = self.new(one["name"])
        one["title"] = f"題{one['title']}"
        one["headings"] = [self._word(w) for w in one.get("headings", ())]
        if "prior_of" in one:
            one["prior_of"] = self.new(one["prior_of"])
        if "pattern" in one:
            for old, new in self.words.items():
                one["pattern"] = one["pattern"].replace(old, f"{old}|{new}")
        if "choices" in one:
            one["choices"] = {self.new(k): [self._word(w) for w in ws] for k, ws in one["choices"].items()}

    def _word(self, word: str) -> str:
        return self.words.get(word, word)


def _lines(made: Mapping[str, Any]) -> Iterator[str]:
    """Just as much TOML as profiles need."""
    yield from (f"{k} = {_value(v)}" for k, v in made.items() if k not in ("datasets", "rules", "words"))
    yield "rules = ["
    yield from ("  { " + ", ".join(f"{k} = {_value(v)}" for k, v in rule.items()) + " }," for rule in made["rules"])
    yield "]"
    for dataset in made["datasets"]:
        yield "[[datasets]]"
        yield from (f"{k} = {_value(v)}" for k, v in dataset.items() if k not in ("rows", "fields"))
        if "rows" in dataset:
            yield "[datasets.rows]"
            yield from (f"{k} = {_value(v)}" for k, v in dataset["rows"].items())
        for one in dataset["fields"]:
            yield "[[datasets.fields]]"
            yield from (f"{k} = {_value(v)}" for k, v in one.items() if k != "choices")
            if "choices" in one:
                yield "[datasets.fields.choices]"
                yield from (f"{k} = {_value(v)}" for k, v in one["choices"].items())


def _value(value: bool | str | Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
