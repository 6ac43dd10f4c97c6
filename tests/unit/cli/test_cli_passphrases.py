import os
from pathlib import Path

import pytest

from ppdesk.cli.errors import EmptyPassphraseError, NoPassphraseError, UnreadablePassphraseError
from ppdesk.cli.passphrases import PROJECT, SIGNER, Passphrases


def test_the_environments_passphrases_are_taken_out_of_it() -> None:
    environment = {"PPDESK_PASSPHRASE": "a", "PPDESK_SIGNER_PASSPHRASE": "b", "PATH": "c"}
    taken = Passphrases.take(environment)
    assert environment == {"PATH": "c"}
    assert taken.get(PROJECT, None, new=False) == "a"
    assert taken.get(SIGNER, None, new=True) == "b"
    assert "a" not in repr(taken).replace("Passphrases", "")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nsecond line\n"])
def test_the_first_line_of_the_file_goes_before_the_environment(tmp_path: Path, ending: str) -> None:
    (tmp_path / "p").write_bytes(f" spaces count ε{ending}".encode())
    assert (
        Passphrases({"PPDESK_PASSPHRASE": "x"}).get(PROJECT, tmp_path / "p", new=False) == " spaces count ε"
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"\xff\xff")
    for name in ("p", "absent"):
        with pytest.raises(UnreadablePassphraseError, match=name):
            Passphrases({}).get(PROJECT, tmp_path / name, new=False)


def test_an_empty_passphrase_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("\n")
    with pytest.raises(EmptyPassphraseError):
        Passphrases({}).get(PROJECT, tmp_path / "p", new=False)


def test_with_nobody_to_ask_it_says_where_to_put_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        with pytest.raises(NoPassphraseError) as caught:
            Passphrases({}).get(SIGNER, None, new=False)
    assert "--signer-passphrase-file" in caught.value.advice
    assert caught.value.exit_code == 2


def test_the_keyring_comes_after_the_environment_and_before_asking() -> None:
    assert Passphrases({}).get(SIGNER, None, new=False, recall=lambda: "kept") == "kept"
    given = Passphrases({"PPDESK_SIGNER_PASSPHRASE": "given"})
    assert given.get(SIGNER, None, new=False, recall=lambda: "kept") == "given"
