"""Signing keys of this person and whose keys they trust, as the window asks for them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from ppdesk.core.errors import CodedError
from ppdesk.gui.desk import Desk
from ppdesk.gui.jobs import Bench
from ppdesk.gui.language import tr
from ppdesk.workbench.home import trust_folder

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer
    from ppdesk.identity.tokens import Token
    from ppdesk.identity.trust import Acquaintance, Known, TrustList
    from ppdesk.policy.machine import Policy
    from ppdesk.workbench.keys.signers import Held
    from ppdesk.workbench.session import Session

T = TypeVar("T")
Failed = Callable[[CodedError], None]


@dataclass(frozen=True)
class OwnKey:
    """A signer on this computer. `kind` is "file", "pkcs12" or "pkcs11"."""

    name: str
    kind: str
    kind_words: str
    fingerprint: str
    until: str  # the last day on which its certificate is valid

    @property
    def secret(self) -> str:
        """What unlocks it, in words."""
        return "PIN" if self.kind == "pkcs11" else tr("Key passphrase")


class Keys(QObject):
    """Asks on the bench's thread, where a smart card lives as well; answers come to the window's thread."""

    known = Signal(str, str)  # name, fingerprint: who signs from now on

    def __init__(
        self,
        bench: Bench,
        desk: Desk,
        policy: "Callable[[], Policy]",
        sign_in: Callable[[Any], None],
    ) -> None:
        """`sign_in` takes an unlocked signer (or None), on the bench's thread."""
        super().__init__(bench)
        self._bench, self._desk, self._policy, self._sign_in = bench, desk, policy, sign_in
        self._signer: Signer | None = None

    # the person's own

    def held(self, done: Callable[[list[OwnKey]], None], failed: Failed | None = None) -> None:
        """Every signer of this person, by name."""

        def work() -> list[OwnKey]:
            from ppdesk.workbench.keys import signers

            return [_own(one) for one in signers.held(self._desk.home, self._desk.mode)]

        self._bench.ask(work, done, failed)

    def unlock(self, name: str, secret: str, *, done: Callable[[], None], failed: Failed) -> None:
        """Sign as `name` from now on, until the project is closed."""

        def work() -> "Signer":
            from ppdesk.workbench.keys import signers

            return signers.open_signer(
                self._desk.home, self._desk.mode, name, secret or None, policy=self._policy()
            )

        self._enter(work, done, failed)

    def make(self, name: str, passphrase: str, *, done: Callable[[], None], failed: Failed) -> None:
        """Make a key for `name`, and sign with it from now on."""

        def work() -> "Signer":
            from ppdesk.workbench.keys import signers

            return signers.new_signer(
                self._desk.home, self._desk.mode, name, passphrase, policy=self._policy()
            )

        self._enter(work, done, failed)

    def import_file(
        self, file: Path, file_passphrase: str, passphrase: str, *, done: Callable[[], None], failed: Failed
    ) -> None:
        """Take over the signer in a PKCS#12 file."""

        def work() -> None:
            from ppdesk.workbench.keys import signers

            signers.import_signer(
                self._desk.home, self._desk.mode, file, file_passphrase, passphrase, policy=self._policy()
            )

        self._bench.ask(work, lambda _: done(), failed)

    def tokens(self, library: Path, done: Callable[[list[tuple[str, str]]], None], failed: Failed) -> None:
        """(serial number or label, words) of each smart card that `library` sees."""

        def work() -> list[tuple[str, str]]:
            from ppdesk.identity.tokens import list_tokens

            return [(one.serial or one.label, _token_words(one)) for one in list_tokens(library)]

        self._bench.ask(work, done, failed)

    def register_token(
        self, library: Path, token: str, key: str, *, done: Callable[[], None], failed: Failed
    ) -> None:
        """Note the signer on a smart card. No PIN is asked for: nothing is signed."""

        def work() -> None:
            from ppdesk.workbench.keys import signers

            signers.register_token(
                self._desk.home, self._desk.mode, library, token, key or None, policy=self._policy()
            )

        self._bench.ask(work, lambda _: done(), failed)

    def remove(self, name: str, done: Callable[[], None], failed: Failed) -> None:
        """Let `name` sign no more. A key's files stay, renamed."""

        def work() -> None:
            from ppdesk.workbench.keys import signers

            signers.remove(self._desk.home, self._desk.mode, name)

        self._bench.ask(work, lambda _: done(), failed)

    def once(
        self, name: str, secret: str, work: "Callable[[Session], object]"
    ) -> "Callable[[Session], None]":
        """`work` under the signature of `name`, who signs nothing else. To be done on the bench's thread."""

        def signed(session: "Session") -> None:
            from ppdesk.workbench.keys import signers

            second = signers.open_signer(
                self._desk.home, self._desk.mode, name, secret or None, policy=self._policy()
            )
            first = self._signer
            session.set_signer(second)
            try:
                work(session)
            finally:
                session.set_signer(first)
                signers.close_signer(second)

        return signed

    def forget(self) -> None:
        """Log out of a smart card, and let the key go."""
        signer, self._signer = self._signer, None
        if signer is not None:
            self._bench.ask(lambda: _closed(signer))

    def _enter(self, work: "Callable[[], Signer]", done: Callable[[], None], failed: Failed) -> None:
        def enter() -> "Signer":
            signer = work()
            self._sign_in(signer)
            return signer

        def entered(signer: "Signer") -> None:
            self._signer = signer
            self.known.emit(signer.name, signer.fingerprint)
            done()

        self._bench.ask(enter, entered, failed)

    # whom the person trusts

    def trusted(self, done: "Callable[[list[Known]], None]", failed: Failed) -> None:
        """The trusted signers, by name."""
        self._bench.ask(lambda: self._trust().entries(), done, failed)

    def meet(self, certificate: Path, done: "Callable[[Acquaintance], None]", failed: Failed) -> None:
        """What is known of the holder of the certificate in a file."""

        def work() -> "Acquaintance":
            return self._trust().meet(read_certificate(certificate))

        self._bench.ask(work, done, failed)

    def trust(self, certificate: Path, compared: str, *, done: Callable[[], None], failed: Failed) -> None:
        """Trust a key whose fingerprint the person was told (`compared`)."""

        def work() -> None:
            pem = read_certificate(certificate)
            self._trust().add(pem, compared=compared, by=self._desk.actor, clock=self._desk.mode.clock())

        self._bench.ask(work, lambda _: done(), failed)

    def withdraw(self, fingerprint: str, *, done: Callable[[], None], failed: Failed) -> None:
        """Trust a key no more."""

        def work() -> None:
            self._trust().remove(fingerprint, by=self._desk.actor, clock=self._desk.mode.clock())

        self._bench.ask(work, lambda _: done(), failed)

    def _trust(self) -> "TrustList":
        from ppdesk.identity.trust import TrustList

        return TrustList(trust_folder(self._desk.home, self._desk.mode))


_MOST = 1 << 20  # bytes; a certificate is far smaller


def read_certificate(file: Path) -> bytes:
    """The bytes of a certificate's file. UnreadableCertificateError."""
    from ppdesk.identity.errors import UnreadableCertificateError

    try:
        with file.open("rb") as opened:
            return opened.read(_MOST)
    except OSError:
        raise UnreadableCertificateError from None


def _token_words(token: "Token") -> str:
    name = f"{token.label} ({token.manufacturer} {token.model})"
    if token.locked:
        return tr("{name}, locked", name=name)
    return tr("{name}, one try left", name=name) if token.last_try else name


def _own(held: "Held") -> OwnKey:
    from ppdesk.workbench.keys.signers import WORDS

    until = held.certificate.not_valid_after_utc.date().isoformat()
    return OwnKey(held.name, held.kind, WORDS[held.kind], held.fingerprint, until)


def _closed(signer: "Signer") -> None:
    from ppdesk.workbench.keys.signers import close_signer

    close_signer(signer)
