"""What Attack will do, before it does: its parts, what each needs, and about how long it takes. Light."""

from collections.abc import Callable, Mapping

from ppdesk.core.artifacts import Kind, column_names
from ppdesk.core.said import said, said_all
from ppdesk.workflow import same_table
from ppdesk.workflow.evaluation import links, membership, risks, singling
from ppdesk.workflow.evaluation.attack_params import AttackParams
from ppdesk.workflow.evaluation.attack_settings import (
    accepted,
    link_settings,
    membership_settings,
    risk_settings,
    singling_settings,
)
from ppdesk.workflow.step import Heads

RISK = said("Risk of re-identification")
LINKAGE = said("Linkage")
SINGLING = said("Singling out, linkability, inference")
MEMBERSHIP = said("Membership inference")
_FIELDS = {"risk": RISK, "linkage": LINKAGE, "singling": SINGLING, "membership": MEMBERSHIP}
_NEEDS: dict[str, tuple[tuple[Kind, ...], str]] = {
    LINKAGE: ((Kind.RELEASE,), said("There is no anonymized table: run Anonymize.")),
    SINGLING: (
        (Kind.RELEASE, Kind.SYNTHETIC),
        said("There are neither an anonymized table nor synthetic records: run Anonymize or Synthesize."),
    ),
    MEMBERSHIP: ((Kind.MODEL,), said("There is no model: run Train.")),
}
_LEAST_LEFT = 0.1  # of the minutes that are allowed, whatever the other parts are thought to take


def asked(params: AttackParams) -> list[str]:
    """The parts that are on, in their order."""
    return [title for field, title in _FIELDS.items() if getattr(params, field)]


def missing(title: str, heads: Heads) -> str:
    """Why a part has nothing to work on, in words; empty where it has."""
    needs, why = _NEEDS.get(title, ((), ""))
    if needs and not any(kind in heads for kind in needs):
        return why
    if title == MEMBERSHIP:
        return said_all(text for one in same_table.findings(heads) for text in (one.title, one.detail))
    return ""


def seconds(params: AttackParams, heads: Heads) -> dict[str, float]:
    """About how long each part takes that is on and can be run, by its title; 0 where it cannot."""
    limit = accepted(params, heads)
    works: dict[str, Callable[[], float]] = {
        RISK: lambda: risks.expected_seconds(heads, risk_settings(params, limit)),
        LINKAGE: lambda: links.expected_seconds(heads, link_settings(params, limit)),
        SINGLING: lambda: singling.expected_seconds(heads, singling_settings(params, limit)),
    }
    found = dict.fromkeys(asked(params), 0.0)
    for title in found:
        if title in works and not missing(title, heads):
            found[title] = works[title]()
    if MEMBERSHIP in found and not missing(MEMBERSHIP, heads):
        settings = membership_settings(params, left(params, found))
        found[MEMBERSHIP] = membership.expected_seconds(heads, settings)
    return found


def left(params: AttackParams, seconds: Mapping[str, float]) -> float:
    """The minutes that the other parts leave to Membership, if they take so many `seconds`."""
    others = sum(one for title, one in seconds.items() if title != MEMBERSHIP) / 60
    return max(params.minutes - others, _LEAST_LEFT * params.minutes)


def unknown_columns(params: AttackParams, heads: Heads) -> list[tuple[str, str]]:
    """(field, column) of each column that is named and that the table does not have."""
    known = column_names(heads.get(Kind.TABLE, {}))
    if known is None:
        return []
    named = [
        *(("columns", name) for name in params.columns),
        *(("secrets", name) for name in params.secrets),
        *(("attributes", name) for name in params.attributes),
        *((field, name) for field in ("weights", "person") if (name := getattr(params, field))),
    ]
    return [(field, name) for field, name in named if name not in known]
