"""Letters that look alike, in one place: old forms, letters that print alike or share a shape, kana of two sizes.

Some are told apart by their neighbours: カ/力, ロ/口, ー/一 (``disambiguated``).
"""

from __future__ import annotations

import re
from functools import lru_cache


def pairs(text: str) -> dict[int, str]:
    """A translation table from letters written two by two: the variant, then what it stands for."""
    return str.maketrans(dict(zip(text[::2], text[1::2], strict=True)))


# 旧字体 and 異体字 met in the names of places, offices and people, each with its everyday form.
OLD_FORMS = pairs(
    "髙高﨑崎嵜崎龍竜邊辺邉辺齋斎齊斉澤沢濱浜濵浜廣広國国櫻桜嶋島嶌島德徳惠恵眞真藏蔵藪薮壽寿榮栄瀨瀬瀧滝"
    "關関學学會会實実應応區区縣県廳庁號号圓円驛駅澁渋渕淵冨富曾曽增増禰祢薗園舘館條条檜桧鄕郷豐豊與与彌弥"
    "𠮷吉黑黒淸清靑青緖緒將将爲為稻稲穗穂鐵鉄麴麹鷗鴎檮梼嶽岳劍剣假仮價価變変圖図團団圍囲壯壮壹壱證証譯訳"
    "讓譲貳弐賣売輕軽轉転辯弁遞逓遲遅醫医鑛鉱險険隱隠雙双靈霊靜静顏顔飜翻餘余驗験髮髪鬪闘鹽塩麥麦默黙齒歯"
    "竈釜靭靱鰺鯵峯峰槇槙戶戸黃黄亞亜來来兒児兩両舊旧體体對対獨独發発當当盡尽禮礼總総聲声舍舎藝芸處処觀観"
    "讀読豫予邨村郞郎鄰隣釋釈鎭鎮隨随雜雑拂払拔抜擇択擔担據拠擴拡攝摂敕勅數数晝昼曉暁樂楽權権步歩歸帰殘残"
    "氣気淨浄淺浅溫温滿満燒焼營営狹狭獻献畫画疊畳硏研祕秘稱称穩穏經経繩縄續続繼継缺欠腦脳臺台莊荘萬万裝装"
    "覺覚辨弁辭辞遙遥錢銭錄録鍊錬鑄鋳陷陥雞鶏騷騒驅駆鷄鶏麵麺黨党龜亀齡齢"
)

# Letters that print alike, so that a recogniser takes one for the other: each group by its first.
_CONFUSABLE_GROUPS = (
    "力カ 二ニ 八ハ 口ロ囗□ 工エェ 夕タ 卜ト 一ー-丨 了ア 千チ 才オォ 三ミ 厶ム 又ヌ ノ丿"
    " へヘ べベ ぺペ りリ っつ ッツ ゃや ゅゆ ょよ ャヤ ュユ ョヨ ァア ィイ ゥウ"
    " 0Oo○〇 1lI| ソン 入人 未末 士土 日曰 己已巳 間問 課諜謀 市巿"
)
PRINT_ALIKE = {ord(twin): group[0] for group in _CONFUSABLE_GROUPS.split() for twin in group}

# Kana that differ by their size alone, and letters whose glyphs are one shape in many typefaces.
_WHOLE, _LITTLE = "アイウエオカケツヤユヨワあいうえおつやゆよわ", "ァィゥェォヵヶッャュョヮぁぃぅぇぉっゃゅょゎ"
SMALL = dict(zip(_WHOLE, _LITTLE, strict=True))
LARGE = {small: large for large, small in SMALL.items()}
SAME_SHAPE = str.maketrans("力口二夕卜工八へべぺりーｰ―−‐－一〇◯", "カロニタトエハヘベペリ-------○○")
# Kana of the two scripts that are one shape.
SAME_KANA = dict(zip("りリへヘべベぺペ", "リりヘへベべペぺ", strict=True))

