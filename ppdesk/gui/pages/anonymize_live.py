"""The line above the figures: whose they are, and the offer to show live ones."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.layouts import emptied


class LiveLine(QWidget):
    """Figures are off until somebody asks for them; then they follow the form."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.banner: Banner | None = None
        self._said: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def offer(self, seq: int | None) -> None:
        """Say what would be shown, and that it goes on record. `seq`: the event whose figures are shown."""
        words = tr(
            "Exact figures of the data, not covered by an ε: that they were shown goes on record, once."
        )
        bold = tr("The figures below are those of event {seq}.", seq=seq) if seq else tr("Not run yet.")
        self._put("hidden", bold, words, tr("Show live figures"))

    def wait(self) -> None:
        """The settings changed; what is shown is of those before."""
        self._put("running", tr("Counting for the new settings."), "")

    def say(self, words: str, *, tone: str = "info") -> None:
        """There is nothing to show, and why."""
        self._put(tone, words, "")

    def put(self, shown: Shown) -> None:
        """Live figures stand below."""
        found = shown.after is not None
        bold = tr("Live, not run yet.") if found else tr("No solution.")
        self._put("info" if found else "caution", bold, shown.summary())

    def away(self) -> None:
        """The figures are those of the record."""
        self._said = None
        self.hide()

    @property
    def words(self) -> str:
        """What is said."""
        return self.banner.accessibleName() if self.banner is not None and not self.isHidden() else ""

    def _put(self, tone: str, bold: str, words: str, link: str = "") -> None:
        if (tone, bold, words, link) != self._said:
            self._said = (tone, bold, words, link)
            emptied(self._column)
            self.banner = Banner(tone, bold, words, link)
            self.banner.link.clicked.connect(self.asked)
            self._column.addWidget(self.banner)
        self.show()
