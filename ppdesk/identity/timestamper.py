"""Keys that state times (RFC 3161), kept as signers are, in a folder of their own.

A timestamp by such a key says that its holder saw a signature at a time. It proves nothing against that
holder: give the key to somebody who does not sign reports, such as IT or a records office.

The certificate must have the extended key usage timeStamping, alone and critical (RFC 3161, 2.3), so that a
key for documents never states times, and a key for times signs no document.
"""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from ppdesk.core.clock import Clock
from ppdesk.core.entropy import Entropy
from ppdesk.identity import certificates, keyfiles, pkcs12
from ppdesk.identity.errors import NotATimestampKeyError
from ppdesk.identity.signer import FileSigner, Signer, load_signer


def create_timestamper(folder: Path, name: str, passphrase: str, *, entropy: Entropy, clock: Clock) -> Signer:
    """A new P-256 key for timestamps and its self-signed certificate for `name` in `folder`. Errors as
    signer.create_signer."""
    name = keyfiles.usable_name(name)
    key = certificates.new_key(entropy)
    certificate = certificates.certify(
        key,
        name,
        since=clock.now(),
        entropy=entropy,
        unit="ppdesk timestamps, self-signed",
        purpose=ExtendedKeyUsageOID.TIME_STAMPING,
    )
    keyfiles.keep(folder, name, key, [certificate], passphrase, entropy=entropy)
    return FileSigner(name, certificate.public_bytes(Encoding.PEM), key)


def import_timestamper(
    folder: Path,
    file: Path,
    file_passphrase: str,
    passphrase: str,
    *,
    entropy: Entropy,
    clock: Clock,
) -> Signer:
    """The timestamp key in a PKCS#12 file, kept under `passphrase`. NotATimestampKeyError, and what
    pkcs12.import_signer raises."""
    require_for_times(pkcs12.read_pkcs12(file, file_passphrase, clock=clock).certificate)
    return pkcs12.import_signer(folder, file, file_passphrase, passphrase, entropy=entropy, clock=clock)


def open_timestamper(folder: Path, name: str, passphrase: str, *, clock: Clock) -> Signer:
    """The timestamp key `name`, unlocked. NotATimestampKeyError, and what signer.load_signer raises."""
    found = load_signer(folder, name, passphrase, clock=clock)
    require_for_times(found.certificate)
    return found


def require_for_times(certificate: x509.Certificate) -> None:
    """NotATimestampKeyError unless the certificate is for timestamps and nothing else."""
    if not for_times(certificate):
        raise NotATimestampKeyError


def for_times(certificate: x509.Certificate) -> bool:
    """Whether its extended key usage is timeStamping alone, and critical."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return found.critical and list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
