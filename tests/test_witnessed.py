"""What tables of no known kind show of themselves: sums, differences, balances, ratios; never a false failure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_extract.checks.unknown import witnessed
from report_extract.cli.check import rechecked
from report_extract.core.model import Check, Dataset, Table
from report_extract.datasets.shape import shape_unknown
from report_extract.package.read import load_package
from report_extract.package.write import write_package

from .samples import extraction
from .test_shape import table

HEAD = ["地域", "男", "女", "計"]
AREAS = [
    HEAD,
    ["平", "1,024", "998", "2,022"],
    ["小名浜", "730", "761", "1,491"],
    ["勿来", "512", "530", "1,042"],
    ["常磐", "400", "418", "818"],
    ["合計", "2,666", "2,707", "5,373"],
]


def datasets(rows: Sequence[Sequence[str]], by: str = "pdfium", header_rows: int = 1) -> tuple[Dataset, ...]:
    return shape_unknown([table(rows, header_rows=header_rows, by=by)])


def checks(rows: Sequence[Sequence[str]], header_rows: int = 1) -> list[tuple[str, str, str]]:
    """Of each check what it is of, and how it came out."""
    found = witnessed(datasets(rows, header_rows=header_rows))[1]
    return [(c.check, c.scope, c.status) for c in found]


def test_each_total_is_a_check_with_its_figures_and_cells() -> None:
    found = {c.scope: c for c in witnessed(datasets(AREAS))[1]}
    total = found["表1 合計 男"]
    assert (total.expected, total.actual, total.status) == ("2666", "2666", "pass")
    assert total.places[0] == ("table_1", 4, "男")
    assert {place[1] for place in total.places} == {0, 1, 2, 3, 4}
    assert found["表1 計"].status == "pass"


def test_a_part_of_a_row_above_is_no_part_of_the_sum() -> None:
    rows = [
        ["エリア", "平成20年", "平成21年"],
        ["市街地", "1,216", "1,249"],
        ["うち北野", "160", "149"],
        ["神戸港", "146", "190"],
        ["有馬", "158", "147"],
        ["小計", "1,520", "1,586"],
        ["ルミナリエ", "336", "319"],
        ["合計", "1,856", "1,905"],
    ]
    scopes = {scope for _, scope, status in checks(rows) if status == "pass"}
    assert scopes == {f"表1 {name} 平成{year}年" for name in ("小計", "合計") for year in (20, 21)}


def test_a_heading_of_a_group_is_the_sum_of_what_stands_below_it() -> None:
    rows = [
        ["款", "項", "予算額", "前年度"],
        ["市民税", "", "300", "280"],
        ["", "個人", "200", "190"],
        ["", "法人", "100", "90"],
        ["固定資産税", "", "250", "240"],
        ["", "土地", "90", "95"],
        ["", "家屋", "160", "145"],
        ["歳入合計", "", "550", "520"],
    ]
    scopes = {scope for _, scope, status in checks(rows) if status == "pass"}
    assert {"表1 市民税 予算額", "表1 固定資産税 前年度", "表1 歳入合計 予算額"} <= scopes


def test_a_total_above_its_subtotals() -> None:
    rows = [
        ["園名", "学級数", "幼児数"],
        ["合計", "12", "330"],
        ["東灘区計", "5", "150"],
        ["魚崎", "3", "90"],
        ["御影", "2", "60"],
        ["兵庫区計", "3", "80"],
        ["くすのき", "3", "80"],
        ["北区計", "4", "100"],
        ["有野", "1", "30"],
        ["山田", "3", "70"],
    ]
    assert {scope for _, scope, _ in checks(rows)} >= {"表1 合計 学級数", "表1 東灘区計 幼児数"}


def test_totals_of_the_same_name_in_every_group() -> None:
    rows = [
        ["区", "性別", "人口", "世帯"],
        ["平", "男", "10", "4"],
        ["平", "女", "12", "5"],
        ["常磐", "男", "20", "7"],
        ["常磐", "女", "21", "9"],
        ["総数", "男", "30", "11"],
        ["総数", "女", "33", "14"],
    ]
    assert {scope for _, scope, _ in checks(rows)} >= {"表1 総数 男 人口", "表1 総数 女 世帯"}


def test_opening_changes_and_closing() -> None:
    rows = [
        ["基金", "前年度末現在高", "積立額", "取崩額", "年度末現在高"],
        ["財政調整", "1,200", "300", "150", "1,350"],
        ["減債", "500", "20", "0", "520"],
        ["地域福祉", "80", "5", "30", "55"],
    ]
    assert ("table.sum", "表1 年度末現在高", "pass") in checks(rows)


def test_changes_shares_and_growth() -> None:
    rows = [
        ["税目", "今年度", "構成比(%)", "前年度", "増減", "増減率(%)"],
        ["市民税", "300", "50.0", "250", "50", "20.0"],
        ["固定資産税", "240", "40.0", "300", "△60", "△20.0"],
        ["軽自動車税", "60", "10.0", "50", "10", "20.0"],
        ["合計", "600", "100.0", "600", "0", "0.0"],
    ]
    found = checks(rows)
    assert ("table.sum", "表1 増減", "pass") in found
    assert {("table.ratio", "表1 構成比(%)", "pass"), ("table.ratio", "表1 増減率(%)", "pass")} <= set(found)
    assert not any("構成比" in scope for check, scope, _ in found if check == "table.sum")


def test_a_name_that_spells_out_its_sum() -> None:
    rows = [
        ["会計", "歳入A", "歳出B", "繰越すべき財源C", "実質収支(A-B-C)"],
        ["一般", "900", "850", "20", "30"],
        ["国保", "300", "290", "0", "10"],
        ["介護", "200", "190", "5", "5"],
    ]
    assert ("table.sum", "表1 実質収支(A-B-C)", "pass") in checks(rows)


def test_a_figure_that_breaks_a_well_supported_sum_is_told_and_doubted() -> None:
    rows = [list(row) for row in AREAS] + []
    rows[0:1] = [["地域", "男", "女", "計"]]
    rows[3][2] = "539"
    found, told = witnessed(datasets(rows))
    failing = [c for c in told if c.status == "fail"]
    assert [(c.expected, c.actual, c.scope) for c in failing] == [("1042", "1051", "表1 計 勿来")]
    doubted = {(n, name) for n, row in enumerate(found[0].rows) for name, c in row.items() if c.doubts}
    assert doubted == {(2, "男"), (2, "女"), (2, "計")}


def test_what_fails_often_is_another_relation_and_no_failure() -> None:
    """計 counts people once who are counted in several columns: it is no sum, and the report is not wrong."""
    rows = [["年", "a", "b", "計"], *([f"H{n}", str(n), str(n + 3), str(2 * n + 3 - n % 3)] for n in range(11, 23))]
    assert not [c for c in checks(rows) if c[2] == "fail"]


def test_figures_that_were_rounded_each_by_itself_are_off_by_one_and_no_failure() -> None:
    """In 百万円 a balance of two rounded figures is as often 60 as 59; in 件 it is 59 or a mistake."""
    body = [[f"会計{n}", str(10 * n + 7), str(9 * n), str(n + 7)] for n in range(2, 14)]
    rows = [["会計", "歳入", "歳出", "収支"], *body]
    rows[5][3] = str(int(rows[5][3]) + 1)
    failed = [c for c in witnessed(shape_unknown([table(rows, header_rows=1)]))[1] if c.status == "fail"]
    assert len(failed) == 1
    in_millions = replace(table(rows, header_rows=1), unit="百万円")
    assert not [c for c in witnessed(shape_unknown([in_millions]))[1] if c.status == "fail"]


@given(st.integers(0, 2**31))
@settings(max_examples=80, deadline=None)
def test_figures_without_sums_fail_none(seed: int) -> None:
    """Whatever words head them, figures that are no sums of each other break none."""
    rng = random.Random(seed)
    words = ["計", "増減", "期末残高", "うち男", "構成比(%)", "合計", "前年度末", "一般会計"]
    rows = [["", *rng.sample(words, 5)]]
    rows += [
        [rng.choice(["計", "合計", "小計", "平", "うち平"]), *(str(rng.randint(0, 900)) for _ in range(5))]
        for _ in range(9)
    ]
    assert not [c for c in checks(rows) if c[2] == "fail"]


def _written(tmp_path: Path, *tables: Table) -> tuple[list[Check], list[Check]]:
    """What a run says of tables, and what ``check`` says of the package that it wrote."""
    found, told = witnessed([replace(d, name=f"sample_{d.name}") for d in shape_unknown(tables)])
    sample = replace(extraction(), profile="", tables=tables, datasets=tuple(found), checks=told)
    write_package([sample], tmp_path)
    return list(told), [check for one in load_package(tmp_path) for check in rechecked(one)]


@pytest.mark.parametrize("wrong", [False, True])
def test_check_says_what_run_said(tmp_path: Path, wrong: bool) -> None:
    rows = [list(row) for row in AREAS]
    if wrong:
        rows[3][2] = "539"
    grouped = [
        ["款", "項", "予算額", "構成比(%)"],
        ["市民税", "", "300", "60.0"],
        ["", "個人", "200", "40.0"],
        ["", "法人", "100", "20.0"],
        ["諸税", "", "200", "40.0"],
        ["", "甲", "150", "30.0"],
        ["", "乙", "50", "10.0"],
        ["合計", "", "500", "100.0"],
    ]
    ran, checked = _written(tmp_path, table(rows, header_rows=1), table(grouped, header_rows=1))
    assert ran
    assert [(c.check, c.scope, c.expected, c.actual, c.status) for c in checked] == [
        (c.check, c.scope, c.expected, c.actual, c.status) for c in ran
    ]
