"""What stops a run. Every exception owns its exit code and its remedy."""

from __future__ import annotations


class ReportExtractError(Exception):
    """Something that a person has to act on.

    Attributes:
        exit_code: what the command line exits with when nothing else could be done.
        remedy: what to do about it, as one sentence.
    """

    exit_code = 1
    remedy = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy or type(self).remedy

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} ({self.remedy})" if self.remedy else message

    def say(self, lang: str) -> str:
        """The error as one line, in ``lang`` ("ja" or "en")."""
        return translated(str(self), lang)

    def __reduce__(self) -> tuple[type[ReportExtractError], tuple[str, str]]:
        # Both arguments cross the process boundary of `batch`.
        return type(self), (super().__str__(), self.remedy)


def translated(text: str, lang: str) -> str:
    """What an error said (its ``str``), in ``lang`` ("ja" or "en"); also of an error that was kept as text."""
    if lang != "ja":
        return text
    from .errors_ja import in_japanese  # a run without errors needs no translation

    return in_japanese(text)


class UsageError(ReportExtractError):
    """The command or the call was wrong."""

    exit_code = 2


class InputError(ReportExtractError):
    """An input could not be read: encrypted, not a PDF, too large, broken."""


class ProfileError(ReportExtractError):
    """A profile is wrong; the message names the file and the line."""

    exit_code = 2


class MissingEngineError(ReportExtractError):
    """A part that was asked for is not installed."""

    exit_code = 2


class ExportError(ReportExtractError):
    """The result could not be written or sent."""
