"""The verdict on the history, in lines: whole or not, signatures, requests, what was said at opening."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import Flow, restyle, text
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import moment, sentence, title

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.approvals import Request
    from ppdesk.workbench.views import HistoryVerdict, SignedHead

_MOST, _MOST_LOW = 7, 4  # lines; the rest is one line with its number
_STANDINGS = {
    "trusted": "You trust this key.",
    "unknown": "You have not compared this key yet.",
    "withdrawn": "You withdrew your trust in this key.",
    "own": "Your own key.",
    "policy": "The policy trusts this key.",
}
_WORDS = {
    "done": ("Good", "ok"),
    "look": ("Look", "caution"),
    "failed": ("Wrong", "risk"),
    "decide": ("Decide", ""),
    "info": ("Note", ""),
    "running": ("Wait", ""),
}
_VOUCHED = ("trusted", "own", "policy")
_COPY = "PP-WORKBENCH-061"  # an auditor's copy says of itself what it is


class _Said(QWidget):
    """One line: shape, word, a bold sentence and the rest, one note or link at the right."""

    def __init__(self, shape: str, bold: str, rest: str = "", note: str = "", link: str = "") -> None:
        super().__init__()
        word, tone = _WORDS.get(shape, ("", ""))
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 6, 15, 6)
        row.setSpacing(9)
        row.addWidget(Shape(shape), 0, Qt.AlignmentFlag.AlignTop)
        word = told(word)
        if word:
            said = text(word, "strong")
            said.setMinimumWidth(52)
            restyle(said, "tone", tone)
            row.addWidget(said, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Flow(rest, bold), 1, Qt.AlignmentFlag.AlignTop)
        if note:
            row.addWidget(
                text(note, "mono" if note[:2].isupper() else "caption"), 0, Qt.AlignmentFlag.AlignTop
            )
        self.link = Button(link, "link", height=20)
        self.link.setVisible(bool(link))
        row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{word}. {bold} {rest} {note}".strip())


class VerdictCard(Card):
    """Every judgement in one card, the worst first."""

    answer_asked = Signal(object)  # a Request

    def __init__(self) -> None:
        super().__init__(flush=True)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 4, 0, 4)
        self._rows.setSpacing(0)
        self.add(self._rows)
        self._low = False
        self._shown: list[_Said] = []
        self._last: tuple[Snapshot, HistoryVerdict | None] | None = None
        self.setAccessibleName(tr("Verdict on the history"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def said(self) -> list[str]:
        """What it says, line by line."""
        return [row.accessibleName() for row in self._shown]

    @property
    def links(self) -> dict[str, Button]:
        """The links by the line they stand in."""
        return {row.accessibleName(): row.link for row in self._shown if row.link.text()}

    def low(self, *, on: bool) -> None:
        """In a low window fewer lines are shown at once."""
        if on != self._low:
            self._low = on
            if self._last is not None:
                self.put(*self._last)

    def checking(self) -> None:
        """Say that the answer is on its way, where there is none yet."""
        if self._last is None or self._last[1] is None:
            self._show([_Said("running", tr("Checking every link and every signature."))])

    def failed(self, error: CodedError) -> None:
        """Say why it could not be checked."""
        self._show([_Said("failed", told(error.message), told(error.advice), error.error_code)])

    def put(self, snapshot: Snapshot, verdict: "HistoryVerdict | None") -> None:
        """Show what is known; `verdict` None while it is on its way."""
        self._last = (snapshot, verdict)
        rows: list[_Said] = [self._request(one) for one in snapshot.open_requests()]
        if verdict is None:
            rows.insert(0, _Said("running", tr("Checking every link and every signature.")))
        else:
            rows = [_whole(verdict), *_signed(verdict), *rows]
            rows += [_found(one) for one in verdict.findings]
        known = {one.title for one in verdict.findings} if verdict is not None else set()
        rows += [_found(one, tr("at opening")) for one in snapshot.remarks if one.title not in known]
        self._show(rows)

    def _show(self, rows: "list[_Said]") -> None:
        most = _MOST_LOW if self._low else _MOST
        emptied(self._rows)
        self._shown = rows[:most]
        for row in self._shown:
            self._rows.addWidget(row)
        if rest := rows[most:]:
            names = " ".join(one.accessibleName() for one in rest)
            words = tr("{count} more: {words}", count=len(rest), words=names)
            more = text(words, "caption", wrap=True)
            more.setContentsMargins(15, 4, 15, 4)
            self._rows.addWidget(more)
            for row in rest:
                row.deleteLater()

    def _request(self, request: "Request") -> _Said:
        row = _Said(
            "decide",
            tr("{name} asks to run {step}.", name=request.name, step=title(request.step)),
            tr(
                "{time}, event {event}. {reason}",
                time=moment(request.time),
                event=request.event,
                reason=request.reason,
            ).strip(),
            link=tr("Look and answer"),
        )
        row.link.clicked.connect(lambda: self.answer_asked.emit(request))
        return row


def _whole(verdict: "HistoryVerdict") -> _Said:
    """Whether the history is whole, in a sentence."""
    count = tr_count("{count:,} event", "{count:,} events", verdict.events)
    if verdict.broken_at is not None:
        breaks = tr("The history breaks at event {event}.", event=verdict.broken_at)
        return _Said("failed", breaks, _after(told(verdict.words)))
    if not verdict.holds:
        return _Said("failed", tr("The history does not hold."), _after(told(verdict.words)))
    if not verdict.events:
        return _Said("todo", tr("The history has no events yet."))
    whole, signed = tr("The history is whole."), verdict.signed_up_to
    if not signed:
        said = tr("{events}, every link checked. Nobody has signed it yet.", events=count)
        return _Said("done", whole, said)
    said = tr("{events}, every link checked; signed up to event {event}.", events=count, event=signed)
    unsigned = f" {told(verdict.unsigned_words)}" if verdict.unsigned else ""
    return _Said("done", whole, f"{said}{unsigned}")


def _after(words: str) -> str:
    """The rest of a verdict, behind its first sentence."""
    return words.partition(". ")[2] or words


def _signed(verdict: "HistoryVerdict") -> list[_Said]:
    """One line for each key: its last signature, whose it is, what this person knows of it."""
    latest: dict[str, SignedHead] = {}
    for head in verdict.heads:
        latest[head.fingerprint or f"event {head.event}"] = head
    rows = []
    for head in latest.values():
        role = f" ({', '.join(head.roles)})" if head.roles else ""
        if not head.counts:
            why = told(head.reason) or tr("its certificate was not valid then")
            broken = tr("The signature in event {event} does not hold.", event=head.event)
            rows.append(_Said("failed", broken, f"{why}."))
            continue
        known = told(_STANDINGS.get(head.standing, head.standing))
        rows.append(
            _Said(
                "done" if head.standing in _VOUCHED else "look",
                tr("{name} signed up to event {event}.", name=f"{head.signer}{role}", event=head.seq),
                f"{moment(head.time)}. {known}" if known else moment(head.time),
                head.fingerprint,
            )
        )
    return rows


def _found(finding: Finding, note: str = "") -> _Said:
    if finding.code == _COPY:
        return _Said("info", tr("This is an auditor's copy."), told(finding.detail))
    shape = {Level.BLOCKING: "failed", Level.CAUTION: "look", Level.INFO: "info"}[finding.level]
    return _Said(shape, sentence(told(finding.title)), told(finding.detail), note)
