"""From a file to what it says: the one function to read first."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from . import ocr
from .checks.balance import balance
from .checks.second_reader import recalled, reread
from .core.errors import InputError, ReportExtractError
from .core.geometry import BBox
from .core.model import Array, Cell, Extraction, Finding, Identity, Line, Page, Table
from .core.protocols import Document, Recogniser
from .corrections import layouts, store, structure
from .corrections.apply import correct, correct_identity, excused
from .corrections.store import Correction
from .corrections.structure import TableByHand
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
from .page.figures import with_whole_figures
from .page.letter_rules import ruled_by_letters
from .page.spacing import closed_up
from .profile.identity import identify, likeliest_year
from .profile.load import Profile, builtin, load, used
from .readers import kind, open_document
from .readers.asked import asked_pages
from .tables.account import accounted
from .tables.areas import columns_by_hand, within
from .tables.by_hand import BY_HAND
from .tables.captions import caption
from .tables.continuation import stitch
from .tables.find import find_tables
from .text.gazetteer import municipality

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose about a run.

    Attributes:
        profile: a built-in profile's name or a TOML file; empty: whichever fits.
        ocr: "auto" (where the text layer is missing or not to be believed), "never" or "always".
        pages: the pages to read, from 1; None for all.
        municipality: code or name of whose reports these are, where they do not say.
        fiscal_year: the year they are about, where they do not say; 0 for unknown.
        layouts: the texts of layout files: mended tables that are remembered (``corrections.layouts``).
        mended: what people said of this input's tables, as JSON (``corrections.structure``).
        area: where on each page to look, in points from its top left; None for all of it.
        columns: x of the edges between the columns of the one table there, by hand; None where they are to be found.
    """

    profile: str = ""
    ocr: str = "auto"
    pages: tuple[int, ...] | None = None
    municipality: str = ""
    fiscal_year: int = 0
    layouts: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    area: BBox | None = None
    columns: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PageRead:
    """What one page gave, before tables are joined over pages.

    Attributes:
        number: from 1.
        width, height: in points; 0 where the page could not be read.
        tables: as they were found, in reading order.
        lines: the text outside them.
        findings: what a person should know of the page.
        page, aside: its letters as they are believed, and those that were set aside, to mend a grid on; None where they
            are not kept.
    """

    number: int
    width: float = 0.0
    height: float = 0.0
    tables: tuple[Table, ...] = ()
    lines: tuple[Line, ...] = ()
    findings: tuple[Finding, ...] = ()
    page: Page | None = None
    aside: Array | None = None

    def with_page(self, page: Page | None, aside: Array | None = None) -> PageRead:
        """This with, or without, the letters and rules of the page."""
        return replace(self, page=page, aside=aside)


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
        if typed and not options.mended:
            options = replace(options, mended=structure.mended(typed).get(source.sha256, ()))
        pages, told = mended_pages(read_pages(source, options), source, options)
        read = assembled(source, pages, document or path.stem, options, told)
    return again(read, typed) if typed else read


def assembled(
    source: Document, pages: Sequence[PageRead], document: str, options: Options, told: Sequence[TableByHand] = ()
) -> Extraction:
    """The report that pages make which were read, and mended, one by one.

    Args:
        source: where they come from.
        pages: of the whole document, in order.
        document, options: as for ``extract_one``.
        told: what people and layouts said of its tables.

    Raises:
        InputError: none of the pages could be read.
    """
    tables, lines, findings = joined(pages, told)
    findings += structure.stale(tables, told)
    read = Extraction(
        document=document,
        path=str(source.path),
        sha256=source.sha256,
        pages=source.page_count,
        identity=_told(identify(lines, tables, source.path.name), options),
        tables=tuple(tables),
        lines=tuple(lines),
        findings=tuple(findings),
        read_findings=len(findings),
        mended=tuple(structure.dumps(one) for one in told),
    )
    profile = _profile(options, read)
    return _read_twice(understood(read, profile, ()) if profile else _as_tables(read, ()), source.path)


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
        _log.info("%s: the second reader gave up; failing sums keep their doubts", path.name, exc_info=True)
        return read


def understood(read: Extraction, profile: Profile, typed: Sequence[Correction]) -> Extraction:
    """The datasets of a report of a known kind, checked.

    Args:
        read: tables, lines and identity; what else it has is made anew.
        profile: the kind of report.
        typed: what people corrected.
    """
    identity = correct_identity(read.identity, typed)
    year = likeliest_year(identity)
    said = structure.said_of(read)
    datasets, missing = shape(structure.headed(read.tables, said, profile), read.lines, profile, year)
    datasets = structure.with_totals(datasets, read.tables, said)
    datasets = match(datasets, profile, identity)
    datasets, stale = correct(datasets, typed, read.identity)
    datasets, checks, doubtful = balance(datasets, read.tables, read.lines, profile, year)
    datasets, checks = excused(datasets, checks, typed)
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
    datasets = tuple(replace(d, name=f"{read.document}_{d.name}") for d in shape_unknown(read.tables))
    datasets = structure.with_totals(datasets, read.tables, structure.said_of(read))
    corrected, stale = correct(datasets, typed, read.identity)
    checked, checks, _ = balance(corrected, read.tables, read.lines, None)
    checked, checks = excused(checked, checks, typed)
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
    if read.profile:
        renewed = understood(bare, used(read.profile, read.profile_toml), corrections)
    else:
        renewed = _as_tables(bare, corrections)
    return replace(renewed, datasets=recalled(renewed.datasets, read.datasets))


