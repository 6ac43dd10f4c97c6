"""Columns are called as their owners like; the files about them are not: every report can be verified."""

import json
from dataclasses import replace
from typing import Any

from ppdesk_fakes.forging import MARIA, signed

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.report.verdict import Judgement
from ppdesk.report.verification import verify_pdf
from ppdesk.workflow.reporting.document_params import DocumentParams
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.released.hierarchies import attached_names, attachments
from ppdesk.workflow.reporting.report_work import compose
from ppdesk.workflow.step import Context

ODD = {"age": "Größe", "job": "年齢", "marital": "a/b", "education": '=1~ "x"\u202e'}


def test_any_column_name_gives_a_plain_file_name() -> None:
    odd = ["Größe", "年齢", "歳", "a/b", "A b", "../..", "", "_x", "con", "applied_levels", "é" * 300]
    names = attached_names(odd)
    assert names[:5] == [
        "Grosse_applied.csv", "column_applied.csv", "column-2_applied.csv", "a_b_applied.csv",
        "A_b-2_applied.csv",
    ]  # fmt: skip
    assert len({one.casefold() for one in names}) == len(odd)
    assert all(one.isascii() and "/" not in one and len(one) < 80 for one in names)
    assert attached_names(["age", "native-country"]) == ["age_applied.csv", "native-country_applied.csv"]


def test_a_report_on_oddly_named_columns_holds(frozen: Any) -> None:
    history = frozen.history("bank")
    told = history.data("history").decode()
    for name, odd in ODD.items():
        told = told.replace(json.dumps(name), json.dumps(odd))
    history = Artifact(Kind.HISTORY, history.head, (Part("history", told.encode()),))
    ctx = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    made = compose(DocumentParams.model_validate({"document": "hipaa-safe-harbor"}), history, ctx)
    verdict = verify_pdf(signed(made.pdf), [MARIA.certificate_pem])
    assert verdict.verdict is Judgement.GOOD, verdict.sentence
    files: Any = (verdict.evidence or {})["attachments"]
    described = {one["name"]: one["description"] for one in files}
    assert ODD["job"] in described["column_applied.csv"]
    assert ODD["age"] in described["Grosse_applied.csv"]


def test_a_rule_that_names_no_such_column_gives_no_table(frozen: Any) -> None:
    told = frozen.told("bank")
    roles = next(event for event in told.events if event.kind == "roles")
    first, *rest = roles.params["generalize"]
    changed = replace(roles, params={**roles.params, "generalize": [{**first, "column": " age"}, *rest]})
    events = tuple(changed if one is roles else one for one in told.events)
    assert all(one.name != "age_applied.csv" for one in attachments(Brief(replace(told, events=events))))
