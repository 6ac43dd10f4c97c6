"""What a report draws on, part by part, and how each part stands: done, out of date, with remarks, empty."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ppdesk.core.findings import Level
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import text
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.navigation import State

_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (  # title, its steps
    ("Purpose, people and limits", ("objective", "standard")),
    ("Data, roles and quality", ("import", "roles", "clean", "quality")),
    ("Anonymized table and its risks", ("anonymize", "opendp", "synthesize", "export")),
    ("Model and privacy budget", ("model", "train", "tune")),
    ("Evaluation, attacks and audits", ("evaluate", "attack", "audit")),
    ("Deployment and monitoring", ("deploy", "score", "monitor")),
)
_WORDS = ("feedback", "statements", "decision")  # events in which people speak


@dataclass(frozen=True)
class Part:
    """One part: its shape, its name, a word at the right, and the step to look at; empty for none."""

    shape: str
    title: str
    note: str = ""
    step: str = ""


def parts(snapshot: Snapshot) -> list[Part]:
    """The parts of the record in the order in which a report tells them."""
    found = [_part(snapshot, name, keys) for name, keys in _PARTS]
    said = sum(one.kind in _WORDS and one.outcome == "ok" for one in snapshot.events)
    words = tr("Comments, answers and reasons")
    note = tr_count("{count} on record", "{count} on record", said) if said else tr("none")
    return [*found, Part("done" if said else "off", words, note, "" if said else "feedback")]


def _part(snapshot: Snapshot, name: str, keys: Sequence[str]) -> Part:
    places = [one for one in snapshot.places if one.key in keys]
    failed = next((one.key for one in places if one.state is State.FAILED), "")
    if failed:
        return Part("failed", told(name), tr("failed"), failed)
    stale = next((one.key for one in places if one.state is State.STALE), "")
    if stale:
        return Part("stale", told(name), tr("out of date"), stale)
    done = [one for one in places if one.state is State.DONE]
    if not done:
        return Part("off", told(name), tr("not run"), places[0].key if places else "")
    remarks = 0
    look = ""
    for place in done:
        event = snapshot.event(place.seq)
        here = sum(one.level is not Level.INFO for one in event.findings) if event is not None else 0
        remarks += here
        look = look or (place.key if here else "")
    if remarks:
        return Part("look", told(name), tr_count("{count} remark", "{count} remarks", remarks), look)
    return Part("done", told(name))


class ContentsCard(Card):
    """The parts in a list; each that needs a look leads to its step."""

    go_asked = Signal(str)  # step

    def __init__(self, shown: Sequence[Part]) -> None:
        super().__init__(tr("Contents"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for at, part in enumerate(shown):
            grid.addWidget(Shape(part.shape), 2 * at, 0, Qt.AlignmentFlag.AlignTop)
            name = text(part.title, "body", wrap=True)
            name.setAccessibleName(": ".join(one for one in (part.title, part.note) if one))
            grid.addWidget(name, 2 * at, 1)
            if part.note:
                grid.addWidget(self._note(part), 2 * at + 1, 1, Qt.AlignmentFlag.AlignLeft)
        self.add(grid)

    def _note(self, part: Part) -> QWidget:
        if not part.step or part.shape == "off":
            return text(part.note, "caption")
        link = Button(part.note, "link", height=20)
        link.setAccessibleName(f"{part.title}: {part.note}")
        link.clicked.connect(lambda: self.go_asked.emit(part.step))
        return link
