"""Which checks hold: from Roles, from the types that Import found, from a person. Light: heads only."""

from collections.abc import Mapping, Sequence

from ppdesk.core.artifacts import Head, Kind, columns_of
from ppdesk.core.canonical import Json
from ppdesk.data.quality.checks import Check, Rule, parse
from ppdesk.workflow import declared
from ppdesk.workflow.data.quality_facts import Origin
from ppdesk.workflow.data.quality_params import QualityParams
from ppdesk.workflow.step import Heads

_ORIGIN = "origin"  # in a head
_TYPES = {"integer": Rule.INTEGER, "decimal": Rule.NUMBER, "date": Rule.DATE}
ORIGINS: tuple[Origin, ...] = ("roles", "import", "you")


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


def typed(table: Head) -> list[Check]:
    """One check per column whose values all parse as a number or a date, as a TABLE head says."""
    found = []
    for one in columns_of(table):
        if one.get("type") in _TYPES:
            found.append(Check(_TYPES[str(one["type"])], (str(one.get("name")),)))
    return found


def asked(params: QualityParams) -> list[Check]:
    """The checks of the parameters. CheckUnreadableError."""
    return [parse(sentence) for sentence in params.checks]


def all_checks(params: QualityParams, heads: Heads) -> list[tuple[Check, Origin]]:
    """Each check once, with who says that it must hold. CheckUnreadableError."""
    mine = dict.fromkeys(asked(params))
    if not params.declared:
        return [(check, "you") for check in mine]
    by_role = proposed(heads.get(Kind.ROLES, {}))
    settled = {check.columns for check in by_role if check.rule is not Rule.UNIQUE}
    by_type = [check for check in typed(heads.get(Kind.TABLE, {})) if check.columns not in settled]
    found: list[tuple[Check, Origin]] = [(check, "roles") for check in by_role if check not in mine]
    found += [(check, "import") for check in by_type if check not in mine]
    return [*found, *((check, "you") for check in mine)]


def plain(checks: Sequence[tuple[Check, Origin]]) -> list[Json]:
    """For a head: each check with its origin."""
    return [check.plain() | {_ORIGIN: origin} for check, origin in checks]


def of_head(quality: Head) -> list[tuple[Check, Origin]]:
    """What `plain` kept in a QUALITY head; checks of a later version are passed over."""
    kept = quality.get("checks")
    found: list[tuple[Check, Origin]] = []
    for one in kept if isinstance(kept, list | tuple) else ():
        try:
            entry: Mapping[str, Json] = one if isinstance(one, Mapping) else {}
            origin: Origin = next((name for name in ORIGINS if name == entry.get(_ORIGIN)), "you")
            found.append((Check.of(entry), origin))
        except (KeyError, TypeError, ValueError):
            continue
    return found
