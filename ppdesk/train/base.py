"""The scikit-learn face of every estimator: declarations are checked, the table is read by them, then the
subclass fits.

    model = SomeClassifier(schema=schema, target=target, epsilon=1.0)
    model.fit(table)                       # or fit(X, y)
    model.predict(table), model.predict_proba(table), model.event_, model.fitted_.to_json()

Declared, never read off the data:

- `schema`: a Schema, its JSON mapping, or for a matrix a pair (low, high) of numbers or arrays (columns,),
  the bounds of all its columns.
- `target`: a Classes or Quantity, their JSON, the name of a column that the schema's JSON declares; or
  without a name, for `fit(X, y)`: the list of classes (classification), the pair (low, high) (regression).

What is missing is a question to the analyst (UnansweredError). A record whose target is none of the declared
values is left out by a look at that record alone; how many is told nowhere. So scikit-learn's checks that
depend on cells (infinite values, an unknown class, no rows at all) refuse nothing here: whether a model is
made must not depend on a record. Checks of types and shapes are scikit-learn's.

A subclass writes `__init__` with the parameters of DpEstimator and its own, hands the former to
`super().__init__`, and has `_fit` and, where there is a twin, `_fit_twin`.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted, column_or_1d

from ppdesk.core.entropy import Entropy, SystemEntropy
from ppdesk.privacy.events import DpEvent, Neighbours
from ppdesk.train.contribution import chosen
from ppdesk.train.declared import classes_of, has_name, is_pair, quantity_of, schema_of
from ppdesk.train.errors import MissingColumnError, TwinError, UnansweredError
from ppdesk.train.fitted import Asked, Fitted, Trained
from ppdesk.train.records import Records, read_classes, read_quantity
from ppdesk.train.schema import Quantity, Schema, Target

Labels = npt.NDArray[np.int32] | npt.NDArray[np.float64]
Tick = Callable[[], None]

_TWO = 2


def _no_tick() -> None:
    """Nothing to do between steps."""


class DpEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """What all estimators share. `rows`: the public, approximate number of records; None: the estimator pays
    for a noisy count where it needs one. `group`: the most records of one person. `entropy`: None is the
    operating system's generator; a TestEntropy makes fits repeatable, and the model then says that it is not
    private. `tick` is called between steps and may raise to stop; the cost is spent all the same.

    After fit: `fitted_` (Fitted), `event_` (DpEvent), `notes_`, `schema_`, `target_`, `n_features_in_`,
    `feature_names_in_` where columns have names.
    """

    key: ClassVar[str] = ""

    def __init__(
        self,
        *,
        schema: Schema | Mapping[str, Any] | tuple[Any, Any] | None = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 1e-5,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
    ) -> None:
        self.schema = schema
        self.target = target
        self.epsilon = epsilon
        self.delta = delta
        self.neighbours = neighbours
        self.rows = rows
        self.group = group
        self.entropy = entropy
        self.tick = tick

    def fit(self, X: Any, y: Any = None, *, persons: Any = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Train on X, an Arrow table, a pandas frame, a mapping of columns, or a matrix (n, columns), and y,
        (n,); without y the target column stands in X. `persons`: whole numbers (n,), the same for all
        records of one person, of whom at most `group` random ones are kept.

        UnansweredError, UndeclaredFeatureError, UndeclaredTargetError, MissingColumnError,
        ImpossibleCostError; ValueError or TypeError where X or y has a shape or type that cannot be read.
        """
        asked = self._asked()
        X, names = _shaped(self, X)  # noqa: N806 - scikit-learn's name
        target = self._target()
        schema = schema_of(self.schema, X, names, target if has_name(self.target) else None)
        entropy = SystemEntropy() if self.entropy is None else self.entropy
        records, labels, who = _read(self, X, y, schema, target, persons=persons)
        if who is not None:
            kept = chosen(who, asked.group, entropy)
            records, who = records.take(kept), who[kept]
            labels = None if labels is None else labels[kept]
        trained = self._fit(
            records, labels, asked, target, entropy=entropy, tick=self.tick or _no_tick, persons=who
        )
        self._learnt(trained.model, schema, target, named=names is not None or not is_pair(self.schema))
        self.event_: DpEvent = trained.event
        self.notes_ = dict(trained.notes)
        return self

    def fit_twin(self, X: Any, y: Any = None) -> Fitted:  # noqa: N803 - scikit-learn's name
        """The same model without privacy, for comparison only: its `privacy` says private False. It is
        handed back, not kept: `predict` goes on with the private one. TwinError where there is none."""
        X, names = _shaped(self, X)  # noqa: N806 - scikit-learn's name
        target = self._target()
        schema = schema_of(self.schema, X, names, target if has_name(self.target) else None)
        records, labels, _ = _read(self, X, y, schema, target, persons=None)
        entropy = SystemEntropy() if self.entropy is None else self.entropy
        return self._fit_twin(records, labels, target, entropy=entropy, tick=self.tick or _no_tick)

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: "npt.NDArray[np.int64] | None",
    ) -> Trained:
        """Train with the guarantee `asked`. `y`, (n,): codes int32 for Classes, float64 for Quantity, None
        without a target. `persons`, (n,): at most `asked.group` records of each are left."""
        raise NotImplementedError

    def _fit_twin(
        self,
        records: Records,  # noqa: ARG002 - for the subclasses
        y: Labels | None,  # noqa: ARG002
        target: Target | None,  # noqa: ARG002
        *,
        entropy: Entropy,  # noqa: ARG002
        tick: Tick,  # noqa: ARG002
    ) -> Fitted:
        """The same without privacy."""
        raise TwinError(name=self.key or type(self).__name__)

    def _asked(self) -> Asked:
        if self.neighbours not in tuple(Neighbours):
            raise UnansweredError(
                what="the neighbouring relation", how=f"Give neighbours: {' or '.join(Neighbours)}."
            )
        if self.rows is not None and not (isinstance(self.rows, int | np.integer) and self.rows >= 1):
            raise UnansweredError(
                what="a number of records of at least one", how="Give rows as a whole number, or leave it."
            )
        return Asked(self.epsilon, self.delta, Neighbours(self.neighbours), self.group)

    def _target(self) -> Target | None:
        """What is declared as the target; None where the estimator learns without one."""
        return None

    def _learnt(self, model: Fitted, schema: Schema, target: Target | None, *, named: bool) -> None:
        self.fitted_ = model
        self.schema_ = schema
        self.target_ = target
        self.n_features_in_ = len(schema.columns)
        if named:
            self.feature_names_in_ = np.asarray(schema.names, dtype=object)

    def _records(self, X: Any) -> Records:  # noqa: N803 - scikit-learn's name
        """X read by the schema of the fit. NotFittedError, MissingColumnError, ValueError."""
        check_is_fitted(self, "fitted_")
        X, names = _shaped(self, X)  # noqa: N806 - scikit-learn's name
        if names is None and X.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {X.shape[1]} features, but {type(self).__name__} is expecting "
                f"{self.n_features_in_} features as input"
            )
        return Records.read(X, self.schema_)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "fitted_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True  # a missing cell is a value of its own
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        tags.non_deterministic = True  # noise
        return tags


