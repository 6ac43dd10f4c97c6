"""Fairness by declared group columns, as Evaluate and Monitor measure it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.assess import cells
from ppdesk.assess.arrays import Bools
from ppdesk.assess.fairness import by_group
from ppdesk.assess.results import Fairness
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.workflow import declared

if TYPE_CHECKING:
    import pyarrow as pa

Outcomes = tuple[Bools, Bools]  # (labels, known), see models.outcomes


def fairness(
    groups: Sequence[str],
    floor: int,
    columns: Mapping[str, declared.Column],
    rows: "pa.Table",
    *,
    decimal: DecimalMark,
    predicted: Bools,
    outcomes: Outcomes | None,
) -> tuple[list[Fairness], list[str]]:
    """(fairness of each group column, names of those that could not be measured).

    `decimal` is the mark of the numbers in `rows`. Where outcomes are given, records without a known outcome
    are left out.
    """
    found, missing = [], []
    labels = known = None
    if outcomes is not None and outcomes[1].any():
        labels, known = outcomes
    for name in groups:
        measured = None
        if name in rows.column_names:
            domain = columns[name].domain()
            codes = cells.codes(rows.column(name), domain, decimal)
            if labels is None or known is None:
                measured = by_group(name, domain.labels(), codes, predicted, floor=floor)
            else:
                measured = by_group(
                    name, domain.labels(), codes[known], predicted[known], labels[known], floor=floor
                )
        if measured is None:
            missing.append(name)
        else:
            found.append(measured)
    return found, missing
