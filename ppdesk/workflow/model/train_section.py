"""What Train shows."""

from typing import Any

from ppdesk.core.section import Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.words import PRIORS, posterior, sentence
from ppdesk.workflow import guarantee
from ppdesk.workflow.model.train_facts import TrainFacts

CLAIM = "The privacy claim covers the model's coefficients and all that is computed from them alone."
OUTSIDE = (
    "It does not cover the number of records, the figures measured on held-out records, or the comparison "
    "without privacy."
)


def section(title: str, facts: TrainFacts) -> Section:
    """Words for epsilon, key figures, what was declared, the strongest terms, and the claim's edges."""
    neighbours = Neighbours(facts.neighbours)
    blocks: list[Any] = []
    if facts.stamp:
        blocks.append(Words(facts.stamp, "risk"))
    blocks += [
        Words(
            f"A logistic regression learnt to tell {facts.positive} from {facts.negative} in {facts.target}, "
            f"with differential privacy at ε {facts.epsilon:g}."
        ),
        Figures(
            (
                KeyFigure(
                    "Privacy loss ε",
                    f"{facts.epsilon:g}",
                    f"δ {facts.delta:g}, {facts.neighbours}, {facts.unit.per}",
                ),
                KeyFigure("Trained on", f"{facts.trained:,}", _of_persons(facts, facts.persons_trained)),
                KeyFigure(
                    "Held out",
                    f"{facts.held_out:,}",
                    f"{_of_persons(facts, facts.persons_held_out)}, chosen at random",
                ),
                KeyFigure("Coefficients", f"{facts.columns}", f"from {len(facts.features)} declared columns"),
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
        Table(
            "Features",
            ("Column", "Declared domain", "Coefficients"),
            [(one.name, one.domain, str(one.width)) for one in facts.features],
            right=(2,),
            caption="Bounds and categories are those that Roles declares; Train reads none off the data."
            " Where a person took them from the data, the claim says so.",
        ),
        Table(
            "Strongest terms",
            ("Term", "Log-odds"),
            [(one.name, f"{one.log_odds:+.2f}") for one in facts.strongest],
            right=(1,),
            caption=f"Noise is part of each: it alone moves a term that hardly any record has by about "
            f"{facts.rare_noise:.2f}. Small differences mean nothing.",
        ),
        Table("How", ("", ""), _how(facts)),
        Words(f"{CLAIM} {OUTSIDE}", "caution"),
    ]
    return Section(title, blocks)


def _of_persons(facts: TrainFacts, persons: int) -> str:
    return "records" if facts.unit_column is None else f"records of {persons:,} persons"


def _how(facts: TrainFacts) -> list[tuple[str, str]]:
    rule = "by the rule, from ε and the declared columns" if facts.by_rule else "set by a person"
    group = []
    if facts.mechanism_epsilon is not None and facts.group > 1:
        group = [
            (
                "ε of the mechanism",
                (
                    f"{facts.mechanism_epsilon:.4g} for one record: ε divided by {facts.group:,}, the "
                    f"records that {facts.unit.words} can change after cleaning, rounded down (group privacy)"
                ),
            )
        ]
    return [
        ("Mechanism", "Objective perturbation (Chaudhuri, Monteleoni, Sarwate 2011), noise by diffprivlib"),
        ("Neighbouring relation", f"{facts.neighbours}, {facts.unit.words}"),
        *group,
        ("Regularization", f"{facts.regularization:.4g}, {rule}"),
        ("ε left for the noise", f"{facts.noise_epsilon:.4g}"),
        ("Row norm", "at most 1, by the declared encoding"),
        ("Records left out", f"{facts.left_out:,}, whose target is missing or not declared"),
        ("Threshold", f"{facts.threshold:g}, declared"),
    ]
