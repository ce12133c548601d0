"""Lines of figures as a scanner sees them: rendered in any font, worn, cut as the recogniser's cells are.

Everything random follows from the generator that is handed in. The crops are made by the very functions that cut
cells at run time (``imaging.lines``), so that the network sees what it will be asked about.
"""

from __future__ import annotations

import functools
import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Face = tuple[str, int]  # a font's path, and which of its faces
Faces = tuple[list[Face], list[Face]]  # Japanese ones, Latin ones
SYMBOLS = "0123456789,.△▲-%()件人円千?"  # "?" stands for every other letter; the blank of CTC comes before them
WIDE = str.maketrans("0123456789,.-%()", "０１２３４５６７８９，．－％（）")
OTHERS = "校所回台箇か点万億名日月年時分計有無年度区市町村内外市立本籍国県税会議課その他第条項号法的合小前事業用途別〃"
DASHES = "-－―ー─−"
UNFIT = ("UnDinaru", "UnPilgi", "UnGungseo", "HanaMinB", "texgyrechorus", "italic", "oblique", "Thin", "Light", "Black")
JAPANESE = (
    "ipa", "Noto", "vlg", "VL", "Takao", "mona", "HanaMinA", "ume", "mplus", "mig", "MTL", "sawarabi",
    "BIZUD", "onatu", "omatuna",
)  # fmt: skip
HELD_OUT = ("BIZUD", "MTL", "sawarabi", "Roboto", "umeplus")  # families the network is never shown


def fonts(folders: list[Path]) -> Faces:
    """Japanese and Latin fonts under the folders: path and index of the face."""
    found: Faces = ([], [])
    for path in sorted(p for folder in folders for p in folder.rglob("*.[to]t[fc]")):
        if any(word.lower() in path.name.lower() for word in UNFIT):
            continue
        japanese = any(word.lower() in path.name.lower() for word in JAPANESE)
        if not japanese and ("cjk" in str(path).lower() or "arphic" in str(path) or "wqy" in str(path)):
            continue
        faces = range(2) if path.suffix == ".ttc" and "Noto" not in path.name else range(1)
        for face in faces:
            if _has(str(path), face, "件円人千△▲8" if japanese else "805,"):
                found[0 if japanese else 1].append((str(path), face))
    return found


def _has(path: str, face: int, letters: str) -> bool:
    """Does a font draw these letters, each in a way of its own?"""
    try:
        font = ImageFont.truetype(path, 24, index=face)
        drawn_as = [bytes(font.getmask(c)) for c in (*letters, "\ue7ff")]
    except OSError:
        return False
    return all(drawn_as[:-1]) and len(set(drawn_as)) == len(drawn_as)


@functools.lru_cache(maxsize=2048)
def _font(path: str, face: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=face)


def text(rng: np.random.Generator) -> str:
    """A cell of figures as reports print them, in half-width letters; now and then something else."""
    kind = rng.random()
    if kind < 0.04:
        return "-"
    if kind < 0.10:
        return "".join(rng.choice(list(OTHERS), int(rng.integers(1, 5))))
    if kind < 0.14:
        return "".join(rng.choice(list("0123456789,.-()△"), int(rng.integers(1, 8))))
    digits = int(rng.choice([1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10]))
    lead = "123456789" if rng.random() < 0.9 or digits == 1 else "0123456789"
    number = str(rng.choice(list(lead))) + "".join(rng.choice(list("0123456789"), digits - 1))
    if rng.random() < 0.15:
        number = "".join(rng.choice(list("1179034568"), digits, p=[0.3, 0.2, 0.1, *[0.4 / 7] * 7]))
    if rng.random() < 0.12:
        number = "0"
    if digits > 3 and rng.random() < 0.75:
        number = f"{int(number):,}"
    if rng.random() < 0.17:
        number += "." + "".join(rng.choice(list("0123456789"), int(rng.integers(1, 3))))
        if rng.random() < 0.4:
            number += "%"
    sign = rng.random()
    if sign < 0.12:
        number = "△" + number
    elif sign < 0.18:
        number = "▲" + number
    elif sign < 0.22:
        number = "-" + number
    elif sign < 0.28:
        number = f"({number})"
    unit = rng.random()
    if unit < 0.12:
        number += "件"
    elif unit < 0.17:
        number += "人"
    elif unit < 0.21:
        number += "円"
    elif unit < 0.24:
        number += "千円"
    elif unit < 0.27:
        number += str(rng.choice(list(OTHERS)))
    return number


def label(said: str) -> list[int]:
    """The classes of a text's letters, from 1."""
    return [SYMBOLS.find(c) + 1 if c in SYMBOLS else len(SYMBOLS) for c in said if c != " "]


