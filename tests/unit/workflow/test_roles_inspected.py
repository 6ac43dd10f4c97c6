"""Roles beside the inspection: what is proposed, what differs, whose records belong together."""

from pathlib import Path

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level, blocking
from ppdesk.core.params import parse
from ppdesk.core.section import Section, Table, Words
from ppdesk.workflow.data.anonymize import STEP as ANONYMIZE
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.inspection import ColumnProposal, Inspection, UnitProposal
from ppdesk.workflow.data.roles import STEP
from ppdesk.workflow.data.roles_facts import RolesFacts
from ppdesk.workflow.data.roles_params import Origin, Role, Scale
from ppdesk.workflow.data.roles_proposal import proposal, reasons
from ppdesk.workflow.dictionary import DictionaryUnreadableError, expand, written
from ppdesk.workflow.step import Context, Outcome

ROWS = pa.table(
    {
        "patient": ["p1", "p1", "p1", "p2", None, "p3", "p3"],
        "mail": [f"m{place}@example.org" for place in range(7)],
        "zip": ["10115"] * 7,
        "age": ["30", "31", "32", "40", "50", "60", "61"],
    }
)
TABLE = {
    "rows": 7,
    "columns": [
        {"name": name, "type": "integer" if name == "age" else "string"} for name in ROWS.column_names
    ],
}
INSPECTION = Inspection(
    rows=7,
    columns=(
        ColumnProposal(name="patient", role=Role.DIRECT_IDENTIFIER, confidence=0.9, person_id=True,
                       reasons=("Its name says so.",), hipaa=(8,)),
        ColumnProposal(name="mail", role=Role.DIRECT_IDENTIFIER, confidence=0.99, kind="email", hipaa=(6,),
                       reasons=("100 % of the cells are e-mail addresses.",)),
        ColumnProposal(name="zip", role=Role.QUASI_IDENTIFIER, confidence=0.7, hipaa=(2,),
                       reasons=("Places.",)),
        ColumnProposal(name="age", role=Role.QUASI_IDENTIFIER, confidence=0.6, scale=Scale.NUMERIC,
                       target=True, reasons=("It is an age.",)),
    ),
    unit=UnitProposal(kind="column", column="patient", most_rows=4, reason="Ids repeat."),
).head()  # fmt: skip
COLUMNS = [
    {"name": "patient", "role": "direct-identifier"},
    {"name": "mail", "role": "direct-identifier"},
    {"name": "zip", "role": "sensitive"},
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0, "max": 120},
]


def _params(columns: list[dict[str, object]] | None = None, **more: object):  # type: ignore[no-untyped-def]  # of the step
    return parse(STEP.Params, {"columns": columns or COLUMNS, **more}, step="roles")


def _changed(name: str, **changes: object) -> list[dict[str, object]]:
    return [{**one, **changes} if one["name"] == name else one for one in COLUMNS]


def _codes(params: object, *, inspected: bool = True) -> list[str]:
    heads = {Kind.TABLE: TABLE, **({Kind.INSPECTION: INSPECTION} if inspected else {})}
    return [one.code for one in STEP.check(params, heads) if one.code != "PP-ROLES-005"]


def _run(params: object, *, inspected: bool = True) -> Outcome[RolesFacts]:
    inputs = {Kind.TABLE: Artifact(Kind.TABLE, TABLE, (Part("rows", ROWS, personal=True),))}
    if inspected:
        inputs[Kind.INSPECTION] = Artifact(Kind.INSPECTION, INSPECTION)
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(params, inputs, context)


def _text(section: Section) -> str:
    cells = [c for block in section.blocks if isinstance(block, Table) for row in block.rows for c in row]
    return " ".join([*(block.text for block in section.blocks if isinstance(block, Words)), *cells])


def test_a_sure_identifier_declared_otherwise_is_remarked_with_its_reason() -> None:
    params = _params(_changed("mail", role="insensitive"), unit_column="patient", most_rows=5)
    found = STEP.check(params, {Kind.TABLE: TABLE, Kind.INSPECTION: INSPECTION})
    assert not blocking(found), "the person decides"
    (one,) = (one for one in found if one.code == "PP-ROLES-015")
    assert (one.level, one.title[:4]) == (Level.CAUTION, "mail")
    assert "100 % of the cells are e-mail addresses." in one.detail
    assert _codes(_params(unit_column="patient", most_rows=5)) == [], "and nothing where they agree"
    assert _codes(params, inspected=False) == []


def test_repeated_ids_are_pointed_out_where_the_unit_is_a_record() -> None:
    assert _codes(_params()) == ["PP-ROLES-016"]


def test_a_number_taken_over_from_the_inspection_is_told_as_read_off_the_data() -> None:
    params = _params(unit_column="patient", most_rows=4)
    assert _codes(params) == ["PP-ROLES-017"]
    assert _run(params).facts.unit_as_inspected
    assert not _run(_params(unit_column="patient", most_rows=5)).facts.unit_as_inspected