class DpClassifier(ClassifierMixin, DpEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A classifier. After fit also `classes_`, (classes,), in the declared order, the positive one last."""

    multi_class: ClassVar[bool] = True  # whether it takes more than two classes

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: N803 - scikit-learn's name
        """The class of each record, (n,). Two classes: the last one from `threshold` on, which is the
        estimator's parameter of that name, else what the model chose privately, else one half."""
        chances = self.predict_proba(X)
        if chances.shape[1] == _TWO:
            given = getattr(self, "threshold", None)
            cut = getattr(self.fitted_, "threshold", None) if given is None else given
            places = (chances[:, 1] >= (0.5 if cut is None else float(cut))).astype(np.intp)
        else:
            places = chances.argmax(axis=1)
        return np.asarray(self.classes_[places])

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:  # noqa: N803 - scikit-learn's name
        """(n, classes) float64, rows sum to one, columns as in `classes_`."""
        records = self._records(X)
        return self.fitted_.predict(records)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = self.multi_class
        return tags

    def _target(self) -> Target:
        return classes_of(self.target, self.schema)[0]

    def _learnt(self, model: Fitted, schema: Schema, target: Target | None, *, named: bool) -> None:
        super()._learnt(model, schema, target, named=named)
        self.classes_ = classes_of(self.target, self.schema)[1]


class DpRegressor(RegressorMixin, DpEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A regressor."""

    def predict(self, X: Any) -> npt.NDArray[np.float64]:  # noqa: N803 - scikit-learn's name
        """The expected target of each record, (n,) float64."""
        records = self._records(X)
        return self.fitted_.predict(records)

    def _target(self) -> Target:
        return quantity_of(self.target, self.schema)


class DpUnsupervised(DpEstimator):
    """An estimator that learns without a target: `y` is not looked at. What `predict`, `transform` or
    `score_samples` gives is the subclass's."""

    def fit(self, X: Any, y: Any = None, *, persons: Any = None) -> Self:  # noqa: ARG002, N803
        """Train on X; see DpEstimator."""
        return super().fit(X, None, persons=persons)


def _shaped(estimator: DpEstimator, X: Any) -> tuple[Any, tuple[str, ...] | None]:  # noqa: N803
    """X as Records reads it, and the names of its columns, None for a matrix. ValueError, TypeError."""
    import pyarrow as pa
    from scipy.sparse import issparse

    if isinstance(X, pa.Table):
        return X, tuple(X.column_names)
    if isinstance(X, Mapping) and not issparse(X):  # one kind of sparse matrix is a dict
        return X, tuple(str(name) for name in X)
    columns = getattr(X, "columns", None)
    if columns is not None and all(isinstance(name, str) for name in columns):
        return X, tuple(columns)
    if isinstance(X, list | tuple):  # as they are: NumPy would write all cells as text where one is
        X = np.array(X, dtype=object)  # noqa: N806 - scikit-learn's name
    matrix = check_array(X, dtype=None, ensure_all_finite=False, ensure_min_samples=0, estimator=estimator)
    return matrix, None


def _read(
    estimator: DpEstimator,
    X: Any,  # noqa: N803 - scikit-learn's name
    y: Any,
    schema: Schema,
    target: Target | None,
    *,
    persons: Any,
) -> "tuple[Records, Labels | None, npt.NDArray[np.int64] | None]":
    """The records whose target is known, their targets, and whose they are."""
    records = Records.read(X, schema)
    labels: Labels | None = None
    known = np.ones(records.rows, dtype=np.bool_)
    if target is not None:
        column = _target_column(estimator, X, y, target)
        check_consistent_length(records.values[0], column)
        if isinstance(target, Quantity):
            labels, known = read_quantity(column, target)
        else:
            labels, known = read_classes(column, target)
    who = None
    if persons is not None:
        who = column_or_1d(persons)
        check_consistent_length(records.values[0], who)
        if who.dtype.kind not in "iu":
            raise ValueError("persons must be whole numbers, the same for all records of one person")
        who = who.astype(np.int64)
    if known.all():
        return records, labels, who
    return records.take(known), None if labels is None else labels[known], None if who is None else who[known]


def _target_column(estimator: DpEstimator, X: Any, y: Any, target: Target) -> Any:  # noqa: N803
    import pyarrow as pa

    if y is None:
        if not has_name(estimator.target) or isinstance(X, np.ndarray):
            name = type(estimator).__name__
            raise ValueError(f"This {name} estimator requires y to be passed, but the target y is None.")
        names = X.column_names if isinstance(X, pa.Table) else X
        if target.name not in names:
            raise MissingColumnError(column=target.name)
        return X[target.name]
    if isinstance(y, pa.Array | pa.ChunkedArray):
        return y
    return column_or_1d(np.array(y, dtype=object) if isinstance(y, list | tuple) else y, warn=True)
