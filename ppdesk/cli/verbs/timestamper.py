"""`ppdesk timestamper`: keys that state when a report was signed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli.files import write_new
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import (
    file_passphrase_option,
    test_mode_option,
    timestamp_passphrase_option,
    verb,
    verb_group,
)
from ppdesk.cli.passphrases import KEY_FILE, TIMESTAMP
from ppdesk.core.exits import Exit

if TYPE_CHECKING:
    from ppdesk.core.canonical import Json
    from ppdesk.workbench.keys.timestampers import Held

_FILE = click.Path(path_type=Path)


@verb("list", test_mode_option(), summary="Show your timestamp keys")
def LIST(invocation: Invocation, access: Access) -> int:
    """Show every timestamp key of yours: name, fingerprint and until when its certificate is valid."""
    from ppdesk.workbench.keys.timestampers import held

    found = held(invocation.home, access.mode)
    lines = [line for one in found for line in _lines(one)] or ["There is no timestamp key yet."]
    invocation.console.result(
        {"timestampers": [_told(one) for one in found], "stamp": access.mode.stamp}, lines
    )
    return Exit.OK


@verb(
    "new",
    click.Argument(["name"], metavar="NAME"),
    timestamp_passphrase_option(),
    test_mode_option(),
    summary="Make a timestamp key",
)
def NEW(invocation: Invocation, access: Access, *, name: str) -> int:
    """Make a key for timestamps under NAME, with a self-signed certificate that is for nothing else. It
    should belong to somebody who signs no reports: a timestamp proves nothing against whoever holds the
    key."""
    from ppdesk.workbench.keys import timestampers

    passphrase = invocation.passphrases.get(TIMESTAMP, access.timestamp_passphrase_file, new=True)
    invocation.judge(passphrase, (name,))
    made = timestampers.new(invocation.home, access.mode, name, passphrase, policy=invocation.policy)
    return _show(invocation, access, made.name)


@verb(
    "import",
    click.Argument(["file"], type=_FILE, metavar="FILE"),
    file_passphrase_option(),
    timestamp_passphrase_option(),
    test_mode_option(),
    summary="Import a timestamp key from a PKCS#12 file",
)
def IMPORT(invocation: Invocation, access: Access, *, file: Path, file_passphrase_file: Path | None) -> int:
    """Import the timestamp key in a PKCS#12 FILE (.p12, .pfx). Its certificate must have the extended key
    usage timeStamping, alone and critical (RFC 3161)."""
    from ppdesk.workbench.keys import timestampers

    file_passphrase = invocation.passphrases.get(KEY_FILE, file_passphrase_file, new=False)
    passphrase = invocation.passphrases.get(TIMESTAMP, access.timestamp_passphrase_file, new=True)
    invocation.judge(passphrase, (file.stem,))
    made = timestampers.take(
        invocation.home, access.mode, file, file_passphrase, passphrase, policy=invocation.policy
    )
    return _show(invocation, access, made.name)


@verb(
    "export",
    click.Argument(["name"], metavar="NAME"),
    click.Option(
        ["--certificate"], type=_FILE, required=True, metavar="FILE", help="Where the certificate is written."
    ),
    test_mode_option(),
    summary="Write a timestamp key's certificate for others",
)
def EXPORT(invocation: Invocation, access: Access, *, name: str, certificate: Path) -> int:
    """Write the certificate of NAME, without the key, as PEM: for those who are to trust its timestamps (see
    ppdesk trust add). Tell them the fingerprint over another channel."""
    from ppdesk.workbench.keys.timestampers import find

    found = find(invocation.home, access.mode, name)
    write_new(certificate, found.certificate_pem)
    invocation.console.result(
        {**_told(found), "file": str(certificate), "stamp": access.mode.stamp},
        [f"Wrote {certificate}", f"Fingerprint: {found.fingerprint}"],
    )
    return Exit.OK


def _show(invocation: Invocation, access: Access, name: str) -> int:
    from ppdesk.workbench.keys.timestampers import held

    found = next(one for one in held(invocation.home, access.mode) if one.name == name)
    invocation.console.result({**_told(found), "stamp": access.mode.stamp}, _lines(found))
    return Exit.OK


def _told(one: "Held") -> "dict[str, Json]":
    certificate = one.certificate
    own = certificate.issuer == certificate.subject
    return {
        "name": one.name,
        "fingerprint": one.fingerprint,
        "issuer": "itself" if own else certificate.issuer.rfc4514_string(),
        "valid_until": f"{certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC",
    }


def _lines(one: "Held") -> list[str]:
    told = _told(one)
    until = str(told["valid_until"])[:10]
    return [f"{one.name}: issued by {told['issuer']}, valid until {until}", f"    {one.fingerprint}"]


VERB = verb_group(
    "timestamper",
    LIST,
    NEW,
    IMPORT,
    EXPORT,
    summary="Keys that state when a report was signed",
    text="Keys for timestamps over a report's signature (RFC 3161), on this computer: `ppdesk report TO "
    "--timestamp NAME`. No third party stands behind them.",
)
