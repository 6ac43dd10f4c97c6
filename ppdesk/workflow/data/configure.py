"""Step configure: a defensible configuration from roles and standard alone, beside what others would cost."""

from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, param
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.data import configure_section
from ppdesk.workflow.data.anonymize_prepared import Prepared, columns, prepared
from ppdesk.workflow.data.configure_facts import ConfigureFacts, OptionFact, best, fronted
from ppdesk.workflow.data.configure_options import Option, asked, options
from ppdesk.workflow.reading import kept
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class ConfigureParams(Params):
    """What to weigh."""

    stricter: bool = param(
        True, label="Weigh stricter settings too",
        help="Larger k, and t-closeness where columns are sensitive: what more protection would cost.",
    )  # fmt: skip


class ConfigureStep(PlainStep):
    key: ClassVar[str] = "configure"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Configure"
    purpose: ClassVar[str] = "Get settings for Anonymize proposed, with reasons, and see what others cost."
    help: ClassVar[str] = (
        "From the roles of the columns and the limits of the standard follow the least k, the share of"
        " records that may be suppressed, and that classes have several values of each sensitive column."
        " Where a person may have several records, k is multiplied by their number.\n\n"
        "For several configurations the optimal transformation is searched, and its loss is set against the"
        " risk that is left. The recommended one is, of those that keep what is required, the one with the"
        " least loss. You may choose another: Anonymize says what a standard does not allow."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES, Kind.HIERARCHIES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.CONFIGURATION,)
    icon: ClassVar[str] = "lightbulb"
    Params: ClassVar[type[Any]] = ConfigureParams
    Facts: ClassVar[type[Any]] = ConfigureFacts

    def check(self, params: ConfigureParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        roles = heads.get(Kind.ROLES)
        if roles is None or columns(roles, "quasi-identifier"):
            return []
        title, todo = "No column is a quasi-identifier.", "Mark one in Roles."
        return [Finding(Level.BLOCKING, title, todo, "", "PP-CONFIGURE-001")]

    def cost(self, params: ConfigureParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """Nothing of the differential privacy budget, and no differential privacy: the figures are exact
        counts of the data, as those of Anonymize."""
        return NoEvent()

    def run(self, params: ConfigureParams, inputs: Inputs, ctx: Context) -> Outcome[ConfigureFacts]:
        ctx.progress(
            0.0, said("Count distinct records (the first time, the search is compiled: some seconds)")
        )
        data = prepared(inputs)
        standard = inputs[Kind.STANDARD].head if Kind.STANDARD in inputs else {}
        wanted = asked(data.roles, standard)
        listed = options(wanted, data.frequencies.records)
        if not params.stricter:
            listed = tuple(one for one in listed if one.required)
        found = []
        for place, option in enumerate(listed):
            ctx.progress(0.1 + 0.9 * place / len(listed), option.name)
            found.append(_weighed(option, data, ctx))
        found = fronted(found)
        chosen = best(found)
        facts = ConfigureFacts(
            records=data.frequencies.records,
            options=tuple(found),
            recommended=chosen,
            reasons=wanted.reasons,
        )
        settings: dict[str, Json] = {} if chosen is None else listed[chosen].settings()
        head: dict[str, Json] = {
            "settings": settings,
            "name": "" if chosen is None else listed[chosen].name,
            **kept(inputs[Kind.TABLE].head),
        }
        return Outcome(facts, [Artifact(Kind.CONFIGURATION, head)])

    def section(self, params: ConfigureParams, facts: ConfigureFacts) -> Section:  # noqa: ARG002
        return configure_section.section(facts)


def _weighed(option: Option, data: Prepared, ctx: Context) -> OptionFact:
    """The optimum of one configuration, and the risk it leaves."""
    from ppdesk.anonymize.apply import classes
    from ppdesk.anonymize.risk import risk

    params = option.params()
    fact = OptionFact(
        name=option.name,
        k=option.k,
        limit=option.limit,
        sensitive=option.sensitive,
        required=option.required,
    )
    needs = data.needs(params, ctx)
    try:
        solution = data.solve(params, needs, ctx)
    except CancelledRunError:
        raise
    except CodedError as error:
        return fact.model_copy(update={"refusal": error.message})
    made = classes(data.frequencies, solution.levels, params.k, needs)
    left = risk(made.sizes[~made.hidden], params.k)
    return fact.model_copy(
        update={
            "score": solution.score,
            "suppressed": solution.suppressed,
            "classes": left.classes,
            "highest": left.prosecutor,
            "average": left.marketer,
            "optimal": solution.optimal,
        }
    )


STEP = ConfigureStep()
