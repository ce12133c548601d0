"""How long the app lets a person wait at 200 pages and 1,400 flagged cells: measured in a browser and printed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from report_extract import pipeline
from report_extract.app.workspace import DONE, OWN, Entry, dumped
from report_extract.core import serialize
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Extraction, Identity, Reading, Table
from report_extract.run.inputs import sha256

from . import tiny_pdf
from .chromium import Serve, browser, expect, serve

pytestmark = pytest.mark.browser
__all__ = ["browser", "serve"]  # fixtures
PAGES, ROWS = 200, 7  # one cell of each row is flagged
HEADS = ("番号", "施設", "区分", "利用者数", "摘要", "担当課")


def table() -> Table:
    """One table that goes on over all pages."""

    def cell(page: int, row: int, col: int, text: str) -> Cell:
        box = BBox(20 + 90.0 * col, 40 + 24.0 * (row % ROWS + 1), 110 + 90.0 * col, 64 + 24.0 * (row % ROWS + 1))
        return Cell(page, box, row, col, 1, 1, (Reading(text, "pdfium"),))

    cells = [cell(1, 0, col, head) for col, head in enumerate(HEADS)]
    for number in range(PAGES * ROWS):
        page = number // ROWS + 1
        texts = (f"{number + 1}", f"第{number}会館", "会議室", f"{number * 37 % 900}", "貸館の利用による", "市民課")
        made = [cell(page, number + 1, col, text) for col, text in enumerate(texts)]
        made[1] = made[1].doubted("unsure-reading", texts[1], f"第{number}会飴")
        cells += made
    parts = tuple((page, BBox(20, 40, 560, 260)) for page in range(1, PAGES + 1))
    made_of = Table(1, parts[0][1], 0, tuple(cells), "ruled", header_rows=1)
    return replace(made_of, parts=parts)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A folder with one long report that was read."""
    folder = tmp_path / "data"
    for name in (OWN, ".parts", "inputs"):
        (folder / name).mkdir(parents=True)
    path = folder / "inputs" / "long.pdf"
    said = [f"BT /F1 12 Tf 40 700 Td (page {n + 1}) Tj ET" for n in range(PAGES)]
    path.write_bytes(tiny_pdf.pdf(*said, media="0 0 595 842"))
    digest = sha256(path)
    read = pipeline._as_tables(Extraction("long", str(path), digest, PAGES, identity=Identity(), tables=(table(),)), ())
    (folder / ".parts" / "long.json").write_text(serialize.dumps(read), encoding="utf-8")
    entry = Entry(digest[:12], "long", str(path), digest, DONE, "long.json")
    (folder / OWN / "documents.json").write_text(dumped([asdict(entry)]), encoding="utf-8")
    return folder


def waited(act: Callable[[], Any], until: Callable[[], Any]) -> float:
    """Milliseconds from ``act`` until ``until`` returns."""
    begin = time.perf_counter()
    act()
    until()
    return 1000 * (time.perf_counter() - begin)


def test_the_times_at_200_pages_and_1400_flags(browser: Any, serve: Serve, long: Path, capsys: Any) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(serve(long))
    expect(page.locator(".todo")).to_contain_text("140", timeout=120_000)  # it was looked through once
    link = page.url.split("#")[0]
    paint = waited(lambda: page.goto(link + "#settle"), lambda: expect(page.locator(".where")).to_be_visible())
    page.reload()
    expect(page.locator(".where")).to_be_visible()
    assert page.locator(".list [role=listitem]").count() < 60  # 1,400 are on the list, some dozens in the page
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1")
    answers = []
    page.evaluate("""() => {
        const posted = window.fetch;
        window.fetch = async (...given) => {
            const begin = performance.now(), answer = await posted(...given);
            if (given[0] === '/api/settle') (window.kept ??= []).push(performance.now() - begin);
            return answer;
        };
    }""")
    for _ in range(10):
        answers.append(
            page.evaluate("""() => new Promise(resolve => {
                const card = document.getElementById('card'), before = card.innerText, begin = performance.now();
                new MutationObserver((_, seen) => {
                    if (card.innerText !== before) { seen.disconnect(); resolve(performance.now() - begin); }
                }).observe(card, { childList: true, subtree: true });
                document.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true }));
            })""")
        )
        page.wait_for_timeout(200)
    expect(page.locator("#status")).to_have_text("保存済み")
    saved = page.evaluate("window.kept")
    grid = waited(
        lambda: page.evaluate("id => location.hash = `#report/${id}`", sha256(long / "inputs" / "long.pdf")[:12]),
        lambda: expect(page.locator(".row").first).to_be_visible(),
    )
    assert page.locator(".row").count() < 80
    assert len((long / "corrections.jsonl").read_text(encoding="utf-8").splitlines()) == 10 == len(saved)
    page.close()
    with capsys.disabled():
        print(
            f"\n200 pages, 1,400 flags: first paint {painted:.0f} ms, list and card {paint:.0f} ms; an answer shown in "
            f"{sorted(answers)[5]:.0f} ms (worst {max(answers):.0f}), on disk in {sorted(saved)[5]:.0f} ms "
            f"(worst {max(saved):.0f}); table of 1,400 rows {grid:.0f} ms"
        )
