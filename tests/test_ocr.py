"""The recogniser: what a line says, with its alternatives, and letters that look alike."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from report_extract import ocr
from report_extract.core.errors import UsageError
from report_extract.core.geometry import BBox
from report_extract.core.model import Reading
from report_extract.imaging import raster
from report_extract.ocr.alphabet import alphabet
from report_extract.ocr.ctc import spell
from report_extract.ocr.detection import _apart
from report_extract.ocr.orientation import classified, upright
from report_extract.ocr.page import _dashed, _edges, _Line, _parts, _phrases, _records, _sizes, _standing, read_raster
from report_extract.ocr.rapidocr import RapidOcr, Spelled
from report_extract.readers import open_document
from report_extract.text.confusables import disambiguated
from report_extract.text.normalize import key

FIXTURES = Path(__file__).parent.parent / "fixtures"


def test_paths_that_spell_one_text_are_summed() -> None:
    # "1" on either of two steps, or on both: no single path is likelier than the empty one.
    steps = np.array([[0.5, 0.5], [0.5, 0.5]])
    texts = spell(steps, ("", "1"))
    assert texts[0].text == "1"
    assert texts[0].share == pytest.approx(0.75)


def test_a_doubled_figure_needs_a_blank_between() -> None:
    apart = np.array([[0.02, 0.98], [0.98, 0.02], [0.02, 0.98]])
    assert spell(apart, ("", "2"))[0].text == "22"
    assert spell(apart[[0, 0, 2]], ("", "2"))[0].text == "2"


def test_half_and_full_width_twins_are_one_symbol() -> None:
    symbols = alphabet(["", "1", "１", "一", "员", "員", "Ж", " "], "text")
    folded = symbols.fold(np.array([[0.1, 0.4, 0.4, 0.0, 0.05, 0.05, 0.0, 0.0]]))
    said = dict(zip(folded.symbols, folded.steps[0].tolist(), strict=True))
    assert said["1"] == pytest.approx(0.8)
    assert said["員"] == pytest.approx(0.1)
    assert "Ж" not in said
    assert folded.covered == pytest.approx(1.0)


def test_a_word_read_as_a_number_is_not_believed() -> None:
    symbols = alphabet(["", "1", "部", " "], "number")
    assert symbols.fold(np.array([[0.1, 0.0, 0.9, 0.0]])).covered < 0.2


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ラべル", "ラベル"),
        ("了ンケート", "アンケート"),
        ("電カ", "電力"),
        ("デ一タ", "データ"),
        ("エレベータ一", "エレベータ一"),
        ("ア-ト", "アート"),
        ("一力所", "一カ所"),
        ("人ロ", "人口"),
        ("力ラー", "力ラー"),
        ("センタ-", "センター"),
        ("第2項", "第2項"),
        ("アドレスタツク", "アドレスタック"),
        ("スポーツセンター", "スポーツセンター"),
        ("キャベツ", "キャベツ"),
        ("夢ブラン", "夢プラン"),
        ("ラペル", "ラベル"),
        ("合和6年4月1口", "令和6年4月1日"),
        ("1口1000円", "1口1000円"),
        ("対象者ヘアンケートを送付", "対象者へアンケートを送付"),
        ("訪問ヘルパー", "訪問ヘルパー"),
        ("日的外利川", "目的外利用"),
        ("本人所有の白動車", "本人所有の自動車"),
        ("市民ホール", "市民ホール"),
        ("パスとバス", "パスとバス"),
    ],
)
def test_twins_follow_their_neighbours(read: str, meant: str) -> None:
    assert disambiguated(read) == meant


def test_an_unknown_recogniser_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="rapidocr"):
        ocr.get_recogniser("tesseract")


def test_blank_reads_nothing_and_is_not_sure() -> None:
    (reading,) = ocr.get_recogniser("blank").read([np.zeros((20, 50), np.uint8)])
    assert (reading.text, reading.confidence) == ("", 0.0)


def test_a_printed_line_is_read() -> None:
    with open_document(FIXTURES / "iwaki" / "iwaki-r6.pdf") as document:
        page = next(iter(document.pages([1])))
        level = np.flatnonzero(page.chars["text"] == "保")[0]
        line = page.chars[np.abs(page.chars["top"] - page.chars["top"][level]) < 2]
        box = BBox(line["x0"].min() - 2, line["top"].min() - 2, line["x1"].max() + 2, line["bottom"].max() + 2)
        crop = document.render(1, 300, box)
    (reading,) = ocr.get_recogniser("rapidocr").read([crop])
    assert key(reading.text) == key("".join(line["text"]))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_seen_to_be_turned(turn: int) -> None:
    with open_document(FIXTURES / "iwaki" / "iwaki-r6.pdf") as document:
        picture = np.ascontiguousarray(np.rot90(document.render(1, 100), -turn // 90))
    assert int(classified(picture).sum(axis=0).argmax()) * 90 == turn
    assert upright(picture, turn).shape == upright(picture, (turn + 180) % 360).shape


def test_a_turned_scan_gives_letters_where_they_stand() -> None:
    recogniser = ocr.get_recogniser("rapidocr")
    with open_document(FIXTURES / "scans" / "scan-turned-90.pdf") as document:
        page = read_raster(document, 1, recogniser)
    with open_document(FIXTURES / "iwaki" / "iwaki-r6.pdf") as document:
        native = next(iter(document.pages([1])))
    assert (page.chars["rotation"] == 90).mean() > 0.95
    assert len(page.rulings) > 10
    # The first letter of the title, wherever the turned page shows it.
    (title,) = [i for i in range(len(native.chars)) if "".join(native.chars["text"][i : i + 4]) == "保有個人"][:1]
    x, y = native.chars["x0"][title] + 5, native.chars["top"][title] + 5
    turned_x, turned_y = native.height - y, x
    here = page.chars[
        (np.abs(page.chars["x0"] + page.chars["x1"] - 2 * turned_x) < 12)
        & (np.abs(page.chars["top"] + page.chars["bottom"] - 2 * turned_y) < 12)
    ]
    assert "保" in here["text"].tolist()


def test_lines_set_close_are_read_apart() -> None:
    """A line that reaches into the one below it does not lend that one its feet, nor its length."""
    ink = np.zeros((64, 600), bool)
    for x in range(4, 590, 30):
        ink[2:30, x : x + 26] = True
        ink[30:33, x + 10 : x + 12] = True  # a stroke that hangs down
    ink[34:62, 4:30] = ink[34:62, 34:60] = True
    above, below = _parts(ink, 28, BBox(10, 20, 160, 36), [], 4.0)
    assert above.x1 > 150 and below.x1 < 30
    assert abs(below.top - (20 + 34 / 4)) < 1 and abs(above.top - 20.5) < 0.1


def test_boxes_of_lines_set_close_are_cut_between_them() -> None:
    """The detector's boxes reach into the lines above and below, which are no part of the line."""
    picture = np.full((120, 400), 255, np.uint8)
    for top in (10, 44, 78):
        picture[top : top + 30, 20:380:3] = 0
    boxes = [BBox(10, top - 12, 390 if top < 78 else 120, top + 42) for top in (10, 44, 78)]
    cut = _apart([*boxes, BBox(10, 0, 390, 8)], picture)
    assert [round(box.bottom) for box in cut[:2]] == [round(box.top) for box in cut[1:3]]
    assert 40 <= cut[0].bottom <= 44 and 74 <= cut[1].bottom <= 78


