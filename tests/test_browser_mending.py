"""Tables mended in a real browser, by mouse and by keyboard; the next of the same layout is right by itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from report_extract.cli import main

from . import by_hand
from .chromium import Serve, browser, drop, expect, serve

pytestmark = pytest.mark.browser
__all__ = ["browser", "serve"]  # fixtures
NUMBER = "0246-22-1111"
PEOPLE = [("北部", "佐藤花子", NUMBER), ("中部", "鈴木一郎", "0246-22-2222"), ("南部", "高橋次郎", "0246-22-3333")]
COUNTS = [("総務課", 12, 15, 18), ("税務課", 230, 198, 205), ("福祉課", 77, 81, 90)]
CASES = [("総務部", 3, 4), ("市民部", 10, 20), ("福祉部", 7, 1)]


def read(page: Any, name: str, content: bytes) -> None:
    """Drop a report on the list and wait until it was read."""
    page.evaluate("location.hash = '#'")
    expect(page.locator(".drop")).to_be_visible()
    drop(page, f"{name}.pdf", content)
    expect(page.locator(".documents tbody tr", has_text=name).locator(".todo")).not_to_be_empty(timeout=120_000)


def mend(page: Any, name: str) -> None:
    """Open a report for mending."""
    page.evaluate("location.hash = '#'")
    page.locator(".documents tbody tr", has_text=name).locator(".acts a").first.click()
    expect(page.locator(".board svg .line").first).to_be_attached(timeout=60_000)


def preview(page: Any) -> list[list[str]]:
    """The table as it is read now."""
    rows = page.locator(".preview tr")
    return [rows.nth(n).locator("th, td").all_inner_texts() for n in range(rows.count())]


def settled(page: Any) -> None:
    """Wait until what was said is kept, and the table read anew."""
    expect(page.locator(".mend-form:not(.busy)")).to_be_visible()


def on_board(page: Any, x: float, y: float) -> tuple[float, float]:
    """Where a point of the page stands in the window."""
    place = page.evaluate(
        """([x, y]) => {
            const svg = document.querySelector('.board svg');
            const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
            return [at.x, at.y];
        }""",
        [x, y],
    )
    return float(place[0]), float(place[1])


def drag(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*on_board(page, *start))
    page.mouse.down()
    page.mouse.move(*on_board(page, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    page.mouse.move(*on_board(page, *end))
    page.mouse.up()


def focus(page: Any, at: str) -> None:
    page.locator(f'[data-at="{at}"]').focus()


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "corrections.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_column_is_parted_by_mouse_and_the_next_list_by_itself(browser: Any, serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(serve(folder))
    read(page, "contacts", by_hand.glued(PEOPLE))
    mend(page, "contacts")
    assert preview(page)[1] == ["北部", "佐藤花子0246-22-1111"]  # no reader can know where the name ends
    page.locator('[data-at="add-column"]').click()
    page.mouse.click(*on_board(page, 230, 160))
    expect(page.locator(".preview tr").nth(1).locator("td")).to_have_count(3)
    settled(page)
    page.locator('[data-at="add-column"]').click()  # the tool is put away
    drag(page, (230, 150), (194, 150))
    expect(page.locator(".preview tr").nth(1).locator("td").nth(2)).to_have_text(NUMBER)
    settled(page)
    assert [row[1:] for row in preview(page)[1:]] == [list(person[1:]) for person in PEOPLE]
    page.keyboard.press("Control+z")
    expect(page.locator(".preview tr").nth(1).locator("td").nth(2)).not_to_have_text(NUMBER)
    page.keyboard.press("Control+y")
    expect(page.locator(".preview tr").nth(1).locator("td").nth(2)).to_have_text(NUMBER)
    page.locator('[data-at="remember"]').click()
    expect(page.locator("#notice")).to_contain_text("覚えました")
    more = [*PEOPLE, ("西部", "田中三郎", "0246-22-4444")]
    read(page, "next", by_hand.glued(more))
    mend(page, "next")
    assert [row[1:] for row in preview(page)[1:]] == [list(person[1:]) for person in more]
    page.close()
    (folder / "inputs" / "third.pdf").write_bytes(by_hand.glued(more[1:]))
    out = tmp_path / "run"
    call = ["run", str(folder / "inputs" / "third.pdf"), "--layouts", str(folder / "layouts"), "--out", str(out)]
    assert main([*call, "--quiet"]) == 0
    (table,) = json.loads((out / "tables.json").read_text(encoding="utf-8"))["tables"]
    assert [c["text"] for c in table["cells"] if c["row"] == 1] == list(more[1])


def test_headings_are_mended_by_keyboard_alone(browser: Any, serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(serve(folder))
    read(page, "counts", by_hand.two_headed(COUNTS))
    mend(page, "counts")
    focus(page, "cell-0-0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("m")
    expect(page.locator(".preview tr").first.locator('[colspan="3"]')).to_have_text("相談の件数")
    settled(page)
    page.keyboard.press("x")
    expect(page.locator(".preview tr").first.locator('[colspan="3"]')).to_have_count(0)
    settled(page)
    page.keyboard.press("Control+z")
    expect(page.locator(".preview tr").first.locator('[colspan="3"]')).to_have_count(1)
    focus(page, "heads")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    expect(page.locator(".preview th")).to_have_count(2 + 4)
    settled(page)
    # A line is added, moved and taken away again.
    focus(page, "ys-3")
    page.keyboard.press("+")
    expect(page.locator(".preview tr")).to_have_count(6)
    settled(page)
    focus(page, "ys-4")
    before = float(page.locator('[data-at="ys-4"]').get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert float(page.locator('[data-at="ys-4"]').get_attribute("aria-valuenow")) == before + 2
    settled(page)
    page.keyboard.press("Delete")
    expect(page.locator(".preview tr")).to_have_count(5)
    settled(page)
    assert [row[-1] for row in preview(page)] == ["相談の件数", "2023", "18", "205", "90"]
    focus(page, "remember")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("覚えました")
    read(page, "later", by_hand.two_headed([*COUNTS, ("建設課", 5, 6, 7)], 2024))
    page.locator(".documents tbody tr", has_text="later").locator("th a").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".head")).to_contain_text("相談の件数 2024")
    page.close()
    kinds = [entry.get("kind") for entry in entries(folder)]
    assert kinds.count("undo") == 1 and kinds[0] == "table"


def test_what_a_table_is_and_is_not_is_said(browser: Any, serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(serve(folder))
    read(page, "renamed", by_hand.renamed(CASES))
    mend(page, "renamed")
    page.locator('[data-at="none"]').click()
    expect(page.locator(".mend-side")).to_contain_text("表は見つかっていません")
    page.locator('[data-at="area"]').click()
    drag(page, (50, 110), (480, 246))
    expect(page.locator(".preview tr")).to_have_count(5)
    settled(page)
    assert preview(page)[0] == ["部局", "庁内で使った件", "庁外に出した件", "あわせて"]
    page.locator('[data-at="dataset"]').select_option("department_counts")
    expect(page.locator('[data-at="field-3"]')).to_be_visible()
    for column, field in enumerate(("department", "internal_use", "external_provision", "subtotal")):
        settled(page)
        page.locator(f'[data-at="field-{column}"]').select_option(field)
        expect(page.locator(f'[data-at="field-{column}"]')).to_have_value(field)
    settled(page)
    page.locator('[data-at="joins"]').select_option("no")
    settled(page)
    expect(page.locator(".mend-form")).to_contain_text(re.compile("すべて一致"))
    page.locator('[data-at="remember"]').click()
    expect(page.locator("#notice")).to_contain_text("覚えました")
    read(page, "later", by_hand.renamed([*CASES, ("土木部", 2, 2)], 6))
    row = page.locator(".documents tbody tr", has_text="later")
    expect(row).to_contain_text("すべて一致")
    row.locator("th a").click()
    expect(page.locator(".tabs")).to_contain_text("部等別実施件数 (5")
    page.close()


def test_a_layout_that_was_changed_is_told(browser: Any, serve: Serve, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(serve(tmp_path / "data"))
    read(page, "renamed", by_hand.renamed(CASES))
    mend(page, "renamed")
    page.locator('[data-at="caption"]').fill("部局ごとの件数")
    page.locator('[data-at="caption"]').press("Tab")
    page.locator('[data-at="remember"]').click()
    expect(page.locator("#notice")).to_contain_text("覚えました")
    rows = [["部局", "庁内で使った件", "うち新規", "庁外に出した件", "あわせて"], ["総務部", "3", "1", "4", "7"]]
    read(page, "changed", by_hand.sheet(rows, (60, 160, 250, 320, 420, 500)))
    page.locator(".documents tbody tr", has_text="changed").locator("th a").click()
    expect(page.locator(".checks")).to_contain_text("部局ごとの件数")
    page.close()
