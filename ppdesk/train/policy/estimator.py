"""Learning decisions, with the face of the other estimators as far as it fits."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy, SystemEntropy
from ppdesk.privacy.events import DpEvent, Neighbours
from ppdesk.train.base import DpEstimator, Tick
from ppdesk.train.contribution import chosen
from ppdesk.train.declared import classes_of, schema_of
from ppdesk.train.errors import MissingColumnError, UnansweredError
from ppdesk.train.fitted import Asked, Fitted, Floats
from ppdesk.train.policy.fit import Decisions, cost, fit, fit_twin
from ppdesk.train.policy.learn import Bools
from ppdesk.train.policy.model import KEY, PolicyModel
from ppdesk.train.policy.options import Logging, Options
from ppdesk.train.records import Records, read_classes, read_column, read_quantity
from ppdesk.train.schema import (
    Classes,
    Numeric,
    Quantity,
    Schema,
    Target,
    target_from_json,
)


class PolicyLearner(DpEstimator):
    """Which action to take in which context, learnt from logged decisions; see `ppdesk.train.policy` for the
    claim. X is a table with names: contexts, action, reward and, if there is one, the propensity.

    `target`: the action, a Classes. `reward`: a Quantity, or a Classes of two whose positive one is 1 and
    whose other one is 0. `propensity`: the column that says with which chance the action taken was taken; or
    `chances`: that chance, one number, or one for each action (randomised logging). Where neither is
    given it is estimated from the columns. `least_propensity`: propensities below are cut to it. `limits`:
    the largest share of people that may get an action, by its name. `temperature`, `evaluation`, `knots`: see
    `Options`.

    After fit also `classes_`, the actions, `values_`, a list of mappings (what policies are worth), and
    `action_shares_`, (K,). scikit-learn's checks do not apply: its X and y hold no reward.
    """

    key: ClassVar[str] = KEY

    def __init__(
        self,
        *,
        schema: Schema | Mapping[str, Any] | tuple[Any, Any] | None = None,
        target: Any = None,
        reward: Any = None,
        propensity: str | None = None,
        chances: float | Mapping[str, float] | None = None,
        least_propensity: float = 0.05,
        limits: Mapping[str, float] | None = None,
        temperature: float = 0.0,
        evaluation: float = 0.4,
        knots: int | None = None,
        epsilon: float = 1.0,
        delta: float = 1e-5,
        neighbours: str = Neighbours.ADD_REMOVE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
    ) -> None:
        super().__init__(
            schema=schema,
            target=target,
            epsilon=epsilon,
            delta=delta,
            neighbours=neighbours,
            rows=rows,
            group=group,
            entropy=entropy,
            tick=tick,
        )
        self.reward = reward
        self.propensity = propensity
        self.chances = chances
        self.least_propensity = least_propensity
        self.limits = limits
        self.temperature = temperature
        self.evaluation = evaluation
        self.knots = knots

    @staticmethod
    def cost(asked: Asked, schema: Schema | None = None, target: Target | None = None) -> DpEvent:
        """What a fit will cost, before any data is seen."""
        return cost(asked, schema, target)

    def fit(self, X: Any, y: Any = None, *, persons: Any = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn from X, an Arrow table, a pandas frame or a mapping of columns; y is not looked at, the
        actions stand in X. `persons`: as for the others; all records of one are on one side.

        UnansweredError, UndeclaredFeatureError, UndeclaredTargetError, MissingColumnError,
        ImpossibleCostError, UnsuitableGuaranteeError.
        """
        del y
        asked, actions = self._asked(), self._target()
        options, reward = self._options(actions), self._reward()
        records, decisions, known = self._read(X, actions, reward, options)
        entropy = SystemEntropy() if self.entropy is None else self.entropy
        who = None
        if persons is not None:
            who = np.asarray(persons, dtype=np.int64)
            if who.shape != known.shape:
                raise ValueError("persons must be one whole number for each record")
            who = who[known]
            kept = chosen(who, asked.group, entropy)
            records, decisions, who = records.take(kept), decisions.take(kept), who[kept]
        trained = fit(
            records,
            decisions,
            asked,
            actions,
            reward,
            options=options,
            entropy=entropy,
            tick=self.tick or _no_tick,
            persons=who,
        )
        self._learnt(trained.model, records.schema, actions, named=True)
        self.event_ = trained.event
        self.notes_ = dict(trained.notes)
        return self

    def fit_twin(self, X: Any, y: Any = None) -> Fitted:  # noqa: N803 - scikit-learn's name
        """The same model without privacy, for comparison only: its `privacy` says private False."""
        del y
        actions = self._target()
        options, reward = self._options(actions), self._reward()
        records, decisions, _ = self._read(X, actions, reward, options)
        entropy = SystemEntropy() if self.entropy is None else self.entropy
        tick = self.tick or _no_tick
        return fit_twin(records, decisions, actions, reward, options=options, entropy=entropy, tick=tick)

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803 - scikit-learn's name
        """The chance of each action, (n, K) float64, rows sum to one, columns as in `classes_`."""
        records = self._records(X)
        return self.fitted_.predict(records)

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: N803 - scikit-learn's name
        """The most likely action of each record, (n,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _target(self) -> Classes:
        return classes_of(self.target, self.schema)[0]

    def _learnt(self, model: Fitted, schema: Schema, target: Target | None, *, named: bool) -> None:
        super()._learnt(model, schema, target, named=named)
        self.classes_ = classes_of(self.target, self.schema)[1]
        if isinstance(model, PolicyModel):
            self.values_ = [asdict(one) for one in model.values]
            self.action_shares_ = np.array(model.shares)

    def _options(self, actions: Classes) -> Options:
        if self.propensity is not None and self.chances is not None:
            raise UnansweredError(what="which of both propensities holds", how="Give a column or chances.")
        declared = self.chances if self.propensity is None else self.propensity
        logging = Logging.of(declared, actions, self.least_propensity)
        limits = dict(self.limits or {})
        found = Options(logging, self.knots, self.rows, self.evaluation, self.temperature, limits)
        found.shares(actions)
        return found

    def _reward(self) -> Target:
        found = self.reward
        if isinstance(found, Mapping):
            found = target_from_json(found)
        if isinstance(found, Quantity):
            return found
        if isinstance(found, Classes) and found.binary and found.positive is not None:
            return found
        raise UnansweredError(
            what="the reward",
            how="Give its column with min and max, or with two categories of which one is positive.",
        )

    def _read(
        self,
        X: Any,  # noqa: N803 - scikit-learn's name
        actions: Classes,
        reward: Target,
        options: Options,
    ) -> tuple[Records, Decisions, Bools]:
        """The records whose action, reward and propensity are known, and which of all they are."""
        names = _names(X)
        column = self.propensity
        gone = {actions.name, reward.name, *((column,) if column else ())}
        for name in gone:
            if name not in names:
                raise MissingColumnError(column=name)
        whole = schema_of(self.schema, X, names, actions)
        schema = Schema(tuple(one for one in whole.columns if one.name not in gone))
        records = Records.read(X, schema)
        taken, known = read_classes(X[actions.name], actions)
        gain, told = _gain(X[reward.name], reward)
        known = known & told
        chance = np.full(records.rows, np.nan)
        if options.logging.column:
            chance = np.asarray(read_column(X[column], Numeric(str(column), 0.0, 1.0)), dtype=np.float64)
            known &= ~np.isnan(chance)
        decisions = Decisions(taken, gain, chance)
        return records.take(known), decisions.take(known), known


def _gain(column: Any, reward: Target) -> tuple[Floats, Bools]:
    """(reward in 0..1 between its bounds, known), (n,) each."""
    if isinstance(reward, Classes):
        codes, known = read_classes(column, reward)
        return codes.astype(np.float64), known
    values, known = read_quantity(column, reward)
    half = reward.high / 2 - reward.low / 2  # halves: the difference of the bounds is finite
    return np.clip((values / 2 - reward.low / 2) / half, 0.0, 1.0), known


def _names(X: Any) -> tuple[str, ...]:  # noqa: N803 - scikit-learn's name
    import pyarrow as pa

    if isinstance(X, pa.Table):
        return tuple(X.column_names)
    if isinstance(X, Mapping):
        return tuple(str(name) for name in X)
    columns = getattr(X, "columns", None)
    if columns is None:
        raise UnansweredError(
            what="the names of the columns", how="Give a table with names: the reward and action stand in it."
        )
    return tuple(str(name) for name in columns)


def _no_tick() -> None:
    """Nothing to do between steps."""
