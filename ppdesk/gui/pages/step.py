"""The page of a step, made from its Params: header, form, results, action bar."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import parse
from ppdesk.core.section import Section
from ppdesk.core.wording import percent
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.form import Form
from ppdesk.gui.frame import ActionBar, StepHeader
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import MARGIN
from ppdesk.gui.pages import standard_policy, step_banners, step_run
from ppdesk.gui.pages.header_tools import HeaderTools
from ppdesk.gui.pages.panes import pane_for
from ppdesk.gui.pages.reason_box import ReasonBox
from ppdesk.gui.pages.step_results import StepResults
from ppdesk.gui.pages.step_run import Run
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.states import Chip
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Outlook, Snapshot, spends
from ppdesk.gui.words import SHAPES, follows
from ppdesk.workflow.catalog import entry
from ppdesk.workflow.navigation import Place, State

_THINK = 200  # ms from the last key to the look ahead


class StepPage(QWidget):
    """One step: what to decide, what it costs, what came of it."""

    run_asked = Signal(str, object)  # key, values
    go_asked = Signal(str)  # another step
    approval_asked = Signal(str, object)  # key, values
    help_asked = Signal()
    rows_asked = Signal(object)  # the Sights that can be looked at
    endorse_asked = Signal(object)  # a Draft that somebody is to answer
    history_asked = Signal()
    key_asked = Signal()  # somebody has to sign before it is known whether the step may run
    stop_asked = Signal()
    planned = Signal(float)  # epsilon that a run would spend now

    def __init__(self, key: str, project: Project) -> None:
        super().__init__()
        self.key, self._project = key, project
        self.step = entry(key).load()
        self._place: Place | None = None
        self._outlook: Outlook | None = None
        self._clean: dict[str, Any] | None = None  # what the last good run was made with
        self._seconds: float | None = None
        self._shown_seq: int | None = None
        self._error: CodedError | None = None
        self.spends = 0.0  # epsilon of the run that is on, or was
        self._share = 0.0  # of the run that is on
        self._build()

    # building

    def _build(self) -> None:
        self.header = StepHeader()
        number = int(self.step.stage)
        caption = tr("Stage {number} of 7 · {stage}", number=number, stage=told(self.step.stage.title))
        self.header.put(caption, told(self.step.title), told(self.step.purpose))
        self.header.help_asked.connect(self.help_asked)
        self.bar = ActionBar()
        self.bar.primary.clicked.connect(self._primary)
        self.bar.secondary.clicked.connect(self._secondary)
        self.pane = pane_for(self.key, self.step, self._project)
        self.pane.setParent(self)  # late answers must not find a pane whose page is gone
        self.pane.go_asked.connect(self.go_asked)
        self.pane.rows_asked.connect(self.rows_asked)
        self.pane.endorse_asked.connect(self.endorse_asked)
        self._tools()
        self.form = self.pane.form
        self.form.changed.connect(self._edited)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_THINK)
        self._soon.timeout.connect(self._think)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        self._banners.setContentsMargins(0, 0, MARGIN, 0)
        self.results = StepResults(self.step, self.pane, self._project)
        self.results.go_asked.connect(self.go_asked)
        self.pane.covers.connect(self.results.cover)
        self.pane.filled.connect(self._show_results)
        self.pane.foreseen.connect(self._show_actions)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(self.pane.body(self._right()), 1)
        self.reason = ReasonBox(self.key, self._project, self.bar)
        self.reason.changed.connect(self._show_actions)
        whole.addWidget(self.reason)
        whole.addWidget(self.bar)

    def _right(self) -> QWidget:
        """Remarks, what the pane shows above, the result."""
        right = QWidget()
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(12)
        side.addLayout(self._banners)
        above = self.pane.above()
        if above is not None:
            side.addWidget(above)
        side.addWidget(self.results, 1)
        _put_beside(side, self.pane.below())
        return right

    def _tools(self) -> None:
        """What stands at the right of the header."""
        self.settings = Button(tr("Settings"), "ghost", icon="settings")
        self.settings.setCheckable(True)
        self.settings.setChecked(True)
        self.settings.setToolTip(tr("Show the settings beside the result, or put them away"))
        self.settings.setVisible(self.pane.folds)
        if self.pane.folds:
            self.settings.toggled.connect(lambda on: self.pane.fold(away=not on))
        self.header.add_action(self.settings)
        self.tools = HeaderTools(self.header, self._project, self.key)
        self.tools.go_asked.connect(self.go_asked)

    # showing

    def show_project(self, snapshot: Snapshot) -> None:
        """The project changed: state, chip, result."""
        self._place = place = snapshot.place(self.key)
        self.pane.show_project(snapshot, place)
        self.tools.show_project(snapshot)
        self.reason.show_project(snapshot)
        if self._clean is None and place.state in (State.DONE, State.STALE):
            known = self._project.ran(self.key)
            self._clean = known if known or self._project.touched(self.key) else self._values_or_none()
        self._show_state()
        if place.seq is not None and place.state is not State.FAILED and place.seq != self._shown_seq:
            self._shown_seq = place.seq
            self.settings.setChecked(place.state is not State.DONE)
            event = snapshot.event(place.seq)
            self.results.findings = tuple(event.findings) if event is not None else ()
            self._project.section(place.seq, self._show_section)
        else:
            self._show_results()
        self._think()

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show `values` in the form."""
        self.form.put(values)

    def _values_or_none(self) -> dict[str, Any] | None:
        try:
            return self.form.values()
        except WrongValueError:
            return None

    def _show_section(self, section: Section) -> None:
        self.results.section = section
        self._show_results()

    def _edited(self) -> None:
        self._error = None
        self._outlook = None
        self._soon.start()
        self._show_actions()

    def _think(self) -> None:
        """Look ahead: remarks and cost of what the form holds now."""
        values = self._values_or_none()
        self.pane.edited(values, done=self._is_done())
        if values is None or self._place is None or self._place.state is State.BLOCKED:
            self._outlook = None
            self._show_outlook()
            return
        if values != self._clean or self._project.touched(self.key):
            self._project.fill(self.key, values)
        if self._project.running:
            return
        wanted = dict(values)

        def done(outlook: Outlook) -> None:
            if wanted == self._values_or_none():
                self._outlook = outlook
                self._show_outlook()

        self._project.look_ahead(self.key, values, done)

    def _show_outlook(self) -> None:
        cost = self._outlook.epsilon if self._outlook else 0.0
        self.planned.emit(0.0 if self._is_done() else cost)
        for row in self.form.rows.values():
            own = [f for f in self._outlook.findings if f.field == row.spec.name] if self._outlook else []
            if own and not row.judge():
                continue
            if own:
                worst = next((f for f in own if f.level is Level.BLOCKING), own[0])
                if worst.level is not Level.INFO:
                    row.say(told(worst.title), "failed" if worst.level is Level.BLOCKING else "look")
        self._show_banners()
        self._show_results()
        self._show_actions()

    def _show_state(self) -> None:
        place = self._place
        if place is None:
            return
        running = self._project.running == self.key
        words = {
            State.DONE: tr("Done, event {event}", event=place.seq or 0),
            State.STALE: tr("Stale: {reason}", reason=told(place.reason)),
            State.BLOCKED: tr("Blocked: {reason}", reason=told(place.reason)),
            State.FAILED: tr("Last run failed"),
        }
        if running:
            self.header.put_chip(Chip("running", self._runs()), self._share)
        elif place.state in words:
            self.header.put_chip(Chip(SHAPES[place.state], words[place.state]))
        else:
            self.header.put_chip(None)

    def show_progress(self, share: float, note: str) -> None:
        """Its run goes on."""
        self._share = share
        self.header.put_chip(Chip("running", self._runs()), share)
        self.results.follow(share, note)
        if costs := self.results.costs():
            self.bar.put_costs(costs)

    def _runs(self) -> str:
        words = tr("Ending") if self._project.ending else tr("Running")
        return f"{words} {percent(self._share, 0)}" if self._share > 0 else words

    def show_ending(self) -> None:
        """Its run was told to end with what it has."""
        self._show_state()
        self._show_actions()

    def _show_banners(self) -> None:
        step_banners.show(
            self._banners,
            step_banners.wanted(
                self._run(),
                self.step.title,
                self._error,
                self.results.findings,
                go=self.go_asked.emit,
                history=self.history_asked.emit,
                take=self._take_policy,
                resume=self._resume,
            ),
        )

    def _resume(self) -> None:
        """Let the run that was broken off go on, with the settings that it had."""
        found = self._project.snapshot.broken_off(self.key) if self._project.snapshot is not None else None
        if found is not None and not self._project.running:
            self.form.put(found.params)
            self._outlook = None
            self._project.run(self.key, dict(found.params), resume=found.seq)

    def _take_policy(self) -> None:
        """Set the limits that are weaker than the policy's to the policy's."""
        found = self._outlook.findings if self._outlook is not None else ()
        values = self._values_or_none() or {}
        self.form.put({**values, **standard_policy.offered(found, self._project.policy)})
        self._edited()

    def _cost(self) -> float:
        """Epsilon of the run that has begun: the look ahead may not have come back yet."""
        if self._outlook is not None:
            return self._outlook.epsilon
        snapshot, values = self._project.snapshot, self._values_or_none()
        if snapshot is None or values is None:
            return 0.0
        params = parse(self.step.Params, values, step=self.key)
        return spends(self.step.cost(params, snapshot.heads))[0]

    def _show_results(self) -> None:
        running = self._project.running == self.key
        self.results.put(
            self._place, self._outlook, done=self._is_done(), spends=self.spends if running else 0.0
        )

    # acting

    def _is_done(self) -> bool:
        """Whether the record says already what the form says."""
        done = self._place is not None and self._place.state is State.DONE
        return done and self._clean is not None and self._clean == self._values_or_none()

    def _run(self) -> Run:
        """How a run stands now."""
        return Run(
            self.key,
            self._place,
            self._outlook,
            self._project.running,
            self.form.first_wrong() or "",
            self._is_done(),
            self._project.snapshot,
            self._seconds,
            bool(self._project.signer),
            self._project.ending,
        )

    def _show_actions(self) -> None:
        run = self._run()
        self.form.setEnabled(not run.here and not (run.snapshot is not None and run.snapshot.read_only))
        self.bar.primary.setVisible(not run.here)
        _dress(self.bar.primary, run.primary())
        other = run.secondary()
        self.bar.secondary.setVisible(other is not None)
        if other is not None:
            _dress(self.bar.secondary, other)
        self.bar.put_costs(self.results.costs() or self.pane.costs(run.costs()))

    def unrecorded(self) -> str:
        """A sentence on what a person wrote and nobody recorded, where it would be missed; or empty."""
        if self.reason.text():
            return tr("Your reason on the page of {step} is not on record yet.", step=told(self.step.title))
        return self.pane.unrecorded()

    def _primary(self) -> None:
        following = follows(self.key)
        if self._is_done() and following:
            self.go_asked.emit(following)
            return
        self.run()

    def _secondary(self) -> None:
        if self._project.running == self.key:
            self.stop_asked.emit()
        else:
            self.run()

    def reveal(self, name: str) -> None:
        """Bring the field `name` into sight, where the form has it."""
        if self.pane.folds:
            self.settings.setChecked(True)
        form = self.form
        if isinstance(form, Form) and name in form.rows:
            form.reveal(name)

    def run(self) -> None:
        """Run the step with what the form holds, or ask for its approval, or say what is wrong."""
        if self.form.judge() or self._project.running:
            return
        run = self._run()
        if run.needs_key:
            self.key_asked.emit()
            return
        asked = self.run_asked if run.wanted is None else self.approval_asked
        asked.emit(self.key, self.form.values())

    def started(self) -> None:
        """Its run has begun, or another step's."""
        self._error = None
        if self._project.running == self.key:
            self.spends, self._share = self._cost(), 0.0
            if self.results.section is not None:
                self.settings.setChecked(False)
            self.pane.edited(self._values_or_none(), done=False)
            self._show_results()
        self._show_state()
        self._show_banners()
        self._show_actions()

    def ended(self, seconds: float, section: Section, findings: Sequence[Finding]) -> None:
        """Its run ended well; the snapshot follows."""
        self._seconds, self.results.section, self._error = seconds, section, None
        self.settings.setChecked(False)
        self.results.findings = tuple(findings)
        self._clean = self._values_or_none()
        snapshot = self._project.snapshot
        self._shown_seq = snapshot.place(self.key).seq if snapshot else None
        self.reason.ran(self._shown_seq)

    def failed(self, error: CodedError) -> None:
        """Its run ended badly; the snapshot follows."""
        self._error = error
        self.settings.setChecked(True)
        self._show_state()
        self._show_banners()
        self._show_actions()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.results.wants_another:
            self._show_results()


def _put_beside(side: QVBoxLayout, part: QWidget | None) -> None:
    """One part of the pane, with the page's margin at its right."""
    if part is not None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, MARGIN, 0)
        line.addWidget(part)
        side.addLayout(line)


def _dress(shown: Button, said: step_run.Button) -> None:
    shown.say(said.words, icon=said.icon, keys=said.keys)
    shown.setEnabled(not said.off)
    shown.setToolTip(said.off)
