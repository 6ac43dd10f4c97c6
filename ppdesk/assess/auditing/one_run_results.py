"""What the audit by one run gives, as plain values: light to import."""

from dataclasses import dataclass

from ppdesk.core.said import said


@dataclass(frozen=True)
class Measured:
    """What one attacker's guesses say. Epsilons in nats at the claim's delta, each at least this with the
    confidence of the whole audit. `p_value`: the chance of such guesses under the claim, over the share of
    the bound that it comes from (a weighted Bonferroni correction). `noise`: the largest share of the stated
    noise that still explains the guesses; None where none is stated, or any noise does."""

    canaries: int
    guesses: int
    correct: int
    by_pair: float
    by_curve: float | None
    p_value: float
    noise: float | None
    over: bool

    @property
    def epsilon(self) -> float:
        return max(self.by_pair, self.by_curve or 0.0)


@dataclass(frozen=True)
class PowerPoint:
    """What `canaries` canaries whose traces are at right angles show on average, where the noise is as
    stated and where it is half of it; and the smallest true epsilon that is called in four of five runs, None
    where that is beyond what was looked at."""

    effort: str
    canaries: int
    guesses: int
    as_claimed: float
    halved: float
    called_from: float | None


@dataclass(frozen=True)
class NoiseMeasured:
    """`deviation`: of the noise over what is charged, with its two-sided interval at the stated confidence;
    `least`: of the coordinate with the least, its upper end. `norm`: the longest part of a canary, over the
    clip. `epsilon`: what the claim's event gives with so much noise at most, None where that is not less than
    claimed. `values`: how many numbers were measured."""

    deviation: float
    low: float
    high: float
    least: float
    norm: float
    values: int
    epsilon: float | None
    over: bool


def power_words(called_from: float | None, epsilon: float) -> str:
    """What a run calls, in words."""
    if called_from is None:
        return said(
            "Calls no claim of ε {epsilon:g}, in theory, unless ten times the noise is missing",
            epsilon=epsilon,
        )
    return said("Calls a true ε of {least:.2f} or more, in theory", least=called_from)
