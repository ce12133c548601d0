"""Made-up reports as scans: other figures, wording, fonts, layouts and damage for every seed.

Pages are drawn straight as pictures, so that the truth is known and no producer's habits come in; then they are worn
as ``fixtures/scans`` are. What is random follows from the seed alone.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from report_extract.core.model import Array

from .trust_reports import shares

TRUTH = Path(__file__).parent.parent / "fixtures" / "truth"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
FACES = ("ipam", "ipag", "ipamp", "ipagp", "ipaexm", "ipaexg", "NotoSerifCJK-Regular", "NotoSansCJK-Regular",
         "VL-Gothic-Regular", "VL-PGothic-Regular", "TakaoMincho", "TakaoGothic", "ume-tms3", "ume-tgo4", "ume-pmo3",
         "ume-pgo4", "BIZUDMincho-Regular", "BIZUDGothic-Regular", "BIZUDPGothic-Regular", "sawarabi-gothic-medium",
         "migmix-1p-regular", "hanamina", "MTLc3m")  # fmt: skip
COUNTS = ("internal_use", "external_provision", "subtotal", "prior_subtotal")
Row = dict[str, str]


@dataclass(frozen=True)
class Box:
    """A cell: its text, the rows and columns it spans, where its text stands."""

    text: str
    rows: int = 1
    cols: int = 1
    align: str = "left"


@dataclass(frozen=True)
class Made:
    """A report: its pages as pictures, its rows by dataset, how it was made in words."""

    pages: list[Array]
    truth: dict[str, list[Row]]
    dpi: int
    said: str


def fonts(folders: Sequence[Path]) -> list[Path]:
    """The fonts of ``FACES`` that are there."""
    found = {p.stem.lower(): p for folder in folders for p in sorted(folder.rglob("*.[to]t[fc]"))}
    return [found[name.lower()] for name in FACES if name.lower() in found]


@lru_cache(maxsize=64)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=1)
def _pool() -> dict[str, list[Row]]:
    """The rows of the fixtures' reports, by dataset: where wording comes from."""
    pool: dict[str, list[Row]] = {"department_counts": [], "legal_basis_counts": [], "consultations": []}
    for folder in sorted(TRUTH.iterdir()):
        for name, rows in pool.items():
            path = folder / f"{name}.csv"
            if path.is_file() and not folder.name.startswith(("scan", "map", "page", "picture", "mixed", "iwaki-r6-")):
                with path.open(encoding="utf-8", newline="") as file:
                    rows += list(csv.DictReader(file))
    return pool


