"""What is the person's and not the project's: the data folder, the account's name, the signing keys' place.

Window and command line use the same, so that a key made in one is found in the other.
"""

import getpass
from collections.abc import Mapping
from pathlib import Path

from ppdesk.core.entropy import Entropy
from ppdesk.core.mode import Mode

HOME_VARIABLE = "PPDESK_HOME"


def home_folder(environment: Mapping[str, str]) -> Path:
    """The person's data folder: anchors, signing keys, logs. PPDESK_HOME overrules the system's place."""
    given = environment.get(HOME_VARIABLE)
    if given:
        return Path(given).absolute()
    import platformdirs

    return platformdirs.user_data_path("ppdesk", appauthor=False)


def account_name() -> str:
    """Who is logged in; "unknown" where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name
        return "unknown"


def signer_kind(mode: Mode) -> str:
    """What the signers of `mode` are kept under, in the folder and in the keyring. Test mode keeps its own,
    so that a key that anyone can repeat never signs real work."""
    return "signer" if mode.test_seed is None else "test-signer"


def signers_folder(home: Path, mode: Mode) -> Path:
    """Where the signing keys lie."""
    return home / f"{signer_kind(mode)}s"


def timestampers_folder(home: Path, mode: Mode) -> Path:
    """Where the timestamp keys lie. Test mode keeps its own."""
    return home / ("timestampers" if mode.test_seed is None else "test-timestampers")


def trust_folder(home: Path, mode: Mode) -> Path:
    """Where the list of trusted signers lies. Test mode keeps its own: anyone can make the keys in it."""
    return home / ("trust" if mode.test_seed is None else "test-trust")


def signer_name(typed: str) -> str:
    """A signer's name in the form in which it is kept, and in which events and signatures carry it."""
    from ppdesk.identity.keyfiles import tidy

    return tidy(typed)


def signer_entropy(mode: Mode, name: str) -> Entropy:
    """What the signing key of `name` is made from. In test mode the same name gets the same key, wherever
    it is made."""
    return mode.entropy(f"signer/{signer_name(name)}")
