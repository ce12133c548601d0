"""What the commands say of themselves, in Japanese. Keys are the English sentences of the commands."""

from __future__ import annotations

# Examples in an epilog are translated line by line: what stands after two blanks is a sentence of its own.
PHRASES: dict[str, str] = {
    # argparse itself
    "usage:": "使い方:",
    "positional arguments:": "引数:",
    "options:": "オプション:",
    "show this help message and exit": "この説明を表示して終わる",
    "show program's version number and exit": "版の番号を表示して終わる",
    # all commands
    "Checked datasets from the PDF reports that Japanese municipalities publish.": (
        "自治体が公表した PDF の報告書から、検算済みのデータを作ります。"
    ),
    "language of messages (default: the locale's)": "表示の言語(既定: ロケールに従う)",
    "say how each page was read; twice: every detail": "ページごとに、どう読んだかを表示する(2 回でさらに詳しく)",
    "print nothing but errors": "エラー以外は何も表示しない",
    "examples:": "例:",
    "default: %(default)s": "既定: %(default)s",
    "folder that `run` wrote": "`run` が書き出したフォルダー",
    "exit codes: 0 done; 1 some input failed, or a check; 2 wrong usage; 3 nothing could be read": (
        "終了コード: 0 すべて終了、1 一部の入力または検査が不合格、2 使い方の誤り、3 何も読めなかった"
    ),
    "one report": "報告書 1 件",
    "every report in a folder": "フォルダーの報告書すべて",
    "do the numbers still add up?": "数字はいまも合っているか",
    "every table of any PDF": "どんな PDF でも、すべての表を",
    # run
    "extract reports into one data package": "報告書を読み、データパッケージにする",
    "Extract PDFs, images of pages, OCR text, folders or ZIP archives of these into one data package.": (
        "PDF、ページの画像、OCR 済みテキスト、またはそれらのフォルダーや ZIP を読み、一つのデータパッケージにします。"
    ),
    "PDF, PNG, JPEG, TIFF, text, ZIP or folder; - for standard input": (
        "PDF・PNG・JPEG・TIFF・テキスト・ZIP またはフォルダー。- は標準入力"
    ),
    "folder of the data package": "データパッケージを書き出すフォルダー",
    "keep the documents that the package in DIR holds already": "DIR のパッケージにすでにある文書を残して加える",
    "refuse to replace a package that is there": "すでにあるパッケージを置き換えない",
    "kind of report (default: whichever fits)": "報告書の種類(既定: 合うものを選ぶ)",
    "whose reports, where they do not say": "どの自治体の報告書か(書かれていないとき)",
    "their year (2024, 令和6年度 or R6)": "何年度のものか(2024、令和6年度、R6 のいずれか)",
    "of encrypted PDFs; once for each password": "暗号化された PDF のパスワード(いくつもあれば、それぞれに付ける)",
    "when to recognise page images (default: %(default)s)": "ページの画像を文字認識するか(既定: %(default)s)",
    "processes side by side (default: %(default)s)": "同時に動かす処理の数(既定: %(default)s)",
    "bound on one input (default: %(default)g)": "入力 1 件あたりの上限(既定: %(default)g)",
    "bound on one input (default: %(default)s)": "入力 1 件あたりの上限(既定: %(default)s)",
    "run on a Dask cluster instead of on this machine": "この機械ではなく Dask クラスターで実行する",
    "also write: xlsx, parquet, sqlite": "ほかの形式でも書き出す: xlsx, parquet, sqlite",
    "begin every CSV with a byte order mark, as Excel wants it": "CSV の先頭に BOM を付ける(Excel 用)",
    "licence of the package, such as CC-BY-4.0": "パッケージのライセンス(CC-BY-4.0 など)",
    "when they came out (2025-06-01)": "公表日 (2025-06-01)",
    "where the reports were published": "報告書が公表されている場所の URL",
    "print the summary as JSON": "要約を JSON で表示する",
    # check
    "check a package again": "パッケージをもう一度検査する",
    "Check the values of a data package again, as its CSV files stand now.": (
        "データパッケージの値を、いまの CSV のとおりに検査し直します。"
    ),
    "print nothing; the exit code tells": "何も表示せず、終了コードだけで知らせる",
    "print the checks as JSON": "検査を JSON で表示する",
    "after a value was edited by hand": "値を手で直したあとに",
    "exits with 1 where a check fails": "不合格の検査があれば 1 で終わります",
    # tables
    "print or write all tables of any PDF": "どんな PDF でも、すべての表を表示・保存する",
    "Find every table of a PDF or page image, turned upright, with spans and headings.": (
        "PDF やページ画像のすべての表を、正しい向きで、結合セルと見出しとともに取り出します。"
    ),
    "PDF, image or OCR text": "PDF、画像、OCR 済みテキスト",
    "page numbers from 1: 1,3-5 (default: all)": "ページ番号(1 から): 1,3-5(既定: すべて)",
    "long form: row headings, column headings, value (CSV)": "縦長の形: 行見出し・列見出し・値(CSV)",
    "write one file a table instead of printing": "表示せず、表ごとに 1 ファイルを書き出す",
    "print them": "表示する",
    "what was found, drawn over the pages": "見つけたものをページに重ねて描く",
    "look there only (points from the page's top left)": "その範囲だけを見る(ページ左上からのポイント)",
    "edges between the columns, given by hand (points)": "列の境目を手で与える(ポイント)",
    "draw rules, cells and doubts over each page, as PNG": "罫線・セル・疑わしい箇所を各ページに重ねた PNG を書く",
    "one value a line with its headings": "1 行に 1 つの値と、その見出し",
    # profiles, profile
    "list the kinds of report that are known": "対応している報告書の種類を一覧する",
    "List the built-in profiles with the datasets that each gives.": (
        "内蔵のプロファイルと、それぞれのデータセットを一覧します。"
    ),
    "draft a profile from a report, or try one on a folder": "プロファイルの下書きを作る、または試す",
    "A profile is a TOML file that describes a kind of report. Draft one from a report; try it.": (
        "プロファイルは報告書の種類を記述した TOML ファイルです。報告書から下書きを作り、試します。"
    ),
    "draft a profile from one report, on standard output": "報告書 1 件から下書きを作り、標準出力に書く",
    "say what in each report did not fit; exits with 1 if anything did not": (
        "各報告書のどこが合わなかったかを示す(合わないものがあれば 1 で終わる)"
    ),
    "a report": "報告書",
    "reports, or folders of them": "報告書、またはそのフォルダー",
    "the profile to try": "試すプロファイル",
    "a draft to edit": "編集するための下書き",
    "what did not fit?": "合わなかったのは何か",
    # explain, panel
    "follow one number back to its place on the page": "一つの数値を、ページ上の位置までたどる",
    "Say where a value came from: page, box, each reading, each check it takes part in.": (
        "値の出どころ(ページ、位置、すべての読み、関わる検査)を示します。"
    ),
    "for example department_counts": "例: department_counts",
    "row in that file, from 0": "そのファイルの行(0 から)",
    "column in that file": "そのファイルの列",
    "print it as JSON": "JSON で表示する",
    "the years of a package side by side": "パッケージの各年度を横に並べる",
    "One line a municipality, row and measure, one column a fiscal year.": (
        "1 行に自治体・行・項目、1 列に年度を並べます。"
    ),
    "write the CSV there instead of printing it": "表示せず、そこに CSV を書く",
    "Departments that look renamed, merged or split are proposed on standard error, never joined.": (
        "改称・統合・分割されたと思われる部署は標準エラーに候補として示し、つなげることはしません。"
    ),
    "mended tables to use where a page is laid out alike": "同じレイアウトのページで使う、手直しした表のフォルダー",
    # review, app
    "settle flagged cells in the browser": "要確認のセルをブラウザーで確かめる",
    "Serve the review page on this machine; corrections renew sums and statuses at once.": (
        "確認ページをこの機械で開きます。訂正すると、合計と状態がすぐに改まります。"
    ),
    "default: any free one": "既定: 空いているもの",
    "open the page in the browser": "ブラウザーで開く",
    "prints the address to open; Ctrl-C ends it": "開くアドレスを表示する(Ctrl-C で終了)",
    "opens it in the browser": "ブラウザーで開く",
    "What is typed is appended to out/corrections.jsonl at once, and `run` applies it again.": (
        "入力した内容はすぐ out/corrections.jsonl に追記され、次の `run` でも使われます。"
    ),
    "Open a package in the app on this machine; corrections renew sums and statuses at once.": (
        "パッケージをこの機械のアプリで開きます。訂正すると、合計と状態がすぐに改まります。"
    ),
    "The app of `report-extract app`, on a package that is there. What is typed is appended to": (
        "`report-extract app` のアプリを、すでにあるパッケージで開きます。入力した内容はすぐ"
    ),
    "everything in the browser: drop reports, settle doubts, mend tables": (
        "すべてをブラウザーで: 報告書を入れ、疑問を解き、表を直す"
    ),
    "A web app on this machine: drop reports, settle what is doubtful, mend tables, take data home.": (
        "この機械の上のアプリ: 報告書を入れ、疑わしい値を確かめ、表を直し、データを持ち帰る。"
    ),
    "folder of the package and the dropped files (default: %(default)s)": (
        "パッケージと入れたファイルのフォルダー(既定: %(default)s)"
    ),
    "print the address and open no browser": "アドレスを表示するだけで、ブラウザーは開かない",
    "documents read side by side (default: %(default)s)": "同時に読む文書の数(既定: %(default)s)",
    "works in the folder report-extract-data, opens the browser": (
        "フォルダー report-extract-data で働き、ブラウザーを開く"
    ),
    "goes on with a package that `run` or the app wrote": "`run` やアプリが書いたパッケージの続きをする",
    "prints the address to open instead": "代わりに、開くアドレスを表示する",
    "Ctrl-C ends it; what waits is read when it is started again. Nothing leaves this machine.": (
        "Ctrl-C で終了します。待っている文書は、次に起動したときに読まれます。何もこの機械の外へは送られません。"
    ),
    # publish, preflight, completion
    "publish a package on a CKAN portal": "CKAN ポータルにパッケージを公開する",
    "Make or update a dataset on a CKAN portal: metadata, files, typed tables, data dictionary.": (
        "CKAN ポータルにデータセットを作成・更新します: メタデータ、ファイル、型付きの表、データ辞書。"
    ),
    "the portal's address": "ポータルのアドレス",
    "owner of the dataset there": "ポータルでの所有組織",
    "the dataset's name there (default: from its contents)": "ポータルでのデータセット名(既定: 内容から)",
    "licence id of the portal, such as cc-by": "ポータルのライセンス ID(cc-by など)",
    "print every call and make none": "呼び出しを表示するだけで、実行しない",
    "publish although cells are flagged or preflight fails": "要確認のセルや事前検査の不合格があっても公開する",
    "the token is read from the environment: CKAN_API_TOKEN": "トークンは環境変数 CKAN_API_TOKEN から読みます",
    "hold a package against the rules for machine-readable tables": "機械判読の規則に照らして検査する",
    "Hold a package against 総務省's 統一ルール for machine-readable tables and portals' own rules.": (
        "総務省の「統計表における機械判読可能なデータの表記方法の統一ルール」とポータルの規則に照らします。"
    ),
    "print the results as JSON": "結果を JSON で表示する",
    "exits with 1 where a rule fails": "不合格の規則があれば 1 で終わります",
    "print a script that completes commands and options in your shell": "シェルでの補完スクリプトを表示する",
    "Print a completion script: load it in your shell's start-up file.": (
        "補完スクリプトを表示します。シェルの起動ファイルで読み込んでください。"
    ),
    "the shell": "シェル",
}

# What argparse says of a wrong call; ``%s`` of its own sentences are the groups here.
ERRORS: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", "次の引数が必要です: {0}"),
    (r"unrecognized arguments: (.*)", "知らない引数です: {0}"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", "{0}: {1} は選べません({2} から選んでください)"),
    (r"argument (.*): invalid (\w+) value: (.*)", "{0}: {2} は値として使えません"),
    (r"argument (.*): expected one argument", "{0}: 値が必要です"),
    (r"argument (.*): expected at least one argument", "{0}: 値が一つ以上必要です"),
    (r"argument (.*): ignored explicit argument (.*)", "{0}: 値は付けられません({1})"),
    (r"argument (.*): not allowed with argument (.*)", "{0} と {1} は同時に使えません"),
    (r"ambiguous option: (.*) could match (.*)", "{0} はどのオプションか決まりません({1})"),
)
