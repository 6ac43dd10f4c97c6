"""Step anonymize: full-domain generalization with record suppression to k-anonymity, at little loss."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel

from ppdesk.core.artifacts import Artifact, Head, Kind, Part, column_names
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.core.wording import percent
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.data import (
    anonymize_local,
    anonymize_masking,
    anonymize_populations,
    anonymize_private,
    anonymize_search,
    anonymize_section,
    anonymize_sensitive,
    quality_settings,
    release_quality_section,
)
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts, ColumnLoss, RiskFacts
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.anonymize_prepared import columns, prepared
from ppdesk.workflow.data.anonymize_preview import AnonymizePreview, AnonymizePreviewer
from ppdesk.workflow.data.level_names import name_of
from ppdesk.workflow.reading import kept
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep
from ppdesk.workflow.unit import Unit

if TYPE_CHECKING:
    from ppdesk.anonymize.apply import Applied
    from ppdesk.anonymize.heuristics.solve import Solved

_ROLES = ("direct-identifier", "quasi-identifier", "sensitive", "insensitive")
_SEARCH_SHARE = 0.8  # of the progress bar; coding comes before, writing after


class AnonymizeStep(PlainStep):
    key: ClassVar[str] = "anonymize"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Anonymize"
    purpose: ClassVar[str] = (
        "Make every person look like enough others, and keep as much information as that allows."
    )
    help: ClassVar[str] = (
        "Each quasi-identifier is generalized to one level of its hierarchy, the same for all records."
        " Records"
        " that are then still in a class of fewer than k are suppressed. Of all combinations of levels,"
        " the one"
        " with the smallest loss (or another measure of quality) is found and proved. Where there are too"
        " many to prove it, the best that was found is taken, and it is told how much better another one"
        " could be at most.\n\n"
        "k-anonymity limits how well a person can be singled out by the quasi-identifiers: the highest"
        " risk is"
        " 1 in k. It does not hide what all members of a class share, and it does not limit what"
        " somebody learns"
        " who knows more than the quasi-identifiers. It is no differential privacy.\n\n"
        "Models on sensitive columns limit what a class tells of its members: l-diversity asks for several"
        " values, t-closeness, delta-disclosure and beta-likeness for nearly the shares of the whole table. A"
        " class that violates one is suppressed as well. Missing values count as a value of their own.\n\n"
        "Direct identifiers are dropped, sensitive and insensitive columns are kept as they are, and the"
        " records"
        " are put in a random order, as the order of a file can identify people."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES, Kind.HIERARCHIES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.RELEASE,)
    icon: ClassVar[str] = "eye-off"
    Params: ClassVar[type[Any]] = AnonymizeParams
    Facts: ClassVar[type[Any]] = AnonymizeFacts
    Preview: ClassVar[type[BaseModel] | None] = AnonymizePreview

    def check(self, params: AnonymizeParams, heads: Heads) -> list[Finding]:
        private = params.differential_privacy()
        limits = heads.get(Kind.STANDARD, {})
        found = _against_standard(
            params if private is None else anonymize_private.reaching(params, private), limits
        )
        roles = heads.get(Kind.ROLES)
        if roles is None:
            return found
        if private is not None:
            found += anonymize_private.check(params, private, heads)
        found += _against_table(roles, heads.get(Kind.TABLE, {}))
        quasi = columns(roles, "quasi-identifier")
        if not quasi:
            found.append(
                Finding(
                    Level.BLOCKING,
                    said("No column is a quasi-identifier."),
                    said("Mark one in Roles."),
                    "",
                    "PP-ANONYMIZE-004",
                )
            )
        unknown = [name for name in params.weights if name not in quasi]
        wrong = [name for name, weight in params.weights.items() if weight < 0]
        if unknown or wrong or (quasi and all(params.weights.get(name, 1.0) == 0 for name in quasi)):
            found.append(
                Finding(
                    Level.BLOCKING, said("The weights cannot be used."),
                    said("They must be at least zero, not all zero, and name quasi-identifiers only."),
                    "weights", "PP-ANONYMIZE-005",
                )
            )  # fmt: skip
        found += quality_settings.check(params, quasi, roles, column_names(heads.get(Kind.TABLE, {})))
        found += anonymize_search.check(params, quasi, heads)
        found += anonymize_populations.check(params)
        found += anonymize_local.check(params, quasi)
        found += anonymize_masking.check(
            params, anonymize_sensitive.protected(params), heads,
            [one.model for one in params.on_population()],
        )  # fmt: skip
        return [*found, *anonymize_sensitive.check(params, heads), *_of_persons(params.k, Unit.of(roles))]

    def cost(self, params: AnonymizeParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """With differential privacy (SafePub) its epsilon and delta, from the parameters alone. Else nothing
        of the budget, and no differential privacy either.

        k-anonymity is a property of the released table, not a bound on what it tells. The optimum is chosen
        by looking at the data, and the release gives exact counts of its classes: it lies outside every
        (epsilon, delta) claim of the project, and such a claim does not cover it.
        """
        private = params.differential_privacy()
        return NoEvent() if private is None else anonymize_private.cost(private)

    def run(self, params: AnonymizeParams, inputs: Inputs, ctx: Context) -> Outcome[AnonymizeFacts]:
        if params.local:
            names = inputs[Kind.TABLE].table("rows").column_names
            told, release = anonymize_local.run(
                params, inputs, ctx, _not_released(names, inputs[Kind.ROLES].head)
            )
            return Outcome(told, [release], _remarks(told))
        from ppdesk.anonymize.apply import apply, classes
        from ppdesk.anonymize.release_quality import measures
        from ppdesk.anonymize.risk import LABELS, risk

        private = params.differential_privacy()
        if private is not None:
            return anonymize_private.run(params, private, inputs, ctx)

        ctx.progress(
            0.0, said("Count distinct records (the first time, the search is compiled: some seconds)")
        )
        masking = anonymize_masking.Masking.begin(params, inputs, ctx)
        data = prepared(inputs, masking.rows)
        rows, roles, hierarchies = data.rows, data.roles, data.hierarchies
        unit = Unit.of(roles)
        needs = data.needs(params, ctx)
        people = data.populations(params, inputs[Kind.TABLE].head, ctx)
        solution = data.solve(
            masking.searched(anonymize_local.without_columns(params, data)),
            needs,
            ctx,
            lambda share, what: ctx.progress(0.1 + _SEARCH_SHARE * share, what),
            populations=people,
        )
        ctx.progress(0.1 + _SEARCH_SHARE, said("Write the release"))
        left_out = _not_released(inputs[Kind.TABLE].table("rows").column_names, roles)
        applied = apply(
            rows, hierarchies, data.frequencies, solution.levels, params.k,
            drop=masking.drop(left_out), entropy=ctx.entropy, needs=needs, populations=people,
        )  # fmt: skip
        applied = masking.end(applied, left_out, ctx)
        made = classes(data.frequencies, solution.levels, params.k, needs, people)
        facts = AnonymizeFacts(
            k=params.k,
            limit=solution.limit + masking.aside.num_rows,
            records=applied.table.num_rows,
            suppressed=applied.suppressed,
            score=solution.score,
            columns=tuple(
                ColumnLoss(
                    name=one.column,
                    level=level,
                    levels=one.levels,
                    loss=loss,
                    level_name=name_of(inputs[Kind.HIERARCHIES].head, one.column, level),
                )
                for one, level, loss in zip(hierarchies, solution.levels, solution.losses, strict=True)
            ),
            lattice_size=anonymize_search.whole_number(solution.lattice_size),
            checked=solution.checked,
            suppress_too_much=anonymize_search.whole_number(solution.suppress_too_much),
            bounded=anonymize_search.whole_number(solution.bounded),
            search=anonymize_search.facts(solution, data.frequencies, params.k, needs, people),
            before=RiskFacts.of(risk(applied.before, params.k)),
            after=RiskFacts.of(risk(applied.after, params.k)),
            bins=LABELS,
            unit_column=unit.column,
            most_rows=unit.most_rows,
            sensitive=anonymize_sensitive.facts(params, applied.worst),
            quality=params.quality.value,
            masking=masking.facts,
            populations=anonymize_populations.facts(
                params,
                people,
                data.frequencies,
                levels=solution.levels,
                k=params.k,
                found=made,
            ),
            measures=release_quality_section.facts(
                measures(data.frequencies, hierarchies, solution.levels, made)
            ),
        )
        release = _release(params, facts, solution, applied, inputs[Kind.TABLE].head)
        return Outcome(facts, [masking.marked(release)], _remarks(facts))

    def previewer(self, inputs: Inputs) -> AnonymizePreviewer:
        """Holds the frequency set, and answers with the optimum."""
        return AnonymizePreviewer(prepared(inputs))

    def section(self, params: AnonymizeParams, facts: AnonymizeFacts) -> Section:
        return anonymize_section.section(params, facts)


def _against_standard(params: AnonymizeParams, standard: Head) -> list[Finding]:
    """The limits of the project's standard, each with its source."""
    found = []
    k_min = standard.get("k_min")
    if isinstance(k_min, int) and params.k < k_min:
        found.append(
            Finding(
                Level.BLOCKING,
                said("k is {k}, the standard asks for at least {least}.", k=params.k, least=k_min),
                _sources(standard, "k_min"), "k", "PP-ANONYMIZE-001",
            )
        )  # fmt: skip
    most = standard.get("suppression_max")
    if isinstance(most, int | float) and params.suppression_limit > most:
        found.append(
            Finding(
                Level.BLOCKING,
                said(
                    "Up to {share} of the records may be suppressed, the standard allows {most}.",
                    share=percent(params.suppression_limit, None), most=percent(most, None),
                ),
                _sources(standard, "suppression_max"), "suppression_limit", "PP-ANONYMIZE-002",
            )
        )  # fmt: skip
    risk_max = standard.get("risk_max")
    if isinstance(risk_max, int | float) and 1 / params.k > risk_max * (1 + 1e-9):
        found.append(
            Finding(
                Level.BLOCKING,
                said(
                    "The highest risk would be {risk}, the standard allows {most}.",
                    risk=percent(1 / params.k), most=percent(risk_max, None),
                ),
                _sources(standard, "risk_max"), "k", "PP-ANONYMIZE-003",
            )
        )  # fmt: skip
    return found


