"""`ppdesk clean --suggestions`: operations ready to paste, and where to look for the others."""

import io
import json
import tomllib
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from ppdesk.cli import suggestions
from ppdesk.cli.console import Console
from ppdesk.core.artifacts import Kind
from ppdesk.data.clean.suggestion import without_values
from ppdesk.workflow.data.clean_params import CleanParams

FOUND = [
    {"id": "spaces:age", "words": "Values of age have spaces around them", "count": 12},
    {"id": 'far:a "b"', "words": "Values of a lie far from the others", "count": 3},
    {"id": "clusters:city", "words": "Values of city are written in several ways", "count": 4},
]


def shown(*, json_: bool = False) -> str:
    out = io.StringIO()
    session = SimpleNamespace(
        heads=lambda: {Kind.TABLE: {"suggestions": FOUND}}, events=list, info=lambda: {"stamp": "not private"}
    )

    @contextmanager
    def look(_access: Any) -> Any:
        yield session

    invocation: Any = SimpleNamespace(console=Console(json=json_, out=out, err=io.StringIO()), look=look)
    access: Any = None
    assert suggestions.show(invocation, access) == 0
    return out.getvalue()


def test_what_is_printed_is_a_file_of_operations() -> None:
    read = tomllib.loads(shown())
    assert read["operations"] == [without_values(str(one["id"])) for one in FOUND[:2]]
    assert CleanParams.model_validate(read).operations[0].op == "trim"


def test_where_values_stand_in_it_the_way_to_see_them_is_told() -> None:
    last = shown().splitlines()[-3:]
    assert last[0] == "# 4: Values of city are written in several ways"
    assert "ppdesk look suggestions" in last[1]
    assert 'ppdesk clean --clusters "city"' in last[2]
    assert json.loads(shown(json_=True))["suggestions"][2]["operation"] is None
    assert json.loads(shown(json_=True))["stamp"] == "not private"


def test_the_help_of_clean_lists_the_operations() -> None:
    told = suggestions.operations_help()
    assert "fuzzy-duplicates" in told
    assert "cli.md" in told
