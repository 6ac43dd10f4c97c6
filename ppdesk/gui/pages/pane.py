"""What a step page is made of between header and action bar; a step with more than a form has its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from ppdesk.core.artifacts import Kind
from ppdesk.core.section import Block
from ppdesk.gui.form import Form, FormRow
from ppdesk.gui.language import told as say
from ppdesk.gui.language import tr, within
from ppdesk.gui.look import BETWEEN, MARGIN
from ppdesk.gui.pages.before import cost_cards
from ppdesk.gui.pages.rows_banner import RowsBanner
from ppdesk.gui.project import Project
from ppdesk.gui.results import page_area
from ppdesk.gui.snapshot import Outlook, Snapshot
from ppdesk.workflow.navigation import Place
from ppdesk.workflow.step import Step

if TYPE_CHECKING:
    from ppdesk.gui.pages.step_run import Cost
    from ppdesk.train.sgd.by_step import BySteps
    from ppdesk.workbench.views import BudgetView

_FORM = 356  # px: between 280 and 372


class Settings(Protocol):
    """What a page asks of its form: `Form` answers so, and whatever stands in its place."""

    changed: SignalInstance
    rows: dict[str, FormRow]  # by field; empty where remarks stand above the result instead

    def put(self, values: Mapping[str, Any]) -> None: ...
    def values(self) -> dict[str, Any]: ...
    def judge(self) -> list[str]: ...
    def first_wrong(self) -> str: ...
    def setEnabled(self, on: bool, /) -> None: ...


class Pane(QObject):
    """The form, and what stands above and below the result. Made anew with each page."""

    go_asked = Signal(str)  # another step
    rows_asked = Signal(object)  # the Sights that can be looked at
    endorse_asked = Signal(object)  # a Draft that somebody is to answer
    foreseen = Signal()  # `costs` has something else to say
    filled = Signal()  # what stands above has come, or has gone
    covers = Signal(bool)  # what stands above takes the place of the result, or gives it back
    built_from: ClassVar[tuple[Kind, ...]] = ()  # what the form is made of besides its fields
    rows: ClassVar[Kind | None] = None  # what it makes has rows that can be looked at
    apart: ClassVar[Mapping[str, str]] = {}  # titles of blocks with a tab of their own in a low window
    folds: ClassVar[bool] = False  # whether the form is put away once there is a result, which is wide
    tabs: ClassVar[tuple[str, str]] = (
        "",
        "",
    )  # a form that needs the whole width stands in a tab: (form, result)

    def __init__(self, step: Step[Any, Any], project: Project) -> None:
        super().__init__()
        self.step, self.project = step, project
        heads = project.snapshot.heads if project.snapshot is not None else {}
        self._built = {kind: heads.get(kind) for kind in self.built_from}
        self.form: Settings = self.make_form()
        self._area: QWidget | None = (
            None  # where the form stands beside the result; a body of its own has none
        )
        self._banner = RowsBanner(self.rows, self.rows_asked.emit) if self.rows is not None else None

    def make_form(self) -> Settings:
        """The form; called once, before `above` and `below`."""
        return Form(self.step.Params)

    def outdated(self, snapshot: Snapshot) -> bool:
        """Whether the form was made of something that was declared otherwise since."""
        return any(snapshot.heads.get(kind) != head for kind, head in self._built.items())

    def above(self) -> QWidget | None:
        """What stands above the result, under the banners. Called once; it hides and shows itself, and keeps
        the page's margin at its right."""
        return None

    def below(self) -> QWidget | None:
        """What stands below the result and does not scroll. Called once; it hides and shows itself."""
        return self._banner

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        """The project changed, or the page is shown. Those that do more call this too."""
        if self._banner is not None:
            self._banner.show_project(snapshot, place)

    def arranged(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """The blocks of the result in the order in which the screen shows them."""
        return blocks

    def special(self, block: Block) -> QWidget | None:  # noqa: ARG002  for those that have one
        """What stands on the screen in place of a block of the result; None: what every step shows."""
        return None

    def edited(self, values: Mapping[str, Any] | None, *, done: bool) -> None:
        """The form changed and the person paused, or the page is shown. `values` is None where a field cannot
        be used; `done`: the record says already what the form says."""

    def unrecorded(self) -> str:
        """A sentence on what a person wrote and nobody recorded, where it would be missed; or empty."""
        return ""

    @property
    def fills(self) -> bool:
        """Whether what stands above leaves no need to say that there is no result yet."""
        return False

    def ahead(self, outlook: Outlook, budget: "BudgetView") -> QWidget:
        """What is shown of a run that would spend something, before it runs."""
        return cost_cards(outlook, budget)

    def costs(self, costs: "Sequence[Cost]") -> "Sequence[Cost]":
        """What the action bar says of a run, or something in its place."""
        return costs

    def told(self) -> list[tuple[str, str]]:
        """What is said of a run while it is on, as (name, value), besides what it spends."""
        return []

    def in_steps(self) -> bool | None:
        """Whether a run spends in steps that are accounted for one by one; None where nobody would ask."""
        return None

    def by_step(self, done: "Callable[[BySteps | None], None]") -> None:
        """Work out beside the run what each of its steps uses, and tell `done`. For a run in steps."""

    def stand_aside(self, *, on: bool) -> None:
        """Leave the form's place to the run that is on, or take it again. One that folds stays as it is."""
        if self._area is not None and not self.folds:
            self.fold(away=on)

    def body(self, result: QWidget) -> QWidget:
        """Form and result, side by side, or under tabs."""
        form = self.form
        assert isinstance(form, QWidget)  # noqa: S101  a protocol cannot ask for it
        return self._tabbed(form, result) if self.tabs[0] else self._beside(form, result)

    def fold(self, away: bool) -> None:
        """Put the form away, so that the result has the whole width, or bring it back. For one that folds."""
        if self._area is None:
            return
        self._area.setVisible(not away)
        self._row.setContentsMargins(MARGIN if away else 0, 0, 0, 0)

    def _beside(self, form: QWidget, result: QWidget) -> QWidget:
        self._area = self.form_area(form, _FORM)
        body, self._row = side_by_side(self._area, result)
        return body

    def form_area(self, form: QWidget, width: int) -> QScrollArea:
        """The form in an area that scrolls, of `width` px."""
        # room at the right for the focus ring around the fields, and for the scroll bar
        area = page_area(
            form, tr("Settings of {step}", step=say(self.step.title)), left=MARGIN, top=4, right=12
        )
        area.setFixedWidth(MARGIN + width + 12)
        return area

    def _tabbed(self, form: QWidget, result: QWidget) -> QWidget:
        both = QTabWidget()
        both.setAccessibleName(say(self.step.title))
        first, second = (say(words) for words in self.tabs)
        both.tabBar().setAccessibleName(tr("{first} or {second}", first=first, second=within(second)))
        for inside, words in zip((form, result), self.tabs, strict=True):
            around = QWidget()
            column = QVBoxLayout(around)
            edge = MARGIN if inside is form else 0
            column.setContentsMargins(0, 12, edge, 12 if inside is form else 0)
            column.addWidget(inside)
            both.addTab(around, say(words))
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(MARGIN, 0, 0, 0)
        row.addWidget(both)
        return body


def side_by_side(area: QWidget, result: QWidget) -> tuple[QWidget, QHBoxLayout]:
    """(both in a row, the row): the form's `area`, and the result in the room that is left."""
    body = QWidget()
    row = QHBoxLayout(body)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(BETWEEN - 12)
    row.addWidget(area)
    row.addWidget(result, 1)
    return body, row
