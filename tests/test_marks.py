"""Marks that are none of a cell's text: what a person who opens the file sees is what comes out, or is told.

``benchmarks.mark_variants`` writes the files; here a few variants of each kind are read, there many.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import report_extract as rx
from benchmarks.mark_variants import KINDS, variants
from benchmarks.marks import verdict
from report_extract.core.geometry import BBox
from report_extract.core.messages import CATALOGUE, say
from report_extract.core.model import Cell, Flag, Page, Reading, Table
from report_extract.page.asides import set_aside
from report_extract.page.figures import with_whole_figures
from report_extract.page.letter_rules import ruled_by_letters
from report_extract.page.spacing import closed_up
from report_extract.readers import open_document
from report_extract.text.figures import figure
from report_extract.text.scripts import is_language, logical
from tests import tiny_pdf


def page_of(tmp_path: Path, content: str) -> Page:
    path = tmp_path / "one.pdf"
    path.write_bytes(tiny_pdf.pdf(content))
    with open_document(path) as document:
        return next(iter(document.pages([1])))


def text_of(page: Page, flag: Flag) -> str:
    return "".join(page.chars["text"][page.chars["flags"] & flag != 0].tolist())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_mark_makes_a_table_silently_wrong(kind: str, tmp_path: Path) -> None:
    for case in variants(kind, 4, seed=1):
        path = tmp_path / f"{case.name}.pdf"
        path.write_bytes(case.pdf)
        result, why = verdict(case, rx.extract_tables(path))
        assert result != "silent", f"{case.name}: {why}"


def test_a_watermark_is_told_once_and_leaves_the_page(tmp_path: Path) -> None:
    slant = "BT /F1 40 Tf .7 .7 -.7 .7 30 60 Tm .7 g (DRAFT) Tj ET"
    page = page_of(tmp_path, f"BT /F1 10 Tf 40 200 Td (1,204 987) Tj ET {slant}")
    clean, taken, findings = set_aside(page)
    assert "".join(clean.chars["text"].tolist()) == "1,204987"
    assert "".join(taken["text"].tolist()) == "DRAFT"
    assert [f.kind for f in findings] == ["stamp"] and "DRAFT" in say(findings[0], "en")


def test_a_page_that_lies_askew_has_no_slanted_text(tmp_path: Path) -> None:
    page = page_of(tmp_path, "BT /F1 10 Tf .99 .1 -.1 .99 40 200 Tm (all of it) Tj ET")
    assert not text_of(page, Flag.ASIDE)


def test_a_small_slanted_heading_makes_a_person_look(tmp_path: Path) -> None:
    upright = "BT /F1 10 Tf 40 200 Td (Budget Actual Share) Tj ET"
    page = page_of(tmp_path, f"{upright} BT /F1 10 Tf .7 .7 -.7 .7 60 220 Tm (April) Tj ET")
    _, _, findings = set_aside(page)
    assert [(f.kind, f.values) for f in findings] == [("slanted-text", ("April",))]


def test_a_red_stamp_is_set_aside_and_black_print_on_print_is_marked(tmp_path: Path) -> None:
    figure = "0 g BT /F1 10 Tf 40 200 Td (987,500) Tj ET"
    red = page_of(tmp_path, f"{figure} 1 0 0 rg BT /F1 20 Tf 45 195 Td (PAID) Tj ET")
    assert text_of(red, Flag.ASIDE) == "PAID" and not text_of(red, Flag.OVERPRINTED)
    black = page_of(tmp_path, f"{figure} BT /F1 10 Tf 43 201 Td (61) Tj ET")
    assert not text_of(black, Flag.ASIDE) and "61" in text_of(black, Flag.OVERPRINTED)


def test_what_a_later_rectangle_covers_is_not_read(tmp_path: Path) -> None:
    page = page_of(
        tmp_path, "BT /F1 10 Tf 40 200 Td (19) Tj ET 1 g 38 195 30 16 re f 0 g BT /F1 10 Tf 40 200 Td (17) Tj ET"
    )
    seen = page.chars["flags"] & (Flag.HIDDEN | Flag.INVISIBLE) == 0
    assert "".join(page.chars["text"][seen].tolist()).strip() == "17"


def test_blackened_text_shows_as_blackened_and_is_never_quoted(tmp_path: Path) -> None:
    page = page_of(tmp_path, "BT /F1 10 Tf 40 200 Td (Secret) Tj ET 0 g 38 195 60 16 re f")
    assert set(page.chars["text"].tolist()) == {"■"}
    assert (page.chars["flags"] & Flag.UNSURE != 0).all()


def test_a_rectangle_drawn_before_its_text_hides_nothing(tmp_path: Path) -> None:
    page = page_of(tmp_path, "0.9 g 38 195 60 16 re f 0 g BT /F1 10 Tf 40 200 Td (Seen) Tj ET")
    assert not (page.chars["flags"] & (Flag.HIDDEN | Flag.UNSURE)).any()


def test_a_line_through_letters_strikes_them_and_an_underline_does_not(tmp_path: Path) -> None:
    figure = "BT /F1 10 Tf 40 200 Td (120) Tj ET"
    struck = page_of(tmp_path, f"{figure} 39 203.2 m 58 203.2 l S")
    assert text_of(struck, Flag.STRUCK) == "120" and not len(struck.rulings)
    under = page_of(tmp_path, f"{figure} 39 198.8 m 58 198.8 l S")
    assert not text_of(under, Flag.STRUCK) and len(under.rulings) == 1


def test_a_strike_that_is_covered_strikes_nothing(tmp_path: Path) -> None:
    line = "39 203.2 m 58 203.2 l S 1 g 30 195 60 20 re f 0 g"
    page = page_of(tmp_path, f"{line} BT /F1 10 Tf 40 200 Td (120) Tj ET")
    assert not text_of(page, Flag.STRUCK)


def test_text_that_its_clip_cuts_is_marked_where_it_is_cut(tmp_path: Path) -> None:
    page = page_of(tmp_path, "q 38 190 20 30 re W n BT /F1 10 Tf 40 200 Td (1234567) Tj ET Q")
    seen = page.chars["flags"] & Flag.INVISIBLE == 0
    assert "".join(page.chars["text"][seen].tolist()).strip() in ("123", "1234")
    assert text_of(page, Flag.CUT)


@pytest.mark.parametrize(
    ("rise", "size", "want"), [(4, 6, "5,112¹"), (-2, 6, "5,112₁"), (0, 6, "5,1121"), (4, 10, "5,1121")]
)
def test_a_small_raised_figure_is_no_digit(rise: float, size: float, want: str, tmp_path: Path) -> None:
    page = page_of(tmp_path, f"BT /F1 10 Tf 40 200 Td (5,112) Tj {rise} Ts /F1 {size} Tf (1) Tj ET")
    assert "".join(page.chars["text"].tolist()) == want


def test_dots_that_lead_the_eye_are_left_out_and_dots_that_end_a_sentence_are_not(tmp_path: Path) -> None:
    page = page_of(tmp_path, "BT /F1 10 Tf 20 200 Td (Tax.......... 1,204) Tj 0 -20 Td (See above...) Tj ET")
    assert "".join(ruled_by_letters(page).chars["text"].tolist()) == "Tax1,204Seeabove..."


def test_a_minus_is_no_rule(tmp_path: Path) -> None:
    rows = "".join(f"BT /F1 10 Tf 40 {200 - 20 * k} Td (3,35E-01 +5 +6 -) Tj ET " for k in range(5))
    page = page_of(tmp_path, rows)
    assert ruled_by_letters(page) is page


def test_spread_figures_are_closed_up_and_lone_digits_are_not(tmp_path: Path) -> None:
    def gaps(page: Page) -> list[float]:
        chars = page.chars
        return [float(gap) for gap in np.round(chars["x0"][1:] - chars["x1"][:-1], 1)]

    spread = page_of(tmp_path, "BT 3 Tc /F1 10 Tf 40 200 Td (1,204) Tj ET")
    assert max(gaps(spread)) > 2 and max(gaps(closed_up(spread))) == 0
    digits = page_of(tmp_path, "BT 3 Tc /F1 10 Tf 40 200 Td (123) Tj ET")
    assert closed_up(digits) is digits


def test_every_mark_is_told_in_both_languages() -> None:
    for kind in ("stamp", "slanted-text", "overprinted", "struck-out", "cut-text"):
        japanese, english = CATALOGUE[kind]
        assert japanese != english and not english.isspace()


@pytest.mark.parametrize(
    ("said", "want", "status"),
    [
        ("1,234, 567,890", "1,234,567,890", "ok"),
        ("987,65 4,321", "987,654,321", "ok"),
        ("12. 5%", "12.5%", "ok"),
        ("100.0 0%", "100.00%", "review"),
        ("1,234 5,678", "1,234 5,678", "ok"),
        ("120 135", "120 135", "ok"),
    ],
)
def test_a_figure_broken_by_its_cell_is_one_figure(said: str, want: str, status: str) -> None:
    box = BBox(0, 0, 10, 10)
    (table,) = with_whole_figures([Table(1, box, 0, (Cell(1, box, readings=(Reading(said, "pdfium"),)),))])
    assert (table.cells[0].text, table.cells[0].raw, table.cells[0].status) == (want, said, status)


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("12 לצרה", "הרצל 12"),
        ("101 ןוירוג ןב", "בן גוריון 101"),
        ("1,204", "1,204"),
        ("(3) לצרה", "הרצל (3)"),
        ("大字3", "大字3"),
    ],
)
def test_a_line_from_right_to_left_is_given_as_it_is_read(seen: str, read: str) -> None:
    assert logical(seen) == read


def test_accents_and_other_scripts_are_languages_and_a_scattered_map_is_none() -> None:
    assert is_language(Counter("Bruttó díj Mennyiség Összesen"))
    assert is_language(Counter("הרצל 12"))
    assert not is_language(Counter("žđħŋőœŧż"))
    assert not is_language(Counter("ŐהกЖÞ"))
    assert not is_language(Counter("令和6年度 Total"))


@pytest.mark.parametrize("height", [3, 4.5, 6])
def test_a_page_drawn_in_strips_is_whole(height: float, tmp_path: Path) -> None:
    text = "BT /F1 9 Tf 20 200 Td (High K 1,204) Tj 0 -14 Td (Low SCN 88) Tj ET"
    strips = "".join(f"q 10 {170 + k * height} 180 {height} re W n {text} Q " for k in range(round(45 / height)))
    page = page_of(tmp_path, strips)
    seen = page.chars["flags"] & (Flag.INVISIBLE | Flag.HIDDEN) == 0
    assert "".join(page.chars["text"][seen].tolist()).split() == ["HighK1,204LowSCN88"]
    assert not text_of(page, Flag.CUT)


def test_a_row_too_low_for_its_text_still_cuts_it(tmp_path: Path) -> None:
    page = page_of(tmp_path, "q 10 203 180 4 re W n BT /F1 9 Tf 20 200 Td (High K 1,204) Tj ET Q")
    assert text_of(page, Flag.CUT | Flag.INVISIBLE)


@pytest.mark.parametrize("slant", [0.2, 0.35, 0.5])
def test_italics_made_by_leaning_letters_are_printed_over_by_nothing(slant: float, tmp_path: Path) -> None:
    words = ("(26) Tj /F2 12 Tf <5E74> Tj /F1 12 Tf (9) Tj /F2 12 Tf <6708> Tj", "(26) Tj (04) Tj (1) Tj")
    for word in words:
        page = page_of(tmp_path, f"BT /F1 12 Tf 1 0 {slant} 1 20 200 Tm {word} ET")
        assert not text_of(page, Flag.OVERPRINTED)
        gaps = page.chars["x0"][1:] - page.chars["x1"][:-1]
        assert (np.abs(gaps) < 0.1 * page.chars["size"][1:]).all()


def test_raised_marks_belong_to_the_notes_below(tmp_path: Path) -> None:
    rows = [("Item", "Count", ""), ("Roads", "250", "9"), ("Water", "5,112", "1"), ("Tax", "4", ""), ("Parks", "2", "")]
    content = "20 273 m 180 273 l S "
    content += "".join(f"{x} 273 m {x} 183 l S " for x in (20, 110, 180))
    for number, (name, count, mark) in enumerate(rows):
        y = 260 - 18 * number
        raised = f"/F1 6 Tf 4 Ts ({mark}) Tj 0 Ts" if mark else ""
        content += f"20 {y - 5} m 180 {y - 5} l S BT /F1 10 Tf 24 {y} Td ({name}) Tj ET "
        content += f"BT /F1 10 Tf 120 {y} Td ({count}) Tj {raised} ET "
    for y, mark, note in ((165, "9", " as of April"), (153, "1", " estimated")):
        content += f"BT /F1 6 Tf 4 Ts 20 {y} Td ({mark}) Tj 0 Ts /F1 8 Tf ({note}) Tj ET "
    path = tmp_path / "notes.pdf"
    path.write_bytes(tiny_pdf.pdf(content))
    (table,) = rx.extract_tables(path)
    assert table.notes == ("⁹ as of April", "¹ estimated")
    values = [figure(row[1].text) for row in table.grid()[1:] if row[1]]
    assert [found and found.value for found in values] == [250, 5112, 4, 2]
    bracketed = figure("30⁽¹⁾")
    assert bracketed and bracketed.value == 30


@pytest.mark.parametrize(
    "annotation",
    [
        "/Subtype/Stamp/Rect[115 195 175 215]",
        "/Subtype/Ink/Rect[110 195 180 215]/InkList[[112 203 150 204 178 206]]",
    ],
    ids=["stamp", "ink"],
)
def test_what_is_stamped_or_drawn_over_by_hand_is_looked_at(annotation: str, tmp_path: Path) -> None:
    content = "BT /F1 10 Tf 24 200 Td (Roads) Tj 96 0 Td (250) Tj -96 -40 Td (Water) Tj 96 0 Td (312) Tj ET"
    path = tmp_path / "over.pdf"
    path.write_bytes(tiny_pdf.pdf(content, page=f"/Annots[<</Type/Annot{annotation}>>]"))
    with open_document(path) as document:
        page = next(iter(document.pages([1])))
    assert text_of(page, Flag.OVERPRINTED) == "250"
