"""The terms on which data may be used are told again wherever something leaves."""

from datetime import date
from types import SimpleNamespace

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.params import parse
from ppdesk.workflow import terms
from ppdesk.workflow.data.import_errors import ConsentExpiredError
from ppdesk.workflow.data.import_provenance import standing
from ppdesk.workflow.data.import_table import STEP as IMPORT
from ppdesk.workflow.deployment.deploy import STEP as DEPLOY
from ppdesk.workflow.deployment.export import STEP as EXPORT
from ppdesk.workflow.reading import kept
from ppdesk.workflow.reporting.allowed import open_terms

TODAY = date(2026, 6, 1)


def stated(**values):
    return parse(IMPORT.Params, {"table": "t.csv", **values}, step="import")


def test_a_day_is_a_day():
    assert stated(consent_until="2030-12-31").consent_until == "2030-12-31"
    with pytest.raises(Exception, match="it is no day as 2030-12-31"):
        stated(retain_until="31.12.2030")


def test_data_whose_consent_has_run_out_is_not_taken_in():
    with pytest.raises(ConsentExpiredError, match="held until 2026-05-31; today is 2026-06-01"):
        standing(stated(legal_basis="consent", consent_until="2026-05-31"), TODAY)
    assert standing(stated(legal_basis="consent", consent_until="2026-06-01"), TODAY) == []
    (found,) = standing(stated(legal_basis="contract", consent_until="2026-05-31"), TODAY)
    assert found.code == "PP-IMPORT-007"


def test_data_that_should_be_gone_is_remarked():
    (found,) = standing(stated(retain_until="2020-01-01"), TODAY)
    assert (found.code, found.field) == ("PP-IMPORT-008", "retain_until")


def test_what_is_no_free_text_is_handed_on():
    table = {
        "provenance": {
            "source": "Clinic A",
            "consent": "long",
            "allowed_purposes": ["x"],
            "legal_basis": "consent",
        }
    }
    once = kept(table)
    assert once == {"terms": {"allowed_purposes": ["x"], "legal_basis": "consent"}}
    assert kept(once) == once


@pytest.mark.parametrize(("step", "kind"), [(EXPORT, Kind.RELEASE), (DEPLOY, Kind.MODEL)])
def test_an_objective_that_came_later_is_held_against_the_terms(step, kind):
    params = parse(step.Params, {"to": "x.ppmodel"}, step=step.key)
    head = {"k": 5, "suppressed": 0, "rows": 10, "terms": {"allowed_purposes": ["care"]}}
    codes = [one.code for one in step.check(params, {kind: head, Kind.OBJECTIVE: {"purpose": "marketing"}})]
    assert "PP-IMPORT-005" in codes
    codes = [one.code for one in step.check(params, {kind: head, Kind.OBJECTIVE: {"purpose": "Care."}})]
    assert "PP-IMPORT-005" not in codes


def test_a_report_says_what_holds_now():
    events = {
        "import": SimpleNamespace(params={"allowed_purposes": ["care"], "retain_until": "2026-01-01"}),
        "objective": SimpleNamespace(params={"purpose": "marketing"}),
    }
    told = SimpleNamespace(last_good=events.get)
    assert [one.code for one in open_terms(told, TODAY)] == ["PP-IMPORT-005", "PP-IMPORT-008"]
    assert terms.over("", TODAY) is False
