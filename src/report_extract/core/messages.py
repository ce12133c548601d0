"""What a person is told, in Japanese and English.

One entry a kind of finding: what is wrong, and what to do about it. ``{0}``, ``{1}``, ... are the finding's
values. A step that needs a new kind adds its entry here; a kind without an entry is still said, plainly.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Sayable(Protocol):
    """What ``say`` needs of a finding; ``model.Finding`` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def page(self) -> int: ...
    @property
    def scope(self) -> str: ...


LANGUAGES = ("ja", "en")

CATALOGUE: dict[str, tuple[str, str]] = {
    # Letters
    "illegible": (
        "文字を読み取れません(読み「{0}」)。原本を確認してください",
        "The text cannot be made out (read as “{0}”). Look at the page.",
    ),
    "unsure-reading": (
        "読みに自信がありません(「{0}」、ほかの候補: {1})。原本を確認してください",
        "The recogniser is not sure (“{0}”; other candidates: {1}). Look at the page.",
    ),
    "side-by-side": (
        "一つの欄に二つの数が並んでいるように見えます(読み「{0}」)。原本を確認してください",
        "Two figures seem to stand side by side in this cell (read as “{0}”). Look at the page.",
    ),
    "unsure-kind": (
        "行の種類は、読みの不確かな見出し「{0}」によるものです。原本を確認してください",
        "The kind of this row follows from its label, “{0}”, which was not read for sure. Look at the page.",
    ),
    "readings-differ": (
        "二つの読みが食い違います(「{0}」と「{1}」)。原本を確認してください",
        "Two independent readings differ (“{0}” and “{1}”). Look at the page.",
    ),
    "readings-alike": (
        "二つの読みは同じ値になりますが、字の形に違いがあります(「{0}」と「{1}」)。念のため原本を確認してください",
        "Two readings come to the same value, but their letters differ (“{0}” and “{1}”). Have a look at the page.",
    ),
    "distrusted-text": (
        "PDFの文字情報が信頼できません({0})。ページ画像から読み直しました",
        "The PDF's text layer cannot be trusted ({0}). The page image was read instead.",
    ),
    "distrusted-unread": (
        "PDFの文字情報が信頼できません({0})。文字認識を有効にしてください",
        "The PDF's text layer cannot be trusted ({0}). Turn recognition on.",
    ),
    "unread": (
        "画像のページで、文字認識を使わずに読めません。文字認識を有効にしてください",
        "This page is a picture and was not recognised. Turn recognition on.",
    ),
    "broken-page": (
        "{0}ページは読めないため、結果に含まれていません({1})。ビューアで開いて保存し直すか、そのページを画像にして読ませてください",
        "Page {0} could not be read and is missing from the result ({1}). Save the file again from a viewer, or give "
        "the page as a picture.",
    ),
    "no-such-page": (
        "{0}ページはありません(全部で{1}ページです)。あるページだけを読みました",
        "There is no page {0}; the file has {1}. The pages that are there were read.",
    ),
    "unread-picture": (
        "文字のページに、表か文章らしい画像があります。文字認識を有効にしてください",
        "A picture on a page of text seems to hold a table or print. Turn recognition on.",
    ),
    "picture-left": (
        "文字のページの画像に、罫線のない文章か図があります。読み取らず、そのままにしました",
        "A picture on a page of text holds print without the rules of a table, or a chart. It was left as it is.",
    ),
    "many-pictures": (
        "文字のページの画像が多いため、{0}ページ以降の画像は読んでいません。表の画像があれば、そのページだけを読ませてください",
        "There are so many pictures on pages of text that those from page {0} on were not read. If one of them is a "
        "table, give its page alone.",
    ),
    # Marks on the page
    "stamp": (
        "印影・透かしと見られる文字を表に入れていません(「{0}」)",
        "Print that seems to be a stamp or a watermark was left out of the tables (“{0}”).",
    ),
    "slanted-text": (
        "斜めの文字があり、表に入れていません(「{0}」)。見出しや値でないか原本を確認してください",
        "Slanted print was left out of the tables (“{0}”). Look at the page whether it is a heading or a value.",
    ),
    "overprinted": (
        "文字が重なって印字されています(「{0}」のうち「{1}」)。原本を確認してください",
        "Letters are printed over one another (in “{0}”: “{1}”). Look at the page.",
    ),
    "struck-out": (
        "取り消し線の引かれた文字があります(「{0}」のうち「{1}」)。どちらが生きているか原本を確認してください",
        "A line is drawn through “{1}” (in “{0}”). Look at the page which text is meant to stand.",
    ),
    "cut-text": (
        "文字が欄の端で切れています(「{0}」)。続きがないか原本を確認してください",
        "The text is cut off at the edge of its place (“{0}”). It may go on: look at the original.",
    ),
    # Names and values
    "unknown-name": (
        "名簿にない名称です(「{0}」)。正しければ名簿に加えてください",
        "The name “{0}” is in no list of names. If it is right, add it.",
    ),
    "unsure-name": (
        "名称を一つに決められません(「{0}」、候補: {1})。原本を確認してください",
        "The name cannot be settled (“{0}”; candidates: {1}). Look at the page.",
    ),
    "missing-name": (
        "名称が空欄です。読み落としでないか原本を確認してください",
        "A name is missing here. Look at the page whether it was not read.",
    ),
    "uncastable": (
        "値として読めません(「{0}」)。原本を確認してください",
        "“{0}” cannot be read as a value of its column. Look at the page.",
    ),
    "unproved-blank": (
        "空欄ですが、読み落としでないことを検算で確かめられません。原本を確認してください",
        "The cell is empty, and no sum proves that nothing was missed. Look at the page.",
    ),
    "unchecked": (
        "文字認識による数値ですが、確かめる式も二つ目の読みもありません。原本を確認してください",
        "A recognised number that no equation and no second reading confirms. Look at the page.",
    ),
    "unconfirmed": (
        "罫線のない表の数値で、確かめる式がありません。行と列の対応を原本で確認してください",
        "A figure of a table without rules that no sum confirms. Compare its row and column with the page.",
    ),
    "unresolved-ditto": (
        "「{0}」の指す欄がありません。原本を確認してください",
        "Nothing is there for “{0}” to refer to. Look at the page.",
    ),
    # Sums
    "unbalanced": (
        "計算が合いません({0})。この欄が誤りなら正しくは {1} です。原本を確認してください",
        "The figures do not add up ({0}). If this cell is at fault, it should be {1}. Look at the page.",
    ),
    "report-error": (
        "報告書の数値どうしが合いません({0})。読みは原本のとおりです",
        "The report's own figures disagree ({0}). They are kept as printed.",
    ),
    "repaired": (
        "「{0}」を {1} に直しました。根拠: {2}",
        "“{0}” was restored to {1}. Why: {2}",
    ),
    "explained-mismatch": (
        "{0} と {1} は一致しませんが、報告書に理由があります:「{2}」",
        "{0} and {1} differ, and the report says why: “{2}”",
    ),
    # Structure
    "missing-table": (
        "「{0}」の表が見つかりません。ページの抜けや見出しの違いを確認してください",
        "The table of {0} was not found. Check for a missing page or an unknown heading.",
    ),
    "missing-row": (
        "行が抜けているようです({0})。原本の行数を確認してください",
        "A row seems to be missing ({0}). Compare the rows with the page.",
    ),
    "doubled-row": (
        "同じ行が二度あるようです({0})。原本の行数を確認してください",
        "A row seems to stand twice ({0}). Compare the rows with the page.",
    ),
    "section-lost": (
        "番号「{0}」から新しい表が始まるようですが、その見出し(目的外利用・外部提供の別、根拠)が読めません",
        "A new table seems to begin at number {0}, but its heading (the use, the legal basis) was not read.",
    ),
    "merged-rows": (
        "二つの行が一つになっているようです({0})。原本を確認してください",
        "Two rows seem to have run together ({0}). Look at the page.",
    ),
    "guessed-rows": (
        "罫線で区切られていない表の折り返した行を、ほかの行と取り違えたかもしれません(「{0}」)。原本を確認してください",
        "No rules part this table's cells, and their lines may have been told apart wrongly (“{0}”). Look at the page.",
    ),
    "lone-label": (
        "件数のない行があります(「{0}」)。前後の行の名称の続きかもしれません。原本を確認してください",
        "A row has no figures (“{0}”). It may be a part of the label above or below. Look at the page.",
    ),
    "lone-figures": (
        "名称のない行に数値があります(「{0}」)。前後の行の数値かもしれません。原本を確認してください",
        "Figures stand in a row without a label (“{0}”). They may belong to the row above or below. Look at the page.",
    ),
    "bare-reference": (
        "項・号と区分が一つの欄に読まれたようです(「{0}」)。原本を確認してください",
        "Paragraph, item and wording seem to have run together (“{0}”). Look at the page.",
    ),
    "words-beside": (
        "表のこの行の横に、表に入らなかった数値があります(「{0}」)。原本を確認してください",
        "Figures stand beside this row that are in no table (“{0}”). Look at the page.",
    ),
    "left-over": (
        "どの表にも入らなかった行があります(「{0}」)。表の続きかもしれません。原本を確認してください",
        "A row of figures is in no table (“{0}”). It may go on one. Look at the page.",
    ),
    "lacking": (
        "同じ種類のほかの表にある欄がこの表にはありません({0})。原本を確認してください",
        "This table lacks what others of its kind have ({0}). Look at the page.",
    ),
    "shifted-column": (
        "列がずれているようです({0})。原本を確認してください",
        "The columns seem to be shifted ({0}). Look at the page.",
    ),
    "unsure-heading": (
        "見出しの意味を決められません(「{0}」、候補: {1})",
        "What the heading “{0}” means is not settled (candidates: {1}).",
    ),
    "same-file": (
        "同じ内容のファイルがほかにもあります({0})。二重に数えないでください",
        "The same file is there more than once ({0}). Do not count it twice.",
    ),
    "same-year": (
        "同じ自治体・年度の報告書がほかにもあります({0})。どちらを使うか確認してください",
        "There is another report of this municipality and year ({0}). Decide which one to use.",
    ),
    "chosen-of": (
        "{0}の報告書が複数あります({1})。食い違う値には {2} のものを採り、review としました",
        "There are several reports of {0} ({1}). Where they differ, {2} is taken and the line is review.",
    ),
    "unsure-mapping": (
        "「{0}」の列が見つからず、数値の列「{1}」が余っています。どの列がどの項目か確認してください",
        "No column was found for {0}, and the column of figures “{1}” is left over. Check which column is which.",
    ),
    "unknown-column": (
        "知らない見出しの列があります(「{0}」)。tables.json に残しました",
        "The column “{0}” is unknown. It is kept in tables.json.",
    ),
    "unknown-table": (
        "どの表か分かりません(「{0}」)。tables.json に残しました",
        "It is not known which table “{0}” is. It is kept in tables.json.",
    ),
    "unsure-column": (
        "一つの見出しの下に数値が二つあります(採用「{0}」)。原本を確認してください",
        "Two numbers stand under one heading (“{0}” was taken). Look at the page.",
    ),
    "stray-marks": (
        "余分な記号を取り除きました(「{0}」)。原本を確認してください",
        "Stray marks were taken away (“{0}”). Look at the page.",
    ),
    "slip": (
        "読み誤りらしい箇所があります(「{0}」)。原本を確認してください",
        "Something looks misread (“{0}”). Look at the page.",
    ),
    "disordered-table": (
        "この表の文字には読み誤りが多く、この欄を確かめる手がかりがありません。原本を確認してください",
        "The letters of this table are full of slips, and nothing confirms this cell. Look at the page.",
    ),
    "several-references": (
        "根拠条項が複数あります(「{0}」)。項・号を一つに決められません",
        "“{0}” names several legal references; paragraph and item are not settled.",
    ),
    "cut-record": (
        "ページの境目で切れた行を前のページの行につなぎました。原本を確認してください",
        "A record cut by the page break was joined to the page before. Look at the page.",
    ),
    "torn-row": (
        "次のページの初めに、この表の続きらしい部分があります(「{0}」)。つながっていません。原本を確認してください",
        "The next page begins with what may go on this table (“{0}”); it was not joined. Look at the page.",
    ),
    "mixed-form": (
        "番号がなく、欄の並びが途中から始まっています。二つの案件が一つになっていないか原本を確認してください",
        "A case without a number whose parts begin half way: two cases may have run together. Look at the page.",
    ),
    # Identity
    "unknown-municipality": (
        "自治体名が分かりません。--municipality で指定してください",
        "The municipality is not known. Give it by --municipality.",
    ),
    "unknown-year": (
        "年度が分かりません。--fiscal-year で指定してください",
        "The fiscal year is not known. Give it by --fiscal-year.",
    ),
    "ask-municipality": (
        "どの自治体の報告書か、読み取れませんでした。自治体名か6桁のコードを入力してください",
        "Whose report it is could not be read. Type the municipality's name or its code of six digits.",
    ),
    "ask-year": (
        "何年度の報告書か、読み取れませんでした。年度を入力してください(例: 令和6年度、2024)",
        "Of which fiscal year it is could not be read. Type the year, such as 2024.",
    ),
    "unsure-municipality": (
        "自治体名に確信がありません(「{0}」、根拠・候補: {1})。--municipality で指定してください",
        "It is not certain that this is {0}'s report (grounds or candidates: {1}). Give it by --municipality.",
    ),
    "asked-municipality": (
        "どの自治体の報告書か決められません(候補: {0})。--municipality で指定するか、確認画面で入力してください",
        "It cannot be told whose report this is (candidates: {0}). Give it by --municipality, or on the review page.",
    ),
    "asked-year": (
        "何年度の報告書か決められません(候補: {0})。--fiscal-year で指定するか、確認画面で入力してください",
        "It cannot be told which fiscal year this report is of (candidates: {0}). "
        "Give it by --fiscal-year, or on the review page.",
    ),
    "unsure-year": (
        "年度に確信がありません({0}、根拠・候補: {1})。--fiscal-year で指定してください",
        "The fiscal year is not certain ({0}; grounds or candidates: {1}). Give it by --fiscal-year.",
    ),
    # Years against years
    "renamed": (
        "「{0}」は「{1}」に改称されたようです(件数 {2} が一致)。自動では結び付けません",
        "“{0}” may have been renamed to “{1}” (both {2}). They are not joined without you.",
    ),
    "merged": (
        "{0} は「{1}」に統合されたようです(件数の和 {2} が一致)。自動では結び付けません",
        "{0} may have been merged into “{1}” (together {2}). They are not joined without you.",
    ),
    "split": (
        "「{0}」は {1} に分かれたようです(件数の和 {2} が一致)。自動では結び付けません",
        "“{0}” may have been split into {1} (together {2}). They are not joined without you.",
    ),
    # The structure of a table
    "unplaced": (
        "表の範囲にある文字「{0}」が、どのセルにも入っていません。原本を確認してください",
        "“{0}” stands within this table, but in none of its cells. Look at the page.",
    ),
    "unsure-structure": (
        "表の行・列の分け方に確信がありません(すべてのセルが正しい確率 {0})。原本と見比べてください",
        "It is not certain how this table parts into rows and columns (all right: {0}). Compare it with the page.",
    ),
    "words-cut": (
        "罫線や列の境が文字にかかっています。隣のセルの文字が混ざっている恐れがあります",
        "Separators cut through words. Cells may hold letters of their neighbours.",
    ),
    "words-overprinted": (
        "表の中で文字が重なって印字されています。重なった文字が混ざっている恐れがあります",
        "Words of this table are printed over one another. Their letters may be mixed up.",
    ),
    "rows-in-one": (
        "一つのセルに複数の行が入っています。二つ以上の行を一つにまとめた恐れがあります",
        "Cells hold several lines. Rows may have been taken for one.",
    ),
    "columns-in-one": (
        "セルの中に広い空きか、二つ以上の数値があります。二つ以上の列を一つにまとめた恐れがあります",
        "Cells hold wide gaps or several figures. Columns may have been taken for one.",
    ),
    "words-outside": (
        "表のすぐ外に文字があります。行か列が表から漏れている恐れがあります",
        "There are words right beside the table. Rows or columns may be missing.",
    ),
    # The run
    "no-profile": (
        "この種類の報告書のプロファイルはありません。表は tables.json と tables/ にあります",
        "No profile fits this kind of report. Its tables are in tables.json and tables/.",
    ),
    "run-together": (
        "一つの欄に数値が二つ以上あります(「{0}」)。列が分かれていない恐れがあります",
        "One cell holds several figures (“{0}”). Two columns may have been taken for one.",
    ),
    "stale-correction": (
        "以前の訂正「{0}」({1} の {2})に当たるセルが見つかりません。もう一度確認してください",
        "An earlier correction “{0}” ({1}, {2}) no longer fits any cell. Look again.",
    ),
    "unfit-correction": (
        "訂正({0})を適用できません: {1}",
        "A correction ({0}) cannot be applied: {1}.",
    ),
    "stale-table": (
        "手で直した表が見つかりません。もう一度「表を直す」で確認してください",
        "A table that was mended by hand is no longer there. Look at its page again.",
    ),
    "layout-misfit": (
        "保存したレイアウト「{0}」に似ていますが、罫や列の位置が合わないため使いませんでした。表を確認してください",
        "The page resembles the layout “{0}”, but its lines do not fit any more; it was not used. Look at the table.",
    ),
    "flagged": ("{0}", "{0}"),
}


class _Tolerant(string.Formatter):
    """Fills a sentence; a value that was not given leaves its place empty instead of an exception."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return args[key] if isinstance(key, int) and key < len(args) else ""


def say(finding: Sayable, lang: str = "ja") -> str:
    """The finding as one sentence, in ``lang`` ("ja" or "en"), without its place on the page."""
    sentences = CATALOGUE.get(finding.kind)
    if sentences is None:
        return ": ".join(part for part in (finding.kind, ", ".join(finding.values)) if part)
    return _Tolerant().format(sentences[lang == "en"], *finding.values)


def where(finding: Sayable, lang: str = "ja") -> str:
    """Where to look: the page and what is meant on it; empty where neither is known."""
    page = (f"p. {finding.page}" if lang == "en" else f"{finding.page}ページ") if finding.page else ""
    return " ".join(part for part in (page, finding.scope) if part)