class Paper:
    """Pages that are filled from above."""

    def __init__(self, font: Path, dpi: int, size: float, rng: random.Random) -> None:
        self.font, self.dpi, self.size, self.rng = font, dpi, size, rng
        self.margin = self.px(rng.uniform(45, 65))
        self.shape = (round(297 / 25.4 * dpi), round(210 / 25.4 * dpi))
        self.pen = max(1, round(dpi / 72 * rng.choice((0.4, 0.5, 0.75))))
        self.sheets: list[Image.Image] = []
        self.new()

    def px(self, points: float) -> int:
        return round(points * self.dpi / 72)

    def new(self) -> None:
        self.sheets.append(Image.new("L", (self.shape[1], self.shape[0]), 255))
        self.draw = ImageDraw.Draw(self.sheets[-1])
        self.y = self.margin

    def wrapped(self, text: str, width: float, size: float) -> list[str]:
        font, lines = _font(self.font, self.px(size)), [""]
        for letter in text:
            if letter == "\n" or (font.getlength(lines[-1] + letter) > width and letter not in "、。)）"):
                lines.append("")
            if letter != "\n":
                lines[-1] += letter
        return lines

    def para(self, text: str, size: float | None = None, align: str = "left") -> None:
        size = size or self.size
        width = self.shape[1] - 2 * self.margin
        for line in self.wrapped(text, width, size):
            if self.y > self.shape[0] - self.margin - self.px(size):
                self.new()
            font = _font(self.font, self.px(size))
            free = width - font.getlength(line)
            x = self.margin + {"left": 0.0, "center": free / 2, "right": free}[align]
            self.draw.text((x, self.y), line, font=font, fill=0)
            self.y += self.px(size * 1.5)
        self.y += self.px(size * 0.4)

    def table(self, rows: list[list[Box]], widths: Sequence[float], heads: int, size: float | None = None) -> None:
        """Draws a table, its heading again on each page that it goes on to; ``widths`` in shares of the line."""
        size = size or self.size
        pad, full = self.px(3), self.shape[1] - 2 * self.margin
        edges = [self.margin + round(full * sum(widths[:i])) for i in range(len(widths) + 1)]
        placed = _placed(rows)
        heights = [self.px(size * 1.9)] * len(rows)
        for r, c, box in placed:
            lines = len(self.wrapped(box.text, edges[c + box.cols] - edges[c] - 2 * pad, size))
            if box.rows == 1:
                heights[r] = max(heights[r], self.px(size * 1.25 * lines + 6))
        joined = {r + i for r, _, box in placed for i in range(1, box.rows)}
        start = 0
        while start < len(rows):
            top = self.y + (sum(heights[:heads]) if start else 0)
            end = start
            while end < len(rows) and top + sum(heights[start : end + 1]) < self.shape[0] - self.margin:
                end += 1
            while end in joined and end > start:
                end -= 1
            if end <= max(start, heads if not start else 0):
                self.new()
                continue
            shown = ([*range(heads)] if start else []) + [*range(start, end)]
            tops = {r: self.y + sum(heights[q] for q in shown[:i]) for i, r in enumerate(shown)}
            for r, c, box in placed:
                if r in tops:
                    bottom = tops[r] + sum(heights[r : r + box.rows])
                    self._cell(box, (edges[c], tops[r], edges[c + box.cols], bottom), size, pad)
            self.y += sum(heights[r] for r in shown) + self.px(size)
            start = end
            if start < len(rows):
                self.new()

    def _cell(self, box: Box, at: tuple[int, int, int, int], size: float, pad: int) -> None:
        x0, top, x1, bottom = at
        self.draw.rectangle(at, outline=0, width=self.pen)
        font = _font(self.font, self.px(size))
        lines = self.wrapped(box.text, x1 - x0 - 2 * pad, size)
        y = (top + bottom - self.px(size * 1.25) * len(lines)) / 2 + self.px(size * 0.1)
        for line in lines:
            free = x1 - x0 - 2 * pad - font.getlength(line)
            x = x0 + pad + {"left": 0.0, "center": free / 2, "right": free}[box.align]
            self.draw.text((x, y), line, font=font, fill=0)
            y += self.px(size * 1.25)


