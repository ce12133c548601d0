"""Two readers that share no code below this project's own are held against each other.

Every difference has a name; what has none fails. See ``explain``.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from report_extract.core.errors import InputError
from report_extract.core.geometry import BBox
from report_extract.core.model import Array, Flag, Page
from report_extract.core.protocols import Document
from report_extract.readers import open_document
from report_extract.text.normalize import key

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("REPORT_EXTRACT_CORPUS", ROOT.parent / "shared" / "corpus"))
FIXTURES = sorted((ROOT / "fixtures").rglob("*.pdf"))
UNSEEN = Flag.INVISIBLE | Flag.HIDDEN

# Real files on which more than a handful of characters differ, and why.
KNOWN = {
    "12bumon.pdf": "MS-Gothic is not embedded: how wide a half-width blank is each reader guesses in its own way",
    "eu-002.pdf": "a caption stands at a slant, where a box across the line means little",
}


def partners(one: Array, two: Array) -> Array:
    """For each character of ``one`` the nearest of ``two`` with the same text, else the nearest; -1 for none."""
    found = np.full(len(one), -1)
    x1, y1 = (one["x0"] + one["x1"]) / 2, (one["top"] + one["bottom"]) / 2
    x2, y2 = (two["x0"] + two["x1"]) / 2, (two["top"] + two["bottom"]) / 2
    for k in range(len(one)) if len(two) else ():
        distance = np.hypot(x2 - x1[k], y2 - y1[k])
        near = np.flatnonzero(distance <= max(1.0, 0.6 * float(one["size"][k])))
        if len(near):
            same = near[two["text"][near] == one["text"][k]]
            pool = same if len(same) else near
            found[k] = pool[np.argmin(distance[pool])]
    return found


def explain(one: np.void, two: np.void | None, picture: Document, page: int) -> str:
    """The name of the difference between what pdfium and what pdfplumber says of a glyph; "" for none.

    Args:
        one, two: their records; ``two`` is None where pdfplumber has nothing near.
        picture: to look at the page itself.
    """
    if one["flags"] & UNSEEN:
        return "unseen"  # pdfplumber knows neither clips nor what was painted over
    if two is None:
        return "alone"
    if one["flags"] & Flag.CUT:
        return "cut"  # its box ends at its clip, which pdfplumber does not know
    if (one["flags"] | two["flags"]) & Flag.UNICODE_ERROR:
        return "no unicode"  # each guesses in its own way what the font does not say, or does not guess
    if one["text"] != two["text"]:
        # pdfium folds compatibility forms (ﬁ, ⼈) and heeds replacement text (small capitals); of twins like
        # 〜～ and ―— each reader's tables know another one.
        return "twin" if key(str(one["text"])).upper() == key(str(two["text"])).upper() else "text"
    if one["rotation"] != two["rotation"] or abs(one["size"] - two["size"]) > 0.1:
        return "stance"
    slack = 0.05 * float(one["size"]) + 0.05
    along, across = (
        (("x0", "x1"), ("top", "bottom")) if one["rotation"] % 180 == 0 else (("top", "bottom"), ("x0", "x1"))
    )
    if any(abs(one[n] - two[n]) > slack for n in across):
        return "baseline"
    low, high = one[along[0]] - two[along[0]], one[along[1]] - two[along[1]]
    if max(abs(low), abs(high)) <= slack:
        return ""
    # pdfium's box takes in ink that leans out of the advance: italics, glyphs of a font that stands in. pdfplumber's
    # takes in how far leaning letters lean, and ours of these goes from origin to origin.
    leans = low >= -slack and high <= slack and low < 0.5 * one["size"]
    return "overhang" if (low <= slack and high >= -slack) or leans else "place"


def inkless(char: np.void, picture: Document, page: int) -> bool:
    """Does nothing stand where pdfplumber says a glyph is? pdfium leaves glyphs without ink out."""
    part = picture.render(page, 144, BBox(*(float(char[n]) for n in ("x0", "top", "x1", "bottom"))))
    return int(part.max()) - int(part.min()) < 24


def differences(path: Path, pages: int = 2) -> Counter[str]:
    """How often each difference occurs on the first pages of a document."""
    found: Counter[str] = Counter()
    with open_document(path) as first, open_document(path, "pdfplumber") as second:
        assert first.page_count == second.page_count
        for number in range(1, min(pages, first.page_count) + 1):
            (one,), (two,) = first.pages([number]), second.pages([number])
            assert (one.width, one.height) == pytest.approx((two.width, two.height), abs=0.01)
            assert one.rotate == two.rotate
            mates = partners(one.chars, two.chars)
            for char, mate in zip(one.chars, mates, strict=True):
                found[explain(char, two.chars[mate] if mate >= 0 else None, first, number)] += 1
            for index in np.flatnonzero(partners(two.chars, one.chars) < 0):
                unseen = two.chars["flags"][index] & UNSEEN or inkless(two.chars[index], first, number)
                found["inkless" if unseen else "missed"] += 1
            found += rule_differences(one, two)
    return found


def rule_differences(one: Page, two: Page) -> Counter[str]:
    """Rulings that only one reader has, and those of which a clip leaves a part; pdfplumber knows no clips."""
    found: Counter[str] = Counter()
    ends = [np.stack([p.rulings[n] for n in ("x0", "top", "x1", "bottom")], 1) for p in (one, two)]
    for name, mine, others in (("rule added", ends[0], ends[1]), ("rule missing", ends[1], ends[0])):
        for line in mine:
            covers = ((others[:, :2] <= line[:2] + 0.1) & (others[:, 2:] >= line[2:] - 0.1)).all(axis=1)
            part = ((others[:, :2] >= line[:2] - 0.1) & (others[:, 2:] <= line[2:] + 0.1)).all(axis=1)
            if not covers.any():
                found["rule cut" if name == "rule missing" and part.any() else name] += 1
    return found


FINE = {"", "unseen", "cut", "no unicode", "twin", "overhang", "inkless", "rule cut"}


@pytest.mark.parametrize("path", FIXTURES[::3], ids=lambda path: path.stem)
def test_readers_agree_on_fixtures(path: Path) -> None:
    found = differences(path, 1)
    assert {name for name, count in found.items() if count} <= FINE


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus")
@pytest.mark.parametrize("group", ["icdar2013", "ja_gov"])
def test_readers_agree_on_real_files(group: str) -> None:
    total: Counter[str] = Counter()
    for path in sorted((CORPUS / group).rglob("*.pdf"))[::6]:
        if path.name in KNOWN:
            continue
        try:
            found = differences(path, 1)
        except InputError as error:
            assert "second reader" in str(error)
            continue
        total += found
        print(path.name, dict(found))
    assert {name for name, count in total.items() if count} <= FINE
