"""Pictures of pages: light, skew, rules, lines of print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.core.geometry import BBox
from report_extract.core.model import Array
from report_extract.imaging import flattened, skew_of, straightened
from report_extract.imaging.faint import faint_lines
from report_extract.imaging.lines import cleaned, laid_flat, line_spans, on_white, tight
from report_extract.imaging.rulings import find_rules

SCALE = 200 / 72
XS, YS = (100, 400, 700, 1000), (100, 180, 260, 340, 420, 500)


def grid(weight: int = 3, dash: int = 0) -> Array:
    """A table's rules, 1200 x 700 pixels, with a block of print in each cell; its rows dotted with ``dash``."""
    picture = np.full((700, 1200), 255, np.uint8)
    for x in XS:
        cv2.line(picture, (x, YS[0]), (x, YS[-1]), 0, weight)
    for i, y in enumerate(YS):
        dotted = dash and 0 < i < len(YS) - 1
        for x in range(XS[0], XS[-1], dash or 1):
            if not dotted:
                cv2.line(picture, (XS[0], y), (XS[-1], y), 0, weight)
                break
            cv2.line(picture, (x, y), (x + dash // 2 - 1, y), 0, 2)
    for x in XS[:-1]:
        for y in YS[:-1]:
            cv2.putText(picture, "1234 ab", (x + 30, y + 52), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 0, 3)
    return picture


def rules_of(picture: Array) -> tuple[list[int], list[int]]:
    """Places of the horizontal and the vertical rules found, in pixels."""
    rules = find_rules(picture < 160, SCALE)
    return sorted(round(y) for y in rules.horizontal[:, 2]), sorted(round(x) for x in rules.vertical[:, 2])


def near(found: list[int], places: tuple[int, ...]) -> bool:
    """Is there one rule at each place, and no other?"""
    return len(found) == len(places) and all(abs(a - b) <= 3 for a, b in zip(found, places, strict=True))


@pytest.mark.parametrize("weight", [1, 2, 5])
def test_rules_are_found_and_print_is_none(weight: int) -> None:
    horizontal, vertical = rules_of(grid(weight))
    assert near(horizontal, YS) and near(vertical, XS)


def test_dotted_rows_are_rules() -> None:
    horizontal, vertical = rules_of(grid(dash=8))
    assert near(horizontal, YS) and near(vertical, XS)


@pytest.mark.parametrize("pitch", [2, 4, 6])
def test_a_table_of_nothing_but_dotted_rules_is_seen(pitch: int) -> None:
    picture = np.full((600, 1200), 255, np.uint8)
    places = np.arange(1200) % pitch < pitch / 2
    for y in YS:
        picture[y : y + 2, XS[0] : XS[-1]][:, places[XS[0] : XS[-1]]] = 0
    for x in XS:
        picture[YS[0] : YS[-1], x : x + 2][places[YS[0] : YS[-1]]] = 0
    horizontal, vertical = rules_of(picture)
    assert near(horizontal, YS) and near(vertical, XS)
    assert not straightened(picture, SCALE).plain[:, ::5].min() < 160


def test_short_dotted_columns_are_rules_though_dotted_rows_cross_them() -> None:
    """Of a table turned on its side the columns are short, their dots close together."""
    picture = np.full((400, 1200), 255, np.uint8)
    dots = np.arange(1200) % 6 < 3
    rows, columns = (100, 145, 190), (100, 400, 700, 1000)
    for y in rows:
        picture[y : y + 3, 100:1003][:, dots[100:1003]] = 0
    for x in columns:
        picture[100:193, x : x + 3][dots[100:193]] = 0
    horizontal, vertical = rules_of(picture)
    assert near(horizontal, rows) and near(vertical, columns)


def test_strokes_of_letters_in_low_rows_are_no_rules() -> None:
    picture = grid()
    cv2.line(picture, (250, YS[0] + 10), (250, YS[1] - 10), 0, 2)
    _, vertical = rules_of(picture)
    assert near(vertical, XS)


@pytest.mark.parametrize("room", [4, 6])
def test_letters_that_fill_a_low_row_are_no_rules(room: int) -> None:
    """A 計 or 件 as high as its row: its upright stroke is crossed by others, and stops short of the rules."""
    picture = grid()
    for y in range(YS[0] + 40, YS[-1], 40):
        cv2.line(picture, (XS[0], y), (XS[-1], y), 0, 2)
        for x in (130, 430, 730):
            picture[y - 38 : y - 2, x - 20 : x + 60] = 255
            cv2.line(picture, (x, y - 38 + room), (x, y - 6), 0, 3)
            cv2.line(picture, (x - 12, y - 22), (x + 12, y - 22), 0, 2)
    _, vertical = rules_of(picture)
    assert near(vertical, XS)


def test_short_rules_that_letters_touch_are_found() -> None:
    picture = grid()
    cv2.line(picture, (320, YS[0]), (320, YS[1]), 0, 2)
    cv2.line(picture, (310, YS[0] + 30), (330, YS[0] + 30), 0, 3)
    _, vertical = rules_of(picture)
    assert near(vertical, (XS[0], 320, *XS[1:]))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_rules_turn_with_their_picture(turn: int) -> None:
    picture = grid()
    picture[YS[0] - 20 : YS[1] - 5, XS[0] - 20 : XS[1] - 5] = 255  # nothing symmetrical
    turned = np.ascontiguousarray(np.rot90(picture, -turn // 90))
    upright, back = find_rules(picture < 160, SCALE), find_rules(turned < 160, SCALE).turned_back(turn)
    for one, other in ((upright.horizontal, back.horizontal), (upright.vertical, back.vertical)):
        assert len(one) == len(other) and all(np.abs(other[:, :3] - r[:3]).max(axis=1).min() < 4 for r in one)
    assert (upright.mask == back.mask).mean() > 0.99


def test_broken_and_faint_rules_are_found() -> None:
    picture = grid(2)
    picture[:, 130::61] = np.where(picture[:, 130::61] == 0, 255, picture[:, 130::61])
    picture[picture == 0] = 110
    horizontal, vertical = rules_of(picture)
    assert near(horizontal, YS) and near(vertical, XS)


@pytest.mark.parametrize("seed", range(4))
def test_rules_that_are_worn_away_in_places_are_found(seed: int) -> None:
    """White spots as large as the rules are thick, on rules only; all cells stay as they are."""
    picture, bare = grid(), grid()
    random = np.random.default_rng(seed)
    for x in XS[:-1]:
        for y in YS[:-1]:
            bare[y + 8 : y + 72, x + 8 : x + 292] = 255
    worn = cv2.resize((random.random((140, 240)) < 0.08).astype(np.uint8), (1200, 700), interpolation=cv2.INTER_NEAREST)
    picture[(bare < 255) & (worn > 0)] = 255
    rules = find_rules(picture < 160, SCALE)
    for found, places, (first, *_, last) in ((rules.horizontal, YS, XS), (rules.vertical, XS, YS)):
        assert all(min(abs(run[2] - place) for place in places) <= 3 for run in found)
        for place in places:
            runs = found[np.abs(found[:, 2] - place) <= 3]
            assert (runs[:, 1] - runs[:, 0]).max() > 0.9 * (last - first)


def test_a_cell_over_two_rows_stays_one_on_a_worn_page() -> None:
    picture = grid()
    picture[YS[2] - 3 : YS[2] + 4, XS[1] + 3 : XS[2] - 2] = 255
    picture[YS[3] - 3 : YS[3] + 4, 150:162] = 255
    rules = find_rules(picture < 160, SCALE)
    assert any(abs(x1 - XS[1]) < 6 and abs(y - YS[2]) < 3 for _, x1, y, _ in rules.horizontal)
    assert any(x0 < XS[0] + 4 and x1 > XS[-1] - 4 and abs(y - YS[3]) < 3 for x0, x1, y, _ in rules.horizontal)


def test_print_that_touches_a_rule_stays() -> None:
    picture = grid()
    cv2.putText(picture, "8", (XS[1] - 8, YS[1] + 52), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 0, 3)
    raster = straightened(picture, SCALE)
    place = raster.plain[YS[1] + 20 : YS[1] + 60, XS[1] - 20 : XS[1] + 30]
    assert (place < 160).sum() > 60
    assert (raster.plain[YS[1], XS[0] : XS[-1]] < 160).mean() < 0.02


@settings(max_examples=8)
@given(st.floats(-2.5, 2.5))
def test_a_page_askew_is_put_straight(angle: float) -> None:
    turn = cv2.getRotationMatrix2D((600, 350), -angle, 1.0)
    picture = cv2.warpAffine(grid(), turn, (1200, 700), borderValue=255)
    assert skew_of(picture < 160) == pytest.approx(angle, abs=0.16)
    raster = straightened(picture, SCALE)
    assert len(raster.rules.horizontal) == len(YS) and len(raster.rules.vertical) == len(XS)


@settings(max_examples=20)
@given(st.floats(-2.5, 2.5), st.floats(20, 400), st.floats(20, 230))
def test_boxes_find_their_way_back_to_the_page(angle: float, x: float, y: float) -> None:
    turn = cv2.getRotationMatrix2D((600, 350), -angle, 1.0)
    raster = straightened(cv2.warpAffine(grid(), turn, (1200, 700), borderValue=255), SCALE)
    if not raster.skew:
        return
    box = raster.displayed(BBox(x, y, x + 10, y + 5))
    straight = np.array([x + 5, y + 2.5]) * SCALE
    expected = turn @ np.array([*straight, 1.0]) / SCALE
    assert np.abs(expected - box.center).max() < 1.0


def test_a_bent_page_is_made_flat_and_boxes_find_their_way_back() -> None:
    """As beside a book's spine: the right end of every row rises, the more the nearer it is to the spine."""
    y, x = np.mgrid[0:700, 0:1200].astype(np.float32)
    rise = 16 * np.exp(-(1200 - x) / 250)
    bent = cv2.remap(grid(), x, y + rise, cv2.INTER_LINEAR, borderValue=255)
    raster = straightened(bent, SCALE)
    rows = sorted(raster.rules.horizontal[:, 2])
    assert len(rows) == len(YS) and len(raster.rules.vertical) == len(XS)
    assert all(x1 - x0 > 0.98 * (XS[-1] - XS[0]) for x0, x1, *_ in raster.rules.horizontal)
    for at in (150, 600, 980):
        box = raster.displayed(BBox(at / SCALE - 2, rows[2] / SCALE - 2, at / SCALE + 2, rows[2] / SCALE + 2))
        px, py = (round(v * SCALE) for v in box.center)
        assert bent[py - 3 : py + 4, px].min() < 160


def test_a_flat_page_is_not_bent() -> None:
    assert straightened(grid(), SCALE).bend is None


def test_shadow_becomes_paper_and_ink_stays() -> None:
    light = np.linspace(0.45, 1.0, 1200)
    shaded = (grid() * light).astype(np.uint8)
    flat = flattened(shaded)
    assert (flat[600, ::7] > 230).mean() > 0.95
    assert flat[YS[0], XS[0] + 50] < 80 and flat[YS[0], XS[-1] - 50] < 80


def test_a_clean_page_is_left_alone() -> None:
    assert flattened(grid()) is not None
    assert np.array_equal(flattened(grid()), grid())


def test_lines_of_a_cell_are_told_apart_and_small_strokes_belong_to_theirs() -> None:
    ink = np.zeros((120, 200), bool)
    ink[10:18, 20:60] = ink[30:38, 20:60] = True  # 二: two strokes of one letter
    ink[70:100, 20:60] = True
    assert line_spans(ink, 30) == [(10, 38), (70, 100)]


def test_specks_and_remains_of_rules_go() -> None:
    picture = np.full((60, 200), 255, np.uint8)
    picture[20:45, 50:60] = 0
    picture[:, 0:2] = 0
    picture[5, 150] = 0
    result = cleaned(picture, SCALE)
    assert (result[20:45, 50:60] == 0).all()
    assert result[:, 0:2].min() == 255 and result[5, 150] == 255


def test_white_print_on_black_is_turned_over() -> None:
    picture = np.full((40, 100), 30, np.uint8)
    picture[10:30, 40:60] = 250
    assert on_white(picture)[20, 50] < 60 and on_white(picture)[5, 5] > 200


def test_wide_gaps_between_letters_are_narrowed() -> None:
    line = np.full((30, 600), 255, np.uint8)
    line[5:25, 10:30] = line[5:25, 500:520] = 0
    assert tight(line, 20).shape[1] < 120


def test_vertical_print_is_laid_flat_from_the_right() -> None:
    picture = np.full((200, 120), 255, np.uint8)
    for i, y in enumerate((10, 50, 90)):
        picture[y : y + 24, 80:104] = 0
        if i < 2:
            picture[y : y + 24, 20:44] = 0
    first, second = laid_flat(picture, 26)
    assert first.shape[1] > second.shape[1] > first.shape[0]


@pytest.mark.parametrize("grain", [0.0, 5.0])
def test_rules_lighter_than_ink_are_found(grain: float) -> None:
    """Hairlines that a scanner makes light grey: no ink, but they go on and on."""
    picture = grid(2).astype(np.float32)
    rules = grid(2) < 160
    rows = np.isin(np.arange(700), [y + d for y in YS for d in (-1, 0, 1)])[:, None]
    for x in XS[:-1]:
        rules[:, x + 11 : x + 295] &= rows
    picture[rules] = 215
    picture = np.clip(picture + np.random.default_rng(3).normal(0, grain, picture.shape), 0, 255)
    light = np.asarray(picture, np.uint8)
    rules_found = find_rules(light < 160, SCALE, faint_lines(light, SCALE))
    assert near(sorted(round(y) for y in rules_found.horizontal[:, 2]), YS)
    assert near(sorted(round(x) for x in rules_found.vertical[:, 2]), XS)
    assert len(find_rules(light < 160, SCALE).horizontal) == 0


def test_a_light_streak_down_the_page_is_no_rule() -> None:
    picture = grid()
    picture[:, 560:562] = 215  # dirt on the scanner's glass
    found = find_rules(picture < 160, SCALE, faint_lines(picture, SCALE))
    assert near(sorted(round(x) for x in found.vertical[:, 2]), XS)


def test_a_pale_streak_that_is_found_in_parts_is_no_rule() -> None:
    picture = grid()
    picture[:, 560:562] = np.where(np.arange(700) % 230 < 170, 150, 225)[:, None]
    found = find_rules(picture < 160, SCALE, faint_lines(picture, SCALE))
    assert near(sorted(round(x) for x in found.vertical[:, 2]), XS)


def test_a_dark_streak_or_fold_from_edge_to_edge_is_no_rule_and_goes() -> None:
    picture = grid()
    picture[:, 560:562] = 40
    picture[310:312, :] = 40
    raster = straightened(picture, SCALE)
    assert near(sorted(round(x) for x in raster.rules.vertical[:, 2]), XS)
    assert near(sorted(round(y) for y in raster.rules.horizontal[:, 2]), YS)
    assert (raster.plain[600:, 555:567] < 160).sum() == 0 and (raster.plain[306:316, :90] < 160).sum() == 0


def test_rules_of_a_table_cut_out_to_its_very_frame_stay() -> None:
    picture = grid()[YS[0] - 3 : YS[-1] + 3, XS[0] - 3 : XS[-1] + 3]
    horizontal, vertical = rules_of(picture)
    assert near(horizontal, tuple(y - YS[0] + 3 for y in YS)) and near(vertical, tuple(x - XS[0] + 3 for x in XS))


@pytest.mark.parametrize("grey", [30, 255])
@pytest.mark.parametrize("y", [224, 246, 300, 440])
def test_a_punch_hole_on_a_table_s_edge_makes_no_rules(grey: int, y: int) -> None:
    picture = grid()
    cv2.circle(picture, (XS[0], y), 24, grey, -1)
    raster = straightened(picture, SCALE)
    assert near(sorted({round(x) for x in raster.rules.vertical[:, 2]}), XS)
    assert near(sorted({round(y) for y in raster.rules.horizontal[:, 2]}), YS)
    covered = np.zeros(700, bool)
    for top, bottom, *_ in raster.rules.vertical[raster.rules.vertical[:, 2] < XS[0] + 5]:
        covered[round(top) : round(bottom)] = True
    assert covered[YS[0] + 2 : YS[-1] - 2].all()
    assert (raster.plain[y - 24 : y + 24, XS[0] - 24 : XS[0] + 24] < 160).mean() < 0.02
    assert all(x0 < XS[0] + 4 for x0 in raster.rules.horizontal[:, 0])


def test_tables_one_below_the_other_stay_two() -> None:
    picture = grid()
    picture = np.vstack([picture[: YS[2] + 2], np.full((40, 1200), 255, np.uint8), picture[YS[3] - 2 :]])
    vertical = straightened(picture, SCALE).rules.vertical
    assert not ((vertical[:, 0] < YS[2] - 20) & (vertical[:, 1] > YS[2] + 60)).any()
