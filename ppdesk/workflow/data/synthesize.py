"""Step synthesize: records drawn from marginals measured with differential privacy."""

from collections.abc import Sequence
from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.canonical import canonical
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.core.wording import chance, counted
from ppdesk.privacy.cells import Bins, Categories, Domain, even, even_whole
from ppdesk.privacy.errors import UndeclaredDomainError
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours
from ppdesk.privacy.statistics.plan import Bounds
from ppdesk.privacy.synthetic.plan import sized, spent
from ppdesk.workflow import declared
from ppdesk.workflow.data import covered, synthesize_section
from ppdesk.workflow.data.synthesize_facts import SynthesizeFacts, SynthesizeParams
from ppdesk.workflow.reading import Reading, kept
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Heads, Inputs, Outcome, PlainStep


class SynthesizeStep(PlainStep):
    """Measures marginals with noise, makes them a distribution, draws records, compares them."""

    key: ClassVar[str] = "synthesize"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Synthetic records"
    purpose: ClassVar[str] = "Draw synthetic records with differential privacy."
    help: ClassVar[str] = (
        "How often values occur, alone and in pairs of columns that belong together, is measured with noise. "
        "Records are then drawn from a model of these counts (MST). ε and δ are spent before the run and do "
        "not come back.\n\n"
        "Kept are the shares of each column and the associations along a tree of pairs; what three columns "
        "have in common beyond that is lost. Values are the declared ones only: categories as they are, "
        "numbers somewhere in their interval.\n\n"
        f"{synthesize_section.CLAIM} {synthesize_section.OUTSIDE}"
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD, Kind.HIERARCHIES, Kind.RELEASE)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.SYNTHETIC,)
    icon: ClassVar[str] = "dices"
    Params: ClassVar[type[Any]] = SynthesizeParams
    Facts: ClassVar[type[Any]] = SynthesizeFacts

    def check(self, params: SynthesizeParams, heads: Heads) -> list[Finding]:
        roles = heads.get(Kind.ROLES)
        if roles is None:
            return []
        try:
            domains = _domains(params, roles)
        except CodedError as error:
            return [Finding(Level.BLOCKING, error.message, error.advice, "columns", "PP-SYNTHESIZE-001")]
        names = [one.name for one in domains]
        return [*covered.findings(heads, params.epsilon, names, "PP-SYNTHESIZE-002"), *_delta(params, heads)]

    def cost(self, params: SynthesizeParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """(epsilon, delta) of all measurements together. Drawing and the model cost nothing more; comparing
        with the table is told as a look at it."""
        return EpsilonDelta(params.epsilon, params.delta, Neighbours.REPLACE_ONE)

    def run(self, params: SynthesizeParams, inputs: Inputs, ctx: Context) -> Outcome[SynthesizeFacts]:
        from ppdesk.privacy.noise import maker, noise_of
        from ppdesk.privacy.synthetic import mst, sample, tree

        def tick() -> None:
            if ctx.cancelled():
                raise CancelledRunError

        def measuring(share: float) -> None:
            tick()
            ctx.progress(0.1 + 0.4 * share, said("Measuring marginals with noise"))

        roles, table = inputs[Kind.ROLES].head, inputs[Kind.TABLE].head
        ctx.progress(0.05, said("Bounding what one person contributes"))
        found = covered.used(inputs[Kind.TABLE].table("rows"), roles, table, ctx.entropy)
        domains, decimal, noise = _domains(params, roles), Reading.of(table).decimal, noise_of(ctx.entropy)
        for one in domains:
            covered.present(found.rows, one.name)
        codes = [one.codes(found.rows.column(one.name), decimal) for one in domains]
        measured = mst.measure(
            codes, [one.size for one in domains], noise,
            epsilon=params.epsilon, delta=params.delta, group=found.group, tick=measuring,
            centre=None if params.around is None else [one.name for one in domains].index(params.around),
        )  # fmt: skip
        ctx.progress(0.5, said("Making the marginals agree"))
        model = tree.fit(measured)
        tick()
        ctx.progress(0.6, said("Drawing records"))
        source = sample.generator(ctx.entropy)
        # never beyond what can be asked for: noise alone could ask for any number
        records = params.records or min(10_000_000, max(1, round(model.total)))
        drawn = sample.draw(model, records, source)
        rows = sample.table([one.name for one in domains], domains, drawn, source, decimal)
        told: dict[str, Any] = {}
        if params.compare:
            from ppdesk.workflow.data.synthesize_compare import compared

            ctx.progress(0.75, said("Comparing with the table"))
            told = compared(inputs, domains, codes, drawn, source=source, tick=tick)
        shares = measured.costs
        facts = SynthesizeFacts.model_validate(
            {
                "epsilon": params.epsilon,
                "delta": params.delta,
                **covered.of_unit(roles, table, found),
                "private": ctx.entropy.private,
                "stamp": ctx.stamp,
                "columns": [one.name for one in domains],
                "domains": [_words(one) for one in domains],
                "cells": [one.size for one in domains],
                "edges": [(domains[i].name, domains[j].name) for i, j in measured.two],
                "around": params.around,
                "records": records,
                "measured_records": round(model.total),
                "one_way_noise": shares.deviation(shares.one_way),
                "two_way_noise": shares.deviation(shares.two_way),
                "rho": spent(shares, len(domains)) if shares.concentrated else None,
                "library": maker(noise),
                **told,
            }
        )
        claim: Head = {
            **facts.head(),
            "rows": records,
            "columns": list(facts.columns),
            "method": "MST",
            "edges": [list(edge) for edge in facts.edges],
        }
        parts = (Part("rows", rows, personal=True), Part("claim", canonical(claim)))
        made = Artifact(Kind.SYNTHETIC, {**claim, **kept(table)}, parts)
        return Outcome(facts, (made,))

    def section(self, params: SynthesizeParams, facts: SynthesizeFacts) -> Section:  # noqa: ARG002
        return synthesize_section.section(self.title, facts)

    def deliver(self, params: SynthesizeParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:
        if params.to is None:
            return ()
        from ppdesk.release.table import write_csv

        made = next(one for one in artifacts if one.kind is Kind.SYNTHETIC)
        written = write_csv(made.table("rows"), decimal=Reading.of(made.head).decimal)
        return (Delivery("to", written.data), Delivery("to", made.data("claim"), ".json"))


def _domains(params: SynthesizeParams, roles: Head) -> tuple[Domain, ...]:
    """The columns as cells. UndeclaredDomainError, TooManyCellsError."""
    askable = covered.askable(roles)
    names = list(params.columns) or list(askable)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UndeclaredDomainError(column=twice, reason=said("it is named twice"))
    centre = [] if params.around is None else [params.around]
    unknown = next((name for name in (*names, *params.fractions) if name not in askable), None)
    unknown = unknown or next((name for name in centre if name not in names), None)
    if unknown is not None:
        reason = said("it is not among the columns, has no declared bounds or categories, or names a person")
        raise UndeclaredDomainError(column=unknown, reason=reason)
    found = tuple(_domain(askable[name], params) for name in names)
    sized(names, [one.size for one in found])
    return found


def _domain(one: Categories | Bounds, params: SynthesizeParams) -> Domain:
    if isinstance(one, Categories):
        return one
    whole = one.low.is_integer() and one.high.is_integer() and one.name not in params.fractions
    if whole and one.high - one.low < 2**50:
        return Bins(one.name, even_whole(int(one.low), int(one.high), params.bins), cut=True, whole=True)
    return Bins(one.name, even(one.low, one.high, params.bins), cut=True)


def _words(one: Domain) -> str:
    if isinstance(one, Categories):
        return counted(len(one.categories), "category", "categories")
    high = one.edges[-1] - (1 if one.whole else 0)
    return said(
        "{low:g} to {high:g} in {intervals}",
        low=one.edges[0],
        high=high,
        intervals=counted(len(one.edges) - 1, "interval"),
    )


def _delta(params: SynthesizeParams, heads: Heads) -> list[Finding]:
    """Delta beside the standard's limit and the number of records."""
    standard = heads.get(Kind.STANDARD, {})
    most, rows = (
        declared.number(standard.get("delta_max")),
        declared.number(heads.get(Kind.TABLE, {}).get("rows")),
    )
    if most is not None and params.delta > most:
        return [
            Finding(
                Level.BLOCKING,
                said("δ is above the standard's limit for the whole project."),
                said(
                    "δ {delta}, at most {most} ({standard}). 0 takes Laplace noise.",
                    delta=chance(params.delta),
                    most=chance(most),
                    standard=declared.text(standard, "title"),
                ),
                "delta",
                "PP-SYNTHESIZE-005",
            )
        ]
    if rows is not None and params.delta * rows > 0.1:
        return [
            Finding(
                Level.CAUTION,
                said("δ is large for so many records."),
                said(
                    "δ {delta}, {rows:,.0f} records. It should be far below one in the number of records, or "
                    "a few records may be published in full.",
                    delta=chance(params.delta),
                    rows=rows,
                ),
                "delta",
                "PP-SYNTHESIZE-006",
            )
        ]
    return []


STEP = SynthesizeStep()
