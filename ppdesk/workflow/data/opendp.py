"""Step opendp: statistics with differential privacy, as a release of their own."""

from collections.abc import Sequence
from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.canonical import canonical
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours
from ppdesk.privacy.statistics.plan import Planned, plan
from ppdesk.privacy.statistics.questions import read
from ppdesk.workflow import guarantee
from ppdesk.workflow.data import covered, opendp_section
from ppdesk.workflow.data.opendp_facts import FigureFact, OpendpFacts, OpendpParams, StatisticFact
from ppdesk.workflow.reading import Reading, kept
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Heads, Inputs, Outcome, PlainStep

_TOLD = 60  # figures of one statistic in record and section; all are in the artifact


class OpendpStep(PlainStep):
    """Plans from declarations, bounds contributions, measures with OpenDP's noise, keeps the figures."""

    key: ClassVar[str] = "opendp"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Statistics"
    purpose: ClassVar[str] = "Release counts, means, quantiles and tables with differential privacy."
    help: ClassVar[str] = (
        "Each statistic gets noise from OpenDP, as much as hides any one record, or any one person where "
        "Roles declares an id column. ε is spent before the run and does not come back.\n\n"
        "ε is shared among the statistics by weight, so few questions are answered better than many. Bounds, "
        "categories and edges are those declared in Roles or named here; none is read off the data. A value "
        "outside the bounds counts as the bound, a value that is not declared as other.\n\n"
        f"{opendp_section.CLAIM} {opendp_section.OUTSIDE}"
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.STATISTICS,)
    icon: ClassVar[str] = "sigma"
    Params: ClassVar[type[Any]] = OpendpParams
    Facts: ClassVar[type[Any]] = OpendpFacts

    def check(self, params: OpendpParams, heads: Heads) -> list[Finding]:
        roles = heads.get(Kind.ROLES)
        if roles is None:
            return []
        try:
            planned = _plan(params, roles, guarantee.factor(roles, heads.get(Kind.TABLE, {})) or 1)
        except CodedError as error:
            return [Finding(Level.BLOCKING, error.message, error.advice, "statistics", "PP-OPENDP-001")]
        columns = dict.fromkeys(name for one in planned for name in one.question.columns)
        return list(covered.findings(heads, params.epsilon, list(columns), "PP-OPENDP-002"))

    def cost(self, params: OpendpParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """The whole of epsilon: the shares of the statistics add up to it at most, by basic composition."""
        return EpsilonDelta(params.epsilon, 0.0, Neighbours.REPLACE_ONE)

    def run(self, params: OpendpParams, inputs: Inputs, ctx: Context) -> Outcome[OpendpFacts]:
        from ppdesk.privacy.noise import maker, noise_of
        from ppdesk.privacy.statistics.measure import answer

        roles, table = inputs[Kind.ROLES].head, inputs[Kind.TABLE].head
        ctx.progress(0.05, said("Bounding what one person contributes"))
        found = covered.used(inputs[Kind.TABLE].table("rows"), roles, table, ctx.entropy)
        planned, noise, decimal = (
            _plan(params, roles, found.group),
            noise_of(ctx.entropy),
            Reading.of(table).decimal,
        )
        told, whole = [], []
        for place, one in enumerate(planned):
            if ctx.cancelled():
                raise CancelledRunError
            ctx.progress(0.1 + 0.85 * place / len(planned), one.question.text)
            figures = answer(one, found.rows, decimal, noise)
            facts = [
                FigureFact(labels=each.labels, value=each.value, low=each.low, high=each.high)
                for each in figures
            ]
            told.append(_told(one, facts[:_TOLD], len(facts)))
            whole.append(_told(one, facts, len(facts)).model_dump(mode="json"))
        facts_ = OpendpFacts.model_validate(
            {
                "epsilon": params.epsilon,
                "delta": 0.0,
                **covered.of_unit(roles, table, found),
                "private": ctx.entropy.private,
                "stamp": ctx.stamp,
                "statistics": told,
                "library": maker(noise),
            }
        )
        head: Head = {
            **facts_.head(),
            "statistics": [one.text for one in map(read, params.statistics)],
            **kept(table),
        }
        parts = (Part("statistics", canonical({**facts_.head(), "statistics": whole})),)
        return Outcome(facts_, (Artifact(Kind.STATISTICS, head, parts),))

    def section(self, params: OpendpParams, facts: OpendpFacts) -> Section:  # noqa: ARG002
        return opendp_section.section(self.title, facts)

    def deliver(self, params: OpendpParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:
        if params.to is None:
            return ()
        from ppdesk.workflow.data.opendp_file import as_csv

        data = next(one for one in artifacts if one.kind is Kind.STATISTICS).data("statistics")
        return (Delivery("to", as_csv(data)), Delivery("to", data, ".json"))


def _plan(params: OpendpParams, roles: Head, group: int) -> tuple[Planned, ...]:
    questions = [read(text) for text in params.statistics]
    return plan(questions, covered.askable(roles), params.epsilon, group)


def _told(planned: Planned, figures: Sequence[FigureFact], cells: int) -> StatisticFact:
    question = planned.question
    return StatisticFact(
        question=question.text,
        form=question.form.value,
        columns=question.columns,
        epsilon=planned.epsilon,
        sensitivities=planned.sensitivities,
        scales=planned.scales,
        step=1.0 if planned.grid is None else planned.grid.step,
        accuracy=planned.accuracy,
        cells=cells,
        figures=tuple(figures),
    )


STEP = OpendpStep()
