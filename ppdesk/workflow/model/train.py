"""Train: a logistic regression with differential privacy, from declared bounds and categories alone."""

from enum import StrEnum
from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.findings import Finding
from ppdesk.core.params import Params, param
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours
from ppdesk.train.regularization import default_regularization
from ppdesk.workflow.cleaning import handed_on
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.model import train_section
from ppdesk.workflow.model.train_checks import findings, plan
from ppdesk.workflow.model.train_facts import FeatureFact, TermFact, TrainFacts
from ppdesk.workflow.reading import Reading, found_settings, kept
from ppdesk.workflow.same_table import mark
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep
from ppdesk.workflow.unit import Unit, stability

_STRONGEST = 12  # terms that the record names


class Estimator(StrEnum):
    """What can be trained."""

    LOGISTIC = "dp-logistic-regression"


class TrainParams(Params):
    """What Train asks for."""

    estimator: Estimator = param(
        Estimator.LOGISTIC,
        label="Model",
        help="Logistic regression: fast, and every coefficient can be read.",
    )
    target: str | None = param(
        None, label="Target", help="The column to predict. Empty: the one that Roles declares."
    )
    positive: str | None = param(
        None, label="Positive value", help="The target's value to find. Empty: the one that Roles declares."
    )
    features: tuple[str, ...] = param(
        (),
        label="Features",
        help="The columns to learn from. Empty: all but the target and direct identifiers.",
    )
    epsilon: float = param(
        1.0,
        label="Privacy loss ε",
        help="The most that the model may tell about any one record, or about any one person where Roles "
        "declares an id column. Smaller protects more.",
        ge=0.001,
        le=100,
    )
    held_out: float = param(
        0.2,
        label="Held out",
        help="The share of records kept from training, chosen at random, to test the model on. With an id "
        "column: the chance of each person, with all their records.",
        ge=0,
        le=0.9,
    )
    regularization: float | None = param(
        None,
        label="Regularization",
        help="Weight of the squared coefficients beside the sum of losses. Empty: by a rule from ε and the "
        "declared columns. Choosing it by looking at results on the same data is not covered by ε.",
        gt=0,
        more=True,
    )


