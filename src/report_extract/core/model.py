"""The core types: frozen and picklable; every step returns new ones.

A *table* is what is on paper, a *dataset* what is emitted, a *reading* one account of what a cell says. A cell's
value is never overwritten: each step that touches its text appends a reading, so the way back costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .geometry import BBox
from .messages import say
from .records import CHAR as CHAR
from .records import FILL as FILL
from .records import IMAGE as IMAGE
from .records import RULING as RULING
from .records import RULING_FILL_EDGE as RULING_FILL_EDGE
from .records import RULING_RASTER as RULING_RASTER
from .records import RULING_RECT_EDGE as RULING_RECT_EDGE
from .records import RULING_STROKE as RULING_STROKE
from .records import RULING_THIN_RECT as RULING_THIN_RECT
from .records import Array as Array
from .records import Flag as Flag

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page as displayed: /Rotate, CropBox offset and user unit are already applied.

    Attributes:
        number: from 1.
        width, height: in points, as displayed.
        chars, rulings, fills, images: arrays of CHAR, RULING, FILL and IMAGE, in drawing order.
        fonts: the names that ``chars["font"]`` indexes.
        rotate: the page's own /Rotate, which has been applied.
        reader: who read it ("pdfium", "pdfplumber", "rapidocr", "ocr_text").
    """

    number: int
    width: float
    height: float
    chars: Array
    rulings: Array
    fills: Array
    images: Array
    fonts: tuple[str, ...] = ()
    rotate: int = 0
    reader: str = "pdfium"


