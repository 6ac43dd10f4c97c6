"""Who signs: made at first use, with a fingerprint to tell others; test mode has signers of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.core.errors import CodedError
from ppdesk.core.mode import Mode
from ppdesk.identity.keychain import Keychain
from ppdesk.workbench.home import signer_entropy


def real(caught: Any, **given: str) -> Invocation:
    """An Invocation itself, with the streams of `caught`."""
    return Invocation(
        console=caught.invocation.console,
        home=caught.invocation.home,
        passphrases=Passphrases(given),
        window=lambda _arguments: 0,
    )


def test_a_signer_is_made_at_first_use_and_found_again(caught: Callable[..., Any]) -> None:
    here = caught()
    invocation = real(here, PPDESK_SIGNER_PASSPHRASE="staple of another kind")
    made = invocation.signer(Access(signer=" Ada "))
    assert made.name == "Ada"
    assert made.fingerprint in here.err.getvalue()
    said = len(here.err.getvalue())
    again = invocation.signer(Access(signer="Ada"))
    assert again.certificate_pem == made.certificate_pem
    assert len(here.err.getvalue()) == said
    with pytest.raises(CodedError) as refused:
        real(here, PPDESK_SIGNER_PASSPHRASE="wrong").signer(Access(signer="Ada"))
    assert refused.value.exit_code == 5


def test_test_mode_has_signers_of_its_own(caught: Callable[..., Any]) -> None:
    here = caught()
    invocation = real(here, PPDESK_SIGNER_PASSPHRASE="staple of another kind")
    made = invocation.signer(Access(signer="Ada", test_mode=1))
    assert invocation.signer(Access(signer="Ada")).certificate_pem != made.certificate_pem
    assert {path.name for path in Path(here.invocation.home).iterdir()} == {"signers", "test-signers"}


def test_test_mode_makes_the_same_key_however_the_name_is_typed(caught: Callable[..., Any]) -> None:
    decomposed, composed = " Zoe\u0301", "Zo\u00e9"
    keys = []
    for typed in (decomposed, composed):
        invocation = real(caught(), PPDESK_SIGNER_PASSPHRASE="staple of another kind")
        made = invocation.signer(Access(signer=typed, test_mode=1))
        keys.append(made.certificate_pem)
        entropy = signer_entropy(Mode(1), typed)
        assert entropy.take(8) == Mode(1).entropy(f"signer/{composed}").take(8)
    assert keys[0] == keys[1]


def test_the_keyring_keeps_what_it_is_asked_to_keep(
    caught: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr(Keychain, "remember", lambda _, name, word: bool(kept.update({name: word})) or True)
    monkeypatch.setattr(Keychain, "recall", lambda _, name: kept.get(name))
    here = caught()
    invocation = real(here, PPDESK_SIGNER_PASSPHRASE="staple of another kind")
    invocation.signer(Access(signer="Ada", remember_signer=True))
    assert kept == {"Ada": "staple of another kind"}
    assert real(here).signer(Access(signer="Ada")).name == "Ada"


def test_a_system_without_a_keyring_is_said(
    caught: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keychain, "remember", lambda *_: False)
    here = caught()
    invocation = real(here, PPDESK_SIGNER_PASSPHRASE="staple of another kind")
    invocation.signer(Access(signer="Ada", remember_signer=True))
    assert "not kept" in here.err.getvalue()
