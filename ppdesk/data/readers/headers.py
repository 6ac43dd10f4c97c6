"""The names of columns: each has one, and no two are the same."""

from collections.abc import Sequence

from ppdesk.data.errors import DuplicateHeaderError, EmptyHeaderError


def check_names(names: Sequence[str]) -> None:
    """Raises EmptyHeaderError or DuplicateHeaderError, with the columns' numbers from 1."""
    first: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if not name.strip():
            raise EmptyHeaderError(column=number)
        if name in first:
            raise DuplicateHeaderError(first=first[name], second=number, name=name)
        first[name] = number


def numbered(count: int) -> list[str]:
    """The names of columns that have none: column 1, column 2, ..."""
    return [f"column {number}" for number in range(1, count + 1)]
