"""One treatment of columns of a release: which part of the engine does it, and what it changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ppdesk.anonymize.masking.families import FAMILIES
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import Entropy
from ppdesk.workflow.data import treatment_models as asked
from ppdesk.workflow.data.masking_facts import TreatedColumn

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ppdesk.anonymize.masking.numerals import Numerals


@dataclass
class Bench:
    """The release under work: all its columns, also those that are not released, as strings. `originals` has
    quasi-identifiers as they were, under their names; `classes` the equivalence class of each record,
    negative where it is suppressed."""

    table: "pa.Table"
    mark: DecimalMark
    entropy: Entropy
    secret: bytes
    release: str
    cancelled: Callable[[], bool]
    originals: "dict[str, pa.ChunkedArray]" = field(default_factory=dict)
    classes: "NDArray[np.int64] | None" = None
    codes: "list[tuple[str, pa.Array, pa.Array]]" = field(default_factory=list)  # column, values, pseudonyms

    def column(self, name: str) -> "pa.ChunkedArray":
        """As it was before any treatment."""
        found: pa.ChunkedArray = self.originals[name] if name in self.originals else self.table.column(name)
        return found

    def numerals(self, name: str, technique: str) -> "Numerals":
        from ppdesk.anonymize.masking.numerals import numerals

        return numerals(self.column(name), self.mark, name=name, technique=technique)

    def key(self, domain: str, use: str) -> bytes:
        from ppdesk.anonymize.masking.keys import derive

        return derive(self.secret, self.release, domain, use)


Columns = dict[str, "pa.Array"]


def treated(treatment: asked.Treatment, bench: Bench) -> Columns:
    """The columns that `treatment` changes, anew. Errors of ppdesk.anonymize.masking."""
    if isinstance(treatment, asked.TopBottom | asked.Rounding | asked.Categorize):
        return _coded(treatment, bench)
    if isinstance(treatment, asked.Mask | asked.Suppress):
        return _hidden(treatment, bench)
    if isinstance(treatment, asked.Microaggregate | asked.ClassAggregate):
        return _aggregated(treatment, bench)
    if isinstance(treatment, asked.DateShift):
        return _shifted(treatment, bench)
    if isinstance(treatment, asked.Pseudonym | asked.FormatPreserving):
        return _pseudonyms(treatment, bench)
    return _perturbed(treatment, bench)


def told(treatment: asked.Treatment, bench: Bench, made: Columns) -> list[TreatedColumn]:
    """What it did to each column."""
    import pyarrow.compute as pc

    family, name_there = FAMILIES[treatment.treatment]
    found = []
    for name, after in made.items():
        before = bench.column(name)
        same = pc.equal(pc.fill_null(before, ""), pc.fill_null(after, ""))
        numbers = _moments(name, after, bench) if _numeric(treatment) else (None,) * 4
        found.append(
            TreatedColumn(
                column=name,
                technique=treatment.treatment,
                family=family.value,
                described=name_there,
                asked=asked.asked(treatment),
                cells=len(after),
                changed=len(after) - int(pc.sum(same).as_py() or 0),
                missing=after.null_count,
                mean_before=numbers[0],
                mean_after=numbers[1],
                spread_before=numbers[2],
                spread_after=numbers[3],
            )
        )
    return found


def _coded(treatment: asked.TopBottom | asked.Rounding | asked.Categorize, bench: Bench) -> Columns:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from ppdesk.anonymize.masking import recoding

    found = bench.numerals(treatment.column, treatment.treatment)
    if isinstance(treatment, asked.Rounding):
        made = found.written(
            recoding.rounded(found.values, treatment.base), recoding.decimals_of(treatment.base)
        )
    elif isinstance(treatment, asked.Categorize):
        labels = recoding.interval_labels(treatment.bounds, found)
        places = np.searchsorted(np.asarray(treatment.bounds), found.values, side="right")
        made = pa.array(labels, pa.string()).take(pa.array(places, mask=~found.present))
    else:
        made = bench.column(treatment.column).combine_chunks()
        for bound, beyond, word in (
            (treatment.bottom, np.less, "below "),
            (treatment.top, np.greater, "above "),
        ):
            if bound is None:
                continue
            text = f"{bound:.{recoding.decimals_of(bound)}f}".replace(".", bench.mark.sign)
            shown = text if treatment.shown == "bound" else word + text
            with np.errstate(invalid="ignore"):
                made = pc.if_else(pa.array(beyond(found.values, bound)), shown, made)
    return {treatment.column: made}


def _hidden(treatment: asked.Mask | asked.Suppress, bench: Bench) -> Columns:
    import pyarrow as pa
    import pyarrow.compute as pc

    from ppdesk.anonymize.masking.recoding import masked

    column = bench.column(treatment.column).combine_chunks()
    if isinstance(treatment, asked.Suppress):
        return {treatment.column: pa.array(["*"] * len(column), pa.string())}
    coded = pc.dictionary_encode(column)
    made = [
        masked(one, treatment.first, treatment.last, treatment.sign, treatment.length)
        for one in coded.dictionary.to_pylist()
    ]
    return {treatment.column: pa.array(made, pa.string()).take(coded.indices)}


def _aggregated(treatment: asked.Microaggregate | asked.ClassAggregate, bench: Bench) -> Columns:
    if isinstance(treatment, asked.ClassAggregate):
        return _class_aggregated(treatment, bench)
    import numpy as np

    from ppdesk.anonymize.masking.aggregates import By, group_texts
    from ppdesk.anonymize.masking.errors import TooFewValuesError, TooManyRecordsError
    from ppdesk.anonymize.masking.microaggregation import MOST_RECORDS, mdav, univariate

    found = {name: bench.numerals(name, treatment.treatment) for name in treatment.columns}
    whole = np.all([one.present for one in found.values()], axis=0)
    count = int(whole.sum())
    if count < treatment.group:
        raise TooFewValuesError(column=treatment.column, values=count, size=treatment.group)
    groups = np.full(len(whole), -1, np.int64)
    values = [one.values[whole] for one in found.values()]
    if len(values) == 1:
        groups[whole] = univariate(values[0], treatment.group)
    else:
        if count > MOST_RECORDS:
            raise TooManyRecordsError(records=count, most=MOST_RECORDS)
        groups[whole] = mdav(values, treatment.group, bench.cancelled)
    return {name: group_texts(one, groups, By(treatment.by), name) for name, one in found.items()}


def _class_aggregated(treatment: asked.ClassAggregate, bench: Bench) -> Columns:
    import pyarrow as pa
    import pyarrow.compute as pc

    from ppdesk.anonymize.masking.aggregates import By, group_texts

    name = treatment.column
    if bench.classes is None:
        raise ValueError("classes are needed")
    made = group_texts(bench.numerals(name, treatment.treatment), bench.classes, By(treatment.by), name)
    return {name: pc.if_else(pa.array(bench.classes < 0), "*", made)}


def _shifted(treatment: asked.DateShift, bench: Bench) -> Columns:
    import numpy as np

    from ppdesk.anonymize.masking.dates import shifted, shifts
    from ppdesk.anonymize.masking.errors import NoPersonError

    persons = bench.column(treatment.per).combine_chunks().dictionary_encode()
    if persons.null_count:
        raise NoPersonError(column=treatment.column, rows=persons.null_count, per=treatment.per)
    key = bench.key(treatment.domain or treatment.per, "date-shift")
    days = shifts(persons.dictionary.to_pylist(), key, treatment.within)
    return {
        treatment.column: shifted(
            bench.column(treatment.column), days[np.asarray(persons.indices)], treatment.column
        )
    }


def _pseudonyms(treatment: asked.Pseudonym | asked.FormatPreserving, bench: Bench) -> Columns:
    import pyarrow as pa

    from ppdesk.anonymize.masking.pseudonyms import ALPHABETS, format_preserving, plain

    name = treatment.column
    coded = bench.column(name).combine_chunks().dictionary_encode()
    values = coded.dictionary.to_pylist()
    if isinstance(treatment, asked.Pseudonym):
        key = bench.key(treatment.domain or name, "pseudonym")
        made = plain(values, key, treatment.length, name)
    else:
        key = bench.key(treatment.domain or name, "format-preserving")
        alphabet = ALPHABETS.get(treatment.alphabet, treatment.alphabet)
        made = format_preserving(values, key, alphabet, name)
    codes = pa.array(made, pa.string())
    bench.codes.append((name, coded.dictionary, codes))
    return {name: codes.take(coded.indices)}


def _perturbed(treatment: asked.RankSwap | asked.Noise | asked.Pram, bench: Bench) -> Columns:
    import numpy as np
    import pyarrow as pa

    from ppdesk.anonymize.masking import perturbation

    name = treatment.column
    if isinstance(treatment, asked.Noise):
        found = {one: bench.numerals(one, treatment.treatment) for one in treatment.columns}
        noisy = perturbation.with_noise(
            [one.values for one in found.values()], treatment.share, bench.entropy
        )
        return {one: found[one].written(values) for one, values in zip(found, noisy, strict=True)}
    column = bench.column(name).combine_chunks()
    there = np.flatnonzero(np.asarray(column.is_valid()))
    sources = np.arange(len(column))
    if isinstance(treatment, asked.RankSwap):
        values = bench.numerals(name, treatment.treatment).values[there]
        sources[there] = there[perturbation.rank_swapped(values, treatment.window, bench.entropy)]
        return {name: column.take(pa.array(sources))}
    coded = column.dictionary_encode()
    categories = coded.dictionary.to_pylist()
    codes = np.asarray(coded.indices.fill_null(0)).astype(np.int64)[there]
    counts = np.bincount(codes, minlength=len(categories)).astype(float)
    if treatment.matrix is not None:
        names, matrix = perturbation.declared_matrix(treatment.matrix, categories, name)
        codes = np.asarray([names.index(one) for one in categories], np.int64)[codes]
    elif not categories:
        return {name: column}
    else:
        names, stay = categories, float(treatment.stay or 0)
        own = treatment.to == "own-shares"
        matrix = (
            perturbation.invariant_matrix(counts, stay)
            if own
            else perturbation.uniform_matrix(len(names), stay)
        )
    redrawn = np.zeros(len(column), np.int64)
    redrawn[there] = perturbation.redrawn(codes, matrix, bench.entropy)
    missing = np.asarray(column.is_null())
    return {name: pa.array(names, pa.string()).take(pa.array(redrawn, mask=missing))}


_FEW = 10  # a mean of fewer values would nearly be a person's value, and facts are for everybody
_NUMERIC = (asked.Rounding, asked.TopBottom, asked.Microaggregate, asked.RankSwap, asked.Noise)


def _numeric(treatment: asked.Treatment) -> bool:
    """Whether numbers stay numbers, so that their mean and spread can be compared."""
    if isinstance(treatment, asked.TopBottom) and treatment.shown == "label":
        return False
    return isinstance(treatment, _NUMERIC) and getattr(treatment, "by", "mean") != "interval"


def _moments(name: str, after: "pa.Array", bench: Bench) -> tuple[float | None, ...]:
    """(mean before, after, standard deviation before, after); None where fewer than 10 values are there."""
    import numpy as np
    import pyarrow as pa

    from ppdesk.core.cell_numbers import numbers

    both = [numbers(bench.column(name), bench.mark), numbers(pa.chunked_array([after]), bench.mark)]
    there = [one[~np.isnan(one)] for one in both]
    if any(len(one) < _FEW for one in there):
        return (None,) * 4
    means, spreads = [float(one.mean()) for one in there], [float(one.std()) for one in there]
    return (*means, *spreads)
