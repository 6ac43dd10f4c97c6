"""Files that are not open: what the keyring keeps of them, whether their history holds, and their repair."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.errors import CodedError
from ppdesk.gui.desk import Desk
from ppdesk.gui.jobs import Bench
from ppdesk.gui.opener import Opener

if TYPE_CHECKING:
    from ppdesk.store.repair import Repaired
    from ppdesk.workbench.views import HistoryVerdict

Failed = Callable[[CodedError], None]


class ClosedFiles:
    """Asks on the bench; answers come on the window's thread."""

    def __init__(self, bench: Bench, desk: Desk, opener: Opener, not_kept: Callable[[], None]) -> None:
        """`not_kept` is called where the keyring does not take a passphrase."""
        self._bench, self._desk, self._opener, self._not_kept = bench, desk, opener, not_kept

    def recall(self, path: Path, done: Callable[[str | None], None]) -> None:
        """The passphrase that the keyring of this computer keeps for the project at `path`."""

        def work() -> str | None:
            from ppdesk.workbench.keys import passphrases

            return passphrases.recall(path)

        self._bench.ask(work, done)

    def remember(self, path: Path, passphrase: str) -> None:
        """Let the keyring keep a passphrase; `not_remembered` where it does not."""

        def work() -> bool:
            from ppdesk.workbench.keys import passphrases

            return passphrases.remember(path, passphrase)

        self._bench.ask(work, lambda kept: None if kept else self._not_kept())

    def verdict(
        self, path: Path, passphrase: str, done: "Callable[[HistoryVerdict], None]", failed: Failed
    ) -> None:
        """Whether the history of a file holds that may not open."""

        def work() -> "HistoryVerdict":
            from ppdesk.workbench.evidence.verdict import verify_file

            return verify_file(path, passphrase, home=self._desk.home)

        self._bench.ask(work, done, failed)

    def repair(
        self, path: Path, passphrase: str, target: Path, done: "Callable[[Repaired], None]", failed: Failed
    ) -> None:
        """Write what can be read of a damaged file into a new one."""
        desk = self._desk

        def work() -> "Repaired":
            from ppdesk.workbench.upkeep import repair_file

            return repair_file(
                path,
                passphrase,
                target,
                mode=desk.mode,
                home=desk.home,
                actor=desk.actor,
                policy=self._opener.policy(),
            )

        self._bench.ask(work, done, failed)
