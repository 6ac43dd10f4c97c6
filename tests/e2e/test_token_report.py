"""A report and the history signed by a key on a smart card (played by SoftHSM2), noted by its own verb."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SoftHSM2 is set up for Linux only")

PIN = "7391-geheim"
PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
RECIPE = """
title = "Signed by a card"

[[steps]]
step = "objective"
project = "Card"
purpose = "To see a card sign"

[[steps]]
step = "standard"

[[steps]]
step = "report"
title = "Report of a card"
organisation = "Test"
contact = "None"
to = "card.pdf"
"""

# in a process of its own: the library reads its settings once
FILL = """
import sys
from datetime import UTC, datetime, timedelta
import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID
from pkcs11 import Attribute, CertificateType, KeyType, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

issuer = ec.generate_private_key(ec.SECP256R1())
now = datetime.now(UTC)
with pkcs11.lib(sys.argv[1]).get_token(token_label="Card").open(rw=True, user_pin=sys.argv[2]) as session:
    for place, label in ((b"\\1", "work"), (b"\\2", "spare")):
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        public, _ = session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
            store=True, id=place, label=label
        )
        certificate = (
            x509.CertificateBuilder().subject_name(named("Ada of the card")).issuer_name(named("Issuing"))
            .public_key(load_der_public_key(encode_ec_public_key(public)))
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), True)
            .sign(issuer, hashes.SHA256())
        )
        session.create_object({
            Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
            Attribute.TOKEN: True, Attribute.ID: place, Attribute.LABEL: label,
            Attribute.SUBJECT: certificate.subject.public_bytes(),
            Attribute.VALUE: certificate.public_bytes(Encoding.DER),
        })
"""


@dataclass(frozen=True)
class Card:
    """A card in a reader: the library, and the environment in which it is found."""

    library: Path
    settings: dict[str, str]


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    library = next((Path(place) for place in PLACES if Path(place).exists()), None)
    assert library is not None, "SoftHSM2 is missing: run installer/system-packages test"
    home = tmp_path / "softhsm"
    (home / "tokens").mkdir(parents=True)
    (home / "conf").write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(home / "conf"))
    new = ["softhsm2-util", "--init-token", "--free", "--label", "Card", "--so-pin", "5678-so", "--pin", PIN]
    subprocess.run(new, check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", FILL, str(library), PIN], check=True, capture_output=True)
    return Card(library, {"PPDESK_SIGNER_PASSPHRASE": "", "PPDESK_TOKEN_PIN": PIN})


def test_a_card_signs_a_report_that_its_reader_comes_to_trust(place: Any, card: Card) -> None:
    token = ["token", "--library", card.library, "--token", "Card"]
    several = place.json("signer", *token, code=2, **card.settings)
    assert several["error"]["code"] == "PP-IDENTITY-020"
    made = place.json("signer", *token, "--key", "work", PPDESK_TOKEN_PIN="")
    assert (made["kind"], made["name"]) == ("pkcs11", "Ada of the card")
    kept = b"".join(file.read_bytes() for file in place.home.rglob("*") if file.is_file())
    assert PIN.encode() not in kept

    recipe = place.folder / "card.toml"
    recipe.write_text(RECIPE)
    as_ada = ("--signer", "Ada of the card")
    wrong = place.on("run", recipe, *as_ada, code=5, **{**card.settings, "PPDESK_TOKEN_PIN": "0000"})
    assert wrong["error"]["code"] == "PP-IDENTITY-021"
    place.on("run", recipe, *as_ada, "--overwrite", **card.settings)
    report = place.file(".pdf")
    poppler = subprocess.run(["pdfsig", "-nocert", report], capture_output=True, text=True, check=False)
    assert "Signature Validation: Signature is Valid." in poppler.stdout
    assert "Signer Certificate Common Name: Ada of the card" in poppler.stdout

    met = place.json("verify", report)
    assert (met["facts"]["verdict"], met["facts"]["standing"]) == ("look", "unknown")
    assert met["facts"]["fingerprint"] == made["fingerprint"]
    shown = place.json("trust", "show", "--from", report)
    assert "First contact" in shown["sentence"]
    place.json("trust", "add", "--from", report, code=2)
    place.json("trust", "add", "--from", report, "--fingerprint", made["fingerprint"][:-4] + "0000", code=3)
    place.json("trust", "add", "--from", report, "--fingerprint", made["fingerprint"].lower())
    known = place.json("verify", report)
    assert (known["facts"]["verdict"], known["facts"]["standing"]) == ("good", "trusted")
    place.json("trust", "remove", "--fingerprint", made["fingerprint"])
    gone = place.json("verify", report)
    assert (gone["facts"]["verdict"], gone["facts"]["standing"]) == ("look", "withdrawn")

    place.json("signer", "remove", *as_ada)
    assert place.json("signer", "list")["signers"] == []
