"""One call of the command line: where it writes, who calls, which files and keys it may use."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ppdesk.cli.console import Console
from ppdesk.cli.errors import UnnamedSignerError
from ppdesk.cli.passphrases import COPY, PROJECT, SIGNER, TOKEN, Passphrases
from ppdesk.workbench.home import account_name, signer_name

if TYPE_CHECKING:
    from ppdesk.core.mode import Mode
    from ppdesk.identity.signer import Signer
    from ppdesk.policy.machine import Policy
    from ppdesk.policy.place import Place
    from ppdesk.workbench.keys.signers import Held
    from ppdesk.workbench.session import Session

T = TypeVar("T")


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
    copy_passphrase_file: Path | None = None
    timestamp: str | None = None
    timestamp_passphrase_file: Path | None = None

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
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    policy_place: "Place | None" = None  # where the machine keeps its policy; None: where the system does

    @cached_property
    def policy(self) -> "Policy":
        """What IT has set for this machine, read once. Whoever writes or spends asks for it first: a policy
        that cannot be used is an error here (exit REFUSED), and so nothing is done."""
        from ppdesk.workbench.policies import machine_policy

        return machine_policy(self.environment, self.policy_place)

    def policy_to_look(self) -> "Policy":
        """The policy for one who only looks; a remark takes the place of an error."""
        from ppdesk.core.errors import CodedError
        from ppdesk.policy.machine import NO_POLICY

        try:
            return self.policy
        except CodedError as error:
            self.console.note(
                f"{error.error_code}: {error.message} {error.advice} What is shown is without it."
            )
            return NO_POLICY

    def open(self, access: Access, passphrase: str | None = None) -> "Session":
        """The project that the options name, to be worked on. The passphrase is got unless it is given."""
        _ = self.policy  # before a passphrase is asked for
        return self._open(access, passphrase or self.passphrase(access), read_only=False)

    def look(self, access: Access, passphrase: str | None = None) -> "Session":
        """The project, to be looked at: read-only, once an interrupted write is tidied up, unless the
        opening itself goes on record."""
        passphrase = passphrase or self.passphrase(access)
        if access.despite_rollback:
            return self._open(access, passphrase, read_only=False)
        return self._tidied(access, passphrase, lambda: self._open(access, passphrase, read_only=True))

    def examine(self, access: Access, work: Callable[[Path, str], T]) -> T:
        """What `work` says of the project file, given its passphrase: for a file that may not hold what it
        should, so that no project can be made of it. As `look` otherwise."""
        if access.despite_rollback:
            self.look(access).close()
        self.policy_to_look()
        assert access.project is not None  # noqa: S101  every verb that comes here requires the option
        path, passphrase = access.project.absolute(), self.passphrase(access)
        return self._tidied(access, passphrase, lambda: work(path, passphrase))

    def _tidied(self, access: Access, passphrase: str, work: Callable[[], T]) -> T:
        """What `work` gives, once an interrupted write is tidied up."""
        from ppdesk.store.errors import UnfinishedWriteError
        from ppdesk.store.project import ProjectFile

        try:
            return work()
        except UnfinishedWriteError:
            self.console.note("The last write was cut short; tidying up. No recorded event is lost.")
            assert access.project is not None  # noqa: S101  every verb that comes here requires the option
            ProjectFile.open(access.project.absolute(), passphrase).close()
            return work()

    def passphrase(self, access: Access) -> str:
        """The project's passphrase: from a file, the environment, the keyring, or a person."""
        from ppdesk.workbench.keys import passphrases

        path = access.project

        def recall() -> str | None:
            return passphrases.recall(path.absolute()) if path is not None and self.may_keep else None

        return self.passphrases.get(PROJECT, access.passphrase_file, new=False, recall=recall)

    @property
    def may_keep(self) -> bool:
        """Whether the system's keyring may be asked. Not under a policy that cannot be read."""
        from ppdesk.core.errors import CodedError

        try:
            return self.policy.rules.passphrases.keyring
        except CodedError:
            return False

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
            policy=self.policy_to_look() if read_only else self.policy,
        )

    def create(self, access: Access) -> "Session":
        """A new project where the options say."""
        from ppdesk.workbench.session import Session

        assert access.project is not None  # noqa: S101  every verb that comes here requires the option
        policy = self.policy
        passphrase = self.passphrases.get(PROJECT, access.passphrase_file, new=True)
        self.judge(passphrase, (access.project.stem, account_name(), access.actor))
        return Session.create(
            access.project.absolute(),
            passphrase,
            mode=access.mode,
            home=self.home,
            actor=access.actor,
            policy=policy,
        )

    def judge(self, passphrase: str, words: tuple[str, ...], *, always: bool = False) -> None:
        """WeakPassphraseError where the policy refuses a new passphrase; a remark where it is only weak, or
        `always`."""
        from ppdesk.policy.passphrases import require

        found = require(self.policy, passphrase, words)
        if found.weak or always:
            told = f"This passphrase is {found.words} ({found.score} of 4)."
            self.console.note(f"{told} {found.advice}".rstrip())

    def copy_secret(self, access: Access) -> str:
        """The passphrase of the auditor's copy that a step will write. Asked for twice where a person is."""
        secret = self.passphrases.get(COPY, access.copy_passphrase_file, new=True)
        self.judge(secret, (access.project.stem if access.project else "", account_name(), access.actor))
        return secret

    def signer(self, access: Access) -> "Signer":
        """Who signs: the signer of that name, of whatever kind; a key is made at first use. A token is logged
        in until the verb has ended."""
        from ppdesk.workbench.keys import signers

        known = signers.find(self.home, access.mode, access.actor)
        if known is None:
            if self.policy.rules.signers.only_trusted:  # a key made now is one that nobody can know yet
                raise UnnamedSignerError(name=access.actor)
            return self.new_signer(access)
        secret, kept = self._secret(known, access)
        signer = self._unlocked(known, access, secret, kept=kept)
        context = click.get_current_context(silent=True)
        if context is not None:
            context.call_on_close(lambda: signers.close_signer(signer))
        self._remember(access, known.name, secret)
        return signer

    def timestamper(self, access: Access) -> "Signer | None":
        """Who states the time of a signature, where that is asked for."""
        from ppdesk.cli.passphrases import TIMESTAMP
        from ppdesk.workbench.keys import timestampers

        if access.timestamp is None:
            return None
        secret = self.passphrases.get(TIMESTAMP, access.timestamp_passphrase_file, new=False)
        return timestampers.unlocked(self.home, access.mode, access.timestamp, secret)

    def new_signer(self, access: Access) -> "Signer":
        """A new key for the name that the options say."""
        from ppdesk.workbench.keys import signers

        name = access.actor
        passphrase = self.passphrases.get(SIGNER, access.signer_passphrase_file, new=True)
        self.judge(passphrase, (name, account_name()))
        made = signers.new_signer(self.home, access.mode, name, passphrase, policy=self.policy)
        self.console.note(f"Made a signing key for {name}. Its fingerprint, to tell those who will verify:")
        self.console.note(made.fingerprint)
        self._remember(access, name, passphrase)
        return made

    def _secret(self, known: "Held", access: Access) -> tuple[str | None, bool]:
        """(passphrase or PIN, whether the keyring gave it). None for a token with keys of its own."""
        from ppdesk.workbench.keys.signers import keyring

        recalled: list[str] = []

        def recall() -> str | None:
            found = keyring(access.mode).recall(known.name) if self.may_keep else None
            recalled.extend([found] if found else [])
            return found

        if known.token is not None and known.token.keypad:
            self.console.note("Type the PIN on the reader's keys.")
            return None, False
        source = SIGNER if known.token is None else TOKEN
        secret = self.passphrases.get(source, access.signer_passphrase_file, new=False, recall=recall)
        return secret, bool(recalled)

    def _unlocked(self, known: "Held", access: Access, secret: str | None, *, kept: bool) -> "Signer":
        from ppdesk.identity.errors import LockedPinError, WrongPinError
        from ppdesk.workbench.keys import signers

        try:
            return signers.open_signer(self.home, access.mode, known.name, secret, policy=self.policy)
        except (WrongPinError, LockedPinError):
            if kept:  # tried again by itself, it would lock the token
                signers.keyring(access.mode).forget(known.name)
                self.console.note("The PIN that the keyring kept was wrong; it was removed from there.")
            raise

    def _remember(self, access: Access, name: str, secret: str | None) -> None:
        """Put a signer's secret into the keyring, if that is asked for."""
        from ppdesk.workbench.keys.signers import keyring

        if not access.remember_signer or secret is None:
            return
        if not self.may_keep:
            self.console.note("This machine's policy keeps passphrases out of the keyring: it was not kept.")
        elif not keyring(access.mode).remember(name, secret):
            self.console.note("This system has no keyring that is open: the passphrase was not kept.")
