"""Records drawn from the tree, and cells turned into values. Only the tree is seen: it costs nothing more."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.cells import Bins, Domain
from ppdesk.privacy.synthetic.tree import Tree

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]


def generator(entropy: Entropy) -> np.random.Generator:
    """For drawing from what is already private."""
    return np.random.default_rng(int.from_bytes(entropy.take(32), "big"))


def draw(tree: Tree, records: int, source: np.random.Generator) -> "list[Whole]":
    """The codes of `records` records, by column, in random order.

    Shares are met by rounding at random (as McKenna, Miklau and Sheldon 2021): a cell that has 3.4 of 10
    records gets 3, or 4 with chance 0.4, which is nearer to the shares than drawing each record by itself.
    """
    codes = [np.zeros(records, np.int64) for _ in tree.one]
    codes[0] = _filled(tree.one[0], records, source)
    for parent, child in tree.order:
        pair = tree.pair(parent, child)
        for cell in range(pair.shape[0]):
            places = np.flatnonzero(codes[parent] == cell)
            # of a cell that the tree gives nobody, but rounding did: the child's own shares
            shares = pair[cell] if pair[cell].sum() > 0 else tree.one[child]
            codes[child][places] = _filled(shares, places.size, source)
    return codes


def _filled(shares: "Floats", records: int, source: np.random.Generator) -> "Whole":
    """`records` cells in proportion to `shares`, shuffled."""
    wanted = records * shares / shares.sum()
    whole = np.floor(wanted + 1e-9).astype(np.int64)
    rest = records - int(whole.sum())
    if rest > 0:
        left = np.clip(wanted - whole, 1e-12, None)
        whole += np.bincount(source.choice(shares.size, rest, p=left / left.sum()), minlength=shares.size)
    cells = np.repeat(np.arange(shares.size), whole)[:records]
    return np.asarray(source.permutation(cells), dtype=np.int64)


def values(
    codes: "Whole", domain: Domain, source: np.random.Generator, decimal: DecimalMark = DecimalMark.POINT
) -> "pa.Array":
    """Text: categories as declared, numbers anywhere in their bin; the last cell is missing."""
    import pyarrow as pa

    if not isinstance(domain, Bins):
        return pa.array([*domain.categories, None], pa.string()).take(pa.array(codes))
    edges = np.asarray(domain.edges)
    bins = len(edges) - 1
    place = np.minimum(codes, bins - 1)
    low, high = edges[place], edges[place + 1]
    if domain.whole:
        numbers = [f"{one:.0f}" for one in low + np.floor(source.random(codes.size) * (high - low))]
    else:
        digits = max(0, 4 - int(np.floor(np.log10(edges[-1] - edges[0]))))
        drawn = np.round(low + source.random(codes.size) * (high - low), digits)
        numbers = [f"{one:.{digits}f}" for one in np.clip(drawn, low, high)]
    if decimal is DecimalMark.COMMA:
        numbers = [one.replace(".", ",") for one in numbers]
    return pa.array(numbers, pa.string(), mask=codes == bins)


def table(
    names: Sequence[str],
    domains: Sequence[Domain],
    codes: "Sequence[Whole]",
    source: np.random.Generator,
    decimal: DecimalMark,
) -> "pa.Table":
    """The synthetic table."""
    import pyarrow as pa

    return pa.table(
        {
            name: values(one, domain, source, decimal)
            for name, domain, one in zip(names, domains, codes, strict=True)
        }
    )
