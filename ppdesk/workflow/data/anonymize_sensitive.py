"""Models on sensitive columns in the step: checks before, engine's form, facts after."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.workflow import declared
from ppdesk.workflow.data import sensitive_models as asked
from ppdesk.workflow.data.anonymize_facts import SensitiveFact
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.step import Context, Heads

if TYPE_CHECKING:
    from ppdesk.anonymize.criteria.models import Criterion
    from ppdesk.anonymize.hierarchies import Hierarchy

_HIERARCHICAL = "hierarchical-t-closeness"
NOT_OF_UNIONS = ("delta-disclosure", "grassberger")  # two classes that meet these need not meet them as one


def check(params: AnonymizeParams, heads: Heads) -> list[Finding]:
    """What is wrong with the models, and which sensitive columns have none."""
    roles = declared.columns(heads.get(Kind.ROLES, {}))
    sensitive = [name for name, column in roles.items() if column.role == "sensitive"]
    models = params.models()
    named = list(dict.fromkeys(model.column for model in models))
    found = []
    wrong = [name for name in named if name not in sensitive]
    if wrong:
        found.append(
            Finding(
                Level.BLOCKING, said("Only sensitive columns can be protected as such."),
                said(
                    "Not declared sensitive in Roles: {columns}. A quasi-identifier cannot be both.",
                    columns=", ".join(wrong),
                ),
                "sensitive", "PP-ANONYMIZE-013",
            )
        )  # fmt: skip
    trees = {model.column for model in models if model.model == _HIERARCHICAL}
    idle = [name for name in params.sensitive_hierarchies if name not in trees]
    known = heads.get(Kind.HIERARCHIES, {}).get("columns", {})
    without = sorted(
        name
        for name in trees
        if name not in params.sensitive_hierarchies and not (isinstance(known, Mapping) and name in known)
    )
    if idle or without:
        no_tree = said("No hierarchy for: {columns}.", columns=", ".join(without)) if without else ""
        no_model = (
            said("No hierarchical-t-closeness for: {columns}.", columns=", ".join(idle)) if idle else ""
        )
        found.append(
            Finding(
                Level.BLOCKING, said("Hierarchies and hierarchical t-closeness do not match."),
                said_all((no_tree, no_model)), "sensitive_hierarchies", "PP-ANONYMIZE-014",
            )
        )  # fmt: skip
    bare = [name for name in sensitive if name not in named]
    if bare:
        found.append(
            Finding(
                Level.CAUTION, said("k-anonymity alone does not protect sensitive columns."),
                said(
                    "Where all records of a class share a sensitive value, it is disclosed. Without a model:"
                    " {columns}.",
                    columns=", ".join(bare),
                ),
                "sensitive", "PP-ANONYMIZE-006",
            )
        )  # fmt: skip
    return found


def wanted(
    params: AnonymizeParams, roles: Head, loaded: "Mapping[str, Hierarchy]", ctx: Context
) -> "list[tuple[str, Criterion]]":
    """The models for the engine, with their hierarchies and orders. HierarchyError, CriterionError."""
    from ppdesk.anonymize.hierarchies import from_csv

    columns = declared.columns(roles)
    trees = dict(loaded)
    for name in params.sensitive_hierarchies:
        trees[name] = from_csv(name, ctx.sources[f"sensitive_hierarchies.{name}"].read_bytes())
    return [(model.column, criterion(model, columns.get(model.column), trees)) for model in params.models()]


def criterion(
    model: asked.SensitiveModel, column: declared.Column | None, trees: "Mapping[str, Hierarchy]"
) -> "Criterion":
    """One model for the engine. A numeric column is ordered by number, a categorical one as declared."""
    from ppdesk.anonymize.criteria import models

    if isinstance(model, asked.DistinctL):
        return models.DistinctLDiversity(model.l)
    if isinstance(model, asked.EntropyL):
        return models.EntropyLDiversity(model.l, model.estimator)
    if isinstance(model, asked.RecursiveCL):
        return models.RecursiveCLDiversity(model.c, model.l)
    if isinstance(model, asked.Delta):
        return models.DeltaDisclosure(model.delta)
    if isinstance(model, asked.Beta):
        basic = model.model == models.BasicBetaLikeness.name
        return (models.BasicBetaLikeness if basic else models.EnhancedBetaLikeness)(model.beta)
    return _closeness(model, column, trees)


def _closeness(
    model: asked.Closeness, column: declared.Column | None, trees: "Mapping[str, Hierarchy]"
) -> "Criterion":
    from ppdesk.anonymize.criteria import models

    if model.model == models.EqualTCloseness.name:
        return models.EqualTCloseness(model.t)
    if model.model == _HIERARCHICAL:
        return models.HierarchicalTCloseness(model.t, trees[model.column])
    numeric = column is not None and column.numeric
    return models.OrderedTCloseness(model.t, numeric, (column and column.categories) or ())


def protected(params: AnonymizeParams) -> dict[str, str]:
    """The columns with a model, each with the name of one: one that two classes together need not meet where
    that is among them (delta-disclosure, and "grassberger" for entropy by that estimator)."""
    found: dict[str, str] = {}
    for model in params.models():
        if found.get(model.column) not in NOT_OF_UNIONS:
            estimator = getattr(model, "estimator", "")
            found[model.column] = estimator if estimator in NOT_OF_UNIONS else model.model
    return found


def facts(params: AnonymizeParams, worst: Sequence[float]) -> tuple[SensitiveFact, ...]:
    """Per model what was asked, and the worst that a class of the release has; NaN is told as None."""
    return tuple(
        SensitiveFact(
            column=model.column,
            model=model.model,
            asked=asked.asked(model),
            worst=value if math.isfinite(value) else None,
        )
        for model, value in zip(params.models(), worst, strict=True)
    )


def head(params: AnonymizeParams) -> dict[str, Json]:
    """What a RELEASE says of it: nothing where k-anonymity is alone."""
    return {"sensitive": list(params.sensitive)} if params.sensitive else {}
