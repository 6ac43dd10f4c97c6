"""`ppdesk request`: ask a second person for the approval of a step."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ppdesk.cli import forms
from ppdesk.cli.errors import BadCommandLineError
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.core.exits import Exit

if TYPE_CHECKING:
    from ppdesk.workflow.step import Step

_FILE = click.Path(path_type=Path)


@verb(
    "request",
    click.Argument(["step"], metavar="STEP"),
    click.Option(
        ["--params", "params_file"],
        type=_FILE,
        metavar="FILE",
        help="TOML file with the step's parameters, exactly those that it will be run with.",
    ),
    click.Option(
        ["--recipe"], type=_FILE, metavar="FILE", help="Take them from this recipe's step of that name."
    ),
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Ask for the approval of a step",
)
def VERB(
    invocation: Invocation, access: Access, *, step: str, params_file: Path | None, recipe: Path | None
) -> int:
    """Ask a second person to approve a run of STEP, where this machine's policy wants that. The request is
    signed, and binds the parameters, the inputs as they stand and the source files: a run with others is
    not what was approved."""
    from ppdesk.workflow.catalog import step as find

    if params_file is not None and recipe is not None:
        raise BadCommandLineError(reason="Give --params or --recipe, not both.", program="ppdesk request")
    found = find(step)
    values = _of_recipe(found, recipe) if recipe is not None else _of_file(found, params_file)
    with invocation.open(access) as session:
        session.set_signer(invocation.signer(access))
        event = session.request_approval(found.key, values)
    invocation.console.result(
        {"event": event.seq, "step": found.key, "plan": event.plain["plan"], "stamp": event.stamp},
        [
            f"Asked for, in event {event.seq}.",
            f"A second person answers with `ppdesk approve {event.seq}`; then run it as it was asked for.",
        ],
    )
    return Exit.OK


def _of_file(step: "Step[Any, Any]", file: Path | None) -> dict[str, object]:
    from ppdesk.core.params import fields_of

    return forms.values(step.key, fields_of(step.Params), {}, file)


def _of_recipe(step: "Step[Any, Any]", file: Path) -> dict[str, object]:
    from ppdesk.workflow.recipe import load_recipe

    found = [values for key, values in load_recipe(file).steps if key == step.key]
    if len(found) != 1:
        reason = (
            f"The recipe has {len(found)} steps of that name; write the parameters into a file (--params)."
        )
        raise BadCommandLineError(reason=reason, program="ppdesk request")
    return dict(found[0])
