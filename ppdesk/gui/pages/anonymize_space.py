"""The card of the solution space: look at transformations one by one, and use another one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.section import Plot
from ppdesk.gui.language import told, tr
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.pages.anonymize_spots import of_lattice, of_plot, of_space, taken_of
from ppdesk.gui.parts.buttons import Button, Segmented
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.solution_marks import Spot
from ppdesk.gui.parts.solution_plot import SolutionPlot, View
from ppdesk.gui.parts.text import Elided

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_space import Space

_REFUSED = {
    "best": "It is the one that was taken.",
    "fails": "It suppresses more records than the limit allows.",
    "implied": "It suppresses more records than the limit allows.",
}
_NAMES = {"Loss": "Loss", "aecs": "AECS"}
_UNDECIDED = "Whether it stays within the suppression limit is checked when it is used."


class SolutionSpace(QWidget):
    """The figure's points at once; with levels, so that one can be used, when they are read; with the risk of
    many, when they are counted."""

    used = Signal(object)  # levels by column
    fill_asked = Signal()  # the risks of many more are to be counted

    def __init__(self, *, usable: bool = True) -> None:
        """`usable`: whether the form can be changed."""
        super().__init__()
        self._usable = usable
        self._facts: Mapping[str, Any] = {}
        self._columns: Sequence[str] = ()
        self._lattice: Sequence[Spot] = ()  # what the search found
        self._risks: Sequence[Spot] = ()  # those whose risk is known
        self._size, self._found = 0, ""
        views = (("risk", tr("Risk and loss")), ("lattice", tr("Lattice")))
        self.switch = Segmented(views, tr("What is drawn"))
        self.switch.put("lattice")
        self.switch.hide()
        self.switch.chosen.connect(lambda _view: self._draw())
        self.plot = SolutionPlot()
        self.plot.moved.connect(self._tell)
        self.plot.chosen.connect(self._use)
        self.use = Button(tr("Use this one"), "link", height=20)
        self.use.clicked.connect(self._use)
        self.fill = Button(tr("Count all risks"), "link", height=20)
        self.fill.setToolTip(tr("Exact figures of the data: that they were shown goes on record."))
        self.fill.clicked.connect(self.fill_asked)
        self.fill.hide()
        self.note = Elided("")
        card = Card(tr("Solution space"), control=self.switch)
        card.add(self.plot, 1)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.fill, 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.use)
        card.add(foot)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)

    # what is shown

    def put_record(self, plot: Plot | None, facts: Mapping[str, Any]) -> None:
        """What the record of a run tells: `plot`, its figure, and `facts`. None: it searched no lattice."""
        self._facts, self._columns, self._risks = facts, (), ()
        self._lattice = of_plot(plot) if plot is not None else ()
        self._size = len(self._lattice)
        self.plot.say(tr("Levels differ by class: there is no lattice to choose from."))
        if plot is not None:
            measure = str(plot.values["measure"]).replace("-", " ")
            search = facts.get("search") or {}
            optimal = search.get("optimal", False) and search.get("algorithm") != "chosen"
            self._call(measure, int(facts.get("records", 0)), optimal=bool(optimal))
        self._draw()

    def put(self, data: bytes) -> None:
        """Show the part "lattice" of the artifact."""
        self._columns, self._lattice, self._size = of_lattice(data, self._facts)
        if not any(one.status != "best" for one in self._risks):
            self._risks = [one for one in self._lattice if one.risk is not None]
        self._draw()

    def put_live(self, shown: Shown) -> None:
        """Figures of settings of which there is no run: what the last settings showed stays in sight until
        it is counted anew."""
        self._columns, self._lattice = [one.name for one in shown.columns], ()
        best = taken_of(shown, self._columns)
        if best is None:
            self._risks = ()
            self.plot.say(shown.refusal or tr("No transformation to choose from."))
        else:
            others = [one for one in self._risks if one.status != "best" and one.levels != best.levels]
            self._risks = [*others, best]
        self._call("Loss", shown.records, optimal=not shown.chosen)
        self._draw()

    def put_space(self, space: "Space", shown: Shown) -> None:
        """Show what there is to choose from."""
        self._columns, self._size = list(space.columns), int(space.size)
        self._risks = of_space(space, shown)
        if not self._lattice or shown.live:
            self._lattice = self._risks
        self.switch.put("risk")
        self._draw()

    def tell(self, found: str) -> None:
        """How the search ended."""
        self._found = found
        self._draw()

    def _call(self, measure: str, records: int, *, optimal: bool) -> None:
        name = _NAMES.get(measure, measure.capitalize())
        self.plot.call(told(name), tr("Optimum") if optimal else tr("Taken"), records)

    def _explain(self, view: View) -> None:
        known = self._risks if view == "risk" else self._lattice
        words = ""
        if known and len(known) < self._size:
            words = tr("{count:,} of {size:,} drawn", count=len(known), size=self._size)
        self.note.put(". ".join(one for one in (self._found, words) if one))
        if view == "lattice" and any(not one.exact for one in known):
            more = tr("Where a score is not known, the least it can be is drawn.")
            self.note.setToolTip(f"{self.note.text()}. {more}")

    def _draw(self) -> None:
        both = bool(self._columns) and len(self._risks) > 1
        self.switch.setVisible(both and bool(self._lattice))
        view: View = "risk" if both and (self.switch.value() == "risk" or not self._lattice) else "lattice"
        spots = self._risks if view == "risk" else self._lattice
        self.plot.put(spots or self._risks, self._columns, view)
        self._explain(view)
        self._tell()

    # using one

    def why_not(self, one: Spot | None) -> str:
        """Why a transformation cannot be used; empty where it can."""
        if one is None or not one.levels:
            return tr("Its levels cannot be read.")
        if not self._usable:
            return tr("The project is open for reading only.")
        return told(_REFUSED.get(one.status, ""))

    def allow(self, usable: bool) -> None:
        """Whether the form can be changed now."""
        self._usable = usable
        self._tell()

    def _tell(self) -> None:
        one = self.plot.spot
        why = self.why_not(one)
        self.use.setEnabled(not why)
        undecided = one is not None and not one.exact
        self.use.setToolTip(why or (told(_UNDECIDED) if undecided else ""))

    def _use(self) -> None:
        one = self.plot.spot
        if one is not None and not self.why_not(one):
            self.used.emit(dict(zip(self._columns, one.levels, strict=True)))
