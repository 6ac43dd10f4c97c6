"""`ppdesk hierarchies`: what the quasi-identifiers generalize by, as files that ARX reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli.console import plain
from ppdesk.cli.files import write_new
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit
from ppdesk.workbench.errors import OutdatedInputError
from ppdesk.workflow.treated import treated_columns

if TYPE_CHECKING:
    from ppdesk.workbench.session import Session

_BY_CLASS = "its level differs by class, so no one value became no one other"


@verb(
    "hierarchies",
    click.Argument(["folder"], type=click.Path(path_type=Path, file_okay=False, exists=True)),
    click.Option(
        ["--applied"],
        is_flag=True,
        help="Write what each value became in the release instead: value and label, two columns.",
    ),
    *project_options(),
    rollback_option(),
    summary="Write the hierarchies of the project as files",
)
def VERB(invocation: Invocation, access: Access, *, folder: Path, applied: bool) -> int:
    """Write the hierarchies that hold now into FOLDER, one CSV file for each quasi-identifier, as ARX writes
    and reads them. A hierarchy whose values were found in the table is withheld: they are values of people.
    Its rule is shown instead."""
    with invocation.look(access) as session:
        made, stamp = session.artifact(Kind.HIERARCHIES), stamp_of(session)
        levels, others, suppressed = _released(session) if applied else ({}, {}, 0)
    shapes = _shapes(made.head)
    withheld = {name: str(one.get("rule", "")) for name, one in shapes.items() if one.get("open")}
    kept = [name for name in shapes if name not in withheld and (not applied or name in levels)]
    files: dict[str, str] = {}
    if kept:
        from ppdesk.anonymize.hierarchies import from_json, to_csv
        from ppdesk.anonymize.hierarchy_files import applied_csv, file_names

        trees = from_json(made.data("hierarchies"))
        named = file_names([f"{name}_applied" for name in kept] if applied else kept)
        for name, file in zip(kept, named, strict=True):
            tree = trees[name]
            write_new(folder / file, applied_csv(tree, levels[name]) if applied else to_csv(tree))
            files[name] = str(folder / file)
    told: dict[str, Json] = {
        "hierarchies": dict(files), "withheld": dict(withheld), "files": list(files.values()), "stamp": stamp,
    }  # fmt: skip
    said = [f"Written: {file}" for file in files.values()]
    said += [f"Withheld, values of the table: {name} ({rule})" for name, rule in withheld.items()]
    if applied:
        told |= {"levels": dict(levels), "not_applied": dict(others), "suppressed": suppressed}
        said += [f"Not written: {name}: {reason}" for name, reason in others.items()]
        said += [f"{suppressed:,} suppressed records became * instead."] if suppressed else []
    invocation.console.result(told, [plain(line) for line in said or ["There are none."]])
    return Exit.OK


def _released(session: "Session") -> tuple[dict[str, int], dict[str, str], int]:
    """(the level of each column in the release, why another column has none, suppressed records).
    NothingYetError, and OutdatedInputError where Roles has made other hierarchies since."""
    head = session.artifact(Kind.RELEASE).head
    events = [event for event in session.events() if event.outcome == "ok"]
    used = [event.inputs.get(Kind.HIERARCHIES) for event in events if Kind.RELEASE in event.outputs][-1:]
    now = [event.outputs[Kind.HIERARCHIES] for event in events if Kind.HIERARCHIES in event.outputs][-1:]
    if used != now:
        raise OutdatedInputError(step="hierarchies", kind=Kind.RELEASE.value, maker="anonymize")
    said, treated = head.get("levels"), treated_columns(head)
    levels, others = {}, {}
    for name, level in said.items() if isinstance(said, Mapping) else ():
        if name in treated:
            others[name] = f"its values were changed by {treated[name]}"
        elif isinstance(level, int):
            levels[name] = level
        else:
            others[name] = _BY_CLASS
    suppressed = head.get("suppressed")
    return levels, others, suppressed if isinstance(suppressed, int) else 0


def _shapes(head: Head) -> Mapping[str, Mapping[str, Json]]:
    columns = head.get("columns")
    found = columns.items() if isinstance(columns, Mapping) else ()
    return {str(name): one for name, one in found if isinstance(one, Mapping)}
