"""The synthetic records and the release against the table: exact, inside the project, outside of epsilon."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.assess.fidelity import Cells, closeness, compare, downstream
from ppdesk.core.artifacts import Kind
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.said import said
from ppdesk.privacy.cells import Categories, Domain
from ppdesk.workflow import declared
from ppdesk.workflow.data.synthesize_facts import ClosenessFact, FidelityFact
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Inputs

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Whole = npt.NDArray[np.int64]


def compared(
    inputs: Inputs,
    domains: Sequence[Domain],
    original: "Sequence[Whole]",
    synthetic: "Sequence[Whole]",
    *,
    source: np.random.Generator,
    tick: Callable[[], None],
) -> dict[str, Any]:
    """The fields of SynthesizeFacts from `synthetic` on. `original` and `synthetic`: codes by column."""
    if not original[0].size:
        return {"release_note": said("The table has no records to compare with.")}
    truth = [Cells.plain(codes, one.size) for codes, one in zip(original, domains, strict=True)]
    made = [Cells.plain(codes, one.size) for codes, one in zip(synthetic, domains, strict=True)]
    target = _target(inputs, domains)
    # the same half of the records tests all classifiers; the original's learns from the other half
    half = source.permutation(original[0].size)
    train, test = ([Cells(one.codes[part], one.spread) for one in truth] for part in (half[::2], half[1::2]))

    def measured(table: Sequence[Cells]) -> FidelityFact:
        found = compare(truth, table, tick)
        auroc = None if target is None else downstream(table, test, *target, source)
        return FidelityFact(
            columns=found.columns,
            column_mean=found.column_mean,
            pair_mean=found.pair_mean,
            pair_worst=found.pair_worst,
            association=found.association,
            auroc=auroc,
        )

    told: dict[str, Any] = {
        "synthetic": measured(made),
        "auroc_original": None if target is None else downstream(train, test, *target, source),
        "target": "" if target is None else domains[target[0]].name,
        "close": _fact(closeness(synthetic, original, source, tick=tick)),
        "close_own": _fact(closeness(original, original, source, own=True, tick=tick)),
    }
    release = inputs.get(Kind.RELEASE)
    if release is None:
        return told
    rows = release.table("rows")
    missing = [one.name for one in domains if one.name not in rows.column_names]
    if missing or not rows.num_rows:
        lacks = ", ".join(missing) or said("records")
        return {**told, "release_note": said("The release was not compared: it lacks {what}.", what=lacks)}
    trees = _trees(inputs)
    decimal = Reading.of(release.head).decimal
    spread = [spread_over(rows.column(one.name), one, trees.get(one.name, ()), decimal) for one in domains]
    k = declared.number(release.head.get("k"))
    private = release.head.get("differential_privacy")
    return {
        **told,
        "release": measured(spread),
        "release_k": None if k is None else int(k),
        "release_epsilon": private.get("epsilon") if isinstance(private, Mapping) else None,
    }


def spread_over(
    column: "pa.ChunkedArray", domain: Domain, rows: Sequence[Sequence[str]], decimal: DecimalMark
) -> Cells:
    """A released column: each value spread over the leaves that it stands for on any level of its hierarchy,
    `rows`; a value that is none of a hierarchy stands for itself."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = pa.chunked_array([column.combine_chunks()]).cast(pa.string()).dictionary_encode("encode")
    whole = coded.combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    labels: list[str | None] = whole.dictionary.to_pylist()
    members: dict[str | None, set[int]] = {}
    for place, row in enumerate(rows):
        for name in row:
            members.setdefault(name, set()).add(place)
    leaves = _codes(domain, [row[0] or None for row in rows], decimal)
    own = _codes(domain, labels, decimal)
    spread = np.zeros((len(labels), domain.size))
    for place, label in enumerate(labels):
        found = members.get(label if label is not None else "")
        if found is None:
            spread[place, own[place]] = 1.0
        else:
            np.add.at(spread[place], leaves[sorted(found)], 1 / len(found))
    indices = pc.fill_null(whole.indices, 0)
    return Cells(np.asarray(indices.to_numpy(zero_copy_only=False), dtype=np.int64), spread)


def _codes(domain: Domain, labels: Sequence[str | None], decimal: DecimalMark) -> "Whole":
    import pyarrow as pa

    return domain.codes(pa.chunked_array([pa.array(labels, pa.string())]), decimal)


def _trees(inputs: Inputs) -> Mapping[str, Sequence[Sequence[str]]]:
    held = inputs.get(Kind.HIERARCHIES)
    found: Mapping[str, Sequence[Sequence[str]]] = (
        {} if held is None else json.loads(held.data("hierarchies"))
    )
    return found


def _target(inputs: Inputs, domains: Sequence[Domain]) -> tuple[int, int] | None:
    """(column, cell) of the declared target and its positive value, where both are there."""
    roles = inputs[Kind.ROLES].head
    name = roles.get("target")
    columns = declared.columns(roles)
    for place, one in enumerate(domains):
        if one.name == name and isinstance(one, Categories) and len(domains) > 1:
            positive = columns[one.name].positive
            return (place, one.categories.index(positive)) if positive in one.categories else None
    return None


def _fact(found: Any) -> ClosenessFact:
    return ClosenessFact(records=found.records, median=found.median, same=found.same)
