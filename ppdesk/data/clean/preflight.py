"""Whether operations fit the columns of a table, before anything is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ppdesk.core.said import said
from ppdesk.data.clean.operation import Operation


@dataclass(frozen=True)
class Unfit:
    """An operation that does not fit. `index` counts from 0; `nearest`: for each missing column the names
    that look like it."""

    index: int
    op: str
    reason: str
    missing: tuple[str, ...] = ()
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()


def preflight(
    operations: Sequence[Operation], columns: Sequence[str], mapping: Mapping[str, str] | None = None
) -> list[Unfit]:
    """The operations that cannot run on a table of `columns`, as the operations before them leave it.

    One that does not fit changes nothing for those after it. Depends on names alone.
    """
    names = mapped_names(columns, mapping or {})
    found = []
    for index, one in enumerate(operations):
        unfit = _unfit(index, one, names)
        if unfit is None:
            names = one.shape(names)
        else:
            found.append(unfit)
    return found


def wrong_mapping(columns: Sequence[str], mapping: Mapping[str, str]) -> str:
    """Why the mapping cannot be used, or empty."""
    gone = sorted(theirs for theirs in mapping.values() if theirs not in columns)
    if gone:
        return said("the table has no column {columns}", columns=", ".join(gone))
    if len(set(mapping.values())) < len(mapping):
        return said("one column stands for two")
    names = mapped_names(columns, mapping)
    twice = sorted({name for name in names if names.count(name) > 1})
    return said("there would be two columns {columns}", columns=", ".join(twice)) if twice else ""


def mapped_names(columns: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The table's columns under the names that the operations have for them."""
    ours = {theirs: name for name, theirs in mapping.items()}
    return tuple(ours.get(name, name) for name in columns)


def _unfit(index: int, one: Operation, names: tuple[str, ...]) -> Unfit | None:
    missing = tuple(name for name in one.reads() if name not in names)
    if missing:
        absent = said(
            "the table has no column {columns}"
            if len(missing) == 1
            else "the table has no columns {columns}",
            columns=", ".join(missing),
        )
        return Unfit(
            index, one.op, absent, missing,
            tuple((name, nearest(name, names)) for name in missing),
        )  # fmt: skip
    shape = one.shape(names)
    twice = sorted({name for name in shape if shape.count(name) > 1})
    if twice:
        return Unfit(index, one.op, said("there would be two columns {columns}", columns=", ".join(twice)))
    if not shape:
        return Unfit(index, one.op, said("no column would be left"))
    return None


def nearest(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Up to three names that look like `name`, most like first."""
    folded: dict[str, str] = {}
    for one in names:
        folded.setdefault(_folded(one), one)
    return tuple(folded[one] for one in get_close_matches(_folded(name), list(folded), 3, 0.6))


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
