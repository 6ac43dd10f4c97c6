"""One finding made again: what was recorded, what is found now, and the two hashes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.language import numeral, told, tr
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.states import Chip, ChipView, Shape
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.words import grouped
from ppdesk.workbench.remaking.recheck import Offer
from ppdesk.workbench.remaking.views import Remade

_FEW = 5  # lines in the summary's card
_GROUPS = 4  # of four digits that are shown of a hash; the tooltip has all


class AgainCard(Card):
    """`asked` wants the finding that is shown made again, `another` a choice of others."""

    asked = Signal()
    another = Signal()

    def __init__(self, *, few: bool) -> None:
        """`few`: only the first lines, and a way to other findings."""
        self.chip = ChipView()
        self.chip.hide()
        super().__init__(tr("Run a finding again"), control=self.chip)
        self._few = few
        self.remade: Remade | None = None
        self._words = Flow()
        self.add(self._words)
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.add(inside)
        below = QWidget()  # a grid of its own: its columns are as wide as its words
        self._hashes = QGridLayout(below)
        self._hashes.setContentsMargins(0, 0, 0, 0)
        self._hashes.setHorizontalSpacing(12)
        self._hashes.setVerticalSpacing(4)
        self._hashes.setColumnStretch(1, 1)
        self.add(below)
        self.go = Button(tr("Run again"), "secondary", icon="rotate-ccw")
        self.go.may_shrink()
        self.go.clicked.connect(self.asked)
        self.other = Button(tr("Choose another"), "ghost", icon="list-checks")
        self.other.may_shrink()
        self.other.clicked.connect(self.another)
        self.other.setVisible(few)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.go)
        row.addWidget(self.other)
        row.addStretch(1)
        self.add(row)
        if not few:
            self.add(QWidget(), 1)
        self.put_offer(None)

    def put_offer(self, offer: Offer | None) -> None:
        """Show what can be made again, before it is."""
        self.remade = None
        self.chip.hide()
        emptied(self._grid)
        emptied(self._hashes)
        self.go.setEnabled(offer is not None)
        if offer is None:
            self._words.put(tr("The record holds no finding that can be made again without the data."))
        else:
            bold = tr("Event {seq}: {title}", seq=offer.event, title=told(offer.title))
            self._words.put(tr("Not run again yet."), bold)

    def put(self, remade: Remade) -> None:
        """Show what came of it."""
        self.remade = remade
        emptied(self._grid)
        emptied(self._hashes)
        self.go.setEnabled(True)
        shape = "off" if not remade.made else "done" if remade.same else "failed"
        self.chip.put(Chip(shape, told(remade.verdict)))
        self.chip.show()
        if remade.made:
            agrees = tr("Made from the record alone: whether the record is true, its signatures vouch for.")
            self.chip.setToolTip(agrees)
        bold = tr("Event {seq}: {title}", seq=remade.event, title=told(remade.title))
        self._words.put(told(remade.missing or remade.words), bold)
        lines = remade.lines[:_FEW] if self._few else remade.lines
        wide = any(line.then and line.now for line in lines)
        if wide:
            self._head()
        for at, line in enumerate(lines, start=1):
            self._grid.addWidget(text(told(line.label), "purpose", wrap=True), at, 0)
            for column, value in ((1, line.then), (2, line.now)):
                shown = text(numeral(value), "strong")
                self._grid.addWidget(shown, at, column, Qt.AlignmentFlag.AlignRight)
        if remade.made:
            self._hash(0, tr("Hash then"), remade.then, fits=None)
            self._hash(1, tr("Hash now"), remade.now, fits=remade.same)

    def failed(self, error: CodedError) -> None:
        """Say why it was not made again."""
        emptied(self._grid)
        emptied(self._hashes)
        self.go.setEnabled(True)
        self._words.put(told(error.advice), told(error.message))

    def _head(self) -> None:
        for column, words in ((1, tr("Recorded")), (2, tr("Found now"))):
            self._grid.addWidget(text(words, "head"), 0, column, Qt.AlignmentFlag.AlignRight)

    def _hash(self, at: int, label: str, value: str, *, fits: bool | None) -> None:
        self._hashes.addWidget(text(label, "purpose"), at, 0)
        shown = text(grouped(value, _GROUPS), "mono")
        shown.setToolTip(value)
        shown.setAccessibleName(f"{label} {value}")
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(shown)
        if fits is not None:
            mark = Shape("done" if fits else "failed", 14)
            mark.setAccessibleName(tr("the same") if fits else tr("another one"))
            row.addWidget(mark)
        row.addStretch(1)
        self._hashes.addWidget(around, at, 1)
