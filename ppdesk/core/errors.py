"""Errors for people: what happened, what to do, and a code to quote.

Each error is a class. Its docstring is the message, formatted with the values it is raised with;
`todo` says what to do next. Values must never be personal data: names of columns and files,
counts and limits are fine, a cell of a table is not.
"""

from collections.abc import Mapping
from typing import ClassVar

from ppdesk.core.exits import Exit
from ppdesk.core.said import Said, Value


class CodedError(Exception):
    """Something went wrong that has no better name yet."""

    code: ClassVar[str] = "PP-000"
    exit: ClassVar[Exit] = Exit.FAILED
    todo: ClassVar[str] = "Try again; if it happens again, report it with the code."

    def __init__(self, **values: Value) -> None:
        self.values = values
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What happened, as one sentence or two for a person."""
        return _said(" ".join((type(self).__doc__ or "").split()), self.values)

    @property
    def advice(self) -> str:
        """What to do next, for a person."""
        return _said(self.todo, self.values)

    @property
    def exit_code(self) -> Exit:
        """How the command line ends."""
        return self.exit

    @property
    def error_code(self) -> str:
        """The code to quote, stable between releases: ``PP-ROOM-NUMBER``."""
        return self.code

    def to_json(self) -> dict[str, str | int]:
        """The error as plain values, for the worker's pipe and for ``--json``."""
        return {
            "code": self.error_code,
            "message": self.message,
            "todo": self.advice,
            "exit": int(self.exit_code),
        }


def _said(message: str, values: Mapping[str, Value]) -> Said:
    return Said(message.format(**values), message, "", values)


class RelayedError(CodedError):
    """An error that happened in the worker process and was carried here as text."""

    def __init__(self, code: str, message: str, todo: str, exit_code: int) -> None:
        self._parts = (code, message, todo, Exit(exit_code))
        super().__init__()

    @property
    def message(self) -> str:
        return self._parts[1]

    @property
    def advice(self) -> str:
        return self._parts[2]

    @property
    def exit_code(self) -> Exit:
        return self._parts[3]

    @property
    def error_code(self) -> str:
        return self._parts[0]


class CancelledRunError(CodedError):
    """The run was stopped before it ended."""

    code = "PP-RUN-001"
    exit = Exit.CANCELLED
    todo = "Nothing was released. What had been reserved from the budget stays spent."


class InvalidParamsError(CodedError):
    """Step {step}: {field}: {reason}."""

    code = "PP-CORE-001"
    exit = Exit.USAGE
    todo = "Correct the value and run the step again."