@pytest.mark.parametrize(
    ("columns", "unit", "code"),
    [
        (COLUMNS, "person", "PP-ROLES-012"),
        (_changed("patient", target=True), "patient", "PP-ROLES-012"),
        (_changed("patient", role="insensitive"), "patient", "PP-ROLES-013"),
        (_changed("age", origin="data"), "patient", "PP-ROLES-014"),
    ],
)
def test_units_and_origins_that_do_not_fit(columns: list[dict[str, object]], unit: str, code: str) -> None:
    assert _codes(_params(columns, unit_column=unit), inspected=False) == [code]


def test_an_origin_without_declared_values_means_nothing() -> None:
    columns = _changed("zip", origin="data")
    assert _codes(_params(columns), inspected=False) == []


def test_ids_with_too_many_records_and_none_are_counted() -> None:
    outcome = _run(_params(unit_column="patient", most_rows=2))
    facts = outcome.facts
    assert (facts.persons, facts.persons_over, facts.without_id) == (3, 1, 1)
    assert [one.code for one in outcome.findings] == ["PP-ROLES-021", "PP-ROLES-022"]
    assert "p1" not in str(outcome.findings)
    head = outcome.artifacts[0].head
    assert head["unit"] == {"column": "patient", "most_rows": 2}
    assert _run(_params()).artifacts[0].head["unit"] == "record"
    text = _text(STEP.section(_params(unit_column="patient", most_rows=2), facts))
    assert "1 of 3 ids have more records: training keeps 2 random ones of each." in text
    assert "k-anonymity counts records" in text


def test_the_table_of_the_18_says_what_becomes_of_those_that_were_found() -> None:
    params = _params()
    section = STEP.section(params, _run(params).facts)
    (table,) = (block for block in section.blocks if isinstance(block, Table) and "HIPAA" in block.title)
    assert len(table.rows) == 3
    assert "The other 15 of the 18: nothing found." in table.caption
    rows = {row[0][0]: row[1:] for row in table.rows}
    assert rows["F"] == ("mail", "direct-identifier", "dropped")
    assert rows["B"] == ("zip", "sensitive", "kept as it is")
    bare = _text(STEP.section(params, _run(params, inspected=False).facts))
    assert "not inspected" in bare


def test_records_of_before_are_still_read() -> None:
    old = {name: value for name, value in _run(_params()).facts.model_dump().items()
           if name in ("columns", "undeclared")}  # fmt: skip
    assert "Each record is taken to be one person." in _text(
        STEP.section(_params(), RolesFacts.model_validate(old))
    )


def test_the_proposal_fills_roles_and_only_bounds_that_the_world_has() -> None:
    values = proposal(INSPECTION, TABLE)
    params = parse(STEP.Params, values, step="roles")
    assert [(one.name, one.role, one.target) for one in params.columns] == [
        ("patient", Role.DIRECT_IDENTIFIER, False),
        ("mail", Role.DIRECT_IDENTIFIER, False),
        ("zip", Role.QUASI_IDENTIFIER, False),
        ("age", Role.QUASI_IDENTIFIER, True),
    ]
    assert (params.unit_column, params.most_rows) == ("patient", 4)
    assert [one.name for one in params.columns if one.min is not None] == ["age"]
    age = params.columns[-1]
    assert (age.min, age.max, age.origin, age.categories) == (0, 120, Origin.KNOWLEDGE, None)
    careful = proposal(None, TABLE)
    assert {one["role"] for one in careful["columns"]} == {"quasi-identifier"}
    assert "unit_column" not in careful
    assert [one["type"] for one in careful["columns"]][-1] == "numeric"


def test_the_dictionary_of_a_proposal_says_the_same_again(tmp_path: Path) -> None:
    odd = 'a "b"\\\n\x7f\x01é'
    table = {"columns": [*TABLE["columns"], {"name": odd, "type": "string"}]}
    values, path = proposal(INSPECTION, table), tmp_path / "d.toml"
    path.write_text(written(values, {**reasons(INSPECTION, table), odd: ("one\nline",)}), encoding="utf-8")
    assert expand(path) == values
    text = path.read_text(encoding="utf-8")
    assert "# 100 % of the cells are e-mail addresses." in text
    assert "# Ids repeat." in text
    assert "# one line" in text


@pytest.mark.parametrize("unit", ["[unit]\n", "unit = 3\n", '[unit]\ncolumn = "a"\nrows = 2\n'])
def test_a_unit_that_is_none_is_refused(tmp_path: Path, unit: str) -> None:
    path = tmp_path / "d.toml"
    path.write_text(f'{unit}[columns.c]\nrole = "insensitive"\n')
    with pytest.raises(DictionaryUnreadableError, match="unit"):
        expand(path)


def test_anonymize_says_that_k_counts_records() -> None:
    roles = {
        "unit": {"column": "patient", "most_rows": 4},
        "columns": [{"name": "zip", "role": "quasi-identifier"}],
    }
    asked = parse(AnonymizeParams, {"k": 10}, step="anonymize")
    (found,) = ANONYMIZE.check(asked, {Kind.ROLES: roles})
    assert (found.level, found.code) == (Level.CAUTION, "PP-ANONYMIZE-008")
    assert "a class of 10 records may be of 3 persons" in found.detail
    for unit in ("record", {"column": "patient", "most_rows": 1}):
        assert ANONYMIZE.check(asked, {Kind.ROLES: {**roles, "unit": unit}}) == []
