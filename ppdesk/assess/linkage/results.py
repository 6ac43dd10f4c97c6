"""What a linkage attack gives, as plain values."""

from dataclasses import dataclass

from ppdesk.assess.results import Estimate


@dataclass(frozen=True)
class Linked:
    """One attack on `targets` people.

    `claims`: links said with at least the confidence asked for. `right`: share of the claims that is right;
    None without claims. `share`: of all targets, those linked rightly by a claim. `expected`: of all targets,
    those that a guess at the likeliest record finds, claimed or not. `unique`: targets with one likeliest
    record that stands alone. `outside`: share of records that are not in the release for which a link is
    claimed all the same, all of them wrong; None where there are no such records. `power`: the smallest true
    share that this many targets find in four of five runs.
    """

    attack: str  # "exact" or "fuzzy"
    targets: int
    claims: int
    right: Estimate | None
    share: Estimate
    expected: Estimate
    unique: int
    candidates: float  # median number of records that a target may be; 0 where no target may be any
    outside: Estimate | None
    outside_records: int
    power: float
