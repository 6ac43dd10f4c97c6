"""What Evaluate shows by group: how good the model is, whether each outcome is shared alike, and the twin."""

from collections.abc import Sequence

from ppdesk.assess.model_results import FairnessSummary, GroupQuality, NumberFairness
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Table
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.worded import (
    LEFT_OUT,
    among,
    few_pooled,
    interval,
    number,
    reference,
    signed,
    withheld,
    words,
)

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
            *(withheld(item.estimate) for item in one.measures[1:]),
            LEFT_OUT if beside is None else words(among(twins.get(one.group, ()), first.name)),
        )
        for one in found.groups
    ]
    labels = [one.label for one in measures]
    return Table(
        said("How good the model is by {column}", column=found.column),
        (
            said("Group"),
            said("Records"),
            labels[0],
            said("95 % interval"),
            *labels[1:],
            said("{label} without privacy", label=labels[0]),
        ),
        rows,
        right=tuple(range(1, len(labels) + 4)),
        caption=said_all(
            (
                said(
                    "Of held-out records. Withheld: rests on fewer than {floor} records, or would let "
                    "such a number be found by subtraction.",
                    floor=found.floor,
                ),
                few_pooled(found.pooled),
            )
        ),
    )


def _numbers(found: NumberFairness, beside: NumberFairness | None) -> list[Block]:
    rows = [
        (
            reference(one.group) if one.group == found.reference else one.group,
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
    twin = "" if beside is None else _gaps(found, beside)
    return [
        Table(
            said("Predictions by {column}", column=found.column),
            (
                said("Group"),
                said("Records"),
                said("Predicted"),
                said("Actual"),
                said("Mean error"),
                said("Against reference"),
                said("Absolute error"),
                said("Against reference"),
            ),
            rows,
            right=(1, 2, 3, 4, 5, 6, 7),
            caption=said_all(
                (
                    said(
                        "Means over held-out records in the target's unit; the mean error is predicted less "
                        "actual. Reference: the largest group, {reference}. The trivial baseline predicts "
                        "the same for all groups.",
                        reference=found.reference,
                    ),
                    twin,
                    few_pooled(found.pooled),
                )
            ),
        )
    ]


def _gaps(found: NumberFairness, beside: NumberFairness) -> str:
    return said(
        "Largest gaps, with and without privacy: mean prediction {predicted} and "
        "{predicted_twin}; mean error {bias} and {bias_twin}; mean absolute error {error} "
        "and {error_twin}.",
        predicted=number(found.predicted_span),
        predicted_twin=number(beside.predicted_span),
        bias=number(found.bias_span),
        bias_twin=number(beside.bias_span),
        error=number(found.error_span),
        error_twin=number(beside.error_span),
    )


def _favoured(facts: EvaluateFacts) -> Table:
    twins = {(one.column, one.favourable): one for one in facts.favoured_baseline}
    rows = [_row(one, twins.get((one.column, one.favourable))) for one in facts.favoured]
    return Table(
        said("Each outcome as the good one"),
        (
            said("Column"),
            said("Good to be said"),
            said("Least often"),
            said("Most often"),
            said("Ratio"),
            said("Parity"),
            said("Opportunity"),
            said("Odds"),
            said("Ratio without privacy"),
        ),
        rows,
        right=(2, 3, 4, 5, 6, 7, 8),
        caption=said(
            "Which outcome is good to get depends on the use: a loan or a suspicion. Shares of "
            "the groups that get it least and most often; their ratio is fair from 0.80 on "
            "(four-fifths rule, read both ways: most over least up to 1.25); largest differences "
            "between groups in share selected (demographic parity), in share found among those "
            "who have the outcome (equal opportunity), and the larger of that and the difference "
            "in false alarms (equalized odds). A model that learnt nothing says the same of all, "
            "so its ratio is 1 and its differences are 0."
        ),
    )


def _row(one: FairnessSummary, twin: FairnessSummary | None) -> tuple[str, ...]:
    return (
        one.column,
        one.favourable,
        said("{group}: {value:.3f}", group=one.lowest_group, value=one.lowest),
        said("{group}: {value:.3f}", group=one.highest_group, value=one.highest),
        _ratio(one.lowest_ratio),
        f"{one.parity_span:.3f}",
        _span(one.opportunity_span),
        _span(one.odds_span),
        LEFT_OUT if twin is None else _ratio(twin.lowest_ratio, least=0.0),
    )


def _ratio(value: float | None, least: float = _LOW) -> str:
    if value is None:
        return said("nobody")
    return f"{value:.2f}" if value >= least else said("{ratio:.2f} (unlike)", ratio=value)


def _span(value: float | None) -> str:
    return said("withheld") if value is None else f"{value:.3f}"
