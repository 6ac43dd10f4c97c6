"""What Evaluate shows of probabilities of two classes: curves, calibration, thresholds and costs."""

from ppdesk.assess.model_results import CalibrationNumbers, CostStudy, ScoreQuality
from ppdesk.assess.results import CalibrationBin, Estimate
from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.worded import interval, number, words

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
        for label, name in (("Average precision (AUPRC)", "average_precision"), ("Log loss", "log_loss"))
    ]


def precision_recall(facts: EvaluateFacts) -> list[Block]:
    """The curve of precision against recall."""
    if facts.scores is None:
        return []
    curves: list[Json] = [_curve("with privacy", facts.scores, "ours")]
    if facts.scores_baseline is not None:
        curves.append(_curve("without privacy", facts.scores_baseline, "baseline"))
    return [
        Plot(
            "Precision and recall",
            "precision_recall",
            {"curves": curves, "prevalence": round(facts.two.positives / facts.two.n, 6)},
            "How many of those selected are positive, for each share of the positives that is found. The "
            "number is the average precision.",
        )
    ]


def _curve(name: str, found: ScoreQuality, role: str) -> Json:
    return {
        "name": f"{name}: {words(found.average_precision)}",
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
                "Calibration",
                "calibration",
                {"bins": _bins(list(facts.two.calibration))},
                "Predicted probability and observed share.",
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
        other = "left out" if beside is None else _told(getattr(beside, name))
        return (label, _told(value), "" if isinstance(value, float) else interval(value), other, right)

    return Table(
        "Calibration in numbers",
        ("Measure", "With privacy", "95 % interval", "Without privacy", "Right is"),
        (
            row("Expected calibration error", "expected_error", "0"),
            row("Largest error of a bin", "largest_error", "0"),
            row("Mean predicted less observed", "mean_gap", "0"),
            row("Slope on the log odds", "slope", "1"),
            row("Intercept, slope held at 1", "intercept", "0"),
            row("Brier score: reliability", "reliability", "0"),
            row("Brier score: resolution", "resolution", "high"),
            row("Brier score: uncertainty", "uncertainty", "as it is"),
            row("Brier score: within the bins", "within", "near 0"),
        ),
        right=(1, 2, 3, 4),
        caption=f"Ten bins of equal width. A slope below 1: too sure of itself. Brier score = reliability - "
        "resolution + uncertainty + within (Murphy 1973). Intervals: the calibration error by "
        f"{resamples} bootstrap samples, mirrored as it is too large on few records; slope and intercept by "
        "Wald, the mean by the normal interval.",
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
            f"{one.threshold:.2f}" + (" (used)" if one.threshold == own else ""),
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
    header = ("Threshold", "Selected", "Recall", "Precision", "False alarms", "Net benefit")
    found.append(
        Table(
            "What each threshold gives",
            header if costs is None else (*header, "Cost per record"),
            rows,
            right=tuple(range(1, 6 if costs is None else 7)),
            caption="Of held-out records. False alarms: share of the negatives that is selected. Net benefit "
            "(Vickers and Elkin 2006): the share of records found less false alarms at the odds of the "
            "threshold; acting on nobody has 0. The record keeps all with 95 % intervals.",
        )
    )
    return found


def _costs(facts: EvaluateFacts, costs: CostStudy) -> list[Block]:
    beside = None if facts.scores_baseline is None else facts.scores_baseline.costs
    declared = costs.costs
    cheaper = costs.own.value - costs.best_cost.value
    advice = (
        f"A false alarm costs {declared.false_alarm:g}, a miss {declared.miss:g}. The threshold used, "
        f"{facts.two.threshold:.2f}, costs {words(costs.own)} per record ({interval(costs.own)}); the "
        f"cheapest on these records, {_cut(costs.best)}, about {words(costs.best_cost)} "
        f"({interval(costs.best_cost)}), corrected for having been chosen on them. Where the probabilities "
        f"are right, {costs.right_threshold:.2f} is the cheapest."
    )
    curves: list[Json] = [_cost_curve("with privacy", costs, "ours")]
    if beside is not None:
        curves.append(_cost_curve("without privacy", beside, "baseline"))
    rows = [
        (f"Threshold used, {facts.two.threshold:.2f}", costs.own, None if beside is None else beside.own),
        (
            f"Asked for by the costs, {costs.right_threshold:.2f}",
            costs.right,
            None if beside is None else beside.right,
        ),
        (
            f"Cheapest, {_cut(costs.best)}, corrected",
            costs.best_cost,
            None if beside is None else beside.best_cost,
        ),
    ]
    left = "left out" if beside is None else ""
    return [
        Words(advice, "caution" if cheaper > max(0.0, costs.own.value - costs.own.low) else "plain"),
        Plot(
            "What each threshold costs",
            "costs",
            {
                "curves": curves,
                "levels": [
                    {"name": f"all positive: {number(costs.all_positive)}", "value": costs.all_positive},
                    {"name": f"none positive: {number(costs.all_negative)}", "value": costs.all_negative},
                ],
                "marks": [
                    {"name": f"used {facts.two.threshold:.2f}", "at": facts.two.threshold},
                    {"name": f"cheapest {_cut(costs.best)}", "at": min(1.0, costs.best)},
                ],
                "measure": "Cost per record",
            },
            "Expected cost per record on held-out records, by the threshold from which a record is selected.",
        ),
        Table(
            "What decisions cost",
            ("Decision", "With privacy", "95 % interval", "Without privacy"),
            [
                *((label, words(own), interval(own), left or words(other)) for label, own, other in rows),
                ("All positive", number(costs.all_positive), "", number(costs.all_positive)),
                ("None positive", number(costs.all_negative), "", number(costs.all_negative)),
            ],
            right=(1, 2, 3),
            caption="Cost per record in the declared unit. The cheapest threshold is each model's own; its "
            f"cost is corrected by the optimism of {facts.scores.resamples if facts.scores else 0} bootstrap "
            f"samples (here {costs.optimism:.4f}). All and none positive need no model.",
        ),
    ]


def _cut(threshold: float) -> str:
    return "above all scores" if threshold > 1 else f"{threshold:.2f}"


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

    curves = [curve("with privacy", facts.scores, "ours")]
    if facts.scores_baseline is not None:
        curves.append(curve("without privacy", facts.scores_baseline, "baseline"))
    at = [one.threshold for one in facts.scores.thresholds if one.threshold < 1]
    base = facts.two.positives / facts.two.n
    every = [round(base - (1 - base) * cut / (1 - cut), 6) for cut in at]
    shown: list[Json] = [max(_LEAST_BENEFIT * 2, one) for one in every]
    return [
        Plot(
            "Whether acting on the model helps",
            "costs",
            {
                "curves": curves,
                "levels": [
                    {"name": "act on all", "value": 0.0, "at": list(at), "values": shown},
                    {"name": "act on nobody", "value": 0.0},
                ],
                "least": _LEAST_BENEFIT,
                "measure": "Net benefit",
            },
            "Decision curve. The threshold is the chance from which acting is worth it: at 0.25 one record "
            "found outweighs three false alarms. Better than both dashed lines: acting on the model helps.",
        )
    ]
