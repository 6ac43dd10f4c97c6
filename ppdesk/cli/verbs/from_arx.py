"""`ppdesk from-arx`: a project of ARX as a recipe."""

from pathlib import Path

import click

from ppdesk.cli.cancel import stoppable
from ppdesk.cli.console import plain
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import verb
from ppdesk.core.exits import Exit


@verb(
    "from-arx",
    click.Argument(["file"], type=click.Path(path_type=Path)),
    click.Argument(["folder"], type=click.Path(path_type=Path)),
    click.Option(
        ["--table/--no-table"], default=True, help="Whether the table of the project is written too."
    ),
    summary="Take a project of ARX: its table, hierarchies and settings",
)
def VERB(invocation: Invocation, _access: Access, *, file: Path, folder: Path, table: bool) -> int:
    """Take the ARX project FILE (.deid) into FOLDER, which must be new or empty: a recipe that does the same
    (import, roles, anonymize), the data dictionary, a CSV file for each hierarchy, the table as the project
    has it, and a list of what could not be taken, with reasons. Java objects in it are never read."""
    from ppdesk.workbench.arx_projects import take

    with stoppable() as wish:
        found = take(file, folder, with_table=table, cancel=wish)
    table_too = "the table" if found.table else "no table"
    begin = f"Taken from ARX {found.version}: {found.columns:,} columns, {found.hierarchies:,} hierarchies, "
    said = [
        f"{begin}{table_too}.",
        f"Written to {folder}: {', '.join(found.files)}",
        "",
        "Not taken, or only in part:",
        *(f"- {one}" for one in found.not_taken),
        "",
        f"Read it, then: ppdesk run {folder / 'recipe.toml'} --project FILE",
    ]
    told = {**found.model_dump(mode="json"), "folder": str(folder)}
    invocation.console.result(told, [plain(line) for line in said])
    return Exit.OK
