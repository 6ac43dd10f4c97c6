"""Which records teach, and what they say: by declaration, not by what happens to be in the table."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.train.errors import MissingColumnError

if TYPE_CHECKING:
    import pyarrow as pa


def read_labels(
    table: "pa.Table", target: str, positive: str, negative: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """(labels, known), (n,) each: 1.0 where the cell is `positive`; known where it is one of the two.

    A record whose target is missing or any other value teaches nothing: it is left out, which the proof in
    `logistic` allows for. MissingColumnError where the column is not there.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if target not in table.column_names:
        raise MissingColumnError(column=target)
    column = table.column(target).cast(pa.string())
    labels = pc.fill_null(pc.equal(column, positive), False).to_numpy().astype(np.float64)
    known = pc.is_in(column, value_set=pa.array([positive, negative], pa.string())).to_numpy()
    return labels, known.astype(np.bool_)


def split(rows: int, share: float, entropy: Entropy) -> npt.NDArray[np.bool_]:
    """Whether each of `rows` records is held out, (rows,) bool: exactly floor(rows * share) of them.

    A random permutation that sees only the number of rows. Replacing a record leaves it as it is, so
    the trained part changes in at most one record. The same holds where the other table has one row less or
    more, as after a filter: the trained parts can be paired so that they differ in one replacement at most.
    """
    seed = int.from_bytes(entropy.take(32), "big")
    held = np.zeros(rows, dtype=np.bool_)
    held[np.random.default_rng(seed).permutation(rows)[: int(rows * share)]] = True
    return held


def split_each(rows: int, share: float, entropy: Entropy) -> npt.NDArray[np.bool_]:
    """Whether each of `rows` records is held out, (rows,) bool: by a draw of its own of chance `share`.

    For add-or-remove-one: give all other records the same draws, and the trained parts of two tables that
    differ in one record differ in that record or not at all.
    """
    seed = int.from_bytes(entropy.take(32), "big")
    return np.asarray(np.random.default_rng(seed).random(rows) < share)
