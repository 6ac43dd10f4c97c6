"""One call of the command line: where it writes, who calls, which files and keys it may use."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.cli.console import Console
from ppdesk.cli.passphrases import PROJECT, SIGNER, Passphrases
from ppdesk.workbench.home import account_name, signer_entropy, signer_kind, signer_name, signers_folder

if TYPE_CHECKING:
    from ppdesk.core.mode import Mode
    from ppdesk.identity.signer import Signer
    from ppdesk.workbench.session import Session


@dataclass(frozen=True)
class Access:
    """What the common options say. See `options`."""

    project: Path | None = None
    passphrase_file: Path | None = None
    despite_rollback: bool = False
    signer: str | None = None
    signer_passphrase_file: Path | None = None
    remember_signer: bool = False
    test_mode: int | None = None

    @property
    def mode(self) -> "Mode":
        from ppdesk.core.mode import Mode

        return Mode(test_seed=self.test_mode)

    @property
    def actor(self) -> str:
        """The name that events and signatures carry, in the form in which signers are kept."""
        return signer_name(self.signer or account_name())


@dataclass(frozen=True)
class Invocation:
    """What every verb gets besides its own options."""

    console: Console
    home: Path
    passphrases: Passphrases
    window: Callable[[list[str]], int]  # opens the window; handed in, because cli does not know gui

    def open(self, access: Access) -> "Session":
        """The project that the options name, to be worked on."""
        return self._open(access, self._passphrase(access), read_only=False)

    def look(self, access: Access) -> "Session":
        """The project, to be looked at: read-only, once an interrupted write is tidied up, unless the
        opening itself goes on record."""
        from ppdesk.store.errors import UnfinishedWriteError
        from ppdesk.store.project import ProjectFile

        passphrase = self._passphrase(access)
        if access.despite_rollback:
            return self._open(access, passphrase, read_only=False)
        try:
            return self._open(access, passphrase, read_only=True)
        except UnfinishedWriteError:
            self.console.note("The last write was cut short; tidying up. No recorded event is lost.")
            assert access.project is not None  # noqa: S101  every verb that comes here requires the option
            ProjectFile.open(access.project.absolute(), passphrase).close()
            return self._open(access, passphrase, read_only=True)

    def _passphrase(self, access: Access) -> str:
        return self.passphrases.get(PROJECT, access.passphrase_file, new=False)

    def _open(self, access: Access, passphrase: str, *, read_only: bool) -> "Session":
        from ppdesk.workbench.session import Session

        assert access.project is not None  # noqa: S101  every verb that comes here requires the option
        return Session.open(
            access.project.absolute(),
            passphrase,
            mode=access.mode,
            home=self.home,
            actor=access.actor,
            read_only=read_only,
            despite_rollback=access.despite_rollback,
        )

    def create(self, access: Access) -> "Session":
        """A new project where the options say."""
        from ppdesk.workbench.session import Session

        assert access.project is not None  # noqa: S101  every verb that comes here requires the option
        return Session.create(
            access.project.absolute(),
            self.passphrases.get(PROJECT, access.passphrase_file, new=True),
            mode=access.mode,
            home=self.home,
            actor=access.actor,
        )

    def signer(self, access: Access) -> "Signer":
        """Who signs: the signer of that name, made at first use."""
        from ppdesk.identity.keychain import Keychain
        from ppdesk.identity.signer import list_signers, load_signer

        folder, name = signers_folder(self.home, access.mode), access.actor
        keyring = Keychain(signer_kind(access.mode))
        file = access.signer_passphrase_file
        known = name in list_signers(folder)
        recall = (lambda: keyring.recall(name)) if known else None
        passphrase = self.passphrases.get(SIGNER, file, new=not known, recall=recall)
        signer: Signer
        if known:
            signer = load_signer(folder, name, passphrase, clock=access.mode.clock())
        else:
            signer = self._new_signer(folder, name, passphrase, access)
        if access.remember_signer and not keyring.remember(name, passphrase):
            self.console.note("This system has no keyring that is open: the passphrase was not kept.")
        return signer

    def _new_signer(self, folder: Path, name: str, passphrase: str, access: Access) -> "Signer":
        from ppdesk.identity.signer import create_signer

        made = create_signer(
            folder, name, passphrase, entropy=signer_entropy(access.mode, name), clock=access.mode.clock()
        )
        self.console.note(f"Made a signing key for {name}. Its fingerprint, to tell those who will verify:")
        self.console.note(made.fingerprint)
        return made
