"""How each step stands on the rail: shape, word, what a screen reader says, and why. Without Qt.

A step's place comes from its runs. Over it stands what a person has to decide: requests, roles that nobody
confirmed, a wanted reason; and what is off here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ppdesk.core.artifacts import Kind
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import SHAPES, rail_word, spoken, title
from ppdesk.workflow.navigation import Place, State

# the worst first; a stage that has none of these says how many of its steps are done
WORST = ("failed", "decide", "running", "stale", "blocked")


@dataclass(frozen=True)
class Mark:
    """One row of the rail. `why` is the tooltip."""

    shape: str
    word: str
    spoken: str
    why: str = ""


def marks(snapshot: Snapshot) -> dict[str, Mark]:
    """The mark of every step."""
    return {place.key: _mark(place, snapshot) for place in snapshot.places}


def plain(places: Sequence[Place]) -> dict[str, Mark]:
    """The same of places alone, without what else the project says."""
    return {place.key: _of_place(place) for place in places}


def _of_place(place: Place) -> Mark:
    return Mark(SHAPES[place.state], rail_word(place), spoken(place), told(place.reason))


def _mark(place: Place, snapshot: Snapshot) -> Mark:
    found = _of_place(place)
    if place.state is State.FAILED:
        return found
    off = snapshot.reasons.off.get(place.key) if snapshot.reasons is not None else None
    if off is not None:
        by_policy = off == "policy"
        word = tr("off by policy") if by_policy else tr("off")
        why = (
            tr("The policy of this computer has this step off.")
            if by_policy
            else tr("The standard lets this project spend no epsilon.")
        )
        return Mark("off", word, f"{title(place.key)}, {word}", why)
    why, word = _undecided(place, snapshot)
    return Mark("decide", word, f"{title(place.key)}, {word}: {why}", why) if why else found


def _undecided(place: Place, snapshot: Snapshot) -> tuple[str, str]:
    """(why, word) of what waits for a person on the step; empty for nothing."""
    if snapshot.read_only:
        return "", ""
    waiting = len(snapshot.open_requests(place.key))
    if waiting:
        words = tr_count("{count} to decide", "{count} to decide", waiting)
        return tr("A second person was asked to approve it."), words
    if snapshot.reasons is not None and place.key in snapshot.reasons.missing:
        return tr("Its last run needs a reason on record before anything is sealed."), tr("decide")
    if place.key == "roles" and place.state is State.TODO:
        count = _proposed(snapshot)
        if count:
            return (
                tr("Inspect proposed roles; nobody has confirmed them."),
                tr_count("{count} to confirm", "{count} to confirm", count),
            )
    return "", ""


def _proposed(snapshot: Snapshot) -> int:
    head = snapshot.heads.get(Kind.INSPECTION)
    listed = (head or {}).get("columns")
    return len(listed) if isinstance(listed, list | Mapping) else 0


def rolled_up(own: Sequence[Mark]) -> tuple[str, str, str]:
    """(shape, word, spoken) of a closed stage: the worst of its steps, else how many are done. Steps that are
    off are not counted; a stage is blocked only where nothing in it can be done and nothing is done."""
    counted = [mark for mark in own if mark.shape != "off"]
    done = sum(mark.shape == "done" for mark in counted)
    for shape in WORST:
        some = [mark for mark in counted if mark.shape == shape]
        if some and not (shape == "blocked" and len(some) < len(counted)):
            word = {"blocked": tr("blocked"), "running": some[0].word}.get(shape, _short(some))
            return shape, word, word
    if not counted:
        return "off", tr("off"), tr("off")
    if done == len(counted):
        return "done", "", tr("done")
    return (
        "",
        tr("{done} of {total}", done=done, total=len(counted)),
        tr("{done} of {total} done", done=done, total=len(counted)),
    )


def _short(some: Sequence[Mark]) -> str:
    return some[0].word if len(some) == 1 or some[0].shape != "decide" else tr("decide")
