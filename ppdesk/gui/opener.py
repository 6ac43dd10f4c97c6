"""How the window comes by a session. The workbench is imported on the background thread."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ppdesk.gui.desk import Desk

if TYPE_CHECKING:
    from ppdesk.policy.machine import Policy
    from ppdesk.workbench.session import Session


class Opener(Protocol):
    """How a session is made; the tests hand in their own."""

    def create(self, path: Path, passphrase: str, desk: Desk) -> "Session": ...
    def open(
        self, path: Path, passphrase: str, desk: Desk, *, despite_rollback: bool, read_only: bool
    ) -> "Session": ...
    def policy(self) -> "Policy": ...


class SessionOpener:
    """The real one. Imports the workbench on the background thread, so the window is up before."""

    def create(self, path: Path, passphrase: str, desk: Desk) -> "Session":
        from ppdesk.workbench.session import Session

        return Session.create(
            path, passphrase, mode=desk.mode, home=desk.home, actor=desk.actor, policy=self.policy()
        )

    def open(
        self, path: Path, passphrase: str, desk: Desk, *, despite_rollback: bool, read_only: bool
    ) -> "Session":
        from ppdesk.workbench.session import Session

        return Session.open(
            path,
            passphrase,
            mode=desk.mode,
            home=desk.home,
            actor=desk.actor,
            read_only=read_only,
            fall_back=True,
            despite_rollback=despite_rollback,
            policy=self.policy(),
        )

    def policy(self) -> "Policy":
        """What IT has set for this machine. One that cannot be used is an error: no project is opened."""
        from ppdesk.workbench.policies import machine_policy

        return machine_policy(os.environ)
