"""Tables told by the order in which they were drawn: cell by cell, however close the columns stand."""

from __future__ import annotations

from report_extract.core.model import Page, Table
from report_extract.tables.find import find_tables

from .pages import text_chars
from .typed import page_with

Placed = tuple[str, float, float]
Rules = list[tuple[float, float, float, float]]


def page(*texts: Placed, rules: Rules | None = None) -> Page:
    """A page on which texts were drawn at (x, top), one after the other."""
    return page_with([text_chars(said, x, top) for said, x, top in texts], rules or [])


def said(table: Table) -> list[list[str]]:
    return [[cell.text.replace(" ", "") if cell else "?" for cell in row] for row in table.grid()]


CASES: list[Placed] = [
    ("No.", 60, 86), ("保有課", 85, 86), ("目的", 130, 86), ("個人情報の内容", 190, 86),
    ("1", 60, 106), ("高齢者", 85, 100), ("支援課", 85, 112), ("調査票の", 124, 100), ("送付", 124, 112),
    ("氏名、住所、生", 170, 100), ("年月日", 170, 112),
    ("2", 60, 136), ("収納課", 85, 136), ("対象者の", 124, 130), ("抽出", 124, 142), ("氏名", 170, 136),
]  # fmt: skip


def test_cells_that_wrap_stay_whole_beside_one_another() -> None:
    (table,) = find_tables(page(*CASES))
    assert said(table) == [
        ["No.", "保有課", "目的", "個人情報の内容"],
        ["1", "高齢者支援課", "調査票の送付", "氏名、住所、生年月日"],
        ["2", "収納課", "対象者の抽出", "氏名"],
    ]


def test_the_first_lines_of_a_lone_record_are_no_headings() -> None:
    (table,) = find_tables(page(*CASES[:11], rules=[(60, 97, 245, 97), (60, 126, 245, 126)]))
    assert said(table)[1] == ["1", "高齢者支援課", "調査票の送付", "氏名、住所、生年月日"]


def test_a_label_in_the_middle_of_its_rows_spans_them() -> None:
    rows: list[Placed] = [("部", 70, 80), ("課", 130, 80), ("利用", 200, 80), ("提供", 250, 80)]
    for i, (label, *divisions) in enumerate((("総務部", "総務課", "人事課", "契約課"), ("福祉部", "福祉課", "介護課"))):
        top = 100 + 60 * i
        rows.append((label, 60, top + 10 * (len(divisions) - 1)))
        for k, name in enumerate(divisions):
            rows += [(name, 120, top + 20 * k), (str(k + 1), 210, top + 20 * k), (str(3 * k + 2), 260, top + 20 * k)]
    (table,) = find_tables(page(*rows))
    assert [row[:2] for row in said(table)[1:]] == [
        ["総務部", "総務課"], ["総務部", "人事課"], ["総務部", "契約課"], ["福祉部", "福祉課"], ["福祉部", "介護課"],
    ]  # fmt: skip


def test_headings_that_all_but_touch_are_told_apart() -> None:
    heads = [("機関名", 60, 80), ("本年度", 150, 80), ("前年度", 181, 80), ("本年度", 212, 80)]
    rows = [
        (t, x, 100 + 20 * i)
        for i, row in enumerate((("総務部", "1", "2", "3"), ("福祉部", "4", "5", "9"), ("合計", "5", "7", "12")))
        for t, x in zip(row, (60, 160, 191, 222), strict=True)
    ]
    (table,) = find_tables(page(*heads, *rows))
    assert said(table)[0] == ["機関名", "本年度", "前年度", "本年度"]


def test_a_blank_of_full_width_makes_no_column() -> None:
    rows: list[Placed] = [("根拠規定", 120, 80), ("件数", 300, 80)]
    rows += [
        ("法令に基づく場合（第1項）", 60, 100),
        ("5", 310, 100),
        ("統計の作成又は学術研究の目的", 60, 120),
        ("2", 310, 120),
    ]
    rows += [("第1号", 60, 140), ("本人の同意", 95, 140), ("3", 310, 140)]
    rows += [("第2号", 60, 160), ("所掌事務の遂行に必要な", 95, 160), ("限度での利用", 60, 172), ("7", 310, 166)]
    (table,) = find_tables(page(*rows))
    assert [row[0] for row in said(table)[3:]] == ["第1号本人の同意", "第2号所掌事務の遂行に必要な限度での利用"]


