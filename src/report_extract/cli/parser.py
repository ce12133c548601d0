"""The parser of the command line: argparse that speaks the user's language."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from ..core.messages import LANGUAGES
from .japanese import ERRORS, PHRASES

_EXAMPLE = re.compile(r"^(\s+\S.*?\S)(\s{2,})(\S.*)$")


def language(argv: Sequence[str]) -> tuple[str, bool]:
    """The language to speak: what ``--lang`` says, else the locale's.

    A locale that names no language (C, POSIX, none) means Japanese, the language of those whom the program is for.

    Returns:
        "ja" or "en", and whether it was asked for by ``--lang``.
    """
    for i, word in enumerate(argv):
        if word == "--":
            break
        said = word.removeprefix("--lang=") if word.startswith("--lang=") else "".join(argv[i + 1 : i + 2])
        if word.partition("=")[0] == "--lang" and said in LANGUAGES:
            return said, True
    return _of_locale(), False


def _of_locale() -> str:
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not named and sys.platform == "win32":
        import locale

        named = locale.getlocale()[0] or ""
    tongue = re.split(r"[._@]", named)[0].lower()
    return "ja" if tongue in ("", "c", "posix", "ja", "japanese") else "en"


def in_japanese(text: str) -> str:
    """The sentences of a help text in Japanese; a sentence that is not known stays as it is."""
    if text in PHRASES:
        return PHRASES[text]
    lines = []
    for line in text.split("\n"):
        example = _EXAMPLE.match(line)
        if example and example[3] in PHRASES:
            line = f"{example[1]}{example[2]}{PHRASES[example[3]]}"
        lines.append(PHRASES.get(line, line))
    return "\n".join(lines)


class Parser(argparse.ArgumentParser):
    """argparse's, with help and complaints in Japanese.

    Attributes:
        lang: the language of help and complaints.
        made: the parsers of its commands.
    """

    lang = "ja"

    def __init__(self, *args: Any, **options: Any) -> None:
        self.made: list[Parser] = []
        for name in ("description", "epilog"):
            if options.get(name):
                options[name] = self.translated(options[name])
        super().__init__(*args, **options)

    def translated(self, text: str) -> str:
        """A help text in the parser's language."""
        return in_japanese(text) if self.lang == "ja" else text

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """As argparse's."""
        if isinstance(options.get("help"), str):
            options["help"] = self.translated(options["help"])
        return super().add_argument(*names, **options)

    def commands(self, **options: Any) -> Commands:
        """``add_subparsers``, with help texts in the parser's language."""
        return Commands(self, **options)

    def leaves(self) -> Iterator[Parser]:
        """The parsers of all commands that have none below them."""
        for parser in self.made:
            yield from parser.leaves() if parser.made else (parser,)

    def knows(self, option: str) -> bool:
        """Whether the parser has the option."""
        return option in self._option_string_actions

    def add_common(self) -> None:
        """The options that every command has."""
        if not self.knows("--lang"):
            self.add_argument("--lang", choices=LANGUAGES, help="language of messages (default: the locale's)")
        if not self.knows("--verbose"):
            told = "say how each page was read; twice: every detail"
            self.add_argument("-v", "--verbose", action="count", default=0, help=told)
        if not self.knows("--quiet"):
            self.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")

    def format_help(self) -> str:
        """The help, argparse's own words in the parser's language."""
        text = super().format_help()
        return "\n".join(map(_own_words, text.split("\n"))) if self.lang == "ja" else text

    def format_usage(self) -> str:
        """The usage, argparse's own words in the parser's language."""
        text = super().format_usage()
        return _own_words(text) if self.lang == "ja" else text

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call and end with 2."""
        if self.lang == "ja":
            for pattern, sentence in ERRORS:
                found = re.fullmatch(pattern, message)
                if found:
                    message = sentence.format(*found.groups())
                    break
        self.print_usage(sys.stderr)
        more = f"{self.prog} --help で説明を表示します" if self.lang == "ja" else f"{self.prog} --help tells more"
        self.exit(2, f"{self.prog}: {message} ({more})\n")


def _own_words(line: str) -> str:
    for said in ("usage:", "positional arguments:", "options:"):
        if line.startswith(said):
            return PHRASES[said] + line.removeprefix(said)
    for said in ("show this help message and exit", "show program's version number and exit"):
        if line.endswith(said):
            return line.removesuffix(said) + PHRASES[said]
    return line


class EnglishParser(Parser):
    """The same in English."""

    lang = "en"


class Commands:
    """What ``add_subparsers`` gives, its help texts in the parser's language."""

    def __init__(self, parser: Parser, **options: Any) -> None:
        self._parser = parser
        self._action = parser.add_subparsers(**options)

    def add_parser(self, name: str, **options: Any) -> Parser:
        """As argparse's."""
        options["help"] = self._parser.translated(options.get("help", ""))
        made: Parser = self._action.add_parser(name, **options)
        self._parser.made.append(made)
        return made
