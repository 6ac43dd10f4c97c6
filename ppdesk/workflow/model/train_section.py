"""What Train shows."""

import re
from collections.abc import Mapping
from typing import Any

from ppdesk.core.said import kept, said, said_all, said_count
from ppdesk.core.section import Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.words import PRIORS, posterior, sentence
from ppdesk.workflow import guarantee
from ppdesk.workflow.model import train_pairs, train_policy
from ppdesk.workflow.model.train_facts import ShapeFact, TrainFacts
from ppdesk.workflow.model.train_words import mechanism

CLAIM = said("The privacy claim covers the model's parameters and all that is computed from them alone.")
OUTSIDE = said(
    "It does not cover the number of records, the figures measured on held-out records, or the comparison "
    "without privacy."
)


def section(title: str, facts: TrainFacts) -> Section:
    """Words for epsilon, key figures, what was declared, what was learnt, and the claim's edges."""
    neighbours = Neighbours(facts.neighbours)
    blocks: list[Any] = []
    if facts.stamp:
        blocks.append(Words(facts.stamp, "risk"))
    blocks += [
        Words(_learnt(facts)),
        Figures(
            (
                KeyFigure(
                    said("Privacy loss ε"),
                    f"{facts.epsilon:g}",
                    said(
                        "δ {delta}, {neighbours}, {per}",
                        delta=chance(facts.delta),
                        neighbours=kept(facts.neighbours),
                        per=facts.unit.per,
                    ),
                ),
                KeyFigure(
                    said("Trained on"), f"{facts.trained:,}", _of_persons(facts, facts.persons_trained)
                ),
                KeyFigure(
                    said("Held out"),
                    f"{facts.held_out:,}",
                    said("records, chosen at random")
                    if facts.unit_column is None
                    else said(
                        "records of {persons:,} persons, chosen at random", persons=facts.persons_held_out
                    ),
                ),
                KeyFigure(said("Features"), f"{len(facts.features)}", _terms(facts)),
            )
        ),
        Words(sentence(facts.epsilon, facts.delta, neighbours, person=facts.unit_column is not None), "info"),
        *guarantee.words(facts, said("Nobody's records are both trained on and tested on.")),
        Plot(
            said("What ε {epsilon:g} means", epsilon=facts.epsilon),
            "epsilon_words",
            {
                "epsilon": facts.epsilon,
                "priors": list(PRIORS),
                "posteriors": [posterior(prior, facts.epsilon) for prior in PRIORS],
            },
            said("How sure an attacker can become at most who was so sure before."),
        ),
        *train_policy.blocks(facts),
        *(_shape(one) for one in facts.shapes),
        *train_pairs.blocks(facts),
        _features(facts),
    ]
    if facts.strongest:
        noise = (
            said(
                "Noise is part of each: it alone moves a term that hardly any record has by "
                "about {rare_noise:.2f}. Small differences mean nothing.",
                rare_noise=facts.rare_noise,
            )
            if facts.rare_noise is not None
            else said("Noise is part of each. Small differences mean nothing.")
        )
        blocks.append(
            Table(
                said("Strongest terms"),
                (said("Term"), said("Log-odds")),
                [(kept(one.name), f"{one.log_odds:+.2f}") for one in facts.strongest],
                right=(1,),
                caption=noise,
            )
        )
    blocks.append(Table(said("How"), ("", ""), _how(facts)))
    if facts.notes:
        blocks.append(
            Table(
                said("What the rule chose"),
                ("", ""),
                list(_notes(facts.notes)),
                caption=said(
                    "From ε, δ, what is declared, and noisy figures that were paid for: never from "
                    "the records themselves."
                ),
            )
        )
    blocks.append(Words(said_all((CLAIM, OUTSIDE)), "caution"))
    return Section(title, blocks)


def _learnt(facts: TrainFacts) -> str:
    told: dict[str, Any] = {"title": facts.title, "epsilon": facts.epsilon}
    if facts.task == "binary":
        return said(
            "{title} learnt to tell {positive} from {negative} in {target}, with differential privacy at ε "
            "{epsilon:g}.",
            positive=kept(facts.positive),
            negative=kept(facts.negative),
            target=kept(facts.target),
            **told,
        )
    if facts.task == "classes":
        return said(
            "{title} learnt to tell the {classes} classes of {target} apart, with differential privacy at ε "
            "{epsilon:g}.",
            classes=len(facts.classes),
            target=kept(facts.target),
            **told,
        )
    if facts.task == "policy":
        return said(
            "{title} learnt which {target} to choose for the highest {reward}, with differential privacy at "
            "ε {epsilon:g}.",
            target=kept(facts.target),
            reward=kept(facts.reward),
            **told,
        )
    if facts.task == "quantity":
        return said(
            "{title} learnt to estimate {target}, with differential privacy at ε {epsilon:g}.",
            target=kept(facts.target),
            **told,
        )
    return said("{title} learnt from the features alone, with differential privacy at ε {epsilon:g}.", **told)


def _terms(facts: TrainFacts) -> str:
    if not facts.columns:
        return said("declared columns")
    return said_count("{count:,} coefficients", "{count:,} coefficients", facts.columns)


