"""A timestamp over a report's signature: other programs read it, and it leaves no room for anything else."""

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.identity.errors import NotATimestampKeyError
from ppdesk.identity.signer import Signer, create_signer
from ppdesk.identity.timestamper import create_timestamper, import_timestamper, open_timestamper
from ppdesk.report.signature import sign_pdf
from ppdesk.report.verdict import Check, Judgement
from ppdesk.report.verification import verify_pdf

MADE = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
PASSPHRASE = "clock with a bell"


def house(folder: Path, name: str = "Records office", root: int = 9) -> Signer:
    return create_timestamper(folder, name, PASSPHRASE, entropy=TestEntropy(root), clock=TestClock(MADE))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return house(tmp_path_factory.mktemp("times"))


@pytest.fixture(scope="module")
def stamped(unsigned: bytes, maria: Signer, office: Signer) -> bytes:
    return sign_pdf(unsigned, maria, when=MADE, entropy=TestEntropy(5), timestamper=office)


def signature_of(pdf: bytes) -> Any:
    from pyhanko.pdf_utils.reader import PdfFileReader

    return PdfFileReader(BytesIO(pdf)).embedded_signatures[0]


def found(pdf: bytes, *trusted: Signer, name: str = "Timestamp") -> Check:
    verdict = verify_pdf(pdf, [one.certificate_pem for one in trusted] or None)
    return next(check for check in verdict.checks if check.name == name)


