"""Differential privacy in the step Anonymize: SafePub instead of a search. See anonymize.populations.safepub
for mechanism, neighbouring relation, theorem and paper."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Artifact, Head, Kind, Part, column_names, columns_of
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import chance, percent
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.workflow import guarantee
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts, ColumnLoss, RiskFacts
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.anonymize_search import level_counts
from ppdesk.workflow.data.level_names import name_of
from ppdesk.workflow.data.population_facts import PrivateFacts
from ppdesk.workflow.data.population_models import DifferentialPrivacy
from ppdesk.workflow.reading import found_settings, kept
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome
from ppdesk.workflow.unit import Unit, stability

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.hierarchies import Hierarchy

_ALONE = {"population", "k", "suppression_limit"}  # what may be set beside it; k and limit mean nothing then
_SEARCHED = {"quality", "aggregate", "gs_factor", "weights", "monotone", "response"}


def cost(model: DifferentialPrivacy) -> EpsilonDelta:
    """What SafePub spends, from the parameters alone. Neighbours differ in one record more or less."""
    return EpsilonDelta(model.epsilon, model.delta, Neighbours.ADD_REMOVE)


def check(params: AnonymizeParams, model: DifferentialPrivacy, heads: Heads) -> list[Finding]:
    """What the theorem needs, and what it does not cover."""
    roles, table = heads.get(Kind.ROLES, {}), heads.get(Kind.TABLE, {})
    found = []
    others = set(params.model_dump(exclude_defaults=True)) - _ALONE - _SEARCHED
    if len(params.population) > 1 or others:
        named = ", ".join(sorted(others)) or said("other models on the population")
        found.append(
            Finding(
                Level.BLOCKING, said("Differential privacy stands alone."),
                said(
                    "Whatever else decides which records are left out, or how they look, is outside of what"
                    " is proved. Take out: {named}.",
                    named=named,
                ),
                "population", "PP-ANONYMIZE-033",
            )
        )  # fmt: skip
    if Unit.of(roles).column is not None or stability(table) != 1:
        found.append(
            Finding(
                Level.BLOCKING, said("Differential privacy of this step counts single records."),
                said(
                    "The unit in Roles is a person with several records, or Clean lets one imported record"
                    " change several. Bring a table with one record per person, and declared values in Clean."
                ),
                "population", "PP-ANONYMIZE-034",
            )
        )  # fmt: skip
    quasi = _named(roles, ("quasi-identifier",))
    strange = [name for name in model.levels if name not in quasi and columns_of(roles)]
    if strange:
        found.append(
            Finding(
                Level.BLOCKING, said("Levels are given for columns that are no quasi-identifiers."),
                said("Named: {columns}.", columns=", ".join(strange)), "population", "PP-ANONYMIZE-035",
            )
        )  # fmt: skip
    counts = level_counts(heads)
    wrong = [name for name, level in model.levels.items() if not 0 <= level < counts.get(name, level + 1)]
    if wrong:
        found.append(
            Finding(
                Level.BLOCKING, said("Levels are given that a hierarchy does not have."),
                said_all(
                    (
                        *(
                            said("{name} has levels 0 to {top}.", name=name, top=counts.get(name, 1) - 1)
                            for name in wrong
                        ),
                        said("Nothing is spent."),
                    )
                ),
                "population", "PP-ANONYMIZE-035",
            )
        )  # fmt: skip
    out = _named(roles, ("sensitive", "insensitive"))
    if out:
        found.append(
            Finding(
                Level.CAUTION, said("Only quasi-identifiers are released."),
                said(
                    "SafePub protects generalized quasi-identifiers alone: all other columns are left out."
                    " ARX releases them as they are, outside of its guarantee. Declare a column as"
                    " quasi-identifier, with a hierarchy, to have it released. Left out: {columns}.",
                    columns=", ".join(out),
                ),
                "population", "PP-ANONYMIZE-036",
            )
        )  # fmt: skip
    found.append(
        Finding(
            Level.CAUTION, said("Levels and hierarchies must not come from this table."),
            said(
                "The guarantee holds where hierarchies, generalization, epsilon and delta were chosen without"
                " looking at the records. k, the suppression limit and the quality model have no meaning"
                " here: k follows from epsilon and delta, and nothing is searched."
            ),
            "population", "PP-ANONYMIZE-037",
        )
    )  # fmt: skip
    return found + [one for one in guarantee.findings(roles, table) if one.code == "PP-TRAIN-029"]


def reaching(params: AnonymizeParams, model: DifferentialPrivacy) -> AnonymizeParams:
    """`params` with the k that follows from epsilon and delta, for the limits of a standard: what Export
    would refuse later has to be refused before anything is spent. Suppressed records are neither told nor
    limited."""
    from ppdesk.anonymize.populations import safepub

    k = safepub.plan(model.epsilon, model.delta, as_arx=model.as_arx).k
    return params.model_copy(update={"k": k, "suppression_limit": 0.0})


def _named(roles: Head, wanted: tuple[str, ...]) -> list[str]:
    return [str(one["name"]) for one in columns_of(roles) if one.get("role") in wanted]


def run(
    params: AnonymizeParams, model: DifferentialPrivacy, inputs: Inputs, ctx: Context
) -> Outcome[AnonymizeFacts]:
    """Sample, generalize, leave small classes out. OutsideHierarchyError, PrivacyParametersError."""
    from ppdesk.anonymize.populations import safepub
    from ppdesk.workflow.data.anonymize_prepared import prepared

    ctx.progress(0.0, said("Compute k, and draw the sample"))
    plan = safepub.plan(model.epsilon, model.delta, as_arx=model.as_arx)
    data = prepared(inputs)  # refuses values outside of the hierarchies before anything is drawn
    levels = safepub.scheme(data.hierarchies, model.generalization, model.levels)
    ctx.progress(0.3, said("Generalize"))
    released = safepub.release(data.rows.select(data.names), data.hierarchies, levels, plan, ctx.entropy)
    score, losses = _loss(released, data.hierarchies, levels, _open(inputs[Kind.HIERARCHIES].head))
    head = inputs[Kind.TABLE].head
    out = [name for name in column_names(head) or data.rows.column_names if name not in data.names]
    nothing = RiskFacts(
        records=0, classes=0, smallest=0, largest=0, uniques=0, prosecutor=0.0, marketer=0.0, at_risk=0.0,
        histogram=(),
    )  # fmt: skip
    facts = AnonymizeFacts(
        k=plan.k, limit=0, records=released.num_rows, suppressed=0, score=score,
        columns=tuple(
            ColumnLoss(
                name=one.column, level=level, levels=one.levels, loss=loss,
                level_name=name_of(inputs[Kind.HIERARCHIES].head, one.column, level),
            )
            for one, level, loss in zip(data.hierarchies, levels, losses, strict=True)
        ),
        lattice_size=1, checked=0, suppress_too_much=0, bounded=0, before=nothing, after=nothing, bins=(),
        private=PrivateFacts(
            epsilon=model.epsilon, delta=model.delta, beta=plan.beta, k=plan.k, as_arx=model.as_arx,
            generalization=model.generalization, left_out=tuple(out), private=ctx.entropy.private,
            found_out=found_settings(head),
        ),
    )  # fmt: skip
    told: dict[str, Json] = {
        "k": plan.k,
        "levels": {one.name: one.level for one in facts.columns},
        "score": score,
        "suppressed": 0,
        "population": list(params.population),
        "differential_privacy": {
            "mechanism": "SafePub, data-independent",
            "epsilon": model.epsilon,
            "delta": model.delta,
            "neighbours": Neighbours.ADD_REMOVE.value,
            "beta": plan.beta,
            "private": ctx.entropy.private,
        },
    }
    release = Artifact(
        Kind.RELEASE,
        {
            **told, "suppression_limit": 1.0, "quality": "loss", "rows": released.num_rows, "optimal": False,
            "columns": list(released.column_names), **kept(head),
        },
        (Part("rows", released, personal=True), Part("solution", canonical({**told, "order": "random"}))),
    )  # fmt: skip
    return Outcome(facts, [release], _remarks(facts))


def _open(hierarchies: Head) -> set[str]:
    """The columns whose hierarchy was made for the values that the table has."""
    columns = hierarchies.get("columns")
    shapes = columns.items() if isinstance(columns, Mapping) else ()
    return {str(name) for name, one in shapes if isinstance(one, Mapping) and one.get("open")}


def _loss(
    released: "pa.Table", trees: "list[Hierarchy]", levels: tuple[int, ...], of_people: set[str]
) -> tuple[float, tuple[float, ...]]:
    """(score, loss per column) of the released records, from nothing else: 1 where there are none.

    How many leaves the hierarchies of columns `of_people` have tells of the table: for them the loss is the
    level's share of the highest one."""
    from ppdesk.anonymize.loss import LossModel

    if released.num_rows == 0:
        return 1.0, (1.0,) * len(trees)
    losses = []
    for one, level in zip(trees, levels, strict=True):
        if one.column in of_people:
            losses.append(level / max(1, one.levels - 1))
            continue
        wide = dict.fromkeys(one.labels[level], 0)
        for row in one.rows:
            wide[row[level]] += 1
        counted = released.column(one.column).value_counts().to_pylist()
        mean = sum(wide[each["values"]] * each["counts"] for each in counted) / released.num_rows
        losses.append((mean - 1) / (len(one.rows) - 1) if len(one.rows) > 1 else 0.0)
    model = LossModel()
    return model.score(losses, model.column_weights([one.column for one in trees])), tuple(losses)


