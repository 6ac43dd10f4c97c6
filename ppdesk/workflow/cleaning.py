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
    """What of the table's cleaning was done to the batch. `left_out`: operations, with the reason."""

    done: int
    left_out: tuple[str, ...] = ()

    def words(self) -> str:
        """For a person."""
        said = f"{counted(self.done, 'operation')} of Clean done to these records as to the table."
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
    from ppdesk.data.clean.batch import for_batch
    from ppdesk.data.clean.replay import replay
    from ppdesk.workflow.data.clean_params import CleanParams

    params = CleanParams.model_validate(parse(source.data(_PART)))
    mapping = {
        name: theirs
        for name, theirs in params.mapping.items()
        if theirs in batch.column_names and name not in batch.column_names
    }
    some = for_batch(params.operations, [*batch.column_names, *mapping])
    made = replay(
        batch, some.operations, decimal=decimal, mapping=mapping, skip_unfit=True, cancelled=cancelled
    )
    late = [f"{one.operation.title.lower()}: {one.skipped}" for one in made.steps if one.skipped]
    done = len(made.steps) - len(late)
    return CleanBatch(made.table, CleaningFacts(done=done, left_out=(*some.left_out, *late)))
