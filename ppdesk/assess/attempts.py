"""What one attack or one audit gives: the row of the page on which the claim stands beside the measurement.

The engines have richer results of their own; each can be told as an Attempt.
"""

from dataclasses import dataclass
from enum import StrEnum

from ppdesk.assess.results import Estimate


class Verdict(StrEnum):
    """What follows from one attempt."""

    NOTHING = "nothing"  # nothing found, which means as much as the power says
    IN_LINE = "in line"  # found something, no more than is claimed or accepted
    OVER = "over"  # a risk over the limit that was chosen
    BROKEN = "broken"  # more than the claim allows: the claim is false, with the stated confidence
    NOT_RUN = "not run"  # and why, in `note`


@dataclass(frozen=True)
class Attempt:
    """One attack. Shares in 0..1; epsilons in nats. `found` and `beside` are what `measure` names.

    `allowed`: the most that the claim, or the limit that was chosen, allows; None where nothing limits it.
    `power`: the smallest true value that this effort finds with a chance of at least four in five; None
    where nobody worked it out, which `power_words` then says.
    """

    key: str  # "lira-online"
    title: str  # "Shadow models (LiRA)"
    against: str  # what is attacked: "model", "release", "synthetic", "mechanism"
    attacker: str  # what the attacker has, in words: "Model only"
    effort: str  # of Effort
    size: str  # how hard it was tried: "64 shadow models, 26,048 in, 6,513 out"
    measure: str  # "Advantage", "Share re-identified", "Privacy loss, at least"
    found: Estimate | None
    beside: Estimate | None  # the same attack without the release or the model: guessing, or on other people
    beside_words: str  # what `beside` is: "guessing", "on records that were not in the release"
    allowed: float | None
    power: float | None
    power_words: str  # "Detects gains over 2.5 %"
    verdict: Verdict
    note: str = ""


def not_run(
    key: str,
    title: str,
    against: str,
    *,
    effort: str,
    measure: str,
    why: str,
    attacker: str = "",
    allowed: float | None = None,
) -> Attempt:
    """An attack that was asked for and could not be tried; `why` in a sentence."""
    return Attempt(
        key=key,
        title=title,
        against=against,
        attacker=attacker,
        effort=effort,
        size="",
        measure=measure,
        found=None,
        beside=None,
        beside_words="",
        allowed=allowed,
        power=None,
        power_words="",
        verdict=Verdict.NOT_RUN,
        note=why,
    )
