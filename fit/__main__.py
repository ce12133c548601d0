"""``python -m fit``: gather, fit, hold out, write ``tables/model.npz``; ``--report`` prints the figures that it holds.

Needs the ``fit`` extra (scikit-learn), and Chromium and LibreOffice for the tables that are printed anew.
"""

from __future__ import annotations

import argparse
import json
import pickle
from datetime import date
from pathlib import Path

import numpy as np

from report_extract.tables.model import provenance, stored_models

TARGET = Path(__file__).parent.parent / "src" / "report_extract" / "tables" / "model.npz"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--work", type=Path, default=Path("out/fit"), help="where prints and found tables are kept")
    ask.add_argument("--files", type=int, default=2, help="files of random tables of each kind a producer")
    ask.add_argument("--report", action="store_true", help="only print what the committed model holds")
    ask.add_argument("--again", action="store_true", help="fit only the judge anew, on the accounts that are kept")
    args = ask.parse_args()
    if args.report:
        report(provenance())
    elif args.again:
        judge(args.work, dict(provenance()), {n: a for n, a in stored_models().items() if not n.startswith("table.")})
    else:
        fit(args.work, args.files)


def report(told: dict[str, object]) -> None:
    """Print the held-out figures of a provenance as the tables of docs/accuracy.md."""
    table = told["table"]
    assert isinstance(table, dict)
    print(f"fitted {told['date']} on {told['pages']} pages, {table['places']} places; bar {table['bar']:.3f}\n")
    print("| family | places | finder alone right | right | judged ok | of these wrong |\n|---|--:|--:|--:|--:|--:|")
    for name, f in table["families"].items():
        print(f"| {name} | {f['places']} | {f['finder_right']} | {f['right']} | {f['ok']} | {f['ok_wrong']} |")
    print("\n| confidence | places | right |\n|--:|--:|--:|")
    for line in table["reliability"]:
        print(f"| {line['confidence']:.2f} | {line['tables']} | {line['right']:.2f} |")


def fit(work: Path, files: int) -> None:
    """Make everything anew."""
    from .forest import FOLDS, folds, stored
    from .gather import found
    from .generate import generated
    from .split import NAMES, examples
    from .table import Accounts
    from .truth import sources

    pages = list(found([*sources(), *generated(work / "printed", files)], work / "found"))
    print(f"{len(pages)} pages")
    known = examples(pages)
    groups = [source.group for source, _, _ in pages]
    fold_of = dict(zip(groups, folds(groups).tolist(), strict=True))
    accounts = Accounts()
    for fold in range(FOLDS):
        without = {group for group, k in fold_of.items() if k == fold}
        models = {name: of.fitted(name, without) for name, of in known.items()}
        for source, page, tables in pages:
            # Random tables teach how to part one; of how sure that is the real ones tell more.
            if source.group in without and not (source.group.startswith("made/") and source.page % 2):
                accounts.add(source, page, tables, models)
        print(f"fold {fold}: {len(accounts.right)} accounts", flush=True)
    (work / "accounts.pickle").write_bytes(pickle.dumps(accounts))
    arrays: dict[str, np.ndarray] = {}
    for name in NAMES:
        arrays |= stored(name, known[name].fitted(name, set()))
    told = {
        "pages": len(pages),
        "sources": {name: len({g for g in groups if g.split("/")[0] == name}) for name in _corpora(groups)},
        "examples": {name: len(of.y) for name, of in known.items()},
    }
    judge(work, told, arrays)


def judge(work: Path, told: dict[str, object], arrays: dict[str, np.ndarray]) -> None:
    """Fit the judge of accounts and write all models."""
    from .table import fit_table

    judged, table = fit_table(pickle.loads((work / "accounts.pickle").read_bytes()))
    told = {**told, "date": date.today().isoformat(), "table": table}
    arrays = {**{name: array for name, array in arrays.items() if name != "provenance"}, **judged}
    np.savez_compressed(TARGET, provenance=np.array(json.dumps(told, ensure_ascii=False)), **arrays)  # type: ignore[arg-type]
    print(f"{TARGET.name}: {TARGET.stat().st_size // 1024} kB")
    report(told)


def _corpora(groups: list[str]) -> list[str]:
    return sorted({g.split("/")[0] for g in groups})


if __name__ == "__main__":
    main()
