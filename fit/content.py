"""Random tables as municipalities publish them: what stands in which place, before any producer prints it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from .truth import Span

_DIVISIONS = [
    "総務",
    "財政",
    "市民",
    "福祉",
    "保健",
    "子育て支援",
    "教育",
    "建設",
    "都市計画",
    "上下水道",
    "農林",
    "商工観光",
    "消防",
    "議会",
    "監査",
    "環境",
    "税務",
    "危機管理",
]
_TAILS = ["部", "課", "局", "室", "係", "センター", "事務所"]
_PLACES = [
    "中央",
    "東",
    "西",
    "南",
    "北",
    "港",
    "緑",
    "旭",
    "山手",
    "川端",
    "本町",
    "新町",
    "大手町",
    "桜台",
    "若葉",
    "駅前",
    "浜",
    "原",
    "ひばりが丘",
    "高砂",
]
_MEASURES = [
    "件数",
    "金額",
    "人数",
    "世帯数",
    "面積",
    "予算額",
    "決算額",
    "執行率",
    "構成比",
    "増減",
    "増減率",
    "前年度",
    "本年度",
    "比較",
    "計画",
    "実績",
    "達成率",
    "単価",
    "数量",
    "男",
    "女",
    "総数",
]
_NOUNS = [
    "調査",
    "整備",
    "補助",
    "委託",
    "運営",
    "維持管理",
    "相談",
    "検診",
    "給付",
    "助成",
    "講座",
    "広報",
    "推進",
    "改修",
    "耐震化",
    "予防接種",
    "見守り",
    "収集",
    "処理",
    "点検",
]
_THINGS = [
    "公園",
    "学校",
    "道路",
    "橋りょう",
    "庁舎",
    "図書館",
    "保育所",
    "児童館",
    "公民館",
    "体育館",
    "文化財",
    "河川",
    "下水道",
    "ごみ",
    "高齢者",
    "障害者",
    "子ども",
    "観光",
]
_REMARKS = [
    "随時",
    "要申込",
    "年1回",
    "新規",
    "継続",
    "廃止",
    "一部変更",
    "〃",
    "別紙のとおり",
    "予定",
    "完了",
    "調整中",
]
_ENGLISH = [
    "Total",
    "Population",
    "Households",
    "Revenue",
    "Expenditure",
    "Area",
    "Rate",
    "Budget",
    "Actual",
    "Change",
    "North",
    "South",
    "Male",
    "Female",
    "Average",
]


@dataclass
class Sketch:
    """A random table.

    Attributes:
        rows: its texts; the first place of a merged cell holds its text.
        spans: merged cells (first row, first column, last row, last column).
        head: how many rows of headings lead it.
        stub: how many columns of labels lead it.
        numeric: which columns hold figures.
        wide: which columns hold text that is longer than they are wide.
        bands: the rows at which a ruled band of several rows begins.
        open: columns with no rule on their right.
        spread: places whose text is spread over the width of its cell.
        bare: places with no rule on their left and above them.
    """

    rows: list[list[str]]
    spans: list[Span] = field(default_factory=list)
    head: int = 1
    stub: int = 1
    numeric: list[bool] = field(default_factory=list)
    wide: list[bool] = field(default_factory=list)
    bands: list[int] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    spread: set[tuple[int, int]] = field(default_factory=set)
    bare: set[tuple[int, int]] = field(default_factory=set)


def sketch(rng: Random, small: bool = False) -> Sketch:
    """One random table; ``small``: of few rows and columns, as they stand in the text of a report."""
    english = rng.random() < 0.12
    stub, n_values, n_body = (
        rng.choice((1, 1, 1, 2)),
        rng.randint(1, 9),
        rng.choice((2, 3, 4, 6, 8, 10, 12, 16, 22, 30)),
    )
    if small:
        n_values, n_body = rng.randint(1, 4), rng.randint(1, 5)
    kinds = [_kind(rng) for _ in range(n_values)]
    if rng.random() < 0.7:
        kinds = [k if k in ("text", "long") else kinds[0] for k in kinds]
    n_cols = stub + n_values
    made = Sketch([], [], 1, stub, [False] * stub + [k not in ("text", "long") for k in kinds])
    made.wide = [rng.random() < 0.15 for _ in range(stub)] + [k == "long" for k in kinds]
    head = _headings(rng, made, n_cols, english)
    body = [[""] * n_cols for _ in range(n_body)]
    _stub(rng, made, body, len(head), english)
    for c, kind in enumerate(kinds, stub):
        sparse = rng.choice((0.0, 0.0, 0.0, 0.1, 0.5))
        for row in body:
            row[c] = "" if rng.random() < sparse else value(rng, kind, english)
    if rng.random() < 0.3:
        total = [rng.choice(("計", "合計", "合　計", "総計"))] + [""] * (n_cols - 1)
        total[stub:] = ["" if k in ("text", "long") else value(rng, k, english) for k in kinds]
        if stub == 2:
            made.spans.append((len(head) + n_body, 0, len(head) + n_body, 1))
        body.append(total)
    made.rows = head + body
    made.head = len(head)
    return made


def _kind(rng: Random) -> str:
    return rng.choices(
        ("count", "money", "rate", "small", "signed", "text", "long"),
        (5, 5, 2, 4, 2, 2, 1.5),
    )[0]


def value(rng: Random, kind: str, english: bool = False) -> str:
    """What a column of that kind holds."""
    match kind:
        case "count":
            return f"{rng.randint(0, 10 ** rng.randint(1, 5)):,}"
        case "money":
            return (
                f"{rng.randint(1, 10 ** rng.randint(3, 9)):,}" if rng.random() < 0.95 else rng.choice(("-", "―", "0"))
            )
        case "rate":
            return f"{rng.random() * 120:.1f}" + ("%" if rng.random() < 0.2 else "")
        case "small":
            return str(rng.randint(0, 30)) if rng.random() < 0.85 else rng.choice(("-", "－", "…"))
        case "signed":
            return rng.choice(("", "", "△", "▲", "-", "△ ")) + f"{rng.randint(0, 99999):,}"
        case "long":
            return "".join(phrase(rng) for _ in range(rng.randint(1, 4)))
    return rng.choice(_ENGLISH) if english else rng.choice((rng.choice(_REMARKS), phrase(rng)))


def division(rng: Random) -> str:
    """A department of a municipality."""
    return rng.choice(_DIVISIONS) + rng.choice(_TAILS)


def place(rng: Random) -> str:
    """A name of a quarter."""
    return rng.choice(_PLACES)


def thing(rng: Random) -> str:
    """What a municipality looks after."""
    return rng.choice(_THINGS)


def phrase(rng: Random) -> str:
    """Some words of Japanese, without an end."""
    return rng.choice(
        (
            rng.choice(_THINGS) + rng.choice(_NOUNS) + rng.choice(("事業", "費", "", "業務")),
            rng.choice(_THINGS)
            + "の"
            + rng.choice(_NOUNS)
            + rng.choice(("について", "等", "に関すること", "（継続）")),
            f"令和{rng.randint(1, 9)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
        )
    )


def _label(rng: Random, kind: int, number: int, english: bool) -> str:
    if english:
        return rng.choice(_ENGLISH) + (f" {number + 1}" if rng.random() < 0.4 else "")
    match kind:
        case 0:
            return division(rng)
        case 1:
            return rng.choice(_PLACES) + rng.choice(("区", "地区", "小学校区", "町"))
        case 2:
            return f"{number + 1}月"
        case 3:
            return f"平成{number + 10}年度"
        case 4:
            return f"{number * 5}～{number * 5 + 4}歳"
        case 5:
            return phrase(rng)
        case 6:
            return "　".join(rng.choice(_THINGS + _NOUNS))
    return str(number + 1)


def _stub(rng: Random, made: Sketch, body: list[list[str]], head: int, english: bool) -> None:
    """The labels; with two columns of them the first one's cells reach over several rows."""
    kind = rng.randint(0, 7)
    for i, row in enumerate(body):
        row[made.stub - 1] = _label(rng, kind, i, english)
    if made.stub == 2:
        i = 0
        while i < len(body):
            reach = min(rng.randint(1, 5), len(body) - i)
            body[i][0] = rng.choice(_DIVISIONS)
            if reach > 1:
                made.spans.append((head + i, 0, head + i + reach - 1, 0))
            i += reach


