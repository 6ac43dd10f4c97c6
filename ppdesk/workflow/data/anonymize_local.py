"""Local transformation and cell suppression in the step: checks, the work, and what is told of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.anonymize.local.names import Method, Rare
from ppdesk.anonymize.quality_names import Quality
from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.workflow.data import anonymize_masking, anonymize_sensitive
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts, ColumnLoss, RiskFacts
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.anonymize_prepared import Prepared, prepared
from ppdesk.workflow.data.local_facts import LabelShares, LocalFacts
from ppdesk.workflow.reading import kept
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.unit import Unit

if TYPE_CHECKING:
    from ppdesk.anonymize.apply import Applied
    from ppdesk.anonymize.criteria.make import Requirements
    from ppdesk.anonymize.local.clustering import Task
    from ppdesk.anonymize.local.release import Local


# What only the global search knows, by the names of the fields; with suppressed cells, the first one.
_GLOBAL = ("population", "highest_levels", "keep", "levels")


@dataclass(frozen=True)
class Transformed:
    """`base`: the levels of the global transformation whose cells were suppressed."""

    task: "Task"
    local: "Local"
    score: float
    base: dict[str, Json] | None


@dataclass(frozen=True)
class Made:
    """What a run tells of a local release. `base` as in `Transformed`."""

    applied: "Applied"
    facts: LocalFacts
    columns: tuple[ColumnLoss, ...]
    score: float
    limit: int
    base: dict[str, Json] | None


def check(params: AnonymizeParams, quasi: Sequence[str]) -> list[Finding]:
    """What is wrong with the settings of transformation."""
    found = []
    unknown = [name for name in params.suppress_columns if name not in quasi]
    if unknown and quasi:
        found.append(
            Finding(
                Level.BLOCKING, said("Only quasi-identifiers are suppressed as columns."),
                said("Not declared quasi-identifiers in Roles: {columns}.", columns=", ".join(unknown)),
                "suppress_columns", "PP-ANONYMIZE-060",
            )
        )  # fmt: skip
    if params.transformation is not Method.GLOBAL:
        if params.quality is not Quality.LOSS:
            found.append(
                Finding(
                    Level.BLOCKING, said("A local transformation keeps loss small, no other measure."),
                    said("Take loss as the quality model, or the global transformation."),
                    "quality", "PP-ANONYMIZE-061",
                )
            )  # fmt: skip
        if params.rare is Rare.CELLS:
            found.append(
                Finding(
                    Level.BLOCKING, said("Cells are suppressed in a global transformation."),
                    said("A local one leaves hardly any record too rare. Take global, or suppress records."),
                    "rare", "PP-ANONYMIZE-062",
                )
            )  # fmt: skip
    unknown_here = _GLOBAL[:1] if params.transformation is Method.GLOBAL else _GLOBAL
    idle = [name for name in unknown_here if name in params.model_dump(exclude_defaults=True)]
    if params.local and idle:
        found.append(
            Finding(
                Level.BLOCKING,
                said("Some settings are for a global transformation with whole records alone."),
                said("Take out: {settings}.", settings=", ".join(idle)), idle[0], "PP-ANONYMIZE-063",
            )
        )  # fmt: skip
    return found


def without_columns(params: AnonymizeParams, data: Prepared) -> AnonymizeParams:
    """`params` with the columns to suppress at their top level."""
    tops = {one.column: one.levels - 1 for one in data.hierarchies}
    gone = {name: tops[name] for name in params.suppress_columns if name in tops}
    return params.model_copy(update={"lowest_levels": {**params.lowest_levels, **gone}}) if gone else params


def transformed(
    params: AnonymizeParams, data: Prepared, needs: "Requirements", ctx: Context, *,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
) -> Transformed:  # fmt: skip
    """A local transformation, or a global one with suppressed cells, without the table of it.

    Raises what the methods raise, and CellLimitError."""
    from ppdesk.anonymize.local.errors import CellLimitError
    from ppdesk.anonymize.local.methods import Options, suppress_cells, transform
    from ppdesk.anonymize.local.multi_pass import Passes
    from ppdesk.anonymize.loss import LossModel

    model = LossModel(params.aggregate, params.gs_factor, params.weights)
    base: dict[str, Json] | None = None
    if params.transformation is Method.GLOBAL:
        solution = data.solve(params, needs, ctx, lambda share, what: progress(share / 2, what))
        base = dict(zip(data.names, solution.levels, strict=True))
        task, local = suppress_cells(
            data.rows, data.hierarchies, data.frequencies, params.k, solution.levels,
            suppression_limit=params.suppression_limit, model=model, needs=needs,
            progress=lambda share, what: progress((1 + share) / 2, what), cancelled=ctx.cancelled,
        )  # fmt: skip
        most = int(params.cell_limit * data.frequencies.records * len(data.names))
        stars = _suppressed_cells(task, local, solution.levels)
        if stars > most:
            raise CellLimitError(cells=stars, limit=most)
    else:
        task, local = transform(
            data.rows, data.hierarchies, data.frequencies, params.k, params.transformation,
            suppression_limit=params.suppression_limit, model=model, needs=needs,
            options=Options(
                relaxed=params.relaxed,
                passes=Passes(params.pass_gs_factor, params.adaption, params.pass_share, params.passes),
                lowest=params.lowest_levels,
            ),
            progress=progress, cancelled=ctx.cancelled,
        )  # fmt: skip
    return Transformed(task, local, model.score(local.losses, model.column_weights(data.names)), base)


def _made(
    params: AnonymizeParams, data: Prepared, found: Transformed, ctx: Context, drop: Sequence[str]
) -> Made:
    """The table of a transformation, and what is told of it."""
    from ppdesk.anonymize.apply import Applied
    from ppdesk.anonymize.local.release import released

    task, local = found.task, found.local
    table = released(data.rows, local, data.hierarchies, drop=drop, entropy=ctx.entropy, check=task.stop)
    return Made(
        applied=Applied(
            table=table, before=data.frequencies.counts, after=local.sizes,
            suppressed=local.suppressed, worst=local.worst,
        ),
        facts=_told(params, task, local, data.names),
        columns=tuple(
            ColumnLoss(name=one.column, level=None, levels=one.levels, loss=loss)
            for one, loss in zip(data.hierarchies, local.losses, strict=True)
        ),
        score=found.score,
        limit=task.limit,
        base=found.base,
    )  # fmt: skip


def _suppressed_cells(task: "Task", local: "Local", levels: Sequence[int]) -> int:
    """Cells of kept records that show the top where their column's level is another."""
    tops = [top - 1 for top in task.frequencies.maps.shape]
    return sum(
        int(local.kept_levels[d, top])
        for d, (top, level) in enumerate(zip(tops, levels, strict=True))
        if level < top
    )


