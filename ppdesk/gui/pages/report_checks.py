"""Beside the preview: what to look at before signing, and the last report that was signed."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.artifacts import Kind
from ppdesk.core.wording import listed
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.look import GAP
from ppdesk.gui.pages.report_contents import ContentsCard, parts
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import text
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import moment, title
from ppdesk.workflow.navigation import Place, State
from ppdesk.workflow.reporting.documents.kinds import DocumentKind, skeleton
from ppdesk.workflow.reporting.questions import questions
from ppdesk.workflow.reporting.statements_given import last_answers

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.endorsing import Draft

_NAMED = 2  # steps that are named


class ReportChecks(QWidget):
    """Two cards in a column, made anew with each change of project or document."""

    go_asked = Signal(str)  # another step
    copy_asked = Signal(int, object)  # event and Kind of the report or draft whose file is wanted again
    endorse_asked = Signal(object)  # Draft
    certify_asked = Signal(int)  # the event of the draft to certify

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[object, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)

    def put(
        self, snapshot: Snapshot, place: Place, signer: str, values: Mapping[str, Any] | None, others: int = 0
    ) -> None:
        """What stands in the project now, for the document that the form names. `others`: how many people the
        policy wants to endorse a draft first."""
        shown = (id(snapshot), place, signer, dict(values or {}), others)
        if shown == self._shown:
            return
        self._shown, self._snapshot = shown, snapshot  # kept, so that no other one comes to its address
        emptied(self._column)
        self._column.addWidget(self._before(snapshot, signer, values or {}, others))
        contents = ContentsCard(parts(snapshot))
        contents.go_asked.connect(self.go_asked)
        self._column.addWidget(contents)
        if snapshot.drafts:
            self._column.addWidget(self._draft(snapshot.drafts[-1], place.key, read_only=snapshot.read_only))
        last = self._last(snapshot, place)
        if last is not None:
            self._column.addWidget(last)

    def _before(self, snapshot: Snapshot, signer: str, values: Mapping[str, Any], others: int) -> Card:
        card = Card(tr("Before you sign"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows: list[tuple[str, str, str, str]] = [  # shape, words, link, step
            (
                "done",
                tr_count("History of {count} event", "History of {count} events", len(snapshot.events)),
                "",
                "",
            ),
            _budget(snapshot),
            ("done", tr("No row of the data in the PDF"), "", ""),
        ]
        stale = [one.key for one in snapshot.places if one.state is State.STALE and one.key not in _OWN]
        if stale:
            names = listed([title(key) for key in stale], _NAMED)
            rows.append(("stale", tr("Out of date: {steps}", steps=names), tr("Go there"), stale[0]))
        rows += _open(snapshot, values)
        who = (
            ("done", tr("{name} signs", name=signer), "", "")
            if signer
            else ("blocked", tr("You are asked who signs"), "", "")
        )
        rows.append(who)
        if others:
            rows.append(_others(snapshot, others))
        for at, (shape, words, link, step) in enumerate(rows):
            grid.addWidget(Shape(shape), at, 0, Qt.AlignmentFlag.AlignTop)
            side = QVBoxLayout()
            side.setSpacing(0)
            side.addWidget(text(words, "body", wrap=True))
            if link:
                button = Button(link, "link", height=20)
                button.clicked.connect(lambda _on=False, key=step: self.go_asked.emit(key))
                side.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addLayout(side, at, 1)
        card.add(grid)
        return card

    def _draft(self, draft: "Draft", key: str, *, read_only: bool) -> Card:
        """Who endorsed it so far, and what can be done with it."""
        card = Card(tr("Last draft"))
        card.add(text(told(draft.title), "strong", wrap=True))
        card.add(
            text(
                tr("Event {event}, {time}", event=draft.event, time=moment(draft.time)), "caption", wrap=True
            )
        )
        said = [one for one in draft.endorsements if not one.doubt]
        for one in said:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(
                Shape("done" if one.decision == "endorsed" else "failed"), 0, Qt.AlignmentFlag.AlignTop
            )
            row.addWidget(text(f"{one.name}, {one.role}, {told(one.decision)}", "body", wrap=True), 1)
            card.add(row)
        if not said:
            card.add(text(tr("Nobody has endorsed it yet."), "body", wrap=True))
        if draft.certified_by is not None:
            card.add(text(tr("Certified in event {event}.", event=draft.certified_by), "body", wrap=True))
        links: list[tuple[str, Callable[[], object]]] = [
            (tr("Save the file"), lambda: self.copy_asked.emit(draft.event, Kind.DRAFT))
        ]
        if draft.certified_by is None and not read_only:
            links.append((tr("Endorse or object"), lambda: self.endorse_asked.emit(draft)))
            if key == "report":
                links.append((tr("Certify this draft"), lambda: self.certify_asked.emit(draft.event)))
        for words, call in links:
            button = Button(words, "link", height=20)
            button.clicked.connect(lambda _on=False, call=call: call())
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            card.add(row)
        return card

    def _last(self, snapshot: Snapshot, place: Place) -> Card | None:
        event = next(
            (one for one in reversed(snapshot.events) if one.kind == "report" and one.outcome == "ok"), None
        )
        if event is None:
            return None
        card = Card(tr("Last signed report"))
        name = str(event.facts.get("title") or tr("Report"))
        card.add(text(name, "strong", wrap=True))
        card.add(
            text(tr("Event {event}, {time}", event=event.seq, time=moment(event.time)), "caption", wrap=True)
        )
        if place.key == "report" and place.state is State.STALE:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(Shape("stale"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text(tr("Out of date: {reason}", reason=told(place.reason)), "body", wrap=True), 1)
            card.add(row)
        links = QVBoxLayout()  # in a language of long words they do not fit beside each other
        links.setSpacing(2)
        verify = Button(tr("Verify"), "link", height=20)
        verify.clicked.connect(lambda: self.go_asked.emit("verify"))
        again = Button(tr("Save the file again"), "link", height=20)
        again.clicked.connect(lambda: self.copy_asked.emit(event.seq, Kind.REPORT))
        links.addWidget(verify, 0, Qt.AlignmentFlag.AlignLeft)
        links.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        card.add(links)
        return card


_OWN = ("report", "draft", "handover", "verify")


def _others(snapshot: Snapshot, wanted: int) -> tuple[str, str, str, str]:
    """Whether enough other people have endorsed the last draft."""
    said = snapshot.drafts[-1].endorsements if snapshot.drafts else ()
    count = sum(not one.doubt and one.decision == "endorsed" for one in said)
    words = tr_count(
        "{count} other person must endorse the draft: {there} did",
        "{count} other people must endorse the draft: {there} did",
        wanted,
        there=count,
    )
    return ("done", words, "", "") if count >= wanted else ("blocked", words, tr("Go to Draft"), "draft")


def _budget(snapshot: Snapshot) -> tuple[str, str, str, str]:
    spent, limit = snapshot.budget.total_epsilon, snapshot.budget.limit_epsilon
    if not spent:
        return ("done", tr("No privacy was spent"), "", "")
    if limit:
        words = tr("Budget adds up to ε {spent:.2f} of {limit:.2f}", spent=spent, limit=limit)
    else:
        words = tr("Budget adds up to ε {spent:.2f}", spent=spent)
    return ("done", words, "", "")


def _open(snapshot: Snapshot, values: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """How many questions of the document only a person can answer, and nobody has."""
    kind = str(getattr(values.get("document"), "value", values.get("document")) or DocumentKind.AUDIT.value)
    asked = questions(kind)
    if not asked:
        return []
    runs = [
        (one.seq, one.params) for one in snapshot.events if one.kind == "statements" and one.outcome == "ok"
    ]
    given = last_answers(kind, runs)
    left = sum(one.id not in given for one in asked)
    if not left:
        return [
            (
                "done",
                tr_count("The question is answered", "All {count} questions answered", len(asked)),
                "",
                "",
            )
        ]
    words = tr_count(
        "{document}: {left} of {count} question blank",
        "{document}: {left} of {count} questions blank",
        len(asked),
        document=told(skeleton(DocumentKind(kind)).title),
        left=left,
    )
    return [("decide", words, tr("Answer"), "statements")]
