"""Letters that print alike, told apart by their neighbours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from report_extract.text.confusables import disambiguated
from report_extract.text.normalize import confusable_key

ALIKE = "力カ口ロ二ニ夕タ卜ト工エ八ハへヘ一ー-|ブプ日目月年0Oo"


@given(st.text(alphabet=ALIKE + "あイ漢市部件1件。 \ufffd", max_size=40))
def test_each_letter_stays_in_its_place(read: str) -> None:
    assert len(disambiguated(read)) == len(read)


@given(st.text(alphabet="力カ口ロ二ニ夕タ卜ト工エ八ハ市部あイ", max_size=20))
def test_none_becomes_a_letter_of_another_shape(read: str) -> None:
    assert confusable_key(disambiguated(read)) == confusable_key(read)
