"""Who signs what a verb adds: asked for where it must be, else taken where it lies ready; and what is said
of events that nobody has signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ppdesk.cli.passphrases import SIGNER, TOKEN
from ppdesk.core.errors import CodedError

if TYPE_CHECKING:
    from ppdesk.cli.invocation import Access, Invocation
    from ppdesk.identity.signer import Signer
    from ppdesk.workbench.session import Session


@contextmanager
def at_work(
    invocation: "Invocation", access: "Access", session: "Session", *, needed: bool
) -> "Iterator[Session]":
    """`session` with its signer, closed at the end; what could not be signed then is told.

    `needed`: the verb signs, so the passphrase is asked for. Otherwise the signer is there when the
    passphrase is (a file, the environment, the keyring), and nobody is asked.
    """
    with session:
        required = invocation.policy.rules.signers.required
        if session.info().get("read_only"):  # nothing will be signed: the work itself says why
            needed = required = False
        signer = invocation.signer(access) if needed or required else at_hand(invocation, access)
        if signer is not None:
            session.set_signer(signer)
        yield session
        left = "" if signer is not None else str(session.info().get("unsigned", ""))
    if session.not_signed is not None:
        error = session.not_signed
        invocation.console.note(f"{error.error_code}: {error.message} {error.advice}")
    elif left:
        invocation.console.note(
            f"{left}. `ppdesk sign` signs {'it' if left.startswith('Event ') else 'them'}."
        )


def at_hand(invocation: "Invocation", access: "Access") -> "Signer | None":
    """The signer, if nobody has to be asked for it. What keeps a key from being used is told, and the verb
    goes on without."""
    from ppdesk.workbench.keys import signers

    try:
        known = signers.find(invocation.home, access.mode, access.actor)
        source = TOKEN if known is not None and known.token is not None else SIGNER
        given = access.signer_passphrase_file is not None or source.variable in invocation.passphrases.given
        if known is not None and known.token is not None and known.token.keypad:
            return None
        kept = known is not None and not given and invocation.may_keep
        if not given and not (kept and known and signers.keyring(access.mode).recall(known.name)):
            return None
        return invocation.signer(access)
    except CodedError as error:
        invocation.console.note(f"Nothing is signed: {error.message} ({error.error_code})")
        return None
