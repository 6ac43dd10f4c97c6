"""The trained model as Evaluate and Monitor use it: apply it, find its records, train its twin."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.core.artifacts import Artifact
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.train.baseline import fit_baseline
from ppdesk.train.encoding import Categorical, Encoding
from ppdesk.train.labels import read_labels
from ppdesk.train.model import LogisticModel
from ppdesk.workflow.same_table import OtherTableError, same

if TYPE_CHECKING:
    import pyarrow as pa


def load_model(model: Artifact) -> LogisticModel:
    """The model of a MODEL artifact."""
    return LogisticModel.from_json(model.data("model"))


def held_out(model: Artifact, table: Artifact) -> Bools:
    """Which records of TABLE `table` training did not see, (rows,) bool.

    OtherTableError where MODEL `model` was trained on another table.
    """
    split, rows = model.table("split"), table.table("rows").num_rows
    if not same(model.head, table.head) or split.num_rows != rows:
        raise OtherTableError
    mask = np.zeros(rows, dtype=np.bool_)
    mask[split.column("row").to_numpy()] = split.column("held_out").to_numpy()
    return mask


def trained_on(model: Artifact, table: Artifact) -> Bools:
    """Which records of TABLE `table` training was given, (rows,) bool: those not held out, less those left
    out because their person had more than the declared number, or because nobody knows whose they are.

    OtherTableError as for `held_out`.
    """
    found, split = ~held_out(model, table), model.table("split")
    if "kept" in split.column_names:
        found[split.column("row").to_numpy()] &= split.column("kept").to_numpy(zero_copy_only=False)
    return found


def outcomes(rows: "pa.Table", model: LogisticModel) -> tuple[Bools, Bools]:
    """(labels, known), (n,) bool each: whether a record has the model's positive outcome, and whether it
    has one of the model's two outcomes at all. Where it has none, its label means nothing."""
    labels, known = read_labels(rows, model.target, model.positive, model.negative)
    return labels > 0.5, known


def fit_twin(
    rows: "pa.Table",
    model: LogisticModel,
    generalized: dict[str, tuple[str, ...]],
    features: Collection[str],
    decimal: DecimalMark,
) -> "Callable[[pa.Table], Floats]":
    """The model's twin without privacy, trained on `rows`; gives probabilities, (n,) float64.

    decimal: the mark of the numbers in `rows` and in what it is applied to.

    generalized: column -> labels of the generalization level that `rows` are at; such a column is taken as
    categorical. features: those of the model's that `rows` have.
    """
    encoding = Encoding(
        tuple(
            Categorical(one.name, generalized[one.name]) if one.name in generalized else one
            for one in model.encoding.features
            if one.name in features
        )
    )
    twin = fit_baseline(
        rows, encoding, target=model.target, positive=model.positive, negative=model.negative, decimal=decimal
    )
    return partial(twin.predict_proba, decimal=decimal)
