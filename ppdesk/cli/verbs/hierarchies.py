"""`ppdesk hierarchies`: what the quasi-identifiers generalize by, as files that ARX reads."""

from collections.abc import Mapping
from pathlib import Path

import click

from ppdesk.cli.console import plain
from ppdesk.cli.files import write_new
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit


@verb(
    "hierarchies",
    click.Argument(["folder"], type=click.Path(path_type=Path, file_okay=False, exists=True)),
    *project_options(),
    rollback_option(),
    summary="Write the hierarchies of the project as files",
)
def VERB(invocation: Invocation, access: Access, *, folder: Path) -> int:
    """Write the hierarchies that hold now into FOLDER, one CSV file for each quasi-identifier, as ARX writes
    and reads them. A hierarchy whose values were found in the table is withheld: they are values of people.
    Its rule is shown instead."""
    with invocation.look(access) as session:
        made, stamp = session.artifact(Kind.HIERARCHIES), stamp_of(session)
    shapes = _shapes(made.head)
    withheld = {name: str(one.get("rule", "")) for name, one in shapes.items() if one.get("open")}
    kept = [name for name in shapes if name not in withheld]
    files: dict[str, str] = {}
    if kept:
        from ppdesk.anonymize.hierarchies import from_json, to_csv
        from ppdesk.anonymize.hierarchy_files import file_names

        trees = from_json(made.data("hierarchies"))
        for name, file in zip(kept, file_names(kept), strict=True):
            write_new(folder / file, to_csv(trees[name]))
            files[name] = str(folder / file)
    told: dict[str, Json] = {
        "hierarchies": dict(files), "withheld": dict(withheld), "files": list(files.values()), "stamp": stamp,
    }  # fmt: skip
    said = [f"Written: {file}" for file in files.values()]
    said += [f"Withheld, values of the table: {name} ({rule})" for name, rule in withheld.items()]
    invocation.console.result(told, [plain(line) for line in said or ["There are none."]])
    return Exit.OK


def _shapes(head: Head) -> Mapping[str, Mapping[str, Json]]:
    columns = head.get("columns")
    found = columns.items() if isinstance(columns, Mapping) else ()
    return {str(name): one for name, one in found if isinstance(one, Mapping)}
