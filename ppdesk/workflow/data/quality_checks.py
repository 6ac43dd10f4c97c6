"""Which checks hold: those that Roles declares, and those that a person wrote. Light: heads only."""

from collections.abc import Mapping, Sequence

from ppdesk.core.artifacts import Head, Kind
from ppdesk.data.quality.checks import Check, Rule, parse
from ppdesk.workflow import declared
from ppdesk.workflow.data.quality_params import QualityParams
from ppdesk.workflow.step import Heads


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


def of_head(quality: Head) -> list[Check]:
    """The checks that a QUALITY head holds; those of a later version are passed over."""
    held = quality.get("checks")
    found = []
    for one in held if isinstance(held, Sequence) and not isinstance(held, str) else ():
        try:
            found.append(Check.of(one if isinstance(one, Mapping) else {}))
        except (KeyError, TypeError, ValueError):
            continue
    return found
