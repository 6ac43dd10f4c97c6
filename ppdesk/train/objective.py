"""Logistic regression by objective perturbation, as an estimator beside the others: same schema, same
records, same answers. The mechanism, its proof and its limits stand in `logistic`.

Relation: replace-one, delta 0. Group: a mechanism that is (e, 0)-DP for one record is (g e, 0)-DP for tables
that differ in g of them (Dwork and Roth 2014, theorem 2.2), so it runs at epsilon / g, rounded down.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train import logistic
from ppdesk.train.base import DpClassifier, Labels, Tick
from ppdesk.train.encoding import Categorical, Encoding, Numeric
from ppdesk.train.errors import UndeclaredTargetError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked, Floats, Trained, claim
from ppdesk.train.group_privacy import mechanism_epsilon
from ppdesk.train.model import LogisticModel
from ppdesk.train.records import Records
from ppdesk.train.regularization import default_regularization
from ppdesk.train.schema import Categorical as DeclaredCategories
from ppdesk.train.schema import Classes, Schema, Target
from ppdesk.train.schema import Numeric as DeclaredNumbers

KEY = "objective-perturbation"
MECHANISM = "objective perturbation (Chaudhuri, Monteleoni, Sarwate 2011)"


@dataclass(frozen=True)
class ObjectiveFitted:
    """A LogisticModel as every estimator's model looks (`fitted.Fitted`)."""

    model: LogisticModel

    @property
    def estimator(self) -> str:
        return self.model.estimator

    @property
    def schema(self) -> Schema:
        return Schema(
            tuple(
                DeclaredNumbers(one.name, one.low, one.high)
                if isinstance(one, Numeric)
                else DeclaredCategories(one.name, one.categories)
                for one in self.model.encoding.features
            )
        )

    @property
    def target(self) -> Classes:
        return Classes(self.model.target, (self.model.negative, self.model.positive), self.model.positive)

    @property
    def privacy(self) -> Mapping[str, Json]:
        return self.model.privacy

    @property
    def threshold(self) -> float:
        """From this probability on a record counts as positive; declared, not found."""
        return self.model.threshold

    def predict(self, records: Records) -> Floats:
        """Probabilities, (n, 2) float64: the negative class, then the positive one."""
        positive = self.model.probability(self.model.encoding.encode_read(records.values, records.rows))
        return np.stack([1.0 - positive, positive], axis=1)

    def terms(self) -> list[tuple[str, float]]:
        """(what, log-odds) of every term, in the order of the columns, the intercept's last."""
        scale = self.model.encoding.row_scale
        return [
            (name, value * scale)
            for name, value in zip(self.model.encoding.names, self.model.coef, strict=True)
        ]

    def to_json(self) -> bytes:
        return self.model.to_json()

    @classmethod
    def from_json(cls, untrusted: bytes) -> "ObjectiveFitted":
        """The model that `to_json` wrote. BadModelError for anything else."""
        return cls(LogisticModel.from_json(untrusted))


