"""A certificate authority for tests: root, intermediate, and certificates for people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ppdesk.core.clock import TestClock

Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
START = TestClock().start


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """A root and an intermediate authority on P-256."""

    root_key: Key = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    issuing_key: Key = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    root: x509.Certificate = field(init=False)
    issuing: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        self.root = self._made("Root", self.root_key.public_key(), "Root", self.root_key, ca=True)
        self.issuing = self._made("Issuing", self.issuing_key.public_key(), "Root", self.root_key, ca=True)

    def certify(
        self,
        public: object,
        name: str = "Ada Łovelace",
        *,
        since: datetime = START - timedelta(days=1),
        days: int = 365,
        commits: bool | None = True,
        signs: bool = True,
    ) -> x509.Certificate:
        """For a person. `commits`: whether the key usage has non-repudiation; None leaves key usage out."""
        return self._made(
            name,
            public,
            "Issuing",
            self.issuing_key,
            ca=False,
            since=since,
            days=days,
            commits=commits,
            signs=signs,
        )

    def _made(
        self,
        subject: str,
        public: object,
        issuer: str,
        key: Key,
        *,
        ca: bool,
        since: datetime = START - timedelta(days=30),
        days: int = 3650,
        commits: bool | None = True,
        signs: bool = True,
    ) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named(issuer))
            .public_key(public)  # type: ignore[arg-type]
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if commits is not None:
            usage = x509.KeyUsage(
                digital_signature=signs,
                content_commitment=commits,
                key_encipherment=not signs,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            )
            made = made.add_extension(usage, critical=True)
        return made.sign(key, hashes.SHA256())


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()