def _told(params: AnonymizeParams, task: "Task", local: "Local", names: Sequence[str]) -> LocalFacts:
    from ppdesk.anonymize.local.matching import matching

    risks = matching(task, local)
    kept = max(1, int(local.sizes.sum()))
    tops = task.frequencies.maps.shape
    cell = params.transformation is Method.GLOBAL
    return LocalFacts(
        method="cell suppression" if cell else params.transformation.value,
        granularity=local.granularity,
        cells=kept * len(names),
        stars=local.stars,
        labels=tuple(
            LabelShares(name=name, shares=tuple((local.kept_levels[d, : tops[d]] / kept).tolist()))
            for d, name in enumerate(names)
        ),
        covered_highest=risks.highest,
        covered_mean=risks.mean,
        tried=risks.tried,
        tuples=len(task.frequencies.counts),
    )


def run(
    params: AnonymizeParams, inputs: Inputs, ctx: Context, left_out: Sequence[str]
) -> tuple[AnonymizeFacts, Artifact]:
    """The facts and the RELEASE of a local transformation. `left_out` are the columns to drop."""
    from ppdesk.anonymize.risk import LABELS, risk

    ctx.progress(0.0, said("Count distinct records (the first time, kernels are compiled: some 15 s)"))
    masking = anonymize_masking.Masking.begin(params, inputs, ctx)
    data = prepared(inputs, masking.rows)
    unit = Unit.of(data.roles)
    searched = masking.searched(without_columns(params, data))
    found = transformed(
        searched, data, data.needs(params, ctx), ctx,
        progress=lambda share, what: ctx.progress(0.1 + 0.8 * share, what),
    )  # fmt: skip
    made = _made(searched, data, found, ctx, masking.drop(left_out))
    applied = masking.end(made.applied, left_out, ctx)
    facts = AnonymizeFacts(
        k=params.k,
        limit=made.limit + masking.aside.num_rows,
        records=applied.table.num_rows,
        suppressed=applied.suppressed,
        score=made.score,
        columns=made.columns,
        lattice_size=0,
        checked=0,
        suppress_too_much=0,
        bounded=0,
        before=RiskFacts.of(risk(applied.before, params.k)),
        after=RiskFacts.of(risk(applied.after, params.k)),
        bins=LABELS,
        unit_column=unit.column,
        most_rows=unit.most_rows,
        sensitive=anonymize_sensitive.facts(params, applied.worst),
        quality=params.quality.value,
        masking=masking.facts,
        local=made.facts,
    )
    return facts, masking.marked(_release(params, facts, made, inputs[Kind.TABLE].head, applied))


def _release(
    params: AnonymizeParams, facts: AnonymizeFacts, made: Made, table: Head, applied: "Applied"
) -> Artifact:
    """No level holds for all records of a column, so that each is null in the head."""
    told: dict[str, Json] = {
        "k": params.k,
        "suppression_limit": params.suppression_limit,
        "quality": params.quality.value,
        "levels": dict.fromkeys(one.name for one in facts.columns),
        "transformation": made.facts.method,
        "granularity": made.facts.granularity,
        "score": facts.score,
        "suppressed": facts.suppressed,
        "optimal": False,
        **anonymize_sensitive.head(params),
    }
    proof: dict[str, Json] = {
        **told,
        "claimed": "each class of equal released values has at least k records and meets the models",
        "checked": "on the released values, grouped anew",
        "classes": facts.after.classes,
        "smallest": facts.after.smallest,
        "losses": {one.name: one.loss for one in facts.columns},
        "order": "random",
    }
    if made.base is not None:
        proof["levels_before_cell_suppression"] = made.base
    head: dict[str, Json] = {
        **told, "rows": facts.records, "columns": list(applied.table.column_names), **kept(table),
    }  # fmt: skip
    parts = (Part("rows", applied.table, personal=True), Part("solution", canonical(proof)))
    return Artifact(Kind.RELEASE, head, parts)
