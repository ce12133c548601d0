"""The app in a real browser: a dropped report becomes checked data, by mouse and by keyboard alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from report_extract.cli import main
from report_extract.package.read import load_package

from .chromium import browser, contrast, drop, expect, serve
from .truth import FIXTURES, Truth, comparable

TRUTH = Truth(FIXTURES / "truth" / "scan-200-noisy")
REPORT = FIXTURES / "cities" / "naha.pdf"
pytestmark = pytest.mark.browser
__all__ = ["browser", "serve"]  # fixtures


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as a noisy scan: some of its cells cannot be made out."""
    out = tmp_path_factory.mktemp("made") / "out"
    assert main(["run", str(TRUTH.pdf), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    """A copy of it to work on."""
    return shutil.copytree(made, tmp_path / "out")


def flagged(package: Path) -> int:
    (extraction,) = load_package(package)
    return sum(c.status == "review" for d in extraction.datasets for row in d.rows for c in row.values())


def shown_card(page: Any) -> dict[str, Any]:
    """The cell on the card, as the server knows it."""
    told = page.evaluate("import('/static/settle.js').then(view => view.shownCard())")
    assert isinstance(told, dict)
    return told


def strokes(page: Any) -> list[str]:
    """The keys that put the cell on the card right: one where its right reading is offered."""
    card = shown_card(page)
    dataset, row, field = card["key"].split(":")
    right = TRUTH.rows(dataset)[int(row)].get(field) if dataset != "documents" else None
    if right is None:  # a column that the report has beyond the datasets
        return ["Enter"]
    values = {comparable(v, field) for v in TRUTH.values(dataset, int(row), field, right)}
    for number, offered in enumerate(card["candidates"], 1):
        if comparable(offered["text"], field) in values:
            return [str(number)]
    return ["e", right, "Enter"]


# --- From a dropped file to data ----------------------------------------------------------------------------------


def test_a_dropped_report_becomes_a_checked_package(
    browser: Any, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(serve(tmp_path / "data"))
    expect(page.locator(".drop")).to_be_visible()
    drop(page, REPORT.name, REPORT.read_bytes())
    row = page.locator(".documents tbody tr")
    expect(row).to_contain_text("那覇市", timeout=120_000)
    expect(row).to_contain_text("確認不要")
    with page.expect_download(timeout=120_000) as download:
        page.locator(".out a").first.click()
    saved = tmp_path / "saved"
    shutil.unpack_archive(download.value.path(), saved, "zip")
    (extraction,) = load_package(saved)
    assert extraction.status == "ok" and main(["check", str(saved), "--quiet"]) == 0
    page.close()


# --- Settled by keyboard ------------------------------------------------------------------------------------------


def test_every_flagged_cell_is_settled_by_keyboard_alone(
    browser: Any, package: Path, serve: Callable[[Path], str]
) -> None:
    before = flagged(package)
    assert before > 3
    page = browser.new_page()
    page.goto(serve(package) + "#settle")
    progress = page.locator("#progress")
    expect(progress).to_contain_text("残り")
    for _ in range(before + 5):
        left = progress.inner_text()
        if "ありません" in left:
            break
        keys = strokes(page)
        assert len(keys) <= 3
        for key in keys:
            page.keyboard.press(key) if len(key) == 1 or key == "Enter" else page.keyboard.insert_text(key)
        expect(progress).not_to_have_text(left)
    expect(progress).to_contain_text("ありません")
    page.wait_for_function("() => document.querySelector('#status').textContent === '保存済み'", timeout=60_000)
    for _ in range(300):
        if flagged(package) == 0:
            break
        page.wait_for_timeout(200)
    page.close()
    assert len((package / "corrections.jsonl").read_text(encoding="utf-8").splitlines()) >= before
    assert flagged(package) == 0
    assert main(["check", str(package), "--quiet"]) == 0  # the corrected package adds up


def test_a_choice_is_undone_and_done_again_after_a_reload(
    browser: Any, package: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page()
    page.goto(serve(package) + "#settle")
    progress = page.locator("#progress")
    expect(progress).to_contain_text("残り")
    first, before = page.locator(".where").inner_text(), progress.inner_text()
    choice = page.locator(".choices .said").first.inner_text()
    page.keyboard.press("1")
    expect(page.locator(".where")).not_to_have_text(first)
    expect(progress).not_to_have_text(before)
    expect(page.locator("#tools button").first).to_be_enabled(timeout=20_000)
    page.reload()
    expect(progress).not_to_have_text(before)
    page.keyboard.press("Control+z")
    expect(progress).to_have_text(before, timeout=20_000)
    page.keyboard.press("Control+y")
    expect(progress).not_to_have_text(before, timeout=20_000)
    page.close()
    told = [json.loads(line) for line in (package / "corrections.jsonl").read_text(encoding="utf-8").splitlines()]
    assert told[0]["new"] == choice and [entry.get("kind") for entry in told[1:]] == ["undo", "redo"]


def test_what_is_shown_is_accepted_at_once(browser: Any, package: Path, serve: Callable[[Path], str]) -> None:
    page = browser.new_page()
    page.goto(serve(package) + "#settle")
    expect(page.locator("#progress")).to_contain_text("残り")
    page.select_option("#filter-about", "letters")
    page.locator(".bulk").click()
    page.locator("#ask .first").click()
    expect(page.locator("#notice")).to_contain_text("確定しました", timeout=20_000)
    expect(page.locator("#filter-about option[value=letters]")).to_have_text(re.compile(r"\(0\)"))
    page.close()


def test_a_value_that_is_none_is_refused_beside_the_field(
    browser: Any, package: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page()
    page.goto(serve(package) + "#settle")
    expect(page.locator("#progress")).to_contain_text("残り")
    link = page.evaluate("location.href.split('#')[0]")
    page.goto(link + "#")
    page.locator(".documents tbody th a").click()
    expect(page.locator('.cell[data-col="2"]').first).to_be_visible()  # the table that opens by itself
    page.locator(".tabs button").first.click()
    report = page.get_by_role("grid", name="報告書")
    report.locator('.cell[data-col="2"]').click()
    expect(page.locator("#card .where")).to_contain_text("年度")
    page.locator("#answer").fill("いつか")
    expect(page.locator("#refused")).to_contain_text("年度として読めません")
    page.keyboard.press("Enter")
    page.locator("#answer").fill("令和5年度")
    expect(page.locator("#refused")).to_contain_text("2023 として保存します")
    page.keyboard.press("Enter")
    expect(report.locator('.cell[data-col="2"]')).to_have_text("2023")
    page.close()


# --- Seen by everybody --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["", "settle"])
def test_text_stands_out_in_light_and_dark(
    browser: Any, package: Path, serve: Callable[[Path], str], scheme: str, view: str
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(f"{serve(package)}#{view}")
    expect(page.locator("main *").first).to_be_visible()
    page.wait_for_timeout(500)
    for ink, paper, text in page.evaluate(INKS):
        assert contrast(ink, paper) >= 4.5, text  # WCAG 2.2, level AA
    page.close()


# Of every element that holds text itself: its colour, the nearest background behind it, the text.
INKS = """() => [...document.querySelectorAll('body *')].filter(node => node.checkVisibility() && !node.disabled
    && [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())).map(node => {
  let behind = node, paper;
  do { paper = getComputedStyle(behind).backgroundColor; behind = behind.parentElement; }
  while (behind && /, 0\\)$|transparent/.test(paper));
  return [getComputedStyle(node).color, paper, node.textContent.trim().slice(0, 40)];
})"""


def test_every_button_and_field_has_a_name(browser: Any, package: Path, serve: Callable[[Path], str]) -> None:
    page = browser.new_page()
    link = serve(package)
    page.goto(link)
    for view in ("", "settle"):
        page.goto(link.split("?")[0] + f"#{view}")
        page.wait_for_timeout(800)
        nameless = page.evaluate(
            """() => [...document.querySelectorAll('button, a, input, select, textarea, [role=slider], img')].filter(
                node => node.checkVisibility() && !(node.textContent.trim() || node.ariaLabel || node.alt || node.title
                || node.getAttribute('aria-label') || node.labels?.length)).map(node => node.outerHTML)"""
        )
        assert nameless == []
    page.close()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_speaks_one_language(browser: Any, package: Path, serve: Callable[[Path], str], lang: str) -> None:
    page = browser.new_page()
    link = serve(package)
    page.goto(link)
    page.goto(f"{link.split('?')[0]}?lang={lang}#settle")
    expect(page.locator("#progress")).to_have_text(re.compile(r"残り|left"))
    told = page.evaluate("[...document.querySelectorAll('label, button, h2, .tabs *')].map(n => n.textContent).join()")
    for word in ("undefined", "internal_use", "holding_division", "detail", "[object"):
        assert word not in told
    assert ("元に戻す" in told) == (lang == "ja") and ("Undo" in told) == (lang == "en")
    page.close()


def test_the_file_opens_without_a_server_and_keeps_answers(browser: Any, package: Path) -> None:
    page = browser.new_page()
    page.goto((package / "review.html").as_uri())
    progress, before = page.locator("#progress"), page.locator("#progress").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(progress).to_contain_text("このブラウザーに保存済み")
    after = progress.inner_text()
    page.reload()
    expect(progress).to_have_text(after)
    with page.expect_download() as download:
        page.locator("#download").click()
    saved = [json.loads(line) for line in Path(download.value.path()).read_text(encoding="utf-8").splitlines()]
    assert {one["sha256"] for one in saved} == {load_package(package)[0].sha256} and len(saved) == 2
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(progress).to_have_text(before)
    expect(page.locator("#download")).to_be_hidden()
    page.keyboard.press("Enter")
    left = flagged(package)
    with page.expect_download() as download:
        page.locator("#download").click()
    download.value.save_as(package / "corrections.jsonl")
    page.close()
    assert main(["run", str(TRUTH.pdf), "--out", str(package), "--quiet"]) == 0
    assert flagged(package) == left - 1
