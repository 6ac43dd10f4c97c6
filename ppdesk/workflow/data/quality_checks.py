"""Which checks hold: those that Roles declares, and those that a person wrote. Light: heads only."""

from collections.abc import Mapping, Sequence

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.data.quality.checks import Check, Rule, parse
from ppdesk.workflow import declared
from ppdesk.workflow.data.quality_params import QualityParams
from ppdesk.workflow.step import Heads

_DECLARED = "declared"


def proposed(roles: Head) -> list[Check]:
    """One check per declaration: bounds, categories, that a quantity is a number, one record per id."""
    found = []
    for column in declared.columns(roles).values():
        name = (column.name,)
        if column.numeric and (column.low is not None or column.high is not None):
            found.append(Check(Rule.BOUNDS, name, low=column.low, high=column.high))
        elif column.numeric:
            found.append(Check(Rule.NUMBER, name))
        elif column.categories:
            found.append(Check(Rule.CATEGORIES, name, values=column.categories))
    unit = roles.get("unit")
    if isinstance(unit, Mapping) and unit.get("most_rows") == 1:
        found.append(Check(Rule.UNIQUE, (str(unit.get("column")),)))
    return found


def asked(params: QualityParams) -> list[Check]:
    """The checks of the parameters. CheckUnreadableError."""
    return [parse(sentence) for sentence in params.checks]


def all_checks(params: QualityParams, heads: Heads) -> list[tuple[Check, bool]]:
    """Each check once, with whether it comes from a declaration. CheckUnreadableError."""
    from_roles = proposed(heads[Kind.ROLES]) if params.declared and Kind.ROLES in heads else []
    mine = dict.fromkeys(asked(params))
    return [(check, True) for check in from_roles if check not in mine] + [(check, False) for check in mine]


def plain(checks: Sequence[tuple[Check, bool]]) -> list[Json]:
    """For a head: each check, with whether it comes from a declaration."""
    return [check.plain() | {_DECLARED: from_roles} for check, from_roles in checks]


def of_head(quality: Head) -> list[tuple[Check, bool]]:
    """What `plain` kept in a QUALITY head; checks of a later version are passed over."""
    kept = quality.get("checks")
    found = []
    for one in kept if isinstance(kept, list | tuple) else ():
        try:
            entry: Mapping[str, Json] = one if isinstance(one, Mapping) else {}
            found.append((Check.of(entry), entry.get(_DECLARED) is True))
        except (KeyError, TypeError, ValueError):
            continue
    return found
