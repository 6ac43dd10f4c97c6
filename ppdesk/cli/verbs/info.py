"""`ppdesk info`: this program, this machine, a project."""

import platform
from collections.abc import Mapping

from ppdesk import __version__, guard
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


@verb(
    "info", *project_options(required=False), rollback_option(), summary="Show versions, folders, the guard"
)
def VERB(invocation: Invocation, access: Access) -> int:
    """Show the program's version, its folders and how the network guard stands; with --project also what
    the project file says about itself."""
    held = guard.state()
    value: dict[str, Json] = {
        "version": __version__,
        "python": platform.python_version(),
        "system": held.system,
        "home": str(invocation.home),
        "guard": {"hook": held.hook, "kernel": held.kernel, "words": held.words},
    }
    lines = [
        f"ppdesk {__version__}, Python {platform.python_version()}, {held.system}",
        f"Data folder: {invocation.home}",
        f"Network: {held.words}",
    ]
    value["policy"], policy_line = _policy(invocation)
    lines.append(policy_line)
    if access.project is not None:
        with invocation.look(access) as session:
            project = {**session.info(), "stamp": stamp_of(session)}
        value |= {"project": project, "stamp": project["stamp"]}
        lines += ["", *_about(project)]
    invocation.console.result(value, lines)
    return Exit.OK


def _about(project: Mapping[str, Json]) -> list[str]:
    """What a project file says about itself, in words. The JSON has more."""
    told = [
        ("Project file", project["path"]),
        ("Project", project["project_id"]),
        ("Created", project["created"]),
        ("Stamp", project["stamp"]),
        ("Events", f"{project['events']:,}"),
        ("Head of the history", f"{project['head_hash']} (event {project['head_seq']})"),
        ("Standing", project["standing"]),
        ("Not yet signed", project["unsigned"]),
        ("For reading only", project["why_read_only"]),
        ("Copy", project.get("copy", "")),
        ("Copy made", project.get("copy_made", "")),
    ]
    lines = [f"{name}: {value}" for name, value in told if value]
    if "copy" in project:
        closed = project["copy_redacted"]
        assert isinstance(closed, list)  # noqa: S101  Session.info says so
        lines.append(f"Withheld: {project['copy_withheld']} parts of artifacts")
        lines.append(f"Closed fields: {', '.join(map(str, closed)) or 'none'}")
    return lines


def _policy(invocation: Invocation) -> tuple[Json, str]:
    """IT's policy for this machine: (for a script, for a person). One that cannot be used is told, too."""
    try:
        policy = invocation.policy
    except CodedError as error:
        return {"error": error.to_json()}, f"Policy: {error.error_code}: {error.message}"
    if not policy.in_force:
        return None, "Policy: none"
    told: dict[str, Json] = {"title": policy.rules.title, "place": policy.place, "sha256": policy.sha256}
    return told, f"Policy: {policy.rules.title} ({policy.place})"
