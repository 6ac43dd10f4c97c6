"""About how long the attack takes, so that it can be told before and kept within a limit. Light: heads only.

From fits measured on a table of 15 columns (one core of 2.5 GHz); the real time can be three times as long
or a third.
"""

import math

from ppdesk.assess.effort import Effort
from ppdesk.core.artifacts import Head, Kind
from ppdesk.workflow.evaluation.membership import MembershipSettings
from ppdesk.workflow.step import Heads

SHADOWS = {Effort.QUICK: 8, Effort.STANDARD: 32, Effort.THOROUGH: 128}
TWINS = {Effort.QUICK: 24, Effort.STANDARD: 32, Effort.THOROUGH: 64}  # of the control, on few records
# estimator -> (seconds at the start, seconds for a thousand records) of one fit
_SECONDS = {
    "additive": (0.4, 0.03),
    "sgd-logistic": (0.3, 0.03),
    "sgd-mlp": (0.3, 0.03),
    "ebm": (0.2, 0.05),
    "linear": (1.0, 0.04),
    "objective-perturbation": (0.1, 0.06),
    "diffprivlib-logistic": (0.1, 0.05),
    "diffprivlib-naive-bayes": (0.01, 0.001),
    "diffprivlib-forest": (0.02, 0.005),
    "k-means": (0.3, 0.05),
    "pca": (0.03, 0.002),
    "histogram": (0.03, 0.002),
    "policy": (1.5, 0.05),
}
_OTHER = (1.0, 0.1)
_LEAST, _LEAST_TWINS = 4, 12  # shadow models, `attack.LEAST`; models of the control
_TWIN_ROWS = 150
_MINUTES = {Effort.QUICK: 2.0, Effort.STANDARD: 20.0, Effort.THOROUGH: 120.0}  # where no limit is given


def of_fit(model: Head, rows: int) -> float:
    """Seconds, of one like MODEL `model` on `rows` records."""
    start, thousand = _SECONDS.get(str(model.get("estimator")), _OTHER)
    classes = model.get("classes")
    many = len(classes) if isinstance(classes, list | tuple) else 0
    return (start + thousand * rows / 1000) * max(1.0, many / 2)


def shadows(model: Head, rows: int, settings: MembershipSettings) -> int:
    """How many shadow models are trained on about `rows` records: as many as the effort says, or as three
    quarters of the minutes allow, an even number. It follows from what is given alone, not from a clock."""
    most = math.floor(0.75 * 60 * _minutes(settings) / of_fit(model, rows))
    return min(SHADOWS[Effort(settings.effort)], max(_LEAST, most - most % 2))


def twins(model: Head, settings: MembershipSettings) -> int:
    """How many models the control trains: the same with the last quarter."""
    most = math.floor(0.25 * 60 * _minutes(settings) / of_fit(model, _TWIN_ROWS))
    return min(TWINS[Effort(settings.effort)], max(_LEAST_TWINS, most - most % 2))


def _minutes(settings: MembershipSettings) -> float:
    """As given; a quick look stays one, however much time there is."""
    effort = Effort(settings.effort)
    usual = _MINUTES[effort]
    if settings.minutes is None:
        return usual
    return min(usual, settings.minutes) if effort is Effort.QUICK else settings.minutes


def seconds(heads: Heads, settings: MembershipSettings) -> float:
    """Of the whole attack."""
    said = heads.get(Kind.TABLE, {}).get("rows")
    rows = int(said) if isinstance(said, int | float) else 0
    model = heads.get(Kind.MODEL, {})
    control = twins(model, settings) * of_fit(model, _TWIN_ROWS) if settings.control else 0.0
    return (shadows(model, rows, settings) + 1) * of_fit(model, rows) + control
