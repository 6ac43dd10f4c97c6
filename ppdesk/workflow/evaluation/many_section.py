"""What Evaluate shows of a model of several classes or of a number, and of one that it does not measure."""

from ppdesk.assess.model_results import ManyStudy
from ppdesk.assess.results import Measure, Measured
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.worded import (
    LEFT_OUT,
    graded,
    interval,
    joined,
    of,
    with_interval,
    within,
    words,
)

_CURVES = 5
_SHOWN = 4  # measures as key figures; all stand in the table


def blocks(facts: EvaluateFacts) -> list[Block]:
    """Measures beside those of the twin without privacy and of a model that learnt nothing."""
    found: list[Block] = []
    if facts.many is not None:
        found += [_headline(facts, facts.many), _figures(facts, facts.many), _measures(facts, facts.many)]
        if facts.many.classes:
            found.append(_by_class(facts.many))
        if facts.many_study is not None:
            found += _deeper(facts, facts.many_study)
    if facts.many is not None and facts.no_twin:
        found.append(Words(facts.no_twin, "info"))
    if facts.not_told:
        found.append(Words(facts.not_told, "caution"))
    return found


def _headline(facts: EvaluateFacts, ours: Measured) -> Words:
    first = ours.measures[0]
    if facts.target and facts.epsilon is not None:
        subject = said("The model of {target} at ε {epsilon:g}", target=facts.target, epsilon=facts.epsilon)
    elif facts.target:
        subject = said("The model of {target} without a privacy claim", target=facts.target)
    elif facts.epsilon is not None:
        subject = said("The model at ε {epsilon:g}", epsilon=facts.epsilon)
    else:
        subject = said("The model without a privacy claim")
    return Words(
        said(
            "{subject}, on {n:,} held-out records: {label} {value}, where a model that learnt nothing has "
            "{trivial}.",
            subject=subject,
            n=ours.n,
            label=within(first),
            value=words(first.estimate),
            trivial=words(of(facts.many_trivial, first.name)),
        )
    )


def _figures(facts: EvaluateFacts, ours: Measured) -> Figures:
    items = []
    for one in ours.measures[:_SHOWN]:
        notes = [told] if (told := _interval(one)) else []
        if facts.many_baseline is not None:
            notes.append(said("no privacy {value}", value=words(of(facts.many_baseline, one.name))))
        notes.append(said("learnt nothing {value}", value=words(of(facts.many_trivial, one.name))))
        items.append(KeyFigure(one.label, words(one.estimate), joined(notes)))
    return Figures(tuple(items))


def _measures(facts: EvaluateFacts, ours: Measured) -> Table:
    rows = [
        (
            graded(one),
            words(one.estimate),
            _interval(one),
            LEFT_OUT if facts.many_baseline is None else words(of(facts.many_baseline, one.name)),
            words(of(facts.many_trivial, one.name)),
        )
        for one in ours.measures
    ]
    return Table(
        said("Measures on held-out records"),
        (
            said("Measure"),
            said("With privacy"),
            said("95 % interval"),
            said("Without privacy"),
            said("Learnt nothing"),
        ),
        rows,
        right=(1, 2, 3, 4),
        caption=_CAPTIONS.get(facts.task, ""),
    )


def _interval(one: Measure) -> str:
    """Empty where there is none, or the measure is one figure for the whole."""
    if one.estimate is None or one.estimate.low == one.estimate.high:
        return ""
    return interval(one.estimate)


_CAPTIONS = {
    "classes": said(
        "Intervals: accuracy by Wilson, macro recall, losses and scores by the normal "
        "interval, macro AUROC by DeLong's placements, macro F1, kappa and calibration error "
        "by bootstrap. Learnt nothing: says the shares of the classes of the training "
        "records for all."
    ),
    "quantity": said(
        "In the target's unit. Intervals: means by the normal interval, R² and explained "
        "variance by the delta method, medians and widths by order statistics, coverage by "
        "Wilson. The width is set on one half of the held-out records and tried on the other "
        "(split conformal). Learnt nothing: says the mean of the training records for all."
    ),
    "none": said(
        "On held-out records, at most 50,000. Without privacy: the same estimator without "
        "noise. Learnt nothing: one group in the middle, no component, all cells alike. "
        "Silhouette on 2,000 records. Stability: models trained with the same guarantee on "
        "records drawn anew; the interval is their range."
    ),
}


def _deeper(facts: EvaluateFacts, study: ManyStudy) -> list[Block]:
    """Curves, calibration and the table of true and predicted."""
    found: list[Block] = []
    if study.curves:
        curves: list[Json] = [
            {
                "name": said("{name}: {value}", name=one.name, value=words(one.auroc)),
                "fpr": list(one.fpr),
                "tpr": list(one.tpr),
                "role": "class",
            }
            for one in study.curves[:_CURVES]
        ]
        told = said("The {count} most frequent classes.", count=_CURVES)
        found += [
            Plot(
                said("Each class against the rest"),
                "roc",
                {"curves": curves},
                said_all((said("On held-out records."), told if len(study.curves) > _CURVES else "")),
            ),
            _against_the_rest(study),
        ]
    if study.confusion:
        found.append(
            Table(
                said("True and predicted classes"),
                (said("True"), *(said("said {name}", name=name) for name in study.names)),
                [
                    (name, *(f"{count:,}" for count in row))
                    for name, row in zip(study.names, study.confusion, strict=True)
                ],
                right=tuple(range(1, len(study.names) + 1)),
                caption=said(
                    "Held-out records. Classes with fewer than {floor} stand together.", floor=facts.floor
                ),
            )
        )
    if study.bins and facts.task == "quantity":
        wide = study.high - study.low
        found.append(
            Plot(
                said("Predicted and actual"),
                "agreement",
                {
                    "bins": [
                        {
                            "predicted": study.low + one.p * wide,
                            "actual": study.low + one.observed * wide,
                            "n": one.n,
                        }
                        for one in study.bins
                    ],
                    "low": study.low,
                    "high": study.high,
                },
                said(
                    "Means of {target} in groups of held-out records with like predictions.",
                    target=facts.target,
                ),
            )
        )
    elif study.bins:
        found.append(
            Plot(
                said("Calibration of the predicted class"),
                "calibration",
                {"bins": [{"p": one.p, "observed": one.observed, "n": one.n} for one in study.bins]},
                said("Probability of the predicted class, and how often it is right."),
            )
        )
    return found


def _against_the_rest(study: ManyStudy) -> Table:
    return Table(
        said("Each class against the rest, in numbers"),
        (said("Class"), said("Records"), said("AUROC"), said("Average precision"), said("Brier score")),
        [
            (
                one.name,
                f"{one.records:,}",
                with_interval(one.auroc),
                with_interval(one.average_precision),
                words(one.brier),
            )
            for one in study.curves
        ],
        right=(1, 2, 3, 4),
        caption=said(
            "Guessing has an AUROC of 0.5 and an average precision of the class's share. "
            "Intervals: DeLong, bootstrap."
        ),
    )


def _by_class(ours: Measured) -> Table:
    return Table(
        said("By class"),
        (said("Class"), said("Records"), said("Recall"), said("95 % interval"), said("Precision")),
        [
            (
                one.name,
                f"{one.records:,}",
                words(one.recall),
                interval(one.recall),
                words(one.precision),
            )
            for one in ours.classes
        ],
        right=(1, 2, 3, 4),
        caption=said("Of held-out records. The predicted class is the one with the highest probability."),
    )
