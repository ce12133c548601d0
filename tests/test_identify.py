"""Whose report it is, and of which year: what names it wins, what is merely mentioned does not."""

from __future__ import annotations

import pytest

from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Identity, Line, Reading, Table
from report_extract.profile.identity import identify
from report_extract.text.gazetteer import by_code, check_digit, mentions, municipalities

BODY = "本市における、保有個人情報の目的外利用・外部提供の実施状況を取りまとめ報告します。"
PAST = (
    "令和4年度までは「{}個人情報保護条例(令和5年3月末廃止)」に基づき処理してきましたが、"
    "令和5年4月1日改正法の施行により変わりました。"
)


def lines(*texts: str, reader: str = "pdfium", page: int = 1) -> list[Line]:
    return [Line(page, BBox(50, 50 + 20 * i, 500, 62 + 20 * i), t, reader=reader) for i, t in enumerate(texts)]


def table(*rows: tuple[str, ...], header_rows: int = 1) -> Table:
    cells = tuple(
        Cell(1, BBox(10.0 * c, 10.0 * r, 10.0 * c + 10, 10.0 * r + 10), r, c, readings=(Reading(text, "pdfium"),))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Table(1, BBox(0, 0, 100, 100), 0, cells, header_rows=header_rows)


def said(identity: Identity) -> tuple[str, str, str]:
    cells = (identity.municipality_code, identity.municipality, identity.fiscal_year)
    code, name, year = (cell.text if cell else "" for cell in cells)
    return code, name, year


def sure(identity: Identity) -> tuple[bool, bool]:
    cells = (identity.municipality, identity.fiscal_year)
    municipality, year = (cell is not None and cell.status == "ok" for cell in cells)
    return municipality, year


def test_every_code_of_the_register_has_its_check_digit() -> None:
    assert all(check_digit(entry.code) for entry in municipalities())
    assert not check_digit("072045")
    assert not check_digit("72044")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("福島県いわき市", "072044"), ("東京都府中市役所", "132063"), ("広島県府中市", "342084"),
        ("福島県双葉郡大熊町", "075451"),
        ("札幌市中央区", "011011"), ("竜ヶ崎市", "082082"), ("会津若松市", "072028"),
        ("廿日市市", "342131"), ("⽔⼾市", "082015"),
    ],
)  # fmt: skip
def test_names_in_texts(text: str, code: str) -> None:
    (mention,) = mentions(text)
    assert [entry.code for entry in mention.entries] == [code]


def test_the_title_names_both() -> None:
    found = identify(lines("令和6年度いわき市における保有個人情報の目的外利用・外部提供の状況", BODY), [], "a.pdf")
    assert said(found) == ("072044", "いわき市", "2024")
    assert sure(found) == (True, True)
    assert found.fiscal_year is not None
    assert (found.fiscal_year.page, found.fiscal_year.bbox) == (1, BBox(50, 50, 500, 62))
    assert "令和6年度いわき市" in found.fiscal_year.raw


def test_running_text_names_the_city_where_the_title_does_not() -> None:
    found = identify(
        lines("保有個人情報の目的外利用・外部提供の実施状況報告(令和6年度実績)", BODY, PAST.format("いわき市"))
        + lines("福島県国民健康保険課からの依頼による。", "福島県", page=2),
        [table(("部等名", "目的外利用", "参考:R5実績"), ("福島県", "1件", "3件"))],
        "report.pdf",
    )
    assert said(found) == ("072044", "いわき市", "2024")
    assert sure(found)[1]


def test_receivers_in_cells_do_not_win() -> None:
    receivers = table(("提供先", "件数"), ("横浜市", "1"), ("川崎市", "2"), ("横浜市", "3"))
    found = identify(lines("令和6年度 個人情報保護制度の運用状況", "鎌倉市総務部総務課"), [receivers], "x.pdf")
    assert said(found)[:2] == ("142042", "鎌倉市")
    assert sure(found)[0]


