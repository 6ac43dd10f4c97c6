"""What a malformed file is, and what must come of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ppdesk.data.readers.read_table import ReadOptions

Row = tuple[str | None, ...]
CANARY = "Zq7canary"  # stands in values only; no message may have it


@dataclass(frozen=True)
class Sheet:
    """A table as texts."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]

    def without(self, numbers: Sequence[int]) -> "Sheet":
        """Less the rows with these numbers, as a file counts them: the header is row 1."""
        gone = set(numbers)
        return Sheet(self.names, tuple(row for at, row in enumerate(self.rows, start=2) if at not in gone))


@dataclass(frozen=True)
class Outcome:
    """A table, or a coded error (`code`) with its values; `aside` are the numbers of quarantined rows."""

    sheet: Sheet | None = None
    aside: tuple[int, ...] = ()
    code: str = ""
    values: dict[str, object] = field(default_factory=dict)


Judge = Callable[[Outcome], str]  # what is wrong, in words without values; empty: nothing


@dataclass(frozen=True)
class Made:
    """The bytes of a file, its ending, how it is read, and the judge of what comes of it. `promise` says the
    kind of expectation, for the page. `grown`: the size that the file gets by a hole at its end."""

    data: bytes
    ending: str
    judge: Judge
    promise: str
    options: ReadOptions = field(default_factory=ReadOptions)
    grown: int = 0


def refused(*codes: str, row: int = 0, column: int = 0) -> tuple[Judge, str]:
    """Refused, with one of these codes where any are given, and naming row and column where they are."""

    def judge(found: Outcome) -> str:
        if found.sheet is not None:
            return f"read as {len(found.sheet.rows)} rows instead of refused"
        if codes and found.code not in codes:
            return f"refused as {found.code} instead of {' or '.join(codes)}"
        for name, wanted in (("row", row), ("column", column)):
            if wanted and found.values.get(name) != wanted:
                return f"{found.code} names {name} {found.values.get(name)} instead of {wanted}"
        return ""

    return judge, "refused"


def read_as(sheet: Sheet) -> tuple[Judge, str]:
    """Read, exactly as this table."""

    def judge(found: Outcome) -> str:
        return f"refused as {found.code} instead of read" if found.sheet is None else _differs(found, sheet)

    return judge, "read"


def read_as_or_refused(*sheets: Sheet) -> tuple[Judge, str]:
    """Refused, or exactly one of these tables."""

    def judge(found: Outcome) -> str:
        if found.sheet is None or any(not _differs(found, sheet) for sheet in sheets):
            return ""
        return _differs(found, sheets[0])

    return judge, "refused or as before the damage"


def near(sheet: Sheet, most: int = 1) -> tuple[Judge, str]:
    """Refused, or a table of as many rows of which at most `most` differ (and the names, where they were
    damaged)."""

    def judge(found: Outcome) -> str:
        if found.sheet is None:
            return ""
        rows = found.sheet.rows
        if len(rows) + len(found.aside) != len(sheet.rows):
            return f"{len(rows)} rows and {len(found.aside)} aside instead of {len(sheet.rows)}"
        kept = sheet.without(found.aside).rows
        other = sum(one != two for one, two in zip(rows, kept, strict=True))
        other += found.sheet.names != sheet.names
        return f"{other} rows differ, {most} were damaged" if other > most else ""

    return judge, "refused or different in the damaged place only"


def beginning_of(sheet: Sheet) -> tuple[Judge, str]:
    """Refused, or the first rows, the last of which may be cut off in its last value: no text file says how
    long it is."""

    def judge(found: Outcome) -> str:
        if found.sheet is None:
            return ""
        rows, whole = found.sheet.rows, sheet.rows[: len(found.sheet.rows)]
        if len(rows) > len(sheet.rows) or found.sheet.names != sheet.names or rows[:-1] != whole[:-1]:
            return "not the beginning of the table"
        last, before = rows[-1], whole[-1]
        cut = (last[-1] or "", before[-1] or "")
        return "" if last[:-1] == before[:-1] and cut[1].startswith(cut[0]) else "the last row is another"

    return judge, "refused or the rows before the cut"


def aside(sheet: Sheet, numbers: Sequence[int]) -> tuple[Judge, str]:
    """Read, with exactly these rows of the file put aside. `sheet` is without them."""

    def judge(found: Outcome) -> str:
        if found.sheet is None:
            return f"refused as {found.code} instead of put aside"
        if found.aside != tuple(numbers):
            return f"rows {found.aside} aside instead of {tuple(numbers)}"
        return _differs(found, sheet)

    return judge, "put aside"


def counted(rows: int) -> tuple[Judge, str]:
    """Refused, or as many rows read and put aside as the file has."""

    def judge(found: Outcome) -> str:
        if found.sheet is None or len(found.sheet.rows) + len(found.aside) == rows:
            return ""
        return f"{len(found.sheet.rows)} rows and {len(found.aside)} aside instead of {rows}"

    return judge, "refused or every row accounted for"


def any_end() -> tuple[Judge, str]:
    """A table with rows or a coded error, soon."""

    def judge(found: Outcome) -> str:
        return "a table without rows" if found.sheet is not None and not found.sheet.rows else ""

    return judge, "a table or a refusal"


def _differs(found: Outcome, sheet: Sheet) -> str:
    assert found.sheet is not None
    if found.sheet.names != sheet.names:
        return "other names of columns"
    if len(found.sheet.rows) != len(sheet.rows):
        return f"{len(found.sheet.rows)} rows instead of {len(sheet.rows)}"
    other = [at for at, (one, two) in enumerate(zip(found.sheet.rows, sheet.rows, strict=True)) if one != two]
    return f"{len(other)} rows differ, the first is row {other[0] + 2}" if other else ""
