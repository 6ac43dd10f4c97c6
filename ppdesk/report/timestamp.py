"""Timestamps over a report's signature (RFC 3161, ETSI EN 319 142-1 level B-T), made on this computer.

A token says that the holder of a key saw the signature at a time. Nobody else stands behind it: it proves
nothing against that holder, and whoever changes the file can take it off, since a signature does not cover
it. So a token has one form only, and verification builds it again from its few values and compares, byte for
byte: there is no room for anything else.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ppdesk.core.entropy import Entropy
from ppdesk.identity.algorithms import algorithm_of, fits
from ppdesk.identity.certificates import chain_above, common_name, fingerprint, read_der, read_pem
from ppdesk.identity.errors import UnusableKeyError
from ppdesk.identity.signer import Signer
from ppdesk.identity.statement import key_of
from ppdesk.identity.timestamper import for_times
from ppdesk.report.verdict import Check, Judgement, good, wrong

POLICY = "2.25.57894335241173614611454882802717137157"  # a UUID's arc (ITU-T X.667): a time by a local key
ATTRIBUTE = "signature_time_stamp_token"
_CHECK = "Timestamp"
_ROOM = 2048  # bytes of a token besides certificates and signature, with room to spare
_APART = timedelta(hours=1)  # of the signer's own claim: more is worth a look
_SERIAL = 16  # bytes


@dataclass(frozen=True)
class Stated:
    """What a token says: the moment (UTC), and who states it, with the authorities above."""

    moment: datetime
    certificates: tuple[bytes, ...]  # DER, own first


def room(timestamper: Signer) -> int:
    """An upper bound of a token's size in bytes."""
    pems = (timestamper.certificate_pem, *timestamper.chain)
    return sum(len(_der(pem)) for pem in pems) + timestamper.algorithm.longest + _ROOM


def source(timestamper: Signer, *, when: datetime, entropy: Entropy) -> Any:
    """pyHanko's view of `timestamper`, which states the moment `when` for whatever it is given."""
    from pyhanko.sign.timestamps import TimeStamper

    class Local(TimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            return token(message_digest, md_algorithm, timestamper, when=when, serial=entropy.take(_SERIAL))

    return Local(include_nonce=False)  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped


def token(digest: bytes, algorithm: str, timestamper: Signer, *, when: datetime, serial: bytes) -> Any:
    """A token over `digest` (by `algorithm`, as hashlib names it), as asn1crypto has it. Whoever holds the
    key sees the digest alone."""
    own = _der(timestamper.certificate_pem)
    info = _info(digest, algorithm, when.astimezone(UTC).replace(microsecond=0), serial, own)
    attributes = _attributes(info, own, timestamper.algorithm.digest)
    chain = (own, *(_der(pem) for pem in timestamper.chain))
    return _assembled(info, attributes, chain, timestamper.sign(attributes.dump()))


def tokens(signature: Any) -> Sequence[Any]:
    """What stands beside an embedded signature without being covered by it: the unsigned attributes."""
    return list(signature.signed_data["signer_infos"][0]["unsigned_attrs"])


def stated(signature: Any) -> Stated | None:
    """The timestamp of an embedded signature. None where it has none. ValueError for anything else beside it,
    or a token that is not what `token` makes."""
    beside = tokens(signature)
    if not beside:
        return None
    if len(beside) != 1 or beside[0]["type"].native != ATTRIBUTE or len(beside[0]["values"]) != 1:
        raise ValueError("something else stands beside the signature")
    value = signature.signed_data["signer_infos"][0]["signature"].native
    try:
        return _read(beside[0]["values"][0], value)
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError, UnusableKeyError) as error:
        raise ValueError("no token") from error


def check(found: Stated, claimed: datetime | None, *, known: bool, signer: bytes) -> Check:
    """What a timestamp says, in words. `claimed` is the time that the signer named; `known`: the reader knows
    the key of the timestamp. `signer` is the certificate (DER) of who signed the report."""
    certificate = read_der(found.certificates[0])
    name, when = common_name(certificate), f"{found.moment:%Y-%m-%d %H:%M:%S} UTC"
    own = key_of(certificate) == key_of(read_der(signer))
    if not for_times(certificate):
        return wrong(_CHECK, "The certificate of the timestamp is not for timestamps.")
    if not certificate.not_valid_before_utc <= found.moment <= certificate.not_valid_after_utc:
        return wrong(_CHECK, "The certificate of the timestamp was not valid at the time that it states.")
    words = f"{name} states that the signature was there on {when}."
    if own:
        return Check(_CHECK, Judgement.LOOK, f"{words} It is the signer's own key, so that proves nothing.")
    if claimed is None or abs(claimed - found.moment) > _APART:
        return Check(_CHECK, Judgement.LOOK, f"{words} The signer names another time.")
    proves = "It proves nothing against whoever holds that key."
    if known:
        return good(_CHECK, f"{words} You trust that key. {proves}")
    shown = f"Nobody here vouches for that key, compare its fingerprint: {fingerprint(certificate)}."
    return Check(_CHECK, Judgement.LOOK, f"{words} {shown} {proves}")


