"""`ppdesk policy`: what IT has set for this machine, and whether a policy file could be used."""

from collections.abc import Collection
from pathlib import Path

import click

from ppdesk.cli import sections
from ppdesk.cli.errors import BadPolicyFileError
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb, verb_group
from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.policy.values import Value, from_environment, values_of


@verb("show", *project_options(required=False), rollback_option(), summary="Show what IT has set")
def SHOW(invocation: Invocation, access: Access) -> int:
    """Show each value that IT can set for this machine: what holds, and whether it comes from the policy,
    from the standard of the --project, or is built in. Exit 3 where there is a policy that cannot be
    used."""
    try:
        policy = invocation.policy
    except CodedError as error:
        invocation.console.result(
            {"policy": None, "error": error.to_json()},
            [f"{error.error_code}: {error.message}", error.advice],
        )
        return Exit.REFUSED
    values = values_of(policy, _standard(invocation, access))
    remark = from_environment(policy, invocation.environment)
    told: dict[str, Json] = {
        "policy": {
            "title": policy.rules.title if policy.in_force else "",
            "contact": policy.rules.contact,
            "place": policy.place,
            "origin": policy.origin,
            "sha256": policy.sha256,
        },
        "remark": remark,
        "values": [value.to_json() for value in values],
    }
    head = [f"Policy: {policy.rules.title} ({policy.place})"] if policy.in_force else ["No policy is set."]
    if policy.in_force:
        head += [f"SHA-256: {policy.sha256}", f"Questions: {policy.contact}"]
    invocation.console.result(told, [*head, *([remark] if remark else []), "", *_table(values)])
    return Exit.OK


@verb(
    "check",
    click.Argument(["file"], type=click.Path(path_type=Path), metavar="FILE"),
    summary="Test a policy file before it is rolled out",
)
def CHECK(invocation: Invocation, _access: Access, *, file: Path) -> int:
    """Test a policy FILE before it is rolled out: all that is wrong with it, not only the first thing. Where
    it lies and who may write it is not looked at. Exit 6 where it could not be used."""
    from ppdesk.core.canonical import sha256_hex
    from ppdesk.policy.errors import PolicyUnreadableError
    from ppdesk.policy.place import read_file
    from ppdesk.policy.reading import judged
    from ppdesk.workflow.catalog import CATALOG

    try:
        untrusted = read_file(file.absolute(), absent_ok=False) or b""
    except PolicyUnreadableError as error:
        raise BadPolicyFileError(name=file.name, reason=str(error.values["reason"])) from None
    rules, problems = judged(untrusted, [entry.key for entry in CATALOG])
    digest = sha256_hex(untrusted)
    told: dict[str, Json] = {
        "file": file.name,
        "valid": rules is not None,
        "title": "" if rules is None else rules.title,
        "sha256": digest,
        "problems": list(problems),
    }
    if rules is None:
        invocation.console.result(
            told, [*problems, f"{file.name} cannot be used. {_count(problems)} to mend."]
        )
        return Exit.BAD_INPUT
    invocation.console.result(told, [f"{file.name} can be used: {rules.title}", f"SHA-256: {digest}"])
    return Exit.OK


VERB = verb_group(
    "policy",
    SHOW,
    CHECK,
    summary="Show or test what IT has set for this machine",
    text="What IT has set for everybody who works on this machine, and nobody can override.",
)


def _count(problems: Collection[str]) -> str:
    return "One thing" if len(problems) == 1 else f"{len(problems)} things"


def _standard(invocation: Invocation, access: Access) -> Head | None:
    """The standard that holds in the project, as it was chosen there."""
    if access.project is None:
        return None
    with invocation.look(access) as session:
        return session.heads().get(Kind.STANDARD)


def _table(values: list[Value]) -> list[str]:
    rows = [[one.name, one.shown, one.source, one.compared] for one in values]
    return list(sections.columns([["value", "holds", "from", "beside"], *rows]))
