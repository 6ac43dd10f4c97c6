"""What Evaluate shows of probabilities of two classes: curves, calibration, thresholds and costs."""

from ppdesk.assess.model_results import CalibrationNumbers, CostStudy, ScoreQuality
from ppdesk.assess.results import CalibrationBin, Estimate
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.worded import LEFT_OUT, interval, number, words

_EVERY = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # thresholds of the table, beside those that matter
_LEAST_BENEFIT = -0.1  # a benefit further below nought is off the chart


def measures(facts: EvaluateFacts) -> list[tuple[str, Estimate | None, Estimate | None, Estimate | None]]:
    """(label, ours, baseline, trivial) of what the probabilities give, for the table of measures."""
    ours = facts.scores
    if ours is None:
        return []
    return [
        (
            label,
            getattr(ours, name),
            None if facts.scores_baseline is None else getattr(facts.scores_baseline, name),
            None if facts.scores_trivial is None else getattr(facts.scores_trivial, name),
        )
        for label, name in (
            (said("Average precision (AUPRC)"), "average_precision"),
            (said("Log loss"), "log_loss"),
        )
    ]


def precision_recall(facts: EvaluateFacts) -> list[Block]:
    """The curve of precision against recall."""
    if facts.scores is None:
        return []
    curves: list[Json] = [_curve(said("with privacy"), facts.scores, "ours")]
    if facts.scores_baseline is not None:
        curves.append(_curve(said("without privacy"), facts.scores_baseline, "baseline"))
    return [
        Plot(
            said("Precision and recall"),
            "precision_recall",
            {"curves": curves, "prevalence": round(facts.two.positives / facts.two.n, 6)},
            said(
                "How many of those selected are positive, for each share of the positives that is "
                "found. The number is the average precision."
            ),
        )
    ]


def _curve(name: str, found: ScoreQuality, role: str) -> Json:
    return {
        "name": said("{name}: {value}", name=name, value=words(found.average_precision)),
        "recall": list(found.curve.recall),
        "precision": list(found.curve.precision),
        "role": role,
    }


def calibration(facts: EvaluateFacts) -> list[Block]:
    """Whether probabilities mean what they say: a chart, and what it comes to in numbers."""
    found: list[Block] = []
    if facts.two.calibration:
        found.append(
            Plot(
                said("Calibration"),
                "calibration",
                {"bins": _bins(list(facts.two.calibration))},
                said("Predicted probability and observed share."),
            )
        )
    if facts.scores is not None:
        own = facts.scores.calibration
        beside = None if facts.scores_baseline is None else facts.scores_baseline.calibration
        found.append(_numbers(own, beside, facts.scores.resamples))
    return found


def _bins(bins: list[CalibrationBin]) -> list[Json]:
    return [{"p": one.p, "observed": one.observed, "n": one.n} for one in bins]


def _numbers(own: CalibrationNumbers, beside: CalibrationNumbers | None, resamples: int) -> Table:
    def row(label: str, name: str, right: str) -> tuple[str, ...]:
        value = getattr(own, name)
        other = LEFT_OUT if beside is None else _told(getattr(beside, name))
        return (label, _told(value), "" if isinstance(value, float) else interval(value), other, right)

    return Table(
        said("Calibration in numbers"),
        (
            said("Measure"),
            said("With privacy"),
            said("95 % interval"),
            said("Without privacy"),
            said("Right is"),
        ),
        (
            row(said("Expected calibration error"), "expected_error", "0"),
            row(said("Largest error of a bin"), "largest_error", "0"),
            row(said("Mean predicted less observed"), "mean_gap", "0"),
            row(said("Slope on the log odds"), "slope", "1"),
            row(said("Intercept, slope held at 1"), "intercept", "0"),
            row(said("Brier score: reliability"), "reliability", "0"),
            row(said("Brier score: resolution"), "resolution", said("high")),
            row(said("Brier score: uncertainty"), "uncertainty", said("as it is")),
            row(said("Brier score: within the bins"), "within", said("near 0")),
        ),
        right=(1, 2, 3, 4),
        caption=said(
            "Ten bins of equal width. A slope below 1: too sure of itself. Brier score = "
            "reliability - resolution + uncertainty + within (Murphy 1973). Intervals: the "
            "calibration error by {resamples} bootstrap samples, mirrored as it is too large on "
            "few records; slope and intercept by Wald, the mean by the normal interval.",
            resamples=resamples,
        ),
    )


def _told(value: float | Estimate | None) -> str:
    return number(value) if isinstance(value, float) else words(value)


def thresholds(facts: EvaluateFacts) -> list[Block]:
    """What each threshold gives, and what it costs where costs are declared."""
    ours = facts.scores
    if ours is None:
        return []
    costs = ours.costs
    found: list[Block] = [] if costs is None else _costs(facts, costs)
    own = round(facts.two.threshold, 6)
    rows = [
        (
            said("{threshold:.2f} (used)", threshold=one.threshold)
            if one.threshold == own
            else f"{one.threshold:.2f}",
            percent(one.selected.value),
            words(one.recall),
            words(one.precision),
            words(one.false_alarm),
            words(one.net_benefit),
            *(() if costs is None else (words(one.cost),)),
        )
        for one in ours.thresholds
        if one.threshold in _EVERY or one.threshold == own
    ]
    header = (
        said("Threshold"),
        said("Selected"),
        said("Recall"),
        said("Precision"),
        said("False alarms"),
        said("Net benefit"),
    )
    found.append(
        Table(
            said("What each threshold gives"),
            header if costs is None else (*header, said("Cost per record")),
            rows,
            right=tuple(range(1, 6 if costs is None else 7)),
            caption=said(
                "Of held-out records. False alarms: share of the negatives that is selected. Net "
                "benefit (Vickers and Elkin 2006): the share of records found less false alarms at "
                "the odds of the threshold; acting on nobody has 0. The record keeps all with 95 % "
                "intervals."
            ),
        )
    )
    return found