def read_tables(source: Document, options: Options) -> tuple[list[Table], list[Line], list[Finding]]:
    """All tables of a document in reading order, whole and legible, the lines outside them, and what to know.

    Raises:
        InputError: a page that was asked for is not there, or none of the pages can be read.
    """
    return joined([read.with_page(None) for read in read_pages(source, options)])


def read_pages(
    source: Document, options: Options, known: Mapping[int, PageRead] = MappingProxyType({})
) -> Iterator[PageRead]:
    """The pages of a document, each with its tables, legible, one at a time.

    Args:
        source: the document.
        options: see ``Options``.
        known: pages that were read before, by number; they are passed on as they are.

    Raises:
        InputError: a page that was asked for is not there, or the only one cannot be read.
    """
    recogniser = _recogniser(options)
    figures = _figure_reader(options)
    sight = Sight(source, recogniser, options.ocr == "always")
    numbers, beyond = asked_pages(options.pages, source)
    if beyond:
        yield PageRead(numbers[0], findings=(beyond,))
    for number in numbers:
        if number in known:
            yield known[number]
            continue
        before = len(sight.findings)
        try:
            given, aside, told = set_aside(closed_up(ruled_by_letters(next(iter(source.pages([number]))))))
            page = sight.legible(given)
            part = within(page, options.area) if options.area else page
            if options.columns is None:
                given_tables = find_tables(part, None if options.area else source)
            else:
                given_tables = columns_by_hand(part, options.columns, options.area)
            found = doubted(accounted(given_tables, part), page, aside)
            if page.reader != recogniser.name:
                found = with_whole_figures(found)
            found = recover(found, source, recogniser, figures, certain(found, page))
            if page.reader == recogniser.name:
                found = confirmed(found, given.chars)
            lines = words.lines(page, found)
        except InputError as error:
            if len(numbers) == 1:
                raise
            yield PageRead(number, findings=(Finding("broken-page", (str(number), str(error)), number),))
            continue
        findings = (*sight.findings[before:], *told)
        yield PageRead(number, page.width, page.height, tuple(found), tuple(lines), findings, page, aside)


def mended_pages(
    pages: Iterable[PageRead], source: Document, options: Options
) -> tuple[list[PageRead], list[TableByHand]]:
    """The pages with their tables as people and layouts said, and all that was said."""
    told = structure.load_tables(options.mended)
    known = [layouts.loads(text) for text in options.layouts]
    done: list[PageRead] = []

    def whose(read: PageRead) -> str:
        lines = [line for one in (*done, read) for line in one.lines]
        tables = [table for one in (*done, read) for table in one.tables]
        code = _told(identify(lines, tables, source.path.name), options).municipality_code
        return code.text if code else ""

    for read in pages:
        if read.page is not None and known:
            said, misfits = layouts.applied(known, read.page, told, source.sha256, partial(whose, read))
            told += said
            read = replace(read, findings=(*read.findings, *misfits))
        done.append(mended_page(read, told, source, options).with_page(None))
    return done, told


def mended_page(read: PageRead, told: Sequence[TableByHand], source: Document, options: Options) -> PageRead:
    """A page with its tables as a person said; the others stay as they were read."""
    page = read.page
    if page is None or not any(t.page == read.number and (t.xs or not t.found) for t in told):
        return read
    aside = page.chars[:0] if read.aside is None else read.aside
    tables: list[Table] = []
    for table in structure.mended_tables(page, read.tables, told):
        drawn = table.kind == BY_HAND
        if drawn:
            readers = _recogniser(options), _figure_reader(options)
            tables += recover(doubted([table], page, aside), source, *readers)
        else:
            tables.append(table)
    return replace(read, tables=tuple(tables), lines=tuple(words.lines(page, tables)))


def joined(
    pages: Sequence[PageRead], told: Sequence[TableByHand] = ()
) -> tuple[list[Table], list[Line], list[Finding]]:
    """The tables of all pages, those that go on over pages whole and with their captions; the lines; what to know.

    Raises:
        InputError: none of the pages could be read.
    """
    known: set[tuple[str, tuple[str, ...]]] = set()
    findings = [finding for read in pages for finding in once(read.findings, known)]
    sizes = {read.number: (read.width, read.height) for read in pages if read.width}
    if pages and not sizes:
        raise InputError(next(f.values[1] for f in findings if f.kind == "broken-page"))
    tables = [table for read in pages for table in read.tables]
    lines = [line for read in pages for line in read.lines]
    whole = caption(stitch(tables, sizes, lines, structure.joins(told)), lines)
    return structure.described(whole, told), lines, findings


def _recogniser(options: Options) -> Recogniser:
    return ocr.get_recogniser("blank" if options.ocr == "never" else "rapidocr")


def _figure_reader(options: Options) -> Recogniser | None:
    return None if options.ocr == "never" else ocr.get_figure_reader()


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


def _profile(options: Options, read: Extraction) -> Profile | None:
    if options.profile:
        return load(options.profile)
    said = structure.profile_said(structure.said_of(read), builtin())
    return said or choose(read.tables, read.lines, builtin(), likeliest_year(read.identity))


def failed(path: Path, document: str, error: ReportExtractError) -> Extraction:
    """What is known of an input that could not be read: why."""
    return Extraction(document=document, path=str(path), sha256="", pages=0, error=str(error))
