"""The operating system's keyring, for people who want it to keep a passphrase.

Optional: a machine without a keyring (a server, many locked-down desktops) answers False or None,
and the person types the passphrase.
"""

from dataclasses import dataclass

_SERVICE = "ppdesk"


@dataclass(frozen=True)
class Keychain:
    """Passphrases in the keyring, by what they open: a signer's name or a project's id."""

    purpose: str = "signer"

    def remember(self, name: str, passphrase: str) -> bool:
        """Keep a passphrase. False where there is no keyring or it refuses."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(self._service, name, passphrase)
        except (KeyringError, OSError):
            return False
        return True

    def recall(self, name: str) -> str | None:
        """The passphrase kept for `name`, None if there is none."""
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(self._service, name)
        except (KeyringError, OSError):
            return None

    def forget(self, name: str) -> bool:
        """Remove what is kept for `name`. False if nothing was."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.delete_password(self._service, name)
        except (KeyringError, OSError):
            return False
        return True

    @property
    def _service(self) -> str:
        return f"{_SERVICE}/{self.purpose}"