def _remarks(facts: AnonymizeFacts) -> list[Finding]:
    if facts.records > 0:
        return []
    return [
        Finding(
            Level.CAUTION, said("No class is large enough: the release is empty."),
            said(
                "Each needs {k:,} sampled records. Generalize further, or plan a larger epsilon; the budget"
                " is spent all the same.",
                k=facts.k,
            ),
            "population", "PP-ANONYMIZE-038",
        )
    ]  # fmt: skip


def section(facts: AnonymizeFacts, private: PrivateFacts) -> Section:
    """The result of a run, from its record alone."""
    claim = said_all(
        (
            ""
            if private.private
            else said("Not private: this ran in the test mode, with repeatable randomness."),
            said(
                "The release is (ε = {epsilon:g}, δ = {delta})-differentially private for adding or removing"
                " one record, by SafePub: every record stayed with probability {beta:.6f}, quasi-identifiers"
                " were generalized to levels that were fixed before, and classes of fewer than {k:,} sampled"
                " records were left out.",
                epsilon=private.epsilon, delta=chance(private.delta), beta=private.beta, k=private.k,
            ),
            said("k is ARX's, one more than is needed.") if private.as_arx else "",
        )
    )  # fmt: skip
    left = said("Columns left out: {columns}.", columns=", ".join(private.left_out))
    covered = said(
        "What is covered: the released records and what is computed from them. What is not: columns that are"
        " no quasi-identifiers and records of small classes, which are left out for that reason; counts of"
        " the imported table in other chapters; hierarchies, levels or parameters that somebody chose after"
        " looking at the records. The order of the records is random."
    )
    delta = said("delta {delta}", delta=chance(private.delta))
    return Section(
        said("Anonymize"),
        (
            Figures(
                (
                    KeyFigure(said("Epsilon"), f"{private.epsilon:g}", delta),
                    KeyFigure(
                        said("Records released"), f"{facts.records:,}", said("a sample without small classes")
                    ),
                    KeyFigure(said("Smallest class"), f"{private.k:,}", said("sampled records")),
                    KeyFigure(said("Loss"), f"{facts.score:.4f}", said("of the released records")),
                )
            ),
            Words(claim, "ok" if private.private else "caution"),
            Words(said_all((covered, left if private.left_out else "")), "info"),
            Table(
                said("Generalization"), (said("Column"), said("Level"), said("Loss")),
                [
                    (
                        one.name,
                        said("{level} of {top}", level=f"{one.level}", top=one.levels - 1),
                        percent(one.loss),
                    )
                    for one in facts.columns
                ],
                right=(1, 2), caption=said("Levels were given, not searched."),
            ),
        ),
    )  # fmt: skip
