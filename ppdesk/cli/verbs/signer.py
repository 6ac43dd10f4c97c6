"""`ppdesk signer`: the keys that this person signs with."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli.errors import UnwritableFileError
from ppdesk.cli.files import write_new
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import file_passphrase_option, signer_options, test_mode_option, verb, verb_group
from ppdesk.cli.passphrases import KEY_FILE, SIGNER
from ppdesk.core.exits import Exit
from ppdesk.workbench.home import account_name

if TYPE_CHECKING:
    from ppdesk.core.canonical import Json
    from ppdesk.workbench.keys.signers import Held

_FILE = click.Path(path_type=Path)


def _name_option() -> click.Option:
    return click.Option(["--signer"], metavar="NAME", help="Whose key. Otherwise the account's name.")


@verb("list", test_mode_option(), summary="Show your signing keys")
def LIST(invocation: Invocation, access: Access) -> int:
    """Show every signing key of yours: name, kind, fingerprint and until when its certificate is valid."""
    from ppdesk.workbench.keys.signers import held

    found = held(invocation.home, access.mode)
    lines = [line for one in found for line in _brief(one)] or ["There is no signing key yet."]
    invocation.console.result({"signers": [_told(one) for one in found], "stamp": access.mode.stamp}, lines)
    return Exit.OK


@verb("new", *signer_options(), test_mode_option(), summary="Make a signing key")
def NEW(invocation: Invocation, access: Access) -> int:
    """Make a signing key on P-256 with a self-signed certificate, kept under a passphrase of its own. Its
    fingerprint is for those who will verify."""
    made = invocation.new_signer(access)
    return _show(invocation, access, made.name)


@verb(
    "import",
    click.Argument(["file"], type=_FILE, metavar="FILE"),
    file_passphrase_option(),
    click.Option(
        ["--signer-passphrase-file"],
        type=_FILE,
        metavar="FILE",
        help="File whose first line is the passphrase that the key gets here. Otherwise "
        "PPDESK_SIGNER_PASSPHRASE, otherwise it is asked for, twice.",
    ),
    click.Option(
        ["--replace"],
        is_flag=True,
        help="Let it take the place of a key of the same name, as for a renewed certificate. The old files "
        "stay beside the new ones, renamed.",
    ),
    test_mode_option(),
    summary="Import a key from a PKCS#12 file",
)
def IMPORT(
    invocation: Invocation, access: Access, *, file: Path, file_passphrase_file: Path | None, replace: bool
) -> int:
    """Import the signing key in a PKCS#12 FILE (.p12, .pfx) of your organisation. The name is the one in its
    certificate. The FILE is not changed and not needed again."""
    from ppdesk.workbench.keys.signers import import_signer

    policy = invocation.policy
    file_passphrase = invocation.passphrases.get(KEY_FILE, file_passphrase_file, new=False)
    passphrase = invocation.passphrases.get(SIGNER, access.signer_passphrase_file, new=True)
    invocation.judge(passphrase, (file.stem, account_name()))
    made = import_signer(
        invocation.home, access.mode, file, file_passphrase, passphrase, policy=policy, replace=replace
    )
    return _show(invocation, access, made.name)


@verb(
    "token",
    click.Option(
        ["--library"],
        type=_FILE,
        required=True,
        metavar="FILE",
        help="The PKCS#11 library of the card's or module's maker. It is code that will run in ppdesk.",
    ),
    click.Option(["--token"], required=True, metavar="LABEL", help="The token's label or serial number."),
    click.Option(
        ["--key"],
        metavar="LABEL",
        help="The certificate's label on the token, or its fingerprint. Needed where there are several.",
    ),
    test_mode_option(),
    summary="Sign with a smart card or HSM",
)
def TOKEN(invocation: Invocation, access: Access, *, library: Path, token: str, key: str | None) -> int:
    """Note a key on a smart card or hardware security module as a signer, by the name in its certificate. The
    key stays there, and no PIN is kept: it is asked for when you sign."""
    from ppdesk.workbench.keys.signers import register_token

    made = register_token(
        invocation.home, access.mode, library.absolute(), token, key, policy=invocation.policy
    )
    return _show(invocation, access, made.name)


@verb("show", _name_option(), test_mode_option(), summary="Show one signing key")
def SHOW(invocation: Invocation, access: Access) -> int:
    """Show a signing key's fingerprint, algorithm, validity and issuer. Read the fingerprint out to those who
    are to trust it."""
    return _show(invocation, access, access.actor)


@verb("remove", _name_option(), test_mode_option(), summary="Let a name stand for no key any more")
def REMOVE(invocation: Invocation, access: Access) -> int:
    """Let a name stand for no key any more. The files of a key stay in the data folder, renamed, as no copy
    may exist; a token stays as it is. What the keyring keeps for the name is removed."""
    from ppdesk.workbench.keys.signers import remove

    kept = remove(invocation.home, access.mode, access.actor)
    lines = [f"{access.actor} has no signing key here any more.", *(f"Kept: {place}" for place in kept)]
    invocation.console.result({"removed": access.actor, "kept": [str(place) for place in kept]}, lines)
    return Exit.OK


@verb(
    "export",
    _name_option(),
    click.Option(
        ["--certificate"], type=_FILE, required=True, metavar="FILE", help="Where the certificate is written."
    ),
    test_mode_option(),
    summary="Write your certificate for others",
)
def EXPORT(invocation: Invocation, access: Access, *, certificate: Path) -> int:
    """Write the certificate, without the key, as PEM: for those who are to trust your signatures. Tell them
    the fingerprint over another channel."""
    known = _known(invocation, access, access.actor)
    if not certificate.parent.is_dir():
        raise UnwritableFileError(name=certificate.name, reason="there is no such folder")
    write_new(certificate, known.certificate_pem)
    invocation.console.result(
        {**_told(known), "file": str(certificate)},
        [f"Wrote {certificate}", f"Fingerprint: {known.fingerprint}"],
    )
    return Exit.OK


def _known(invocation: Invocation, access: Access, name: str) -> "Held":
    from ppdesk.identity.errors import NoSuchSignerError
    from ppdesk.workbench.keys.signers import find

    known = find(invocation.home, access.mode, name)
    if known is None:
        raise NoSuchSignerError(name=name)
    return known


def _show(invocation: Invocation, access: Access, name: str) -> int:
    known = _known(invocation, access, name)
    told = _told(known)
    lines = [f"{title}: {told[key]}" for key, title in _TITLES.items() if key in told]
    invocation.console.result({**told, "stamp": access.mode.stamp}, lines)
    return Exit.OK


_TITLES = {
    "name": "Name",
    "kind_words": "Kind",
    "fingerprint": "Fingerprint",
    "algorithm": "Signs with",
    "issuer": "Issued by",
    "valid_from": "Valid from",
    "valid_until": "Valid until",
    "token": "Token",
    "library": "PKCS#11 library",
}


def _told(known: "Held") -> "dict[str, Json]":
    from ppdesk.identity.algorithms import algorithm_of
    from ppdesk.workbench.keys.signers import WORDS

    certificate = known.certificate
    own = certificate.issuer == certificate.subject
    told: dict[str, Json] = {
        "name": known.name,
        "kind": known.kind,
        "kind_words": WORDS[known.kind],
        "fingerprint": known.fingerprint,
        "algorithm": algorithm_of(certificate.public_key()).name,
        "issuer": "itself" if own else certificate.issuer.rfc4514_string(),
        "valid_from": f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC",
        "valid_until": f"{certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC",
    }
    if known.token is not None:
        told |= {"token": known.token.token, "library": str(known.token.library)}
    return told


def _brief(known: "Held") -> list[str]:
    told = _told(known)
    return [
        f"{known.name}: {told['kind_words']}, valid until {str(told['valid_until'])[:10]}",
        f"    {known.fingerprint}",
    ]


VERB = verb_group(
    "signer",
    LIST,
    NEW,
    IMPORT,
    TOKEN,
    SHOW,
    REMOVE,
    EXPORT,
    summary="Your signing keys",
    text="The keys that you sign with: made here, imported from a PKCS#12 file, or on a smart card or HSM. "
    "They lie in your data folder, never in a project.",
)
