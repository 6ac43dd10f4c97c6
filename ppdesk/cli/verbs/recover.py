"""`ppdesk recover`: into a project whose passphrase is lost, with the escrow file and IT's key."""

from pathlib import Path

import click

from ppdesk.cli.files import read_small
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import rollback_option, test_mode_option, verb
from ppdesk.cli.passphrases import ESCROW_KEY, NEW_PROJECT
from ppdesk.cli.results import finding_lines
from ppdesk.core.exits import Exit
from ppdesk.workbench.home import account_name

_FILE = click.Path(path_type=Path)


@verb(
    "recover",
    click.Option(["--project"], type=_FILE, required=True, metavar="FILE", help="The project file."),
    click.Option(
        ["--escrow"], type=_FILE, required=True, metavar="FILE", help="Its file in the escrow folder."
    ),
    click.Option(["--key"], type=_FILE, required=True, metavar="FILE", help="The private escrow key."),
    click.Option(
        ["--key-passphrase-file"],
        type=_FILE,
        metavar="FILE",
        help="File whose first line is the private key's passphrase. Otherwise PPDESK_ESCROW_PASSPHRASE, "
        "otherwise it is asked for.",
    ),
    click.Option(
        ["--new-passphrase-file"],
        type=_FILE,
        metavar="FILE",
        help="File whose first line is the project's new passphrase. Otherwise PPDESK_NEW_PASSPHRASE, "
        "otherwise it is asked for, twice.",
    ),
    rollback_option(),
    click.Option(
        ["--signer"],
        metavar="NAME",
        help="Who recovers it, for the record. Otherwise the account's name.",
    ),
    test_mode_option(),
    summary="Open a project with the escrow key",
)
def VERB(
    invocation: Invocation,
    access: Access,
    *,
    escrow: Path,
    key: Path,
    key_passphrase_file: Path | None,
    new_passphrase_file: Path | None,
) -> int:
    """Open a project whose passphrase is lost, with its escrow file and the private escrow key, and set a new
    passphrase. That it was opened so goes on record first."""
    from ppdesk.identity.escrow import MOST_BYTES, read_private
    from ppdesk.workbench.keys.recovery import recover

    assert access.project is not None  # noqa: S101  the option is required
    policy = invocation.policy
    sealed, locked = read_small(escrow, MOST_BYTES), read_small(key, MOST_BYTES)
    private = read_private(locked, invocation.passphrases.get(ESCROW_KEY, key_passphrase_file, new=False))
    new = invocation.passphrases.get(NEW_PROJECT, new_passphrase_file, new=True)
    invocation.judge(new, (access.project.stem, account_name(), access.actor), always=True)
    done = recover(
        access.project.absolute(),
        sealed,
        private,
        new,
        mode=access.mode,
        home=invocation.home,
        actor=access.actor,
        policy=policy,
        despite_rollback=access.despite_rollback,
    )
    invocation.console.result(
        {
            "project_id": done.project_id,
            "recipient": done.recipient,
            "events": done.events,
            "findings": [finding.to_json() for finding in done.standing],
            "stamp": access.mode.stamp,
        },
        [
            f"Project {done.project_id} was opened with the escrow key and has a new passphrase.",
            "Both stand on record. Whoever works in it will see that.",
            *finding_lines(list(done.standing)),
        ],
    )
    return Exit.OK