def _costs(facts: EvaluateFacts, costs: CostStudy) -> list[Block]:
    beside = None if facts.scores_baseline is None else facts.scores_baseline.costs
    declared = costs.costs
    cheaper = costs.own.value - costs.best_cost.value
    advice = said_all(
        (
            said(
                "A false alarm costs {false_alarm:g}, a miss {miss:g}.",
                false_alarm=declared.false_alarm,
                miss=declared.miss,
            ),
            said(
                "The threshold used, {threshold:.2f}, costs {cost} per record ({range}); the cheapest on "
                "these records, {best}, about {best_cost} ({best_range}), corrected for having been chosen "
                "on them.",
                threshold=facts.two.threshold,
                cost=words(costs.own),
                range=interval(costs.own),
                best=_cut(costs.best),
                best_cost=words(costs.best_cost),
                best_range=interval(costs.best_cost),
            ),
            said(
                "Where the probabilities are right, {threshold:.2f} is the cheapest.",
                threshold=costs.right_threshold,
            ),
        )
    )
    curves: list[Json] = [_cost_curve(said("with privacy"), costs, "ours")]
    if beside is not None:
        curves.append(_cost_curve(said("without privacy"), beside, "baseline"))
    rows = [
        (
            said("Threshold used, {threshold:.2f}", threshold=facts.two.threshold),
            costs.own,
            None if beside is None else beside.own,
        ),
        (
            said("Asked for by the costs, {threshold:.2f}", threshold=costs.right_threshold),
            costs.right,
            None if beside is None else beside.right,
        ),
        (
            said("Cheapest, {threshold}, corrected", threshold=_cut(costs.best)),
            costs.best_cost,
            None if beside is None else beside.best_cost,
        ),
    ]
    left = LEFT_OUT if beside is None else ""
    return [
        Words(advice, "caution" if cheaper > max(0.0, costs.own.value - costs.own.low) else "plain"),
        Plot(
            said("What each threshold costs"),
            "costs",
            {
                "curves": curves,
                "levels": [
                    {
                        "name": said("all positive: {value}", value=number(costs.all_positive)),
                        "value": costs.all_positive,
                    },
                    {
                        "name": said("none positive: {value}", value=number(costs.all_negative)),
                        "value": costs.all_negative,
                    },
                ],
                "marks": [
                    {
                        "name": said("used {threshold:.2f}", threshold=facts.two.threshold),
                        "at": facts.two.threshold,
                    },
                    {
                        "name": said("cheapest {threshold}", threshold=_cut(costs.best)),
                        "at": min(1.0, costs.best),
                    },
                ],
                "measure": said("Cost per record"),
            },
            said(
                "Expected cost per record on held-out records, by the threshold from which a record "
                "is selected."
            ),
        ),
        Table(
            said("What decisions cost"),
            (said("Decision"), said("With privacy"), said("95 % interval"), said("Without privacy")),
            [
                *((label, words(own), interval(own), left or words(other)) for label, own, other in rows),
                (said("All positive"), number(costs.all_positive), "", number(costs.all_positive)),
                (said("None positive"), number(costs.all_negative), "", number(costs.all_negative)),
            ],
            right=(1, 2, 3),
            caption=said(
                "Cost per record in the declared unit. The cheapest threshold is each model's own; "
                "its cost is corrected by the optimism of {resamples} bootstrap samples (here "
                "{optimism:.4f}). All and none positive need no model.",
                resamples=facts.scores.resamples if facts.scores else 0,
                optimism=costs.optimism,
            ),
        ),
    ]


def _cut(threshold: float) -> str:
    return said("above all scores") if threshold > 1 else f"{threshold:.2f}"


def _cost_curve(name: str, costs: CostStudy, role: str) -> Json:
    return {"name": name, "at": list(costs.grid), "value": list(costs.curve), "role": role}


def benefit(facts: EvaluateFacts) -> list[Block]:
    """The decision curve: net benefit by threshold."""
    if facts.scores is None:
        return []

    def curve(name: str, found: ScoreQuality, role: str) -> Json:
        rows = [one for one in found.thresholds if one.net_benefit is not None]
        return {
            "name": name,
            "at": [one.threshold for one in rows],
            "value": [one.net_benefit.value for one in rows if one.net_benefit is not None],
            "role": role,
        }

    curves = [curve(said("with privacy"), facts.scores, "ours")]
    if facts.scores_baseline is not None:
        curves.append(curve(said("without privacy"), facts.scores_baseline, "baseline"))
    at = [one.threshold for one in facts.scores.thresholds if one.threshold < 1]
    base = facts.two.positives / facts.two.n
    every = [round(base - (1 - base) * cut / (1 - cut), 6) for cut in at]
    shown: list[Json] = [max(_LEAST_BENEFIT * 2, one) for one in every]
    return [
        Plot(
            said("Whether acting on the model helps"),
            "costs",
            {
                "curves": curves,
                "levels": [
                    {"name": said("act on all"), "value": 0.0, "at": list(at), "values": shown},
                    {"name": said("act on nobody"), "value": 0.0},
                ],
                "least": _LEAST_BENEFIT,
                "measure": said("Net benefit"),
            },
            said(
                "Decision curve. The threshold is the chance from which acting is worth it: at 0.25 "
                "one record found outweighs three false alarms. Better than both dashed lines: "
                "acting on the model helps."
            ),
        )
    ]
