"""The card of the solution space: look at transformations one by one, and use another one."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.section import Plot
from ppdesk.gui.pages.anonymize_spots import of_lattice, of_plot
from ppdesk.gui.parts.buttons import Button, Segmented
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.solution_marks import Spot
from ppdesk.gui.parts.solution_plot import SolutionPlot, View
from ppdesk.gui.parts.text import Flow, text

_REFUSED = {
    "best": "It is the one that was taken.",
    "fails": "It suppresses more records than the limit allows.",
    "implied": "It suppresses more records than the limit allows.",
}
_NAMES = {"Loss": "Loss", "aecs": "AECS"}
_UNDECIDED = "Whether it stays within the suppression limit is checked when it is used."


class SolutionSpace(QWidget):
    """The figure's points at once; with levels, so that one can be used, when they are read."""

    used = Signal(object)  # levels by column

    def __init__(self, plot: Plot, facts: Mapping[str, Any], *, usable: bool) -> None:
        """`facts`: those of the run. `usable`: whether the form can be changed."""
        super().__init__()
        measure = str(plot.values["measure"]).replace("-", " ")
        self._usable, self._facts = usable, facts
        search = facts.get("search") or {}
        optimal = search.get("optimal", False) and search.get("algorithm") != "chosen"
        self._columns: Sequence[str] = ()
        self._spots = of_plot(plot)
        self.switch = Segmented((("risk", "Risk and loss"), ("lattice", "Lattice")), "What is drawn")
        self.switch.put("lattice")
        self.switch.hide()
        self.switch.chosen.connect(lambda _view: self._draw())
        self.plot = SolutionPlot()
        self.plot.call(_NAMES.get(measure, measure.capitalize()), "Optimum" if optimal else "Taken")
        self.plot.moved.connect(self._tell)
        self.plot.chosen.connect(self._use)
        self.said = Flow()
        self.use = Button("Use this transformation", "secondary", height=28)
        self.use.clicked.connect(self._use)
        self.note = text("", "caption", wrap=True)
        card = Card("Solution space", control=self.switch)
        card.add(self.plot)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.said, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.use, 0, Qt.AlignmentFlag.AlignTop)
        card.add(foot)
        card.add(self.note)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)
        self._explain(len(self._spots))
        self._draw()

    def put(self, data: bytes) -> None:
        """Show the part "lattice" of the artifact."""
        self._columns, self._spots, size = of_lattice(data, self._facts)
        both = sum(one.risk is not None for one in self._spots) > 1
        self.switch.setVisible(both)
        self._explain(size)
        self._draw()

    def _explain(self, size: int) -> None:
        told = len(self._spots)
        many = "All" if told >= size else f"{told:,} of"
        self.note.setText(
            f"{many} {size:,} transformations. Where the score is not known, the least that it can be is"
            " drawn. Risk and loss shows those whose risk was counted: the one that was taken and the next"
            " best."
        )

    def _draw(self) -> None:
        view: View = "risk" if self.switch.value() == "risk" and self._columns else "lattice"
        self.plot.put(self._spots, self._columns, view)
        self._tell()

    def why_not(self, one: Spot | None) -> str:
        """Why a transformation cannot be used; empty where it can."""
        if one is None or not one.levels:
            return "Its levels cannot be read."
        if not self._usable:
            return "The project is open for reading only."
        return _REFUSED.get(one.status, "")

    def _tell(self) -> None:
        one = self.plot.spot
        why = self.why_not(one)
        self.use.setEnabled(not why)
        self.use.setToolTip(why)
        words = " ".join(f"{line}." for line in self.plot.note(one)[1:2]) if one is not None else ""
        name = self.plot.note(one)[0] if one is not None else ""
        if why:
            words = f"{words} {why}"
        elif one is not None and not one.exact:
            words = f"{words} {_UNDECIDED}"
        self.said.put(words.strip(), f"{name}.")

    def _use(self) -> None:
        one = self.plot.spot
        if one is not None and not self.why_not(one):
            self.used.emit(dict(zip(self._columns, one.levels, strict=True)))
