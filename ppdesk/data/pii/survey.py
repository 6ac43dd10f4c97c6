"""The whole search over a table: columns, unit, sets of attributes. Values in, counts and words out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ppdesk.core.errors import CancelledRunError
from ppdesk.core.wording import counted, percent
from ppdesk.data.discovery import EXHAUSTIVE, Discovery, discover, sample
from ppdesk.data.pii.encoded import Encoded, encode
from ppdesk.data.pii.proposal import Proposal, one_target, propose
from ppdesk.data.pii.scan import Scan, scan
from ppdesk.data.pii.unit import Unit, unit

if TYPE_CHECKING:
    import pyarrow as pa

_OLD = 90  # "all ages over 89", 45 CFR 164.514(b)(2)(i)(C)
_TOLD = 5  # so few old people are not counted out loud


@dataclass(frozen=True)
class Survey:
    """What was found. `scans` and `proposals` are in the order of the table's columns."""

    rows: int
    scans: tuple[Scan, ...]
    proposals: tuple[Proposal, ...]
    unit: Unit
    discovery: Discovery


def survey(
    table: "pa.Table",
    *,
    objective: str = "",
    combine: bool = True,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
) -> Survey:
    """Search `table` (all columns strings, null = missing). `seed` draws the records that sets are measured
    on where the table has more than `discovery.ROWS`. Without `combine` columns are measured alone."""
    scans, proposals, kept = [], [], []
    places = sample(table.num_rows, seed)
    for index, name in enumerate(table.column_names):
        if cancelled():
            raise CancelledRunError
        progress(0.7 * index / table.num_columns, f"Look at column {index + 1} of {table.num_columns}")
        column = encode(name, table.column(index))
        scans.append(scan(column))
        made = propose(scans[-1], objective)
        proposals.append(_with_old_age(made, column))
        if _to_combine(made, scans[-1]):
            kept.append(column if places is None else replace(column, codes=column.codes[places]))
    chosen = one_target(proposals)
    proposals = [replace(one, target=one.name == chosen) for one in proposals]
    progress(0.7, "Look for sets of columns that tell people apart")
    found = discover(
        kept,
        None,
        largest=EXHAUSTIVE if combine else 1,
        cancelled=cancelled,
        progress=lambda share: progress(0.7 + 0.3 * share, "Look for sets of columns that tell people apart"),
    )
    return Survey(
        table.num_rows, tuple(scans), tuple(_with_separation(proposals, found)), unit(scans, proposals), found
    )


def _to_combine(made: Proposal, seen: Scan) -> bool:
    """Whether a column belongs into sets: a direct identifier tells everybody apart, a constant nobody."""
    return made.role != "direct-identifier" and seen.distinct + (seen.missing > 0) > 1


def _with_old_age(made: Proposal, column: Encoded) -> Proposal:
    """Ages over 89 are an identifier under HIPAA; ages up to it are not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if made.kind != "age":
        return made
    digits = pc.match_substring_regex(column.values, r"^[0-9]{1,3}$").to_numpy(zero_copy_only=False)
    ages = column.values.filter(pa.array(digits)).cast(pa.int64()).to_numpy(zero_copy_only=False)
    old = int(column.counts[digits][ages >= _OLD].sum())
    if not old:
        return made
    few = f"Fewer than {_TOLD} records" if old < _TOLD else counted(old, "record")
    told = f"{few} with an age over 89."
    return replace(made, hipaa=(3,), reasons=(*made.reasons, told))


def _with_separation(proposals: list[Proposal], found: Discovery) -> list[Proposal]:
    """Adds to columns that nothing else is known of what they tell apart alone."""
    alone = {one.columns[0]: one.separation for one in found.singles}
    made = []
    for one in proposals:
        if not one.kind and one.role == "quasi-identifier" and one.name in alone:
            told = f"Alone it tells {percent(alone[one.name])} of the pairs of records apart."
            one = replace(one, reasons=(*one.reasons, told))  # noqa: PLW2901 - the next line keeps it
        made.append(one)
    return made