_KATAKANA_OF = dict(zip("力口二夕卜工八千又才了三ヘべぺ", "カロニタトエハチヌオアミヘベペ", strict=True))
_KANJI_OF = dict(zip("カロニタトエハ", "力口二夕卜工八", strict=True))
_HIRAGANA_OF = dict(zip("ヘベペリ", "へべぺり", strict=True))
_KATAKANA_OF.update(zip("へべぺり", "ヘベペリ", strict=True))
# A lone katakana between kanji or digits that is one: 一カ所, 3カ月, 二ケ年.
_COUNTER = re.compile(r"[0-9一二三四五六七八九十百数何]$")
_COUNTED = "所月国年村町条"


# A large ツ that only a small one can be: アドレスタツク, チケツト.
_DOUBLED = set("カクケコサシスセソタチテトパピプペポガグゲゴジズドデバビブベボ")
_BEFORE_DOUBLED = re.compile(r"[アイウエオカ-モラ-ロワヴガ-ボァィゥェォャュョ]$")

# The ring of パ and the dots of バ are a few pixels of a scan. Words of reports in which a reader takes one for
# the other, and no word comes of it.
_KATAKANA = re.compile("[ァ-ヺー]+")
_DOTTED = str.maketrans("パピプペポ", "バビブベボ")
_LOANWORDS = (
    "アップ アパート アプリ アプリケーション アンペア インプラント エプロン オープン オープンデータ "
    "カップ カバー キャップ キャンプ キャンペーン キャンパス グループ グループホーム ケアプラン "
    "コピー コンビニ コンピュータ コンピューター サーバ サーバー サービス サポート サポーター "
    "サンプル サンプリング ジョブ シルバー スーパー スープ ステップ スペース スポーツ タイプ "
    "タブレット タイムスタンプ チップ データベース トップ トップページ トラブル ナンバー パーキング "
    "パーク パーセント パート パートナー パートナーシップ パスポート パスワード パソコン パターン "
    "パトロール パネル パブリック パブリックコメント パンフレット バスケット バックアップ バランス "
    "バリアフリー ピアノ ビジネス ビジョン ビデオ ビル プール フォローアップ プライバシー プラザ "
    "プラスチック プラットフォーム プラン プラント プランナー プリント プリンター プリンタ プレミアム "
    "プロ プログラム プロジェクト プロセス プロバイダ プロフィール プロモーション ブック ブックリスト "
    "ブラウザ ブランド ブロック ヘルパー ヘルプ ページ ペーパー ペット ベッド ベテラン ベビー "
    "ポイント ポスター ポスト ポータル ポータルサイト ポリシー ポンプ ボランティア ホームページ "
    "ホームヘルパー マイナンバー マイナンバーカード マップ ハザードマップ メンバー モバイル "
    "ユニバーサル ラベル ランプ レシピ レセプト レセプトデータ レベル レポート ロビー ワークショップ "
    "ショップ シップ リーダーシップ オブザーバー オブザーバ アドバイザー アドバイス エレベーター "
    "キャビネット クラブ スクールバス コミュニティバス デイサービス デジタルデバイド トイレットペーパー "
    "ハンドブック ガイドブック ピーク ピックアップ リハビリ リハビリテーション リバーサイド "
    "フリーペーパー アンバランス サイバー サイバーセキュリティ ボーダー ボトル パッケージ バイオ "
    "バイク バーコード コンプライアンス コンパクト コンベンション キープ スキップ スタンプ ストップ "
    "ストーブ タイピング テープ テンプレート ドライブ ハイブリッド パラリンピック オリンピック ブース "
    "プレゼンテーション プレゼン プレート ボックス ポケット"
)
_WORDS = {word.translate(_DOTTED): word for word in _LOANWORDS.split()}
# Of dates only: an era has a name, and a month has days.
# Words of reports with a letter in them for one that differs by a stroke: what stands here is no word.
_NO_WORDS = {
    "利川": "利用", "使川": "使用", "適川": "適用", "運川": "運用", "活川": "活用", "白力": "自力", "白己": "自己",
    "白治": "自治", "白動": "自動", "白主": "自主", "白立": "自立", "白宅": "自宅", "項日": "項目", "微収": "徴収",
    "質間": "質問", "訪間": "訪問", "学間": "学問", "巾民": "市民", "巾町村": "市町村", "巾長": "市長", "末満": "未満",
    "福鳥県": "福島県", "広鳥県": "広島県", "徳鳥県": "徳島県", "児鳥県": "児島県", "自山": "自由", "経山": "経由",
    "貢任": "責任", "犬学": "大学", "日的外": "目的外", "利用日的": "利用目的",
    "司上": "同上", "司左": "同左", "司右": "同右",
}  # fmt: skip
_NO_WORD = re.compile("|".join(_NO_WORDS))
# The particle before a loanword, 対象者へアンケートを, and the words that begin with that letter themselves.
_PARTICLE = re.compile(
    r"(?<=[一-鿿ぁ-ん々])[ヘへ](?!ル|リ|ッド|イト|クタール|モ|ビ|チ|ア(?![ァ-ヺ])|アピン|アカット)(?=[ァ-ヺ])"
)
_DATES = ((re.compile(r"[合命今]和(?=元|\d)"), "令和"), (re.compile(r"(?<=月)(\d{1,2})[口曰]"), r"\1日"))


