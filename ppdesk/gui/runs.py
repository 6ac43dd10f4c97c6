"""Runs as the window shows them: what is asked before one, how it goes on, how it ends."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ppdesk.core.errors import CodedError
from ppdesk.core.wording import time_left
from ppdesk.gui.dialogs.base import AskDialog
from ppdesk.gui.dialogs.keys import CopyPassphraseDialog
from ppdesk.gui.language import tr
from ppdesk.gui.project import Project
from ppdesk.workbench.views import StepResult
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from ppdesk.gui.window import MainWindow


class Runs(QObject):
    """Begins runs, and follows the one that is on: status bar, rail, page."""

    def __init__(self, window: "MainWindow", project: Project) -> None:
        super().__init__(window)
        self._window, self._project = window, project
        self._began = 0.0
        self.share = 0.0  # of the run that is on
        project.run_started.connect(self._run_started)
        project.progressed.connect(self._progressed)
        project.run_ended.connect(self._run_ended)
        project.run_failed.connect(self._run_failed)
        window.stopping.ending.connect(self._ending)

    def run(
        self, key: str, values: dict[str, object], *, overwrite: bool = False, secret: str | None = None
    ) -> None:
        """Run a step; asks who signs where it seals what it makes, and for the passphrase of a copy."""
        step = entry(key).load()
        if (step.seals or self._project.policy.rules.signers.required) and not self._project.signer:
            what = (
                tr("{title} signs what it makes.", title=step.title)
                if step.seals
                else tr("The policy of this computer wants it.")
            )
            self._window.signing.somebody(
                what, lambda: self.run(key, values, overwrite=overwrite, secret=secret)
            )
            return
        if step.exports == "copy" and secret is None:
            snapshot = self._project.snapshot
            dialog = CopyPassphraseDialog(
                self._window, snapshot.name if snapshot else "", self._project.judge
            )
            dialog.accepted.connect(
                lambda: self.run(key, values, overwrite=overwrite, secret=dialog.fields.text())
            )
            dialog.open()
            return
        self._project.run(key, values, overwrite=overwrite, secret=secret)

    def _run_started(self, key: str) -> None:
        self._began, self.share = time.monotonic(), 0.0
        self._window.status.show_job(entry(key).load().title, 0.0, tr("starting the worker"))
        self._window.rail.show_running(key, 0.0)
        if self._window.page is not None:
            self._window.page.started()

    def _progressed(self, share: float, note: str) -> None:
        self.share = share
        key = self._project.running
        if not key:
            return
        left = time_left(share, time.monotonic() - self._began)
        self._window.status.show_job(
            entry(key).load().title, share, ", ".join(one for one in (note, left) if one)
        )
        self._window.rail.show_running(key, share)
        if self._window.page is not None and self._window.page.key == key:
            self._window.page.show_progress(share, note)

    def _ending(self, key: str) -> None:
        """The run that is on was told to end with what it has."""
        page = self._window.page_of(key)
        if page is not None:
            page.show_ending()

    def _run_ended(self, key: str, result: StepResult) -> None:
        self._window.stopping.over()
        self._window.status.show_job("")
        page = self._window.page_of(key)
        if page is not None:
            page.ended(time.monotonic() - self._began, result.section, result.findings)

    def _run_failed(self, key: str, error: CodedError) -> None:
        self._window.stopping.over()
        self._window.status.show_job("")
        page = self._window.page_of(key)
        if page is None:
            return
        page.failed(error)
        if type(error).__name__ == "TargetExistsError":
            values = page.form.values()
            words = tr("{message} What stands in it now would be lost.", message=error.message)
            ask = AskDialog(self._window, tr("Replace the file?"), words, tr("Replace file"))
            ask.accepted.connect(lambda: self.run(key, values, overwrite=True))
            ask.open()
