"""Random tables of statistical yearbooks: headings over headings in two languages, years, months and quarters down the
side, groups of rows with white between them, figures with signs set apart, and few rules.
"""

from __future__ import annotations

from random import Random

from .content import Sketch, heading, place, value

_ENGLISH = {
    "総数": "Total",
    "人口": "Population",
    "世帯数": "Households",
    "面積": "Area",
    "男": "Males",
    "女": "Females",
    "出生": "Births",
    "死亡": "Deaths",
    "転入": "In-migrants",
    "転出": "Out-migrants",
    "増減": "Net Change",
    "密度": "Density per k㎡",
    "収入": "Revenue",
    "支出": "Expenditure",
    "指数": "Index",
    "対前年増加率": "Change from Previous Year",
}
_OVER = {
    "人口": "Population",
    "自然動態": "Natural Change",
    "社会動態": "Migration",
    "歳入": "Revenue",
    "実数": "Actual number",
    "構成比": "Share",
}
_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
LOOKS = ("yearbook", "yearbook", "sides", "sides", "headed", "booktabs", "across", "none", "frame", "mixed")
_KINDS = ("count", "money", "rate", "signed", "small")


def statistical(rng: Random) -> tuple[Sketch, str]:
    """One random table and its look."""
    both = rng.random() < 0.4  # in two languages
    stub, n_values = 1 + both + (rng.random() < 0.25), rng.randint(3, 14)
    n_cols = stub + n_values
    made = Sketch([], [], 1, stub, [False] * stub + [True] * n_values, [False] * n_cols)
    made.rows = _headings(rng, made, stub, n_cols, both)
    made.head = len(made.rows)
    kinds = [rng.choice(_KINDS) for _ in range(n_values)]
    if rng.random() < 0.5:
        kinds = [kinds[0]] * n_values
    wide = rng.random() < 0.4  # white between the groups
    void = rng.choice((0.0, 0.0, 0.0, 0.05, 0.2))
    for number in range(rng.randint(1, 4)):
        if number and wide:
            made.rows.append([""] * n_cols)
        made.bands.append(len(made.rows))
        for labels in _group(rng, number, stub, both):
            said = [value(rng, kind) if rng.random() > void else rng.choice(("…", "-", "－", "")) for kind in kinds]
            made.rows.append([*labels, *said])
    return made, rng.choice(LOOKS)


def _headings(rng: Random, made: Sketch, stub: int, n_cols: int, both: bool) -> list[list[str]]:
    levels = rng.choice((1, 2, 2, 2, 3))
    rows = [[""] * n_cols for _ in range(levels)]
    rows[0][0] = rng.choice(("区分", "年　次", "年　月\n区　別", "項　目", "地域")) + ("\nWard" if both else "")
    if (stub, levels) != (1, 1):
        made.spans.append((0, 0, levels - 1, stub - 1))
    col = stub
    while col < n_cols:
        reach = min(rng.choice((1, 1, 2, 3, 4)), n_cols - col) if levels > 1 else 1
        if reach == 1:
            rows[0][col] = _name(rng, both)
            if levels > 1:
                made.spans.append((0, col, levels - 1, col))
        else:
            name, english = rng.choice(list(_OVER.items()))
            rows[0][col] = "　".join(name) + (f"　{english}" if both else "")
            made.spans.append((0, col, 0, col + reach - 1))
            if rng.random() < 0.4:
                made.spread.add((0, col))
            for at in range(col, col + reach):
                rows[1][at] = _name(rng, both)
                if levels > 2:
                    made.spans.append((1, at, 2, at))
        col += reach
    if levels > 2 and not any(row for row in rows[2] if row):
        _deepen(rng, made, rows, both)
    return rows


def _deepen(rng: Random, made: Sketch, rows: list[list[str]], both: bool) -> None:
    """Some pairs of headings of the second row become parts of a wider one."""
    at = sorted(c for r, c, last, _ in made.spans if (r, last) == (1, 2))
    for a, b in zip(at[::2], at[1::2], strict=False):
        if b == a + 1 and rng.random() < 0.5:
            made.spans = [s for s in made.spans if s not in ((1, a, 2, a), (1, b, 2, b))]
            made.spans.append((1, a, 1, b))
            rows[1][a], rows[1][b] = heading(rng), ""
            rows[2][a], rows[2][b] = _name(rng, both), _name(rng, both)


def _name(rng: Random, both: bool) -> str:
    if not both:
        return heading(rng) if rng.random() < 0.6 else rng.choice(list(_ENGLISH))
    name, english = rng.choice(list(_ENGLISH.items()))
    return ("　" if rng.random() < 0.4 else "").join(name) + rng.choice(("\n", "\n", " ")) + english


def _group(rng: Random, number: int, stub: int, both: bool) -> list[list[str]]:
    """The labels of the rows of a group."""
    n, kind = rng.randint(2, 10), rng.randint(0, 3) if number else rng.choice((0, 0, 1, 3))
    found = []
    for k in range(n):
        match kind:
            case 0:
                label, english = f"平成{20 + k}年" if k == 0 or rng.random() < 0.5 else f"{20 + k}年", str(2008 + k)
            case 1:
                label, english = f"平成27年{k + 1}月" if k == 0 else f"{k + 1}月", _MONTHS[k]
            case 2:
                label, english = "　".join(place(rng)) + "　区", "Ward"
            case _:
                label, english = ("　" if k and rng.random() < 0.3 else "") + place(rng) + "地区", "area"
        found.append([label, *[""] * (stub - 1)])
        if both:
            found[-1][-1] = english
    return found
