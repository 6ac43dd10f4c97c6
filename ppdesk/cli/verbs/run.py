"""`ppdesk run`: a recipe from its first step to its last."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli.cancel import stoppable
from ppdesk.cli.errors import BadCommandLineError
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import (
    copy_option,
    overwrite_option,
    project_options,
    rollback_option,
    signer_options,
    test_mode_option,
    verb,
)
from ppdesk.cli.progress import bar
from ppdesk.cli.results import exit_of, stamp_of
from ppdesk.cli.signing import at_work
from ppdesk.cli.summary import summary_json, summary_lines
from ppdesk.core.errors import CancelledRunError, CodedError

if TYPE_CHECKING:
    from ppdesk.workbench.session import Session
    from ppdesk.workbench.views import StepResult
    from ppdesk.workflow.recipe import Recipe


@verb(
    "run",
    click.Argument(["recipe"], type=click.Path(path_type=Path), metavar="RECIPE"),
    *project_options(),
    rollback_option(),
    *signer_options(),
    copy_option(),
    overwrite_option(),
    click.Option(
        ["--from", "first"],
        type=click.IntRange(min=1),
        default=1,
        metavar="NUMBER",
        help="Go on from this step of the recipe: those before it are on record.",
    ),
    test_mode_option(),
    summary="Run a recipe",
)
def VERB(invocation: Invocation, access: Access, *, recipe: Path, overwrite: bool, first: int) -> int:
    """Run a RECIPE, from its first step to its last, in the project, which is created where it does not
    exist. Stops at the first step that fails or is refused; every step before it is on record, and --from
    goes on with it."""
    from ppdesk.workflow.catalog import step
    from ppdesk.workflow.recipe import load_recipe

    began = time.monotonic()
    loaded = load_recipe(recipe)
    if first > len(loaded.steps):
        raise BadCommandLineError(
            reason=f"The recipe has {len(loaded.steps)} steps, none of number {first}.", program="ppdesk run"
        )
    ahead = loaded.steps[first - 1 :]
    seals = any(step(key).seals for key, _ in ahead)
    exports = next((key for key, _ in ahead if step(key).exports), "")
    assert access.project is not None  # noqa: S101  the option is required
    _require_free(loaded, access.project, overwrite=overwrite, first=first)
    opened = invocation.open(access) if access.project.exists() else invocation.create(access)
    with at_work(invocation, access, opened, needed=seals) as session:
        secret = None
        if exports:  # refused now, or a late step would be when an earlier one has spent budget
            secret = session.require_secret(exports, invocation.copy_secret(access))
        done = _steps(invocation, session, loaded, first, overwrite=overwrite, secret=secret)
        session.sign_off()  # now, so that the head that is shown is the last
        budget, info = session.budget(), {**session.info(), "stamp": stamp_of(session)}
    console = invocation.console
    seconds = time.monotonic() - began
    console.result(
        summary_json(loaded.title, done, budget, info),
        summary_lines(loaded.title, done, budget, info, seconds),
    )
    return int(exit_of([finding for result in done for finding in result.findings]))


def _require_free(recipe: "Recipe", project: Path, *, overwrite: bool, first: int = 1) -> None:
    """Refuse before the first step what a late step would refuse: by then an earlier one has spent budget.

    TargetExistsError for a file to write that is there already, unless it may be replaced.
    """
    from ppdesk.core.params import fields_of
    from ppdesk.workbench.errors import TargetExistsError
    from ppdesk.workflow.catalog import step

    for key, values in recipe.steps[first - 1 :]:
        names = [values.get(spec.name) for spec in fields_of(step(key).Params) if spec.writes]
        for name in names:
            may = overwrite or values.get("overwrite") is True
            if isinstance(name, str) and (project.parent / name).exists() and not may:
                raise TargetExistsError(name=Path(name).name)


def _steps(
    invocation: Invocation,
    session: "Session",
    recipe: "Recipe",
    first: int,
    *,
    overwrite: bool,
    secret: str | None,
) -> "list[StepResult]":
    done: list[StepResult] = []
    console = invocation.console
    with stoppable() as wish:
        for number, (key, values) in enumerate(recipe.steps[first - 1 :], start=first):
            if wish.is_set():
                raise CancelledRunError
            place = f"[{number}/{len(recipe.steps)}] {key}"
            try:
                with bar(console, place) as drawn:
                    result = session.run(
                        key, values, progress=drawn, cancel=wish, overwrite=overwrite, secret=secret
                    )
            except CodedError:
                console.note(f"{place}: stopped here. `ppdesk run` with --from {number} goes on with it.")
                raise
            # said only after the record stands: who reads this line can rely on the event
            hash_ = result.event.hash[:16] if console.lively else result.event.hash
            console.note(f"{place}: event {result.event.seq} {hash_}")
            done.append(result)
    return done
