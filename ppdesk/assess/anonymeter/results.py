"""What the three attacks give, as plain values."""

from dataclasses import dataclass

from ppdesk.assess.results import Estimate


@dataclass(frozen=True)
class Risk:
    """One attack: of `attacks` attempts the share that succeeds, Wilson's centre and interval.

    `main`: on the records that were published in some form; `naive`: the same by guessing; `control`: on
    records that the publisher never used, None without such. `risk`: what the published table adds, that is
    the success over the control's as a share of what the control left ("residual"); the plain success rate
    where there is no control, which is an upper bound. `power`: the smallest risk that this many attacks
    find in four of five runs. `made`: singling-out predicates that were found, of the attacks asked for.
    """

    key: str  # "singling-out-univariate", "singling-out-multivariate", "linkability", "inference"
    column: str  # the secret of an inference; empty
    attacks: int
    successes: int
    main: Estimate
    naive: Estimate
    control: Estimate | None
    risk: Estimate
    residual: bool
    power: float
    made: int
    trusted: bool  # whether the main attack does better than the naive one
