"""The limits that a standard sets, and what makes one weaker than another."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ppdesk.core.wording import percent


class Limit(StrEnum):
    """A limit by its name in standards, heads and parameters."""

    K_MIN = "k_min"
    SUPPRESSION_MAX = "suppression_max"
    RISK_MAX = "risk_max"
    EPSILON_MODEL_MAX = "epsilon_model_max"
    EPSILON_MAX = "epsilon_max"
    DELTA_MAX = "delta_max"


@dataclass(frozen=True)
class Rule:
    """What a limit means. `low` to `high` are its possible values; with `least`, more is stricter."""

    title: str
    unit: str
    low: float
    high: float
    least: bool = False
    whole: bool = False
    show: Callable[[float], str] = "{:g}".format

    def weaker(self, value: float, than: float) -> bool:
        """Whether `value` protects less than `than`."""
        return value < than if self.least else value > than

    def allows(self, value: float) -> bool:
        """Whether `value` is a number that this limit can have at all."""
        if isinstance(value, bool) or not math.isfinite(value) or not self.low <= value <= self.high:
            return False
        return not self.whole or value == int(value)


def _percent(value: float) -> str:
    return percent(value, digits=None)


RULES: dict[Limit, Rule] = {
    Limit.K_MIN: Rule("Smallest class, k", "records", 2, 1_000_000, least=True, whole=True),
    Limit.SUPPRESSION_MAX: Rule("Records suppressed, at most", "", 0, 1, show=_percent),
    Limit.RISK_MAX: Rule("Highest risk of one record (prosecutor)", "", 0, 1, show=_percent),
    Limit.EPSILON_MODEL_MAX: Rule("ε for one model", "", 0, 100),
    Limit.EPSILON_MAX: Rule("ε for the whole project", "", 0, 100),
    Limit.DELTA_MAX: Rule("Failure chance δ", "", 0, 0.01),
}


def range_of(limit: Limit) -> str:
    """The values that `limit` can have, in words."""
    rule = RULES[limit]
    return f"{'a whole number ' if rule.whole else ''}from {rule.low:,.12g} to {rule.high:,.12g}"