def _is_katakana(c: str) -> bool:
    return "ァ" <= c <= "ヺ" and c not in _HIRAGANA_OF


def _is_kanji(c: str) -> bool:
    return ("一" <= c <= "鿿" or c in "々〆") and c not in _KATAKANA_OF and c != "一"


@lru_cache(maxsize=20_000)
def disambiguated(text: str) -> str:
    """The text with every letter that has a twin in the script that its neighbours are written in.

    Where the neighbours do not say, the letter stays as the recogniser saw it.
    """
    letters = list(text)
    for i in (*range(len(letters)), *range(len(letters))):  # twice: one that is told tells the one before it
        letter = letters[i]
        before = letters[i - 1] if i else ""
        after = letters[i + 1] if i + 1 < len(letters) else ""
        letters[i] = _disambiguated(letter, before, after, "".join(letters[max(0, i - 2) : i]))
    said = _KATAKANA.sub(lambda run: _WORDS.get(run[0].translate(_DOTTED), run[0]), "".join(letters))
    for pattern, meant in _DATES:
        said = pattern.sub(meant, said)
    return _PARTICLE.sub("へ", _NO_WORD.sub(lambda found: _NO_WORDS[found[0]], said))


def _disambiguated(letter: str, before: str, after: str, head: str) -> str:
    kana_before = bool(before) and (_is_katakana(before) or before == "ー")
    kana_after = bool(after) and (_is_katakana(after) or after == "ー")
    perhaps_before, perhaps_after = before in _KATAKANA_OF, after in _KATAKANA_OF
    if letter in "一-|" and (
        (kana_before and (kana_after or perhaps_after or (letter == "-" and not after)))
        or (perhaps_before and kana_after and before not in "三八")
    ):
        return "ー"
    if letter in _KATAKANA_OF and _is_kana(letter, kana_before, kana_after, before, after):
        return _KATAKANA_OF[letter]
    if letter == "力" and _COUNTER.search(head) and after and after in _COUNTED:
        return "カ"
    if letter == "ツ" and after in _DOUBLED and _BEFORE_DOUBLED.search(before):
        return "ッ"
    kanji_around = (not before or _is_kanji(before)) and (not after or _is_kanji(after)) and before + after
    if letter in _KANJI_OF and kanji_around and not _COUNTER.search(head):
        return _KANJI_OF[letter]
    if letter in _HIRAGANA_OF and not kana_before and not kana_after and before + after:
        return _HIRAGANA_OF[letter]
    return letter


def _is_kana(letter: str, kana_before: bool, kana_after: bool, before: str, after: str) -> bool:
    """Is a letter that has a katakana twin that twin, by its neighbours?"""
    if kana_after and (kana_before or after == "ー"):
        return True
    return (letter in "了べぺ" and (kana_before or kana_after)) or (letter in "夕卜" and before == "ー")