def _headings(rng: Random, made: Sketch, n_cols: int, english: bool) -> list[list[str]]:
    """One to three rows of headings, with cells that reach over several columns or down over the rows."""
    levels = rng.choices((0, 1, 2, 3), (0.5, 5, 3, 1))[0]
    if levels == 0:
        return []
    rows = [[""] * n_cols for _ in range(levels)]
    rows[0][0] = (
        rng.choice(("区分", "区　分", "項目", "年度", "名称", "")) if not english else rng.choice(("Item", "Area"))
    )
    if levels > 1 or made.stub > 1:
        made.spans.append((0, 0, levels - 1, made.stub - 1))

    def over(level: int, first: int, last: int) -> None:
        """Headings of columns first..last from a level down."""
        c = first
        while c <= last:
            reach = min(rng.choice((1, 2, 2, 3, 4)), last - c + 1) if level < levels - 1 else 1
            rows[level][c] = heading(rng, english)
            if reach > 1:
                made.spans.append((level, c, level, c + reach - 1))
                over(level + 1, c, c + reach - 1)
            elif level < levels - 1:
                made.spans.append((level, c, levels - 1, c))
            c += reach

    over(0, made.stub, n_cols - 1)
    return rows


def heading(rng: Random, english: bool = False) -> str:
    """The name of a column."""
    if english:
        return rng.choice(_ENGLISH)
    return rng.choice(
        (
            rng.choice(_MEASURES),
            rng.choice(_MEASURES) + rng.choice(("(A)", "(人)", "(千円)", "（％）", "")),
            f"令和{rng.randint(1, 8)}年度",
            f"平成{rng.randint(10, 31)}年",
            rng.choice(_THINGS) + rng.choice(_MEASURES),
            "　".join(rng.choice(_MEASURES)),
        )
    )
