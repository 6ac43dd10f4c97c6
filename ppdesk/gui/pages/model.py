"""The pages of Model and Tune: what they recommend can be taken to Train."""

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.wording import chance as plain_delta
from ppdesk.gui.language import number, tr, within
from ppdesk.gui.language import told as say
from ppdesk.gui.look import MARGIN
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import choice
from ppdesk.workflow.navigation import Place, State


class ModelStep(Pane):
    """Nothing is trained by taking it over: Train still says what it spends."""

    def above(self) -> QWidget:
        self.banner: Banner | None = None
        around = QWidget()
        self._column = QVBoxLayout(around)
        self._column.setContentsMargins(0, 0, MARGIN, 0)
        self._around = around
        around.hide()
        return around

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        event = snapshot.event(place.seq) if place.state is State.DONE else None
        # a private run of Tune gives a model and no choice: nothing is left to train
        facts = event.facts if event is not None and Kind.CHOICE in event.outputs else {}
        settings = facts.get("settings")
        emptied(self._column)
        self.banner = None
        if isinstance(settings, Mapping) and settings and not snapshot.read_only:
            self.banner = Banner("ok", say(str(facts.get("title"))), _told(settings), tr("Use them in Train"))
            self.banner.link.clicked.connect(lambda: self._use(settings))
            self._column.addWidget(self.banner)
        self._around.setVisible(self.banner is not None)

    def _use(self, settings: Head) -> None:
        self.project.offer("train", settings)
        self.go_asked.emit("train")


def _told(settings: Head) -> str:
    """The settings in words."""
    words = []
    for name in ("epsilon", "delta", "policy"):
        value = settings.get(name)
        if name == "epsilon" and isinstance(value, int | float):
            words.append(f"ε {number(value, '.2f')}")
        elif name == "delta" and isinstance(value, int | float):
            words.append(f"δ {plain_delta(value)}")
        elif isinstance(value, str):
            words.append(tr("threshold for {aim}", aim=within(choice(str(value)))))
    if not words:
        return tr("Settings for Train.")
    return tr("Settings for Train: {settings}.", settings=", ".join(words))
