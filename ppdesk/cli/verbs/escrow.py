"""`ppdesk escrow keygen`: the key pair to which IT has projects' keys sealed."""

from pathlib import Path

import click

from ppdesk.cli.files import write_new
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import verb, verb_group
from ppdesk.cli.passphrases import ESCROW_KEY
from ppdesk.core.exits import Exit

PRIVATE, PUBLIC = "escrow.private.pem", "escrow.public.pem"


@verb(
    "keygen",
    click.Option(
        ["--out"],
        type=click.Path(path_type=Path, file_okay=False),
        required=True,
        metavar="FOLDER",
        help="Where the two files are written. The folder must exist.",
    ),
    click.Option(
        ["--key-passphrase-file"],
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File whose first line is the private key's passphrase. Otherwise PPDESK_ESCROW_PASSPHRASE, "
        "otherwise it is asked for, twice.",
    ),
    summary="Make a key pair for escrow",
)
def KEYGEN(invocation: Invocation, _access: Access, *, out: Path, key_passphrase_file: Path | None) -> int:
    """Make a key pair for escrow: the public key belongs into the machines' policy, the private key, under
    its passphrase, into a safe. Who has both can open every project that is sealed to it."""
    from ppdesk.core.entropy import SystemEntropy
    from ppdesk.identity import escrow

    passphrase = invocation.passphrases.get(ESCROW_KEY, key_passphrase_file, new=True)
    invocation.judge(passphrase, ("escrow",), always=True)
    private, public = escrow.generate(passphrase, SystemEntropy())
    write_new(out / PRIVATE, private)
    write_new(out / PUBLIC, public)
    recipient = escrow.recipient(public)
    invocation.console.result(
        {
            "private_key": str(out / PRIVATE),
            "public_key": str(out / PUBLIC),
            "recipient": recipient,
            "pem": public.decode(),
        },
        [
            f"Private key, to be kept away from every workplace: {out / PRIVATE}",
            f"Public key, for `public_key` under [escrow] in the policy: {out / PUBLIC}",
            f"Fingerprint: {recipient}",
            *public.decode().splitlines(),
        ],
    )
    return Exit.OK


VERB = verb_group(
    "escrow",
    KEYGEN,
    summary="Make IT's key for escrow",
    text="Where a machine's policy asks for it, the key of each project is sealed to a key of IT's, so "
    "that a lost passphrase does not mean a lost project. See `ppdesk recover`.",
)
