"""Settings of the window: theme, language, text size, live figures, locking, notifications."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ppdesk.gui.desk import LANGUAGE, LIVE, SIZES, TEXT_SIZE, Desk, live_figures, text_size
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.habits import locking, telling
from ppdesk.gui.language import SYSTEM, told, tr, tr_count
from ppdesk.gui.look import THEME_WORDS, THEMES, look
from ppdesk.gui.parts.inputs import Check, Choice
from ppdesk.gui.parts.text import text

if TYPE_CHECKING:
    from ppdesk.policy.machine import Policy

# a language is called by its own name, in every language of the window
_LANGUAGES = (("en", "English"), ("de", "Deutsch"), ("fr", "Français"))


class SettingsDialog(Dialog):
    """What is kept for the person in window.json. Nothing of it belongs to a project."""

    theme_chosen = Signal(str)

    def __init__(self, parent: QWidget, desk: Desk, policy: "Policy") -> None:
        super().__init__(parent, tr("Settings"), verb=tr("Save settings"), wide=480)
        self._desk = desk
        self._at_start = (desk.get(LANGUAGE, SYSTEM), text_size(desk))
        themes = [(one, told(THEME_WORDS[one])) for one in THEMES]
        self.theme = self._choice(tr("Theme"), themes, look().theme)
        languages = [(SYSTEM, tr("As the system")), *_LANGUAGES]
        self.language = self._choice(
            tr("Language"),
            languages,
            self._at_start[0],
            tr("From the next start on. Records stay in English."),
        )
        sizes = [(str(one), tr("{size} %", size=one)) for one in SIZES]
        self.text_size = self._choice(
            tr("Size of text and controls"), sizes, str(self._at_start[1]), tr("From the next start on.")
        )
        self.lock = self._lock_choice(policy)
        self.live = Check(tr("Show figures before a run without asking"))
        self.live.setChecked(live_figures(desk))
        self.add(self.live)
        self.add(
            text(tr("That they were shown is put on record once in each session."), "caption", wrap=True)
        )
        self.notify = Check(tr("Tell when long work ends and the window is not in front"))
        self.notify.setChecked(desk.get(telling.SETTING) != "no")
        self.add(self.notify)
        self.add(text(tr("Kept in {folder}, for you alone.", folder=_short(desk.home)), "caption", wrap=True))

    def _choice(
        self, label: str, choices: Sequence[tuple[str, str]], now: str, help_words: str = ""
    ) -> Choice:
        made = Choice(label, choices)
        made.put(now)
        self.add_field(label, made, help_words)
        return made

    def _lock_choice(self, policy: "Policy") -> Choice:
        """Only what the policy allows can be chosen."""
        most = policy.rules.desktop.lock_minutes
        own = [one for one in locking.CHOICES if most is None or 0 < one <= most]
        choices = sorted({*own, most} - {0}) if most is not None else [one for one in own if one]
        words = [
            (str(one), tr_count("After {count} minute", "After {count} minutes", one)) for one in choices
        ]
        if most is None:
            words.append(("0", tr("Never")))
        told_why = (
            tr("The policy of this computer allows at most {minutes} minutes.", minutes=most)
            if most is not None
            else tr("A run goes on to its end first. The project is also locked with the desktop.")
        )
        now = str(locking.minutes(self._desk, most))
        if now not in dict(words):
            words.insert(0, (now, tr_count("After {count} minute", "After {count} minutes", int(now))))
        return self._choice(tr("Lock when nobody works"), words, now, told_why)

    def go(self) -> None:
        """Keep what was chosen."""
        self._desk.put(LANGUAGE, self.language.value())
        self._desk.put(TEXT_SIZE, self.text_size.value())
        self._desk.put(locking.SETTING, self.lock.value())
        self._desk.put(LIVE, "yes" if self.live.isChecked() else "no")
        self._desk.put(telling.SETTING, "yes" if self.notify.isChecked() else "no")
        if self.theme.value() != look().theme:
            self.theme_chosen.emit(self.theme.value())
        self.accept()

    @property
    def needs_start(self) -> bool:
        """Whether something was chosen that holds from the next start on."""
        return (self.language.value(), int(self.text_size.value())) != self._at_start


def _short(folder: Path) -> str:
    """A folder with the home of the person left out."""
    home = Path.home()
    return str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
