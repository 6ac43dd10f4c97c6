"""resources/docs/cli.md and the code say the same: verbs, arguments, options, exit codes."""

import re
from pathlib import Path
from typing import Any

import click
import pytest

from ppdesk.cli.group import PROJECT_VERBS, verbs
from ppdesk.cli.passphrases import PROJECT, SIGNER
from ppdesk.core.exits import Exit
from ppdesk.workflow.catalog import CATALOG

TEXT = (Path(__file__).resolve().parents[3] / "resources" / "docs" / "cli.md").read_text(encoding="utf-8")


def leaves() -> list[str]:
    """Every verb as it is typed; one of two words is called ``policy show``."""
    context: Any = None
    found = []
    for name in (*PROJECT_VERBS, *(entry.key for entry in CATALOG)):
        made = verbs().get_command(context, name)
        inner = sorted(made.commands) if isinstance(made, click.Group) else []
        found += [f"{name} {word}" for word in inner] or [name]
    return found


NAMES = leaves()


def section(heading: str) -> str:
    """The text under a heading, up to the next of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", TEXT, re.M | re.S)
    assert found, f"cli.md has no section {heading!r}"
    return found.group(1)


def documented(text: str) -> set[str]:
    """The options that table rows name: ``| `--k` | ... |``."""
    rows = re.findall(r"^\| (.+?) \|", text, re.M)
    return {option for row in rows for option in re.findall(r"`(--[a-z-]+)", row)}


SHARED = documented(section("Options of every verb")) | documented(section("Options of step verbs"))


def command(name: str) -> click.Command:
    context: Any = None
    first, _, second = name.partition(" ")
    found = verbs().get_command(context, first)
    if second:
        assert isinstance(found, click.Group)
        found = found.commands[second]
    assert found is not None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_verbs_own_options_are_documented_and_none_else(name: str) -> None:
    told = section(f"ppdesk {name}")
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    real = {
        opt for option in options for opt in (*option.opts, *option.secondary_opts) if opt.startswith("--")
    }
    assert documented(told) - real == set(), "documented, but not there"
    assert real - documented(told) - SHARED == set(), "there, but not documented"


@pytest.mark.parametrize("name", NAMES)
def test_a_verbs_argument_is_in_its_usage_line(name: str) -> None:
    arguments = [p for p in command(name).params if isinstance(p, click.Argument)]
    usage = section(f"ppdesk {name}").strip().split("\n\n")[0]
    assert f"ppdesk {name}" in usage
    for argument in arguments:
        assert str(argument.human_readable_name).strip("[]").upper() in usage.upper()


def test_every_exit_code_is_documented() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| `([a-z-]+)` \|", section("Exit codes"), re.M))
    assert rows == {str(int(code)): code.name.lower().replace("_", "-") for code in Exit}


def test_the_environments_variables_are_documented() -> None:
    told = section("Environment")
    for name in (PROJECT.variable, SIGNER.variable, "PPDESK_HOME", "PPDESK_POLICY"):
        assert f"`{name}`" in told


@pytest.mark.parametrize("name", NAMES)
def test_no_verb_has_two_options_of_one_name_and_all_have_json(name: str) -> None:
    named = [
        opt for parameter in command(name).params for opt in (*parameter.opts, *parameter.secondary_opts)
    ]
    assert len(named) == len(set(named))
    assert "--json" in named
