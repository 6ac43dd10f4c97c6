"""What must hold after an interruption, whatever was interrupted."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from layer import FULL, Kind
from operations import Lost
from scene import EMPTY
from stage import Operation, Said, Stage

from ppdesk.core.errors import CodedError
from ppdesk.store.errors import WrongPassphraseError
from ppdesk.workbench.budget.accounts import reservations
from ppdesk.workbench.session import Session

AS_BEFORE, COMPLETE, BETWEEN, NOT_BEGUN = (
    "as it was",
    "complete",
    "interrupted, counts as spent",
    "not there yet",
)
_EPSILON_SLACK = 1e-9  # sums of floats in another order


@dataclass(frozen=True)
class Known:
    """How an operation begins and ends when nothing goes wrong."""

    before: tuple[tuple[int, str], ...]  # sequence and hash of each event
    after: int  # events
    epsilon: float  # spent before
    files: frozenset[str]  # that may lie in the folder, before or after
    points: dict[Kind, int]  # write points of each kind of fault


@dataclass
class Tally:
    """How attempts ended, by operation; and whatever must not be."""

    ended: dict[str, Counter[str]] = field(default_factory=dict)
    points: Counter[str] = field(default_factory=Counter)  # write points there are
    hit: dict[str, set[tuple[int, int]]] = field(default_factory=dict)  # (kind, number)
    acknowledged: int = 0  # events whose append had returned, over all attempts
    lost: list[str] = field(default_factory=list)
    left_beside: Counter[str] = field(default_factory=Counter)

    def count(self, operation: str, outcome: str) -> None:
        self.ended.setdefault(operation, Counter())[outcome] += 1

    @property
    def attempts(self) -> int:
        return sum(counter.total() for counter in self.ended.values())


def warm(stage: Stage, operation: Operation) -> None:
    """Do it once in this process, so that children find all modules loaded."""
    stage.begin(operation)
    with operation.around():
        operation.act(stage)


def known(stage: Stage, operation: Operation) -> Known:
    """Let the operation run to its end, and see where that leads. SystemExit if it fails by itself."""
    warm(stage, operation)
    found = {}
    for kind in (Kind.FULL_ONCE, Kind.COUNT):
        said = stage.attempt(operation, kind, 0)
        if said.defect or said.error:
            raise SystemExit(f"{operation.name} fails by itself: {said.error}{said.defect}")
        found[kind] = said.points
    points = {kind: found[Kind.FULL_ONCE if kind in FULL else Kind.COUNT] for kind in Kind}
    files = names(stage.folder) | names(stage.scenes.place(operation.scene))
    with operation.around(), entered(stage, operation, said) as session:
        after = len(session.events())
    if operation.scene == EMPTY:
        return Known((), 0, 0.0, files, points)
    stage.begin(operation)
    with stage.open(despite_rollback=True) as session:
        before = tuple((event.seq, event.hash) for event in session.events())
        return Known(before, after, session.budget().spent_epsilon, files, points)


def names(folder: Path) -> frozenset[str]:
    """Every file under `folder`, but for journals, whose time is short."""
    found = (place.relative_to(folder).as_posix() for place in folder.rglob("*") if place.is_file())
    return frozenset(name for name in found if not name.endswith("-journal"))


def judge(stage: Stage, operation: Operation, told: Known, said: Said, tally: Tally) -> str:
    """How the attempt ended, after all that must hold was looked at. Lost if it does not hold."""
    if said.defect:
        raise Lost(f"an error without a code: {said.defect.strip().splitlines()[-1]}")
    tally.acknowledged += len(said.events)
    with operation.around():
        anchored = _anchored(stage)
        try:
            session = entered(stage, operation, said)
        except CodedError as error:
            if operation.scene == EMPTY and not said.words:
                return NOT_BEGUN
            raise Lost(f"it does not open: {error.error_code} {error.message}") from None
        with session:
            outcome = _examined(session, told, said, anchored)
            operation.examine(stage, said, session)
            session.run("objective", stage.scenes.values("objective"))  # and work goes on
    for name in names(stage.folder) - told.files:
        if not any(Path(name).match(pattern) for pattern in operation.keeps):
            tally.left_beside[_shape(name)] += 1
    for place in stage.folder.rglob("*-journal"):
        if not any(place.relative_to(stage.folder).match(pattern) for pattern in operation.keeps):
            tally.left_beside[_shape(place.name)] += 1
    return outcome


def entered(stage: Stage, operation: Operation, said: Said) -> Session:
    """The project, with the passphrase that was acknowledged last or the one after it."""
    sure = max((operation.opens.index(word) for word in said.words if word in operation.opens), default=0)
    for number in range(sure, len(operation.opens)):
        try:
            return stage.open(operation.opens[number], **operation.opening(stage))
        except WrongPassphraseError:
            if number + 1 == len(operation.opens):
                raise
    raise AssertionError("an operation without a passphrase")


def _anchored(stage: Stage) -> int:
    """The event that the anchor names; 0 where there is none."""
    for place in (stage.home / "anchors").glob("*.json"):
        try:
            return int(json.loads(place.read_text())["seq"])
        except ValueError:
            return 0
    return 0


def _examined(session: Session, told: Known, said: Said, known_here: int) -> str:
    events = session.events()
    hashes = {event.seq: event.hash for event in events}
    for seq, hash_ in told.before:
        if hashes.get(seq) != hash_:
            raise Lost(f"event {seq} was there before and is lost")
    for seq, hash_ in said.events.items():
        if hashes.get(seq) != hash_:
            raise Lost(f"event {seq} was acknowledged and is lost")
    if said.anchored > known_here:
        raise Lost(f"the anchor of event {said.anchored} was written and is at event {known_here}")
    if said.anchored > len(events):
        raise Lost(f"the anchor was at event {said.anchored}, the file ends at {len(events)}")
    spent = session.budget().spent_epsilon
    if spent < told.epsilon - _EPSILON_SLACK:
        raise Lost(f"{told.epsilon} had been spent, now it is {spent}")
    wrong = [finding for finding in session.integrity() if finding.level != "info"]
    if wrong:
        raise Lost(f"the check finds: {wrong[0].title}")
    new = len(events) - len(told.before)
    if "went on" in said.words:
        return "next run worked at once"
    if any(standing == "interrupted" for _, standing in reservations(events)):
        if spent <= told.epsilon:
            raise Lost("a reservation whose run was interrupted does not count as spent")
        return BETWEEN
    if new == 0:
        return AS_BEFORE if told.after > len(told.before) else "whole (it adds no event)"
    return COMPLETE if len(events) >= told.after else "complete up to an event"


def _shape(name: str) -> str:
    """A name without what is random in it."""
    import re

    return re.sub(r"\.[0-9a-f]{8}\.part", ".<random>.part", Path(name).name)