def rewritten(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """`pdf` with its signature's value changed in place, which no PDF signature covers."""
    from asn1crypto import cms

    signature = signature_of(pdf)
    start, length, resume, _ = (int(number) for number in signature.byte_range)
    value = cms.ContentInfo.load(bytes(signature.pkcs7_content))
    change(value["content"]["signer_infos"][0])
    packed = value.dump().hex().encode()
    room = resume - start - length - 2
    return pdf[: start + length + 1] + packed.ljust(room, b"0").upper() + pdf[resume - 1 :]


def test_a_known_key_states_the_time(stamped: bytes, maria: Signer, office: Signer) -> None:
    told = found(stamped, maria, office)
    assert told.judgement is Judgement.GOOD
    assert "Records office states that the signature was there on 2026-01-01 12:00:00 UTC" in told.words
    assert "proves nothing against whoever holds that key" in told.words
    assert verify_pdf(stamped, [maria.certificate_pem, office.certificate_pem]).verdict is Judgement.GOOD


def test_a_key_that_nobody_knows_has_to_be_compared(stamped: bytes, maria: Signer, office: Signer) -> None:
    told = found(stamped, maria)
    assert told.judgement is Judgement.LOOK
    assert office.fingerprint in told.words
    assert verify_pdf(stamped, [maria.certificate_pem]).verdict is Judgement.LOOK


def test_stamping_repeats_byte_for_byte(
    unsigned: bytes, maria: Signer, office: Signer, stamped: bytes
) -> None:
    assert sign_pdf(unsigned, maria, when=MADE, entropy=TestEntropy(5), timestamper=office) == stamped


def test_poppler_confirms_a_stamped_signature(stamped: bytes, poppler: Callable[..., str]) -> None:
    told = poppler("pdfsig", stamped, "-nocert")
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told


def test_openssl_confirms_the_token(stamped: bytes, office: Signer, tmp_path: Path) -> None:
    signer = signature_of(stamped).signed_data["signer_infos"][0]
    (tmp_path / "token").write_bytes(signer["unsigned_attrs"][0]["values"][0].dump())
    (tmp_path / "office.pem").write_bytes(office.certificate_pem)
    digest = hashlib.sha256(signer["signature"].native).hexdigest()
    when = str(int(MADE.timestamp()))
    asked = ["openssl", "ts", "-verify", "-token_in", "-in", "token", "-CAfile", "office.pem"]
    asked += ["-attime", when]
    right = subprocess.run(
        [*asked, "-digest", digest], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Verification: OK" in right.stdout, right.stderr
    other = subprocess.run([*asked, "-digest", "0" * 64], cwd=tmp_path, capture_output=True, check=False)
    assert b"Verification: OK" not in other.stdout


def token_of(pdf: bytes) -> Any:
    """A fresh copy of the token, free to be changed."""
    from asn1crypto import cms

    signer = signature_of(pdf).signed_data["signer_infos"][0]
    return cms.ContentInfo.load(signer["unsigned_attrs"][0]["values"][0].dump())


def beside(*attributes: tuple[str, Any]) -> Callable[[Any], None]:
    """Puts `attributes` beside the signature in the place of what stands there."""
    from asn1crypto import cms

    made = cms.CMSAttributes([{"type": name, "values": (value,)} for name, value in attributes])

    def change(signer: Any) -> None:
        signer["unsigned_attrs"] = made

    return change


def refused(pdf: bytes) -> bool:
    verdict = verify_pdf(pdf)
    told = next(check for check in verdict.checks if check.name == "Room of the signature")
    return verdict.verdict is Judgement.WRONG and told.judgement is Judgement.WRONG


STAMP = "signature_time_stamp_token"


def test_a_token_over_another_signature_is_refused(
    unsigned: bytes, mallory: Signer, office: Signer, stamped: bytes
) -> None:
    other = sign_pdf(unsigned, mallory, when=MADE, entropy=TestEntropy(6), timestamper=office)
    assert not refused(rewritten(stamped, beside((STAMP, token_of(stamped)))))
    assert refused(rewritten(stamped, beside((STAMP, token_of(other)))))


def test_nothing_else_fits_beside_the_signature(stamped: bytes) -> None:
    from asn1crypto import cms, core

    hidden = core.OctetString(b"hidden")
    assert refused(rewritten(stamped, beside((STAMP, token_of(stamped)), ("1.2.3.4", hidden))))
    assert refused(rewritten(stamped, beside((STAMP, token_of(stamped)), (STAMP, token_of(stamped)))))
    assert refused(rewritten(stamped, beside(("1.2.3.4", hidden))))
    inside = token_of(stamped)
    more = cms.CMSAttributes([{"type": "1.2.3.4", "values": (hidden,)}])
    inside["content"]["signer_infos"][0]["unsigned_attrs"] = more
    assert refused(rewritten(stamped, beside((STAMP, inside))))
    changed = token_of(stamped)
    info = changed["content"]["encap_content_info"]["content"].parsed
    info["gen_time"] = MADE - timedelta(days=300)
    changed["content"]["encap_content_info"]["content"] = cms.ParsableOctetString(info.dump())
    assert refused(rewritten(stamped, beside((STAMP, changed))))


def test_a_time_far_from_the_signers_own_is_worth_a_look(
    maria: Signer, office: Signer, stamped: bytes
) -> None:
    from ppdesk.report.timestamp import token

    value = signature_of(stamped).signed_data["signer_infos"][0]["signature"].native
    late = MADE + timedelta(days=40)
    made = token(hashlib.sha256(value).digest(), "sha256", office, when=late, serial=bytes(16))
    told = found(rewritten(stamped, beside((STAMP, made))), maria, office)
    assert told.judgement is Judgement.LOOK
    assert "The signer names another time" in told.words


def test_a_signers_own_key_states_nothing(unsigned: bytes, tmp_path: Path) -> None:
    both = house(tmp_path, "Alone")
    pdf = sign_pdf(unsigned, both, when=MADE, entropy=TestEntropy(5), timestamper=both)
    told = next(check for check in verify_pdf(pdf).checks if check.name == "Timestamp")
    assert "signer's own key" in told.words


def test_a_key_for_documents_states_no_times(tmp_path: Path) -> None:
    create_signer(tmp_path, "Ada", PASSPHRASE, entropy=TestEntropy(3), clock=TestClock(MADE))
    with pytest.raises(NotATimestampKeyError):
        open_timestamper(tmp_path, "Ada", PASSPHRASE, clock=TestClock(MADE))


def test_a_timestamp_key_comes_from_a_pkcs12_file(tmp_path: Path, unsigned: bytes, maria: Signer) -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    made = house(tmp_path / "made")
    key: Any = made
    place = tmp_path / "office.p12"
    sealed = BestAvailableEncryption(b"posted")
    place.write_bytes(
        pkcs12.serialize_key_and_certificates(b"t", key.private_key, made.certificate, None, sealed)
    )
    taken = import_timestamper(
        tmp_path / "kept", place, "posted", PASSPHRASE, entropy=TestEntropy(1), clock=TestClock(MADE)
    )
    assert taken.fingerprint == made.fingerprint
    pdf = sign_pdf(unsigned, maria, when=MADE, entropy=TestEntropy(5), timestamper=taken)
    assert found(pdf, maria, made).judgement is Judgement.GOOD
