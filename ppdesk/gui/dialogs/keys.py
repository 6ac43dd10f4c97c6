"""Dialogs about passphrases and keys: new project, unlock, signer."""

import math
import re
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.parts.inputs import Choice, FileField, LineField, PassphraseField
from ppdesk.gui.parts.text import restyle, text

_LEAST = 12  # letters
_NEW = "A new signer"


def strength(passphrase: str) -> tuple[str, str]:
    """(words, tone) of how long guessing would take. A rough measure: length and kinds of letters.

    Argon2id lets an attacker with good machines try about ten thousand passphrases a second.
    """
    if len(passphrase) < _LEAST:
        return f"{_LEAST - len(passphrase)} more letters are needed.", ""
    kinds = ((r"[a-z]", 26), (r"[A-Z]", 26), (r"[0-9]", 10), (r"[^a-zA-Z0-9]", 20))
    alphabet = sum(size for pattern, size in kinds if re.search(pattern, passphrase))
    distinct = len(set(passphrase))
    bits = min(len(passphrase), 2 * distinct) * math.log2(max(2, min(alphabet, 12)))
    if distinct < 6 or bits < 45:
        return "Weak: it repeats itself. Take words that have nothing to do with each other.", "caution"
    if bits < 62:
        return "Fair: one more word would make it strong.", "caution"
    return "Strong, if nobody has used it before.", "ok"


class NewProjectDialog(Dialog):
    """Where the file goes, and the passphrase twice."""

    def __init__(self, parent: QWidget | None, folder: Path, name: str = "", *, sample: bool = False) -> None:
        title = "Try the sample" if sample else "New project"
        words = (
            "The Adult census sample becomes a project of its own, with the pages filled in. "
            if sample
            else ""
        ) + "The file is encrypted with a passphrase. Nobody can recover a lost passphrase."
        super().__init__(parent, title, words, verb="Create project", wide=520)
        self.file = FileField("Project file", save=True, suffix=".ppdesk")
        self.file.put(str(folder / f"{name or 'project'}.ppdesk"))
        self.first = PassphraseField("Passphrase")
        self.second = PassphraseField("Passphrase again")
        self._strength = text(
            "At least 12 letters. Four words are better than one with signs.", "caption", wrap=True
        )
        self.add_field("Project file", self.file, "One encrypted file; its folder must exist.")
        self.add_field("Passphrase", self.first)
        self.add(self._strength)
        self.add_field("Passphrase again", self.second)
        self.first.textChanged.connect(self._judge)
        self.first.setFocus()

    def _judge(self) -> None:
        words, tone = strength(self.first.text())
        self._strength.setText(words)
        restyle(self._strength, "tone", tone)

    @property
    def path(self) -> Path:
        found = Path(self.file.value()).expanduser()
        return found if found.suffix == ".ppdesk" else found.with_name(f"{found.name}.ppdesk")

    def go(self) -> None:
        if not self.file.value():
            self.say("Type a file name.")
        elif self.path.exists():
            self.say("There is a file of that name already. Choose another name.")
        elif not self.path.parent.is_dir():
            self.say("The folder does not exist. Choose one that does.")
        elif len(self.first.text()) < _LEAST:
            self.say(f"The passphrase needs at least {_LEAST} letters.")
        elif self.first.text() != self.second.text():
            self.say("The two passphrases differ. Type them again.")
        else:
            self.accept()


class UnlockDialog(Dialog):
    """Which file, and its passphrase. Stays open until the file is."""

    def __init__(self, parent: QWidget | None, path: str = "") -> None:
        super().__init__(
            parent, "Open project", "The passphrase unlocks the file on this computer only.", verb="Unlock"
        )
        self.file = FileField("Project file", save=False, suffixes=(".ppdesk",))
        self.file.put(path)
        self.passphrase = PassphraseField("Passphrase")
        self.add_field("Project file", self.file)
        self.add_field("Passphrase", self.passphrase)
        (self.passphrase if path else self.file).setFocus()

    @property
    def path(self) -> Path:
        return Path(self.file.value()).expanduser()

    def go(self) -> None:
        if not self.file.value() or not self.path.is_file():
            self.say("There is no such file. Type its path or choose it.")
        elif not self.passphrase.text():
            self.say("Type the passphrase.")
        else:
            self.accept()


class SignerDialog(Dialog):
    """Who signs, and the passphrase of the signing key; or a new key."""

    def __init__(self, parent: QWidget | None, step: str, known: list[str], actor: str) -> None:
        super().__init__(
            parent,
            "Who signs?",
            f"{step} signs what it makes. The key is yours, has a passphrase of its own, and stays in "
            "your data folder.",
            verb="Unlock key",
            wide=480,
        )
        pairs = [(name, name) for name in known] + [("", _NEW)]
        self.who = Choice("Signer", pairs)
        self.name = LineField("Name")
        self.name.setText(actor if actor not in known else "")
        self.first = PassphraseField("Key passphrase")
        self.second = PassphraseField("Key passphrase again")
        self.add_field("Signer", self.who).setVisible(bool(known))
        named = self.add_field("Name", self.name, "It stands in the certificate and in every signature.")
        self.add_field("Key passphrase", self.first, "Not the passphrase of the project.")
        self._new_only = (named, self.add_field("Key passphrase again", self.second))
        self.who.put(actor if actor in known else known[0] if known else "")
        self.who.currentIndexChanged.connect(self._fit)
        self._fit()

    @property
    def new(self) -> bool:
        return not self.who.value()

    @property
    def signer(self) -> str:
        return self.name.text().strip() if self.new else self.who.value()

    def _fit(self) -> None:
        for row in self._new_only:
            row.setVisible(self.new)
        self.accept_button.say("Create key" if self.new else "Unlock key")
        (self.name if self.new and not self.name.text() else self.first).setFocus()
        self.fit()

    def go(self) -> None:
        if self.new and not self.signer:
            self.say("Type a name.")
        elif len(self.first.text()) < (_LEAST if self.new else 1):
            self.say(
                f"The passphrase needs at least {_LEAST} letters." if self.new else "Type the passphrase."
            )
        elif self.new and self.first.text() != self.second.text():
            self.say("The two passphrases differ. Type them again.")
        else:
            self.accept()
