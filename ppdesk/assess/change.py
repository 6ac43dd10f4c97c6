"""What changed between two sets of records that share no one."""

import math

from ppdesk.assess.intervals import Z95, estimate
from ppdesk.assess.results import Estimate


def change(before: float, before_se: float, after: float, after_se: float) -> Estimate:
    """after - before of two independent estimates with their standard errors, normal interval.

    An interval that does not hold 0 is a change that chance alone explains in one case of 20 at most.
    """
    value, half = after - before, Z95 * math.hypot(before_se, after_se)
    return estimate(value, max(-1.0, value - half), min(1.0, value + half))