def drawn(
    said: str, japanese: tuple[str, int], latin: tuple[str, int] | None, size: int, rng: np.random.Generator
) -> np.ndarray:
    """The text in black on white, set as a word processor or a form printer sets it."""
    over = int(rng.integers(1, 4)) if size < 40 else 1
    full = rng.random() < 0.13
    spacing = float(rng.choice([0, 0, 0, 0, 0.05, 0.15, 0.4]))
    if "△" in said or "▲" in said:
        said = said.replace("△", "△ ") if rng.random() < 0.2 else said
    if rng.random() < 0.15:
        said = said.replace("件", " 件").replace("人", " 人").replace("円", " 円")
    dash = str(rng.choice(list(DASHES)))
    ink = Image.new("L", (int(size * over * (len(said) + 3) * (1.5 + spacing)), size * over * 2), 255)
    draw = ImageDraw.Draw(ink)
    x = size * over * 0.5
    base = size * over * 1.4
    for letter in said:
        if letter == "-" and (len(said) == 1 or rng.random() < 0.3):
            letter = dash
        shown = letter.translate(WIDE) if full else letter
        ascii_font = latin if latin is not None and shown.isascii() else japanese
        font = _font(*ascii_font, size * over)
        draw.text((x, base), shown, font=font, fill=0, anchor="ls")
        x += font.getlength(shown) + spacing * size * over
    picture = np.asarray(ink)[:, : int(x + size * over * 0.5)]
    width = float(rng.choice([1, 1, 1, 0.9, 0.8, 0.72, 1.1]))
    target = (max(8, round(picture.shape[1] * width / over)), max(8, round(picture.shape[0] / over)))
    return cv2.resize(picture, target, interpolation=cv2.INTER_AREA)


def worn(picture: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """The line as a copier and a scanner leave it, with what is left of rules around it."""
    height, width = picture.shape
    thick = max(1, round(size * float(rng.uniform(0.03, 0.09))))
    page = picture.copy()
    if rng.random() < 0.25:  # a rule above or below, near or far
        y = int(rng.choice([rng.integers(0, height // 6), rng.integers(height - height // 6, height)]))
        page[y : y + thick] = int(rng.integers(0, 120))
    if rng.random() < 0.2:
        x = int(rng.choice([rng.integers(0, size // 3 + 1), width - 1 - rng.integers(0, size // 3 + 1)]))
        page[:, max(0, x) : x + thick] = int(rng.integers(0, 120))
    if rng.random() < 0.08:  # a seal, grey
        centre = (int(rng.integers(0, width)), int(rng.integers(-height, 2 * height)))
        seal = np.full_like(page, 255)
        cv2.circle(seal, centre, int(size * rng.uniform(1, 4)), int(rng.integers(110, 190)), max(1, size // 8))
        page = np.minimum(page, seal)
    stroke = rng.random()
    if stroke < 0.12:
        page = cv2.erode(page, np.ones((2, 2), np.uint8))
    elif stroke < 0.2 and size > 22:
        page = cv2.dilate(page, np.ones((2, 2) if rng.random() < 0.5 else (1, 2), np.uint8))
    if rng.random() < 0.7:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 0.5)), 1.0)
        turn[0, 1] += float(rng.normal(0, 0.02))
        page = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    if rng.random() < 0.75:
        page = cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.2, 1.15)) * max(0.5, size / 32))
    grey = page.astype(np.float32)
    if rng.random() < 0.6:
        dark, light = float(rng.uniform(0, 90)), float(rng.uniform(215, 255))
        grey = dark + grey * (light - dark) / 255
        grey += rng.normal(0, float(rng.choice([2, 5, 9, 14, 20])), grey.shape)
    for _ in range(int(rng.integers(0, 3)) if rng.random() < 0.4 else 0):
        y, x = rng.integers(0, height), rng.integers(0, width)
        grey[y : y + int(rng.integers(1, 3)), x : x + int(rng.integers(1, 3))] = rng.integers(0, 120)
    if rng.random() < 0.06:  # a line of the scanner's sensor that sees nothing
        y = int(rng.integers(height // 4, 3 * height // 4))
        grey[y] = 255
    grey = np.clip(grey, 0, 255)
    kind = rng.random()
    if kind < 0.2:
        dark, light = np.percentile(grey, (1, 90))  # thin strokes may thin out, but not so far that they vanish
        grey = np.where(grey < dark + (light - dark) * rng.uniform(0.5, 0.85), 0, 255)
    page = grey.astype(np.uint8)
    if kind > 0.45:
        stream = io.BytesIO()
        Image.fromarray(page).save(stream, "JPEG", quality=int(rng.integers(18, 85)))
        page = np.asarray(Image.open(stream))
    if light_gone := float(np.percentile(page, 90)):  # as the page's light is evened out
        page = np.clip(page.astype(np.float32) * (252 / light_gone), 0, 255).astype(np.uint8)
    return page


def sample(
    rng: np.random.Generator, faces: tuple[list[tuple[str, int]], list[tuple[str, int]]]
) -> tuple[np.ndarray, str]:
    """A crop as cells are cut at run time, uint8 grey, and what it says."""
    from crops import cell_crop

    from report_extract.ocr.figures import line_input  # the same scaling as at run time

    while True:
        said = text(rng)
        japanese = faces[0][int(rng.integers(len(faces[0])))]
        latin = faces[1][int(rng.integers(len(faces[1])))] if faces[1] and rng.random() < 0.3 else None
        size = int(rng.integers(15, 54))
        crop = cell_crop(worn(drawn(said, japanese, latin, size, rng), size, rng), size, rng)
        if crop.size:
            return line_input(crop), said
