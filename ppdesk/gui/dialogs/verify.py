"""Verify a report: a signed PDF, no project and no passphrase needed."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.jobs import Bench
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.inputs import FileField
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import text

if TYPE_CHECKING:
    from ppdesk.report.verdict import Verdict

_TONES = {"good": "ok", "look": "caution", "wrong": "risk"}


class VerifyDialog(Dialog):
    """Checks a report from its bytes alone and says what was found, check by check."""

    audit_asked = Signal(Path)

    def __init__(self, parent: QWidget | None, bench: Bench, path: str = "") -> None:
        super().__init__(
            parent,
            tr("Verify a report"),
            tr("Checks signature, coverage and evidence of a signed PDF. The file is read, never changed."),
            verb=tr("Verify"),
            wide=560,
        )
        self._bench = bench
        self.audit = self.add_button(tr("Open as an auditor"))
        self.audit.hide()
        self.audit.clicked.connect(self._audit)
        self.verdict: Verdict | None = None
        self.file = FileField(tr("Report"), save=False, suffixes=(".pdf",))
        self.add_field(tr("Report"), self.file)
        self.cancel.say(tr("Close"))
        found = QWidget()
        self._found = QVBoxLayout(found)
        self._found.setContentsMargins(0, 0, 0, 0)
        self._found.setSpacing(8)
        self.add(found)
        self.file.put(path)
        self.file.setFocus()
        if path:
            self.go()

    def _audit(self) -> None:
        self.audit_asked.emit(Path(self.file.value()).expanduser())
        self.reject()

    def go(self) -> None:
        path = Path(self.file.value()).expanduser()
        if not path.is_file():
            self.say(tr("There is no such file. Type its path or choose it."))
            return
        self.busy(on=True)

        def work() -> "Verdict":
            from ppdesk.report.verification import verify_pdf

            return verify_pdf(path.read_bytes())

        self._bench.ask(work, self._show, self.say_error)

    def _show(self, verdict: "Verdict") -> None:
        self.busy(on=False)
        self.verdict = verdict
        self.audit.show()
        emptied(self._found)
        word = verdict.verdict.value
        self._found.addWidget(Banner(_TONES[word], f"{told(word.capitalize())}.", told(verdict.sentence)))
        for check in verdict.checks:
            line = text(
                f"{told(check.judgement.value.capitalize())}: {told(check.name)}. {told(check.words)}",
                "caption",
                wrap=True,
            )
            self._found.addWidget(line)
        if verdict.fingerprint:
            self._found.addWidget(
                text(tr("Key {fingerprint}", fingerprint=verdict.fingerprint), "mono", wrap=True)
            )
        self.fit()
