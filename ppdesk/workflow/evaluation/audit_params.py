"""What Audit asks for."""

from pydantic import field_validator

from ppdesk.assess.effort import Effort
from ppdesk.core.params import Params, param

_ONE, _MANY = "One run with canaries", "Many runs of a mechanism"


class AuditParams(Params):
    """Which audits, how hard, and how sure a verdict is to be."""

    effort: Effort = param(
        Effort.STANDARD,
        label="Effort",
        help="quick: finds gross errors. standard: finds noise that is halved. thorough: finds less than"
        " that, in an hour or more. Each audit says from which loss on it would have found one.",
    )
    confidence: float = param(
        0.95,
        label="Confidence",
        help="That no sound claim is called false by this whole audit. The chance to be wrong is shared out"
        " to all that is tried.",
        ge=0.8,
        le=0.999999,
    )
    minutes: float = param(
        30.0,
        label="At most",
        unit="minutes",
        help="After so long no more is begun: what is done is kept, the rest is told as not run.",
        gt=0,
        le=10_080,
    )
    one_run: bool = param(
        True,
        label="Audit the model by one run",
        help="Trains once more with the model's own settings on made-up records with canaries among them, and"
        " guesses which were in (Steinke, Nasr and Jagielski 2023). Nothing is spent.",
        group=_ONE,
    )
    white_box: bool = param(
        True, label="Attacker sees every step", group=_ONE, more=True,
        help="Of DP-SGD: the attacker sees all noisy sums, which is what the claim is proved for.",
    )  # fmt: skip
    black_box: bool = param(
        True, label="Attacker has the final model", group=_ONE, more=True,
        help="The attacker who has only what is released.",
    )  # fmt: skip
    mechanisms: bool = param(
        True,
        label="Test the mechanisms",
        help="Runs each mechanism many times on two neighbouring made-up tables, looks for what tells them"
        " apart, and counts how often. Nothing of the data is read.",
        group=_MANY,
    )
    everything: bool = param(
        False, label="All mechanisms of ppdesk", group=_MANY, more=True,
        help="Not only those that made what this project holds.",
    )  # fmt: skip
    only: tuple[str, ...] = param(
        (), label="Only these", group=_MANY, more=True, empty="All that were used",
        help="Keys of mechanisms, as the record of an audit names them.",
    )  # fmt: skip

    @field_validator("only", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value
