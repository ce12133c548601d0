"""From a file to what it says: the one function to read first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import ocr
from .checks.balance import balance
from .checks.second_reader import recalled, reread
from .core.errors import InputError, ReportExtractError
from .core.geometry import BBox
from .core.model import Cell, Extraction, Finding, Identity, Line, Table
from .core.protocols import Document
from .corrections import store
from .corrections.apply import correct, correct_identity
from .corrections.store import Correction
from .datasets.choose import choose
from .datasets.names import match
from .datasets.shape import shape, shape_unknown
from .ocr.certain import certain
from .ocr.layer import confirmed
from .ocr.legible import Sight
from .ocr.recover import recover
from .page import words
from .page.asides import once, set_aside
from .page.doubts import doubted
from .page.letter_rules import ruled_by_letters
from .page.spacing import closed_up
from .profile.identity import identify
from .profile.load import Profile, builtin, load, used
from .readers import kind, open_document
from .tables.account import accounted
from .tables.captions import caption
from .tables.continuation import stitch
from .tables.find import find_tables
from .text.gazetteer import municipality


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose about a run.

    Attributes:
        profile: a built-in profile's name or a TOML file; empty: whichever fits.
        ocr: "auto" (where the text layer is missing or not to be believed), "never" or "always".
        pages: the pages to read, from 1; None for all.
        municipality: code or name of whose reports these are, where they do not say.
        fiscal_year: the year they are about, where they do not say; 0 for unknown.
    """

    profile: str = ""
    ocr: str = "auto"
    pages: tuple[int, ...] | None = None
    municipality: str = ""
    fiscal_year: int = 0


def extract_one(
    path: Path, document: str = "", options: Options | None = None, typed: Path | None = None
) -> Extraction:
    """Read one report, and say what in it is doubtful.

    Args:
        path: a PDF, an image of a page, or OCR text.
        document: what the output calls it; the file's name without extension by default.
        options: see ``Options``.
        typed: corrections.jsonl with what people corrected earlier, if there is one.

    Raises:
        InputError: the file cannot be read; the message says why and what to do.
    """
    options = options or Options()
    with open_document(path) as source:
        tables, lines, findings = read_tables(source, options)
        sha256, pages = source.sha256, source.page_count
    read = Extraction(
        document=document or path.stem,
        path=str(path),
        sha256=sha256,
        pages=pages,
        identity=_told(identify(lines, tables, path.name), options),
        tables=tuple(tables),
        lines=tuple(lines),
        findings=tuple(findings),
        read_findings=len(findings),
    )
    profile = _profile(options, tables, lines)
    understood = _read_twice(_understood(read, profile, ()), path) if profile else _as_tables(read, ())
    return again(understood, typed) if typed else understood


def _read_twice(read: Extraction, path: Path) -> Extraction:
    """The extraction, its failing sums of a text layer held against the second reader."""
    if kind(path) != "pdf" or all(check.status != "fail" for check in read.checks):
        return read
    try:
        with open_document(path, "pdfplumber") as second:
            return replace(read, datasets=reread(read.datasets, read.checks, second))
    except Exception:
        # The second reader gives up on files that the first one reads; then there is no second opinion, and the
        # cells keep the doubts that they have.
        return read


def _understood(read: Extraction, profile: Profile, typed: Sequence[Correction]) -> Extraction:
    """The datasets of a report of a known kind, checked."""
    datasets, missing = shape(read.tables, read.lines, profile)
    identity = correct_identity(read.identity, typed)
    datasets = match(datasets, profile, identity)
    datasets, stale = correct(datasets, typed, read.identity)
    datasets, checks, doubtful = balance(datasets, read.tables, read.lines, profile)
    if not missing and not any(d.rows for d in datasets):  # a profile was asked for that fits nothing here
        missing = (Finding("missing-table", (profile.title or profile.name,)),)
    return replace(
        read,
        profile=profile.name,
        profile_toml=profile.toml,
        identity=identity,
        datasets=tuple(datasets),
        checks=tuple(checks),
        findings=(*read.findings, *missing, *stale, *doubtful),
    )


