"""The timestamp keys of a person: made here or imported, and opened to state the time of a signature."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.mode import Mode
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.workbench.errors import NoSuchTimestamperError
from ppdesk.workbench.home import signer_name, timestampers_folder
from ppdesk.workbench.keys import passphrases

if TYPE_CHECKING:
    from cryptography import x509

    from ppdesk.core.entropy import Entropy
    from ppdesk.identity.signer import Signer


@dataclass(frozen=True)
class Held:
    """A timestamp key, not opened."""

    name: str
    certificate: "x509.Certificate"

    @property
    def fingerprint(self) -> str:
        from ppdesk.identity.certificates import fingerprint

        return fingerprint(self.certificate)

    @property
    def certificate_pem(self) -> bytes:
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.PEM)


def held(home: Path, mode: Mode) -> list[Held]:
    """Every timestamp key of this person, by name."""
    from ppdesk.identity import certificates, keyfiles
    from ppdesk.identity.signer import list_signers

    folder = timestampers_folder(home, mode)
    places = [(name, keyfiles.files_of(folder, name)[1]) for name in list_signers(folder)]
    return [Held(name, certificates.read_pem(place.read_bytes())) for name, place in places]


def find(home: Path, mode: Mode, name: str) -> Held:
    """The timestamp key `name`. NoSuchTimestamperError."""
    for one in held(home, mode):
        if signer_name(one.name) == signer_name(name):
            return one
    raise NoSuchTimestamperError(name=name)


def new(home: Path, mode: Mode, name: str, passphrase: str, *, policy: Policy = NO_POLICY) -> "Signer":
    """A timestamp key made here. WeakPassphraseError, and what timestamper.create_timestamper raises."""
    from ppdesk.identity.timestamper import create_timestamper

    passphrases.require(policy, passphrase, (name,))
    folder = timestampers_folder(home, mode)
    return create_timestamper(folder, name, passphrase, entropy=_entropy(mode, name), clock=mode.clock())


def take(
    home: Path,
    mode: Mode,
    file: Path,
    file_passphrase: str,
    passphrase: str,
    *,
    policy: Policy = NO_POLICY,
) -> "Signer":
    """The timestamp key in a PKCS#12 file. WeakPassphraseError, and what timestamper.import_timestamper
    raises."""
    from ppdesk.identity.timestamper import import_timestamper

    passphrases.require(policy, passphrase, (file.stem,))
    return import_timestamper(
        timestampers_folder(home, mode),
        file,
        file_passphrase,
        passphrase,
        entropy=_entropy(mode, file.stem),
        clock=mode.clock(),
    )


def unlocked(home: Path, mode: Mode, name: str, passphrase: str) -> "Signer":
    """The timestamp key `name`. NoSuchTimestamperError, and what timestamper.open_timestamper raises."""
    from ppdesk.identity.errors import NoSuchSignerError
    from ppdesk.identity.timestamper import open_timestamper

    try:
        return open_timestamper(timestampers_folder(home, mode), name, passphrase, clock=mode.clock())
    except NoSuchSignerError:
        raise NoSuchTimestamperError(name=name) from None


def _entropy(mode: Mode, name: str) -> "Entropy":
    return mode.entropy(f"timestamper/{signer_name(name)}")
