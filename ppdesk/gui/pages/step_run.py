"""How a run of a page stands, without Qt: why it cannot start, what it costs, what the buttons say."""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.core.findings import Finding, Level
from ppdesk.gui.language import told, tr
from ppdesk.gui.snapshot import Outlook, Snapshot
from ppdesk.gui.words import follows, needed, title, verb
from ppdesk.workflow.catalog import step
from ppdesk.workflow.navigation import Place, State

Cost = tuple[str, str, str]  # icon, caption, value
WANTED = "PP-WORKBENCH-107"  # the remark that a second person has to agree (workbench.evidence.approvals)
_LONGEST = 60  # letters that the action bar has room for


@dataclass(frozen=True)
class Button:
    """What a button of the action bar says, and why it is off; empty for one that can be pressed."""

    words: str
    icon: str
    off: str = ""
    keys: str | None = None


@dataclass(frozen=True)
class Run:
    """Everything that decides about a run.

    `running` is the step that runs now; `wrong` the first wrong field; `done`: the record says already what
    the form says; `seconds` the time of the last run.
    """

    key: str
    place: Place | None
    outlook: Outlook | None
    running: str
    wrong: str
    done: bool
    snapshot: Snapshot | None
    seconds: float | None = None
    signed_in: bool = False  # whether somebody signs
    ending: bool = False  # whether it was told to end with what it has

    @property
    def here(self) -> bool:
        """Whether this very step runs."""
        return self.running == self.key

    @property
    def epsilon(self) -> float:
        """What the run would spend."""
        return self.outlook.epsilon if self.outlook else 0.0

    @property
    def wanted(self) -> Finding | None:
        """The remark that a second person has to agree, if one has to and has not."""
        found = self.outlook.findings if self.outlook is not None else ()
        return next((one for one in found if one.code == WANTED), None)

    @property
    def needs_key(self) -> bool:
        """Whether it depends on who signs, and nobody does yet."""
        return self.wanted is not None and not self.signed_in

    @property
    def asked_already(self) -> int | None:
        """The event of an open request for this very run."""
        wanted = self.wanted
        if wanted is None or self.snapshot is None:
            return None
        waiting = self.snapshot.open_requests(self.key)
        return next(
            (one.event for one in waiting if f"event {one.event} asks" in wanted.detail.lower()), None
        )

    def reason(self) -> str:
        """Why the step cannot be run now, in words; empty when it can."""
        if self.snapshot is not None and self.snapshot.read_only:
            return tr("Open for reading only: {reason}", reason=_lower(told(self.snapshot.why_read_only)))
        if self.running:
            return tr("Wait for {step} to end", step=title(self.running))
        if self.place is not None and self.place.state is State.BLOCKED:
            return tr("Run {step}", step=title(needed(self.place)))
        return self.wrong or self._refused()

    def _refused(self) -> str:
        """What the look ahead says against it."""
        if self.outlook is None:
            return ""
        if self.outlook.error is not None:
            return told(self.outlook.error.advice)
        stops = [one for one in self.outlook.findings if one.level is Level.BLOCKING and one.code != WANTED]
        asked = self.asked_already
        if stops:
            return told(stops[0].title)
        if asked is None:
            return ""
        return tr("Event {event} asks for it: a second person has to answer", event=asked)

    def primary(self) -> Button:
        """The main button: run, ask for approval, or go on."""
        words, icon = verb(self.key, self.epsilon, again=self.done)
        following = follows(self.key)
        if self.done and following:
            return Button(
                tr("Go on to {step}", step=title(following)),
                "arrow-right",
                tr("Wait") if self.running else "",
            )
        off = self.reason()
        if self.needs_key:
            return Button(tr("Unlock your key"), "key-round", off)
        if self.wanted is not None:
            return Button(tr("Ask for approval"), "users", off)
        return Button(words, "rotate-ccw" if self.done else icon, off)

    def secondary(self) -> Button | None:
        """The button beside it, if there is one."""
        if self.here:
            return Button(self._stop(), "square", keys=tr("Esc"))
        if not (self.done and follows(self.key)):
            return None
        reading = told(self.snapshot.why_read_only) if self.snapshot is not None else ""
        off = tr("Wait") if self.running else reading
        return Button(verb(self.key, self.epsilon, again=True)[0], "rotate-ccw", off, "")

    def _stop(self) -> str:
        """What the button does that stops the run."""
        if not step(self.key).keeps_results:
            return tr("Stop")
        return tr("Stop for good") if self.ending else tr("Stop, keep results")

    def costs(self) -> list[Cost]:
        """Up to three costs or consequences."""
        if self.here:
            return _running(self.epsilon, keeps=step(self.key).keeps_results, ending=self.ending)
        costs, reason = [self._privacy()], self.reason()
        if reason and not self.done:
            return [*costs, ("circle-alert", tr("To do first"), _short(reason))]
        if self.wanted is not None and not self.done:
            return [*costs, ("users", tr("Needs a second person"), self._who_asks())]
        if self.seconds is not None:
            costs.append(("clock", tr("Time"), tr("{seconds:.1f} s, last run", seconds=self.seconds)))
        if self.snapshot is not None:
            costs.append(("scroll-text", tr("Recorded as"), self._recorded(self.snapshot)))
        return costs

    def _who_asks(self) -> str:
        policy = self.snapshot.policy_title if self.snapshot is not None else ""
        return tr('Policy "{title}"', title=policy) if policy else tr("Policy of this computer")

    def _privacy(self) -> Cost:
        snapshot = self.snapshot
        left = snapshot.budget.left_epsilon if snapshot else None
        if self.done and self.place is not None:
            event = snapshot.event(self.place.seq) if snapshot else None
            rows = snapshot.budget.rows if snapshot and event else ()
            spent = sum(row.epsilon for row in rows if event and row.seq == event.refers)
            return ("shield", tr("Privacy used"), f"ε {spent:.2f}" if spent else tr("None"))
        if self.epsilon > 0:
            cost = f"ε {self.epsilon:.2f}"
            if left is not None:
                cost = tr("ε {epsilon:.2f} of {left:.2f} left", epsilon=self.epsilon, left=left)
            return ("shield", tr("Privacy cost"), cost)
        return ("shield", tr("Privacy cost"), tr("None: spends no budget"))

    def _recorded(self, snapshot: Snapshot) -> str:
        if self.done and self.place:
            return tr("Event {event}", event=self.place.seq or 0)
        following = len(snapshot.events) + 1
        if self.epsilon > 0:
            return tr("Events {first} and {second}, for good", first=following, second=following + 1)
        return tr("Event {event}, for good", event=following)


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """Blocking ones, then cautions, then remarks."""
    order = [Level.BLOCKING, Level.CAUTION, Level.INFO]
    return sorted(findings, key=lambda one: order.index(one.level))


def _running(epsilon: float, *, keeps: bool, ending: bool) -> list[Cost]:
    """What the action bar says while the step runs: what is reserved, and what stopping means."""
    if keeps:
        spends = ("shield", tr("Privacy cost"), tr("None: spends no budget"))
        if ending:
            last = ("square", tr("If you stop for good"), tr("Nothing is kept but the attempt"))
            return [spends, ("clock", tr("Ending"), tr("With what was found so far")), last]
        return [spends, ("square", tr("If you stop now"), tr("What was found so far is kept"))]
    if epsilon > 0:
        reserved = tr("ε {epsilon:.2f}, before the data was handed over", epsilon=epsilon)
        stop = tr("The reserved budget stays spent")
    else:
        reserved, stop = tr("None: spends no budget"), tr("Nothing is kept but the attempt")
    return [("shield", tr("Privacy reserved"), reserved), ("square", tr("If you stop now"), stop)]


def _short(words: str) -> str:
    return words if len(words) < _LONGEST else f"{words[: _LONGEST - 3]}..."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:].rstrip(".") if words[1:2].islower() else words.rstrip(".")
