"""Treatments in the step: checks, what happens to records before the search and to columns after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Artifact, Kind, Part, column_names
from ppdesk.core.canonical import Json
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.workflow import declared
from ppdesk.workflow.data import treatment_models as asked
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.anonymize_sensitive import NOT_OF_UNIONS
from ppdesk.workflow.data.masking_facts import MaskingFacts
from ppdesk.workflow.data.masking_params import MaskingParams, MissingRule
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Heads, Inputs

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ppdesk.anonymize.apply import Applied

CODES = (asked.Pseudonym, asked.FormatPreserving)
# these are about the table alone: an aggregate is finer than the class that they count in the population
_OF_THE_TABLE = (
    "average-risk", "strict-average-risk", "sample-uniqueness", "profitability-prosecutor",
    "profitability-prosecutor-no-attack",
)  # fmt: skip
_KEYED = (*CODES, asked.DateShift)
_OF_IDENTIFIERS = (*_KEYED, asked.Suppress)
_ORIGINAL = "\0original "  # no column of a file is called so: a name has no NUL


def check(
    params: MaskingParams, protected: Mapping[str, str], heads: Heads, population: Sequence[str] = ()
) -> list[Finding]:
    """What is wrong with the treatments. `protected`: sensitive columns and the model of each; `population`:
    the names of models on the population and the whole table."""
    roles = {name: one.role for name, one in declared.columns(heads.get(Kind.ROLES, {})).items()}
    treatments = params.treatments()
    found = []
    if params.missing is MissingRule.WILDCARD:
        from ppdesk.anonymize.masking.errors import WildcardSearchError

        refusal = WildcardSearchError()
        found.append(Finding(Level.BLOCKING, refusal.message, refusal.advice, "missing", "PP-MASK-021"))
    if not treatments:
        return found
    names = column_names(heads.get(Kind.TABLE, {})) or tuple(roles)
    wrong = [*_wrong(treatments, roles, names)]
    wrong += [
        (said("Sensitive columns that a model protects stay as they are."), one.column, "PP-MASK-026")
        for one in treatments
        if set(one.columns) & set(protected)
    ]
    wrong += [
        (
            said("Aggregates of classes do not go with a model on a sensitive column."),
            one.column,
            "PP-MASK-027",
        )
        for one in treatments
        if set(NOT_OF_UNIONS) & set(protected.values()) and isinstance(one, asked.ClassAggregate)
    ]
    wrong += [
        (said("Aggregates of classes do not go with a model on the population."), one.column, "PP-MASK-031")
        for one in treatments
        if isinstance(one, asked.ClassAggregate) and not set(population) <= set(_OF_THE_TABLE)
    ]
    for title, code in dict.fromkeys((title, code) for title, _, code in wrong):
        columns = ", ".join(dict.fromkeys(column for one, column, _ in wrong if one == title))
        found.append(Finding(Level.BLOCKING, title, _todo(code, columns), "treat", code))
    return [*found, *_keys(params, treatments)]


def _todo(code: str, columns: str) -> str:
    """What to do about the treatments of `columns`."""
    return {
        "PP-MASK-022": said("Treatments name columns of the table. Named: {columns}.", columns=columns),
        "PP-MASK-023": said(
            "One treatment for each column: what a second one sees would no longer be the data. Named:"
            " {columns}.",
            columns=columns,
        ),
        "PP-MASK-024": said(
            "Classes would no longer be what was searched. Declare bounds, intervals or masking as the"
            " column's generalization in Roles; class-aggregate is for quasi-identifiers alone. Named:"
            " {columns}.",
            columns=columns,
        ),
        "PP-MASK-025": said(
            "Of a direct identifier only pseudonym, format-preserving, date-shift and suppress leave nothing"
            " readable. Declare another role if it is none. Named: {columns}.",
            columns=columns,
        ),
        "PP-MASK-026": said(
            "Values that change after the search may no longer meet the model. Named: {columns}.",
            columns=columns,
        ),
        "PP-MASK-027": said(
            "Two classes with the same aggregate are one in the release. It may not meet delta-disclosure,"
            " nor entropy-l-diversity by Grassberger's estimate, though both did. Named: {columns}.",
            columns=columns,
        ),
        "PP-MASK-031": said(
            "The aggregate says more than the class that was counted in the population, where fewer people"
            " may have it. Named: {columns}.",
            columns=columns,
        ),
    }[code]


def _wrong(
    treatments: Sequence[asked.Treatment], roles: Mapping[str, str], names: Sequence[str]
) -> list[tuple[str, str, str]]:
    """(title, column, code) of each."""
    found: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    for one in treatments:
        also = (one.per,) if isinstance(one, asked.DateShift) else ()
        for name in (*one.columns, *also):
            if name not in names or name not in roles:
                found.append((said("A treatment names a column that is not there."), name, "PP-MASK-022"))
        for name in one.columns:
            if name in seen:
                found.append((said("A column is treated twice."), name, "PP-MASK-023"))
            seen.add(name)
            quasi = roles.get(name) == "quasi-identifier"
            if name in roles and quasi is not isinstance(one, asked.ClassAggregate):
                found.append((said("A treatment does not fit the column's role."), name, "PP-MASK-024"))
            if roles.get(name) == "direct-identifier" and not isinstance(one, _OF_IDENTIFIERS):
                found.append((said("A direct identifier would be readable."), name, "PP-MASK-025"))
    return found


def _keys(params: MaskingParams, treatments: Sequence[asked.Treatment]) -> list[Finding]:
    """What to know of keys, and of pseudonyms at all."""
    keyed = [one for one in treatments if isinstance(one, _KEYED)]
    found = []
    if params.pseudonym_key is not None and not params.release_name.strip():
        found.append(
            Finding(
                Level.BLOCKING, said("A key of pseudonyms needs the release's name."),
                said(
                    "Two releases under one key and no name would have the same pseudonyms and could be"
                    " joined."
                ),
                "release_name", "PP-MASK-028",
            )
        )  # fmt: skip
    if any(isinstance(one, CODES) for one in keyed):
        found.append(
            Finding(
                Level.CAUTION, said("Pseudonyms are personal data."),
                said(
                    "They join the records of a person within the release, also where k-anonymity alone would"
                    " not (GDPR, recital 26), and who has the key or this project can go back. k counts"
                    " records."
                ),
                "treat", "PP-MASK-029",
            )
        )  # fmt: skip
    if keyed and params.pseudonym_key is None:
        found.append(
            Finding(
                Level.INFO, said("The key is drawn anew in this run."),
                said(
                    "Other tables, and this one in a later run, get other pseudonyms and shifts. A key file"
                    " makes them the same under one name of a release."
                ),
                "pseudonym_key", "PP-MASK-030",
            )
        )  # fmt: skip
    return found


@dataclass
class Masking:
    """One run: `rows` are those to search, `limit` the share of them that may be suppressed. `aside` were
    suppressed by rule and are not among them."""

    params: MaskingParams
    rows: "pa.Table"
    limit: float
    aside: "pa.Table"
    quasi: tuple[str, ...]
    mark: DecimalMark
    k: int
    facts: MaskingFacts
    parts: tuple[Part, ...] = ()

    @classmethod
    def begin(cls, params: AnonymizeParams, inputs: Inputs, ctx: Context) -> "Masking":
        """Draw the sample, apply the rule on missing values. EmptySampleError, WildcardSearchError,
        MissingOverLimitError."""
        import pyarrow as pa

        from ppdesk.anonymize.masking import errors, incomplete
        from ppdesk.anonymize.masking.draws import sample

        table, limit = inputs[Kind.TABLE], params.suppression_limit
        rows, roles = table.table("rows"), declared.columns(inputs[Kind.ROLES].head)
        quasi = [name for name, one in roles.items() if one.role == "quasi-identifier"]
        if params.missing is MissingRule.WILDCARD:
            raise errors.WildcardSearchError()
        facts = MaskingFacts(missing=params.missing.value)
        if params.sample < 1:
            size = round(params.sample * rows.num_rows)
            if size == 0:
                raise errors.EmptySampleError()
            facts = facts.model_copy(update={"sampled_of": rows.num_rows})
            rows = rows.take(pa.array(sample(rows.num_rows, size, ctx.entropy)))
        lacking = incomplete.lacking(rows, quasi)
        facts = facts.model_copy(update={"incomplete": int(lacking.sum())})
        aside = rows.slice(0, 0)
        if params.missing is MissingRule.CONSERVATIVE and lacking.any():
            limit = incomplete.limit_of_rest(rows.num_rows, facts.incomplete, limit)
            aside, rows = rows.filter(pa.array(lacking)), rows.filter(pa.array(~lacking))
            facts = facts.model_copy(update={"incomplete_hidden": facts.incomplete})
        return cls(
            params,
            _with_originals(rows, params, quasi),
            limit,
            aside,
            tuple(quasi),
            Reading.of(table.head).decimal,
            params.k,
            facts,
        )

    def searched(self, params: AnonymizeParams) -> AnonymizeParams:
        """`params` for the search among `rows`."""
        return params.model_copy(update={"suppression_limit": self.limit})

    def drop(self, names: Sequence[str]) -> list[str]:
        """Of columns that are not released those that no treatment needs either."""
        needed = {name for one in self.params.treatments() for name in _needs(one)}
        return [name for name in names if name not in needed]

    def end(self, applied: "Applied", not_released: Sequence[str], ctx: Context) -> "Applied":
        """`applied` with the records put aside, columns treated, and no others than those to release."""
        import pyarrow as pa

        from ppdesk.anonymize.masking import incomplete
        from ppdesk.workflow.data import treatment_work

        treatments = self.params.treatments()
        mine = {name for one in treatments for name in one.columns}
        left_out = tuple(name for name in not_released if name not in mine)
        self.facts = self.facts.model_copy(update={"left_out": left_out})
        if not treatments and not self.aside.num_rows:
            return applied
        whole = applied.table
        if self.aside.num_rows:
            hidden = _with_originals(self.aside, self.params, self.quasi)
            whole = incomplete.put_back(whole, hidden, self.quasi, ctx.entropy)
        originals = {
            name.removeprefix(_ORIGINAL): whole.column(name)
            for name in whole.column_names
            if name.startswith(_ORIGINAL)
        }
        whole = pa.table({name: whole.column(name).cast(pa.string()) for name in whole.column_names})
        bench = treatment_work.Bench(
            whole.drop_columns([_ORIGINAL + name for name in originals]),
            self.mark, ctx.entropy, self._secret(ctx), self.params.release_name.strip(),
            ctx.cancelled, originals, _classes(whole, self.quasi, self.k) if originals else None,
        )  # fmt: skip
        made: dict[str, pa.Array] = {}
        treated = []
        for one in treatments:
            columns = treatment_work.treated(one, bench)
            treated += treatment_work.told(one, bench, columns)
            made |= columns
        released = pa.table(
            {
                name: made.get(name, bench.table.column(name))
                for name in bench.table.column_names
                if name in made or name not in not_released
            }
        )
        self.parts = _codes(bench.codes)
        key = "" if not self._keyed() else "drawn" if self.params.pseudonym_key is None else "file"
        self.facts = self.facts.model_copy(update={"treated": tuple(treated), "key": key})
        return replace(applied, table=released, suppressed=applied.suppressed + self.aside.num_rows)

    @property
    def head(self) -> dict[str, Json]:
        """What a RELEASE says of it: nothing where nothing was done."""
        found: dict[str, Json] = {}
        if self.params.treat:
            found["treatments"] = list(self.params.treat)
            found["treated"] = {
                name: one.treatment for one in self.params.treatments() for name in one.columns
            }
        if self.facts.sampled_of is not None:
            found["sample"] = self.params.sample
        if self.params.missing is not MissingRule.OWN_CATEGORY:
            found["missing"] = self.params.missing.value
        return found

    def marked(self, release: Artifact) -> Artifact:
        """`release` with what its head says of all this, and the pseudonyms beside its rows."""
        return replace(release, head={**release.head, **self.head}, parts=(*release.parts, *self.parts))

    def _keyed(self) -> bool:
        return any(isinstance(one, _KEYED) for one in self.params.treatments())

    def _secret(self, ctx: Context) -> bytes:
        from ppdesk.anonymize.masking.keys import SECRET_BYTES, read_secret

        if not self._keyed():
            return b""
        if self.params.pseudonym_key is None:
            return ctx.entropy.take(SECRET_BYTES)
        return read_secret(ctx.sources["pseudonym_key"].read_bytes())


def _needs(treatment: asked.Treatment) -> tuple[str, ...]:
    """The columns that a treatment reads."""
    return (
        (*treatment.columns, treatment.per) if isinstance(treatment, asked.DateShift) else treatment.columns
    )


def _with_originals(rows: "pa.Table", params: MaskingParams, quasi: Sequence[str]) -> "pa.Table":
    """`rows` with a second copy of each quasi-identifier whose values are aggregated by class, or that tells
    whose date it is."""
    wanted = [one.column for one in params.treatments() if isinstance(one, asked.ClassAggregate)]
    wanted += [one.per for one in params.treatments() if isinstance(one, asked.DateShift)]
    for name in dict.fromkeys(one for one in wanted if one in quasi):
        rows = rows.append_column(_ORIGINAL + name, rows.column(name))
    return rows


def _classes(released: "pa.Table", quasi: Sequence[str], k: int) -> "NDArray[np.int64]":
    """(rows,) int64: the class of each record, from the quasi-identifiers as released; -1 where all of them
    are "*", or fewer than `k` records have the same (as where single cells are suppressed)."""
    import numpy as np

    from ppdesk.anonymize.masking.incomplete import classes_of

    found = classes_of([released.column(name) for name in quasi if name in released.column_names])
    sizes = np.bincount(found + 1)
    return np.where(sizes[found + 1] < k, -1, found)


def _codes(codes: "Sequence[tuple[str, pa.Array, pa.Array]]") -> tuple[Part, ...]:
    """Which pseudonym stands for which value: for the owner of the project, never in a copy."""
    import pyarrow as pa

    if not codes:
        return ()
    columns = {
        "column": pa.concat_arrays([pa.array([name] * len(made), pa.string()) for name, _, made in codes]),
        "value": pa.concat_arrays([values.cast(pa.string()) for _, values, _ in codes]),
        "pseudonym": pa.concat_arrays([made for _, _, made in codes]),
    }
    return (Part("pseudonyms", pa.table(columns), personal=True),)
