"""More of a model of several classes: what its probabilities are worth, class by class against the rest.

One against the rest: AUROC by DeLong, average precision by bootstrap. Macro means are over the classes that
the records hold. Confidence: the probability of the predicted class against how often it is right (Guo et
al. 2017). Macro F1 and Cohen's kappa (1960): bootstrap over the cells of the confusion table.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from ppdesk.assess import bootstrap, calibration
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.classification import calibration as calibration_bins
from ppdesk.assess.intervals import Z95, estimate
from ppdesk.assess.means import mean
from ppdesk.assess.model_results import ClassCurve, ManyStudy
from ppdesk.assess.probabilities import precision_of
from ppdesk.assess.ranked import Ranked
from ppdesk.assess.results import Estimate, Measure
from ppdesk.assess.roc import auroc, placements, roc_curve
from ppdesk.core.said import said

Codes = npt.NDArray[np.int32]
POINTS = 60  # of each class's curve in the record
SHOWN = 12  # classes with a curve and a place in the confusion table: the most frequent
REST = "all other classes"


def study(
    found: Codes,
    chances: Floats,
    names: tuple[str, ...],
    source: np.random.Generator,
    *,
    floor: int = 50,
    rounds: int | None = None,
    tick: bootstrap.Tick = lambda: None,
) -> tuple[tuple[Measure, ...], ManyStudy]:
    """found: (n,) int32, the place of each record's class; chances: (n, classes), rows sum to one, n above 0.

    Of a class with fewer than `floor` records, or of which fewer have another class, no curve is told.
    """
    predicted = chances.argmax(axis=1)
    rounds = bootstrap.resamples(found.size) if rounds is None else rounds
    size = len(names)
    cells = np.bincount(found * np.int64(size) + predicted, minlength=size * size).reshape(size, size)
    drawn = source.multinomial(found.size, cells.ravel() / found.size, size=rounds).reshape(-1, size, size)
    right, sure = np.asarray(predicted == found), np.asarray(chances.max(axis=1))
    squares = ((chances - np.eye(size)[found]) ** 2).sum(axis=1)
    ranked = {
        place: Ranked.of(np.asarray(found == place), np.asarray(chances[:, place]))
        for place in range(size)
        if 0 < int((found == place).sum()) < found.size
    }
    measures = (
        Measure("macro_f1", said("Macro F1"), _of_cells(macro_f1, cells, drawn)),
        Measure("kappa", said("Cohen's kappa"), _of_cells(kappa, cells, drawn)),
        Measure(
            "macro_auroc",
            said("Macro AUROC, one against the rest"),
            macro_auroc(found, chances, sorted(ranked)),
        ),
        Measure("brier", said("Brier score"), mean(squares, least=0.0), lower=True),
        Measure(
            "calibration_error",
            said("Expected calibration error of the predicted class"),
            calibration.with_ends(right, sure, source, rounds=rounds, tick=tick),
            lower=True,
        ),
    )
    curves = []
    for place in sorted(ranked, key=lambda one: (-int((found == one).sum()), one))[:SHOWN]:
        own = int((found == place).sum())
        if min(own, found.size - own) < floor:
            continue
        held, own_chances = np.asarray(found == place), np.asarray(chances[:, place])
        curve = roc_curve(held, own_chances)
        keep = np.unique(np.linspace(0, len(curve.fpr) - 1, POINTS).astype(int))
        curves.append(
            ClassCurve(
                names[place],
                own,
                auroc(held, own_chances)[0],
                precision_of(ranked[place], source, rounds, tick),
                mean((own_chances - held) ** 2, least=0.0),
                np.asarray(curve.fpr)[keep].tolist(),
                np.asarray(curve.tpr)[keep].tolist(),
            )
        )
    shown, table = _confusion(cells, names, floor)
    return measures, ManyStudy(tuple(curves), tuple(calibration_bins(right, sure)), table, shown)


def macro_f1(cells: Counts) -> float:
    """The mean F1 of the classes that a record has or is said to have; an F1 of nothing found is 0.
    `cells`: (classes, classes), true by predicted."""
    hits, both = np.diagonal(cells), cells.sum(axis=0) + cells.sum(axis=1)
    return float((2 * hits[both > 0] / both[both > 0]).mean())


def kappa(cells: Counts) -> float:
    """Agreement beyond chance; NaN where all are, and are said to be, of one class."""
    shares = cells / cells.sum()
    chance = float(shares.sum(axis=0) @ shares.sum(axis=1))
    return float("nan") if chance >= 1 else (float(np.trace(shares)) - chance) / (1 - chance)


def _of_cells(statistic: Callable[[Counts], float], cells: Counts, drawn: Counts) -> Estimate | None:
    value = statistic(cells)
    if np.isnan(value):
        return None
    low, high = bootstrap.ends(np.array([[statistic(one)] for one in drawn], dtype=np.float64))
    return estimate(value, min(value, float(low[0])), max(value, float(high[0])))


def macro_auroc(found: Codes, chances: Floats, places: Sequence[int]) -> Estimate | None:
    """The mean area of the classes `places`, each against the rest, with the normal interval of the sum of
    each record's part in all of the areas (DeLong's placements). None without a class."""
    if not places:
        return None
    areas, parts = [], np.zeros(found.size)
    for place in places:
        own = np.asarray(found == place)
        area, hits, others = placements(own, np.asarray(chances[:, place]))
        areas.append(area)
        parts[own] += (hits - area) / hits.size
        parts[~own] += (others - area) / others.size
    value, half = float(np.mean(areas)), Z95 * float(np.sqrt((parts**2).sum())) / len(places)
    return estimate(value, max(0.0, value - half), min(1.0, value + half))


def _confusion(cells: Counts, names: tuple[str, ...], floor: int) -> tuple[list[str], list[list[int]]]:
    """(names, true by predicted): classes with at least `floor` records and among the SHOWN most frequent;
    the others together, and with the next smallest where together they have fewer."""
    sizes = cells.sum(axis=1)
    order = sorted(range(len(names)), key=lambda place: (-int(sizes[place]), place))
    shown = [place for place in order[:SHOWN] if sizes[place] >= floor]
    rest = [place for place in range(len(names)) if place not in shown]
    while shown and rest and 0 < int(sizes[rest].sum()) < floor:
        rest.append(shown.pop())
    kept = sorted(shown)
    if rest and int(cells[rest].sum() + cells[:, rest].sum()) > 0:
        groups = [[place] for place in kept] + [rest]
        told = [*(names[place] for place in kept), names[rest[0]] if len(rest) == 1 else REST]
    else:
        groups, told = [[place] for place in kept], [names[place] for place in kept]
    if len(groups) <= 1:
        return [], []
    return told, [[int(cells[np.ix_(rows, columns)].sum()) for columns in groups] for rows in groups]
