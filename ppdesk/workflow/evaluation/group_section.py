"""What Evaluate shows by group: how good the model is, whether each outcome is shared alike, and the twin."""

from collections.abc import Sequence

from ppdesk.assess.model_results import FairnessSummary, GroupQuality, NumberFairness
from ppdesk.core.section import Block, Table
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.worded import among, interval, number, signed, words

_LOW = 0.80


def blocks(facts: EvaluateFacts) -> list[Block]:
    """Tables by group; none where no group was asked for."""
    found: list[Block] = [
        _quality(one, _same(facts.group_quality_baseline, one.column)) for one in facts.group_quality
    ]
    for one in facts.number_fairness:
        beside = next((b for b in facts.number_fairness_baseline if b.column == one.column), None)
        found += _numbers(one, beside)
    if facts.favoured:
        found.append(_favoured(facts))
    return found


def _same(listed: Sequence[GroupQuality], column: str) -> GroupQuality | None:
    return next((one for one in listed if one.column == column), None)


def _quality(found: GroupQuality, beside: GroupQuality | None) -> Table:
    measures = found.groups[0].measures
    twins = {} if beside is None else {one.group: one.measures for one in beside.groups}
    first = measures[0]
    rows = [
        (
            one.group,
            f"{one.n:,}",
            words(among(one.measures, first.name)),
            interval(among(one.measures, first.name)),
            *("withheld" if item.estimate is None else words(item.estimate) for item in one.measures[1:]),
            "left out" if beside is None else words(among(twins.get(one.group, ()), first.name)),
        )
        for one in found.groups
    ]
    labels = [one.label for one in measures]
    pooled = f" {found.pooled} small groups were pooled." if found.pooled else ""
    return Table(
        f"How good the model is by {found.column}",
        ("Group", "Records", labels[0], "95 % interval", *labels[1:], f"{labels[0]} without privacy"),
        rows,
        right=tuple(range(1, len(labels) + 4)),
        caption=f"Of held-out records. Withheld: rests on fewer than {found.floor} records, or would let "
        f"such a number be found by subtraction.{pooled}",
    )


def _numbers(found: NumberFairness, beside: NumberFairness | None) -> list[Block]:
    rows = [
        (
            one.group + (" (reference)" if one.group == found.reference else ""),
            f"{one.n:,}",
            words(one.predicted),
            words(one.actual),
            signed(one.bias),
            signed(one.bias_difference),
            words(one.error),
            signed(one.error_difference),
        )
        for one in found.groups
    ]
    spans = [
        ("Mean prediction", "predicted_span"),
        ("Mean error", "bias_span"),
        ("Mean absolute error", "error_span"),
    ]
    twin = (
        ""
        if beside is None
        else " Largest gaps, with and without privacy: "
        + "; ".join(
            f"{label.lower()} {number(getattr(found, name))} and {number(getattr(beside, name))}"
            for label, name in spans
        )
        + "."
    )
    pooled = f" {found.pooled} small groups were pooled." if found.pooled else ""
    return [
        Table(
            f"Predictions by {found.column}",
            (
                "Group", "Records", "Predicted", "Actual", "Mean error", "Against reference",
                "Absolute error", "Against reference",
            ),
            rows,
            right=(1, 2, 3, 4, 5, 6, 7),
            caption="Means over held-out records in the target's unit; the mean error is predicted less "
            f"actual. Reference: the largest group, {found.reference}. The trivial baseline predicts the "
            f"same for all groups.{twin}{pooled}",
        )
    ]  # fmt: skip


def _favoured(facts: EvaluateFacts) -> Table:
    twins = {(one.column, one.favourable): one for one in facts.favoured_baseline}
    rows = [_row(one, twins.get((one.column, one.favourable))) for one in facts.favoured]
    return Table(
        "Each outcome as the good one",
        (
            "Column", "Good to be said", "Least often", "Most often", "Ratio", "Parity", "Opportunity",
            "Odds", "Ratio without privacy",
        ),
        rows,
        right=(2, 3, 4, 5, 6, 7, 8),
        caption="Which outcome is good to get depends on the use: a loan or a suspicion. Shares of the "
        "groups that get it least and most often; their ratio is fair from 0.80 on (four-fifths rule, read "
        "both ways: most over least up to 1.25); largest differences between groups in share selected "
        "(demographic parity), in share found among those who have the outcome (equal opportunity), and the "
        "larger of that and the difference in false alarms (equalized odds). A model that learnt nothing "
        "says the same of all, so its ratio is 1 and its differences are 0.",
    )  # fmt: skip


def _row(one: FairnessSummary, twin: FairnessSummary | None) -> tuple[str, ...]:
    mark = "" if one.lowest_ratio is None or one.lowest_ratio >= _LOW else " (unlike)"
    return (
        one.column,
        one.favourable,
        f"{one.lowest_group}: {one.lowest:.3f}",
        f"{one.highest_group}: {one.highest:.3f}",
        "nobody" if one.lowest_ratio is None else f"{one.lowest_ratio:.2f}{mark}",
        f"{one.parity_span:.3f}",
        _span(one.opportunity_span),
        _span(one.odds_span),
        "left out" if twin is None else "nobody" if twin.lowest_ratio is None else f"{twin.lowest_ratio:.2f}",
    )


def _span(value: float | None) -> str:
    return "withheld" if value is None else f"{value:.3f}"
