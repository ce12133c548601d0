"""Cases numbered 1..n: what is said of their numbers, which are restored, and where a heading may be lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.checks.balance import balance
from report_extract.core.geometry import BBox
from report_extract.core.model import Cell, Check, Dataset, Finding
from report_extract.profile.load import load

from .figures import dataset

PROFILE = load("personal-data-use")
FIELDS = ["use_type:choice", "paragraph:integer", "item:integer", "number:integer", "project:text"]
Rows = Sequence[tuple[str, str]]  # what a case stands under (use, or use/paragraph/item), and its number


def numbered(
    rows: Rows, by: str = "pdfium", unsure: Sequence[int] = (), boxes: Sequence[tuple[int, BBox]] = ()
) -> tuple[list[Cell], list[Check], tuple[Finding, ...], Dataset]:
    """What became of the numbers of a report's cases, and what is said of them."""
    texts = [[*under.split("/"), *["2", "2"][under.count("/") :], number, "事業"] for under, number in rows]
    data = dataset("consultations", FIELDS, texts, by)
    made = []
    for r, row in enumerate(data.rows):
        page, box = boxes[r] if boxes else (1, BBox(50, 100 + 15.0 * r, 70, 115 + 15.0 * r))
        cell = replace(row["number"], page=page, bbox=box) if "number" in row else None
        if cell and r in unsure:
            cell = cell.doubted("unsure-reading", cell.text)
        made.append({**row, **({"number": cell} if cell else {})})
    (done,), checks, findings = balance([replace(data, rows=tuple(made))], (), (), PROFILE)
    cells = [row["number"] for row in done.rows if "number" in row]
    return cells, [c for c in checks if c.check == "consultations.numbering"], findings, done


def one_use(
    numbers: str, by: str = "pdfium", unsure: Sequence[int] = ()
) -> tuple[list[Cell], Check, tuple[Finding, ...]]:
    cells, (check,), findings, _ = numbered([("internal_use", n) for n in numbers.split()], by, unsure)
    return cells, check, findings


def test_numbers_without_a_gap_pass_use_by_use_and_need_no_words() -> None:
    _, checks, findings, _ = numbered([("internal_use", "1"), ("internal_use", "2"), ("external_provision", "1")])
    said = [(c.scope, c.status, c.expected, c.actual, c.note, len(c.places)) for c in checks]
    assert said == [("internal_use", "pass", "", "", "", 2), ("external_provision", "pass", "", "", "", 1)]
    assert checks[1].places == (("consultations", 2, "number"),)
    assert findings == ()


@pytest.mark.parametrize("start", ["use", "paragraph", "item", "never"])
def test_numbers_start_anew_where_the_report_lets_them(start: str) -> None:
    places = [f"{use}/{p}/{i}" for use in ("internal_use", "external_provision") for p in "12" for i in "12"]
    seen: dict[str, int] = {}
    rows = []
    for under in (p for p in places for _ in range(2)):
        head = "/".join(under.split("/")[: ["never", "use", "paragraph", "item"].index(start)])
        seen[head] = seen.get(head, 0) + 1
        rows.append((under, str(seen[head])))
    cells, checks, findings, _ = numbered(rows)
    assert {c.status for c in checks} == {"pass"} and not findings
    assert [c.scope for c in checks] == (
        ["internal_use"] if start == "never" else ["internal_use", "external_provision"]
    )
    assert not any(c.doubts for c in cells)


def test_of_two_ways_that_agree_alike_the_one_that_starts_anew_least_often_is_taken() -> None:
    _, (check,), _, _ = numbered([("internal_use/1/1", "1"), ("internal_use/1/2", "3"), ("internal_use/1/2", "3")])
    assert (check.expected, check.actual) == ("1..3", "1,3,3")


def test_a_report_without_numbers_is_not_asked_for_any() -> None:
    assert numbered([("internal_use", ""), ("internal_use", "")])[1] == []
    assert numbered([("internal_use", "-"), ("internal_use", "-")])[1] == []  # the dataset has no such cells
    cells, checks, _, _ = numbered([("internal_use", "1"), ("internal_use", "-"), ("internal_use", "2")])
    assert [c.status for c in checks] == ["pass"] and len(cells) == 2
    assert [p[1] for p in checks[0].places] == [0, 2]


