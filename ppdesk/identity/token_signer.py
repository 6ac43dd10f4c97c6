"""A signer whose key lies on a smart card or in a hardware security module, and stays there.

Digests are computed here and signed there: raw ECDSA (CKM_ECDSA) and RSA with the digest's DER in front
(CKM_RSA_PKCS) are what every token can do, and no report has to pass through a card reader. Unlike
signatures of key files, those of ECDSA tokens are random: the same manifest sealed twice has two seals.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from ppdesk.core.clock import Clock
from ppdesk.core.errors import CodedError
from ppdesk.identity import certificates, keyfiles, tokens
from ppdesk.identity.algorithms import Algorithm, algorithm_of, fits
from ppdesk.identity.errors import (
    KeyCanLeaveTokenError,
    NoTokenKeyError,
    SeveralOnTokenError,
    TokenAbsentError,
    TokenFailedError,
)

if TYPE_CHECKING:
    import pkcs11

_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo, RFC 8017, 9.2 note 1


@dataclass(frozen=True)
class TokenSigner:
    """A signer on a token, logged in until `close`. One signature at a time, from any thread."""

    name: str
    certificate_pem: bytes
    chain: tuple[bytes, ...] = field(repr=False)
    token: str  # its label
    _session: "pkcs11.Session" = field(repr=False)
    _key: Any = field(repr=False)  # a handle; the key itself is on the token
    _one: Lock = field(default_factory=Lock, repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_pem)

    @property
    def fingerprint(self) -> str:
        return certificates.fingerprint(self.certificate_pem)

    @property
    def algorithm(self) -> Algorithm:
        return algorithm_of(self.certificate.public_key())

    def sign(self, data: bytes) -> bytes:
        """The token's signature over `data`, checked with the certificate before it is given out.

        TokenAbsentError (pulled out, or closed), TokenFailedError.
        """
        from pkcs11 import Mechanism

        public = self.certificate.public_key()
        digest = self.algorithm.digest_of(data)
        with self._one, tokens.coded(self.token):
            if isinstance(public, rsa.RSAPublicKey):
                signature = bytes(self._key.sign(_SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS))
            else:
                pair = bytes(self._key.sign(digest, mechanism=Mechanism.ECDSA))
                half = len(pair) // 2
                signature = encode_dss_signature(
                    int.from_bytes(pair[:half], "big"), int.from_bytes(pair[half:], "big")
                )
        if not fits(public, data, signature):
            raise TokenFailedError(token=self.token, reason="its signature does not fit its certificate")
        return signature

    def close(self) -> None:
        """Log out. TokenAbsentError if the token was pulled out, which logs out too."""
        with self._one, tokens.coded(self.token):
            self._session.close()

    def __enter__(self) -> "TokenSigner":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_token(
    library: Path, token: str, pin: str | None, *, clock: Clock, fingerprint: str | None = None
) -> TokenSigner:
    """The signer on `token` (label or serial number), logged in with `pin`; without it the token asks itself.

    `fingerprint` names the certificate. Without it the token must have exactly one that may sign now and
    is meant for documents (non-repudiation), as has a card with the usual three, to log in, to sign and to
    decrypt; or exactly one that may sign at all. Besides what
    tokens.log_in and tokens.find raise: NoTokenKeyError, SeveralOnTokenError, KeyCanLeaveTokenError, and for
    the only or the named certificate UnusableKeyError, ExpiredCertificateError,
    NotYetValidCertificateError, UnsuitableCertificateError, UnusableNameError.
    """
    wanted = None if fingerprint is None else certificates.read_fingerprint(fingerprint)
    found = tokens.find(library, token)
    session = tokens.log_in(found, pin)
    try:
        with tokens.coded(found.label):
            return _signer(session, found.label, wanted, clock)
    except BaseException:
        with suppress(TokenAbsentError, TokenFailedError), tokens.coded(found.label):
            session.close()  # else the token would stay logged in
        raise


def _signer(session: "pkcs11.Session", token: str, wanted: str | None, clock: Clock) -> TokenSigner:
    from pkcs11 import Attribute, ObjectClass

    keys = {
        bytes(tokens.attribute(key, "ID") or b""): key
        for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    }
    everything = list(tokens.certificates_in(session))
    pairs = [(keys[name], certificate) for name, certificate in everything if name in keys]
    key, certificate = chosen(token, pairs, wanted, clock)
    if tokens.attribute(key, "EXTRACTABLE") is True or tokens.attribute(key, "SENSITIVE") is False:
        raise KeyCanLeaveTokenError(token=token)
    if tokens.attribute(key, "ALWAYS_AUTHENTICATE") is True:
        raise TokenFailedError(token=token, reason="its key asks for the PIN at each signature")
    above = certificates.chain_above(certificate, (one for _, one in everything))
    return TokenSigner(
        keyfiles.usable_name(certificates.common_name(certificate)),
        certificate.public_bytes(Encoding.PEM),
        tuple(one.public_bytes(Encoding.PEM) for one in above),
        token,
        session,
        key,
    )


def chosen(
    token: str, pairs: list[tuple[Any, x509.Certificate]], wanted: str | None, clock: Clock
) -> tuple[Any, x509.Certificate]:
    """The key to sign with, and its certificate: that with fingerprint `wanted`, else as in open_token."""
    if wanted is not None:
        pairs = [pair for pair in pairs if certificates.fingerprint(pair[1]) == wanted]
    if not pairs:
        raise NoTokenKeyError(token=token)
    moment, fitting, refusals = clock.now(), [], []
    for pair in pairs:
        try:
            certificates.check_for_signing(pair[1], moment)
        except CodedError as refusal:
            refusals.append(refusal)
        else:
            fitting.append(pair)
    fitting = [pair for pair in fitting if certificates.commits(pair[1])] or fitting
    if len(fitting) > 1:
        raise SeveralOnTokenError(what="signing keys", place=token, how="the certificate's fingerprint")
    if not fitting:
        raise refusals[0] if len(refusals) == 1 else NoTokenKeyError(token=token)
    return fitting[0]
