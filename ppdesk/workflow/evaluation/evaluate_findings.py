"""What Evaluate remarks on its figures."""

from ppdesk.assess.results import Classification
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.workflow import by_group
from ppdesk.workflow.evaluation.facts import EvaluateFacts


def of(facts: EvaluateFacts) -> list[Finding]:
    """All remarks."""
    if facts.ours is None:
        return _few(facts) + _many_findings(facts)
    found = _few(facts)
    if facts.two.auroc.low <= 0.5:
        found.append(
            Finding(
                Level.CAUTION,
                said("The model may have learnt nothing."),
                said(
                    "AUROC {auroc}, interval {interval} reaches 0.5.",
                    auroc=facts.two.auroc.words(),
                    interval=facts.two.auroc.interval(),
                ),
                code="PP-EVALUATE-004",
            )
        )
    if _worse(facts.two, facts.untaught):
        found.append(
            Finding(
                Level.CAUTION,
                said("Always giving the more common answer is right more often."),
                said(
                    "Accuracy {accuracy}, without learning {trivial}.",
                    accuracy=facts.two.accuracy.words(),
                    trivial=facts.untaught.accuracy.words(),
                ),
                code="PP-EVALUATE-005",
            )
        )
    found += by_group.unequal(facts.fairness, "PP-EVALUATE-006")
    found += _other_outcomes(facts)
    return found


def _few(facts: EvaluateFacts) -> list[Finding]:
    """A remark where what was measured rests on fewer records than a group must have to be shown."""
    least = None if facts.many is None else facts.many.n
    if facts.ours is not None:
        least = min(facts.ours.positives, facts.ours.n - facts.ours.positives)
    if least is None or least >= facts.floor:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("The figures rest on few records."),
            said(
                "Fewer than {floor} held-out records of one outcome were there, the least that a group must "
                "have. Intervals are wide, and figures may tell what single people are like. Hold out more.",
                floor=facts.floor,
            )
            if facts.ours is not None
            else said(
                "Fewer than {floor} held-out records were there, the least that a group must have. "
                "Intervals are wide, and figures may tell what single people are like. Hold out more.",
                floor=facts.floor,
            ),
            code="PP-EVALUATE-016",
        )
    ]


def _other_outcomes(facts: EvaluateFacts) -> list[Finding]:
    """A remark for each column where an outcome other than the positive one is shared unlike: the worst."""
    found = []
    for column in dict.fromkeys(one.column for one in facts.favoured):
        others = [
            (one.lowest_ratio, one.favourable)
            for one in facts.favoured
            if one.column == column and one.favourable != facts.positive and one.lowest_ratio is not None
        ]
        if others and min(others)[0] < by_group.FOUR_FIFTHS:
            ratio, outcome = min(others)
            found.append(
                Finding(
                    Level.CAUTION,
                    said(
                        "Groups of {column} are said to be {outcome} at different rates.",
                        column=column,
                        outcome=outcome,
                    ),
                    said(
                        "Where that is good to be: lowest over highest share {ratio:.2f}, four-fifths rule "
                        "{four_fifths:.2f}.",
                        ratio=ratio,
                        four_fifths=by_group.FOUR_FIFTHS,
                    ),
                    code="PP-EVALUATE-015",
                )
            )
    return found


# measures on which a model that learnt something is better than one that learnt nothing
_BETTER_THAN_NOTHING = frozenset(
    {
        "accuracy",
        "macro_recall",
        "log_loss",
        "rmse",
        "mae",
        "r2",
        "inertia",
        "variance_kept",
        "log_likelihood",
    }
)


def _many_findings(facts: EvaluateFacts) -> list[Finding]:
    """Where a model that learnt nothing does as well."""
    if facts.many is None or facts.many_trivial is None:
        return []
    beside = {one.name: one.estimate for one in facts.many_trivial.measures}
    worse = []
    for one in facts.many.measures:
        other = beside.get(one.name)
        if one.estimate is None or other is None or one.name not in _BETTER_THAN_NOTHING:
            continue
        if (one.estimate.value > other.value) if one.lower else (one.estimate.value < other.value):
            worse.append(
                said(
                    "{label} {value}, without learning {trivial}",
                    label=one.label,
                    value=one.estimate.words(),
                    trivial=other.words(),
                )
            )
    found = _other_outcomes(facts)
    if not worse:
        return found
    return [
        *found,
        Finding(
            Level.CAUTION,
            said("A model that learnt nothing does better."),
            said_all((said_all(worse, by="; "), "."), by=""),
            code="PP-EVALUATE-009",
        ),
    ]


def _worse(ours: Classification, trivial: Classification) -> bool:
    return ours.accuracy.value < trivial.accuracy.value
