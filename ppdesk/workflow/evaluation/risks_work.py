"""The work of the re-identification risk: inputs in, measures out."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.assess.effort import Progress, within
from ppdesk.assess.errors import (
    NoContextError,
    NoFractionError,
    NoLimitError,
    NoQuasiIdentifiersError,
    NoSuchColumnError,
    NothingToCompareError,
    NoWeightsError,
    PopulationTooSmallError,
)
from ppdesk.assess.reidentification.context import ATTEMPT, LEVELS, PUBLIC, in_context
from ppdesk.assess.reidentification.limits import OWN, THRESHOLDS, LimitOf, Threshold
from ppdesk.assess.reidentification.results import InContext, Risk, Side
from ppdesk.core.artifacts import Kind
from ppdesk.core.said import said, said_all
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.risks_sides import Given, Measures, measured_side
from ppdesk.workflow.evaluation.trying import Keeping
from ppdesk.workflow.treated import treatment_words

if TYPE_CHECKING:
    from ppdesk.assess.arrays import Floats
    from ppdesk.workflow.evaluation.risks import RiskSettings
    from ppdesk.workflow.step import Context, Inputs


def measured(inputs: "Inputs", settings: "RiskSettings", ctx: "Context", progress: Progress) -> Risk:
    """See `risks.run_it`."""

    progress(0.0, said("Code the quasi-identifiers"))
    told = Keeping(progress, ctx)
    limit = threshold(settings)
    asked = _Asked(inputs, settings, chosen(inputs, settings), ctx)
    records = inputs[Kind.TABLE].table("rows").num_rows
    if not records:
        raise NothingToCompareError(what="The table")
    people, fraction = population(settings, records)
    chances = _context(1.0, settings)
    data_limit = min(1.0, limit.limit / max((one.chance for one in chances), default=1.0))
    measures = Measures(
        limit=data_limit, wildcards=settings.wildcards, people=people, fraction=fraction,
        special=settings.special, largest=settings.largest, effort=settings.effort, keeping=told,
    )  # fmt: skip
    with_release = Kind.RELEASE in inputs
    before = measured_side(_original(asked), measures, within(told, 0.02, 0.5 if with_release else 1.0))
    after, notes = _after(asked, measures, within(told, 0.5, 1.0))
    shown = before if after is None else after
    context = _context(shown.own.highest if limit.limit_of == "highest" else shown.own.mean, settings)
    return Risk(
        before=before,
        after=after,
        limit=limit.limit,
        data_limit=round(data_limit, 9),
        limit_of=limit.limit_of,
        limit_title=limit.title,
        limit_source=limit.source,
        never=limit.never,
        context=context,
        overall=max((one.overall for one in context), default=None),
        effort=settings.effort.value,
        notes=notes,
    )


def threshold(settings: "RiskSettings") -> Threshold:
    """The limit that was chosen. NoLimitError."""
    of: LimitOf = "mean" if settings.limit_of == "mean" else "highest"
    if settings.threshold == OWN:
        if settings.limit is None or not 0 < settings.limit <= 1:
            raise NoLimitError(key=OWN)
        return Threshold(
            OWN, said("A limit of its own"), settings.limit, of, said("Set by the person who ran this.")
        )
    known = THRESHOLDS.get(settings.threshold)
    if known is None:
        raise NoLimitError(key=settings.threshold)
    if settings.limit_of in {"", known.limit_of}:
        return known
    held = (
        said("Held against the highest risk, as the person who ran this chose.")
        if of == "highest"
        else said("Held against the mean risk, as the person who ran this chose.")
    )
    return Threshold(known.key, known.title, known.limit, of, said_all((known.source, held)))


def chosen(inputs: "Inputs", settings: "RiskSettings") -> tuple[str, ...]:
    """The columns to measure by: those named, or those that were released as quasi-identifiers, or the
    declared ones. NoSuchColumnError, NoQuasiIdentifiersError."""
    names = inputs[Kind.TABLE].table("rows").column_names
    if settings.columns:
        for name in settings.columns:
            if name not in names or name == settings.weights:
                raise NoSuchColumnError(column=name)
        return tuple(dict.fromkeys(settings.columns))
    roles = declared.columns(inputs[Kind.ROLES].head) if Kind.ROLES in inputs else {}
    found = tuple(
        name
        for name in names
        if name in roles and roles[name].role == "quasi-identifier" and name != settings.weights
    )
    if not found:
        raise NoQuasiIdentifiersError
    return found


def population(settings: "RiskSettings", records: int) -> tuple[int | None, float | None]:
    """(people, share of them that are records), None where nobody said. PopulationTooSmallError,
    NoFractionError."""
    if settings.people is not None:
        if settings.people < records:
            raise PopulationTooSmallError(people=settings.people, records=records)
        return settings.people, records / settings.people
    if settings.fraction is not None:
        if not 0 < settings.fraction <= 1:
            raise NoFractionError
        return max(records, round(records / settings.fraction)), settings.fraction
    return None, None


@dataclass(frozen=True)
class _Asked:
    inputs: "Inputs"
    settings: "RiskSettings"
    columns: tuple[str, ...]
    ctx: "Context"


def _original(asked: _Asked) -> Given:
    from ppdesk.workflow.evaluation import risks_people

    inputs, settings, columns = asked.inputs, asked.settings, asked.columns
    table = inputs[Kind.TABLE]
    rows = table.table("rows")
    persons = risks_people.persons(table.head, columns, settings.population_table, asked.ctx)
    return Given(
        said("Original table"), tuple(columns), [rows.column(name) for name in columns],
        weights=_weights(inputs, settings, Kind.TABLE), persons=persons,
    )  # fmt: skip


def _after(asked: _Asked, measures: Measures, progress: Progress) -> tuple[Side | None, tuple[str, ...]]:
    """(the release, or None where there is none to measure, what to say of it)."""
    from ppdesk.workflow.evaluation import risks_people

    inputs, settings, columns = asked.inputs, asked.settings, asked.columns
    release = inputs.get(Kind.RELEASE)
    if release is None:
        return None, (said("There is no release: what is measured is the table itself."),)
    rows = release.table("rows")
    kept = [name for name in columns if name in rows.column_names]
    if not kept:
        return None, (said("The release keeps none of these columns."),)
    notes: list[str] = []
    if len(kept) < len(columns):
        gone = ", ".join(name for name in columns if name not in kept)
        notes.append(said("The release has no {columns}: it is measured by the other columns.", columns=gone))
    if changed := treatment_words(release.head):
        notes.append(
            said(
                "In the release {changed}. Classes are counted as they stand there, as if the values "
                "were true: somebody who looks for a person finds the wrong one more often than told "
                "here.",
                changed=changed,
            )
        )
    weights = None
    if settings.weights:
        weights = _weights(inputs, settings, Kind.RELEASE)
        if weights is None:
            notes.append(
                said(
                    "The release has no {column}: no risk with survey weights is told of it.",
                    column=settings.weights,
                )
            )
    persons = None
    if settings.population_table:
        persons, why = risks_people.generalized(inputs, kept, settings.population_table, asked.ctx)
        notes += [why] if why else []
    suppressed = declared.number(release.head.get("suppressed"))
    given = Given(
        said("Release"), tuple(kept), [rows.column(name) for name in kept], weights=weights, persons=persons,
        notes=tuple(notes), suppressed=None if suppressed is None else int(suppressed),
    )  # fmt: skip
    if suppressed is not None and suppressed == rows.num_rows:
        return None, (said("All records of the release are suppressed: nothing is left to be found."),)
    return measured_side(given, measures, progress), ()


def _weights(inputs: "Inputs", settings: "RiskSettings", kind: Kind) -> "Floats | None":
    """(rows,) float64 of the weights column; NaN where there is none. None where there is no such column in
    the release. NoSuchColumnError, NoWeightsError."""
    import numpy as np

    from ppdesk.core.cell_numbers import numbers
    from ppdesk.workflow.reading import Reading

    if not settings.weights:
        return None
    rows = inputs[kind].table("rows")
    if settings.weights not in rows.column_names:
        if kind is Kind.TABLE:
            raise NoSuchColumnError(column=settings.weights)
        return None
    found = numbers(rows.column(settings.weights), Reading.of(inputs[kind].head).decimal)
    if kind is Kind.TABLE and not (np.isfinite(found) & (found > 0)).any():
        raise NoWeightsError(column=settings.weights)
    return found


def _context(data: float, settings: "RiskSettings") -> tuple[InContext, ...]:
    """The attacks on data with this risk; none where nobody stated the context. NoContextError."""
    if not settings.controls:
        return ()
    known = settings.controls == PUBLIC or (settings.controls in ATTEMPT and settings.motives in LEVELS)
    shares = [one for one in (settings.prevalence, settings.breach) if one is not None]
    if not known or not all(0 <= one <= 1 for one in shares) or not 0 <= settings.known < math.inf:
        raise NoContextError
    return in_context(
        data, settings.controls, settings.motives,
        prevalence=settings.prevalence, known=settings.known, breach=settings.breach,
    )  # fmt: skip
