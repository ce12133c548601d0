"""Tables as people take them away: CSV, Markdown, HTML, a workbook. Text is NFKC, made harmless for what opens it."""

from __future__ import annotations

import csv
import html
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from ..core.model import Cell, Table
from .inert import printable, spreadsheet

SHEET_NAME = 31  # letters that a sheet's name may have


def plain(text: str) -> str:
    """``text`` in NFKC, without what no file may hold."""
    return printable(unicodedata.normalize("NFKC", text))


def rows_of(table: Table) -> list[list[str]]:
    """The texts of a table; a cell that spans says its text in every place it covers."""
    return [[plain(cell.text) if cell else "" for cell in row] for row in table.grid()]


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV, harmless for spreadsheets."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([spreadsheet(text) for text in row] for row in rows)
    return buffer.getvalue()


def as_markdown(table: Table) -> str:
    """A table as a pipe table of Markdown, its caption above; headings of several rows are joined by a blank."""
    rows = rows_of(table)
    depth = table.header_rows
    head = [" ".join(dict.fromkeys(filter(None, texts))) for texts in zip(*rows[:depth], strict=True)]
    lines = [head or [""] * table.n_cols, ["---"] * table.n_cols, *rows[depth:]]
    body = "".join("| " + " | ".join(map(_in_pipes, line)) + " |\n" for line in lines)
    caption = " ".join(plain(table.caption).split("\n"))
    return (f"**{_in_pipes(caption)}**\n\n" if caption else "") + body


def _in_pipes(text: str) -> str:
    text = html.escape(text, quote=False)
    return "".join(f"\\{c}" if c in "|*_`\\[]" else c for c in " ".join(text.split("\n")))


def as_html(tables: Sequence[Table], title: str) -> str:
    """Tables as one self-contained page, with spans, headings and captions."""
    style = "table{border-collapse:collapse;margin:1em 0}caption{text-align:left}"
    style += "td,th{border:1px solid #999;padding:.2em .5em}"
    body = "\n".join(map(_html_table, tables))
    return (
        f'<!doctype html>\n<html lang="ja">\n<meta charset="utf-8">\n<title>{html.escape(plain(title))}</title>\n'
        f"<style>{style}</style>\n{body}\n</html>\n"
    )


def _html_table(table: Table) -> str:
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(_html_cell(cell, table))
    said = html.escape(plain(table.caption)).replace("\n", "<br>")
    caption = f"<caption>{said}</caption>\n" if said else ""
    lines = "\n".join("<tr>" + "".join(row) + "</tr>" for row in rows)
    return f'<table data-page="{table.page}">\n{caption}{lines}\n</table>'


def _html_cell(cell: Cell, table: Table) -> str:
    tag = "th" if cell.row < table.header_rows or cell.col < table.header_cols else "td"
    spans = (("rowspan", cell.row_span), ("colspan", cell.col_span))
    attributes = "".join(f' {name}="{n}"' for name, n in spans if n > 1)
    return f"<{tag}{attributes}>{html.escape(plain(cell.text))}</{tag}>"


def write_workbook(tables: Sequence[Table], path: Path) -> None:
    """One sheet a table: its caption, then its rows, spanning cells merged; all of it text, as printed."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for number, table in enumerate(tables, 1):
        sheet = book.create_sheet(f"{number} (p. {table.page})"[:SHEET_NAME])
        top = 1
        if table.caption:
            sheet.cell(1, 1, plain(table.caption)).data_type = "s"
            top = 3
        for cell in table.cells:
            row, col = cell.row + top, cell.col + 1
            if cell.text:
                sheet.cell(row, col, plain(cell.text)).data_type = "s"  # never a formula
            if cell.row_span * cell.col_span > 1:
                last = row + cell.row_span - 1, col + cell.col_span - 1
                sheet.merge_cells(start_row=row, start_column=col, end_row=last[0], end_column=last[1])
    if not tables:
        book.create_sheet("-")
    book.save(path)
