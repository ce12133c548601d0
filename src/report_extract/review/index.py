"""review.html: the one page of a single document, or the list of the pages of many."""

from __future__ import annotations

import html
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

_TITLE = {"ja": "確認ページ一覧", "en": "Review pages"}


def gather_pages(pages: Sequence[tuple[str, Path]], directory: Path, lang: str) -> None:
    """Put the review pages into the package.

    Args:
        pages: each document's name and the file that holds its page; a document without one is left out.
        directory: the package.
        lang: "ja" or "en".
    """
    there = [(name, page) for name, page in pages if page.is_file()]
    if len(there) == 1:
        shutil.copyfile(there[0][1], directory / "review.html")
        return
    folder = directory / "review"
    folder.mkdir(exist_ok=True)
    links = []
    for name, page in there:
        shutil.copyfile(page, folder / f"{name}.html")
        links.append(f'<li><a href="review/{quote(name)}.html">{html.escape(name)}</a>')
    title = _TITLE[lang]
    text = (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><ul>{''.join(links)}</ul>\n"
    )
    (directory / "review.html").write_text(text, encoding="utf-8")