def _features(facts: TrainFacts) -> Table:
    counts = any(one.width for one in facts.features)
    return Table(
        said("Features"),
        (said("Column"), said("Declared domain"), *((said("Coefficients"),) if counts else ())),
        [
            (kept(one.name), _domain(one.domain), *((str(one.width),) if counts else ()))
            for one in facts.features
        ],
        right=(2,) if counts else (),
        caption=said(
            "Bounds and categories are those that Roles declares; Train reads none off the "
            "data. Where a person took them from the data, the claim says so."
        ),
    )


def _domain(text: str) -> str:
    """As the record has it, with bounds as numbers of their own."""
    bounds = _BOUNDS.fullmatch(text)
    if bounds is None:
        return text
    low, high, spread = bounds.groups()
    if spread:
        return said("{low} to {high}, by orders of magnitude", low=low, high=high)
    return said("{low} to {high}", low=low, high=high)


def _shape(one: ShapeFact) -> Plot:
    return Plot(
        said("What {name} does for {of}", name=kept(one.name), of=kept(one.of))
        if one.of
        else said("What {name} does", name=kept(one.name)),
        "shape_function",
        {
            "labels": list(one.labels),
            "edges": list(one.edges),
            "effect": list(one.effect),
            "deviation": list(one.deviation),
        },
        said(
            "How the model's answer moves with this column, all others as they are. The "
            "band is two standard deviations each way: what the noise leaves open."
        ),
    )


def _of_persons(facts: TrainFacts, persons: int) -> str:
    return (
        said("records")
        if facts.unit_column is None
        else said("records of {persons:,} persons", persons=persons)
    )


def _how(facts: TrainFacts) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = [
        (said("Mechanism"), mechanism(facts.mechanism)),
        (
            said("Neighbouring relation"),
            said("{neighbours}, {unit}", neighbours=kept(facts.neighbours), unit=facts.unit.words),
        ),
    ]
    if facts.group > 1 and facts.mechanism_epsilon is not None:
        rows.append(
            (
                said("ε of the mechanism"),
                (
                    said(
                        "{mechanism_epsilon:.4g} for one record: ε divided by {group:,}, the records "
                        "that {unit} can change after cleaning, rounded down (group privacy)",
                        mechanism_epsilon=facts.mechanism_epsilon,
                        group=facts.group,
                        unit=facts.unit.words,
                    )
                ),
            )
        )
    elif facts.group > 1:
        rows.append(
            (
                said("Noise is made for"),
                said(
                    "{group:,} records, which {unit} can change after cleaning",
                    group=facts.group,
                    unit=facts.unit.words,
                ),
            )
        )
    if facts.regularization is not None:
        rule = (
            said(
                "{regularization:.4g}, by the rule, from ε and the declared columns",
                regularization=facts.regularization,
            )
            if facts.by_rule
            else said("{regularization:.4g}, set by a person", regularization=facts.regularization)
        )
        rows.append((said("Regularization"), rule))
    if facts.noise_epsilon is not None:
        rows += [
            (said("ε left for the noise"), f"{facts.noise_epsilon:.4g}"),
            (said("Row norm"), said("at most 1, by the declared encoding")),
        ]
    rows.append(
        (
            said("Records left out"),
            said("{left_out:,}, whose target is missing or not declared", left_out=facts.left_out),
        )
    )
    if facts.declared_rows is not None:
        rows.append(
            (
                said("Records, about"),
                said("{declared_rows:,}, declared as public", declared_rows=facts.declared_rows),
            )
        )
    if facts.threshold is not None:
        rows.append((said("Threshold"), _threshold(facts.threshold, facts.threshold_from)))
    return rows


def _threshold(threshold: float, chosen: str) -> str:
    if chosen == "chosen":
        return said("{threshold:.4g}, chosen with differential privacy", threshold=threshold)
    if chosen == "declared":
        return said("{threshold:.4g}, declared", threshold=threshold)
    if chosen == "half":
        return said("{threshold:.4g}: none was chosen", threshold=threshold)
    return f"{threshold:.4g}"


_BOUNDS = re.compile(r"(\S+) to (\S+?)(, by orders of magnitude)?")
_TOLD = (
    "regularization",
    "by_rule",
    "noise_epsilon",
    "rare_noise",
    "coefficients",
    "mechanism_epsilon",
    "threshold_chosen",
)
_LONG = 8


def _notes(notes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The settings in words; long lists by their length."""
    return [
        (str(name).replace("_", " ").capitalize(), _value(value))
        for name, value in sorted(notes.items())
        if name not in _TOLD
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4g}"
    if isinstance(value, list):
        return said_all(map(_value, value), ", ") if len(value) <= _LONG else _values(len(value))
    if isinstance(value, Mapping):
        told = [said_all((str(name), _value(one))) for name, one in sorted(value.items())]
        return said_all(told, "; ") if len(told) <= _LONG else _values(len(told))
    if value is None:
        return said("none")
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)


def _values(count: int) -> str:
    return said_count("{count:,} value", "{count:,} values", count)