def test_what_is_left_of_a_table_does_not_win() -> None:
    left = ["福島県国民健康保険課", "福島県", "横浜市総務部総務課", "関東信越厚生局", "1", "2", "3", "4", "5", "6"]
    found = identify(lines("目的外利用・外部提供の状況", BODY, PAST.format("いわき市"), *left), [], "x.pdf")
    cover = identify(lines("福島県", "目的外利用・外部提供の状況", PAST.format("いわき市")), [], "x.pdf")
    for one in (found, cover):  # the one sentence that names the city is too little: it is asked for
        assert said(one)[1] in ("", "いわき市")
        assert one.municipality is not None
        assert "いわき市" in [text for text, _ in one.municipality.readings[-1].alternatives] or sure(one)[0]


def test_nobody_is_named() -> None:
    found = identify(lines("令和6年度 目的外利用の状況", BODY), [table(("提供先", "件数"), ("横浜市", "1"))], "x.pdf")
    assert (found.municipality_code, found.municipality) == (None, None)
    assert said(found)[2] == "2024"


@pytest.mark.parametrize("name", ["いわき市_R6.pdf", "072044_2024.pdf", "07204-r6.pdf"])
def test_a_file_name_is_a_hint_and_no_more(name: str) -> None:
    found = identify(lines("目的外利用の状況", BODY), [], name)
    assert said(found)[:2] == ("072044", "いわき市")
    assert found.municipality is not None
    assert found.municipality.status == "review"


@pytest.mark.parametrize(
    ("texts", "code", "certain"),
    [
        (("令和6年度 東京都府中市 個人情報取扱状況報告",), "132063", True),
        (("府中市個人情報取扱状況報告 令和6年度", "広島県府中市府川町315番地"), "342084", True),
        (("府中市個人情報取扱状況報告 令和6年度", "広島県からの依頼によるもの"), "342084", False),
        (("府中市個人情報取扱状況報告 令和6年度",), "132063", False),
        (("札幌市中央区 個人情報取扱状況報告 令和6年度",), "011011", True),
        (("北海道伊達市 個人情報取扱状況報告 令和6年度",), "012335", True),
        (("東京都中央区の個人情報の利用状況 令和6年度",), "131024", True),
    ],
)
def test_namesakes(texts: tuple[str, ...], code: str, certain: bool) -> None:
    found = identify(lines(*texts), [], "x.pdf")
    assert found.municipality is not None
    if certain:
        assert said(found)[0] == code
    elif said(found)[0] != code:
        assert found.municipality.status == "review"
    assert (found.municipality.status == "ok") is certain


def test_a_prefecture_reports_too() -> None:
    found = identify(
        lines("令和6年度 福島県における保有個人情報の利用・提供の状況", "福島県総務部文書法務課"), [], "x.pdf"
    )
    assert said(found) == ("070009", "福島県", "2024")
    assert sure(found) == (True, True)


@pytest.mark.parametrize(
    ("texts", "year", "certain"),
    [
        (("令和6年度実績報告",), "2024", True),
        (("個人情報の利用状況(R6)", "令和6年度 件数"), "2024", True),
        (
            ("個人情報の利用状況について", "令和7年6月", "1 令和6年度の件数", "令和5年度までは別に集計した。"),
            "2024",
            True,
        ),
        (("令和7年度第1回審議会 資料", "個人情報の利用状況(令和6年度実績)"), "2024", True),
        (("個人情報の利用状況", "対象期間 令和6年4月1日から令和7年3月31日まで"), "2024", True),
        (("個人情報の利用状況", "令和7年6月"), "2024", False),
        (("令和元年度 個人情報の利用状況",), "2019", True),
        (("令和7年度版 個人情報保護制度年報", "1 令和6年度の運用状況"), "2024", True),
        (
            ("市では、令和6年度の目的外利用・外部提供の", "状況を公表します。令和5年度に条例を改正しました。"),
            "2024",
            True,
        ),
        (("個人情報の利用状況", "平成11年度に「計画」を策定し、外郭団体への派遣を進めた。"), "1999", False),
        (("2024年度 個人情報の利用状況",), "2024", True),
        (("令 和 ６ 年 度　個人情報の利用状況", "(参考 令和5年度)"), "2024", True),
        (("令和6年度 個人情報の利用状況(前年度比較)",), "2024", True),
    ],
)
def test_years(texts: tuple[str, ...], year: str, certain: bool) -> None:
    found = identify(lines(*texts), [], "x.pdf")
    assert said(found)[2] == (year if certain else "")  # unsure, it is asked for
    assert sure(found)[1] is certain