def test_letters_stay_within_the_ink_of_their_phrase() -> None:
    """Headings set close are told apart by the white between them, however roughly a letter's middle is known."""
    line = np.full((30, 300), 255, np.uint8)
    line[2:28, 0:120:4] = line[2:28, 140:300:4] = 0
    phrases = _phrases(line)
    assert [(round(300 * a), round(300 * b)) for a, b in phrases] == [(0, 117), (140, 300)]
    edges = _edges("利用件数外部提", [0.05, 0.15, 0.25, 0.42, 0.52, 0.65, 0.8], (100.0, 400.0), 30.0, phrases)
    assert max(end for _, end in edges[:4]) <= 217 and min(start for start, _ in edges[4:]) >= 240
    assert all(start < end for start, end in edges)


def test_full_width_figures_are_one_number() -> None:
    line = np.full((30, 120), 255, np.uint8)
    line[2:28, 5:20] = line[2:28, 35:50] = line[2:28, 65:80] = 0
    edges = _edges("214", [0.1, 0.35, 0.6], (0.0, 120.0), 30.0, _phrases(line))
    assert all(b[0] - a[1] < 4 for a, b in pairwise(edges))


def test_where_the_lines_run_speaks_against_a_classifier_that_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page on its side that the classifier takes for one on its head is put to the vote, and turned once more."""
    belief = np.array([[0.01, 0.18, 0.8, 0.01], [0.02, 0.2, 0.76, 0.02]])
    monkeypatch.setattr("report_extract.ocr.page.classified", lambda picture: belief)
    with open_document(FIXTURES / "scans" / "scan-turned-90.pdf") as document:
        picture = raster(document, 1)
    rotation, standing, boxes = _standing(picture, RapidOcr())
    assert rotation == 90 and standing.grey.shape == picture.grey.shape[::-1]
    assert sum(box.width > 1.7 * box.height for box in boxes) > 30


@pytest.mark.parametrize(("said", "dash"), [(("一", "12件"), True), (("ー",), True), (("一", "二", "三"), False)])
def test_a_lone_stroke_is_a_dash_but_where_the_page_counts(said: tuple[str, ...], dash: bool) -> None:
    lines = [_Line(BBox(0, 0, 9, 9), 0, False, Spelled(Reading(text, "rapidocr"), tuple(text))) for text in said]
    assert (_dashed(lines)[0].spelled.letters == ("―",)) == dash


def test_figures_and_marks_in_full_width_places_part_no_phrase() -> None:
    line = np.full((30, 200), 255, np.uint8)
    line[2:28, 0:28] = line[2:28, 40:48] = line[2:28, 60:88] = line[2:28, 110:138] = 0
    edges = _edges("第1項法", [0.07, 0.22, 0.37, 0.62], (0.0, 200.0), 30.0, _phrases(line))
    assert edges[1][0] - edges[0][1] < 1 and edges[2][0] - edges[1][1] < 1
    assert edges[3][0] - edges[2][1] > 15


def test_letters_are_as_high_as_their_size_whatever_their_ink() -> None:
    spelled = Spelled(Reading("数", "rapidocr"), ("数",), (0.5,), (1.0,))
    (record,) = _records(_Line(BBox(100, 50, 110, 60), 0, False, spelled), 12.0, 600, 800)
    assert (record["top"], record["bottom"]) == (49.0, 61.0)
    (record,) = _records(_Line(BBox(100, 50, 110, 60), 90, False, spelled), 12.0, 600, 800)
    assert (record["x0"], record["x1"]) == (99.0, 111.0)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_lone_figure_is_as_large_as_the_print_beside_it(rotation: int) -> None:
    def line(text: str, x: float, width: float, height: float) -> _Line:
        box = BBox(x, 50, x + width, 50 + height) if rotation % 180 == 0 else BBox(50, x, 50 + height, x + width)
        letters = tuple(text)
        return _Line(box, rotation, False, Spelled(Reading(text, "rapidocr"), letters, (0.5,) * len(letters)))

    label, figure = _sizes([line("建設部", 20, 33, 11), line("1", 90, 4, 8)])
    assert figure == label == pytest.approx(12, abs=0.2)
