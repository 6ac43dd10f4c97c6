"""`ppdesk passphrase`: another passphrase for a project, and the keyring."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli.errors import BadCommandLineError
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.cli.passphrases import NEW_PROJECT
from ppdesk.cli.results import finding_lines
from ppdesk.cli.signing import at_work
from ppdesk.core.exits import Exit
from ppdesk.workbench.home import account_name

if TYPE_CHECKING:
    from ppdesk.core.canonical import Json


@verb(
    "passphrase",
    *project_options(),
    rollback_option(),
    click.Option(
        ["--new-passphrase-file"],
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File whose first line is the new passphrase. Otherwise PPDESK_NEW_PASSPHRASE, otherwise it is "
        "asked for, twice.",
    ),
    click.Option(
        ["--remember"], is_flag=True, help="Change nothing; keep the passphrase in the system's keyring."
    ),
    click.Option(["--forget"], is_flag=True, help="Change nothing; remove it from the system's keyring."),
    *signer_options(),
    test_mode_option(),
    summary="Change a project's passphrase",
)
def VERB(
    invocation: Invocation, access: Access, *, new_passphrase_file: Path | None, remember: bool, forget: bool
) -> int:
    """Put a project under another passphrase: the file is written anew with a new key. Copies made earlier
    still open with the old one. Where policy asks for escrow, the new key is laid down first."""
    if (remember and forget) or (new_passphrase_file and (remember or forget)):
        raise BadCommandLineError(
            reason="--remember, --forget and --new-passphrase-file exclude each other.",
            program="ppdesk passphrase",
        )
    if forget:
        return _forget(invocation, access)
    if remember:
        return _remember(invocation, access)
    assert access.project is not None  # noqa: S101  the option is required
    old = invocation.passphrase(access)
    opened = invocation.open(access, old)
    with at_work(invocation, access, opened, needed=False) as session:
        new = invocation.passphrases.get(NEW_PROJECT, new_passphrase_file, new=True)
        invocation.judge(new, (access.project.stem, account_name(), access.actor), always=True)
        findings = session.change_passphrase(old, new)
        info = session.info()
    value: dict[str, Json] = {
        "path": info["path"],
        "project_id": info["project_id"],
        "changed": True,
        "findings": [finding.to_json() for finding in findings],
        "stamp": info["stamp"],
    }
    words = "The passphrase was changed. Copies of the file made earlier still open with the old one."
    invocation.console.result(value, [words, *finding_lines(findings)])
    return Exit.OK


def _forget(invocation: Invocation, access: Access) -> int:
    from ppdesk.workbench.keys import passphrases

    assert access.project is not None  # noqa: S101  the option is required
    gone = passphrases.forget(access.project.absolute())
    words = "Removed from the keyring." if gone else "The keyring kept nothing for this project."
    invocation.console.result({"kept": False, "removed": gone}, [words])
    return Exit.OK


def _remember(invocation: Invocation, access: Access) -> int:
    from ppdesk.cli.errors import KeyringRefusedError, NoKeyringError
    from ppdesk.workbench.keys import passphrases

    assert access.project is not None  # noqa: S101  the option is required
    if not invocation.policy.rules.passphrases.keyring:
        raise KeyringRefusedError
    passphrase = invocation.passphrase(access)
    invocation.look(access, passphrase).close()  # keeps none that does not open it
    if not passphrases.remember(access.project.absolute(), passphrase):
        raise NoKeyringError
    invocation.console.result({"kept": True}, ["The system's keyring keeps this project's passphrase now."])
    return Exit.OK
