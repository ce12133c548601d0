"""Is a text layer to be believed? Lying ones are always caught, good ones cost a look."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract import ocr
from report_extract.core.model import CHAR, FILL, IMAGE, RULING, Finding, Page
from report_extract.ocr.legible import legible
from report_extract.page.legibility import judge, odd_share
from report_extract.readers import open_document
from report_extract.text.normalize import normal

FIXTURES = Path(__file__).parent.parent / "fixtures"
NATIVE = FIXTURES / "iwaki" / "iwaki-r6.pdf"


@pytest.mark.parametrize(
    "path",
    sorted((FIXTURES / "iwaki").glob("*.pdf"))[::3] + sorted((FIXTURES / "cities").glob("*.pdf"))[::2],
    ids=lambda p: p.stem,
)
def test_good_layers_are_believed(path: Path) -> None:
    with open_document(path) as document:
        assert all(judge(page, document).believed for page in document.pages())


@pytest.mark.parametrize("name", ["permuted", "shifted", "private", "missing"])
def test_lying_maps_are_caught(name: str) -> None:
    with open_document(FIXTURES / "scans" / f"map-{name}.pdf") as document:
        assert [judge(page, document).verdict for page in document.pages()] == ["distrusted"] * document.page_count


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.floats(0.5, 1.0))
def test_any_exchange_of_half_the_letters_is_caught(random: Random, share: float) -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        letters = np.unique(page.chars["text"]).tolist()
        some = random.sample(letters, round(share * len(letters)))
        swap = dict(zip(some, some[1:] + some[:1], strict=True))
        chars = page.chars.copy()
        chars["text"] = [swap.get(c, c) for c in chars["text"].tolist()]
        assert not judge(replace(page, chars=chars), document).believed


def test_exchanged_figures_are_caught() -> None:
    with open_document(NATIVE) as document:
        for page in document.pages():
            chars = page.chars.copy()
            figures = [str(c) in "0123456789" for c in chars["text"]]
            if len(set(chars["text"][figures].tolist())) < 6:
                continue
            chars["text"] = [str((int(c) + 3) % 10) if c in "0123456789" else c for c in chars["text"].tolist()]
            assert not judge(replace(page, chars=chars), document).believed


@pytest.mark.parametrize("pair", ["25", "36", "49", "70", "82"])
def test_two_exchanged_figures_are_caught(pair: str) -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        chars = page.chars.copy()
        assert set(pair) <= set(chars["text"].tolist())
        chars["text"] = [pair[1 - pair.index(c)] if c in pair else c for c in chars["text"].tolist()]
        assert not judge(replace(page, chars=chars), document).believed


@pytest.mark.parametrize("share", [1.0, 0.5], ids=["always", "half the time"])
def test_one_figure_said_to_be_another_is_caught(share: float) -> None:
    random = np.random.default_rng(5)
    missed, tried = [], 0
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([1])))
        for drawn, said in permutations(sorted(set(page.chars["text"].tolist()) & set("0123456789")), 2):
            chars = page.chars.copy()
            lies = np.flatnonzero(chars["text"] == drawn)
            if len(lies) < 6:  # what stands on a page once may touch a rule there
                continue
            chars["text"][lies[random.random(len(lies)) <= share]] = said
            tried += 1
            if judge(replace(page, chars=chars), document).believed:
                missed.append((drawn, said))
    assert tried > 40
    assert len(missed) <= 0.05 * tried, missed


@pytest.mark.parametrize("name", ["scan-300", "scan-200-fax", "scan-old-layer"])
def test_a_scan_is_a_picture_whatever_lies_over_it(name: str) -> None:
    with open_document(FIXTURES / "scans" / f"{name}.pdf") as document:
        assert judge(next(iter(document.pages([1]))), document).verdict == "none"


def test_a_mixed_file_is_judged_page_by_page() -> None:
    with open_document(FIXTURES / "scans" / "scan-mixed.pdf") as document:
        verdicts = [judge(page, document).verdict for page in document.pages()]
    assert verdicts[0] == "believed" and set(verdicts[1:]) == {"none"}


def test_an_empty_page_is_no_scan() -> None:
    class Nothing:
        def render(self, number: int, dpi: float, bbox: object = None) -> object:
            return np.full((100, 70), 255, np.uint8)

    page = Page(1, 595, 842, np.zeros(0, CHAR), np.zeros(0, RULING), np.zeros(0, FILL), np.zeros(0, IMAGE))
    assert judge(page, Nothing()).believed  # type: ignore[arg-type]


def test_odd_characters_are_counted() -> None:
    assert odd_share("令和６年度の①状況（㈱）〜・。") == 0
    assert odd_share("\ue000\ue001年度") == 0.5
    assert odd_share("࡫૰年度") == 0.5


@pytest.mark.parametrize("name", ["permuted", "missing"])
def test_a_broken_map_is_put_right(name: str) -> None:
    recogniser = ocr.get_recogniser("rapidocr")
    with open_document(NATIVE) as document:
        meant = next(iter(document.pages([2]))).chars
    with open_document(FIXTURES / "scans" / f"map-{name}.pdf") as document:
        (page,) = legible(document.pages([2]), document, recogniser)
    assert page.reader == "glyphs"
    right = unknown = 0
    for char in meant:
        here = (np.abs(page.chars["x0"] - char["x0"]) < 2) & (np.abs(page.chars["top"] - char["top"]) < 3)
        said = page.chars["text"][here].tolist()
        right += bool(said) and normal(said[0]) == normal(char["text"])
        unknown += bool(said) and said[0] == "\ufffd"
    assert right + unknown == len(meant)
    assert unknown < 0.03 * len(meant)


@pytest.mark.parametrize("said", ["\ue000", "\ufffd"])
def test_letters_without_a_meaning_among_right_ones_are_put_right(said: str) -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([2])))
        letters = np.unique(page.chars["text"])[::3].tolist()
        lost = dict(zip(letters, map(chr, range(ord(said), ord(said) + len(letters))), strict=True))
        chars = page.chars.copy()
        chars["text"] = [(said if said == "\ufffd" else lost[c]) if c in lost else c for c in chars["text"].tolist()]
        (read,) = legible([replace(page, chars=chars)], document, ocr.get_recogniser("rapidocr"))
    wrong = [
        c["text"] for c, was in zip(read.chars, page.chars, strict=True) if normal(c["text"]) != normal(was["text"])
    ]
    assert read.reader == "glyphs"
    assert len(wrong) <= 0.01 * len(chars)


def test_letters_said_to_be_marks_are_caught() -> None:
    with open_document(NATIVE) as document:
        page = next(iter(document.pages([3])))
        letters = np.unique(page.chars["text"]).tolist()
        marks = dict(zip(letters, "!\"#$%&'()*+,-./:;<=>?" * len(letters), strict=False))
        chars = page.chars.copy()
        chars["text"] = [marks[c] for c in chars["text"].tolist()]
        assert judge(replace(page, chars=chars), document).verdict == "distrusted"


@pytest.mark.parametrize(
    ("name", "reading", "kind"),
    [
        ("map-permuted", "never", "distrusted-unread"),
        ("scan-300", "never", "unread"),
        ("map-permuted", "auto", "distrusted-text"),
    ],
)
def test_a_layer_that_lies_and_a_picture_left_unread_are_pointed_out(name: str, reading: str, kind: str) -> None:
    findings: list[Finding] = []
    recogniser = ocr.get_recogniser("blank" if reading == "never" else "rapidocr")
    with open_document(FIXTURES / "scans" / f"{name}.pdf") as document:
        assert list(legible(document.pages([1]), document, recogniser, findings=findings))
    assert [finding.kind for finding in findings] == [kind]


def test_of_an_honest_layer_nothing_is_said() -> None:
    findings: list[Finding] = []
    with open_document(NATIVE) as document:
        assert list(legible(document.pages(), document, ocr.get_recogniser(), findings=findings))
    assert not findings
