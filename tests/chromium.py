"""A browser, and the app served to it: what the tests in a real browser share."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from report_extract.app import server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
Serve = Callable[[Path], str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: make test-browser")
    if not CHROMIUM:
        pytest.skip("no Chromium: make test-browser")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def serve() -> Serve:
    """Serves the app on a folder; gives the link that opens it."""

    def start(folder: Path) -> str:
        told = threading.Event()
        links: list[str] = []

        def ready(link: str) -> None:
            links.append(link)
            told.set()

        threading.Thread(target=server.serve, args=(folder, "ja", 0, ready), daemon=True).start()
        assert told.wait(60)
        return links[0]

    return start


def expect(locator: Any) -> Any:
    """Playwright's assertions, which wait; its own functions in the page are forbidden by the page's policy."""
    from playwright.sync_api import expect as assertions

    assertions.set_options(timeout=30_000)  # nothing here is about time, and a test machine may be busy
    return assertions(locator)


def drop(page: Any, name: str, content: bytes) -> None:
    """Drop a file on the page, as a browser tells of it."""
    page.evaluate(
        """([name, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], name, { type: 'application/pdf' }));
            window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
        }""",
        [name, list(content)],
    )


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two CSS colours."""

    def luminance(colour: str) -> float:
        channels = [float(c) for c in re.findall(r"[\d.]+", colour)[:3]]
        if not colour.startswith("color("):
            channels = [c / 255 for c in channels]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
