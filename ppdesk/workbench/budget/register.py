"""The budget register: what was spent on which data, by all projects of this person on this machine.

Two files in the person's data folder: the journal `register.json` and `key`, 32 random bytes. Data stands in
the journal only as HMACs under that key, so that whoever reads the journal alone cannot look up a dataset.
A register that is damaged, or whose key is gone, is refused and never silently begun anew.

What it is not: protection from its owner, who can delete the folder. Each project remembers the register's
head with its reservations, and a register that does not continue from there is named.
"""

import hmac
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.core.durable import write_private
from ppdesk.core.entropy import Entropy
from ppdesk.core.journal import EMPTY, BrokenJournalError, Entry, Journal, NewerJournalError, Writing, head
from ppdesk.core.mode import Mode
from ppdesk.workbench.budget.errors import (
    NewerRegisterError,
    RegisterCostError,
    RegisterPlaceError,
    RegisterUnreadableError,
)
from ppdesk.workbench.budget.register_entries import (
    BEGIN,
    Marks,
    Sum,
    UncountableCostError,
    summed,
    well_formed,
)

_T = TypeVar("_T")

FILE, KEY = "register.json", "key"
_KEY_BYTES = 32
_MOST_BYTES = 64 << 20  # some 100,000 reservations


@dataclass(frozen=True)
class Books:
    """The register at one moment. `key` is empty where there is no register yet."""

    entries: Sequence[Entry]
    key: bytes = field(repr=False)
    total: Sum

    @property
    def head(self) -> tuple[int, str]:
        """(number of entries, hash of the last)."""
        return head(self.entries)

    @property
    def identity(self) -> str:
        """Tells one register from another; empty where there is none."""
        return str(self.entries[0]["hash"]) if self.entries else ""

    def continues(self, count: int, hash_: str) -> bool:
        """Whether the register once had the head (count, hash)."""
        return 0 <= count <= len(self.entries) and head(self.entries[:count]) == (count, hash_)

    def marks(self, table: Head) -> Marks:
        """The marks of the table with this head, as this register writes them: of each file that it was made
        of, of the content of each and of all together, and of the declared name."""
        files = _listed(table.get("files"))
        given = {
            *(("file", one.get("sha256")) for one in (table, *files) if isinstance(one, Mapping)),
            *(("content", one) for one in (table.get("content"), *_listed(table.get("contents")))),
            ("name", _tidy(table.get("dataset"))),
        }
        return frozenset(_mac(self.key, f"{kind}:{value}") for kind, value in given if value)


@dataclass
class Holding:
    """The register while its lock is held."""

    register: "Register"
    writing: Writing
    key: bytes = field(repr=False)

    @property
    def books(self) -> Books:
        entries = self.writing.entries
        return Books(entries, self.key, self.register.added_up(entries))

    def add(self, contents: Sequence[Mapping[str, Json]]) -> None:
        """Write entries durably: all or none."""
        if contents:
            self.register.told(lambda: self.writing.add(*contents))


@dataclass
class Register:
    """The register in `folder`. `entropy` makes its key at first use. Every call reads the file."""

    folder: Path
    entropy: Entropy

    def __post_init__(self) -> None:
        self._journal = Journal(self.folder / FILE, well_formed, _MOST_BYTES)
        self._summed: tuple[tuple[int, str], Sum] = (EMPTY, summed(()))

    def read(self) -> Books:
        """What it says now; empty where there is none. Writes nothing.

        RegisterUnreadableError, NewerRegisterError, RegisterPlaceError, RegisterCostError.
        """
        entries = self.told(self._journal.read)
        key = self.told(lambda: self._key(entries)) if entries else b""
        return Books(entries, key, self.added_up(entries))

    @contextmanager
    def holding(self) -> Iterator[Holding]:
        """Hold the register against all other windows and programs; it is begun where there is none.

        What `read` raises; RegisterPlaceError where somebody else holds it for more than ten seconds.
        """
        lock = self._journal.writing()
        writing = self.told(lock.__enter__)
        try:
            yield Holding(self, writing, self.told(lambda: self._begun(writing)))
        finally:
            lock.__exit__(None, None, None)

    def added_up(self, entries: Sequence[Entry]) -> Sum:
        """The sum of `entries`, which must begin as a register does."""
        if head(entries) == self._summed[0]:  # the same entries need no second sum
            return self._summed[1]
        if any((entry["act"] == BEGIN) != (number == 0) for number, entry in enumerate(entries)):
            raise self._broken("it has no beginning, or two")
        try:
            self._summed = (head(entries), summed(entries))
        except UncountableCostError as error:
            raise RegisterCostError(number=error.number, folder=self.folder.name) from None
        return self._summed[1]

    def told(self, work: Callable[[], _T]) -> _T:
        """What `work` gives; what goes wrong with the files in the register's own words."""
        try:
            return work()
        except BrokenJournalError as error:
            raise self._broken(error.reason) from None
        except NewerJournalError:
            raise NewerRegisterError from None
        except OSError as error:
            raise RegisterPlaceError(reason=error.strerror or "unknown") from None

    def _begun(self, writing: Writing) -> bytes:
        """The key; made, with the first entry, where the journal is empty."""
        if writing.entries:
            return self._key(writing.entries)
        place = self.folder / KEY
        if not place.exists():  # one without a journal is what a crash in here left
            self.folder.chmod(0o700)
            write_private(place, self.entropy.take(_KEY_BYTES))
        key = self._read_key()
        writing.add({"act": BEGIN, "check": _mac(key, "check")})
        return key

    def _key(self, entries: Sequence[Entry]) -> bytes:
        key = self._read_key()
        if not hmac.compare_digest(str(entries[0].get("check", "")), _mac(key, "check")):
            raise BrokenJournalError("its key is another one")
        return key

    def _read_key(self) -> bytes:
        try:
            with (self.folder / KEY).open("rb") as file:
                key = file.read(_KEY_BYTES + 1)
        except FileNotFoundError:
            raise BrokenJournalError("its key is missing") from None
        if len(key) != _KEY_BYTES:
            raise BrokenJournalError("its key is damaged")
        return key

    def _broken(self, reason: str) -> RegisterUnreadableError:
        return RegisterUnreadableError(reason=reason, folder=self.folder.name)


def register_of(home: Path, mode: Mode, *, testing: bool) -> Register:
    """The register of the person whose data folder is `home`. Projects of test mode have their own."""
    return Register(home / ("test-register" if testing else "register"), mode.entropy("register"))


def _listed(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else ()


def _tidy(name: Json) -> str:
    """A declared name in the form in which two spellings of it agree: in any normal form and case, with or
    without signs that do not show. Letters of other scripts that look alike are other letters."""
    if not isinstance(name, str):
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name).casefold())
    return " ".join("".join(sign for sign in folded if not _unseen(sign)).split())


def _unseen(sign: str) -> bool:
    """Joiners, soft hyphens, marks of direction, and selectors of a letter's form."""
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
