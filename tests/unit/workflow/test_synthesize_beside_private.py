"""Synthetic records beside a release that is under differential privacy itself."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.params import parse
from ppdesk.core.section import Table
from ppdesk.workflow.catalog import step
from ppdesk.workflow.treated import treatment_words

COLUMNS = [
    {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["f", "m"]},
    {"name": "ill", "role": "quasi-identifier", "type": "categorical", "categories": ["y", "n"]},
]
ROWS = pa.table({"sex": ["f", "m"] * 50, "ill": ["y", "n", "n", "n"] * 25})
PRIVATE = {"k": 47, "differential_privacy": {"epsilon": 0.5, "delta": 1e-6}}


def test_its_guarantee_is_not_called_k_anonymity(context_of: Callable[..., Any]) -> None:
    entry = step("synthesize")
    given = parse(entry.Params, {"epsilon": 1.0, "delta": 0.0}, step="synthesize")
    rows = (Part("rows", ROWS, personal=True),)
    inputs = {
        Kind.TABLE: Artifact(Kind.TABLE, {"columns": [{"name": "sex"}, {"name": "ill"}]}, rows),
        Kind.ROLES: Artifact(Kind.ROLES, {"unit": "record", "target": None, "columns": COLUMNS}),
        Kind.RELEASE: Artifact(Kind.RELEASE, PRIVATE, rows),
    }
    section = entry.section(given, entry.run(given, inputs, context_of()).facts)
    (beside,) = [one for one in section.blocks if isinstance(one, Table) and "side by side" in one.title]
    told = {row[0]: row[2] for row in beside.rows}
    assert told["Guarantee"] == "ε 0.5 by SafePub, one record added or removed"
    assert told["Holds against"] == "any knowledge of others"


def test_records_of_a_private_release_are_not_looked_for_among_those_of_the_table() -> None:
    assert treatment_words(PRIVATE) == "it is a sample of the records"
