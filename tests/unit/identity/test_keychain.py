"""The operating system's keyring is an offer, not a need."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from ppdesk.identity.keychain import Keychain


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_passphrase_is_kept_and_forgotten() -> None:
    keyring.set_keyring(Drawer())
    keychain = Keychain()
    assert keychain.recall("Ada") is None
    assert keychain.remember("Ada", "secret")
    assert keychain.recall("Ada") == "secret"
    assert Keychain("project").recall("Ada") is None
    assert keychain.forget("Ada")
    assert not keychain.forget("Ada")


def test_without_a_keyring_the_person_is_asked() -> None:
    keyring.set_keyring(NoKeyring())
    assert not Keychain().remember("Ada", "secret")
    assert Keychain().recall("Ada") is None
    assert not Keychain().forget("Ada")
