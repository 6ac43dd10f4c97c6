"""The trained model as the steps after Train use it: apply it, find its records, train its twin."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.core.artifacts import Artifact
from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.core.entropy import Entropy
from ppdesk.train import formats
from ppdesk.train.errors import BadModelError, MissingColumnError
from ppdesk.train.fitted import Fitted
from ppdesk.train.offers import Task, offer
from ppdesk.train.records import Records, read_classes, read_quantity
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema, Target
from ppdesk.workflow.model.train_plan import task_of
from ppdesk.workflow.same_table import OtherTableError, same

if TYPE_CHECKING:
    import pyarrow as pa

HALF = 0.5


@dataclass(frozen=True)
class Model:
    """A model of whatever estimator, applied to tables as they are imported."""

    fitted: Fitted

    @property
    def task(self) -> Task:
        """What it is for."""
        return Task.POLICY if self.fitted.estimator == "policy" else task_of(self.fitted.target)

    @property
    def target(self) -> str:
        """The column that it predicts; empty where it learnt without one."""
        return "" if self.fitted.target is None else self.fitted.target.name

    @property
    def classes(self) -> tuple[str, ...]:
        """In the order of its probabilities; empty where it predicts no class."""
        return self.fitted.target.values if isinstance(self.fitted.target, Classes) else ()

    @property
    def positive(self) -> str:
        """Of two classes the one to find; empty for other models."""
        return self.classes[1] if self.task is Task.BINARY else ""

    @property
    def features(self) -> tuple[str, ...]:
        return self.fitted.schema.names

    @property
    def threshold(self) -> float:
        """From this probability on a record counts as positive: the model's own, else one half."""
        own = getattr(self.fitted, "threshold", None)
        return HALF if own is None else float(own)

    def predict(self, table: "pa.Table", decimal: DecimalMark = DecimalMark.POINT) -> Floats:
        """What the model's own docstring says: probabilities (n, classes), or values (n,).
        MissingColumnError."""
        return self.fitted.predict(Records.read(table, self.fitted.schema, decimal))

    def predict_proba(self, table: "pa.Table", decimal: DecimalMark = DecimalMark.POINT) -> Floats:
        """Of two classes the probability of the positive one, (n,) float64. BadModelError for other
        models."""
        if self.task is not Task.BINARY:
            raise BadModelError(reason="it does not tell two classes apart")
        return np.asarray(self.predict(table, decimal)[:, 1], dtype=np.float64)


def load_model(model: Artifact) -> Model:
    """The model of a MODEL artifact. BadModelError."""
    return Model(formats.read(model.data("model")))


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


def targets(rows: "pa.Table", target: Target | None, decimal: DecimalMark) -> "tuple[Any, Bools]":
    """(what each record holds, known), (n,) each: the place of its class, int32, or its number, float64;
    known where it is a declared one. All known, and nothing told, without a target. MissingColumnError."""
    if target is None:
        return np.zeros(rows.num_rows), np.ones(rows.num_rows, dtype=np.bool_)
    if target.name not in rows.column_names:
        raise MissingColumnError(column=target.name)
    column = rows.column(target.name)
    if isinstance(target, Classes):
        return read_classes(column, target)
    return read_quantity(column, target, decimal)


def outcomes(rows: "pa.Table", model: Model) -> tuple[Bools, Bools]:
    """(labels, known), (n,) bool each: whether a record has the model's positive outcome, and whether it
    has one of the model's two outcomes at all. Where it has none, its label means nothing."""
    found, known = targets(rows, model.fitted.target, DecimalMark.POINT)
    return np.asarray(found == 1), known


def values(rows: "pa.Table", schema: Schema, target: Target | None, decimal: DecimalMark) -> dict[str, Any]:
    """The columns as an estimator takes them: numbers read with the table's decimal mark, the rest as it
    is. MissingColumnError."""
    wanted = [(one.name, isinstance(one, Numeric)) for one in schema.columns]
    if target is not None:
        wanted.append((target.name, isinstance(target, Quantity)))
    for name, _ in wanted:
        if name not in rows.column_names:
            raise MissingColumnError(column=name)
    return {
        name: numbers(rows.column(name), decimal) if numeric else rows.column(name)
        for name, numeric in wanted
    }


def fit_twin(
    rows: "pa.Table",
    model: Model,
    generalized: Mapping[str, tuple[str, ...]],
    features: Collection[str],
    decimal: DecimalMark,
    *,
    entropy: Entropy | None = None,
) -> "Callable[[pa.Table], Floats]":
    """The model's twin without privacy, trained on `rows`; gives what the model gives: of two classes the
    probability of the positive one, (n,) float64.

    decimal: the mark of the numbers in `rows` and in what it is applied to.

    generalized: column -> labels of the generalization level that `rows` are at; such a column is taken as
    categorical. features: those of the model's that `rows` have. entropy: of its random choices, None for the
    operating system's. TwinError where the estimator has none.
    """
    twin = twin_of(rows, model, generalized, features, decimal, entropy=entropy)

    def predict(table: "pa.Table") -> Floats:
        return (twin.predict_proba if twin.task is Task.BINARY else twin.predict)(table, decimal)

    return predict


def twin_of(
    rows: "pa.Table",
    model: Model,
    generalized: Mapping[str, tuple[str, ...]],
    features: Collection[str],
    decimal: DecimalMark,
    **settings: Any,
) -> Model:
    """The twin itself; see `fit_twin`. `settings`: of the estimator, such as n_clusters."""
    schema = Schema(
        tuple(
            Categorical(one.name, generalized[one.name]) if one.name in generalized else one
            for one in model.fitted.schema.columns
            if one.name in features
        )
    )
    target = model.fitted.target
    made = offer(model.fitted.estimator).load(model.task)(schema=schema, target=target, **settings)
    return Model(made.fit_twin(values(rows, schema, target, decimal)))
