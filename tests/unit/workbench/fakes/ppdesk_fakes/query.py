"""A step that reads the table and spends."""

from typing import Any

from ppdesk.core.artifacts import Kind
from ppdesk.core.params import Params, param
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Facts, Heads, Inputs, Outcome, PlainStep


class QueryParams(Params):
    epsilon: float = param(0.5, label="Epsilon", help="What the run spends.", ge=0)


class QueryFacts(Facts):
    rows: int


class QueryStep(PlainStep):
    key = "query"
    stage = Stage.MODEL
    title = "Query"
    purpose = "Ask the table something."
    help = "Nothing to decide."
    icon = "search"
    needs = (Kind.TABLE,)
    uses = (Kind.ROLES,)
    Params = QueryParams
    Facts = QueryFacts

    def cost(self, params: QueryParams, heads: Heads) -> DpEvent:
        return EpsilonDelta(params.epsilon, 0.0, Neighbours.REPLACE_ONE)

    def run(self, params: QueryParams, inputs: Inputs, ctx: Context) -> Outcome[QueryFacts]:
        return Outcome(QueryFacts(rows=inputs[Kind.TABLE].table("rows").num_rows), ())

    def section(self, params: QueryParams, facts: QueryFacts) -> Section:
        return Section("Query")


STEP: Any = QueryStep()