class ObjectivePerturbation(DpClassifier):
    """The estimator. Two classes, replace-one, delta 0; `regularization` None: by the rule that sees epsilon
    and the declared columns."""

    key: ClassVar[str] = KEY
    multi_class: ClassVar[bool] = False

    def __init__(
        self,
        *,
        schema: Any = None,
        target: Any = None,
        epsilon: float = 1.0,
        delta: float = 0.0,
        neighbours: str = Neighbours.REPLACE_ONE.value,
        rows: int | None = None,
        group: int = 1,
        entropy: Entropy | None = None,
        tick: Tick | None = None,
        regularization: float | None = None,
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
        self.regularization = regularization

    def _fit(
        self,
        records: Records,
        y: Labels | None,
        asked: Asked,
        target: Target | None,
        *,
        entropy: Entropy,
        tick: Tick,
        persons: "npt.NDArray[np.int64] | None",  # noqa: ARG002 - bounded already
    ) -> Trained:
        options = {"regularization": self.regularization}
        return fit(records, y, asked, target, options=options, entropy=entropy, tick=tick)

    def _fit_twin(
        self,
        records: Records,
        y: Labels | None,
        target: Target | None,
        *,
        entropy: Entropy,  # noqa: ARG002 - deterministic
        tick: Tick,  # noqa: ARG002 - one call
    ) -> ObjectiveFitted:
        return fit_twin(records, y, target)


def fit_twin(records: Records, y: Labels | None, target: Target | None) -> ObjectiveFitted:
    """scikit-learn's logistic regression on the same encoding, without noise, outside every claim.
    OneClassError where the records do not hold both classes."""
    from ppdesk.train.baseline import fit_encoded

    two = _two(target)
    encoding = encoding_of(records.schema)
    matrix = encoding.encode_read(records.values, records.rows)
    coef = fit_encoded(matrix, np.asarray(y, dtype=np.float64), encoding)
    return ObjectiveFitted(
        LogisticModel(
            "logistic-regression",
            encoding,
            coef,
            two.name,
            two.values[1],
            two.values[0],
            {"private": False},
        )
    )


def _two(target: Target | None) -> Classes:
    if not isinstance(target, Classes) or not target.binary or target.positive is None:
        raise UndeclaredTargetError(
            column="(target)" if target is None else target.name,
            reason="this estimator needs two declared categories, and which one is positive",
        )
    return target


def encoding_of(schema: Schema) -> Encoding:
    """The encoding by knots of the columns of `schema`. That a number is spread over orders of magnitude is
    not used here."""
    return Encoding(
        tuple(
            Numeric(one.name, one.low, one.high)
            if isinstance(one, DeclaredNumbers)
            else Categorical(one.name, one.categories)
            for one in schema.columns
        )
    )


def cost(asked: Asked) -> EpsilonDelta:
    """What a fit will have cost. UnsuitableGuaranteeError for a delta or a relation that it does not have."""
    if asked.delta != 0:
        raise UnsuitableGuaranteeError(estimator=KEY, reason="its δ is 0 and no other")
    if asked.neighbours is not Neighbours.REPLACE_ONE:
        raise UnsuitableGuaranteeError(estimator=KEY, reason="its claim is under replace-one")
    return EpsilonDelta(asked.epsilon, 0.0, Neighbours.REPLACE_ONE)


def fit(
    records: Records,
    y: Labels | None,
    asked: Asked,
    target: Target | None,
    *,
    options: Mapping[str, Any],
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Fit on `records` whose classes are `y`, (n,) codes. options: "regularization" (None: by the rule).

    UnsuitableGuaranteeError, UndeclaredTargetError where the target has not two classes and a positive one.
    """
    event = cost(asked)
    two = _two(target)
    encoding = encoding_of(records.schema)
    inner = mechanism_epsilon(asked.epsilon, asked.group)
    given = options.get("regularization")
    weight = given or default_regularization(inner, encoding.width, len(encoding.features))
    matrix = encoding.encode_read(records.values, records.rows)
    found = logistic.fit(
        matrix,
        np.asarray(y, dtype=np.float64),
        epsilon=inner,
        regularization=weight,
        seed=entropy.seed(),
        tick=tick,
    )
    model = LogisticModel(
        estimator=KEY,
        encoding=encoding,
        coef=tuple(float(value) for value in found.coef),
        target=two.name,
        positive=two.values[1],
        negative=two.values[0],
        privacy={
            **claim(asked, MECHANISM, entropy),
            "regularization": weight,
            **({"mechanism_epsilon": inner} if asked.group > 1 else {}),
        },
    )
    notes = {
        "regularization": weight,
        "by_rule": given is None,
        "noise_epsilon": found.noise_epsilon,
        "rare_noise": found.rare_noise * encoding.row_scale,
        "coefficients": encoding.width,
        "mechanism_epsilon": inner,
    }
    return Trained(ObjectiveFitted(model), event, notes)
