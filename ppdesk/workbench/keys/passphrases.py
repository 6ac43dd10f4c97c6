"""The project's passphrase: changed, and kept in the system's keyring where the person wants that.

The keyring knows a project by the salt of its file, the first 16 bytes, which anyone may read: it goes with
the file when that is moved, and a changed passphrase has another salt, so that an outdated one is never
tried.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding
from ppdesk.core.mode import Mode
from ppdesk.identity.keychain import Keychain
from ppdesk.workbench.keys.escrow import deposit

if TYPE_CHECKING:
    from ppdesk.policy.machine import Policy
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.chronicle import Chronicle

KIND = "passphrase"


def change(
    project: "ProjectFile",
    chronicle: "Chronicle",
    old: str | None,
    new: str,
    *,
    mode: Mode,
    policy: "Policy",
) -> list[Finding]:
    """Put the project under `new`, lay the new key down where policy asks for it, and record both. `old` None
    is for a file that was opened with its key. Returns remarks.

    What the store's change_passphrase raises, EscrowPlaceError, and what policy says against `new`: the
    old passphrase stays.
    """
    require(policy, new, (project.path.stem,))
    keychain = Keychain("project")
    was = project.salt.hex()
    kept = policy.rules.passphrases.keyring and old is not None and keychain.recall(was) == old
    laying = deposit(policy, project.project_id)
    entropy = mode.entropy(f"{chronicle.next_seq}/passphrase")
    if old is None:
        project.set_passphrase(new, entropy=entropy, before=laying)
    else:
        project.change_passphrase(old, new, entropy=entropy, before=laying)
    chronicle.append(chronicle.draft(KIND, "noted", params={"salt": project.salt.hex()}))
    if kept:
        keychain.remember(project.salt.hex(), new)
        keychain.forget(was)
    return [] if laying is None else laying.record(chronicle)


def require(policy: "Policy", new: str, words: Sequence[str] = ()) -> None:
    """WeakPassphraseError where the machine's policy does not allow a new passphrase. `words` are what
    somebody who guesses would try first: the project's name, the person's."""
    if policy.in_force:
        from ppdesk.policy import passphrases

        passphrases.require(policy, new, words)


def remember(file: Path, passphrase: str) -> bool:
    """Keep the passphrase of the project at `file` in the keyring. False where that refuses."""
    return Keychain("project").remember(_name(file), passphrase)


def recall(file: Path) -> str | None:
    """The passphrase kept for the project at `file`, None if there is none."""
    try:
        name = _name(file)
    except CodedError:
        return None  # whoever opens the file says what is wrong with it
    return Keychain("project").recall(name) if name else None


def forget(file: Path) -> bool:
    """Remove what the keyring keeps for the project at `file`. False if nothing was."""
    return Keychain("project").forget(_name(file))


def _name(file: Path) -> str:
    """The salt of the file, empty if it has none."""
    from ppdesk.store.connection import coded, salt_of

    with coded(file):
        return salt_of(file).hex()
