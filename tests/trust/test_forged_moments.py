"""Moments that cannot be: signed or stamped before it was made, not come yet, by an expired certificate."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from ppdesk_fakes.forging import MADE, MARIA, document, person, plain, report, unsigned

from ppdesk.core.entropy import TestEntropy
from ppdesk.report.signature import sign_pdf
from ppdesk.report.times import in_order
from ppdesk.report.verdict import Judgement, Verdict
from ppdesk.report.verification import verify_pdf
from ppdesk.workflow.reporting.dated import dates

HOUR = timedelta(hours=1)


@cache
def true() -> Verdict:
    return verify_pdf(report(), [MARIA.certificate_pem])


def test_signed_before_it_was_made() -> None:
    later = replace(document(), made=MADE + HOUR)
    pdf = sign_pdf(unsigned(later), MARIA, when=MADE, entropy=TestEntropy(3))
    verdict = verify_pdf(pdf, [MARIA.certificate_pem])
    assert verdict.verdict is Judgement.LOOK
    assert "before the report was made (2026-01-01 13:00:00 UTC)" in verdict.sentence


def test_stamped_before_it_was_made() -> None:
    evidence = {"report": {"made": "2026-01-01T12:00:00.900Z"}}
    assert not in_order(evidence, MADE, MADE)  # signatures name whole seconds
    assert not in_order({"report": {**evidence["report"], "stamp": "test"}}, MADE - HOUR, None)
    found = in_order(evidence, MADE, MADE - HOUR)
    assert [one.judgement for one in found] == [Judgement.LOOK]
    assert "timestamp" in found[0].words
    assert not in_order({"report": {"made": "yesterday"}}, MADE, None)


def test_a_time_that_has_not_come() -> None:
    assert not dates(true(), MADE)
    assert "has not come yet" in dates(true(), MADE - timedelta(days=2))[0].words


def test_a_certificate_that_has_expired_since() -> None:
    """Whoever gets hold of an old key can still sign, and say that it was long ago."""
    found = dates(true(), MADE + timedelta(days=800))
    assert [one.judgement for one in found] == [Judgement.LOOK]
    assert "only the signer says" in found[0].words
    stamped = replace(true(), checks=(*true().checks, replace(true().checks[0], name="Timestamp")))
    assert not dates(stamped, MADE + timedelta(days=800))


def test_a_name_in_other_letters() -> None:
    other = person(4, "Мaria Weber")  # the first letter is Cyrillic
    pdf = sign_pdf(plain(), other, when=MADE, entropy=TestEntropy(3))
    checks = {one.name: one for one in verify_pdf(pdf).checks}
    assert "several alphabets" in checks["Name"].words
    assert "Name" not in {one.name for one in true().checks}
