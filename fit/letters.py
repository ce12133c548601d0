"""``python -m fit.letters FOLDER ...``: counts pairs of letters in the PDFs under the folders, for ``text/letters``.

Text layers only, at most twelve pages and 30,000 letters a file, each line once; then the words of the built-in
profiles and the lists of names. What is counted holds no text: letters side by side, and how often.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2

from report_extract.text.letters import DATA, spelled

PACKAGE = Path(__file__).parent.parent / "src" / "report_extract"
TARGET = PACKAGE / "text" / "data" / DATA
PAGES, LETTERS = 12, 30_000  # of a file
LISTED = 2  # what a word of a list counts for
BASIC = 0xFFFF  # letters beyond the basic plane are left out


def lines(paths: Iterable[Path]) -> Iterator[str]:
    """The lines of the text layers."""
    for path in paths:
        taken = 0
        try:
            with pypdfium2.PdfDocument(path) as document:
                for number in range(min(PAGES, len(document))):
                    text = document[number].get_textpage().get_text_range()
                    yield from text.splitlines()
                    taken += len(text)
                    if taken > LETTERS:
                        break
        except pypdfium2.PdfiumError:
            continue


def listed() -> set[str]:
    """The words of the built-in profiles and of the lists of names that are Japanese."""
    found: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                gather(one)

    for path in sorted((PACKAGE / "profile" / "builtin").glob("*.toml")):
        gather(tomllib.loads(path.read_text(encoding="utf-8")))
    for path in sorted((PACKAGE / "text" / "data" / "names").glob("*.csv")):
        found |= set(path.read_text(encoding="utf-8").replace("\n", ",").split(","))
    return {word for word in found if len(word) > 1 and all(ord(c) > 127 or c.isdigit() for c in word)}


def counted(texts: Iterable[str]) -> Counter[str]:
    """How often each pair of letters stands in the texts, each text once, and in the lists."""
    once = {line for text in texts if len(line := spelled(text)) > 3}
    counts: Counter[str] = Counter()
    for line in once:
        counts.update(a + b for a, b in itertools.pairwise(line))
    for word in listed():
        line = spelled(word)
        counts.update({a + b: LISTED for a, b in itertools.pairwise(line)})
    return Counter({pair: n for pair, n in counts.items() if max(map(ord, pair)) <= BASIC})


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    ask.add_argument("folders", type=Path, nargs="+")
    paths = sorted(p for folder in ask.parse_args().folders for p in folder.rglob("*.pdf"))
    write(list(lines(paths)), len(paths))


def write(texts: list[str], documents: int) -> None:
    """Count and write the file, with where it comes from."""
    counts = sorted(counted(texts).items())
    told = {"made_by": "fit/letters.py", "date": str(date.today()), "documents": documents, "lines": len(set(texts)),
            "pairs": len(counts)}  # fmt: skip
    codes = np.array([[ord(pair[0]), ord(pair[1])] for pair, _ in counts], np.uint16)
    numbers = np.array([min(n, BASIC) for _, n in counts], np.uint16)
    np.savez_compressed(
        TARGET, firsts=codes[:, 0], seconds=codes[:, 1], counts=numbers, provenance=np.array(json.dumps(told))
    )
    print(told, TARGET.stat().st_size)


if __name__ == "__main__":
    main()
