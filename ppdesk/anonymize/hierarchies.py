"""Generalization hierarchies: ARX's CSV form, checked to be trees with one top, and coded for the search."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ppdesk.anonymize.errors import EmptyHierarchyError, UnevenHierarchyError, UnreadableHierarchyError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOP = "*"  # the value that says nothing; also what every quasi-identifier of a suppressed record becomes
_LARGE = 1 << 20  # bytes; a larger file is read by Arrow, which a small one is not worth to load


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The hierarchy of one column. Level 0 are the leaves, the last is the top. Make it with `validated`; the
    class itself checks nothing.

    `labels`: the distinct values of each level, in the order of the file. `codes`: for each level, (leaves,)
    int32, the index in `labels` of each leaf's value on that level.
    """

    column: str
    labels: tuple[tuple[str, ...], ...]
    codes: "tuple[NDArray[np.int32], ...]"

    @classmethod
    def of_rows(cls, column: str, rows: Sequence[Sequence[str]]) -> "Hierarchy":
        """One row per leaf: the leaf first, then its generalizations up to the top. All of one length."""
        import numpy as np

        labels, codes = [], []
        for place in range(len(rows[0])):
            level = [row[place] for row in rows]
            number = {label: index for index, label in enumerate(dict.fromkeys(level))}
            labels.append(tuple(number))
            codes.append(np.fromiter(map(number.__getitem__, level), np.int32, len(rows)))
        return cls(column, tuple(labels), tuple(codes))

    @property
    def levels(self) -> int:
        """How many levels there are, the leaves included."""
        return len(self.labels)

    @property
    def leaves(self) -> tuple[str, ...]:
        """Level 0, in the order of the file."""
        return self.labels[0]

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """One per leaf: the leaf first, then its generalizations up to the top."""
        each = zip(self.labels, self.codes, strict=True)
        return tuple(zip(*[map(labels.__getitem__, codes.tolist()) for labels, codes in each], strict=True))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hierarchy):
            return NotImplemented
        return (self.column, self.labels) == (other.column, other.labels) and all(
            mine.tobytes() == theirs.tobytes() for mine, theirs in zip(self.codes, other.codes, strict=True)
        )

    def __hash__(self) -> int:
        return hash((self.column, self.labels))


def validated(column: str, rows: Sequence[Sequence[str]], places: Sequence[int] | None = None) -> Hierarchy:
    """The hierarchy, if it is one: as many levels in each row, no leaf twice, equal values generalize
    equally, "*" at the top of every row and nothing else above a "*", and no value comes back above what it
    was generalized to. Rows count from 1, or as `places` says. Raises a HierarchyError that names the row;
    the values of a hierarchy file are public, so it may name them too.
    """
    from ppdesk.anonymize.hierarchy_checks import check

    if not rows or not rows[0]:
        raise EmptyHierarchyError(column=column)
    levels = len(rows[0])
    uneven = next((index for index, row in enumerate(rows) if len(row) != levels), len(rows))
    found = Hierarchy.of_rows(column, rows[:uneven])
    check(found, places)
    if uneven < len(rows):
        raise UnevenHierarchyError(
            column=column, row=places[uneven] if places else uneven + 1,
            value=rows[uneven][0] if rows[uneven] else "", actual=len(rows[uneven]), expected=levels,
        )  # fmt: skip
    return found


def from_csv(column: str, data: bytes) -> Hierarchy:
    """A hierarchy file as ARX writes it: no header, semicolons, UTF-8, a row per leaf. Blank lines are
    not rows. Raises a HierarchyError."""
    if len(data) > _LARGE:
        found = _by_arrow(column, data)
        if found is not None:
            return found
    try:
        text = data.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        read = [(reader.line_num, row) for row in reader if row]
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableHierarchyError(column=column) from None
    return validated(column, [row for _, row in read], [place for place, _ in read])


def _by_arrow(column: str, data: bytes) -> Hierarchy | None:
    """A large file, ten times as fast; None where it is not plain, or not right in a row whose number only
    the other way knows."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    from ppdesk.anonymize.errors import HierarchyError
    from ppdesk.anonymize.hierarchy_checks import check

    start = data[: 1 << 16].lstrip(b"\r\n")
    levels = start[: (start.find(b"\n") + 1 or len(start))].count(b";") + 1
    if b'"' in data or len(data) >= 1 << 31:
        return None
    try:
        kind = pa.dictionary(pa.int32(), pa.string())
        table = arrow_csv.read_csv(
            pa.py_buffer(data),
            arrow_csv.ReadOptions(autogenerate_column_names=True, block_size=len(data)),
            arrow_csv.ParseOptions(delimiter=";", quote_char=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys([f"f{level}" for level in range(levels)], kind)
            ),
        ).unify_dictionaries()
        if table.num_rows == 0 or table.num_columns != levels:
            return None
        each = [one.combine_chunks() for one in table.columns]
        found = Hierarchy(
            column,
            tuple(tuple(one.dictionary.to_pylist()) for one in each),
            tuple(one.indices.to_numpy() for one in each),
        )
    except pa.ArrowInvalid:
        return None
    try:
        check(found)
    except HierarchyError:
        if b"\r" in data or data.startswith(b"\n") or b"\n\n" in data:
            return None  # lines that are no rows: the other way counts them
        raise
    return found


def to_csv(hierarchy: Hierarchy) -> bytes:
    """The same as a file that ARX and `from_csv` read. A row whose first value is empty stands for missing
    values."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\n").writerows(hierarchy.rows)
    return written.getvalue().encode()


def to_json(hierarchies: Mapping[str, Hierarchy]) -> bytes:
    """Canonical JSON ``{column: [[leaf, level 1, ..., "*"], ...]}``. It holds texts only, so that
    Python's own writer gives what RFC 8785 asks for, and gives it ten times as fast."""
    names = sorted(hierarchies, key=lambda name: name.encode("utf-16-be"))
    rows = {name: hierarchies[name].rows for name in names}
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> dict[str, Hierarchy]:
    """What `to_json` wrote, checked again."""
    return {str(name): validated(str(name), rows) for name, rows in json.loads(data).items()}
