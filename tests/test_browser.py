"""The review page in a real browser: every flagged cell is settled by keyboard alone."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from report_extract.app import server
from report_extract.cli import main
from report_extract.package.read import load_package

from .truth import FIXTURES, Truth, comparable

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
TRUTH = Truth(FIXTURES / "truth" / "scan-200-noisy")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: make test-browser")
    if not CHROMIUM:
        pytest.skip("no Chromium: make test-browser")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


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


@pytest.fixture
def address(package: Path) -> Iterator[str]:
    """The review of the package, served."""
    told = threading.Event()
    found: list[str] = []

    def ready(url: str) -> None:
        found.append(url)
        told.set()

    threading.Thread(target=server.serve, args=(package, "ja", 0, ready), daemon=True).start()
    assert told.wait(20)
    yield found[0]


def expect(locator: Any) -> Any:
    """Playwright's assertions, which wait; its own functions in the page are forbidden by the page's policy."""
    from playwright.sync_api import expect as assertions

    return assertions(locator)


def flagged(package: Path) -> int:
    (extraction,) = load_package(package)
    return sum(c.status == "review" for d in extraction.datasets for row in d.rows for c in row.values())


def strokes(page: Any) -> list[str]:
    """The keys that put the cell on the card right: one where its right reading is offered."""
    shown = page.evaluate("({key: current.key, offered: current.cell.candidates.map(c => c.text)})")
    dataset, row, field = shown["key"].split(":")
    right = TRUTH.rows(dataset)[int(row)].get(field)
    if right is None:  # a column that the report has beyond the datasets
        return ["Enter"]
    values = {comparable(v, field) for v in TRUTH.values(dataset, int(row), field, right)}
    for number, text in enumerate(shown["offered"], 1):
        if comparable(text, field) in values:
            return [str(number)]
    return ["e", right, "Enter"]


def test_every_flagged_cell_is_settled_by_keyboard_alone(browser: Any, package: Path, address: str) -> None:
    before = flagged(package)
    assert before > 3
    page = browser.new_page()
    page.goto(address)
    progress = page.locator("#progress")
    expect(progress).to_contain_text("残り")
    for _ in range(before + 5):
        left = progress.inner_text()
        if "ありません" in left:
            break
        for key in strokes(page):
            page.keyboard.press(key) if len(key) == 1 or key == "Enter" else page.keyboard.insert_text(key)
        expect(progress).not_to_have_text(left)
    expect(progress).to_contain_text("ありません")
    expect(progress).to_contain_text("保存")
    for _ in range(300):
        if page.evaluate("pending.size + renewing") == 0 and flagged(package) == 0:
            break
        page.wait_for_timeout(200)
    page.close()
    lines = (package / "corrections.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= before
    assert flagged(package) == 0
    assert main(["check", str(package), "--quiet"]) == 0  # the corrected package adds up


def test_a_reading_is_chosen_by_its_figure_and_the_next_cell_is_shown(
    browser: Any, package: Path, address: str
) -> None:
    page = browser.new_page()
    page.goto(address)
    first = page.locator("#card strong").inner_text()
    choice = page.locator("#card ol button").first.inner_text()
    page.keyboard.press("1")
    expect(page.locator("#card strong")).not_to_have_text(first)
    expect(page.locator("#progress")).to_contain_text("保存")
    page.close()
    told = json.loads((package / "corrections.jsonl").read_text(encoding="utf-8"))
    assert told["new"] in choice


def test_the_file_opens_without_a_server_and_saves_corrections(browser: Any, package: Path) -> None:
    page = browser.new_page()
    page.goto((package / "review.html").as_uri())
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        page.locator("#download").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert json.loads(saved)["sha256"] == load_package(package)[0].sha256
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(browser: Any, package: Path, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto((package / "review.html").as_uri())
    ink, paper = (page.evaluate(f"getComputedStyle(document.body).{name}") for name in ("color", "backgroundColor"))
    assert contrast(ink, paper) > 7  # WCAG 2.2, level AAA
    page.close()


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two CSS colours."""

    def luminance(colour: str) -> float:
        channels = [int(c) / 255 for c in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
