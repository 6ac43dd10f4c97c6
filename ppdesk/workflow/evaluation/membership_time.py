"""About how long the attack takes, so that it can be told before and kept within a limit. Light: heads only.

From fits measured on a table of 15 columns (one core of 2.5 GHz); the real time can be three times as long
or a third.
"""

import math

from ppdesk.assess.effort import Effort
from ppdesk.core.artifacts import Kind
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
    "policy": (5.0, 0.2),
}
_OTHER = (1.0, 0.1)
_LEAST = 4  # shadow models, `attack.LEAST`
_MINUTES = {Effort.QUICK: 2.0, Effort.STANDARD: 20.0, Effort.THOROUGH: 120.0}  # where no limit is given


def of_fit(estimator: str, rows: int) -> float:
    """Seconds."""
    start, thousand = _SECONDS.get(estimator, _OTHER)
    return start + thousand * rows / 1000


def shadows(estimator: str, rows: int, settings: MembershipSettings) -> int:
    """How many shadow models are trained on about `rows` records: as many as the effort says, or as the
    minutes allow, an even number. It follows from what is given alone, not from a clock."""
    effort = Effort(settings.effort)
    minutes = settings.minutes or _MINUTES[effort]
    most = math.floor(60 * minutes / of_fit(estimator, rows))
    return min(SHADOWS[effort], max(_LEAST, most - most % 2))


def seconds(heads: Heads, settings: MembershipSettings) -> float:
    """Of the whole attack."""
    said = heads.get(Kind.TABLE, {}).get("rows")
    rows = int(said) if isinstance(said, int | float) else 0
    estimator = str(heads.get(Kind.MODEL, {}).get("estimator"))
    twins = TWINS[Effort(settings.effort)] if settings.control else 0
    return (shadows(estimator, rows, settings) + 1) * of_fit(estimator, rows) + twins * of_fit(estimator, 150)
