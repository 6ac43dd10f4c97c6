"""How a batch of new records is cleaned: as the table was that the model learnt from.

The operations travel in a personal part of TABLE, MODEL and BUNDLE, for they may hold values; no bundle
that is written to a file has them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Artifact, Part
from ppdesk.core.canonical import canonical, parse
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.wording import counted
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from ppdesk.workflow.data.clean_params import CleanParams

_PART = "recipe"


class CleaningFacts(Facts):
    """What of the table's cleaning was done to the batch. `left_out`: operations, with the reason; `changed`:
    cells; `unlike`: records that the table's cleaning would have taken out, scored all the same."""

    done: int
    changed: int = 0
    unlike: int = 0
    left_out: tuple[str, ...] = ()

    def words(self) -> str:
        """For a person."""
        said = (
            f"{counted(self.done, 'operation')} of Clean done to these records as to the table:"
            f" {counted(self.changed, 'cell')} changed."
        )
        if self.unlike:
            said += (
                f" {counted(self.unlike, 'record')} would have been taken out of the table, so the model has"
                " learnt from none like them; they are counted in all the same."
            )
        if self.left_out:
            said += f" Left out: {'; '.join(self.left_out)}."
        return said


def recipe(params: "CleanParams") -> Part:
    """What a cleaned TABLE keeps."""
    return Part(_PART, canonical(params.model_dump(mode="json")), personal=True)


def handed_on(source: Artifact) -> tuple[Part, ...]:
    """The recipe of an artifact, for what is made from it; nothing where it was not cleaned."""
    return tuple(part for part in source.parts if part.name == _PART)


@dataclass(frozen=True)
class CleanBatch:
    """The records, each in its place, and what was done; None where there is nothing to do."""

    table: "pa.Table"
    facts: CleaningFacts | None


def as_cleaned(
    batch: "pa.Table", source: Artifact, decimal: DecimalMark, cancelled: "Callable[[], bool]"
) -> CleanBatch:
    """`batch` after those operations of `source`'s recipe that rest on each record alone and take none out.

    A cell that is not as declared becomes missing where the table's row was put aside. CleanError.
    """
    held = handed_on(source)
    if not held:
        return CleanBatch(batch, None)
    from ppdesk.data.clean.batch import clean_batch
    from ppdesk.workflow.data.clean_params import CleanParams

    params = CleanParams.model_validate(parse(source.data(_PART)))
    mapping = {
        name: theirs
        for name, theirs in params.mapping.items()
        if theirs in batch.column_names and name not in batch.column_names
    }
    made = clean_batch(batch, params.operations, decimal, mapping, cancelled)
    facts = CleaningFacts(done=made.done, changed=made.changed, unlike=made.unlike, left_out=made.left_out)
    return CleanBatch(made.table, facts)
