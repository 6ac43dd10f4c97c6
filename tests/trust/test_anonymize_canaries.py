"""Values of people in every new path of anonymizing and of differential privacy: none in an error, a fact, a
finding, a section, a head or a part that goes into an auditor's copy."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.params import parse
from ppdesk.workflow.catalog import step
from ppdesk.workflow.step import Context

CANARY = "Quetzal"
AGES = ["31", "32", "33", "34"]
N = 64
TREE = validated("age", [[one, "3x", "*"] for one in AGES])
CITY = validated("city", [["Ulm", "*"], ["Bonn", "*"], ["", "*"]])
ROWS = {
    "name": [f"{CANARY} {place:03}" for place in range(N)],
    "phone": [f"555{place:07}" for place in range(N)],
    "age": [AGES[place % 4] for place in range(N)],
    "city": ["Ulm" if place % 3 else "Bonn" for place in range(N)],
    "ill": [f"{CANARY}itis {'ab'[place % 2]}" for place in range(N)],
    "income": [str(987_600 + place) for place in range(N)],
    "seen": [f"1987-03-{1 + place % 28:02}" for place in range(N)],
    "note": [f"{CANARY} wrote {place}" for place in range(N)],
}
ROLE = {
    "name": "direct-identifier", "phone": "direct-identifier", "age": "quasi-identifier",
    "city": "quasi-identifier", "ill": "sensitive", "income": "insensitive", "seen": "insensitive",
    "note": "insensitive",
}  # fmt: skip
MORE: dict[str, dict[str, Any]] = {
    "age": {"type": "numeric", "min": 30, "max": 40}, "city": {"categories": ["Ulm", "Bonn"]},
    "income": {"type": "numeric", "min": 0, "max": 10}, "ill": {"categories": ["a", "b"]},
}  # fmt: skip
PRIVATE = "differential-privacy, epsilon = 1, delta = 0.01, generalization = high"
RUNS: list[tuple[str, dict[str, Any]]] = [
    ("anonymize", {}),
    ("anonymize", {"transformation": "clustering"}),
    ("anonymize", {"transformation": "mondrian"}),
    ("anonymize", {"rare": "cells"}),
    ("anonymize", {"missing": "conservative", "suppression_limit": 1.0}),
    ("anonymize", {"sample": 0.5}),
    ("anonymize", {"sensitive": ["ill: distinct-l-diversity, l = 5"]}),
    ("anonymize", {"sensitive": ["ill: ordered-t-closeness, t = 0.2"]}),
    ("anonymize", {"population": [PRIVATE]}),
    ("anonymize", {"population": ["k-map, k = 5"], "population_table": "people.csv"}),
    ("anonymize", {"treat": ["income: microaggregate, group = 5"]}),
    ("anonymize", {"treat": ["income: microaggregate, group = 5, by = interval"]}),
    ("anonymize", {"treat": ["income: noise, share = 0.1"]}),
    ("anonymize", {"treat": ["income: rank-swap, window = 0.1"]}),
    ("anonymize", {"treat": ["note: pram, stay = 0.5"]}),
    ("anonymize", {"treat": ['{"column": "note", "treatment": "pram", "matrix": {"x": {"x": 1.0}}}']}),
    ("anonymize", {"treat": ["note: mask, first = 4"]}),
    ("anonymize", {"treat": ["note: rounding, base = 5"]}),
    ("anonymize", {"treat": ["note: date-shift, within = 9, per = name"]}),
    ("anonymize", {"treat": ["seen: date-shift, within = 9, per = name"]}),
    ("anonymize", {"treat": ["name: pseudonym", "phone: format-preserving"]}),
    ("anonymize", {"treat": ["name: format-preserving"]}),
    ("anonymize", {"treat": ["note: format-preserving, alphabet = letters"]}),
    ("anonymize", {"treat": ["age: class-aggregate, by = interval"]}),
    ("configure", {}),
    ("opendp", {"statistics": ["count", "count by ill", "mean income", "median age"], "epsilon": 1.0}),
    ("synthesize", {"epsilon": 1.0, "delta": 0.0}),
    ("synthesize", {"epsilon": 1.0, "delta": 1e-6, "columns": ["age", "city", "ill"]}),
]  # fmt: skip
LOOK_FOR = (CANARY, "98760", "98761", "5550000", "1987-03")


def inputs(rows: dict[str, list[str]]) -> dict[Kind, Artifact]:
    columns = [{"name": name, "role": role, **MORE.get(name, {})} for name, role in ROLE.items()]
    roles = {"unit": "record", "target": None, "columns": columns}
    trees = to_json({"age": TREE, "city": CITY})
    return {
        Kind.TABLE: Artifact(
            Kind.TABLE, {"columns": [{"name": name} for name in rows], "rows": N},
            (Part("rows", pa.table(rows), personal=True),),
        ),
        Kind.ROLES: Artifact(Kind.ROLES, roles),
        Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", trees),)),
    }  # fmt: skip


def told(key: str, values: dict[str, Any], rows: dict[str, list[str]], folder: Path) -> str:
    """All that a run leaves for others than the owner of the rows: of a result, or of the error."""
    given = {**values}
    people = folder / "people.csv"
    if "population_table" in given:
        given["population_table"] = people
    people.write_text(
        "age,city\n" + "".join(f"{age},{city}\n" for age, city in zip(ROWS["age"], ROWS["city"], strict=True))
        + (f"{CANARY},Ulm\n" if rows is not ROWS else "")
    )  # fmt: skip
    entry = step(key)
    context = Context(
        {"population_table": people}, TestEntropy(3), TestClock(), lambda *_: None, lambda: False, ""
    )
    params = parse(entry.Params, given, step=key)
    try:
        outcome = entry.run(params, inputs(rows), context)
    except CodedError as error:
        return f"{error.message} {error.advice}"
    said = [json.dumps(outcome.facts.model_dump(mode="json")), *map(repr, outcome.findings)]
    said += [repr(entry.section(params, outcome.facts))]
    for one in outcome.artifacts:
        said.append(json.dumps(one.head))
        said += [repr(part.content) for part in one.parts if not part.personal]
    return "\n".join(said)


@pytest.mark.parametrize(("key", "values"), RUNS, ids=[f"{key} {json.dumps(values)}" for key, values in RUNS])
def test_no_value_of_a_person_leaves_its_rows(key: str, values: dict[str, Any], tmp_path: Path) -> None:
    text = told(key, values, ROWS, tmp_path)
    assert not [one for one in LOOK_FOR if one in text], text[:2000]


@pytest.mark.parametrize("key", ["anonymize", "configure", "opendp", "synthesize"])
def test_nor_does_one_that_no_hierarchy_and_no_declaration_knows(key: str, tmp_path: Path) -> None:
    rows = {**ROWS, "age": [CANARY, *ROWS["age"][1:]], "city": [*ROWS["city"][:-1], CANARY]}
    runs = [values for one, values in RUNS if one == key]
    for values in (runs[0], runs[-1]):
        assert CANARY not in told(key, values, rows, tmp_path)
    if key == "anonymize":
        for values in ({"population": [PRIVATE]}, {"transformation": "clustering"}, RUNS[9][1]):
            assert CANARY not in told(key, values, rows, tmp_path)
            assert CANARY not in told(key, values, dict(ROWS), tmp_path)