def _placed(rows: list[list[Box]]) -> list[tuple[int, int, Box]]:
    """Row and column of every box."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for r, row in enumerate(rows):
        c = 0
        for box in row:
            while (r, c) in taken:
                c += 1
            placed.append((r, c, box))
            taken |= {(r + i, c + j) for i in range(box.rows) for j in range(box.cols)}
            c += box.cols
    return placed


def worn(page: Array, dpi: int, kind: str, rng: random.Random) -> Array:
    """The page as a copier and a scanner leave it; ``kind``: clean, noisy, fax, shaded or sealed."""
    noise = np.random.default_rng(rng.randrange(2**32))
    image = Image.fromarray(page)
    skew = rng.uniform(-0.8, 0.8) if kind != "clean" else rng.uniform(-0.2, 0.2)
    image = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.5) if kind == "clean" else rng.uniform(0.4, 0.9)))
    grey: Array = np.asarray(image, np.float64)
    if kind == "sealed":
        seal = Image.new("L", image.size, 255)
        x, y, r = rng.uniform(0.3, 0.8) * image.width, rng.uniform(0.2, 0.8) * image.height, 0.05 * image.width
        ImageDraw.Draw(seal).ellipse((x - r, y - r, x + r, y + r), outline=rng.randint(120, 170), width=dpi // 50)
        grey = np.minimum(grey, np.asarray(seal, np.float64))
    if kind == "shaded":
        grey = grey * (1 - rng.uniform(0.2, 0.45) * np.exp(-np.arange(grey.shape[1]) / (0.12 * grey.shape[1])))
    grain = rng.uniform(1, 3) if kind == "clean" else rng.uniform(4, 12)
    grey = rng.uniform(5, 30) + grey * rng.uniform(0.86, 0.94) + noise.normal(0, grain, grey.shape)
    if kind != "clean":
        for y, x in noise.integers(0, grey.shape, (grey.size // 80_000, 2)):
            grey[y : y + 2, x : x + 2] = noise.integers(0, 120)
    if kind == "fax":
        grey = np.where(grey < rng.uniform(125, 165), 0, 255)
    stream = io.BytesIO()
    quality = rng.randint(60, 85) if kind == "clean" else rng.randint(40, 75)
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))


def made(seed: int, number: int, folders: Sequence[Path]) -> Made:
    """The report ``number`` of the batch ``seed``: half of them clean at 300 dpi, the others worn at 200."""
    rng = random.Random(seed * 1009 + number)
    kind, dpi = ("clean", 300) if number % 2 == 0 else (rng.choice(("noisy", "noisy", "fax", "shaded", "sealed")), 200)
    font = rng.choice(fonts(folders))
    paper = Paper(font, dpi, rng.uniform(9.5, 11.5), rng)
    truth: dict[str, list[Row]] = {}
    year, era = 2024, "６"
    paper.para(f"保有個人情報の目的外利用・外部提供の実施状況報告（令和{era}年度実績）", paper.size * 1.2, "center")
    paper.para("奈良市", align="right")
    paper.para(f"　本市における、保有個人情報の目的外利用・外部提供の令和{era}年度実施状況を取りまとめ報告します。")
    unit = rng.choice((" 件", "件", "", ""))
    zero = rng.choice(("0", "0", "-", "―"))
    large = rng.random() < 0.3

    def count(value: int) -> str:
        text = f"{value:,}" + unit if value or zero == "0" else zero
        return text.translate(WIDE) if wide else text

    wide = rng.random() < 0.15
    departments(paper, truth, count, large, year, rng)
    bases(paper, truth, count, rng)
    cases(paper, truth, rng)
    pages = [worn(np.asarray(sheet), dpi, kind, rng) for sheet in paper.sheets]
    return Made(pages, truth, dpi, f"{kind} {dpi} dpi {font.stem}")


def departments(
    paper: Paper, truth: dict[str, list[Row]], count: Callable[[int], str], large: bool, year: int, rng: random.Random
) -> None:
    names = sorted({r["department"] for r in _pool()["department_counts"] if r["row_type"] == "detail"})
    names = [n for n in rng.sample(names, rng.randint(7, 20)) if " " not in n]
    top = 30_000 if large else 300
    rows, total = [], [0, 0, 0]
    for name in names:
        few = (rng.choice((0, 1, 2, rng.randint(0, 30), rng.randint(0, top))) for _ in range(3))
        values = list(few)
        total = [t + v for t, v in zip(total, values, strict=True)]
        rows.append((name, "detail", values))
    rows.append(("合計", "total", total))
    kept: list[Row] = []
    heads = ("部等名", "目的外利用", "外部提供", "小　計", f"参考：R{year - 2019}実績")
    printed = [[Box(h, align="center") for h in heads]]
    for name, kind, (use, given, prior) in rows:
        numbers = (use, given, use + given, prior)
        shown = "合　計" if kind == "total" else name
        printed.append(
            [
                Box(shown, align="center" if kind == "total" else "left"),
                *(Box(count(n), align="right") for n in numbers),
            ]
        )
        kept.append({"department": name, **dict(zip(COUNTS, map(str, numbers), strict=True)), "row_type": kind})
    truth["department_counts"] = kept
    paper.para("１　部等別実施件数")
    paper.table(printed, (0.28, 0.17, 0.17, 0.17, 0.21), 1)


def bases(paper: Paper, truth: dict[str, list[Row]], count: Callable[[int], str], rng: random.Random) -> None:
    last = truth["department_counts"][-1]
    parts = [shares(rng, int(last[f]), 7) for f in ("subtotal", "prior_subtotal")]
    inner = [shares(rng, part[0], 3) for part in parts]
    labels = [("1", "", "法令に基づく場合"), ("2", "1", "本人同意、本人提供"), ("2", "2", "所掌事務、業務の遂行"),
              ("2", "3", "他の行政機関等への提供"), ("2", "4", "統計又は学術研究"),
              ("2", "4", "本人の利益(表彰・委員講師選任等)"), ("2", "4", "その他特別の理由")]  # fmt: skip
    broken = (
        "刑事事件における関係行政機関等への提供",
        "民事事件における関係行政機関等への提供",
        "その他の法に基づく利用又は提供",
    )
    kept: list[Row] = []
    heads = ("該当区分（法69条）", "件　数", "参考：R5実績")
    printed = [[Box(h, cols=2 if i == 0 else 1, align="center") for i, h in enumerate(heads)]]

    def numbers(values: Sequence[int]) -> list[Box]:
        return [Box(count(v), align="right") for v in values]

    for i, (paragraph, item, basis) in enumerate(labels):
        values = (parts[0][i], parts[1][i])
        reference = f"第{paragraph}項" + (f"第{item}号" if item else "")
        printed.append(
            [
                Box(f"{reference.translate(WIDE)}　{basis}".replace("(", "（").replace(")", "）"), cols=2),
                *numbers(values),
            ]
        )
        kept.append(_base(paragraph, item, basis, "detail", values))
        for k, text in enumerate(broken if i == 0 else ()):
            values = (inner[0][k], inner[1][k])
            printed.append(
                [*([Box("内訳", rows=3, align="center")] if k == 0 else []), Box(f"・{text}"), *numbers(values)]
            )
            kept.append(_base(paragraph, item, text, "breakdown", values))
    values = (sum(parts[0]), sum(parts[1]))
    printed.append([Box("合　計", cols=2, align="center"), *numbers(values)])
    kept.append(_base("", "", "合計", "total", values))
    truth["legal_basis_counts"] = kept
    paper.para("２　該当区分別実施件数")
    paper.table(printed, (0.08, 0.56, 0.17, 0.19), 1)


def _base(paragraph: str, item: str, basis: str, kind: str, values: Sequence[int]) -> Row:
    return {"paragraph": paragraph, "item": item, "basis": basis, "row_type": kind,
            "count": str(values[0]), "prior_count": str(values[1])}  # fmt: skip


def cases(paper: Paper, truth: dict[str, list[Row]], rng: random.Random) -> None:
    pool = [r for r in _pool()["consultations"] if r["project_summary"] and r["decision"] and r["purpose"]]
    kept: list[Row] = []
    paper.para("３　総務部協議実施状況報告")
    uses = {
        "internal_use": ("◇目的外利用　法第69条第２項第２号（所掌事務、業務の遂行）", "2", "利用課等", "目　的"),
        "external_provision": (
            "◇外部提供　法第69条第２項第３号（他の行政機関等への提供）", "3", "情報利用課等", "データ利用等目的"
        ),
    }  # fmt: skip
    fields = (
        "holding_division",
        "receiving_division",
        "project",
        "project_summary",
        "purpose",
        "personal_data",
        "decision",
    )
    for use, (heading, item, receiver, purpose) in uses.items():
        rows = [r for r in rng.sample(pool, min(len(pool), 6)) if len(r["personal_data"]) < 120][: rng.randint(2, 5)]
        heads = (
            "No.",
            "情報保有課等",
            receiver,
            "事務事業名",
            "事務事業の概要",
            purpose,
            "個人情報の内容",
            "総務部の判断",
        )
        printed = [[Box(h, align="center") for h in heads]]
        for number, row in enumerate(rows, 1):
            printed.append([Box(str(number), align="center"), *(Box(row[f]) for f in fields)])
            kept.append(
                {"use_type": use, "paragraph": "2", "item": item, "number": str(number), **{f: row[f] for f in fields}}
            )
        paper.para(heading)
        paper.table(printed, (0.05, 0.1, 0.1, 0.14, 0.17, 0.15, 0.15, 0.14), 1, paper.size * 0.85)
    truth["consultations"] = kept