def test_a_title_that_got_into_a_table() -> None:
    swallowed = table(
        ("", "", "令和6年度", "個人情報の運用状況"), ("所属", "利用", "提供", "計"), ("那覇市役所", "1", "2", "3")
    )
    assert said(identify([], [swallowed], "x.pdf"))[2] == "2024"
    beside = table(("部局名", "目的外利用", "那覇市令和6年度"), ("総務部", "2件", "1件"), ("浦添市", "2件", "1件"))
    found = identify(lines("目的外利用・外部提供件数"), [beside], "x.pdf")
    assert said(found) == ("472018", "那覇市", "2024")
    assert sure(found)[0] is True
    compared = table(("部局名", "那覇市令和6年度", "浦添市令和6年度"), ("総務部", "2件", "1件"))
    assert sure(identify(lines("目的外利用・外部提供件数"), [compared], "x.pdf"))[0] is False


def test_the_year_of_a_table_with_two() -> None:
    heads = table(("部等名", "令和5年度", "令和6年度"), ("総務部", "1", "2"))
    found = identify(lines("いわき市の個人情報の利用状況"), [heads], "x.pdf")
    assert said(found)[2] == "2024"
    reversed_heads = table(("部等名", "R6", "R5(参考)"), ("総務部", "1", "2"))
    assert said(identify(lines("いわき市の個人情報の利用状況"), [reversed_heads], "x.pdf"))[2] == "2024"


def test_where_a_clinic_stands_is_not_whose_list_it_is() -> None:
    clinics = table(
        ("施設名", "住所", "電話"), ("浦田クリニック", "大分市花津留2丁目10番2号", "097-558-2020"), header_rows=0
    )
    found = identify(lines("緊急避妊に係る診療が可能な産婦人科医療機関等一覧"), [clinics], "x.pdf")
    assert found.municipality is None or not found.municipality.text


def test_the_base_year_of_prices_is_not_the_reports() -> None:
    text = "ある特定年次(現在の基準年次は平成17年)の価格でその他の年次の支出を評価する。"
    found = identify(lines("市民経済計算の概念と用語解説", text), [], "x.pdf")
    assert found.fiscal_year is None or not found.fiscal_year.text


def test_no_year_at_all() -> None:
    assert identify(lines("個人情報の利用状況", BODY), [], "x.pdf").fiscal_year is None


def test_a_misread_title_is_put_right_and_doubted() -> None:
    found = identify(
        lines("令和6年度 いわさ市 個人情報の利用状況報告", "令和6年度の件数", reader="rapidocr"), [], "x.pdf"
    )
    assert said(found) == ("072044", "いわき市", "2024")
    assert found.municipality is not None
    assert found.municipality.status == "review"


def test_one_recognised_digit_is_not_enough_for_a_year() -> None:
    once = identify(lines("令和6年度 個人情報の利用状況", reader="rapidocr"), [], "x.pdf")
    assert sure(once)[1] is False
    twice = identify(lines("令和6年度 個人情報の利用状況", "1 令和6年度の件数", reader="rapidocr"), [], "x.pdf")
    assert sure(twice)[1] is True


def test_wards_are_emitted_without_a_blank() -> None:
    assert by_code()["011011"].name == "札幌市 中央区"
    assert said(identify(lines("札幌市中央区の個人情報の利用状況"), [], "x.pdf"))[1] == "札幌市中央区"
