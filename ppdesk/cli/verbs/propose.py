"""`ppdesk propose`: a data dictionary to begin with."""

from pathlib import Path

import click

from ppdesk.cli.files import write_new
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.artifacts import Kind
from ppdesk.core.exits import Exit
from ppdesk.workbench.errors import MissingInputError


@verb(
    "propose",
    click.Argument(["file"], type=click.Path(path_type=Path)),
    *project_options(),
    rollback_option(),
    summary="Write a data dictionary as the table suggests it",
)
def VERB(invocation: Invocation, access: Access, *, file: Path) -> int:
    """Write a data dictionary for roles to FILE, as the inspection proposes it, for you to read, change and
    complete. It has names, types, counts, reasons and how each quasi-identifier could generalize, never a
    value; bounds and categories are yours to fill in."""
    from ppdesk.workflow.data.roles_proposal import proposal, reasons
    from ppdesk.workflow.dictionary import written

    with invocation.look(access) as session:
        heads, stamp = session.heads(), stamp_of(session)
    if Kind.TABLE not in heads:
        raise MissingInputError(step="propose", kind=Kind.TABLE.value, maker="import")
    inspection = heads.get(Kind.INSPECTION)
    values = proposal(inspection, heads[Kind.TABLE])
    write_new(file, written(values, reasons(inspection, heads[Kind.TABLE])).encode())
    said = [f"Written: {file}", "Read and complete it, then: ppdesk roles --dictionary FILE"]
    if inspection is None:
        said.insert(0, "The table was not inspected: every column is proposed as quasi-identifier.")
    told = {**values, "inspected": inspection is not None, "files": [str(file)], "stamp": stamp}
    invocation.console.result(told, said)
    return Exit.OK