# Whose readings count as which source (contract: cells.csv).
SOURCES = {
    "pdfium": "text",
    "pdfplumber": "text",
    "glyphs": "text",  # the text layer, read through a corrected font map
    "rapidocr": "ocr",
    **dict.fromkeys(("figures", "ocr_text"), "ocr"),  # figures: their second reader, of another make
    "equation": "inferred",
    "sequence": "inferred",
    "ditto": "inferred",
    "blank": "inferred",  # an empty cell that the sums prove to be 0
    "heading": "inferred",  # said by a heading above the table, not by the row itself
    "group": "inferred",  # said once above, for the rows below it
    "profile": "inferred",  # said by the profile: a row's kind, a total row's name
    "review": "correction",
}
REPAIRS = frozenset({"equation", "sequence"})
# Findings of what was done; what is doubtful after it stands on the cells themselves.
INFORMATIVE = frozenset({"distrusted-text", "picture-left", "stamp"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One account of what a cell says.

    Attributes:
        text: what was read.
        by: who read it, a key of SOURCES, or "rapidfuzz" for a name brought to its canonical form.
        confidence: 0..1; 1.0 for a text layer that is believed.
        alternatives: other texts in question, each with its probability, likeliest first.
        note: why this reading was made, in words.
    """

    text: str
    by: str
    confidence: float = 1.0
    alternatives: tuple[tuple[str, float], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person should know; ``messages.say(finding, lang)`` puts it into words.

    Attributes:
        kind: a key of the message catalogue ("illegible", "unknown-name", "unbalanced", ...).
        values: what the catalogue's sentence is filled with, in order.
        page, bbox: where to look; page 0 where no single place is meant.
        scope: the dataset, row or column meant, in words.
    """

    kind: str
    values: tuple[str, ...] = ()
    page: int = 0
    bbox: BBox | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, and the same cell as a value of a dataset.

    Attributes:
        page: from 1.
        bbox: on the page as displayed; of an empty cell its place in the grid.
        row, col, row_span, col_span: its place in its table, upright, from 0.
        readings: every account of its text, the first one made from the page, the last one in force.
        doubts: why a person should look; empty where there is no reason to.
    """

    page: int
    bbox: BBox
    row: int = 0
    col: int = 0
    row_span: int = 1
    col_span: int = 1
    readings: tuple[Reading, ...] = ()
    doubts: tuple[Finding, ...] = ()

    @property
    def text(self) -> str:
        return self.readings[-1].text if self.readings else ""

    @property
    def raw(self) -> str:
        return self.readings[0].text if self.readings else ""

    @property
    def confidence(self) -> float:
        return self.readings[-1].confidence if self.readings else 1.0

    @property
    def source(self) -> str:
        """Where the value in force came from: ``text``, ``ocr``, ``inferred`` or ``correction``."""
        for reading in reversed(self.readings):
            if reading.by in SOURCES:
                return SOURCES[reading.by]
        return "text"

    @property
    def typed(self) -> bool:  # a person's word, which is the last one
        return bool(self.readings) and self.readings[-1].by == "review"

    @property
    def fallible(self) -> bool:
        """Was it read by something that misreads: a recogniser, or a text layer that is distrusted?"""
        return not self.typed and any(SOURCES.get(r.by) == "ocr" for r in self.readings)

    @property
    def status(self) -> str:
        """``ok``, ``repaired`` or ``review``: the one place where statuses are derived."""
        if self.typed:
            return "ok"
        if self.doubts:
            return "review"
        return "repaired" if any(r.by in REPAIRS for r in self.readings) else "ok"

    def read(self, text: str, by: str, confidence: float = 1.0, note: str = "", **more: Any) -> Cell:
        """This cell with one more reading; after a person's word, only another person's counts."""
        reading = Reading(text, by, confidence, note=note, **more)
        return self if self.typed and by != "review" else replace(self, readings=(*self.readings, reading))

    def doubted(self, kind: str, *values: str) -> Cell:
        """This cell with one more reason to look at it; the same reason is not given twice."""
        doubt = Finding(kind, values, self.page, self.bbox)
        return self if doubt in self.doubts else replace(self, doubts=(*self.doubts, doubt))

    def settled(self, *kinds: str) -> Cell:
        """This cell without its doubts of ``kinds``; without any, where none is named."""
        return replace(self, doubts=tuple(d for d in self.doubts if kinds and d.kind not in kinds))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text outside all tables: a title, a heading, a note, a page number."""

    page: int
    bbox: BBox
    text: str
    rotation: int = 0
    reader: str = "pdfium"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands on paper, its cells in upright reading order.

    Attributes:
        page, bbox: of its first part, as displayed.
        rotation: how it lies on the page: its upright stands so many degrees clockwise from the page's.
        cells: sorted by row, then column; every grid place is covered by exactly one cell.
        kind: "ruled", "aligned", "camelot", "ocr_text": who found it.
        header_rows, header_cols: how many rows and columns of headings lead it.
        caption: the headings right above it, joined by a line break; "" where there is none.
        unit: as printed (``千円`` of ``単位:千円``).
        notes: the ※ and 注 lines that belong to it.
        parts: page and box of each part of a table that goes on over pages.
        confidence: 0..1, the probability that all its cells are right: their number, their places and their texts.
        doubts: why a person should look at its structure; empty where there is no reason to.
    """

    page: int
    bbox: BBox
    rotation: int
    cells: tuple[Cell, ...]
    kind: str = "ruled"
    header_rows: int = 0
    header_cols: int = 0
    caption: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    parts: tuple[tuple[int, BBox], ...] = ()
    confidence: float = 1.0
    doubts: tuple[Finding, ...] = ()

    @property
    def status(self) -> str:
        """``ok`` or ``review``: the one place where a table's status is derived."""
        return "review" if self.doubts else "ok"

    @property
    def reasons(self) -> tuple[str, ...]:
        """The doubts about its structure in words (Japanese; ``messages.say`` gives them in English)."""
        return tuple(say(doubt) for doubt in self.doubts)

    def doubted(self, kind: str, *values: str) -> Table:
        """This table with one more reason to look at its structure; the same reason is not given twice."""
        return replace(self, doubts=tuple(dict.fromkeys((*self.doubts, Finding(kind, values, self.page, self.bbox)))))

    @property
    def n_rows(self) -> int:
        return max((c.row + c.row_span for c in self.cells), default=0)

    @property
    def n_cols(self) -> int:
        return max((c.col + c.col_span for c in self.cells), default=0)

    def grid(self) -> list[list[Cell | None]]:
        """Rows of cells; a cell that spans stands in every place it covers."""
        n_rows, n_cols = self.n_rows, self.n_cols  # each looks at every cell
        rows: list[list[Cell | None]] = [[None] * n_cols for _ in range(n_rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for col in range(cell.col, cell.col + cell.col_span):
                    rows[row][col] = cell
        return rows

    def to_pandas(self) -> pd.DataFrame:
        """The table's body as text, its header rows as columns (a MultiIndex where they nest)."""
        import pandas as pd

        texts = [[cell.text if cell else "" for cell in row] for row in self.grid()]
        if not (head := texts[: self.header_rows]):
            return pd.DataFrame(texts)
        columns = head[0] if len(head) == 1 else pd.MultiIndex.from_arrays(head)
        return pd.DataFrame(texts[self.header_rows :], columns=columns)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a dataset.

    Attributes:
        name: as in the emitted file.
        type: "count", "integer", "number", "percent", "date", "time", "year", "boolean", "text", "name", "choice"
            (see ``text.parse.value``) or "row_type": what kind of row it is.
        title, title_en, unit: what people call it; as printed, "" where there is none.
        prior_of: the field whose number of the year before it holds.
        said: how its number is said in a row's name (``第{}項``), "" for a field that names no row by a number.
        choices: the values that may be emitted, () where any may.
        extra: a column of this report that its profile does not know.
        ascii: a name for portals that take no Japanese ones, "" where ``name`` is ASCII.
        missing: marks that stand for a missing value in the column, each with what it means.
    """

    name: str
    type: str = "text"
    title: str = ""
    title_en: str = ""
    unit: str = ""
    prior_of: str = ""
    said: str = ""
    choices: tuple[str, ...] = ()
    extra: bool = False
    ascii: str = ""
    missing: tuple[tuple[str, str], ...] = ()


Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is emitted: fields, rows (a field's name -> its cell), and the headings that named columns, joined."""

    name: str
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    title: str = ""
    headings: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def row_type(self) -> str:
        """The field that says what kind of row it is; "" where all rows are of one kind."""
        return next((f.name for f in self.fields if f.type == "row_type"), "")

    def type_of(self, row: int) -> str:
        """``detail``, ``breakdown``, ``subtotal`` or ``total``; ``detail`` where the dataset does not say."""
        return (cell.text if (cell := self.rows[row].get(self.row_type)) else "") or "detail"


@dataclass(frozen=True, slots=True)
class Check:
    """One consistency check and how it came out; ``places`` names the cells it is of: (dataset, row, field)."""

    check: str
    scope: str
    expected: str
    actual: str
    status: str
    note: str = ""
    places: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report it is and of which year, each as a cell, so that it can be followed back and doubted."""

    municipality_code: Cell | None = None
    municipality: Cell | None = None
    fiscal_year: Cell | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one input gave."""

    document: str
    path: str
    sha256: str
    pages: int
    profile: str = ""
    identity: Identity = field(default_factory=Identity)
    tables: tuple[Table, ...] = ()
    lines: tuple[Line, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    error: str = ""  # why it could not be read: one line, with what to do
    mended: tuple[str, ...] = ()  # what people and layouts said of its tables, as JSON (``corrections.structure``)
    read_findings: int = 0  # so many of the findings, the first ones, are of reading the input
    profile_toml: str = ""  # the profile's text, where it is not built in: a package is understood without its file

    @property
    def status(self) -> str:
        """``ok``, ``review``, ``unsupported`` or ``failed`` (contract: documents.csv)."""
        if self.error:
            return "failed"
        if not self.profile:
            return "unsupported"
        who = (self.identity.municipality_code, self.identity.municipality, self.identity.fiscal_year)
        cells = [c for c in who if c] + [c for d in self.datasets for r in d.rows for c in r.values()]
        told = any(f.kind not in INFORMATIVE for f in self.findings)
        doubtful = told or None in who or any(c.status == "review" for c in cells)
        return "review" if doubtful or any(c.status == "fail" for c in self.checks) else "ok"
