"""Which fields of the record may name values of people although no row is in them. Light: parameters only."""

from collections.abc import Iterator, Mapping
from typing import Any

# operations of Clean that name values of cells
_NAMING = frozenset({"fill", "filter", "map", "merge-values", "missing", "replace", "rule"})


def naming_values(kind: str, params: Mapping[str, Any]) -> Iterator[str]:
    """The fields of an event of the step `kind` that an auditor's copy opens and that may do so."""
    operations = params.get("operations")
    if kind == "clean" and isinstance(operations, list | tuple):
        named = {one.get("op") for one in operations if isinstance(one, Mapping)}
        if named & _NAMING:
            yield "params.operations"
    if kind == "quality" and params.get("show_values") is True:
        yield "facts.checks"