def _of_persons(k: int, unit: Unit) -> list[Finding]:
    """k counts records. Where a person has several, a class may be of fewer persons."""
    if unit.column is None or unit.most_rows == 1:
        return []
    return [
        Finding(
            Level.CAUTION, said("k counts records, and a person may have several."),
            said(
                "With up to {most:,} records of one {column}, a class of {k:,} records may be of {persons:,}"
                " persons, and fewer where somebody has more. ARX counts records, too. Take a larger k, or"
                " one record of each person.",
                most=unit.most_rows, column=unit.column, k=k, persons=-(-k // unit.most_rows),
            ),
            "k", "PP-ANONYMIZE-008",
        )
    ]  # fmt: skip


def _against_table(roles: Head, table: Head) -> list[Finding]:
    """The table may have been imported anew since its columns were declared."""
    names = column_names(table)
    if names is None:
        return []
    declared = [name for role in _ROLES for name in columns(roles, role)]
    undeclared = [name for name in names if name not in declared]
    gone = [name for name in columns(roles, "quasi-identifier") if name not in names]
    if not undeclared and not gone:
        return []
    title = said("The declared columns are not those of the table.")
    detail = _told_apart(", ".join(undeclared), ", ".join(gone))
    return [Finding(Level.BLOCKING, title, detail, "", "PP-ANONYMIZE-007")]


def _told_apart(undeclared: str, gone: str) -> str:
    if undeclared and gone:
        return said(
            "Not declared: {undeclared}. Declared, but not in the table: {gone}. Run Roles again.",
            undeclared=undeclared, gone=gone,
        )  # fmt: skip
    if undeclared:
        return said("Not declared: {undeclared}. Run Roles again.", undeclared=undeclared)
    return said("Declared, but not in the table: {gone}. Run Roles again.", gone=gone)


def _not_released(names: Sequence[str], roles: Head) -> list[str]:
    """The columns that stay out of the release: direct identifiers, and whatever nobody has declared."""
    kept = {name for role in _ROLES if role != "direct-identifier" for name in columns(roles, role)}
    return [name for name in names if name not in kept]


def _sources(standard: Head, limit: str) -> str:
    sources = standard.get("sources")
    words = sources.get(limit) if isinstance(sources, Mapping) else None
    if isinstance(words, str):
        return words
    return " ".join(str(one) for one in words) if isinstance(words, list | tuple) else ""


def _release(
    params: AnonymizeParams, facts: AnonymizeFacts, solution: "Solved", applied: "Applied", table: Head
) -> Artifact:
    levels = {one.name: one.level for one in facts.columns}
    proof: dict[str, Json] = {
        "k": params.k,
        "suppression_limit": params.suppression_limit,
        "quality": quality_settings.told(params),
        **anonymize_sensitive.head(params),
        **anonymize_populations.head(params),
        "levels": levels,
        "losses": {one.name: one.loss for one in facts.columns},
        "score": list(solution.ranked) or solution.score,
        "suppressed": solution.suppressed,
        "ties": "smaller sum of levels, then first in column order",
        "lattice_size": facts.lattice_size,
        "checked": solution.checked,
        "pruned": {"suppress_too_much": facts.suppress_too_much, "bounded": facts.bounded},
        **anonymize_search.proof(solution, [one.name for one in facts.columns]),
        "order": "random",
    }  # fmt: skip
    head: dict[str, Json] = {
        "k": params.k,
        "suppression_limit": params.suppression_limit,
        "quality": params.quality.value,
        "levels": levels,
        "score": solution.score,
        "rows": facts.records,
        "suppressed": facts.suppressed,
        **anonymize_search.head(solution),
        "columns": list(applied.table.column_names),
        **anonymize_sensitive.head(params),
        **anonymize_populations.head(params),
        **kept(table),
    }
    parts = (
        Part("rows", applied.table, personal=True),
        Part("solution", canonical(proof)),
        anonymize_search.lattice(solution, [one.name for one in facts.columns]),
    )
    return Artifact(Kind.RELEASE, head, parts)


def _remarks(facts: AnonymizeFacts) -> list[Finding]:
    found = [*_detail(facts), *anonymize_search.remarks(facts.search, facts.score)]
    if 0 < facts.suppressed < facts.k:
        found.append(
            Finding(
                Level.CAUTION, said("Fewer than k records are suppressed."),
                said(
                    "{suppressed:,}, k = {k}: they do not hide each other. Export leaves them out of the"
                    " file.",
                    suppressed=facts.suppressed, k=facts.k,
                ),
                "", "PP-ANONYMIZE-012",
            )
        )  # fmt: skip
    return found


def _detail(facts: AnonymizeFacts) -> list[Finding]:
    """What is left of the quasi-identifiers."""
    full = [one.name for one in facts.columns if one.level == one.levels - 1 and one.levels > 1]
    if len(full) == len(facts.columns) or facts.suppressed == facts.records:
        return [
            Finding(
                Level.CAUTION, said("The release says nothing any more about the quasi-identifiers."),
                said(
                    "Every value became *. Raise the suppression limit or lower k, where the standard allows"
                    " it."
                ),
                "", "PP-ANONYMIZE-010",
            )
        ]  # fmt: skip
    if not full:
        return []
    text = said("Nothing is left of {columns}: generalized to *.", columns=", ".join(full))
    how = said("Weights or finer hierarchies can change that.")
    return [Finding(Level.INFO, text, how, "", "PP-ANONYMIZE-011")]


STEP = AnonymizeStep()
