"""The options that verbs share, so that they are called the same everywhere."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from ppdesk.cli.invocation import Access
from ppdesk.workflow.shorthand import DICTIONARY, OPERATIONS

_FILE = click.Path(path_type=Path)


def _passphrase_option(whose: str, what: str, before_asking: str = "") -> click.Option:
    """A file with a passphrase, which may also stand in the environment. `whose`: the prefix of both."""
    option = f"--{whose}-passphrase-file" if whose else "--passphrase-file"
    variable = f"PPDESK_{whose.upper()}_PASSPHRASE" if whose else "PPDESK_PASSPHRASE"
    return click.Option(
        [option],
        type=_FILE,
        metavar="FILE",
        help=f"File whose first line is {what}. Otherwise {variable}, otherwise {before_asking}it is asked"
        " for.",
    )


def json_option() -> click.Option:
    """`--json`, which every verb has. What it does is decided before the line is parsed."""
    return click.Option(
        ["--json", "as_json"],
        is_flag=True,
        expose_value=False,
        help="Print one JSON object on stdout and nothing else.",
    )


def project_options(*, required: bool = True) -> list[click.Option]:
    """Which project, and how it is opened."""
    return [
        click.Option(["--project"], type=_FILE, required=required, metavar="FILE", help="The project file."),
        _passphrase_option("", "the project's passphrase"),
    ]


def rollback_option() -> click.Option:
    """For a project file that is older than what was seen last."""
    return click.Option(
        ["--despite-rollback"],
        is_flag=True,
        help="Open the project although it is older than, or differs from, what was last seen here. "
        "That goes on record.",
    )


def test_mode_option() -> click.Option:
    """The explicit test mode."""
    return click.Option(
        ["--test-mode"],
        type=int,
        metavar="SEED",
        help="Fixed seed, clock, ids and keys, for tests. Every result is stamped: not private.",
    )


def signer_options() -> list[click.Option]:
    """Who signs."""
    return [
        click.Option(
            ["--signer"],
            metavar="NAME",
            help="Who works and signs; a key is made at first use. Otherwise the account's name.",
        ),
        _passphrase_option("signer", "the signer's passphrase", "the system's keyring, otherwise "),
        click.Option(
            ["--remember-signer"],
            is_flag=True,
            help="Keep the signer's passphrase in the system's keyring, where there is one.",
        ),
    ]


def file_passphrase_option() -> click.Option:
    """The passphrase of a PKCS#12 file that is imported."""
    return _passphrase_option("file", "the passphrase that came with the key file")


def timestamp_passphrase_option() -> click.Option:
    """The passphrase of a timestamp key."""
    return _passphrase_option("timestamp", "the timestamp key's passphrase")


def timestamp_options() -> list[click.Parameter]:
    """Who states the time of a signature."""
    return [
        click.Option(
            ["--timestamp"],
            metavar="NAME",
            help="Put a timestamp (RFC 3161) by this key of yours over the signature; see `ppdesk "
            "timestamper`. It proves nothing against whoever holds that key.",
        ),
        timestamp_passphrase_option(),
    ]


def copy_option() -> click.Option:
    """The passphrase of the file that `handover` writes."""
    return _passphrase_option("copy", "the passphrase of the auditor's copy: not the project's")


def overwrite_option() -> click.Option:
    """Whether result files may replace others."""
    return click.Option(["--overwrite"], is_flag=True, help="Replace result files that exist already.")


def dictionary_option() -> click.Option:
    """The short form of `roles`, which a recipe knows too (see workflow.shorthand)."""
    return click.Option(
        [f"--{DICTIONARY}"],
        type=_FILE,
        metavar="FILE",
        help="Data dictionary: a TOML file with one table [columns.NAME] per column, its role, bounds or "
        "categories, and how it generalizes: by a rule or a hierarchy file. Stands for columns, "
        "hierarchies and generalize.",
    )


def operations_options() -> list[click.Parameter]:
    """The short form of `clean`, and what it could be about."""
    return [
        click.Option(
            [f"--{OPERATIONS}"],
            type=_FILE,
            metavar="FILE",
            help="Operations: a TOML file with a table [[operations]] for each, its op and settings; also"
            " [mapping] and skip_unfit. Stands for the parameters of the same names.",
        ),
        click.Option(
            ["--suggestions"],
            is_flag=True,
            help="List what is worth a look in the table as it is now, and run nothing. What holds no"
            " value of people is printed as an operation to be pasted into the file for --operations.",
        ),
        click.Option(
            ["--clusters"],
            metavar="COLUMN",
            help="Show values of a column that may be ways to write one thing, as an operation that merges"
            " them, and run nothing. They are values of people: that you looked goes on record.",
        ),
        click.Option(
            ["--by"],
            type=click.Choice(["fingerprint", "ngram", "soundex", "cologne", "levenshtein"]),
            default="fingerprint",
            help="How clusters are found: same words, same pieces of letters, same sound in English or"
            " German, one letter's difference.",
            show_default=True,
        ),
    ]


def dry_run_option() -> click.Option:
    """To see what a choice costs before it is made."""
    return click.Option(
        ["--dry-run"],
        is_flag=True,
        help="Show what the step would remark and spend, and run nothing. Exit 3 if it would be refused.",
    )


def why_option() -> click.Option:
    """The reason for a choice, recorded beside the run."""
    return click.Option(
        ["--why"],
        metavar="TEXT",
        help="Why it is run so: goes on record beside the run, as `ppdesk decide` does it.",
    )


def resume_option() -> click.Option:
    """To go on with a run that was broken off."""
    return click.Option(
        ["--resume"],
        type=int,
        metavar="EVENT",
        help="Go on with the run of this reservation, which was broken off; `ppdesk budget` names it. It "
        "spends nothing more, and keeps the settings it was begun with: leave them out.",
    )


_SHARED = {field.name for field in fields(Access)}


def split(given: dict[str, Any]) -> tuple[Access, dict[str, Any]]:
    """(what the shared options say, the verb's own) of a command's values."""
    shared = {name: value for name, value in given.items() if name in _SHARED}
    return Access(**shared), {name: value for name, value in given.items() if name not in _SHARED}


def verb(
    name: str, *parameters: click.Parameter, summary: str
) -> Callable[[Callable[..., int]], click.Command]:
    """Makes a command of a function (invocation, access, **own options) -> exit code."""

    def made(work: Callable[..., int]) -> click.Command:
        @click.pass_context
        def callback(context: click.Context, /, **given: Any) -> int:
            access, own = split(given)
            return work(context.obj, access, **own)

        return click.Command(
            name,
            params=[*parameters, json_option()],
            callback=callback,
            help=work.__doc__,
            short_help=summary,
        )

    return made


def verb_group(name: str, *verbs: click.Command, summary: str, text: str) -> click.Group:
    """A verb of two words: `ppdesk NAME VERB`. `text` is its help, `verbs` are made with `verb`."""
    return click.Group(
        name,
        commands=list(verbs),
        help=text,
        short_help=summary,
        subcommand_metavar="VERB [ARGUMENTS]...",
        options_metavar="",
    )
