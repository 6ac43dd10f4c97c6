"""Below a result with rows: that the page shows counts, and the way to the rows."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.artifacts import Kind
from ppdesk.core.said import said
from ppdesk.gui.language import tr
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.snapshot import Sight, Snapshot
from ppdesk.workflow.navigation import Place


def sights(kind: Kind, snapshot: Snapshot, place: Place) -> list[Sight]:
    """What of the artifact of `kind` that the step made can be looked at: its rows, and what it set aside."""
    event = snapshot.event(place.good)
    if event is None or kind not in event.outputs:
        return []
    found = [Sight(kind, event.seq)]
    aside = _aside(snapshot, place)
    if aside:
        found.append(Sight(kind, event.seq, "quarantine", said("Put aside ({rows:,})", rows=aside)))
    return found


def _aside(snapshot: Snapshot, place: Place) -> int:
    """How many rows the step set aside."""
    event = snapshot.event(place.good)
    aside = event.facts.get("quarantined") if event is not None else None
    return aside if isinstance(aside, int) else 0


class RowsBanner(QWidget):
    """Hidden while there is nothing to look at."""

    def __init__(self, kind: Kind, asked: Callable[[Sequence[Sight]], object]) -> None:
        super().__init__()
        self._kind, self._asked = kind, asked
        self._sights: list[Sight] | None = None
        self.banner: Banner | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 12)
        self.hide()

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        """The project changed."""
        found = sights(self._kind, snapshot, place)
        if found == self._sights:
            return
        self._sights = found
        emptied(self._column)
        self.banner = None
        if found:
            words = tr("A look at rows is recorded.")
            if len(found) > 1:
                rows = _aside(snapshot, place)
                words = tr("A look at rows is recorded. Also: put aside ({rows:,}).", rows=rows)
            self.banner = Banner("hidden", tr("Counts only."), words, tr("Look at the rows"))
            self.banner.link.clicked.connect(lambda _on=False: self._asked(found))
            self._column.addWidget(self.banner)
        self.setVisible(bool(found))
