"""The step that writes the anonymized table."""

import json
from pathlib import Path

import pyarrow as pa

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.workflow.deployment.export import STEP, ExportFacts, ExportParams
from ppdesk.workflow.step import Context

HEAD = {
    "k": 2, "suppression_limit": 0.1, "quality": "loss", "levels": {"age": 1, "sex": 0}, "score": 0.25,
    "rows": 4, "suppressed": 0, "optimal": True, "columns": ["age", "sex"],
}  # fmt: skip
ROWS = pa.table({"age": ["30-39", "30-39", "20-29", "20-29"], "sex": ["F", "F", "M", "M"]})
RELEASE = Artifact(Kind.RELEASE, HEAD, (Part("rows", ROWS, personal=True),))
PARAMS = ExportParams(to=Path("/somewhere/out.csv"))
STANDARD = {"k_min": 5, "suppression_max": 0.1}


def context():
    return Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "stamped")


def run():
    return STEP.run(PARAMS, {Kind.RELEASE: RELEASE}, context())


def test_the_manifest_holds_what_was_done_and_the_files_hash():
    outcome = run()
    made = outcome.artifacts[0]
    said = json.loads(made.data("manifest.json"))
    assert said["file"]["sha256"] == outcome.facts.sha256 == made.head["sha256"]
    assert said["privacy"]["k"] == 2
    assert said["privacy"]["levels"] == {"age": 1, "sex": 0}
    assert said["stamp"] == "stamped"
    assert said["file"]["name"] == "out.csv"
    assert [part.personal for part in made.parts] == [True, False]


def test_the_loss_is_told_to_recipients_in_four_decimals():
    release = Artifact(Kind.RELEASE, {**HEAD, "score": 0.123456789}, RELEASE.parts)
    made = STEP.run(PARAMS, {Kind.RELEASE: release}, context()).artifacts[0]
    assert json.loads(made.data("manifest.json"))["privacy"]["score"] == 0.1235


def with_suppressed(count):
    extra = pa.table({"age": ["*"] * count, "sex": ["*"] * count, "ill": ["rare"] * count})
    rows = pa.concat_tables([ROWS.append_column("ill", [["no"] * 4]), extra])
    head = {**HEAD, "rows": 4 + count, "suppressed": count, "columns": ["age", "sex", "ill"]}
    release = Artifact(Kind.RELEASE, head, (Part("rows", rows, personal=True),))
    return STEP.run(PARAMS, {Kind.RELEASE: release}, context())


def test_fewer_suppressed_records_than_k_are_left_out_because_they_do_not_hide_each_other():
    outcome = with_suppressed(1)
    made = outcome.artifacts[0]
    assert b"rare" not in made.data("release.csv")
    said = json.loads(made.data("manifest.json"))
    assert (said["rows"], said["privacy"]["suppressed"], said["privacy"]["left_out"]) == (4, 1, 1)
    texts = [getattr(block, "text", "") for block in STEP.section(PARAMS, outcome.facts).blocks]
    assert any("1 suppressed records were left out" in text for text in texts)


def test_suppressed_records_that_hide_each_other_stay():
    outcome = with_suppressed(2)
    assert outcome.artifacts[0].data("release.csv").count(b"rare") == 2
    assert outcome.facts.left_out == 0


def test_two_runs_give_the_same_bytes():
    first, second = run(), run()
    assert [part.content for part in first.artifacts[0].parts] == [
        part.content for part in second.artifacts[0].parts
    ]


def test_four_files_are_delivered_after_sealing():
    made = run().artifacts[0]
    sealed = Artifact(
        made.kind, made.head, (*made.parts, Part("manifest.sig", b"s"), Part("certificate.pem", b"c"))
    )
    delivered = STEP.deliver(PARAMS, [sealed])
    assert [one.suffix for one in delivered] == ["", ".manifest.json", ".manifest.sig", ".certificate.pem"]
    assert {one.field for one in delivered} == {"to"}
    assert delivered[0].data.startswith(b"age;sex\n")


def refused(release):
    """Codes of what refuses the export."""
    found = STEP.check(PARAMS, {Kind.RELEASE: release, Kind.STANDARD: STANDARD})
    return [one.code for one in found if one.level is Level.BLOCKING]


def test_a_release_under_the_standard_is_refused():
    assert refused(HEAD) == ["PP-EXPORT-001"]


def test_too_much_suppression_is_refused():
    assert refused({**HEAD, "k": 5, "suppressed": 1}) == ["PP-EXPORT-002"]
    assert refused({**HEAD, "k": 5}) == []


def test_the_facts_survive_a_round_trip_and_make_the_section():
    facts = run().facts
    again = ExportFacts(**json.loads(json.dumps(facts.model_dump(mode="json"))))
    assert STEP.section(PARAMS, again) == STEP.section(PARAMS, facts)
    assert "4 records" in STEP.section(PARAMS, again).blocks[0].text
