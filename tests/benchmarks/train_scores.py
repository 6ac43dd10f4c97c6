"""Splits and scores of the training benchmark."""

import math
from collections.abc import Sequence

import numpy as np

_TEST = 0.2


def split(y: np.ndarray, seed: int, *, stratified: bool) -> tuple[np.ndarray, np.ndarray]:
    """(train, test): places of the records, 80 to 20 per cent, per class where `stratified`."""
    draws = np.random.default_rng(seed)
    groups = [np.flatnonzero(y == one) for one in np.unique(y)] if stratified else [np.arange(y.size)]
    train, test = [], []
    for group in groups:
        order = draws.permutation(group)
        cut = math.floor(_TEST * group.size + draws.random())  # rare classes: by chance, right on average
        test.append(order[:cut])
        train.append(order[cut:])
    return np.sort(np.concatenate(train)), np.sort(np.concatenate(test))


def of_classes(y: np.ndarray, chances: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
    """`y`, `chosen`, (n,) codes; `chances`, (n, classes). Two classes: of the last one. More: the mean over
    the classes, each against the rest."""
    from sklearn.metrics import precision_score, recall_score, roc_auc_score

    classes = chances.shape[1]
    wanted = [1] if classes == 2 else list(range(classes))
    areas = [
        float(roc_auc_score(y == one, chances[:, one])) for one in wanted if 0 < np.sum(y == one) < y.size
    ]
    average = {"labels": [1], "average": "macro"} if classes == 2 else {"labels": wanted, "average": "macro"}
    return {
        "auroc": float(np.mean(areas)) if areas else math.nan,
        "accuracy": float(np.mean(y == chosen)),
        "precision": float(precision_score(y, chosen, zero_division=0, **average)),
        "recall": float(recall_score(y, chosen, zero_division=0, **average)),
    }


def of_quantity(y: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """`y`, `found`, (n,), in the target's unit."""
    spread = float(np.mean((y - y.mean()) ** 2))
    error = float(np.mean((y - found) ** 2))
    return {
        "rmse": math.sqrt(error),
        "r2": 1 - error / spread if spread else math.nan,
        "mae": float(np.mean(np.abs(y - found))),
    }


def summary(runs: Sequence[dict[str, float]]) -> dict[str, dict[str, float | None]]:
    """Mean and standard deviation (n - 1) of each score over the seeds; null where there is none."""
    found = {}
    for key in runs[0]:
        values = np.asarray([one[key] for one in runs])
        mean, sd = float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else 0.0
        known = math.isfinite(mean) and math.isfinite(sd)
        found[key] = {"mean": mean if known else None, "sd": sd if known else None}
    return found
