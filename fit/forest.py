"""Boosted trees: fitted with scikit-learn, held out by group, calibrated, and turned into plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from report_extract.tables.model import Trees

FOLDS = 5
SEED = 0


@dataclass(frozen=True)
class Settings:
    """How trees are grown."""

    depth: int = 4
    rounds: int = 150
    rate: float = 0.06
    leaf: int = 12
    penalty: float = 1.0
    share: float = 0.5  # of the numbers, drawn anew for each split

    def grown(self, x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> HistGradientBoostingClassifier:
        model = HistGradientBoostingClassifier(
            max_depth=self.depth,
            max_iter=self.rounds,
            learning_rate=self.rate,
            min_samples_leaf=self.leaf,
            l2_regularization=self.penalty,
            max_features=self.share,
            early_stopping=False,
            random_state=SEED,
        )
        return model.fit(x, y, sample_weight=weight)


def folds(groups: Sequence[str]) -> np.ndarray:
    """The fold of each row: groups stay whole, the largest are dealt out first, each to the least full fold."""
    names, sizes = np.unique(np.array(groups), return_counts=True)
    full = np.zeros(FOLDS)
    fold_of = {}
    for i in np.argsort(-sizes, kind="stable"):
        fold_of[names[i]] = int(full.argmin())
        full[fold_of[names[i]]] += sizes[i]
    return np.array([fold_of[g] for g in groups])


def held_out(x: np.ndarray, y: np.ndarray, groups: Sequence[str], weight: np.ndarray, settings: Settings) -> np.ndarray:
    """The log odds of each row by trees that saw nothing of its group."""
    odds, fold = np.zeros(len(y)), folds(groups)
    for k in range(FOLDS):
        test = fold == k
        if test.any() and len(np.unique(y[~test])) == 2:
            odds[test] = settings.grown(x[~test], y[~test], weight[~test]).decision_function(x[test])
    return odds


def calibrated(odds: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Scale and shift that turn held-out log odds into probabilities (Platt 1999)."""
    line = LogisticRegression(C=10.0).fit(odds[:, None], y, sample_weight=weight)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def plain(model: HistGradientBoostingClassifier, names: Sequence[str], scale: float, shift: float) -> Trees:
    """The fitted trees as arrays."""
    parts, roots, count = [], [], 0
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        roots.append(count)
        parts.append((nodes, count))
        count += len(nodes)

    def of(field: str) -> np.ndarray:
        return np.concatenate([nodes[field] for nodes, _ in parts])

    leaf = of("is_leaf").astype(bool)
    offset = np.concatenate([np.full(len(nodes), at) for nodes, at in parts])
    return Trees(
        tuple(names),
        feature=np.where(leaf, -1, of("feature_idx")).astype(np.int16),
        threshold=np.where(leaf, 0, of("num_threshold")).astype(np.float64),
        low=(of("left") + offset).astype(np.int32),
        high=(of("right") + offset).astype(np.int32),
        value=np.where(leaf, of("value"), 0).astype(np.float32),
        roots=np.array(roots, dtype=np.int32),
        start=float(np.ravel(model._baseline_prediction)[0]),
        scale=scale,
        shift=shift,
    )


def stored(name: str, trees: Trees) -> dict[str, np.ndarray]:
    """The arrays of trees, as they are written."""
    fields = ("feature", "threshold", "low", "high", "value", "roots")
    return {
        f"{name}.names": np.array(trees.names),
        f"{name}.odds": np.array([trees.start, trees.scale, trees.shift]),
        **{f"{name}.{field}": getattr(trees, field) for field in fields},
    }
