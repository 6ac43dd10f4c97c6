"""The page of Anonymize: models and levels at the left; what they give, recorded or live, at the right."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.section import Block, Plot, Section, Table
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import MARGIN
from ppdesk.gui.pages.anonymize_alternatives import Alternatives
from ppdesk.gui.pages.anonymize_figures import Shown, of_preview, of_record
from ppdesk.gui.pages.anonymize_form import AnonymizeForm, anonymize_form
from ppdesk.gui.pages.anonymize_live import LiveLine
from ppdesk.gui.pages.anonymize_right import RightSide
from ppdesk.gui.pages.anonymize_rows import RowsAsked
from ppdesk.gui.pages.anonymize_spots import alternatives
from ppdesk.gui.pages.pane import Pane, side_by_side
from ppdesk.gui.pages.proposal import Proposal
from ppdesk.gui.pages.rows_banner import sights
from ppdesk.gui.pages.step_run import Cost
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.trees.opening import ProjectTrees
from ppdesk.workflow.navigation import Place, State

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_preview import AnonymizePreview, WithOtherK

_FORM = 372  # px
_EARLY = 40  # ms from the last key to the question
_OTHER, _SPACE = "other", "space"  # parts of a preview, asked for one after the other


class AnonymizeStep(Pane):
    """The release has rows, and its settings can be tried before."""

    built_from: ClassVar[tuple[Kind, ...]] = (Kind.ROLES, Kind.HIERARCHIES)
    apart: ClassVar[Mapping[str, str]] = {}

    def make_form(self) -> AnonymizeForm:
        self._heads: Mapping[Kind, Head] = self.project.snapshot.heads if self.project.snapshot else {}
        made = anonymize_form(self.step.Params, self._heads)
        made.roles_asked.connect(lambda: self.go_asked.emit("roles"))
        made.levels.chosen.connect(self._use_levels)
        made.best.clicked.connect(lambda: self._use({"levels": {}}))
        return made

    def above(self) -> QWidget:
        self._values: dict[str, Any] | None = None  # what is shown live, or asked for
        self._possible, self._wanted = False, self.project.questions.previews
        self._settings: Mapping[str, Any] = {}
        self._seq: int | None = None  # the run whose figures are known
        self._record: Shown | None = None
        self._shown: Shown | None = None
        self._other: WithOtherK | None = None
        self._whole = False
        self.live = LiveLine()
        self.live.asked.connect(self._show)
        self.right = RightSide()
        self.right.space.used.connect(self.use_levels)
        self.right.space.fill_asked.connect(self._show)
        self.right.work.whole.connect(self._show_whole)
        self.looked = RowsAsked(self.project, self.right.pairs)
        self.looked.come.connect(self._rows_came)
        self.right.pairs.rows_asked.connect(self._show_rows)
        self.proposal = Proposal(edge=0)
        self.proposal.used.connect(self._use)
        self._trees()
        self._early = QTimer(self)  # a question that is not the last one is stopped: none has to wait
        self._early.setSingleShot(True)
        self._early.setInterval(_EARLY)
        self._early.timeout.connect(self._ask_early)
        self._settled.changed.connect(self._early.start)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, MARGIN, 0)
        column.setSpacing(8)
        for part in (self.proposal, self.live):
            column.addWidget(part)
        column.addWidget(self.right, 1)
        self.right.hide()
        return both

    def below(self) -> QWidget | None:
        """The rows stand under a tab."""
        return None

    def body(self, result: QWidget) -> QWidget:
        """The form is a little wider than others."""
        form = self.form
        assert isinstance(form, QWidget)  # noqa: S101  make_form made it
        return side_by_side(self.form_area(form, _FORM), result)[0]

    @property
    def _settled(self) -> AnonymizeForm:
        form = self.form
        assert isinstance(form, AnonymizeForm)  # noqa: S101  make_form made it
        return form

    # what is known

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self._possible = not snapshot.read_only and place.state is not State.BLOCKED
        self._settings = snapshot.heads.get(Kind.CONFIGURATION, {})
        self.right.space.allow(not snapshot.read_only)
        self.looked.follow(snapshot, place)
        if place.good != self._seq:
            self._seq = place.good
            event = snapshot.event(place.good)
            facts: Mapping[str, Any] = event.facts if event is not None else {}
            self._record = of_record(facts)
            self._read(facts)
        self._place = place

    def _read(self, facts: Mapping[str, Any]) -> None:
        """The solution space of the record: its figure at once, its levels when they are read."""
        seq, space = self._seq, self.right.space
        if seq is None or self._record is None:
            return

        def drawn(section: Section) -> None:
            if isValid(space) and self._seq == seq:
                plots = [one for one in section.blocks if isinstance(one, Plot) and one.name == "lattice"]
                space.put_record(plots[0] if plots else None, facts)
                self.project.told(seq, Kind.RELEASE, "lattice", read, lambda _error: None)

        def read(data: bytes | None) -> None:
            if data is not None and isValid(space) and self._seq == seq:
                space.put(data)

        self.project.section(seq, drawn)  # where the lattice cannot be read, as in a copy, its points stay

    def edited(self, values: Mapping[str, Any] | None, *, done: bool) -> None:
        """Follow the form."""
        wanted = self._wanted
        offered = self._settings if self._possible and not done and not wanted else {}
        self.proposal.follow("Configure", offered, values)
        if not self._possible or self.project.running or done:
            self.live.away()
            self._show_record()
            if done and wanted and self._possible and not self.project.running and values is not None:
                self._ask_more(dict(values))
        elif not wanted:
            self._show_record()
            self.live.offer(self._seq if self._record is not None else None)
        elif values is None:
            self._values = None
            self.live.say(tr("A setting cannot be used yet."), tone="caution")
        elif dict(values) != self._values:
            self._ask(dict(values))

    def _show_record(self) -> None:
        if self._shown is not self._record or self._record is None:
            another = self._shown is not None  # its solution space has to go; else the record's is on its way
            self._values, self._other = None, None
            self._put(self._record)
            if another and self._record is not None and self._seq is not None:
                snapshot = self.project.snapshot
                event = snapshot.event(self._seq) if snapshot is not None else None
                self._read(event.facts if event is not None else {})
        self.right.space.fill.setVisible(self._possible and not self._wanted)

    def _put(self, shown: Shown | None) -> None:
        """Show figures; without any the page shows the result as every step does."""
        self._shown = shown
        self._settled.show_levels(shown)
        if shown is not None:
            most = self._heads.get(Kind.STANDARD, {}).get("risk_max")
            self.right.put(shown, float(most) if isinstance(most, int | float) else None)
            self.looked.show(shown)
        self.right.setVisible(shown is not None)
        self._cover()

    def _show_whole(self, on: bool) -> None:
        self._whole = on
        self._cover()

    def _cover(self) -> None:
        """Give the result the room, or take it."""
        self.covers.emit(self._shown is not None and not self._whole)

    @property
    def fills(self) -> bool:
        return self._shown is not None

    # the result

    def arranged(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """The solution space has a card of its own."""
        return [one for one in blocks if not (isinstance(one, Plot) and one.name == "lattice")]

    def special(self, block: Block) -> QWidget | None:
        """The alternatives can be used."""
        snapshot = self.project.snapshot
        if snapshot is None or not isinstance(block, Table) or block.title != "Alternatives":
            return None
        event = snapshot.event(snapshot.place(self.step.key).seq)
        levels = alternatives(event.facts if event is not None else {})
        if len(levels) != len(block.rows):
            return None
        rows = Alternatives(block, levels, usable=not snapshot.read_only)
        rows.used.connect(self.use_levels)
        return rows

    def costs(self, costs: Sequence[Cost]) -> Sequence[Cost]:
        """What another k would give stands last in the action bar."""
        other = self._other
        if other is None or self.project.running:
            return costs
        caption = tr("If k were {k:,}", k=other.k)
        kept = [one for one in costs if one[0] != "scroll-text"][:2]  # where it is recorded makes room
        if other.score is None or other.suppressed is None:
            return [*kept, ("lightbulb", caption, tr("No solution"))]
        words = tr("Loss {score}, {count:,} suppressed", score=f"{other.score:.3g}", count=other.suppressed)
        return [*kept, ("lightbulb", caption, words)]

    # what a person does

    def use_levels(self, levels: Mapping[str, int]) -> None:
        """Put `levels` into the form, and show there that a person chose them."""
        form = self._settled
        if form.isEnabled():
            self._use({"levels": levels})
            form.reveal("levels")

    def _use_levels(self, levels: Mapping[str, int]) -> None:
        self._use({"levels": levels})

    def _use(self, settings: Mapping[str, Any]) -> None:
        form = self._settled
        for name, value in settings.items():
            form.rows[name].editor.put(value)
        form.changed.emit()

    def _show_rows(self) -> None:
        snapshot = self.project.snapshot
        if snapshot is not None:
            found = sights(Kind.RELEASE, snapshot, snapshot.place(self.step.key))
            if found:
                self.rows_asked.emit(found)

    def _trees(self) -> None:
        levels = self._settled.levels
        levels.tree_asked.connect(lambda name: self.looked.tree(levels, name))
        self.trees = ProjectTrees(self.project, self)
        levels.edit_asked.connect(self._edit_tree)

    def _edit_tree(self, name: str) -> None:
        """Edit a hierarchy; Roles declares what comes of it."""
        if self.project.snapshot is not None and not self.project.snapshot.read_only:
            self.trees.edit_declared(self._settled, name, lambda: self.go_asked.emit("roles"))

    def _rows_came(self) -> None:
        self.looked.count(self._settled.levels)

    # live figures

    def _show(self) -> None:
        self._wanted = True
        self.right.space.fill.hide()
        try:
            values = self.form.values()
        except WrongValueError:
            self.edited(None, done=False)
            return
        if self._shown is self._record and self._shown is not None and self.live.isHidden():
            self._ask_more(values)
        else:
            self.edited(values, done=False)

    def _ask_early(self) -> None:
        """Before the page itself looks ahead, so that figures follow the keys."""
        if not self._wanted or not self._possible or self.project.running:
            return
        try:
            values = self.form.values()
        except WrongValueError:
            return
        if values != self._values:
            self._ask(values)

    def _ask(self, values: dict[str, Any]) -> None:
        self._values = values
        self.live.wait()
        self.project.questions.preview(self.step.key, values, self._answered, self._failed)

    def _answered(self, found: "AnonymizePreview | None") -> None:
        if not isValid(self.live) or self._values is None:
            return
        if found is None:
            self.live.say(tr("Nothing can be said before the run: see what is remarked on the settings."))
            return
        shown = of_preview(found, chosen=bool(self._values.get("levels")))
        self._other = None
        if found.after is None and not found.columns and found.refusal.startswith("Not previewed"):
            self.live.say(told(found.refusal))
            self._put(None)
            return
        self.live.put(shown)
        self.right.space.put_live(shown)
        self._put(shown)
        self._ask_more(self._values)

    def _ask_more(self, values: dict[str, Any]) -> None:
        """What takes longer: another k, and what there is to choose from."""
        shown = self._shown
        if shown is None or shown.after is None or not shown.levels:
            return
        if self._values == values and not shown.live and self._other is not None:
            return  # known already
        self._values = dict(values)

        def other(found: "AnonymizePreview | None") -> None:
            if isValid(self.live) and self._shown is shown and found is not None:
                self._other = found.other
                self.foreseen.emit()
                self._question(values, _SPACE, space)

        def space(found: "AnonymizePreview | None") -> None:
            if isValid(self.live) and self._shown is shown and found is not None and found.space is not None:
                self.right.space.put_space(found.space, shown)
                self.right.space.fill.hide()

        self._question(values, _OTHER, other)

    def _question(self, values: Mapping[str, Any], part: str, done: Any) -> None:
        self.project.questions.preview(self.step.key, values, done, lambda _error: None, part)

    def _failed(self, error: CodedError) -> None:
        if isValid(self.live):
            self.live.say(f"{told(error.message)} {told(error.advice)}", tone="caution")
