"""Where a passphrase comes from: a file, the environment, or a person. Never an argument, because
every user of the machine can read the arguments of a running program."""

import sys
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from ppdesk.cli.errors import EmptyPassphraseError, NoPassphraseError, UnreadablePassphraseError


@dataclass(frozen=True)
class Source:
    """One secret: whose it is and what its option and variable are called."""

    whose: str
    option: str
    variable: str
    what: str = "passphrase"


PROJECT = Source("project's", "--passphrase-file", "PPDESK_PASSPHRASE")
SIGNER = Source("signer's", "--signer-passphrase-file", "PPDESK_SIGNER_PASSPHRASE")
NEW_PROJECT = Source("project's new", "--new-passphrase-file", "PPDESK_NEW_PASSPHRASE")
TOKEN = Source("token's", "--signer-passphrase-file", "PPDESK_TOKEN_PIN", "PIN")
KEY_FILE = Source("PKCS#12 file's", "--file-passphrase-file", "PPDESK_FILE_PASSPHRASE")
ESCROW_KEY = Source("escrow key's", "--key-passphrase-file", "PPDESK_ESCROW_PASSPHRASE")
COPY = Source("copy's", "--copy-passphrase-file", "PPDESK_COPY_PASSPHRASE")
TIMESTAMP = Source("timestamp key's", "--timestamp-passphrase-file", "PPDESK_TIMESTAMP_PASSPHRASE")
SOURCES = (COPY, TIMESTAMP, PROJECT, SIGNER, NEW_PROJECT, TOKEN, KEY_FILE, ESCROW_KEY)


@dataclass(frozen=True)
class Passphrases:
    """What the environment gave, taken out of it so that no child process inherits it."""

    given: dict[str, str] = field(repr=False)

    @classmethod
    def take(cls, environment: MutableMapping[str, str]) -> "Passphrases":
        """Moves the passphrases from `environment` to here."""
        names = [source.variable for source in SOURCES]
        return cls({name: environment.pop(name) for name in names if name in environment})

    def get(
        self,
        source: Source,
        file: Path | None,
        *,
        new: bool,
        recall: Callable[[], str | None] | None = None,
    ) -> str:
        """The passphrase of `source`: from `file`, else the environment, else `recall` (the system's
        keyring), else asked for, unseen, and twice where it is `new`. NoPassphraseError where there is
        nobody to ask."""
        if file is not None:
            found = _first_line(file)
        elif source.variable in self.given:
            found = self.given[source.variable]
        elif recall is not None and (kept := recall()):
            found = kept
        elif sys.stdin is not None and sys.stdin.isatty():
            found = _ask(source, new=new)
        else:
            raise NoPassphraseError(
                whose=source.whose, what=source.what, variable=source.variable, option=source.option
            )
        if not found:
            raise EmptyPassphraseError(whose=source.whose, what=source.what)
        return found


def _first_line(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadablePassphraseError(name=file.name, reason="it is not UTF-8 text") from None
    except OSError as error:
        raise UnreadablePassphraseError(name=file.name, reason=error.strerror or "no such file") from None
    return text.removeprefix("\ufeff").split("\n", 1)[0].removesuffix("\r")


def _ask(source: Source, *, new: bool) -> str:
    words = f"{'New' if new else 'The'} {source.whose} {source.what}"
    answer = click.prompt(
        words, hide_input=True, confirmation_prompt=new, default="", show_default=False, err=True
    )
    return str(answer)
