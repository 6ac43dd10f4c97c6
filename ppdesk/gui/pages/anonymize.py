"""The page of Anonymize: the form, and live figures of what it would give, once somebody asks for them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.section import Block, Plot, Table
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.form import Form
from ppdesk.gui.pages.anonymize_alternatives import Alternatives
from ppdesk.gui.pages.anonymize_form import anonymize_form, level_counts
from ppdesk.gui.pages.anonymize_live import LiveCard
from ppdesk.gui.pages.anonymize_space import SolutionSpace
from ppdesk.gui.pages.anonymize_spots import alternatives
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.proposal import Proposal
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.navigation import Place, State

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_preview import AnonymizePreview


class AnonymizeStep(Pane):
    """The release has rows, and its settings can be tried before."""

    rows = Kind.RELEASE
    built_from: ClassVar[tuple[Kind, ...]] = (Kind.ROLES, Kind.HIERARCHIES)
    apart: ClassVar[Mapping[str, str]] = {"Transformations": "Solutions"}

    def make_form(self) -> Form:
        self._heads: Mapping[Kind, Head] = self.project.snapshot.heads if self.project.snapshot else {}
        return anonymize_form(self.step.Params, self._heads)

    def above(self) -> QWidget:
        self._values: dict[str, Any] | None = None  # what is shown, or asked for
        self._possible, self._wanted = False, self.project.questions.previews
        self._settings: Mapping[str, Any] = {}
        self.live = LiveCard()
        self.live.asked.connect(self._show)
        self.live.chosen.connect(self._use_levels)
        self.live.best_asked.connect(lambda: self._use({"levels": {}}))
        both = QWidget()
        self.proposal = Proposal()
        self.proposal.used.connect(self._use)
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.proposal)
        column.addWidget(self.live)
        return both

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self._possible = not snapshot.read_only and place.state is not State.BLOCKED
        self._settings = snapshot.heads.get(Kind.CONFIGURATION, {})
        if not self._possible:
            self.live.hide()

    def edited(self, values: Mapping[str, Any] | None, *, done: bool) -> None:
        """Follow the form. What the record says already stands below."""
        self.proposal.follow("Configure", self._settings if self._possible else {}, values)
        if not self._possible or self.project.running or done:
            self.live.setVisible(False)
            self._values = None
        elif not self._wanted:
            self.live.offer()
        elif values is None:
            self._values = None
            self.live.say("A setting cannot be used yet.")
        elif dict(values) != self._values:
            self._ask(dict(values))
        else:
            self.live.show()

    # the result

    def arranged(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """The solution space stands right below what was found."""
        space = [one for one in blocks if isinstance(one, Plot) and one.name == "lattice"]
        rest = [one for one in blocks if one not in space]
        at = next((at for at, one in enumerate(rest) if isinstance(one, Table | Plot)), len(rest))
        return [*rest[:at], *space, *rest[at:]]

    def special(self, block: Block) -> QWidget | None:
        """The solution space and the alternatives can be looked at and used."""
        snapshot = self.project.snapshot
        if snapshot is None:
            return None
        seq = snapshot.place(self.step.key).seq
        event = snapshot.event(seq)
        facts: Mapping[str, Any] = event.facts if event is not None else {}
        usable = not snapshot.read_only
        if isinstance(block, Plot) and block.name == "lattice":
            return self._space(block, seq, facts, usable=usable)
        if isinstance(block, Table) and block.title == "Alternatives":
            levels = alternatives(facts)
            if len(levels) == len(block.rows):
                rows = Alternatives(block, levels, usable=usable)
                rows.used.connect(self.use_levels)
                return rows
        return None

    def _space(self, plot: Plot, seq: int | None, facts: Mapping[str, Any], *, usable: bool) -> QWidget:
        space = SolutionSpace(plot, facts, usable=usable)
        space.used.connect(self.use_levels)

        def read(data: bytes | None) -> None:
            if data is not None and isValid(space):
                space.put(data)

        if seq is not None:  # where it cannot be read, as in a copy, the figure's points stay
            self.project.told(seq, Kind.RELEASE, "lattice", read, lambda _error: None)
        return space

    def use_levels(self, levels: Mapping[str, int]) -> None:
        """Put `levels` into the form, and show there that a person chose them."""
        form = self.form
        if isinstance(form, Form) and form.isEnabled():
            self._use({"levels": levels})
            form.reveal("levels")

    def _use_levels(self, levels: Mapping[str, int]) -> None:
        self._use({"levels": levels})

    def _use(self, settings: Mapping[str, Any]) -> None:
        form = self.form
        assert isinstance(form, Form)  # noqa: S101  make_form made it
        for name, value in settings.items():
            form.rows[name].editor.put(value)
        form.changed.emit()

    def _show(self) -> None:
        self._wanted = True
        try:
            self.edited(self.form.values(), done=False)
        except WrongValueError:
            self.edited(None, done=False)

    def _ask(self, values: dict[str, Any]) -> None:
        self._values = values
        self.live.wait()
        self.project.questions.preview(self.step.key, values, self._answered, self._failed)

    def _answered(self, found: "AnonymizePreview | None") -> None:
        if not isValid(self.live):
            return
        snapshot = self.project.snapshot
        if found is None:
            self.live.say("Nothing can be said before the run: see what is remarked on the settings.")
        elif snapshot is not None:
            most = snapshot.heads.get(Kind.STANDARD, {}).get("risk_max")
            chosen = (self._values or {}).get("levels") or {}
            limit = float(most) if isinstance(most, int | float) else None
            self.live.put(found, limit, chosen, level_counts(self._heads))

    def _failed(self, error: CodedError) -> None:
        if isValid(self.live):
            self.live.say(f"{error.message} {error.advice}")