@pytest.mark.parametrize(
    ("numbers", "kinds"),
    [
        ("1 2 4 5", ["missing-row"]),
        ("1 2 2 3", ["doubled-row"]),
        ("1 2 2 5", ["doubled-row"]),
        ("2 3", ["missing-row"]),
        ("1 3 2 4", []),
        ("1 5 3", []),
        ("1 2 x 5", ["missing-row"]),
        ("x y", []),
    ],
)
def test_what_the_numbers_say_of_the_rows(numbers: str, kinds: list[str]) -> None:
    cells, check, findings = one_use(numbers)
    said = numbers.split()
    wrong = [i for i, n in enumerate(said) if n != str(i + 1)]
    assert (check.status, check.expected, check.actual) == ("fail", f"1..{len(said)}", ",".join(said))
    assert check.note == "" and check.scope == "internal_use"
    assert [f.kind for f in findings] == kinds
    for finding in findings:
        assert finding.values == (f"No. {','.join(said)}",)
        assert (finding.page, finding.bbox, finding.scope) == (1, cells[wrong[0]].bbox, "consultations")
    doubts = {i: [d.values for d in c.doubts if d.kind == "unbalanced"] for i, c in enumerate(cells)}
    assert {i: v for i, v in doubts.items() if v} == {i: [("番号の並び", str(i + 1))] for i in wrong}
    assert [c.text for c in cells] == said  # a text layer is never changed


def test_an_unread_number_is_a_question_mark() -> None:
    _, (check,), findings, _ = numbered([("internal_use", n) for n in ("1", "", "4")])
    assert check.actual == "1,?,4"
    assert findings[0].values == ("No. 1,?,4",)


@pytest.mark.parametrize(
    ("numbers", "unsure", "right"),
    [
        ("1 7 3", (), True),
        ("7 2", (), True),  # as many that are right as contradict
        ("5 6 3", (), False),  # more that contradict than are right
        ("5 6 3", (0,), True),  # what is doubtful contradicts nobody
        ("x y 3", (), True),
        ("x y z", (), False),
        ("1 2 4 5", (), False),
        ("1 2 4", (), False),  # after the last that is right, only what was not read
        ("1 2 x", (), True),
        ("1 x y", (), False),
        ("1 2 4", (2,), False),
    ],
)
def test_a_misread_number_is_restored_where_the_others_leave_no_choice(
    numbers: str, unsure: tuple[int, ...], right: bool
) -> None:
    cells, check, findings = one_use(numbers, "rapidocr", unsure)
    said = numbers.split()
    wrong = [i for i, n in enumerate(said) if n != str(i + 1)]
    if right:
        assert check.status == "repaired" and not findings
        assert check.note == "前後の番号から復元: " + "、".join(f"「{said[i]}」→{i + 1}" for i in wrong)
        assert (check.expected, check.actual) == (f"1..{len(said)}", ",".join(said))
        assert [c.text for c in cells] == [str(i + 1) for i in range(len(said))]
        assert [c.status for c in cells] == ["repaired" if i in wrong else "ok" for i in range(len(said))]
        assert {cells[i].readings[-1].note for i in wrong} == {"前後の番号の続きから"}
        assert {(cells[i].readings[-1].by, cells[i].raw) for i in wrong} == {("sequence", said[i]) for i in wrong}
    else:
        assert check.status == "fail"
        assert all(cells[i].status == "review" for i in wrong if cells[i].text == said[i])
        assert all(cells[i].text in (said[i], str(i + 1)) for i in wrong)


def test_a_number_that_was_restored_in_vain_is_told_of_the_first_that_was_not() -> None:
    cells, check, (finding,) = one_use("1 x 3 5 6", "rapidocr")
    assert check.status == "fail" and [c.text for c in cells] == ["1", "2", "3", "5", "6"]
    assert (finding.kind, finding.bbox) == ("missing-row", cells[3].bbox)


def test_of_two_runs_the_worse_decides_and_both_are_quoted() -> None:
    rows = [
        (f"internal_use/{p}/1", n) for p, n in (("1", "1"), ("1", "x"), ("1", "3"), ("2", "1"), ("2", "y"), ("2", "3"))
    ]
    _, (check,), _, _ = numbered(rows, "rapidocr")
    assert check.status == "repaired"
    assert check.note == "前後の番号から復元: 「x」→2。前後の番号から復元: 「y」→2"
    assert (check.expected, check.actual) == ("1..3 1..3", "1,x,3 1,y,3")
    rows[2], rows[-1] = (rows[2][0], "4"), (rows[-1][0], "3")
    _, (check,), _, _ = numbered(rows, "pdfium")
    assert check.status == "fail"


