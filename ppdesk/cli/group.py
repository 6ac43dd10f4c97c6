"""The list of verbs, by what they are about and by the seven stages. Loads a verb only when it is called,
so that help is quick."""

from importlib import import_module

import click

from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.stages import Stage

# heading in the help -> its verbs; the stages' verbs come after these
GROUPS = {
    "Project": {
        "new": "Create a project file",
        "run": "Run a recipe, from the first step to the last",
        "gui": "Open the window",
        "log": "Show the events of a project, and whether they hold",
        "compare": "Compare a run of a step with an earlier one",
        "decide": "Say why a choice was made; that becomes evidence",
        "recheck": "Check a file as an auditor, and make findings again",
        "budget": "Show what was spent of the privacy budget",
        "check": "Check that a project file is whole and unchanged",
        "passphrase": "Change the passphrase of a project, or keep it in the keyring",
        "repair": "Save what a damaged project file still holds into a new one",
        "compact": "Make a project file as small as it can be",
    },
    "People and keys": {
        "people": "Who has which role in a project: list, add, remove",
        "request": "Ask a second person to approve a step",
        "requests": "Show what approval was asked for",
        "approve": "Approve or decline what was asked for",
        "drafts": "Show the drafts of reports, and who endorsed them",
        "endorse": "Endorse the draft of a report, or object to it",
        "sign": "Sign the history of a project",
        "signer": "Your signing keys: list, new, import, token, show, remove, export",
        "timestamper": "Keys that state when a report was signed: list, new, import, export",
        "trust": "The signers you trust: list, show, add, remove",
    },
    "Computer": {
        "info": "Show versions, folders, the network guard, a project",
        "policy": "What IT has set for this computer: show, check",
        "escrow": "For IT: make the key pair for escrow",
        "recover": "For IT: open a project whose passphrase is lost",
    },
}
# stage -> verbs that stand with its steps, but are none
BESIDE = {
    Stage.DATA: {
        "detect": "Show what Import would find out about files",
        "from-arx": "Take a project of ARX: its table, hierarchies and settings",
        "propose": "Write a data dictionary as the table suggests it",
        "hierarchies": "Write the hierarchies of the project as files",
        "look": "Show rows of the data; that goes on record",
    },
}
PROJECT_VERBS = {
    name: summary for group in (*GROUPS.values(), *BESIDE.values()) for name, summary in group.items()
}


class Verbs(click.Group):
    """Knows all names; imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [*PROJECT_VERBS, *(entry.key for entry in CATALOG)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in PROJECT_VERBS:
            found: click.Command = import_module(f"ppdesk.cli.verbs.{cmd_name.replace('-', '_')}").VERB
            return found
        if any(entry.key == cmd_name for entry in CATALOG):
            from ppdesk.cli.step_verb import step_verb
            from ppdesk.workflow.catalog import step

            return step_verb(step(cmd_name))
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for heading, rows in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl(list(rows.items()))
        for stage in Stage:
            steps = [(entry.key, entry.summary) for entry in CATALOG if entry.stage is stage]
            steps += BESIDE.get(stage, {}).items()
            if steps:
                with formatter.section(f"{stage.value} {stage.title}"):
                    formatter.write_dl(steps)


def _version() -> str:
    from ppdesk import __version__

    return __version__


def verbs() -> Verbs:
    """The program's root command."""
    return Verbs(
        "ppdesk",
        help="From a table about people to an anonymized release or a private model, with evidence. "
        "Offline: ppdesk opens no connection.",
        epilog="Each verb explains itself: ppdesk VERB --help. Each takes --json.",
        params=[
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_print_version,
                help="Show the version and exit.",
            )
        ],
        subcommand_metavar="VERB [ARGUMENTS]...",
        options_metavar="",
        no_args_is_help=False,
        invoke_without_command=True,
        callback=_help_when_alone,
    )


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"ppdesk {_version()}")
        ctx.exit()


@click.pass_context
def _help_when_alone(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
