"""Text: what is emitted keeps the print, what is compared forgives it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_extract.text.normalize import closest, confusable_key, key, normal, similarity

# Everything that reports are made of, and what hostile or broken files put between it.
letters = st.text(
    st.sampled_from("合計市⺠課⻑髙﨑龍ｶﾞアがー-―～・･（）「」 　\n\r\t22①²AbＣ﹁⽔⼾\u200b\u3099\u00ad")
    | st.characters(),
    max_size=12,
)


@pytest.mark.parametrize(
    ("printed", "emitted"),
    [
        ("合　計", "合計"),
        ("合 計（件）", "合計(件)"),
        ("事\n務\n事\n業\n名", "事務事業名"),
        ("見守り\n支援", "見守り支援"),
        ("Windows\nServer 2019", "Windows Server 2019"),
        ("第1\n3号", "第13号"),
        ("総合  政策　部", "総合 政策 部"),
        ("市⺠課", "市民課"),
        ("⻄部⻑寿", "西部長寿"),
        ("⽔⼾市", "水戸市"),
        ("ｶﾞｿﾘﾝ", "ガソリン"),
        ("１，２３４", "1,234"),
        ("髙﨑", "髙﨑"),
        ("5¹", "5 1"),
        ("2 3", "2 3"),
        ("隠\u200bし", "隠し"),
        (" \n ", ""),
    ],
)
def test_emitted_form(printed: str, emitted: str) -> None:
    assert normal(printed) == emitted


@given(letters)
def test_forms_are_final(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert key(key(text)) == key(text)
    assert key(normal(text)) == key(text)
    assert confusable_key(key(text)) == confusable_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙﨑市", "高崎市"),
        ("龍ケ崎市", "竜ヶ崎市"),
        ("合　計", "合計"),
        ("4～5月", "4〜5月"),
        ("目的･内容", "目的・内容"),
        ("利用，提供", "利用、提供"),
    ],
)
def test_same_by_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_twins_only_for_recognised_text() -> None:
    assert key("電カ課") != key("電力課")
    assert confusable_key("電カ課") == confusable_key("電力課")
    assert confusable_key("市民部") != confusable_key("市民課")


def test_closest_tells_how_sure_it_is() -> None:
    match = closest("市民職", ["市民課", "市民協働部", "国保年金課"])
    assert match.candidate == "市民課"
    assert 0.6 < match.score < 0.7
    assert match.margin == pytest.approx(match.score - similarity("市民職", "市民協働部"))
    assert closest("電カ課", ["電力課"], recognised=True).score == 1
    assert closest("x", []) == ("", 0, 0)


@given(letters, st.lists(letters, max_size=4))
def test_closest_finds_what_is_there(text: str, others: list[str]) -> None:
    match = closest(text, [*others, text])
    assert match.score == 1
    assert key(match.candidate) == key(text)
    assert 0 <= match.margin <= 1
