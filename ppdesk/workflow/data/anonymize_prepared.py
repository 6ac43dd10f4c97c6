"""What Anonymize works on, made once from its inputs: a run and the previews before it share it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head, Kind, columns_of
from ppdesk.workflow.data import (
    anonymize_populations,
    anonymize_search,
    anonymize_sensitive,
    quality_settings,
)
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.step import Context, Inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from ppdesk.anonymize.criteria.make import Requirements
    from ppdesk.anonymize.frequency import FrequencySet
    from ppdesk.anonymize.heuristics.solve import Solved
    from ppdesk.anonymize.hierarchies import Hierarchy
    from ppdesk.anonymize.populations.judging import Populations


@dataclass(frozen=True)
class Prepared:
    """`names` are the quasi-identifiers in the table's order, `hierarchies` theirs, in that order; `loaded`
    those of all columns that have one."""

    rows: "pa.Table"
    roles: Head
    names: list[str]
    hierarchies: "list[Hierarchy]"
    loaded: "Mapping[str, Hierarchy]"
    frequencies: "FrequencySet"

    def needs(self, params: AnonymizeParams, ctx: Context) -> "Requirements":
        """The models on sensitive columns. SensitiveColumnError, CriterionError."""
        from ppdesk.anonymize.criteria.make import requirements

        wanted = anonymize_sensitive.wanted(params, self.roles, self.loaded, ctx)
        return requirements(self.rows, self.frequencies, wanted)

    def populations(self, params: AnonymizeParams, table: Head, ctx: Context) -> "Populations | None":
        """The models on the population and the whole table; None where there are none. ReadError, errors of
        `anonymize.populations.make`."""
        return anonymize_populations.held(
            params, self.frequencies, self.hierarchies, table, ctx, quality=params.quality,
            loss=quality_settings.model(params, self.roles, self.rows, self.frequencies),
        )  # fmt: skip

    def solve(
        self,
        params: AnonymizeParams,
        needs: "Requirements",
        ctx: Context,
        progress: Callable[[float, str], None] = lambda _share, _what: None,
        *,
        populations: "Populations | None" = None,
    ) -> "Solved":
        """The optimum, or the best that the params' search finds. Errors of `heuristics.solve`."""
        from ppdesk.anonymize.heuristics.problem import Problem
        from ppdesk.anonymize.heuristics.solve import solve

        problem = Problem(
            self.frequencies, params.k, params.suppression_limit,
            quality_settings.model(params, self.roles, self.rows, self.frequencies), self.names, needs,
            quality=params.quality, populations=populations,
        )  # fmt: skip
        return solve(
            problem, anonymize_search.plan(params), entropy=ctx.entropy, progress=progress,
            cancelled=ctx.cancelled,
        )  # fmt: skip


def prepared(inputs: Inputs, rows: "pa.Table | None" = None) -> Prepared:
    """All records of the table, or `rows` of them. OutsideHierarchyError, NoRecordsError,
    NoQuasiIdentifierError."""
    from ppdesk.anonymize.frequency import frequency_set
    from ppdesk.anonymize.hierarchies import from_json

    rows = inputs[Kind.TABLE].table("rows") if rows is None else rows
    roles = inputs[Kind.ROLES].head
    quasi = set(columns(roles, "quasi-identifier"))
    names = [name for name in rows.column_names if name in quasi]
    loaded = from_json(inputs[Kind.HIERARCHIES].data("hierarchies"))
    hierarchies = [loaded[name] for name in names]
    return Prepared(rows, roles, names, hierarchies, loaded, frequency_set(rows, hierarchies))


def columns(roles: Head, role: str) -> list[str]:
    """The names of the columns that have a role."""
    return [str(one["name"]) for one in columns_of(roles) if one.get("role") == role]
