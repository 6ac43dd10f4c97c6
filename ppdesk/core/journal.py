"""A journal that only grows: a file of entries in JSON, each naming the one before it by hash.

``{"entries": [...], "version": 1}``; each entry has, besides its own fields, prev and hash: SHA-256 over the
canonical form (RFC 8785) of all the rest. A changed, removed or moved entry is noticed. Entries cut off the
end, or a whole new file, are not: for that somebody keeps the `head` elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ppdesk.core.canonical import Json, canonical, digest, parse, sha256_hex
from ppdesk.core.durable import make_folder, write_private
from ppdesk.core.filelock import PATIENCE, alone

Entry: TypeAlias = dict[str, Any]

EMPTY = (0, "")  # the head of a journal without entries


class BrokenJournalError(Exception):
    """The file does not hold together. The room that owns it says so in its own words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NewerJournalError(Exception):
    """A later version of the program wrote it."""


def head(entries: Sequence[Entry]) -> tuple[int, str]:
    """(number of entries, hash of the last)."""
    return (len(entries), entries[-1]["hash"]) if entries else EMPTY


def is_text(value: object) -> bool:
    """Whether `value` is a string that can be hashed: JSON can say half a character."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


@dataclass
class Writing:
    """The journal while its lock is held. `entries` are all of them, oldest first."""

    journal: "Journal"
    entries: list[Entry]

    def add(self, *contents: Mapping[str, Json]) -> list[Entry]:
        """Write entries with these contents, durably: after a crash all of them stand there or none.
        OSError; BrokenJournalError where the file has no room for more."""
        made: list[Entry] = []
        previous = head(self.entries)[1]
        for content in contents:
            entry: Entry = {**content, "prev": previous}
            entry["hash"] = previous = digest(entry)
            made.append(entry)
        self.journal.write([*self.entries, *made])
        self.entries += made
        return made


@dataclass
class Journal:
    """The journal at `place`. `well_formed` says whether an entry has the fields it must have (prev and
    hash are checked here, but their presence is the caller's to check too); `most_bytes` bounds the file."""

    place: Path
    well_formed: Callable[[object], bool]
    most_bytes: int
    version: int = 1
    _known: tuple[str, list[Entry]] = field(default=("", []), init=False, repr=False)

    def read(self) -> list[Entry]:
        """The entries, oldest first; none where there is no file.

        BrokenJournalError, NewerJournalError, OSError.
        """
        try:
            with self.place.open("rb") as file:
                data = file.read(self.most_bytes + 1)
        except FileNotFoundError:
            return []
        print_of_it = sha256_hex(data)
        if print_of_it != self._known[0]:  # the same bytes need no second check
            self._known = (print_of_it, self._checked(data))
        return list(self._known[1])

    @contextmanager
    def writing(self, patience: float = PATIENCE) -> Iterator[Writing]:
        """Hold the journal's lock: two windows that add at once must not lose one of the two.

        What `read` raises; TimeoutError (an OSError) where another holds it for too long.
        """
        make_folder(self.place.parent)
        with alone(self.place.with_name(f"{self.place.name}.lock"), patience):
            yield Writing(self, self.read())

    def append(self, make: Callable[[list[Entry]], Mapping[str, Json]]) -> Entry:
        """Write the entry that `make` gives for the entries so far. Whatever `make` and `writing` raise."""
        with self.writing() as journal:
            return journal.add(make(journal.entries))[0]

    def write(self, entries: list[Entry]) -> None:
        """`entries` in place of the file, durably. Only under the lock."""
        data = canonical({"entries": entries, "version": self.version})
        if len(data) > self.most_bytes:
            raise BrokenJournalError("it has no room for another entry")
        write_private(self.place, data)

    def _checked(self, data: bytes) -> list[Entry]:
        """The entries in `data`, all of whose hashes fit."""
        if len(data) > self.most_bytes:
            raise BrokenJournalError("it is larger than any of its kind")
        try:
            told = parse(data)
            version, entries = told["version"], told["entries"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BrokenJournalError("it cannot be read") from None
        if isinstance(version, int) and version > self.version:
            raise NewerJournalError
        if version != self.version or not isinstance(entries, list):
            raise BrokenJournalError("it cannot be read")
        previous = ""
        for number, entry in enumerate(entries, 1):
            if not self.well_formed(entry):
                raise BrokenJournalError(f"entry {number} is not in the form of one")
            if entry.get("prev") != previous or entry.get("hash") != _hash(entry):
                raise BrokenJournalError(f"entry {number} was changed, or one before it is missing")
            previous = entry["hash"]
        return entries


def _hash(entry: Entry) -> str:
    try:
        return digest({name: value for name, value in entry.items() if name != "hash"})
    except (ValueError, RecursionError):  # what canonical JSON cannot say
        return ""
