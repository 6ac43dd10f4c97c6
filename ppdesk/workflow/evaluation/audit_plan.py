"""What Audit will do, before it does: its parts, what each needs, and about how long it takes. Light."""

from collections.abc import Collection

from ppdesk.assess.effort import Effort
from ppdesk.core.artifacts import Kind
from ppdesk.core.said import said
from ppdesk.workflow.evaluation.audit_params import AuditParams
from ppdesk.workflow.step import Heads

ONE_RUN = said("One run with canaries")
MECHANISMS = said("Mechanisms")
_FIELDS = {"one_run": ONE_RUN, "mechanisms": MECHANISMS}
_ONCE = {Effort.QUICK: 5.0, Effort.STANDARD: 10.0, Effort.THOROUGH: 20.0}  # seconds on one core
# of one mechanism: the runs (`auditing.tester.TRYING`) and learning from them, about a third more as measured
_EACH = {Effort.QUICK: 5.0, Effort.STANDARD: 20.0, Effort.THOROUGH: 360.0}
# how many mechanisms are tested, about, where one of these was made, and where all are asked for
_MADE = {Kind.MODEL: 2, Kind.STATISTICS: 3, Kind.SYNTHETIC: 1}
_ALL = 63


def asked(params: AuditParams) -> list[str]:
    """The parts that are on, in their order."""
    return [title for field, title in _FIELDS.items() if getattr(params, field)]


def missing(title: str, there: Collection[Kind]) -> str:
    """Why a part has nothing to work on, in words; empty where it has."""
    return said("There is no model: run Train.") if title == ONE_RUN and Kind.MODEL not in there else ""


def seconds(params: AuditParams, heads: Heads) -> dict[str, float]:
    """About how long each part takes that is on and can be run, by its title."""
    mechanisms = sum(count for kind, count in _MADE.items() if kind in heads)
    if params.everything:
        mechanisms = _ALL
    if params.only:
        mechanisms = len(params.only)
    found: dict[str, float] = {ONE_RUN: _ONCE[params.effort], MECHANISMS: mechanisms * each(params)}
    return {title: 0.0 if missing(title, heads) else found[title] for title in asked(params)}


def each(params: AuditParams) -> float:
    """About how many seconds one mechanism takes."""
    return _EACH[params.effort]