def test_two_tables_side_by_side_are_two() -> None:
    left = [(t, x, 80 + 20 * i) for i, r in enumerate((("部局", "件数"), ("総務部", "1"), ("会計", "2"), ("合計", "3")))
            for t, x in zip(r, (60, 130), strict=True)]  # fmt: skip
    right = [(t, x, 80 + 20 * i) for i, r in enumerate((("根拠", "件数"), ("法令", "1"), ("同意", "2"), ("合計", "3")))
             for t, x in zip(r, (300, 380), strict=True)]  # fmt: skip
    found = find_tables(page(*left, *right))
    assert sorted(said(t)[1][0] for t in found) == ["法令", "総務部"]


def test_rules_between_columns_alone_do_not_tear_a_label() -> None:
    rows: list[Placed] = [("No.", 62, 80), ("機関名", 110, 80), ("利用", 202, 80), ("提供", 252, 80)]
    names = [("総務部",), ("固定資産評価審", "査委員会"), ("市民病院",), ("合計",)]
    for i, lines in enumerate(names):
        top = 104 + 30 * i
        rows += [(str(i + 1), 62, top), *((n, 90, top + 12 * k - 6 * (len(lines) - 1)) for k, n in enumerate(lines))]
        rows += [(str(i), 212, top), (str(25 * i), 256, top)]
    edges = [58.0, 84.0, 196.0, 246.0, 296.0]
    rules: Rules = [*((x, 76, x, 212) for x in edges), *((58, y, 296, y) for y in (76, 95, 212))]
    (table,) = find_tables(page(*rows, rules=rules))
    assert ["2", "固定資産評価審査委員会", "1", "25"] in said(table)


def test_cells_that_wrap_may_be_drawn_after_all_others() -> None:
    single = [("No.", 60, 86), ("保有課", 85, 86), ("目的", 130, 86), ("個人情報の内容", 190, 86), ("1", 60, 106)]
    single += [("2", 60, 136), ("収納課", 85, 136), ("氏名", 170, 136)]
    (table,) = find_tables(page(*single, *(text for text in CASES if text not in single)))
    assert said(table)[1:] == [
        ["1", "高齢者支援課", "調査票の送付", "氏名、住所、生年月日"],
        ["2", "収納課", "対象者の抽出", "氏名"],
    ]


def test_a_cell_drawn_before_its_row_is_put_into_it() -> None:
    """№ comes from another font, and is drawn before the caption above its table."""
    first = [("№", 60, 86), ("3 協議の状況", 60, 60)]
    (table,) = find_tables(page(*first, *CASES[1:]))
    assert said(table)[0] == ["№", "保有課", "目的", "個人情報の内容"]


def test_letters_that_a_rule_parts_are_two_cells() -> None:
    texts = (("番号", "機関名", "件数"), ("1", "総務課", "3"), ("2", "議会", "5"))
    rows = [(t, x, 80 + 20 * i) for i, r in enumerate(texts) for t, x in zip(r, (60, 82, 150), strict=True)]
    rows[3] = ("1", 76, 100)
    (table,) = find_tables(page(*rows, rules=[(81.5, 70, 81.5, 140)]))
    assert said(table)[1] == ["1", "総務課", "3"]


def test_the_white_that_a_font_leaves_in_a_word_parts_no_headings() -> None:
    heads = [("機関名", 60, 80), ("目", 142, 80), ("的外の利用", 153.6, 80), ("外部提供", 209, 80)]
    rows = [
        (t, x, 100 + 20 * i)
        for i, row in enumerate(
            (("総務部", "総務課", "1", "2"), ("福祉部", "福祉課", "4", "5"), ("合計", "", "5", "7"))
        )
        for t, x in zip(row, (60, 105, 190, 240), strict=True)
        if t
    ]
    (table,) = find_tables(page(*heads, *rows))
    assert said(table)[0][-2:] == ["目的外の利用", "外部提供"]


def test_forms_one_below_the_other_are_tables_of_their_own() -> None:
    labels, texts = ("No.", "保有課", "事業名", "目的", "判断"), ("市民課", "調査", "名簿作成のため", "適当")
    forms = [
        (said, x, 80 + 120 * n + 14 * i)
        for n in range(2)
        for i, pair in enumerate(zip(labels, (str(n + 1), *texts), strict=True))
        for said, x in zip(pair, (60, 140), strict=True)
    ]
    tables = find_tables(page(*forms))
    assert [said(table)[0] for table in tables] == [["No.", "1"], ["No.", "2"]]
