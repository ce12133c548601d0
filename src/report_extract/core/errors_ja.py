"""What errors say, in Japanese. Keys are the English sentences, ``{}`` where a value stands.

A sentence is looked up when it is shown, so that an error travels between processes, and stands in a log, in one
language. Values are looked up in turn: ``x.pdf: it is encrypted`` is two sentences.
"""

from __future__ import annotations

import re
from functools import cache

SENTENCES: dict[str, str] = {
    # what is wrong
    "{}: {}": "{0}: {1}",
    "{}: {}: {}": "{0}: {1}: {2}",
    "{}, line {}: {}": "{0} の {1} 行目: {2}",
    "{}: it is empty": "{0}: 中身が空です",
    "{}: it has {} MiB, more than {}": "{0}: {1} MiB あります(上限 {2} MiB)",
    "{}: it is a web page, not a PDF": "{0}: PDF ではなく Web ページです",
    "{}: it is not a PDF, a picture or a text": "{0}: PDF・画像・テキストのどれでもありません",
    "{}: it is neither a PDF, a picture nor a text": "{0}: PDF・画像・テキストのどれでもありません",
    "{}: it is an archive that is broken, encrypted or too large": (
        "{0}: ZIP が壊れているか、暗号化されているか、大きすぎます"
    ),
    "unpack it and give what it holds": "展開して、中のファイルを指定してください",
    "standard input: more than {} MiB": "標準入力: {0} MiB を超えています",
    "save it as a file and split it": "ファイルに保存し、分けてください",
    "{}: it is a pipe or a device, not a file": "{0}: ファイルではなく、パイプまたは装置です",
    "{}: its drawings draw one another without end": "{0}: 図形が互いを呼び合い、描画が終わりません",
    "{}: no table was found in it": "{0}: 表が見つかりません",
    "draft from a report that has tables": "表のある報告書を下書きの元にしてください",
    "{}: it has no pages": "{0}: ページがありません",
    "{}: it has {} pages, more than {}": "{0}: {1} ページあります(上限 {2} ページ)",
    "{}: it has {} pages": "{0}: {1} ページあります",
    "{}: it has more than {} pages": "{0}: {1} ページを超えています",
    "{}: page {} is broken": "{0}: {1} ページが壊れています",
    "{}: page {} has {} x {} pixels": "{0}: {1} ページが {2} x {3} 画素あります",
    "{}: page {} defeats the second reader": "{0}: {1} ページは第二の読み取り器では読めません",
    "{}: the picture is broken": "{0}: 画像が壊れています",
    "{}: the picture is too large": "{0}: 画像が大きすぎます",
    "{}: more than {} MiB of text": "{0}: テキストが {1} MiB を超えています",
    "{}: more than {} characters a page": "{0}: 1 ページに {1} 文字を超える文字があります",
    "{} has no page {}": "{0} に {1} ページはありません",
    "page {} of {} at {} dpi would take {} x {} pixels": (
        "{1} の {0} ページは {2} dpi では {3} x {4} 画素になります"
    ),
    "page {} measures {} x {} points": "{0} ページの大きさが {1} x {2} ポイントです",
    "page {} holds {} {}, more than the {} that are read": "{0} ページに {2} が {1} あります(上限 {3})",
    "page {} nests drawings more than {} deep": "{0} ページの図形が {1} 段を超えて入れ子になっています",
    "it is encrypted": "暗号化されています",
    "its kind of encryption is not supported": "この方式の暗号化には対応していません",
    "its structure is broken": "ファイルの構造が壊れています",
    "it cannot be read": "読めません",
    "No such file or directory": "そのようなファイルやフォルダーはありません",
    "Permission denied": "アクセスが許可されていません",
    "Is a directory": "フォルダーです",
    "Not a directory": "フォルダーではありません",
    "File exists": "同じ名前のものがあります",
    "No space left on device": "空き容量がありません",
    "needs more memory than it may have": "許された以上のメモリーが必要です",
    "took longer than {} s": "{0} 秒を超えました",
    "needs more than {} MB of memory": "{0} MB を超えるメモリーが必要です",
    "its reader crashed (exit {})": "読み取りの途中で異常終了しました(終了コード {0})",
    "could not be read: {}": "読めませんでした: {0}",
    "{}: could not be read: {}": "{0}: 読めませんでした: {1}",
    "{} needs {}, which is not installed": "{0} には {1} が必要ですが、入っていません",
    "the model {} is not there": "認識モデル {0} がありません",
    "there is no reader {}": "読み取り器 {0} はありません",
    "there is no recogniser {}": "認識器 {0} はありません",
    "{} is not set": "{0} が設定されていません",
    "{}: {} refused: {}": "{0}: {1} が拒否されました: {2}",
    "{}: no data package": "{0}: データパッケージがありません",
    "{}: there is a data package already": "{0}: すでにデータパッケージがあります",
    "{}: {} values wait for a person": "{0}: 要確認の値が {1} 件あります",
    "{}: preflight fails: {}": "{0}: 事前検査で不合格があります: {1}",
    "{}: there is a file of that name": "{0}: 同じ名前のファイルがあります",
    "{}: an interrupted run left this package half written": "{0}: 中断された実行のため、このパッケージは書きかけです",
    "{}: another run is writing here": "{0}: 別の実行がここに書き込んでいます",
    "{}: is in the way and was not made by a run": "{0}: `run` が作ったものではないファイルがあり、書き込めません",
    "{}: is in the way": "{0}: 別のファイルがあり、書き込めません",
    "{}, line 1: a profile has at most {} characters": "{0} 1行目: プロファイルは {1} 文字までです",
    "{}, line 1: values within values without end": "{0} 1行目: 値の入れ子が深すぎます",
    "{}, line {}: a key of more than {} parts": "{0} {1}行目: キーの区切りが {2} を超えています",
    "{}, line {}: it is not UTF-8": "{0} {1}行目: UTF-8 ではありません",
    "leave something out": "内容を減らしてください",
    "save it as UTF-8": "UTF-8 で保存してください",
    "{}: not readable": "{0}: 読めません",
    "{}: the parts of {} are gone": "{0}: {1} の作業ファイルがなくなっています",
    "{}: no parts to review": "{0}: 確認できる作業ファイルがありません",
    "{}: more rows than a sheet holds": "{0}: 行数がシートの上限を超えています",
    "{}: no value at {} row {} field {}": "{0}: {1} の {2} 行目、列 {3} に値はありません",
    "{}: how its documents were made is gone, so nothing can be added": (
        "{0}: 文書の作成記録が失われているため、追加できません"
    ),
    "{}: its part is damaged and {} cannot be read": "{0}: 作業ファイルが壊れていて、{1} も読めません",
    "{}: no such folder": "{0}: そのようなフォルダーはありません",
    "no profile {}": "プロファイル {0} はありません",
    "no reports among the inputs": "入力の中に報告書がありません",
    "no PDF, image or text among the inputs": "入力の中に PDF・画像・テキストがありません",
    "--format: unknown {}": "--format: {0} という形式はありません",
    "--jobs: at least 1": "--jobs は 1 以上にしてください",
    "--pages {}: not a list of pages": "--pages {0}: ページの並びとして読めません",
    "- stands more than once": "- が 2 回以上あります",
    # what to do
    "standard input can be read once": "標準入力は 1 回しか読めません",
    "run the command again where it may write": "書き込める状態にして、もう一度実行してください",
    "wait until it ends, or choose another --out": "終わるのを待つか、別の --out を指定してください",
    "move it away, or choose another --out": "移動するか、別の --out を指定してください",
    "free some space, or choose another --out; what was there before is as it was": (
        "空き容量を増やすか、別の --out を指定してください。元のデータはそのまま残っています"
    ),
    "settle them with `review`, or say --anyway": "`review` で確かめるか、--anyway を付けてください",
    "see `preflight`, or say --anyway": "`preflight` で確かめるか、--anyway を付けてください",
    "download or scan it again": "もう一度ダウンロードするか、スキャンし直してください",
    "download or export it again": "もう一度ダウンロードするか、書き出し直してください",
    "download the PDF itself": "PDF そのものをダウンロードしてください",
    "split it": "分割してください",
    "split it or save it again": "分割するか、保存し直してください",
    "save it as a file first": "先にファイルとして保存してください",
    "check the path and its permissions": "パスとアクセス権を確かめてください",
    "print it to a new PDF": "新しい PDF として印刷し直してください",
    "print it anew": "印刷し直してください",
    "open it in a viewer and save it again": "閲覧ソフトで開き、保存し直してください",
    "open it in a viewer, print it to a new PDF and try again": (
        "閲覧ソフトで開き、新しい PDF として印刷してからやり直してください"
    ),
    "print the file to a PDF of ordinary page size and try again": "普通の大きさの PDF として印刷し直してください",
    "print the file to a new PDF, or turn it into page images, and try again": (
        "新しい PDF として印刷し直すか、ページ画像にしてからやり直してください"
    ),
    "remove the password and try again": "パスワードを外してやり直してください",
    "give the right password (--password), or remove it and try again": (
        "正しいパスワードを --password で指定するか、外してやり直してください"
    ),
    "remove the encryption and try again": "暗号化を解除してやり直してください",
    "scan or export it again": "スキャンまたは書き出しをやり直してください",
    "scan at 300 dpi": "300 dpi でスキャンしてください",
    "ask for fewer dots per inch": "解像度を下げてください",
    "use the first one": "第一の読み取り器を使ってください",
    "give the file that was published": "公表されたファイルを指定してください",
    "it has {}": "全部で {0} ページです",
    "run the extraction again": "`run` をもう一度実行してください",
    "run the extraction again into this folder": "このフォルダーへ `run` をもう一度実行してください",
    "run all inputs again": "すべての入力でもう一度実行してください",
    "look into cells.csv for what there is": "cells.csv にある場所を見てください",
    "name a file, or a folder that holds some": "ファイル、またはそれらを含むフォルダーを指定してください",
    "choose from {}": "次から選んでください: {0}",
    "choose one of: {}": "次から選んでください: {0}",
    "use one of: {}": "次から選んでください: {0}",
    "write 1,3-5": "1,3-5 のように書いてください",
    "export {}=… with a token from your CKAN profile page": (
        "CKAN のプロフィール画面のトークンを export {0}=… で設定してください"
    ),
    "check the token and --organization": "トークンと --organization を確かめてください",
    "check --ckan": "--ckan を確かめてください",
    "give the folder that `report-extract run` wrote": "`report-extract run` が書いたフォルダーを指定してください",
    "give the folder that `run` wrote": "`run` が書いたフォルダーを指定してください",
    "use --format parquet": "--format parquet を使ってください",
    "choose another --out": "別の --out を指定してください",
    "choose another --out, or leave --no-overwrite away": "別の --out を指定するか、--no-overwrite を外してください",
    "choose another folder or port": "別のフォルダーまたはポートを指定してください",
    "give the folder that holds layout files (*.layout.json)": (
        "レイアウトファイル(*.layout.json)のあるフォルダーを指定してください"
    ),
    "remove the file, or save the layout again": "そのファイルを消すか、レイアウトを保存し直してください",
    "--ckan {}: not an address": "--ckan {0}: アドレスの形ではありません",
    "write https://data.example.lg.jp": "https://data.example.lg.jp のように書いてください",
    "the API token holds blanks, line breaks or other signs that no token has": (
        "API トークンに、空白や改行など、トークンにない文字が入っています"
    ),
    "copy it again": "コピーし直してください",
    "{}: it lists no resources": "{0}: リソースの一覧がありません",
    "{}: {}.csv leads out of the package": "{0}: {1}.csv がパッケージの外を指しています",
    "{}: not as `run` writes it: {}: {}": "{0}: `run` が書く形ではありません: {1}: {2}",
    "{}: resource {} has no name, path or typed fields": "{0}: リソース {1} に名前・パス・型付きの項目がありません",
    "{}: {} is no file of this package": "{0}: {1} はこのパッケージのファイルではありません",
    "correct it, or run again": "直すか、もう一度 run してください",
    "{}: the package names this profile, but does not hold it": (
        "{0}: パッケージが挙げるプロファイルが、パッケージの中にありません"
    ),
    "--format xlsx: a workbook cannot be printed": "--format xlsx: ブックは画面に表示できません",
    "say where it goes with --out DIR": "--out DIR で書き出し先を指定してください",
    "{} {}: no such numbers": "{0} {1}: 数値の並びではありません",
    "try again": "やり直してください",
    "give a TOML file or one of: {}": "TOML ファイルか、次のどれかを指定してください: {0}",
    "correct the profile": "プロファイルを直してください",
    "correct the TOML": "TOML を直してください",
}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """A pattern for each sentence with its translation, those that say most first."""
    by_length = sorted(SENTENCES.items(), key=lambda pair: -len(pair[0].replace("{}", "")))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, said.split("{}"))), re.DOTALL), translation)
        for said, translation in by_length
    )


def in_japanese(text: str) -> str:
    """An error's sentence in Japanese, as far as it is known; ``what (remedy)`` is two sentences."""
    both = re.fullmatch(r"(.+) \((.+)\)", text, re.DOTALL)
    if both and (remedy := in_japanese(both[2])) != both[2]:
        return f"{in_japanese(both[1])}({remedy})"
    for pattern, japanese in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return japanese.format(*map(in_japanese, found.groups()))
    return text
