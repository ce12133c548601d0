"""What pdfminer.six's interpreter draws, collected as characters, paths and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.utils import Matrix, apply_matrix_pt

from ..core.errors import InputError
from ..core.model import CHAR, Array, Flag
from .bounds import MAX_CHARS, MAX_FORM_DEPTH, MAX_SEGMENTS, check_count
from .chars import ABOVE, BELOW, BLANKS, HYPHENS, REPLACEMENT, upright_angles
from .paths import BEZIER_TO, EVERYWHERE, LINE_TO, MOVE_TO, Paths

_BLANK_LETTERS = frozenset(map(chr, BLANKS))
_SOFT = dict.fromkeys(HYPHENS, "-")


class Collector(PDFTextDevice):  # type: ignore[misc]  # pdfminer is untyped
    """A pdfminer device that keeps what it is told; pages are read once each, with a new one."""

    def __init__(self, resources: Any, number: int, hidden_layers: frozenset[int]) -> None:
        super().__init__(resources)
        self.number = number
        self.page_matrix: Matrix = (1, 0, 0, 1, 0, 0)
        self._hidden_layers = hidden_layers
        self._tags: list[bool] = []
        self._mode = 0
        self._depth = 0
        self._fonts: dict[int, tuple[int, str]] = {}
        self._chars: list[tuple[Any, ...]] = []
        self._points: list[tuple[float, float, int, bool, int]] = []
        self._paths: list[tuple[bool, bool, float, float, float]] = []
        self._boxes: list[list[tuple[float, float]]] = []

    @property
    def fonts(self) -> tuple[str, ...]:
        return tuple(name for _, name in self._fonts.values())

    def begin_page(self, page: Any, ctm: Matrix) -> None:
        self.page_matrix = ctm

    def begin_figure(self, name: str, bbox: Any, matrix: Matrix) -> None:
        self._depth += 1
        if self._depth > MAX_FORM_DEPTH:
            raise InputError(f"page {self.number} nests drawings more than {MAX_FORM_DEPTH} deep", "print it anew")

    def end_figure(self, name: str) -> None:
        self._depth -= 1

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        layer = isinstance(props, dict) and getattr(tag, "name", "") == "OC"
        self._tags.append(layer and any(getattr(v, "objid", None) in self._hidden_layers for v in props.values()))

    def end_tag(self) -> None:
        if self._tags:
            self._tags.pop()

    def render_image(self, name: str, stream: Any) -> None:
        self._boxes.append([apply_matrix_pt(self.ctm, p) for p in ((0, 0), (1, 0), (0, 1), (1, 1))])

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self._mode = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self,
        matrix: Matrix,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        try:
            text = str(font.to_unichr(cid))
        except (PDFUnicodeNotDefined, AssertionError):
            text = ""
        advance = float(font.char_width(cid)) * fontsize * scaling
        box = (0.0, rise - BELOW * fontsize, advance, rise + ABOVE * fontsize)
        if font.is_vertical():
            vx, vy = font.char_disp(cid)
            x = -fontsize * (0.5 if vx is None else vx * 0.001)
            y = rise - vy * fontsize * 0.001  # the baseline the glyph would have in horizontal type
            box = (x, y - BELOW * fontsize, x + fontsize, y + ABOVE * fontsize)
        number, _ = self._fonts.setdefault(id(font), (len(self._fonts), str(font.fontname)))
        if not text or text.strip("".join(_BLANK_LETTERS)):
            self._keep(text.translate(_SOFT), matrix, box, fontsize, number, cid)
        return advance

    def _keep(self, text: str, matrix: Matrix, box: tuple[float, ...], size: float, font: int, code: int) -> None:
        """Record a character; more than four code points are spread over its box."""
        error = not text or "\0" in text
        text = chr(REPLACEMENT) if error else text
        flags = (Flag.INVISIBLE if self._mode in (3, 7) else 0) | (Flag.UNICODE_ERROR if error else 0)
        flags |= Flag.HIDDEN if any(self._tags) else 0
        parts = [text] if len(text) <= 4 else list(text)
        step = (box[2] - box[0]) / len(parts)
        for k, part in enumerate(parts):
            ends = (box[0] + k * step, box[1], box[0] + (k + 1) * step, box[3])
            self._chars.append((part, *matrix, *ends, size, font, code, int(flags)))
        check_count(self.number, len(self._chars), MAX_CHARS, "characters")

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
        if any(self._tags) or not path or path[0][0] != "m":
            return
        scale = abs(self.ctm[0] * self.ctm[3] - self.ctm[1] * self.ctm[2]) ** 0.5
        number = len(self._paths)
        self._paths.append(
            (fill, stroke, float(gstate.linewidth or 0) * scale, grey(gstate.ncolor), grey(gstate.scolor))
        )
        for operator, *numbers in path:
            if operator == "h":
                if self._points:
                    self._points[-1] = (*self._points[-1][:3], True, number)
                continue
            x, y = apply_matrix_pt(self.ctm, (float(numbers[-2]), float(numbers[-1])))
            kind = {"m": MOVE_TO, "l": LINE_TO}.get(operator, BEZIER_TO)
            self._points.append((x, y, kind, False, number))
        check_count(self.number, len(self._points), MAX_SEGMENTS, "path segments")

    def chars(self, to_display: Array) -> Array:
        """CHAR records as displayed."""
        if not self._chars:
            return np.zeros(0, CHAR)
        rows = np.array([row[1:12] for row in self._chars], "f8")
        a, b, c, d, e, f = rows[:, :6].T
        x0, y0, x1, y1, size = rows[:, 6:].T
        unit = abs(to_display[0])
        xs = np.stack([a * x + c * y + e for x in (x0, x1) for y in (y0, y1)])
        ys = np.stack([b * x + d * y + f for x in (x0, x1) for y in (y0, y1)])
        xs, ys = xs * to_display[0] + to_display[4], ys * to_display[3] + to_display[5]
        chars = np.zeros(len(rows), CHAR)
        chars["text"] = [row[0] for row in self._chars]
        chars["x0"], chars["x1"], chars["top"], chars["bottom"] = xs.min(0), xs.max(0), ys.min(0), ys.max(0)
        chars["rotation"] = upright_angles(np.degrees(np.arctan2(-b, a)), np.ones(len(rows)))
        chars["size"] = np.abs(size) * np.hypot(c, d) * unit
        chars["font"], chars["code"], chars["flags"] = np.array([row[12:] for row in self._chars], "i8").T
        return chars

    def paths(self, to_display: Array) -> Paths:
        """The paths as displayed; nothing is known of their clips."""
        points = np.array(self._points, "f8").reshape(-1, 5)
        facts = np.array(self._paths, "f8").reshape(-1, 5)
        unit = abs(to_display[0])
        return Paths(
            points=points[:, :2] * to_display[[0, 3]] + to_display[[4, 5]],
            kind=points[:, 2].astype(int),
            close=points[:, 3] != 0,
            path=points[:, 4].astype(int),
            fill=facts[:, 0] != 0,
            stroke=facts[:, 1] != 0,
            width=facts[:, 2] * unit,
            fill_grey=facts[:, 3],
            stroke_grey=facts[:, 4],
            clip=np.tile(EVERYWHERE, (len(facts), 1)),
        )

    def images(self, to_display: Array) -> Array:
        """The boxes of pictures as displayed, shape (n, 4)."""
        corners = np.array(self._boxes, "f8").reshape(-1, 4, 2)
        corners = corners * to_display[[0, 3]] + to_display[[4, 5]]
        return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def grey(colour: Any) -> float:
    """Luma of a colour as pdfminer gives it: a number, or one, three or four of them; patterns are mid-grey."""
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    try:
        numbers = [float(part) for part in parts]
    except (TypeError, ValueError):
        return 0.0 if colour is None else 0.5
    match numbers:
        case [level]:
            return level
        case [red, green, blue]:
            return 0.299 * red + 0.587 * green + 0.114 * blue
        case [cyan, magenta, yellow, black]:
            return max(0.0, 1 - black - 0.299 * cyan - 0.587 * magenta - 0.114 * yellow)
    return 0.0
