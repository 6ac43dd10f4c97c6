"""Groups that the world is known to have, for values that are recognized by their names alone."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ppdesk.core.resources import resource

if TYPE_CHECKING:
    from ppdesk.anonymize.hierarchy_tree import Tree

_LEAST = 0.8  # of the values that must be known
_OTHER = "other"


@lru_cache(maxsize=1)
def _sets() -> Mapping[str, Sequence[Mapping[str, Sequence[str]]]]:
    read = tomllib.loads(resource("personal-data", "groups.toml").read_text(encoding="utf-8"))
    return {str(name): list(one["levels"]) for name, one in read.items()}


def _plain(value: str) -> str:
    """As names are compared: without case, points, and the signs between words."""
    return "".join(sign for sign in value.casefold() if sign.isalnum())


def known_tree(values: Sequence[str]) -> "Tree | None":
    """The tree of the set that knows most of `values`; None where none knows four of five of them. What it
    does not know becomes "other"."""
    from ppdesk.anonymize.hierarchy_tree import Tree

    named = [value for value in values if value]
    best: Sequence[Mapping[str, Sequence[str]]] = ()
    most = 0.0
    for levels in _sets().values():
        known = {_plain(one) for group in levels[0].values() for one in group}
        share = sum(_plain(value) in known for value in named) / max(1, len(named))
        if share > most:
            best, most = levels, share
    if most < _LEAST or not named:
        return None
    from ppdesk.anonymize.hierarchies import TOP, validated

    ups = [{_plain(one): group for group, members in level.items() for one in members} for level in best]
    rows = []
    for value in dict.fromkeys(named):
        row = [value]
        for up in ups:
            row.append(up.get(_plain(row[-1]), _OTHER))
        rows.append((*row, TOP))
    return Tree.of(validated("", rows))
