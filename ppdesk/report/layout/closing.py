"""The signature page: what the signer states, who endorsed the draft, what is still blank, the place."""

from collections.abc import Iterator
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.section import Words
from ppdesk.report.document import Document, Endorsement, in_groups, short
from ppdesk.report.layout.blocks import banner
from ppdesk.report.layout.front import pairs
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import PAD, bound, colour, markup, mono
from ppdesk.report.tongue import Tongue
from ppdesk.report.typeface import SANS, printable

_ABOVE = 30.0  # pt over the place for the signature, for the words above it
ENDORSED = (0.31, 0.17, 0.28, 0.24)  # of the width: who, decision, comment, when and where
_GUTTER = 16.0
_BOX = 12.0  # pt of a blank's square and the room after it


def closing(document: Document, evidence: bytes, setting: Setting) -> Iterator[Any]:
    """The page's content. The place of the signature is at the foot of whatever page this ends on."""
    styles, say = setting.styles, setting.say
    for text in document.signing.statements:
        yield Paragraph(markup(text), styles.body)
    yield from _endorsements(document, setting)
    yield from _blanks(document, setting)
    label = Paragraph(markup(say("What identifies this report")), styles.label)
    told = (
        (say("Project"), document.project_id),
        (
            say("History"),
            say("event {number}, {hash}", number=str(document.head_seq), hash=document.head_hash),
        ),
        ("evidence.json", f"SHA-256 {sha256_hex(evidence)}"),
    )
    if document.draft:
        yield KeepTogether([label, pairs(told, setting)])
        yield Spacer(1, 10)
        text = say("A draft has no place for a signature. What is signed later is a file of its own.")
        yield banner(Words(text).text, "info", setting)
        return
    # a place for a signature alone on a page would say nothing about what is signed
    yield KeepTogether([label, pairs(told, setting), SignatureSpace(setting)])


def _blanks(document: Document, setting: Setting) -> Iterator[Any]:
    """Each blank beside an empty square, in two columns where there are many."""
    styles, say, blanks = setting.styles, setting.say, document.signing.blanks
    if not blanks:
        yield Paragraph(markup(say("No field of words was left blank.")), styles.body)
        return
    label = Paragraph(
        markup(say.count("Still blank: {count} place", "Still blank: {count} places", len(blanks))),
        styles.label,
    )
    yield CondPageBreak(60)
    yield label
    columns = 2 if len(blanks) > 4 else 1
    down = -(-len(blanks) // columns)
    rows = []
    for row in range(down):
        cells: list[Any] = []
        for column in range(columns):
            at = row * columns + column
            there = at < len(blanks)
            cells += [Square() if there else "", Paragraph(markup(blanks[at]), styles.cell) if there else ""]
        rows.append(cells)
    one = setting.width / columns - _BOX
    yield Grid(
        rows,
        colWidths=[_BOX, one] * columns,
        spaceAfter=6,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (1, 0), (1, -1), _GUTTER if columns > 1 else 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
        ],
    )


def _endorsements(document: Document, setting: Setting) -> Iterator[Any]:
    """Who signed what about the draft in the history, each with the event that holds it."""
    given, say, styles = document.signing.endorsements, setting.say, setting.styles
    if not given:
        return
    label = Paragraph(markup(say("Signed about the draft, in the history")), styles.label)
    head = [
        Paragraph(markup(text), styles.head)
        for text in (say("Who and with which key"), say("Decision"), say("Comment"), say("When and where"))
    ]
    rows = [[*(Paragraph(text, styles.cell) for text in _endorsed(one, say))] for one in given]
    total = setting.width
    grid = Grid(
        [head, *rows],
        colWidths=[share * total for share in ENDORSED],
        repeatRows=1,
        splitInRow=1,
        hAlign="LEFT",
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), colour("sunken")),
            ("LINEBELOW", (0, 1), (-1, -1), 0.6, colour("line")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), PAD),
            ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ],
    )
    after = Spacer(1, 8)
    yield from [KeepTogether([label, grid, after])] if len(given) <= 4 else [label, grid, after]


def _endorsed(one: Endorsement, say: Tongue) -> tuple[str, str, str, str]:
    """The cells of one endorsement, as markup."""
    who = say("{name}, {role}", name=one.name, role=one.role) if one.role else one.name
    bare = one.fingerprint.replace(" ", "").lower()
    key = f"<br/>{mono(in_groups(bare, 8))}" if bare else ""
    decision = say("objected") if one.decision == "objected" else say("endorsed")
    where = say("event {number}", number=str(one.event))
    return (
        f"{markup(who)}{key}",
        f"<b>{markup(decision)}</b>",
        markup(one.comment) or "–",
        f"{markup(say.moment(one.time))}<br/>{markup(where)}<br/>{mono(short(one.hash))}",
    )


class Square(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """An empty square, as on a form."""

    def __init__(self) -> None:
        super().__init__()
        self.width, self.height = _BOX, 9.0

    def draw(self) -> None:
        self.canv.setStrokeColor(colour("decide"))
        self.canv.setLineWidth(0.9)
        self.canv.rect(0.5, 0.2, 6.2, 6.2, stroke=1, fill=0)


class SignatureSpace(Spacer):  # type: ignore[misc]  # ReportLab has no types
    """The reserved place at the foot of the last page: a frame, and words above it."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(1, setting.measures.signature + _ABOVE)
        self._setting = setting

    def draw(self) -> None:
        canvas = self.canv
        x, y = canvas.absolutePosition(0, 0)
        canvas.saveState()
        canvas.translate(-x, -y)  # to the page's own corner: the place is fixed
        left, low, right, high = self._setting.measures.signature_box
        canvas.setStrokeColor(colour("edge"))
        canvas.setLineWidth(0.75)
        canvas.roundRect(left, low, right - left, high - low, 4, stroke=1, fill=0)
        canvas.setFillColor(colour("text3"))
        canvas.setFont(SANS, 7.5)
        words = self._setting.say("Reserved for the signature. While this frame is empty, nobody has signed.")
        canvas.drawString(left, high + 7, printable(bound(words)))
        canvas.restoreState()
