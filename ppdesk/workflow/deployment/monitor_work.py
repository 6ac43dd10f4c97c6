"""The work of Monitor: values in, values out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess import cells
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.change import change
from ppdesk.assess.classification import measure
from ppdesk.assess.drift import column_drift
from ppdesk.assess.errors import OneClassError
from ppdesk.assess.results import Classification, ColumnDrift, Estimate
from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import sha256_hex
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import kept, said, said_all
from ppdesk.release.bundle import MEMBERS
from ppdesk.release.scorer import Scorer, load
from ppdesk.workflow import declared
from ppdesk.workflow.groups import Outcomes
from ppdesk.workflow.models import Model, outcomes
from ppdesk.workflow.step import Inputs

if TYPE_CHECKING:
    import pyarrow as pa

Keep = Callable[[cells.Domain, Counts, Counts], None]

_SCORE = cells.Domain("score", None, 0.0, 1.0)


@dataclass(frozen=True)
class Deployed:
    """What scores the batch."""

    predict: "Callable[[pa.Table, DecimalMark], Floats]"
    threshold: float
    from_bundle: bool
    current: bool


def deployed(inputs: Inputs, own: Model) -> Deployed:
    """The sealed bundle where there is one, because that is what people use; else the trained model."""
    if Kind.BUNDLE in inputs:
        bundle = inputs[Kind.BUNDLE]
        scorer = load({name: bundle.data(name) for name in MEMBERS})
        current = scorer.manifest.made_from == sha256_hex(inputs[Kind.MODEL].data("model"))
        threshold = scorer.manifest.threshold
        return Deployed(_by(scorer), own.threshold if threshold is None else threshold, True, current)
    evaluation = inputs[Kind.EVALUATION].head if Kind.EVALUATION in inputs else {}
    measured = declared.number(evaluation.get("threshold"))
    return Deployed(own.predict_proba, own.threshold if measured is None else measured, False, True)


def _by(scorer: Scorer) -> "Callable[[pa.Table, DecimalMark], Floats]":
    return lambda rows, decimal: scorer.score(rows, decimal).probability


def drift_by_column(
    columns: Mapping[str, declared.Column],
    reference: "pa.Table",
    batch: "pa.Table",
    *,
    decimals: tuple[DecimalMark, DecimalMark],
    watch: float,
    limit: float,
    cancelled: Callable[[], bool],
    keep: Keep | None = None,
) -> tuple[list[ColumnDrift], list[str]]:
    """(drift of each column with a declared domain, names of the columns that could not be compared).

    `decimals` are the marks of the numbers in `reference` and in `batch`; `keep` is handed all counts.
    """
    found, skipped = [], []
    for name, column in columns.items():
        if cancelled():
            raise CancelledRunError
        if column.role == "direct-identifier":
            continue
        if not column.declared or name not in batch.column_names or name not in reference.column_names:
            skipped.append(name)
            continue
        domain = column.domain()
        before = cells.counts(reference.column(name), domain, decimals[0])
        after = cells.counts(batch.column(name), domain, decimals[1])
        if keep is not None:
            keep(domain, before, after)
        found.append(column_drift(domain, before, after, watch=watch, limit=limit))
    return found, skipped


def score_drift(
    old: Floats, new: Floats, *, watch: float, limit: float, keep: Keep | None = None
) -> ColumnDrift:
    """Drift of the model's own output, in ten bins of 0..1. Needs no outcome, so it warns first."""
    before, after = _binned(old), _binned(new)
    if keep is not None:
        keep(_SCORE, before, after)
    return column_drift(_SCORE, before, after, watch=watch, limit=limit)


def _binned(scores: Floats) -> Counts:
    inner = np.histogram(scores, bins=cells.BINS, range=(0.0, 1.0))[0]
    return np.concatenate([[0], inner, [0, 0, 0]]).astype(np.int64)


def performance(
    model: Model, batch: "pa.Table", scores: Floats, threshold: float
) -> tuple[Classification | None, str, Outcomes | None]:
    """(measures or None, why there are none, outcomes of the batch or None)."""
    if model.target not in batch.column_names:
        note = said(
            "The batch has no column {target}, so performance could not be measured.",
            target=kept(model.target),
        )
        return None, note, None
    labels, known = found = outcomes(batch, model)
    try:
        return measure(labels[known], scores[known], threshold=threshold), "", found
    except OneClassError as error:
        return None, said_all((said("Performance was not measured."), error.message)), found


def interval_before(evaluation: Head) -> Estimate | None:
    """The AUROC of the evaluation with its interval."""
    parts = [declared.number(evaluation.get(name)) for name in ("auroc", "auroc_low", "auroc_high")]
    value, low, high = parts
    return None if value is None or low is None or high is None else Estimate(value, low, high)


def auroc_change(evaluation: Head, now: Classification | None) -> Estimate | None:
    """AUROC of the batch less the evaluation's; the two share no record."""
    value, error = (declared.number(evaluation.get(name)) for name in ("auroc", "auroc_se"))
    if now is None or value is None or error is None:
        return None
    return change(value, error, now.auroc.value, now.auroc_se)
