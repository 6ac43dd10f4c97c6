"""The command line's outermost frame: streams, passphrases, errors, exit codes."""

import os
from collections.abc import Callable, Sequence

import click

from ppdesk.cli.console import from_streams
from ppdesk.cli.errors import BadCommandLineError, ClosedOutputError, StoppedError
from ppdesk.cli.group import verbs
from ppdesk.cli.invocation import Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.workbench.home import home_folder


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether the answer is for a script. Read off the bare arguments, because a line that cannot be
    parsed gets its answer in the same form."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def run(arguments: Sequence[str], *, window: Callable[[list[str]], int]) -> int:
    """Run one command line, and return its exit code. Never raises, never prints a traceback."""
    console = from_streams(json=wants_json(arguments))
    invocation = Invocation(
        console=console,
        home=home_folder(os.environ),
        passphrases=Passphrases.take(os.environ),
        window=window,
    )
    try:
        return _answered(arguments, invocation)
    except BrokenPipeError:
        return _output_gone()


def _answered(arguments: Sequence[str], invocation: Invocation) -> int:
    """Run the verb, or say what went wrong. BrokenPipeError where nobody reads the answer."""
    root = verbs()
    failure: CodedError
    try:
        # not Command.main: it would answer a closed pipe itself, with the exit code of a defect
        with root.make_context("ppdesk", list(arguments), obj=invocation) as context:
            return int(root.invoke(context) or Exit.OK)
    except click.exceptions.Exit as end:  # help or version was shown
        return end.exit_code
    except BrokenPipeError:
        raise
    except CodedError as error:
        failure = error
    except click.exceptions.UsageError as error:
        program = error.ctx.command_path if error.ctx else "ppdesk"
        failure = BadCommandLineError(reason=error.format_message(), program=program)
    except (KeyboardInterrupt, click.exceptions.Abort):
        failure = StoppedError()
    except Exception as error:  # noqa: BLE001  the last frame: whatever comes here must not show its values
        from ppdesk.cli.crash import report

        failure = report(error, invocation.home)
    invocation.console.failure(failure)
    return int(failure.exit_code)


def _output_gone() -> int:
    """Nobody reads any more. Python would complain once more when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return int(ClosedOutputError.exit)