def test_numbers_that_follow_settle_what_was_unsure_of_each_but_a_lone_one_does_not() -> None:
    cells, check, _ = one_use("1 2", "rapidocr", unsure=(1,))
    assert check.status == "pass" and [c.status for c in cells] == ["ok", "ok"]
    cells, check, _ = one_use("1", "rapidocr", unsure=(0,))
    assert check.status == "pass" and [c.status for c in cells] == ["review"]
    cells, check, _ = one_use("1 x 3", "rapidocr", unsure=(0,))
    assert check.status == "repaired" and cells[0].status == "ok"
    cells, check, _ = one_use("1 2 4 5", "rapidocr", unsure=(0,))
    assert check.status == "fail" and cells[0].status == "review"


def lost(numbers: str, by: str = "pdfium", boxes: Sequence[tuple[int, BBox]] = ()) -> list[int]:
    """The rows of which it is doubted under which use they stand."""
    *_, done = numbered([("internal_use", n if n != "~" else "") for n in numbers.split()], by, boxes=boxes)
    found = []
    for r, row in enumerate(done.rows):
        doubts = {name: [d.values for d in c.doubts if d.kind == "section-lost"] for name, c in row.items()}
        if any(doubts.values()):
            said = [(row["number"].raw,)]
            assert doubts == {"use_type": said, "paragraph": said, "item": said, "number": [], "project": []}
            found.append(r)
    return found


@pytest.mark.parametrize(
    ("numbers", "by", "rows"),
    [
        ("1 2 1 2", "pdfium", [2, 3]),
        ("1 2 1 2", "rapidocr", [2, 3]),
        ("1 2 2 3", "pdfium", [2, 3]),  # certain, and no higher than the one before
        ("1 2 2 3", "rapidocr", []),  # may be a misread 3
        ("1 2 4 3", "pdfium", [3]),
        ("1 2 4 5", "pdfium", []),
        ("1 2 x 2", "pdfium", []),  # nobody knows what stood before
        ("1 2 x 1", "pdfium", [3]),
        ("1 1 2", "pdfium", [1, 2]),
        ("1 2 ~ 4 9", "pdfium", []),
    ],
)
def test_where_numbers_start_anew_a_heading_may_be_lost(numbers: str, by: str, rows: list[int]) -> None:
    assert lost(numbers, by) == rows


@pytest.mark.parametrize(
    ("second", "apart"),
    [
        ((1, BBox(50, 115, 70, 130)), False),
        ((1, BBox(50, 117.9, 70, 130)), False),
        ((1, BBox(50, 118, 70, 133)), True),
        ((1, BBox(50, 85, 70, 97.1)), False),  # turned pages: the next row lies above, left or right
        ((1, BBox(50, 85, 70, 97)), True),
        ((1, BBox(72.9, 100, 90, 115)), False),
        ((1, BBox(73, 100, 90, 115)), True),
        ((1, BBox(30, 100, 47.1, 115)), False),
        ((1, BBox(30, 100, 47, 115)), True),
        ((2, BBox(50, 115, 70, 130)), True),
    ],
)
def test_an_unread_number_goes_on_where_the_cells_touch(second: tuple[int, BBox], apart: bool) -> None:
    boxes = [(1, BBox(50, 100, 70, 115)), second]
    cells, (check,), _, _ = numbered([("internal_use", "1"), ("internal_use", "x")], "rapidocr", boxes=boxes)
    assert (check.status, cells[1].text) == (("fail", "x") if apart else ("repaired", "2"))
    assert lost("1 x", "rapidocr", boxes) == ([1] if apart else [])
    assert lost("1 x", "pdfium", boxes) == []


@given(st.integers(2, 9), st.data())
@settings(max_examples=60)
def test_numbers_come_back_right_or_flagged(n: int, data: st.DataObject) -> None:
    """Up to half of the numbers misread: none that is wrong is taken for right."""
    misread = data.draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=max(1, n // 2)))
    texts = [str(i + 1) for i in range(n)]
    for i in misread:
        texts[i] = data.draw(st.sampled_from(["x", "", *(str(k) for k in range(1, 12) if k != i + 1)]))
    by = data.draw(st.sampled_from(["pdfium", "rapidocr"]))
    cells, (check,), _, _ = numbered([("internal_use", t) for t in texts], by)
    assert check.status != "pass"
    for i, cell in enumerate(cells):
        assert cell.text == str(i + 1) or cell.status == "review"
        assert cell.text in (texts[i], str(i + 1)) and (by == "rapidocr" or cell.text == texts[i])
        assert i in misread or cell.text == texts[i]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_runs_that_start_anew_item_by_item_pass(lengths: list[int]) -> None:
    rows = [(f"internal_use/2/{item}", str(i + 1)) for item, n in enumerate(lengths) for i in range(n)]
    cells, checks, findings, _ = numbered(rows)
    assert [c.status for c in checks] == ["pass"] and not findings
    assert not any(c.doubts for c in cells)
