"""What stands in the tables of ``layout_variants``: labels, headings, prose and figures in two languages."""

from __future__ import annotations

import random

LABELS = {
    False: (
        "Roads and bridges",
        "Parks",
        "Libraries",
        "Primary schools",
        "Harbour",
        "Social housing",
        "Museums",
        "Fire brigade",
        "Waste collection",
        "Tax office",
        "Public health",
        "Water supply",
        "Street lighting",
        "Youth centres",
        "Town hall",
        "Markets",
        "Cemeteries",
        "Cycle lanes",
    ),
    True: (
        "道路維持費",
        "公園管理費",
        "図書館",
        "小学校費",
        "港湾整備事業",
        "市営住宅",
        "博物館費",
        "消防費",
        "ごみ収集業務",
        "税務課",
        "保健センター",
        "水道事業会計",
        "街路灯維持",
        "児童館",
        "市民課窓口",
        "中央卸売市場",
        "斎場",
        "自転車対策",
    ),
}
HEADS = {
    False: ("Budget", "Actual", "Change", "Visits", "Staff", "Loans", "Requests", "Permits", "Area"),
    True: ("予算額", "決算額", "増減", "利用者数", "職員数", "貸出数", "申請件数", "許可件数", "面積"),
}
STUBS = {False: ("Item", "Section", "Service", "Facility"), True: ("区分", "事業名", "施設名", "科目")}
TEXTS = {
    False: (
        "Raise the wall along the river by half a metre",
        "Mark lanes on Main Street",
        "New wing for the children's ward",
        "Extend opening hours to ten at night and open on public holidays",
        "Repair the roof",
        "Yearly inspection",
        "Plant trees on both sides of the avenue between the station and the park",
        "Replace two pumps",
        "Train volunteers for the summer festival",
        "Translate all forms into three languages",
    ),
    True: (
        "河川沿いの護岸を改修し、遊歩道を整備する",
        "主要道路の区画線の引き直し",
        "小児病棟の増築工事",
        "開館時間の延長及び祝日開館の試行",
        "屋根の修繕",
        "定期点検業務委託",
        "駅から公園までの街路樹の植栽及び歩道の段差解消を行う",
        "揚水ポンプの更新",
        "夏まつりの運営に携わるボランティアの養成講座",
        "申請書類の多言語化",
    ),
}
PEOPLE = {
    False: ("J. Carter", "M. Okafor", "L. Brandt", "S. Novak", "P. Moreau", "A. Lindqvist", "R. Bianchi"),
    True: ("土木課", "公園緑地課", "教育総務課", "こども未来課", "財政課", "環境政策課", "文化振興課"),
}
TOTAL = {False: "Total", True: "合計"}
PROSE = {
    False: (
        "The council met on Tuesday to consider the report of the auditor on the accounts of the year. Members asked "
        "how the fees had been set and whether the reserve was enough for works planned in the coming decade. The "
        "mayor replied that the reserve stood at a third of a year of spending. Two members voted against the motion. "
    ),
    True: (
        "市議会は火曜日に開かれ、監査委員から提出された決算審査意見書について質疑が行われた。委員からは使用料の算定根拠や、"
        "今後十年間に予定される公共施設の更新に備えた基金の積立額が十分であるかとの質問があった。市長は、基金残高は"
        "一般会計予算の三分の一に相当すると答弁した。採決の結果、賛成多数で原案のとおり認定された。"
    ),
}
CAPTIONS = {
    False: ("Table {n}. Services of the year", "Annex {n}: results by service", "{n}. Use of facilities"),
    True: ("表{n} 事業別の状況", "第{n}表 施設の利用状況", "{n} 主な事業の実績"),
}
UNITS = {False: ("(in thousands)", "(unit: EUR)"), True: ("（単位：千円）", "(単位：件)", "（単位：人、％）")}
NOTES = {
    False: ("Source: annual report", "Note: figures are rounded.", "* provisional"),
    True: ("※端数処理のため合計と一致しない場合がある。", "資料：総務課", "（注）速報値を含む。"),
}


def figure(rng: random.Random, most: int = 99999) -> str:
    """A count, some small and some large."""
    return f"{rng.randint(1, rng.choice((9, 99, 999, most))):,}"


def labels(rng: random.Random, japanese: bool, n: int) -> list[str]:
    """So many different row labels."""
    return rng.sample(LABELS[japanese], n)


def heads(rng: random.Random, japanese: bool, n: int) -> list[str]:
    """So many different headings of columns of figures."""
    return rng.sample(HEADS[japanese], n)
