"""Random tables of ruled bands that hold several rows each: a facility with its places, wishes and offers below one
another; a ministry's item with its parts. Rules close the bands and part the columns of figures, not the rows within a
band, and not always its name from the labels of its rows.
"""

from __future__ import annotations

from random import Random

from .content import Sketch, division, heading, phrase, place, thing, value

_LABELS = (
    ("募集数", "申込者数"),
    ("募集数", "優先利用数", "申込者数"),
    ("男", "女", "計"),
    ("男", "女"),
    ("予算額", "決算額", "執行率"),
    ("定員", "現員"),
    ("前年度", "本年度", "増減", "増減率"),
    ("件数", "金額"),
    ("総数", "男", "女"),
    ("平日", "休日"),
    ("上段", "下段"),
    ("当初", "補正", "計"),
    ("総数", "世帯数", "男", "女", "面積"),
)
_GROUPS = ("民間", "公立", "公設置民営", "地域型保育", "東部", "西部", "一般会計", "特別会計", "市立", "私立")
_KINDS = ("count", "small", "small", "money", "rate")


def banded(rng: Random) -> Sketch:
    """One random table of bands. ``bands`` and ``open`` of the sketch say where rules stand."""
    labels = rng.choice(_LABELS)
    deep = len(labels)
    n_bands, n_values = rng.randint(2, max(3, 40 // deep)), rng.randint(1, 9)
    grouped, numbered = rng.random() < 0.35, rng.random() < 0.25
    lead = grouped + numbered
    stub = lead + 2
    n_cols = stub + n_values
    made = Sketch([], [], 1, stub, [False] * stub + [True] * n_values, [False] * n_cols)
    made.rows = _headings(rng, made, stub, lead, n_cols)
    made.head = len(made.rows)
    kinds = [rng.choice(_KINDS)] * n_values
    merged = rng.random() < 0.5  # the name is set in the middle of its band, else in its first row
    first = made.head
    sparse = rng.choice((0.0, 0.0, 0.0, 0.15, 0.4))
    ends = _groups(rng, n_bands) if grouped else []
    for number in range(n_bands):
        made.bands.append(first)
        for k, label in enumerate(labels):
            row = [""] * n_cols
            if k == 0:
                row[lead] = _name(rng)
                if numbered:
                    row[lead - 1] = str(number + 1)
            row[stub - 1] = label
            row[stub:] = ["" if rng.random() < sparse else value(rng, kind) for kind in kinds]
            made.rows.append(row)
        for col in range(grouped, stub - 1):
            if merged:
                made.spans.append((first, col, first + deep - 1, col))
        first += deep
    if grouped:
        begin = 0
        for end in ends:
            top = made.head + begin * deep
            made.rows[top][0] = rng.choice(_GROUPS)
            made.spans.append((top, 0, made.head + end * deep - 1, 0))
            begin = end
    if grouped and rng.random() < 0.4:  # the groups stand outside the frame of the headings
        made.rows[0][0] = ""
        made.bare.add((0, 0))
    if rng.random() < 0.7:
        made.open.add(stub - 2)  # nothing parts the name from the labels
    if numbered and rng.random() < 0.4:
        made.open.add(lead - 1)
    if rng.random() < 0.3:
        _total(rng, made, kinds)
    return made


def _headings(rng: Random, made: Sketch, stub: int, lead: int, n_cols: int) -> list[list[str]]:
    levels = rng.choice((1, 1, 2))
    rows = [[""] * n_cols for _ in range(levels)]
    for col in range(lead):
        rows[0][col] = rng.choice(("", "区分", "番号", "№"))
        if levels > 1:
            made.spans.append((0, col, 1, col))
    rows[0][lead] = rng.choice(("施設名", "区　分", "名称", "事業名", ""))
    made.spans.append((0, lead, levels - 1, stub - 1))
    last = n_cols - 1
    if levels == 1:
        rows[0][stub:] = [heading(rng) for _ in range(stub, n_cols)]
    else:
        over = rng.randint(stub, last)
        rows[0][stub] = rng.choice(("歳児別", "内訳", "年度別", "実績"))
        if over > stub:
            made.spans.append((0, stub, 0, over))
        rows[1][stub : over + 1] = [f"{k}歳" for k in range(over - stub + 1)]
        for col in range(over + 1, n_cols):
            rows[0][col] = rng.choice(("計", "備考", "合計"))
            made.spans.append((0, col, 1, col))
    return rows


def _groups(rng: Random, n: int) -> list[int]:
    """After which bands groups end."""
    ends = sorted(rng.sample(range(1, n), min(rng.randint(0, 3), n - 1))) if n > 1 else []
    return [*ends, n]


def _name(rng: Random) -> str:
    return rng.choice(
        (place(rng) + rng.choice(("保育園", "保育所", "小学校", "センター")), division(rng), phrase(rng), thing(rng))
    )


def _total(rng: Random, made: Sketch, kinds: list[str]) -> None:
    """A ruled row under the bands."""
    at = len(made.rows)
    row = [rng.choice(("合計", "合　　計", "総計"))] + [""] * (made.stub - 1) + [value(rng, kind) for kind in kinds]
    made.rows.append(row)
    made.spans.append((at, 0, at, made.stub - 1))
    made.bands.append(at)