class Train(PlainStep):
    """Splits at random, encodes by declaration, fits with noise, and keeps model and split."""

    key: ClassVar[str] = "train"
    stage: ClassVar[Stage] = Stage.MODEL
    title: ClassVar[str] = "Train"
    purpose: ClassVar[str] = "Fit the model with noise, so that no single person can be read out of it."
    help: ClassVar[str] = (
        "ε is how much more likely any result can become when one record is replaced by another: at most "
        "e^ε times. It is spent before the run and does not come back, also when the run fails.\n\n"
        "Where Roles declares an id column, ε counts for a person: at most the declared number of records of "
        "each id is kept, chosen at random, and the noise is made for so many.\n\n"
        "Bounds and categories come from Roles. If one is missing you are asked for it; it is never read off "
        "the data, because a bound taken from the data can betray the person who set it.\n\n"
        f"{train_section.CLAIM} {train_section.OUTSIDE}"
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.MODEL,)
    icon: ClassVar[str] = "boxes"
    Params: ClassVar[type[Any]] = TrainParams
    Facts: ClassVar[type[Any]] = TrainFacts

    def check(self, params: TrainParams, heads: Heads) -> list[Finding]:
        return findings(
            heads,
            epsilon=params.epsilon,
            regularization=params.regularization,
            held_out=params.held_out,
            target=params.target,
            positive=params.positive,
            features=params.features,
        )

    def cost(self, params: TrainParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return EpsilonDelta(params.epsilon, 0.0, Neighbours.REPLACE_ONE)

    def run(self, params: TrainParams, inputs: Inputs, ctx: Context) -> Outcome[TrainFacts]:
        import numpy as np
        import pyarrow as pa

        from ppdesk.train.contribution import bound, split_persons
        from ppdesk.train.errors import UnboundedCleaningError
        from ppdesk.train.group_privacy import mechanism_epsilon
        from ppdesk.train.labels import read_labels, split
        from ppdesk.train.logistic import fit
        from ppdesk.train.model import LogisticModel

        roles, table = inputs[Kind.ROLES].head, inputs[Kind.TABLE].head
        asked, unit = plan(roles, params.target, params.positive, params.features), Unit.of(roles)
        rows = inputs[Kind.TABLE].table("rows")
        group = factor(roles, table)
        if group is None:
            raise UnboundedCleaningError
        inner = mechanism_epsilon(params.epsilon, group)
        weight = params.regularization or default_regularization(
            inner, asked.encoding.width, len(asked.encoding.features)
        )

        def tick() -> None:
            if ctx.cancelled():
                raise CancelledRunError

        ctx.progress(0.05, "Holding out records at random")
        bounded = None if unit.column is None else bound(rows, unit.column, unit.most_rows, ctx.entropy)
        if bounded is None:
            held = split(rows.num_rows, params.held_out, ctx.entropy)
            kept_rows = np.ones(rows.num_rows, dtype=np.bool_)
        else:
            held, kept_rows = split_persons(bounded, params.held_out, ctx.entropy), bounded.kept
        labels, known = read_labels(rows, asked.target, asked.positive, asked.negative)
        used = ~held & known & kept_rows
        tick()
        ctx.progress(0.15, "Encoding by the declared columns")
        decimal = Reading.of(inputs[Kind.TABLE].head).decimal
        matrix = asked.encoding.encode(rows.filter(pa.array(used)), decimal)
        tick()
        ctx.progress(0.4, "Fitting with noise")
        fitted = fit(
            matrix,
            labels[used],
            epsilon=inner,
            regularization=weight,
            seed=ctx.entropy.seed(),
            tick=tick,
        )
        ctx.progress(0.95, "Keeping the model")
        privacy: Head = {
            "epsilon": params.epsilon,
            "delta": 0.0,
            "neighbours": Neighbours.REPLACE_ONE.value,
            "unit": unit.to_json(),
            "mechanism": "objective perturbation (Chaudhuri, Monteleoni, Sarwate 2011)",
            "regularization": weight,
            "private": ctx.entropy.private,
            "stamp": ctx.stamp,
        }
        if group > 1:
            privacy = {**privacy, "stability": stability(table), "mechanism_epsilon": inner}
        model = LogisticModel(
            estimator=params.estimator.value,
            encoding=asked.encoding,
            coef=tuple(float(value) for value in fitted.coef),
            target=asked.target,
            positive=asked.positive,
            negative=asked.negative,
            privacy=privacy,
        )
        facts = TrainFacts(
            estimator=params.estimator.value,
            target=asked.target,
            positive=asked.positive,
            negative=asked.negative,
            features=[
                FeatureFact(name=one.name, domain=one.domain, width=one.width)
                for one in asked.encoding.features
            ],
            columns=asked.encoding.width,
            epsilon=params.epsilon,
            delta=0.0,
            neighbours=Neighbours.REPLACE_ONE.value,
            regularization=weight,
            by_rule=params.regularization is None,
            noise_epsilon=fitted.noise_epsilon,
            rare_noise=fitted.rare_noise * asked.encoding.row_scale,
            trained=int(used.sum()),
            held_out=int((held & known).sum()),
            left_out=int((~known & kept_rows).sum()),
            strongest=_strongest(model),
            threshold=model.threshold,
            private=ctx.entropy.private,
            stamp=ctx.stamp,
            unit_column=unit.column,
            most_rows=unit.most_rows,
            stability=stability(table) or 1,
            group=group,
            mechanism_epsilon=inner,
            persons=0 if bounded is None else bounded.persons,
            persons_held_out=0 if bounded is None else int(np.unique(bounded.codes[held]).size),
            over_bound=0 if bounded is None else bounded.over,
            without_id=0 if bounded is None else bounded.without_id,
            found_out=found_settings(table),
        )
        places = pa.table({"row": pa.array(np.arange(rows.num_rows)), "held_out": pa.array(held)})
        if bounded is not None:
            places = places.append_column("kept", pa.array(kept_rows))
        made = (Part("model", model.to_json()), Part("split", places, personal=True))
        parts = (*made, *handed_on(inputs[Kind.TABLE]))
        return Outcome(facts, (Artifact(Kind.MODEL, _head(model, privacy, inputs[Kind.TABLE].head), parts),))

    def section(self, params: TrainParams, facts: TrainFacts) -> Section:  # noqa: ARG002
        return train_section.section(self.title, facts)


def _strongest(model: Any) -> list[TermFact]:
    """The terms that move the log-odds most. All of the model is covered by the claim, so these are too."""
    scale = model.encoding.row_scale
    pairs = list(zip(model.encoding.names, model.coef, strict=True))
    pairs.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
    return [TermFact(name=name, log_odds=value * scale) for name, value in pairs[:_STRONGEST]]


def _head(model: Any, privacy: Head, table: Head) -> Head:
    return {
        "estimator": model.estimator,
        "features": [feature.name for feature in model.encoding.features],
        "target": model.target,
        "positive": model.positive,
        "negative": model.negative,
        "threshold": model.threshold,
        **mark(table),
        **kept(table),
        **privacy,
    }


STEP = Train()
