"""What Evaluate shows of a model of several classes or of a number, and of one that it does not measure."""

from ppdesk.assess.results import Estimate, Measured
from ppdesk.core.section import Block, Figures, KeyFigure, Table, Words
from ppdesk.workflow.evaluation.facts import EvaluateFacts

_NONE = "not defined"


def blocks(facts: EvaluateFacts) -> list[Block]:
    """Measures beside those of the twin without privacy and of a model that learnt nothing."""
    found: list[Block] = []
    if facts.many is not None:
        found += [_headline(facts, facts.many), _figures(facts, facts.many), _measures(facts, facts.many)]
        if facts.many.classes:
            found.append(_by_class(facts.many))
    if facts.many is not None and facts.no_twin:
        found.append(Words(facts.no_twin, "info"))
    if facts.not_told:
        found.append(Words(facts.not_told, "caution"))
    return found


def _headline(facts: EvaluateFacts, ours: Measured) -> Words:
    claim = "without a privacy claim" if facts.epsilon is None else f"at ε {facts.epsilon:g}"
    first = ours.measures[0]
    return Words(
        f"The model of {facts.target} {claim}, on {ours.n:,} held-out records: {first.label.lower()} "
        f"{_words(first.estimate)}, where a model that learnt nothing has "
        f"{_words(_of(facts.many_trivial, first.name))}."
    )


def _figures(facts: EvaluateFacts, ours: Measured) -> Figures:
    items = []
    for one in ours.measures:
        notes = [] if one.estimate is None else [one.estimate.interval()]
        if facts.many_baseline is not None:
            notes.append(f"no privacy {_words(_of(facts.many_baseline, one.name))}")
        notes.append(f"learnt nothing {_words(_of(facts.many_trivial, one.name))}")
        items.append(KeyFigure(one.label, _words(one.estimate), "; ".join(notes)))
    return Figures(tuple(items))


def _measures(facts: EvaluateFacts, ours: Measured) -> Table:
    rows = [
        (
            one.label + (" (lower is better)" if one.lower else ""),
            _words(one.estimate),
            "" if one.estimate is None else one.estimate.interval(),
            "left out" if facts.many_baseline is None else _words(_of(facts.many_baseline, one.name)),
            _words(_of(facts.many_trivial, one.name)),
        )
        for one in ours.measures
    ]
    return Table(
        "Measures on held-out records",
        ("Measure", "With privacy", "95 % interval", "Without privacy", "Learnt nothing"),
        rows,
        right=(1, 2, 3, 4),
        caption="Intervals: shares by Wilson, means and macro recall by the normal interval, R² by the delta "
        "method. Learnt nothing: says the shares of the classes, or the mean, of the training records for "
        "all.",
    )


def _by_class(ours: Measured) -> Table:
    return Table(
        "By class",
        ("Class", "Records", "Recall", "95 % interval", "Precision"),
        [
            (
                one.name,
                f"{one.records:,}",
                _words(one.recall),
                "" if one.recall is None else one.recall.interval(),
                _words(one.precision),
            )
            for one in ours.classes
        ],
        right=(1, 2, 3, 4),
        caption="Of held-out records. The predicted class is the one with the highest probability.",
    )


def _of(measured: Measured | None, name: str) -> Estimate | None:
    if measured is None:
        return None
    return next((one.estimate for one in measured.measures if one.name == name), None)


def _words(estimate: Estimate | None) -> str:
    return _NONE if estimate is None else estimate.words()
