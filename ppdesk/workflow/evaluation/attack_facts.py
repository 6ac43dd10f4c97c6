"""What Attack found out, as the chain keeps it."""

from collections.abc import Mapping

from pydantic import Field

from ppdesk.assess.attempts import Attempt
from ppdesk.assess.reidentification.results import Risk
from ppdesk.core.said import said
from ppdesk.workflow.evaluation.earlier import Earlier
from ppdesk.workflow.evaluation.links import LinkResult
from ppdesk.workflow.evaluation.membership import MembershipResult
from ppdesk.workflow.evaluation.singling import SinglingResult
from ppdesk.workflow.evaluation.trying import NotRun
from ppdesk.workflow.step import Facts

OUTSIDE_CLAIM = said(
    "What attacks get is counted on the records themselves, without noise: it is outside every differential "
    "privacy claim. Treat these figures as you treat the data."
)


class AttackFacts(Facts):
    """What each part got; None where it was not asked for or could not be run, which `not_run` says."""

    effort: str
    minutes: float
    parts: tuple[str, ...]  # what was asked for, in words
    attempts: tuple[Attempt, ...]
    risk: Risk | None
    links: LinkResult | None
    singling: SinglingResult | None
    membership: MembershipResult | None
    not_run: tuple[NotRun, ...]
    epsilon: float | None  # what is claimed for the model
    delta: float | None
    model_sha256: str  # empty without a model
    stamp: str
    subjects: Mapping[str, str] = Field(default_factory=dict)  # digests of what was attacked, by kind
    earlier: tuple[Earlier, ...] = ()  # what attacks before this one found of the same
