"""What Train shows."""

from collections.abc import Mapping
from typing import Any

from ppdesk.core.section import Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import chance, counted
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.words import PRIORS, posterior, sentence
from ppdesk.workflow import guarantee
from ppdesk.workflow.model import train_pairs, train_policy
from ppdesk.workflow.model.train_facts import ShapeFact, TrainFacts

CLAIM = "The privacy claim covers the model's parameters and all that is computed from them alone."
OUTSIDE = (
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
        Words(f"{facts.title} {_learnt(facts)}, with differential privacy at ε {facts.epsilon:g}."),
        Figures(
            (
                KeyFigure(
                    "Privacy loss ε",
                    f"{facts.epsilon:g}",
                    f"δ {chance(facts.delta)}, {facts.neighbours}, {facts.unit.per}",
                ),
                KeyFigure("Trained on", f"{facts.trained:,}", _of_persons(facts, facts.persons_trained)),
                KeyFigure(
                    "Held out",
                    f"{facts.held_out:,}",
                    f"{_of_persons(facts, facts.persons_held_out)}, chosen at random",
                ),
                KeyFigure("Features", f"{len(facts.features)}", _terms(facts)),
            )
        ),
        Words(sentence(facts.epsilon, facts.delta, neighbours, person=facts.unit_column is not None), "info"),
        *guarantee.words(facts, " Nobody's records are both trained on and tested on."),
        Plot(
            f"What ε {facts.epsilon:g} means",
            "epsilon_words",
            {
                "epsilon": facts.epsilon,
                "priors": list(PRIORS),
                "posteriors": [posterior(prior, facts.epsilon) for prior in PRIORS],
            },
            "How sure an attacker can become at most who was so sure before.",
        ),
        *train_policy.blocks(facts),
        *(_shape(one) for one in facts.shapes),
        *train_pairs.blocks(facts),
        _features(facts),
    ]
    if facts.strongest:
        noise = (
            f"Noise is part of each: it alone moves a term that hardly any record has by about "
            f"{facts.rare_noise:.2f}. Small differences mean nothing."
            if facts.rare_noise is not None
            else "Noise is part of each. Small differences mean nothing."
        )
        blocks.append(
            Table(
                "Strongest terms",
                ("Term", "Log-odds"),
                [(one.name, f"{one.log_odds:+.2f}") for one in facts.strongest],
                right=(1,),
                caption=noise,
            )
        )
    blocks.append(Table("How", ("", ""), _how(facts)))
    if facts.notes:
        blocks.append(
            Table(
                "What the rule chose",
                ("", ""),
                list(_notes(facts.notes)),
                caption="From ε, δ, what is declared, and noisy figures that were paid for: never from the"
                " records themselves.",
            )
        )
    blocks.append(Words(f"{CLAIM} {OUTSIDE}", "caution"))
    return Section(title, blocks)


def _learnt(facts: TrainFacts) -> str:
    if facts.task == "binary":
        return f"learnt to tell {facts.positive} from {facts.negative} in {facts.target}"
    if facts.task == "classes":
        return f"learnt to tell the {len(facts.classes)} classes of {facts.target} apart"
    if facts.task == "policy":
        return f"learnt which {facts.target} to choose for the highest {facts.reward}"
    if facts.task == "quantity":
        return f"learnt to estimate {facts.target}"
    return "learnt from the features alone"


def _terms(facts: TrainFacts) -> str:
    return f"{facts.columns:,} coefficients" if facts.columns else "declared columns"


def _features(facts: TrainFacts) -> Table:
    counts = any(one.width for one in facts.features)
    return Table(
        "Features",
        ("Column", "Declared domain", *(("Coefficients",) if counts else ())),
        [(one.name, one.domain, *((str(one.width),) if counts else ())) for one in facts.features],
        right=(2,) if counts else (),
        caption="Bounds and categories are those that Roles declares; Train reads none off the data."
        " Where a person took them from the data, the claim says so.",
    )


def _shape(one: ShapeFact) -> Plot:
    return Plot(
        f"What {one.name} does" + (f" for {one.of}" if one.of else ""),
        "shape_function",
        {
            "labels": list(one.labels),
            "edges": list(one.edges),
            "effect": list(one.effect),
            "deviation": list(one.deviation),
        },
        "How the model's answer moves with this column, all others as they are. The band is two "
        "standard deviations each way: what the noise leaves open.",
    )


def _of_persons(facts: TrainFacts, persons: int) -> str:
    return "records" if facts.unit_column is None else f"records of {persons:,} persons"


def _how(facts: TrainFacts) -> list[tuple[str, str]]:
    mechanism = facts.mechanism or "objective perturbation (Chaudhuri, Monteleoni, Sarwate 2011)"
    rows = [
        ("Mechanism", mechanism[:1].upper() + mechanism[1:]),
        ("Neighbouring relation", f"{facts.neighbours}, {facts.unit.words}"),
    ]
    if facts.group > 1 and facts.mechanism_epsilon is not None:
        rows.append(
            (
                "ε of the mechanism",
                (
                    f"{facts.mechanism_epsilon:.4g} for one record: ε divided by {facts.group:,}, the "
                    f"records that {facts.unit.words} can change after cleaning, rounded down (group privacy)"
                ),
            )
        )
    elif facts.group > 1:
        rows.append(
            (
                "Noise is made for",
                f"{facts.group:,} records, which {facts.unit.words} can change after cleaning",
            )
        )
    if facts.regularization is not None:
        rule = "by the rule, from ε and the declared columns" if facts.by_rule else "set by a person"
        rows.append(("Regularization", f"{facts.regularization:.4g}, {rule}"))
    if facts.noise_epsilon is not None:
        rows += [
            ("ε left for the noise", f"{facts.noise_epsilon:.4g}"),
            ("Row norm", "at most 1, by the declared encoding"),
        ]
    rows.append(("Records left out", f"{facts.left_out:,}, whose target is missing or not declared"))
    if facts.declared_rows is not None:
        rows.append(("Records, about", f"{facts.declared_rows:,}, declared as public"))
    if facts.threshold is not None:
        rows.append(("Threshold", f"{facts.threshold:.4g}{_FROM.get(facts.threshold_from, '')}"))
    return rows


_FROM = {
    "chosen": ", chosen with differential privacy",
    "declared": ", declared",
    "half": ": none was chosen",
}
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
        return "yes" if value else "no"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(map(_value, value)) if len(value) <= _LONG else counted(len(value), "value")
    if isinstance(value, Mapping):
        told = [f"{name} {_value(one)}" for name, one in sorted(value.items())]
        return "; ".join(told) if len(told) <= _LONG else counted(len(told), "value")
    return "none" if value is None else f"{value:,.0f}" if isinstance(value, int | float) else str(value)
