"""The step that proposes roles, and Export's search for what is left of persons."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from stdnum import luhn

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.section import Table
from ppdesk.workflow.data.inspect_table import STEP, InspectFacts, InspectParams
from ppdesk.workflow.data.inspection import Inspection
from ppdesk.workflow.deployment.export import STEP as EXPORT
from ppdesk.workflow.deployment.export import ExportFacts, ExportParams
from ppdesk.workflow.deployment.export_residual import LeftIdentifierError
from ppdesk.workflow.step import Context

ROWS = 60
CARDS = [base + luhn.calc_check_digit(base) for base in (f"4{97 * row:014d}" for row in range(ROWS))]
VISITS = pa.table(
    {
        "patient_id": [str(1000 + row // 2) for row in range(ROWS)],
        "card": CARDS,
        "age": [str(20 + row % 50) for row in range(ROWS)],
        "sex": ["f", "m"] * (ROWS // 2),
        "diagnosis": [f"c{row % 4}" for row in range(ROWS)],
    }
)


def context() -> Context:
    return Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")


def inspected(**params: bool):
    made = Artifact(Kind.TABLE, {"rows": ROWS}, (Part("rows", VISITS, personal=True),))
    return STEP.run(InspectParams(**params), {Kind.TABLE: made}, context())


def test_the_head_holds_the_proposal_and_no_part() -> None:
    made = inspected().artifacts[0]
    assert (made.kind, made.parts) == (Kind.INSPECTION, ())
    found = Inspection.of(json.loads(json.dumps(made.head)))
    assert {one.name: one.role.value for one in found.columns} == {
        "patient_id": "direct-identifier", "card": "direct-identifier", "age": "quasi-identifier",
        "sex": "quasi-identifier", "diagnosis": "sensitive",
    }  # fmt: skip
    assert (found.unit.kind, found.unit.column, found.unit.most_rows) == ("column", "patient_id", 2)
    assert found.column("card").hipaa == (10,)
    assert found.column("nobody") is None
    assert ("age", "sex") in [one.columns for one in found.quasi] or ("age",) in [
        one.columns for one in found.quasi
    ]
    assert Inspection.of({**made.head, "later": 1}) == found


def test_no_value_of_the_table_is_on_record() -> None:
    outcome = inspected()
    told = outcome.facts.model_dump_json() + json.dumps([one.to_json() for one in outcome.findings])
    assert not any(card in told for card in CARDS)


def test_the_eighteen_are_a_table_that_claims_no_proof() -> None:
    outcome = inspected()
    again = InspectFacts(**json.loads(outcome.facts.model_dump_json()))
    section = STEP.section(InspectParams(), again)
    assert section == STEP.section(InspectParams(), outcome.facts)
    table = next(one for one in section.blocks if isinstance(one, Table) and "18" in one.title)
    assert len(table.rows) == 18
    assert table.rows[9][2:] == ["card", "Direct identifier: drop"]
    assert table.rows[0][2] == "nothing found"
    assert any("no proof" in getattr(one, "text", "") for one in section.blocks)


def test_without_sets_columns_are_measured_alone() -> None:
    outcome = inspected(combine=False)
    assert all(len(one.columns) == 1 for one in outcome.facts.inspection.quasi)
    titles = [
        one.title
        for one in STEP.section(InspectParams(combine=False), outcome.facts).blocks
        if isinstance(one, Table)
    ]
    assert not any("Sets" in title for title in titles)


def test_it_remarks_on_identifiers_and_on_persons_with_several_records() -> None:
    assert [one.code for one in inspected().findings] == ["PP-INSPECT-001", "PP-INSPECT-003"]


HEAD = {
    "k": 2, "suppression_limit": 0.1, "quality": "loss", "levels": {"age": 1}, "score": 0.25, "rows": ROWS,
    "suppressed": 0, "optimal": True, "columns": ["age", "kept"],
}  # fmt: skip


def exported(kept: list[str], despite: str = ""):
    rows = pa.table({"age": ["30-39"] * ROWS, "kept": kept})
    release = Artifact(Kind.RELEASE, HEAD, (Part("rows", rows, personal=True),))
    params = ExportParams(to=Path("/somewhere/out.csv"), despite=despite)
    return params, EXPORT.run(params, {Kind.RELEASE: release}, context())


def test_export_refuses_cards_and_names_no_value() -> None:
    with pytest.raises(LeftIdentifierError) as caught:
        exported(CARDS)
    assert "kept" in caught.value.message
    assert not any(card in caught.value.message for card in CARDS)


def test_with_a_reason_it_is_written_and_told() -> None:
    params, outcome = exported(CARDS, "test numbers of the networks")
    assert [one.code for one in outcome.findings] == ["PP-EXPORT-011"]
    assert [(one.kind, one.cells, one.proved) for one in outcome.facts.left] == [("card", ROWS, True)]
    table = next(
        one
        for one in EXPORT.section(params, outcome.facts).blocks
        if isinstance(one, Table) and "18" in one.title
    )
    assert table.rows[9][2:] == ["kept", f"{ROWS}"]


def test_a_clean_release_is_searched_and_quiet() -> None:
    _, outcome = exported(["yes", "no"] * (ROWS // 2))
    assert (outcome.facts.searched, outcome.facts.left, list(outcome.findings)) == (True, (), [])


def test_an_export_from_before_the_search_still_has_its_section() -> None:
    params, outcome = exported(["yes", "no"] * (ROWS // 2))
    old = {key: value for key, value in outcome.facts.model_dump().items() if key not in ("searched", "left")}
    blocks = EXPORT.section(params, ExportFacts(**old)).blocks
    assert not any(isinstance(one, Table) and "18" in one.title for one in blocks)


def test_where_no_sets_can_be_measured_no_share_is_told() -> None:
    for rows in ({"card": CARDS}, {"age": ["30"], "sex": ["f"]}):
        table = pa.table({name: pa.array(cells, pa.string()) for name, cells in rows.items()})
        made = Artifact(Kind.TABLE, {"rows": table.num_rows}, (Part("rows", table, personal=True),))
        done = STEP.run(InspectParams(), {Kind.TABLE: made}, context())
        said = repr(STEP.section(InspectParams(), done.facts))
        assert "was not measured" in said
        assert "0 records" not in said
        assert " 0.0 %" not in said
