"""The mechanism tester, wired: which mechanisms a project used, what the tests found, and how it is shown."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.assess.effort import Effort, Progress, within
from ppdesk.assess.results import Estimate
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Table, Words
from ppdesk.workflow.step import Context, Inputs

if TYPE_CHECKING:
    from ppdesk.assess.auditing.auditable import Auditable
    from ppdesk.assess.auditing.tester import Tested
    from ppdesk.workflow.evaluation.auditables import Planned

_DIGITS = 6
_FARTHEST = 999.0  # of a number that has no end, for the record


@dataclass(frozen=True)
class Settings:
    """`everything`: all mechanisms that ppdesk has, each at a claim of its own; otherwise those that made
    what the project holds. `only`: keys to keep, all where empty. `confidence`: that no sound mechanism of
    the run is called, above 0, below 1."""

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
    power: float | None  # the smallest true epsilon that is called in four of five tests; None: none below 50
    verdict: Verdict
    note: str = ""
    as_gaussian: float | None = None  # epsilon if the loss is a Gaussian mechanism's; None for another claim
    hockey_stick: float = 0.0  # delta at the claimed epsilon is at least this

    @property
    def found(self) -> float:
        """Epsilon at `delta` is at least this: where a pair of the claimed curve is contradicted, and not the
        one that is told, by the Gaussian mechanism that the curve is."""
        if self.over > 0 and self.measured <= self.epsilon and self.as_gaussian is not None:
            return max(self.measured, self.as_gaussian)
        return self.measured


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
    from ppdesk.assess.auditing.tester import TRYING, examined

    planned = planned_of(inputs, settings)
    if not planned:
        progress(1.0, said("No mechanism to test"))
        why = said(
            "Nothing in the project was made by a mechanism with differential privacy that can be tested."
        )
        return MechanismTests(settings.effort.value, settings.confidence, (), (why,))
    alpha = (1 - settings.confidence) / len(planned)
    found: list[MechanismTest] = []
    left_out: list[str] = []
    for place, one in enumerate(planned):
        part = within(progress, place / len(planned), (place + 1) / len(planned))

        def told(share: float, doing: str, title: str = one.title, part: Progress = part) -> None:
            if ctx.cancelled():
                raise CancelledRunError
            part(share, said_all((title, doing), by=": "))

        told(0.0, said("getting ready"))
        try:
            ready = one.make()
        except CancelledRunError:
            raise
        except CodedError as error:  # a claim that this mechanism cannot be asked for
            left_out.append(said_all((one.title, str(error)), by=": "))
            continue
        seen = examined(
            ready, trying=TRYING[settings.effort], alpha=alpha, entropy=ctx.entropy, progress=told
        )
        found.append(_told(one, ready, seen))
    progress(1.0, said("Done"))
    return MechanismTests(settings.effort.value, settings.confidence, tuple(found), tuple(left_out))


def planned_of(inputs: Inputs, settings: Settings) -> "tuple[Planned, ...]":
    """Which mechanisms will be tested."""
    from ppdesk.workflow.evaluation import auditables

    planned = auditables.everything() if settings.everything else auditables.of_project(inputs)
    return tuple(one for one in planned if not settings.only or one.key in settings.only)


def _told(planned: "Planned", ready: "Auditable", seen: "Tested") -> MechanismTest:
    epsilon, delta = seen.pair_over
    verdict = Verdict.BROKEN if seen.called else Verdict.IN_LINE if seen.measured > 0 else Verdict.NOTHING
    note = ready.note
    if seen.called and (epsilon, delta) != (ready.claim.epsilon, ready.claim.delta):
        more = said(
            "At δ = {delta:.3g} the runs show ε of at least {measured:.3f}, where what was charged allows "
            "{epsilon:.3f}.",
            delta=delta,
            measured=seen.measured_there,
            epsilon=epsilon,
        )
        note = said_all((note, more))
    return MechanismTest(
        key=planned.key,
        title=planned.title,
        epsilon=ready.claim.epsilon,
        delta=ready.claim.delta,
        neighbours=ready.claim.neighbours,
        measured=_number(seen.measured),
        guess=_number(seen.guess),
        event_epsilon=_number(epsilon),
        event_delta=_number(delta),
        event_measured=_number(seen.measured_there),
        over=_number(seen.over),
        tester=seen.tester,
        pair=seen.pair,
        pairs_tried=seen.pairs_tried,
        runs=seen.runs,
        learnt=seen.learnt,
        renyi=None if seen.renyi is None else _number(seen.renyi),
        power=_number(seen.power) if math.isfinite(seen.power) else None,
        verdict=verdict,
        note=note,
        as_gaussian=None if seen.as_gaussian is None else _number(seen.as_gaussian),
        hockey_stick=_number(seen.hockey_stick),
    )


def _number(value: float) -> float:
    return round(min(_FARTHEST, max(-_FARTHEST, float(value))), _DIGITS)


def attempts_of(result: MechanismTests) -> list[Attempt]:
    """A row for each mechanism. `found` is a lower bound with the stated confidence; its ends are the
    same."""
    return [
        Attempt(
            key=f"mechanism-{one.key}",
            title=one.title,
            against="mechanism",
            attacker=said("Chose both tables; sees all that is released"),
            effort=result.effort,
            size=said(
                "{pairs} pairs of tables, {learnt:,} runs of each to learn from, {runs:,} to count",
                pairs=one.pairs_tried,
                learnt=one.learnt,
                runs=one.runs,
            ),
            measure=said("Privacy loss, at least"),
            found=Estimate(one.found, one.found, one.found),
            beside=None,
            beside_words="",
            allowed=one.epsilon,
            power=one.power,
            power_words=_power(one),
            verdict=one.verdict,
            note=one.note,
        )
        for one in result.tests
    ]


def _power(one: MechanismTest) -> str:
    if one.power is None:
        return said("Too few runs to call any mechanism")
    return said(
        "Calls a true ε of {power:.2f} or more, if the search finds the worst tables", power=one.power
    )


def blocks(result: MechanismTests) -> list[Block]:
    """What was found in words, the table of what was tested, and what was left out."""
    found: list[Block] = []
    broken = [one for one in result.tests if one.verdict is Verdict.BROKEN]
    for one in broken:
        found.append(
            Words(
                said_all((_broken(one), one.note, _found_by(one))),
                "risk",
            )
        )
    if not result.tests:
        found.append(Words(said("No mechanism was tested."), "caution"))
    elif not broken:
        found.append(
            Words(
                said(
                    "No mechanism showed more than it claims in {runs} on made-up tables. That says as much "
                    "as the number of runs can tell, see the column Would call; a loss in rarer events, or "
                    "on tables that were not tried, stays unseen.",
                    runs=counted_runs(result),
                ),
                "ok",
            )
        )
    if result.tests:
        found.append(_table(result))
    found += [Words(said("Not tested: {mechanism}", mechanism=one), "info") for one in result.left_out]
    return found


def counted_runs(result: MechanismTests) -> str:
    """``12,000 runs``"""
    return said_count("{count} run", "{count:,} runs", sum(2 * one.runs for one in result.tests))


def _broken(one: MechanismTest) -> str:
    return said(
        "{title}: claimed at most ε = {epsilon:g}, measured at least {found:.3f}, at δ = {delta:g}.",
        title=one.title,
        epsilon=one.epsilon,
        found=one.found,
        delta=one.delta,
    )


def _found_by(one: MechanismTest) -> str:
    return said("Found by {tester}; tables: {pair}.", tester=one.tester, pair=one.pair)


_VERDICTS = {
    Verdict.NOTHING: said("nothing"),
    Verdict.IN_LINE: said("in line"),
    Verdict.OVER: said("over"),
    Verdict.BROKEN: said("broken"),
    Verdict.NOT_RUN: said("not run"),
}


def _table(result: MechanismTests) -> Table:
    rows = [
        (
            one.title,
            f"{one.epsilon:g}",
            f"{one.found:.3f}",
            "" if one.renyi is None else f"{one.renyi:.2f}",
            f"{one.runs:,}",
            "-" if one.power is None else f"{one.power:.2f}",
            one.tester,
            _VERDICTS[one.verdict],
        )
        for one in result.tests
    ]
    header = (
        said("Mechanism"),
        said("ε claimed"),
        said("ε at least"),
        said("ε by Rényi"),
        said("Runs"),
        said("Would call"),
        said("Tester"),
        said("Verdict"),
    )
    return Table(
        said("Mechanisms tested"),
        header,
        rows,
        (1, 2, 3, 4, 5),
        said(
            "All bounds hold at once with {confidence:g} %. Rényi: a second opinion, without confidence. "
            "Would call: the smallest true ε that this many runs call in four of five tests, if the worst "
            "tables are among those tried.",
            confidence=100 * result.confidence,
        ),
    )
