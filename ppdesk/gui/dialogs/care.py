"""Dialogs about the file itself: broken, its history, checked, written anew, repaired."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.section import Table
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.parts.cards import Banner, Card, Facts
from ppdesk.gui.parts.inputs import FileField, PassphraseField
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.words import moment, sentence

if TYPE_CHECKING:
    from ppdesk.gui.project import Project
    from ppdesk.store.repair import Repaired
    from ppdesk.workbench.upkeep import Checked
    from ppdesk.workbench.views import HistoryVerdict

_TONES = {Level.BLOCKING: "risk", Level.CAUTION: "caution", Level.INFO: "info"}
_MOST = 6  # findings that are shown in full


class BrokenFileDialog(Dialog):
    """A file that does not hold: what is wrong, and the two things that can be done."""

    history_asked = Signal()
    audit_asked = Signal()
    repair_asked = Signal()

    def __init__(self, parent: QWidget | None, error: CodedError) -> None:
        super().__init__(parent, tr("This file does not hold"), verb=tr("Repair to a new file..."), wide=560)
        self.error = error
        self.add(Flow(told(error.advice), told(error.message)))
        self.add(
            Flow(
                tr(
                    "You can look at the history, for reading only, to see up to where it holds. A repair "
                    "writes "
                    "what can still be read into a new file and marks what is missing; this file is not "
                    "changed."
                )
            )
        )
        self.add(text(tr("Code {error_code}", error_code=error.error_code), "mono"))
        self.cancel.say(tr("Close"))
        self.look = self.add_button(tr("Look at the history"))
        self.look.clicked.connect(self._look)
        self.audit = self.add_button(tr("Open as an auditor"))
        self.audit.clicked.connect(self._audit)
        self.accepted.connect(self.repair_asked)
        self.look.setFocus()

    def _look(self) -> None:
        self.history_asked.emit()
        self.reject()

    def _audit(self) -> None:
        self.audit_asked.emit()
        self.reject()


def findings_list(dialog: Dialog, findings: Sequence[Finding]) -> None:
    """Show the findings, worst first, those beyond a handful as a number."""
    order = [Level.BLOCKING, Level.CAUTION, Level.INFO]
    worst = sorted(findings, key=lambda one: order.index(one.level))
    for finding in worst[:_MOST]:
        dialog.add(Banner(_TONES[finding.level], sentence(told(finding.title)), told(finding.detail)))
    if len(worst) > _MOST:
        dialog.add(
            text(
                tr("{more} more are in `ppdesk log --verify`.", more=len(worst) - _MOST), "caption", wrap=True
            )
        )


class VerdictDialog(Dialog):
    """What still holds of the history of a file that does not open."""

    repair_asked = Signal()

    def __init__(self, parent: QWidget | None, verdict: "HistoryVerdict") -> None:
        super().__init__(parent, tr("History of {file}", file=verdict.file), verb=tr("Close"), wide=720)
        self.verdict = verdict
        self.add(Banner("ok" if verdict.holds else "risk", told(verdict.words)))
        if verdict.heads:
            card = Card(tr("Signatures"), flush=True)
            rows = [
                (
                    str(head.seq),
                    head.signer or tr("nobody that can be read"),
                    moment(head.time),
                    tr("fits") if head.counts else told(head.reason) or tr("certificate not valid then"),
                    told(head.standing) or tr("not told"),
                )
                for head in verdict.heads
            ]
            header = (tr("Up to event"), tr("Signed by"), tr("When"), tr("Signature"), tr("Key"))
            card.add(TableView(Table(tr("Signatures"), header, rows, right=(0,))))
            self.add(card)
        findings_list(self, verdict.findings)
        self.cancel.setVisible(not verdict.holds)
        self.cancel.say(tr("Close"))
        if not verdict.holds:
            self.accept_button.say(tr("Repair to a new file..."))
            self.accepted.connect(self.repair_asked)
            self.cancel.setFocus()


class CheckDialog(Dialog):
    """What a check of the file looked at, and what it found."""

    def __init__(self, parent: QWidget | None, checked: "Checked") -> None:
        super().__init__(parent, tr("Check of {name}", name=checked.path.name), verb=tr("Close"), wide=560)
        self.checked = checked
        if checked.holds:
            self.add(
                Banner("ok", tr("The file is whole."), tr("Everything below was read again, and holds."))
            )
        else:
            self.add(
                Banner(
                    "risk",
                    tr("The file does not hold what it should."),
                    tr("Keep it as it is, and make a copy."),
                )
            )
        seen = checked.inspection
        card = Card(tr("What was checked"))
        card.add(
            Facts(
                [
                    (tr("Pages of the file, each with its seal"), tr("{count:,}", count=seen.pages)),
                    (tr("Events, each link of the chain"), tr("{count:,}", count=seen.events)),
                    (tr("Values against their commitments"), tr("{count:,}", count=seen.values)),
                    (tr("Artifacts, each part by its hash"), tr("{count:,}", count=seen.artifacts)),
                    (
                        tr("Data read"),
                        tr("{size:,.1f} MB in {chunks:,} chunks", size=seen.bytes / 1e6, chunks=seen.chunks),
                    ),
                    (
                        tr("Against what this computer remembers"),
                        "compared" if checked.anchored else tr("not seen here before"),
                    ),
                ]
            )
        )
        self.add(card)
        findings_list(self, checked.findings)
        self.cancel.hide()


class RepairDialog(Dialog):
    """What can still be read of a damaged file, written into a new one. The damaged one is only read."""

    open_asked = Signal(str)  # the new file

    def __init__(
        self, parent: QWidget | None, project: "Project", path: Path | None, passphrase: str
    ) -> None:
        """`path` and `passphrase` of a file that was just tried; None and empty to ask for them."""
        super().__init__(
            parent,
            tr("Repair to a new file"),
            tr(
                "Each event and each part that is taken over is proved by its hash; what is lost is named "
                "in the "
                "new file. From then on this computer remembers the new file in place of the old one."
            ),
            verb=tr("Repair"),
            wide=560,
        )
        self._project = project
        self.damaged = FileField(tr("Damaged file"), save=False, suffixes=(".ppdesk",))
        self.passphrase = PassphraseField(tr("Passphrase"))
        self.target = FileField(tr("New file"), save=True, suffix=".ppdesk")
        self._rows = [
            self.add_field(tr("Damaged file"), self.damaged),
            self.add_field(tr("Passphrase"), self.passphrase, tr("The new file gets the same one.")),
            self.add_field(tr("New file"), self.target),
        ]
        self.damaged.changed.connect(self._propose)
        if path is not None:
            self.damaged.put(str(path))
            self.passphrase.setText(passphrase)
        (self.target if path is not None else self.damaged).setFocus()

    def _propose(self) -> None:
        """A name beside the damaged file."""
        path = Path(self.damaged.value())
        if path.suffix == ".ppdesk":
            self.target.put(str(path.with_name(f"{path.stem}-repaired.ppdesk")))

    def go(self) -> None:
        damaged, target = Path(self.damaged.value()).expanduser(), Path(self.target.value()).expanduser()
        if not damaged.is_file():
            self.say(tr("There is no such file. Type its path or choose it."))
        elif not self.passphrase.text():
            self.say(tr("Type the passphrase."))
        elif not self.target.value() or target.exists():
            self.say(tr("Choose a name for the new file that no file has yet."))
        else:
            self.busy(on=True)
            self.cancel.setEnabled(False)
            self._project.files.repair(damaged, self.passphrase.text(), target, self._done, self.failed)

    def failed(self, error: CodedError) -> None:
        if isValid(self):
            self.cancel.setEnabled(True)
        super().failed(error)

    def _done(self, repaired: "Repaired") -> None:
        if not isValid(self):
            return
        for row in self._rows:
            row.hide()
        lost = sum(last - first + 1 for first, last in repaired.missing)
        whole = not lost and not repaired.lost_artifacts
        saved = f"{_events(repaired.events)}, {_artifacts(repaired.artifacts)}"
        words = f"{repaired.path.name}: {saved}. "
        words += (
            tr("Nothing is missing.")
            if whole
            else tr(
                "Lost: {events}, {artifacts}.",
                events=_events(lost),
                artifacts=_artifacts(len(repaired.lost_artifacts)),
            )
        )
        self.add(Banner("ok" if whole else "caution", tr("The new file is ready."), words))
        if not repaired.spending_known:
            self.add(
                Banner(
                    "risk",
                    tr("What was spent is not known any more."),
                    tr("Nothing can be spent in the new project until the standard was set again in it."),
                )
            )
        findings_list(self, repaired.findings)
        self.busy(on=False)
        self.cancel.setEnabled(True)
        self.cancel.say(tr("Close"))
        self.accept_button.say(tr("Open the new file"))
        self.accept_button.clicked.disconnect()
        self.accept_button.clicked.connect(lambda: self._open(repaired.path))
        self.fit()

    def _open(self, path: Path) -> None:
        self.accept()
        self.open_asked.emit(str(path))


def _events(count: int) -> str:
    return tr_count("{count:,} event", "{count:,} events", count)


def _artifacts(count: int) -> str:
    return tr_count("{count:,} artifact", "{count:,} artifacts", count)