def _read(value: Any, over: bytes) -> Stated:
    """A token over `over`, built again from its values. ValueError where it is not what that gives."""
    data = value["content"]
    signer = data["signer_infos"][0]
    info = data["encap_content_info"]["content"].parsed
    chain = _ordered([one.chosen.dump() for one in data["certificates"]])
    key: Any = read_der(chain[0]).public_key()
    digest, mechanism = (
        algorithm_of(key).digest,
        info["message_imprint"]["hash_algorithm"]["algorithm"].native,
    )
    moment = info["gen_time"].native
    serial = info["serial_number"].native.to_bytes(_SERIAL, "big")
    made = _info(_digest(mechanism, over), mechanism, moment, serial, chain[0])
    attributes = _attributes(made, chain[0], digest)
    raw = signer["signature"].native
    if _assembled(made, attributes, chain, raw).dump() != value.dump():
        raise ValueError("not a token in ppdesk's form")
    if not fits(key, attributes.dump(), raw):
        raise ValueError("its signature does not fit")
    return Stated(moment, chain)


def _info(digest: bytes, algorithm: str, when: datetime, serial: bytes, own: bytes) -> Any:
    """TSTInfo (RFC 3161, 2.4.2). The serial number is random."""
    from asn1crypto import algos, tsp, x509

    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
        "hashed_message": digest,
    }
    subject = x509.Certificate.load(own).subject
    return tsp.TSTInfo(
        {
            "version": "v1",
            "policy": tsp.ObjectIdentifier(POLICY),
            "message_imprint": tsp.MessageImprint(imprint),
            "serial_number": int.from_bytes(serial, "big"),
            "gen_time": when,
            "tsa": x509.GeneralName(name="directory_name", value=subject),
        }
    )


def _attributes(info: Any, own: bytes, algorithm: str) -> Any:
    """What the key signs (RFC 5652, 5.3; RFC 5816): the content and the certificate."""
    from asn1crypto import cms, x509
    from pyhanko.sign.general import as_signing_certificate_v2

    values = {
        "content_type": "tst_info",
        "message_digest": _digest(algorithm, info.dump()),
        "signing_certificate_v2": as_signing_certificate_v2(x509.Certificate.load(own)),
    }
    return cms.CMSAttributes([{"type": name, "values": (value,)} for name, value in values.items()])


def _assembled(info: Any, attributes: Any, chain: Sequence[bytes], signature: bytes) -> Any:
    """The token: signed data with the content inside and the certificates beside it."""
    from asn1crypto import algos, cms, x509

    own = x509.Certificate.load(chain[0])
    algorithm = algorithm_of(read_der(chain[0]).public_key())
    digest = algos.DigestAlgorithm({"algorithm": algorithm.digest})
    who = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": who}),
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm.cms}),
            "signature": signature,
        }
    )
    content = {
        "content_type": cms.ContentType("tst_info"),
        "content": cms.ParsableOctetString(info.dump()),
    }
    data = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": cms.DigestAlgorithms((digest,)),
            "encap_content_info": cms.EncapsulatedContentInfo(content),
            "certificates": [x509.Certificate.load(one) for one in chain],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": cms.ContentType("signed_data"), "content": data})


def _ordered(ders: Sequence[bytes]) -> tuple[bytes, ...]:
    """The certificates of a token, which keeps them as a set: the one for times, then those above it."""
    from cryptography.hazmat.primitives.serialization import Encoding

    own = [one for one in ders if for_times(read_der(one))]
    if len(own) != 1:
        raise ValueError("not one certificate for timestamps")
    above = chain_above(read_der(own[0]), [read_der(one) for one in ders if one != own[0]])
    chain = (own[0], *(one.public_bytes(Encoding.DER) for one in above))
    if len(chain) != len(ders):
        raise ValueError("a certificate too many")
    return chain


def _digest(algorithm: str, data: bytes) -> bytes:
    if algorithm not in ("sha256", "sha384"):
        raise ValueError("not a digest that ppdesk uses")
    return hashlib.new(algorithm, data).digest()


def _der(pem: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return read_pem(pem).public_bytes(Encoding.DER)