def _as_tables(read: Extraction, typed: Sequence[Correction]) -> Extraction:
    """Every table of a report of no known kind as a dataset of its own, its sums checked."""
    datasets = [replace(d, name=f"{read.document}_{d.name}") for d in shape_unknown(read.tables)]
    corrected, stale = correct(datasets, typed, read.identity)
    checked, checks, _ = balance(corrected, read.tables, read.lines, None)
    return replace(
        read,
        identity=correct_identity(read.identity, typed),
        datasets=tuple(checked),
        checks=tuple(checks),
        findings=(*read.findings, *stale),
    )


def again(read: Extraction, typed: Path, rest: bool = False) -> Extraction:
    """An extraction with what people typed: understood anew from its tables, without reading the input again.

    Runs and the review server both come by corrections here, and only here: they cannot differ. What nobody typed
    stays as it was, unless what was typed says something of it.

    Args:
        read: what ``extract_one`` gave without corrections.
        typed: corrections.jsonl; it need not be there.
        rest: tell of the lines, too, that can be given to no input.
    """
    corrections, unfit = store.load(typed, read.sha256, rest) if read.sha256 and not read.error else ([], [])
    if not corrections and not unfit:
        return read
    bare = replace(read, datasets=(), checks=(), findings=(*read.findings[: read.read_findings], *unfit))
    if not read.profile:
        return _as_tables(bare, corrections)
    renewed = _understood(bare, used(read.profile, read.profile_toml), corrections)
    return replace(renewed, datasets=recalled(renewed.datasets, read.datasets))


def read_tables(source: Document, options: Options) -> tuple[list[Table], list[Line], list[Finding]]:
    """All tables of a document in reading order, whole and legible, the lines outside them, and what to know.

    Raises:
        InputError: a page that was asked for is not there, or none of the pages can be read.
    """
    tables: list[Table] = []
    lines: list[Line] = []
    sizes: dict[int, tuple[float, float]] = {}
    recogniser = ocr.get_recogniser("blank" if options.ocr == "never" else "rapidocr")
    figures = None if options.ocr == "never" else ocr.get_figure_reader()
    sight = Sight(source, recogniser, options.ocr == "always")
    known: set[tuple[str, tuple[str, ...]]] = set()
    numbers = options.pages if options.pages is not None else range(1, source.page_count + 1)
    for number in numbers:
        try:
            given, aside, told = set_aside(closed_up(ruled_by_letters(next(iter(source.pages([number]))))))
            page = sight.legible(given)
            found = doubted(accounted(find_tables(page, source), page), page, aside)
            found = recover(found, source, recogniser, figures, certain(found, page))
            if page.reader == recogniser.name:
                found = confirmed(found, given.chars)
            beside = words.lines(page, found)
        except InputError as error:
            if not 1 <= number <= source.page_count or len(numbers) == 1:
                raise
            sight.findings.append(Finding("broken-page", (str(number), str(error)), number))
            continue
        tables += found
        lines += beside
        sight.findings += once(told, known)
        sizes[number] = (page.width, page.height)
    if numbers and not sizes:
        raise InputError(next(f.values[1] for f in sight.findings if f.kind == "broken-page"))
    return caption(stitch(tables, sizes, lines), lines), lines, sight.findings


def _told(identity: Identity, options: Options) -> Identity:
    """The identity with what the person says of it, which is the last word."""

    def said(cell: Cell | None, value: str) -> Cell:
        return (cell or Cell(0, BBox(0, 0, 0, 0))).read(value, "review")

    if options.municipality:
        place = municipality(options.municipality)
        identity = replace(
            identity,
            municipality_code=said(identity.municipality_code, place.code),
            municipality=said(identity.municipality, place.name),
        )
    if options.fiscal_year:
        identity = replace(identity, fiscal_year=said(identity.fiscal_year, str(options.fiscal_year)))
    return identity


def _profile(options: Options, tables: Sequence[Table], lines: Sequence[Line]) -> Profile | None:
    if options.profile:
        return load(options.profile)
    return choose(tables, lines, builtin())


def failed(path: Path, document: str, error: ReportExtractError) -> Extraction:
    """What is known of an input that could not be read: why."""
    return Extraction(document=document, path=str(path), sha256="", pages=0, error=str(error))
