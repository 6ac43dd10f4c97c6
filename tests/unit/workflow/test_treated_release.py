"""What export makes of a release whose columns were treated."""

import json
from pathlib import Path

import pyarrow as pa

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.workflow.deployment.export import STEP, ExportParams
from ppdesk.workflow.step import Context
from ppdesk.workflow.treated import coded_columns, treated_columns, treatment_words

TREATMENTS = ["card: format-preserving", "pay: noise, share = 0.1"]
HEAD = {
    "k": 2, "suppression_limit": 0.1, "quality": "loss", "levels": {"age": 1}, "score": 0.25,
    "rows": 20, "suppressed": 0, "optimal": True, "columns": ["card", "age", "pay"],
    "treatments": TREATMENTS, "treated": {"card": "format-preserving", "pay": "noise"},
}  # fmt: skip
CARDS = [f"411111111111{tail:04d}" for tail in (1111, 1129, 1137, 1145, 1152, 1160, 1178, 1186, 1194, 1202)]
ROWS = pa.table({"card": CARDS * 2, "age": ["30-39"] * 20, "pay": ["1.5"] * 20})
CONTEXT = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")


def exported(head):
    release = Artifact(Kind.RELEASE, head, (Part("rows", ROWS, personal=True),))
    return STEP.run(ExportParams(to=Path("/somewhere/out.csv")), {Kind.RELEASE: release}, CONTEXT)


def test_the_signed_note_says_what_was_done_to_columns():
    said = json.loads(exported(HEAD).artifacts[0].data("manifest.json"))["privacy"]
    assert said["treatments"] == TREATMENTS
    assert "sample" not in said


def test_pseudonyms_that_look_like_cards_are_told_and_not_refused():
    outcome = exported(HEAD)
    (fact,) = [one for one in outcome.facts.left if one.column == "card"]
    assert fact.proved
    assert fact.made
    told = [one.detail for one in outcome.findings if "card" in one.title]
    assert "pseudonyms made with a key" in told[0]


def test_a_head_tells_which_columns_were_treated():
    assert treated_columns(HEAD) == HEAD["treated"]
    assert coded_columns(HEAD) == ["card"]
    assert treatment_words(HEAD) == "values of card, pay were changed"
    assert treatment_words({}) == ""
    assert "sample" in treatment_words({"sample": 0.5})
    assert "rule" in treatment_words({"missing": "conservative"})
