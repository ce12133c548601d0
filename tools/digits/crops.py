"""Cuts a line as cells are cut at run time."""

from __future__ import annotations

import numpy as np

from report_extract.imaging.lines import cleaned, line_crops, on_white


def cell_crop(picture: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """The one line in a picture, cut to its ink; the picture itself, framed by chance, where there are more."""
    scale = size / float(rng.uniform(8, 11.5))
    em = size * float(rng.uniform(0.75, 1.1))
    if rng.random() < 0.2:  # as lines are cut by the detector: with some ground around
        rows = np.flatnonzero((picture < 160).any(axis=1))
        if not len(rows):
            return picture[:0]
        top, bottom = max(0, rows[0] - int(rng.integers(0, 6))), rows[-1] + int(rng.integers(1, 7))
        return np.pad(picture[top:bottom], max(2, size // 6), constant_values=255)
    lines = line_crops(cleaned(on_white(picture), scale, float(np.clip(0.085 * em / scale, 0.4, 0.8))), em)
    return lines[0] if len(lines) == 1 else picture[:0]
