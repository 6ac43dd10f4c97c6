"""The verb of a step, made from the step's definition."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ppdesk.cli import forms, questions, results, suggestions
from ppdesk.cli.cancel import stoppable
from ppdesk.cli.errors import BadCommandLineError
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import (
    copy_option,
    dictionary_option,
    dry_run_option,
    json_option,
    operations_options,
    overwrite_option,
    project_options,
    resume_option,
    rollback_option,
    signer_options,
    split,
    test_mode_option,
    timestamp_options,
    why_option,
)
from ppdesk.cli.progress import bar
from ppdesk.cli.signing import at_work
from ppdesk.core.exits import Exit
from ppdesk.core.findings import blocking
from ppdesk.core.params import FieldSpec, fields_of
from ppdesk.workflow.shorthand import ANSWERS, DICTIONARY, OPERATIONS

if TYPE_CHECKING:
    from ppdesk.core.artifacts import Artifact, Kind
    from ppdesk.workflow.step import Step

_SHORT = {"roles": DICTIONARY, "clean": OPERATIONS}


def step_verb(step: "Step[Any, Any]") -> click.Command:
    """The command for `step`: its parameters, then the options that every step verb has."""
    fields = fields_of(step.Params)
    alone = stands_alone(step)

    @click.pass_context
    def callback(context: click.Context, /, **given: Any) -> int:
        access, own = split(given)
        overwrite, dry = bool(own.pop("overwrite", False)), bool(own.pop("dry_run", False))
        resume, why = own.pop("resume", None), own.pop("why", None) or ""
        values = forms.values(step.key, fields, own, own.pop("params_file"))
        invocation: Invocation = context.obj
        if own.get("suggestions"):
            return suggestions.show(invocation, access)
        if own.get("clusters"):
            return suggestions.clusters(invocation, access, own["clusters"], own["by"])
        if own.get("questions"):
            return questions.show(invocation, access, own["questions"])
        if access.project is None and not alone:  # only questions are printed without one
            raise BadCommandLineError(reason="Missing option '--project'.", program=f"ppdesk {step.key}")
        for short in (DICTIONARY, OPERATIONS, ANSWERS):
            if own.get(short):
                values[short] = str(Path(own[short]).absolute())
        absent = None if DICTIONARY in values else forms.missing(fields, values, taken)
        if absent is not None:
            instead = f" or --{_SHORT[step.key]}" if step.key in _SHORT else ""
            raise BadCommandLineError(reason=f"Missing {absent}{instead}.", program=f"ppdesk {step.key}")
        if dry and resume is not None:
            raise BadCommandLineError(
                reason="--resume spends nothing: there is no --dry-run of it.", program=f"ppdesk {step.key}"
            )
        if dry and access.project is not None:
            return _dry(invocation, access, step, values)
        if access.project is None:
            return _without_project(invocation, access, step, values)
        return _on_record(invocation, access, step, values, overwrite=overwrite, resume=resume, why=why)

    shared = _shared(step, fields, alone=alone)
    taken = {name for option in shared for name in option.opts}
    return click.Command(
        step.key,
        params=[*forms.parameters(fields, taken), *shared],
        callback=callback,
        help=f"{step.purpose}\n\n{step.help}",
        epilog=_epilog(step.key, fields),
    )


def stands_alone(step: "Step[Any, Any]") -> bool:
    """Whether the step can do its work without a project: it needs nothing from one, leaves nothing that
    a later step could want, and spends nothing. Such a step (verify) runs anywhere."""
    from ppdesk.core.artifacts import Kind

    return not step.needs and set(step.gives) <= {Kind.VERDICT}


def _shared(step: "Step[Any, Any]", fields: list[FieldSpec], *, alone: bool) -> list[click.Parameter]:
    file = click.Option(
        ["--params", "params_file"],
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="TOML file with this step's parameters, as in a recipe. Options overrule it.",
    )
    own: dict[str, list[click.Parameter]] = {
        "roles": [dictionary_option()],
        "clean": operations_options(),
        "train": [resume_option()],
        "statements": questions.options() if step.key == "statements" else [],
    }
    found = own.get(step.key, [])
    found += [file, *project_options(required=not alone and step.key != "statements"), rollback_option()]
    found += signer_options()
    if step.exports:
        found.append(copy_option())
    if step.seals == "pdf":
        found += timestamp_options()
    if not alone:
        found += [dry_run_option(), why_option()]
    if any(spec.writes for spec in fields):
        found.append(overwrite_option())
    return [*found, test_mode_option(), json_option()]


def _epilog(key: str, fields: list[FieldSpec]) -> str | None:
    if key == "clean":
        return suggestions.operations_help()
    tables = [spec for spec in fields if forms.form_of(spec) == "file-only"]
    if not tables:
        return None
    return "Only in --params: " + "  ".join(f"{spec.name} ({forms.help_text(spec)})" for spec in tables)


def _on_record(
    invocation: Invocation,
    access: Access,
    step: "Step[Any, Any]",
    values: dict[str, object],
    *,
    overwrite: bool,
    resume: int | None,
    why: str = "",
) -> int:
    console = invocation.console
    opened = invocation.open(access)
    if stands_alone(step) and opened.info()["read_only"]:
        with opened:
            history = opened.history()
        console.note("The project is open for reading only: this is compared with it and not recorded.")
        return _without_project(invocation, access, step, values, history)
    enough = threading.Event() if step.keeps_results else None
    with at_work(invocation, access, opened, needed=bool(step.seals)) as session, stoppable(enough) as wish:
        if enough is not None:
            console.note("Ctrl-C ends it early and keeps what it has found; once more stops it for good.")
        if access.timestamp is not None:
            session.set_timestamper(invocation.timestamper(access))
        # where nothing can be written, the run says why
        asked = step.exports and not session.info().get("read_only")
        secret = invocation.copy_secret(access) if asked else None
        with bar(console, step.title) as drawn:
            done = session.run(
                step.key,
                values,
                progress=drawn,
                cancel=wish,
                enough=enough,
                overwrite=overwrite,
                secret=secret,
                resume=resume,
            )
        if why:
            session.decide(step.key, why, done.event.seq)
    console.result(results.step_json(done), results.step_lines(done))
    return int(results.exit_of(done.findings))


def _dry(invocation: Invocation, access: Access, step: "Step[Any, Any]", values: dict[str, object]) -> int:
    """What the step would remark and spend, without running it."""
    from ppdesk.privacy.events import to_json

    _ = invocation.policy  # one that cannot be used would refuse the run, so it refuses the question
    with invocation.look(access) as session:
        findings = session.check_step(step.key, values)
        cost = to_json(session.cost_of(step.key, values))
        stamp = results.stamp_of(session)
    invocation.console.result(
        {
            "step": step.key,
            "findings": [finding.to_json() for finding in findings],
            "cost": cost,
            "stamp": stamp,
        },
        [*results.finding_lines(findings), f"Would spend: {results.cost_words(cost)}. Nothing was run."],
    )
    return int(Exit.REFUSED if blocking(findings) else Exit.OK)


def _without_project(
    invocation: Invocation,
    access: Access,
    step: "Step[Any, Any]",
    values: dict[str, object],
    history: "Artifact | None" = None,
) -> int:
    """Run a step that stands alone here in this process: no project is open and no key to be kept from it.
    `history` of a project that is only read is what it compares with."""
    from ppdesk.core.params import parse
    from ppdesk.workbench.errors import MissingSourceError
    from ppdesk.workflow.step import Context

    params = parse(step.Params, values, step=step.key)
    sources = {
        spec.name: Path(str(values[spec.name]))
        for spec in fields_of(step.Params)
        if spec.reads and values.get(spec.name) is not None
    }
    for path in sources.values():
        if not path.is_file():
            raise MissingSourceError(name=path.name)
    from ppdesk.core.artifacts import Kind

    with stoppable() as wish, bar(invocation.console, step.title) as drawn:
        context = Context(
            sources=sources,
            entropy=access.mode.entropy(step.key),
            clock=access.mode.clock(),
            progress=drawn,
            cancelled=wish.is_set,
            stamp=access.mode.stamp,
        )
        given = _known(invocation, access, step)
        if history is not None:
            given[Kind.HISTORY] = history
        outcome = step.run(params, given, context)
    section = step.section(params, outcome.facts)
    invocation.console.result(
        results.alone_json(
            step.key, section, outcome.facts.model_dump(mode="json"), outcome.findings, context.stamp
        ),
        results.alone_lines(section, outcome.findings),
    )
    return int(results.exit_of(outcome.findings) or Exit.OK)


def _known(invocation: Invocation, access: Access, step: "Step[Any, Any]") -> "dict[Kind, Artifact]":
    """Whom this person knows, for a step that wants that."""
    from ppdesk.core.artifacts import Kind
    from ppdesk.workbench.evidence.acquaintance import known_signers

    if Kind.TRUST not in step.uses:
        return {}
    return {Kind.TRUST: known_signers(invocation.home, access.mode, invocation.policy_to_look())}
