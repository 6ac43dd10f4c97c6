"""A step's result on its page: nothing yet, what a run would cost, the run that is on, what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.findings import Finding, Level
from ppdesk.core.section import Section, Words
from ppdesk.core.wording import sentences
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import GAP, LOW_WINDOW
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.under_way import UnderWay
from ppdesk.gui.parts.cards import EmptyState
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import text
from ppdesk.gui.project import Project
from ppdesk.gui.results import BlockGrid, page_area, section_view
from ppdesk.gui.snapshot import Outlook
from ppdesk.gui.words import needed, title
from ppdesk.workflow.navigation import Place, State
from ppdesk.workflow.step import Step

if TYPE_CHECKING:
    from ppdesk.gui.pages.step_run import Cost


class StepResults(QWidget):
    """The result of one step. `section` and `findings` are those of the last good run."""

    go_asked = Signal(str)  # another step

    def __init__(self, step: Step[Any, Any], pane: Pane, project: Project) -> None:
        super().__init__()
        self._step, self._pane, self._project = step, pane, project
        self.section: Section | None = None
        self.findings: Sequence[Finding] = ()
        self.under_way: UnderWay | None = None  # while its run is on, where that spends something
        self._shown: object = None
        self._low: bool | None = None
        self._covered = False
        self._last: tuple[Place | None, Outlook | None, bool, float] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)

    @property
    def wants_another(self) -> bool:
        """Whether the window has become low or high since it was shown."""
        return self._low is not None and (self.window().height() < LOW_WINDOW) != self._low

    def follow(self, share: float, note: str) -> None:
        """The run goes on."""
        if self.under_way is not None:
            self.under_way.follow(share, note)

    def costs(self) -> "list[Cost]":
        """What the action bar says of the run that is on; empty where it says what it says of every run."""
        return [] if self.under_way is None else self.under_way.costs()

    def cover(self, on: bool) -> None:
        """Something else stands in its place, or no longer: what is not seen is not made."""
        self._covered = on
        self.setHidden(on)
        if not on and self._last is not None:
            place, outlook, done, spends = self._last
            self.put(place, outlook, done=done, spends=spends)

    def put(self, place: Place | None, outlook: Outlook | None, *, done: bool, spends: float) -> None:
        """Show how things stand. `done`: the record says already what the form says; `spends` is the epsilon
        of its run that is on, 0 for none."""
        self._last = (place, outlook, done, spends)
        if self._covered:
            return
        if spends > 0:
            self._show_under_way(spends)
            return
        if self.under_way is not None:
            self._pane.stand_aside(on=False)
        self.under_way = None
        low = self.window().height() < LOW_WINDOW
        ahead = outlook if outlook is not None and outlook.epsilon > 0 and not done else None
        cost = ahead and (ahead.epsilon, ahead.delta, ahead.neighbours, self._pane.told())
        state = (id(self.section), low, cost, place, self._pane.fills)
        if state == self._shown:
            return
        self._shown, self._low = state, low
        emptied(self._column)
        cards = None
        if ahead is not None and self._project.snapshot is not None:
            cards = self._pane.ahead(ahead, self._project.snapshot.budget)
        self._column.addWidget(self._view(place, cards, low=low), 1)

    def _view(self, place: Place | None, cards: QWidget | None, *, low: bool) -> QWidget:
        if self.section is None:
            return self._empty(place) if cards is None else self._before(place, cards)
        said = [Words(sentences(f.title, f.detail), "info") for f in self.findings if f.level is Level.INFO]
        whole = replace(self.section, blocks=(*self._pane.arranged(self.section.blocks), *said))
        render, special = self._project.render, self._pane.special
        if cards is None:
            apart = self._pane.apart
            return section_view(whole, render, low=low, special=special, apart=apart, gradual=True)
        return self._before(place, cards, BlockGrid(whole.blocks, render, special=special, gradual=True))

    def _before(self, place: Place | None, cards: QWidget, last: QWidget | None = None) -> QWidget:
        """What a run would cost, over the `last` result, or over that there is none, unless something else
        stands above."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(cards)
        if last is not None:
            column.addWidget(text(tr("Result of the last run"), "section"))
            column.addWidget(last, 1)
        elif self._pane.fills:
            column.addStretch(1)
        else:
            column.addWidget(self._empty(place), 1)
        return page_area(inside, tr("Before {step} runs", step=told(self._step.title)))

    def _show_under_way(self, spends: float) -> None:
        if self.under_way is None:
            emptied(self._column)
            self._shown = None
            snapshot = self._project.snapshot
            self.under_way = UnderWay(
                told(self._step.title), spends, self._pane.told(),
                budget=None if snapshot is None else snapshot.budget, steps=self._pane.in_steps(),
                low=self.window().height() < LOW_WINDOW,
            )  # fmt: skip
            self._pane.stand_aside(on=True)
            self._pane.by_step(self.under_way.take)
            name = tr("The run of {step}", step=told(self._step.title))
            self._column.addWidget(page_area(self.under_way, name), 1)

    def _empty(self, place: Place | None) -> EmptyState:
        if place is not None and place.state is State.BLOCKED:
            need = needed(place)
            words = tr("This step {reason}.", reason=told(place.reason))
            empty = EmptyState(tr("Nothing to show yet"), words, tr("Go to {step}", step=title(need)))
            empty.asked.connect(lambda: self.go_asked.emit(need))
            return empty
        return EmptyState(tr("No result yet"), tr("What comes of this step is shown here."))
