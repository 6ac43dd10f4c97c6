"""Train: a model with differential privacy, from declared bounds and categories alone."""

from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.findings import Finding
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent
from ppdesk.workflow.cleaning import handed_on
from ppdesk.workflow.model import train_checks, train_cost, train_section
from ppdesk.workflow.model.train_facts import TrainFacts
from ppdesk.workflow.model.train_params import Estimator, TrainParams
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep

__all__ = ["STEP", "Estimator", "TrainFacts", "TrainParams"]


class Train(PlainStep):
    """Splits at random, reads by declaration, fits with noise, and keeps model and split."""

    key: ClassVar[str] = "train"
    stage: ClassVar[Stage] = Stage.MODEL
    title: ClassVar[str] = "Train"
    purpose: ClassVar[str] = "Fit the model with noise, so that no single person can be read out of it."
    help: ClassVar[str] = (
        "ε is how much more likely any result can become when one record is there or not (or is replaced by "
        "another, as the neighbouring tables say): at most e^ε times, but for a chance of about δ. It is "
        "spent before the run and does not come back, also when the run fails.\n\n"
        "Where Roles declares an id column, ε counts for a person: at most the declared number of records of "
        "each id is kept, chosen at random, and the noise is made for so many.\n\n"
        "Bounds and categories come from Roles. If one is missing you are asked for it; it is never read off "
        "the data, because a bound taken from the data can betray the person who set it. Settings that are "
        "left empty follow a written rule from ε, δ and what is declared.\n\n"
        f"{train_section.CLAIM} {train_section.OUTSIDE}"
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE, Kind.ROLES)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.STANDARD,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.MODEL,)
    icon: ClassVar[str] = "boxes"
    Params: ClassVar[type[Any]] = TrainParams
    Facts: ClassVar[type[Any]] = TrainFacts

    def check(self, params: TrainParams, heads: Heads) -> list[Finding]:
        return train_checks.findings(params, heads)

    def cost(self, params: TrainParams, heads: Heads) -> DpEvent:
        """The guarantee that is asked for, with the mechanism that keeps it where that is known."""
        return train_cost.cost(params, heads)

    def run(self, params: TrainParams, inputs: Inputs, ctx: Context) -> Outcome[TrainFacts]:
        from ppdesk.workflow.model import train_record, train_work

        done = train_work.train(params, inputs, ctx)
        ctx.progress(0.95, said("Keeping the model"))
        claim = train_record.claim(done, inputs, ctx)
        table: Head = inputs[Kind.TABLE].head
        head = train_record.head(done, claim, table) | train_record.training(params, done)
        made = (
            Part("model", train_record.model(done, claim)),
            Part("split", train_record.split(done), personal=True),
        )
        artifact = Artifact(Kind.MODEL, head, (*made, *handed_on(inputs[Kind.TABLE])))
        return Outcome(train_record.facts(done, params, inputs, ctx), (artifact,))

    def section(self, params: TrainParams, facts: TrainFacts) -> Section:  # noqa: ARG002
        return train_section.section(self.title, facts)


STEP = Train()
