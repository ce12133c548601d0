"""The networks that the package carries are the published ones, each with its source and licence."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files

import report_extract.ocr.models

FOLDER = files(report_extract.ocr.models)
NOTICE = (FOLDER / "NOTICE.md").read_text(encoding="utf-8")


def test_every_network_is_the_one_the_notice_names() -> None:
    stated = {
        name: (int(size), digest)
        for name, size, digest in re.findall(r"^\| `(\S+)` \| (\d+) \| `([0-9a-f]{64})` \|", NOTICE, re.MULTILINE)
    }
    carried = {file.name: file.read_bytes() for file in FOLDER.iterdir() if file.name.endswith(".onnx")}
    assert stated == {name: (len(content), sha256(content).hexdigest()) for name, content in carried.items()}


def test_every_licence_that_the_notice_names_is_there() -> None:
    for name in re.findall(r"`(\S+\.(?:txt|md))`", NOTICE):
        if "/" not in name:
            assert (FOLDER / name).is_file(), name
