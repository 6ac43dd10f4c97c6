"""The list of verbs by the seven stages. Loads a verb only when it is called, so that help is quick."""

from importlib import import_module

import click

from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.stages import Stage

PROJECT_VERBS = {
    "new": "Create a project file",
    "run": "Run a recipe, from the first step to the last",
    "log": "Show the events of a project, and whether they hold",
    "sign": "Sign the history of a project",
    "people": "Show, add and remove the people of a project",
    "request": "Ask for the approval of a step",
    "requests": "Show what approval was asked for",
    "approve": "Approve or decline what was asked for",
    "budget": "Show what was spent of the privacy budget",
    "check": "Check that a project file is whole and unchanged",
    "repair": "Save what a damaged project file still holds into a new one",
    "compact": "Make a project file as small as it can be",
    "policy": "Show or test what IT has set for this machine",
    "info": "Show versions, folders, the network guard, a project",
    "passphrase": "Change the passphrase of a project, or keep it in the keyring",
    "signer": "Your signing keys: list, new, import, token, show, remove, export",
    "trust": "The signers you trust: list, add, remove, show",
    "escrow": "Make IT's key for escrow",
    "recover": "Open a project with the escrow key",
    "gui": "Open the window",
}


class Verbs(click.Group):
    """Knows all names; imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [*PROJECT_VERBS, *(entry.key for entry in CATALOG)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in PROJECT_VERBS:
            found: click.Command = import_module(f"ppdesk.cli.verbs.{cmd_name}").VERB
            return found
        if any(entry.key == cmd_name for entry in CATALOG):
            from ppdesk.cli.step_verb import step_verb
            from ppdesk.workflow.catalog import step

            return step_verb(step(cmd_name))
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Project"):
            formatter.write_dl(list(PROJECT_VERBS.items()))
        for stage in Stage:
            rows = [(entry.key, entry.summary) for entry in CATALOG if entry.stage is stage]
            if rows:
                with formatter.section(f"{stage.value} {stage.title}"):
                    formatter.write_dl(rows)


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
