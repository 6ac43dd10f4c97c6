"""The right side of the page: solution space, risks, before and after, class sizes, loss by column."""

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.pages.anonymize_pairs import PairsView
from ppdesk.gui.pages.anonymize_risk import RiskCard
from ppdesk.gui.pages.anonymize_space import SolutionSpace
from ppdesk.gui.pages.anonymize_work import Workspace
from ppdesk.gui.parts.class_bars import ClassBars
from ppdesk.gui.parts.loss_bars import LossBars, Lost
from ppdesk.gui.results import scrolled


class RightSide(QWidget):
    """Shows the figures of one release."""

    def __init__(self) -> None:
        super().__init__()
        self.space, self.risk = SolutionSpace(), RiskCard()
        self.pairs, self.sizes, self.losses = PairsView(), ClassBars(small=False), LossBars()
        pages = {
            tr("Before and after"): self.pairs,
            tr("Class sizes"): self.sizes,
            tr("Loss by column"): scrolled(self.losses, tr("Loss by column")),
        }
        self.work = Workspace(self.space, self.risk, pages)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.work)

    def put(self, shown: Shown, most: float | None) -> None:
        """`most`: the highest risk that the standard allows."""
        self.risk.put(shown, most)
        self.space.tell(shown.found)
        after = None if shown.after is None else shown.after.histogram
        self.sizes.put(shown.bins, shown.before.histogram, after)
        kept = shown.kept or {}
        self.losses.put(
            [
                Lost(
                    one.name, one.loss,
                    tr("mixed") if one.level is None
                    else tr("{level} of {highest}", level=one.level, highest=one.levels - 1),
                    kept.get(one.name),
                )
                for one in shown.columns
            ]
        )  # fmt: skip
        self.work.note.setText(_brief(shown))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.work.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self.work.arrange()


def _brief(shown: Shown) -> str:
    """What the figures come to, in a few words."""
    if shown.live:
        return tr("Live, not run yet")
    if shown.score is None or shown.suppressed is None:
        return ""
    return tr("Loss {score:,.4g}, {count:,} suppressed", score=shown.score, count=shown.suppressed)
