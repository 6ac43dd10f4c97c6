"""`ppdesk gui`: the window."""

from pathlib import Path

import click

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import verb


@verb(
    "gui",
    click.Argument(["file"], type=click.Path(path_type=Path), required=False, metavar="[PROJECT]"),
    click.Option(
        ["--passphrase-file"],
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File whose first line is the project's passphrase. Otherwise it is asked for.",
    ),
    summary="Open the window",
)
def VERB(invocation: Invocation, access: Access, *, file: Path | None) -> int:
    """Open the window, on PROJECT where one is named."""
    arguments = [] if file is None else [str(file)]
    if access.passphrase_file is not None:
        arguments += ["--passphrase-file", str(access.passphrase_file)]
    code = invocation.window(arguments)
    invocation.console.result({"closed": True, "exit": code}, ())
    return code
