"""A score for each column and for the table, 0 to 100, whose formula fits into one sentence.

Each dimension is a share of records, 0 to 1, as the ratio measures of ISO/IEC 25024 are:

- completeness: records with a value;
- validity: of these, records that pass every check of the column alone;
- uniqueness: records that repeat no earlier one in the keys that the column belongs to;
- consistency: records that pass every check of the column together with others;
- timeliness: of the records with a date, those recent enough and not in the future.

A column's score is 100 times the weighted mean of the dimensions for which it has a check (completeness it
always has). The table's score is the mean of its columns' scores.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ppdesk.core.said import said, said_all, said_count
from ppdesk.data.quality.checks import Dimension


def _fails(dimension: Dimension, count: int) -> str:
    if dimension is Dimension.COMPLETENESS:
        return said_count("{count:,} record missing", "{count:,} records missing", count)
    if dimension is Dimension.VALIDITY:
        return said_count("{count:,} record not valid", "{count:,} records not valid", count)
    if dimension is Dimension.UNIQUENESS:
        return said_count("{count:,} record repeated", "{count:,} records repeated", count)
    if dimension is Dimension.CONSISTENCY:
        return said_count("{count:,} record not consistent", "{count:,} records not consistent", count)
    return said_count(
        "{count:,} record out of date, in the future or no date",
        "{count:,} records out of date, in the future or no date",
        count,
    )


@dataclass(frozen=True)
class Share:
    """Records that pass of those that could be judged."""

    failed: int
    judged: int

    @property
    def passed(self) -> float:
        return 1.0 if not self.judged else 1 - self.failed / self.judged


@dataclass(frozen=True)
class ColumnScore:
    """One column: its dimensions, its score and why it is not more."""

    name: str
    score: float
    shares: Mapping[Dimension, Share] = field(default_factory=dict)
    reason: str = ""


def score(name: str, shares: Mapping[Dimension, Share], weights: Mapping[str, float]) -> ColumnScore:
    """The score of one column: 100 * sum(weight * passed) / sum(weight) over its dimensions. Rounded down to
    a tenth, so that 100 means that every record passes. Without any weight that counts: 100."""
    counting = {one: weights.get(one.value, 1.0) for one in shares}
    total = sum(counting.values())
    mean = sum(counting[one] * share.passed for one, share in shares.items()) / total if total else 1.0
    tenths = (
        1000.0 if all(not shares[one].failed for one in shares if counting[one]) else min(999.0, 1000 * mean)
    )
    found = max(0.0, int(tenths + 1e-9) / 10)
    return ColumnScore(name, found, dict(shares), reason(shares))


def reason(shares: Mapping[Dimension, Share]) -> str:
    """Why a score is not 100: what fails, the most frequent first."""
    failing = sorted(
        ((share.failed, one) for one, share in shares.items() if share.failed), key=lambda one: -one[0]
    )
    if not failing:
        return said(
            "every record passes" if len(shares) > 1 else "every record passes; nothing else is checked"
        )
    return said_all((_fails(one, count) for count, one in failing), by=", ")


def overall(scores: Sequence[float]) -> float:
    """The mean of the columns' scores, rounded down to a tenth; 100 for a table without columns."""
    return int(10 * math.fsum(scores) / len(scores) + 1e-9) / 10 if scores else 100.0
