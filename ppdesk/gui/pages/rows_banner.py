"""Below a result with rows: that the page shows counts, and the way to the rows."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.artifacts import Kind
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
    aside = event.facts.get("quarantined")
    if isinstance(aside, int) and aside:
        found.append(Sight(kind, event.seq, "quarantine", f"Put aside ({aside:,})"))
    return found


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
            aside = f" Also: {found[1].title.lower()}." if len(found) > 1 else ""
            words = f"A look at rows is recorded.{aside}"
            self.banner = Banner("hidden", "Counts only.", words, "Look at the rows")
            self.banner.link.clicked.connect(lambda _on=False: self._asked(found))
            self._column.addWidget(self.banner)
        self.setVisible(bool(found))
