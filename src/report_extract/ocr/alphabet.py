"""Which of a recogniser's symbols may stand in a Japanese report, and which of them are one and the same.

The recogniser knows 18,708 characters, most of them Chinese. Probabilities of symbols that differ only in
width or in style are summed *before* anything is decided: a half-width 1 at .5 beside a full-width １ at .5
is a certain 1. Symbols outside the alphabet are dropped.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from ..core.model import Array

_CHINESE = (
    "项员带帶别查总务计课关對对护险给录經经营业产发费资报书导环设证调请认诊检实补团图县单户卫继续纳稅龄账爲说戶內齡"
)
_JAPANESE = (
    "項員帯帯別査総務計課関対対護険給録経経営業産発費資報書導環設証調請認診検実補団図県単戸衛継続納税齢帳為説戸内齢"
)
# Old forms that print of today has in names at most, and in these hardly there.
_OLD_FORMS = (
    "險険 獎奨 覽覧 價価 檢検 屆届 擔担 據拠 當当 濟済 營営 與与 號号 處処 數数 變変 單単 團団 圖図 圍囲 圓円 "
    "實実 寫写 專専 將将 屬属 廳庁 應応 戰戦 擇択 擧挙 擴拡 攜携 收収 效効 敍叙 敎教 晝昼 會会 權権 歐欧 歸帰 "
    "殘残 氣気 沒没 滿満 燒焼 狀状 獨独 畫画 發発 盡尽 稱称 穩穏 繼継 續続 總総 聲声 聽聴 臺台 舊旧 藝芸 藥薬 "
    "蟲虫 裝装 觀観 觸触 譯訳 讀読 讓譲 豫予 賣売 贊賛 轉転 辭辞 遞逓 遲遅 醫医 釋釈 隱隠 隨随 雜雑 靈霊 餘余 "
    "驗験 體体 黨党 點点 齒歯 增増 說説 橫横 淸清 靑青 卽即 緣縁 錄録 曆暦 歷歴 步歩 每毎 僞偽 旣既 縣県 兒児 "
    "佛仏 假仮 傳伝 劑剤 勵励 勞労 區区 參参 雙双 嚴厳 囑嘱 壓圧 壞壊 廢廃 徑径 從従 恆恒 惡悪 懷懐 拂払 拔抜 "
    "挾挟 插挿 搖揺 搜捜 擊撃 攝摂 斷断 晚晩 條条 樂楽 樓楼 樞枢 樣様 歡歓 殼殻 毆殴 濕湿 灣湾 爐炉 爭争 犧犠 "
    "獵猟 獸獣 獻献 疊畳 硏研 碎砕 禮礼 祕秘 絲糸 纖繊 缺欠 罐缶 肅粛 腦脳 臟臓 虛虚 覺覚 踐践 輕軽 鄕郷 醉酔 "
    "釀醸 錢銭 鎭鎮 鑄鋳 陷陥 霸覇 顯顕 顏顔 飜翻 驅駆 驛駅 髓髄 髮髪 鷄鶏 鹽塩 麥麦 减減 綠緑 剩剰 况況 "
)

# Symbols that the recogniser takes from other scripts for one that Japanese print uses.
_LOOKS_LIKE = {
    **dict.fromkeys("·•∙⋅‧･", "・"),
    **dict.fromkeys("—–―─‐‑‒−", "-"),
    **dict.fromkeys("〜∼～˜", "~"),
    **dict.fromkeys("丨∣", "|"),
    **dict.fromkeys("“”„〝〞″", '"'),
    **dict.fromkeys("‘’′", "'"),
    **dict.fromkeys("◦○◯", "○"),
    **dict.fromkeys("△∆Δ", "△"),
    **dict(zip(_CHINESE, _JAPANESE, strict=True)),
    **{pair[0]: pair[1] for pair in _OLD_FORMS.split()},
}

# In a column of numbers a letter is a misread digit, and every dash is a minus or "none".
_NUMBER = {
    **{d: d for d in "0123456789,.-%()△▲"},
    **dict.fromkeys("OoQ○〇", "0"),
    **dict.fromkeys("lI|!", "1"),
    **dict.fromkeys("ー一_", "-"),
    **dict.fromkeys("、", ","),
    **dict.fromkeys("・。", "."),
    **{c: c for c in "件人円千万:*"},
}
ALPHABETS = ("text", "number")
_UNSEEN = 1e-6  # a symbol none of whose columns is ever as likely as this plays no part


@dataclass(frozen=True, slots=True)
class Folded:
    """The steps of a line over those symbols of an alphabet that are seen in it at all.

    Attributes:
        symbols: one string a symbol; the first is the blank of CTC, "".
        steps: summed and renormalised probabilities, shape (steps, symbols).
        covered: the smallest share, 0..1, of a step's probability that falls on the alphabet at all: near 0,
            the crop shows something else.
    """

    symbols: tuple[str, ...]
    steps: Array
    covered: float


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The symbols to decode over, and how a recogniser's output columns add up to them.

    Attributes:
        symbols: one string a symbol; the first is the blank of CTC, "".
        columns: output columns in use, those of one symbol side by side, shape (k,).
        owners: for each of ``columns`` the symbol that it belongs to, ascending, shape (k,).
        used: 1 where a column of the model is in use, else 0, float32, shape (columns of the model,).
    """

    symbols: tuple[str, ...]
    columns: Array
    owners: Array
    used: Array

    def fold(self, steps: Array) -> Folded:
        """The steps over this alphabet, without the symbols (nearly all) that no step has a trace of.

        Args:
            steps: the model's probabilities, shape (steps, columns of the model).
        """
        covered = np.einsum("sc,c->s", steps, self.used)
        seen = np.zeros(len(self.symbols), bool)
        seen[self.owners[steps.max(axis=0, initial=0.0)[self.columns] > _UNSEEN]] = True
        seen[0] = True
        mine = seen[self.owners]
        starts = np.flatnonzero(np.diff(self.owners[mine], prepend=-1))
        summed = np.add.reduceat(steps[:, self.columns[mine]], starts, axis=1)
        symbols = tuple(self.symbols[i] for i in np.flatnonzero(seen))
        return Folded(symbols, summed / np.maximum(covered, 1e-9)[:, None], float(covered.min(initial=1.0)))


def alphabet(dictionary: list[str], name: str) -> Alphabet:
    """The alphabet ``name`` ("text" or "number") over a recogniser's ``dictionary``, its blank first."""
    groups: dict[str, list[int]] = {"": [0]}
    for column, character in enumerate(dictionary[1:], start=1):
        if character.isspace():  # between Japanese letters a blank, wide or not, says nothing: it is no letter
            groups[""].append(column)
            continue
        symbol = _text_symbol(character)
        if name == "number" and symbol is not None:
            symbol = _NUMBER.get(symbol)
        if symbol:
            groups.setdefault(symbol, []).append(column)
    columns = np.array([column for group in groups.values() for column in group])
    used = np.zeros(len(dictionary), np.float32)
    used[columns] = 1
    return Alphabet(tuple(groups), columns, np.repeat(np.arange(len(groups)), [len(g) for g in groups.values()]), used)


def _text_symbol(character: str) -> str | None:
    """What a character of the dictionary stands for on a Japanese page; None where it cannot stand there."""
    character = _LOOKS_LIKE.get(character, character)
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) == 1:
        character = _LOOKS_LIKE.get(folded, folded)
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return None
    return None if 0x400 <= ord(character[0]) < 0x500 else character
