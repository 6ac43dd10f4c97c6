"""What Evaluate and Monitor ask and remark alike about groups of people. Light: groups does the measuring."""

from collections.abc import Iterable
from typing import Any

from ppdesk.assess.results import Fairness
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import param
from ppdesk.core.said import kept, said

FOUR_FIFTHS = 0.80  # lowest over highest share, US Uniform Guidelines, 29 CFR 1607.4(D)


def groups_field() -> Any:
    """The parameter `groups`."""
    return param((), label="Groups", help="Columns whose groups are compared for fairness, such as sex.")


def floor_field(records: str) -> Any:
    """The parameter `floor`; `records` is what is counted, in words."""
    return param(
        50, label="Smallest group", help=f"Groups with fewer {records} are pooled.",
        unit="records", ge=10, more=True,
    )  # fmt: skip


def unequal(measured: Iterable[Fairness], code: str) -> list[Finding]:
    """A remark for each column whose groups are selected at rates that the four-fifths rule calls unlike."""
    return [
        Finding(
            Level.CAUTION,
            said("Groups of {column} are selected at different rates.", column=kept(one.column)),
            said(
                "Lowest over highest share {lowest_ratio:.2f}, four-fifths rule {rule:.2f}.",
                lowest_ratio=one.lowest_ratio,
                rule=FOUR_FIFTHS,
            ),
            code=code,
        )
        for one in measured
        if one.lowest_ratio is not None and one.lowest_ratio < FOUR_FIFTHS
    ]
