"""review.html: the one page of a single document, or the list of the pages of many."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

_TITLE = {"ja": "確認ページ一覧", "en": "Review pages"}


def gather_pages(pages: Sequence[tuple[str, Path]], directory: Path, lang: str) -> dict[str, Path]:
    """Put the review pages into the folder of a new package.

    Args:
        pages: each document's name and the file that holds its page; a document without one is left out.
        directory: the folder.
        lang: "ja" or "en".

    Returns:
        Where each document's page was put.
    """
    there = [(name, page) for name, page in pages if page.is_file()]
    if len(there) == 1:
        targets = {there[0][0]: directory / "review.html"}
    else:
        (directory / "review").mkdir()
        targets = {name: directory / "review" / f"{name}.html" for name, _ in there}
        text = links([name for name, _ in there], lambda name: f"review/{quote(name)}.html", lang)
        (directory / "review.html").write_text(text, encoding="utf-8")
    for name, page in there:
        shutil.copyfile(page, targets[name])
    return targets


def links(names: Sequence[str], address: Callable[[str], str], lang: str) -> str:
    """A page with a link to each document's page."""
    title = _TITLE[lang]
    items = "".join(f'<li><a href="{html.escape(address(n))}">{html.escape(n)}</a>' for n in names)
    head = f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
    return f"{head}<h1>{title}</h1><ul>{items}</ul>\n"
