"""Label errors by confident learning (Northcutt, Jiang and Chuang 2021, JAIR 70, sections 3.1 and 3.2).

Our own compact form of the published definition; see resources/docs/decisions/label-errors.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.core.errors import CancelledRunError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class LabelErrors:
    """What confident learning finds.

    `joint`: (k, k) records of given class i (row) that are confidently of class j (column). `suspects`: (n,)
    bool, the records off its diagonal. `likely`: (n,) int64, the class that they are confidently of, -1 for
    none. `share`: the estimated share of wrong labels, from the joint scaled to the given classes' counts.
    """

    joint: "NDArray[np.int64]"
    suspects: "NDArray[np.bool_]"
    likely: "NDArray[np.int64]"
    share: float


def confident_joint(labels: "NDArray[np.int64]", probabilities: "NDArray[np.float64]") -> LabelErrors:
    """Confident learning over out-of-sample `probabilities`, (n, k) float64, of the given `labels`, (n,)
    int64 in 0..k - 1.

    The threshold of class j is the mean probability of j among the records labelled j (equation 2). A record
    counts as of class j where its probability of j reaches that threshold; where several do, of the most
    probable of them (equation 1), between equals of the given one. A class that nobody is labelled as is
    reached by nobody.
    """
    n, k = probabilities.shape
    given = np.bincount(labels, minlength=k)
    own = probabilities[np.arange(n), labels]
    thresholds = np.divide(
        np.bincount(labels, own, k), given, out=np.full(k, np.inf), where=given > 0
    )  # mean self-confidence
    # a mean of equal numbers may lie above them by rounding
    reached = probabilities >= thresholds - 1e-9
    held = np.where(reached, probabilities, -1.0)
    likely = np.where(reached.any(1), held.argmax(1), -1).astype(np.int64)
    even = (
        held[np.arange(n), labels] >= held.max(1) - 1e-9
    )  # between equals the given class is the likely one
    likely = np.where(even & (likely >= 0), labels, likely)
    confident = likely >= 0
    joint = np.zeros((k, k), np.int64)
    np.add.at(joint, (labels[confident], likely[confident]), 1)
    suspects = confident & (likely != labels)
    rows = joint.sum(1)
    # equation 3: each row scaled to the records given that class; a row without any counts as right
    right = np.divide(np.diag(joint), rows, out=np.ones(k), where=rows > 0)
    share = float((given * (1 - right)).sum() / n) if n else 0.0
    return LabelErrors(joint, suspects, likely, share)


def out_of_sample(
    features: "NDArray[np.float64]",
    labels: "NDArray[np.int64]",
    *,
    folds: int,
    seed: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> "NDArray[np.float64]":
    """Probabilities of each class for each record from a model that has not seen it, (n, k) float64.

    Logistic regression (L2, C = 1) on standardized `features`, (n, d) float64, cross-validated with
    stratified folds shuffled by `seed`. Not private. Each class needs `folds` records.
    CancelledRunError when asked to stop.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    spread = features.std(0)
    scaled = (features - features.mean(0)) / np.where(spread > 0, spread, 1.0)
    found = np.zeros((labels.size, int(labels.max()) + 1))
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for train, test in split.split(scaled, labels):
        if cancelled():
            raise CancelledRunError
        model = LogisticRegression(max_iter=1000, tol=1e-3).fit(scaled[train], labels[train])
        found[np.ix_(test, model.classes_)] = model.predict_proba(scaled[test])
    return found
