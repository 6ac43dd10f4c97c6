"""What stands in the budget register: strict entries, and what they add up to for some data.

- ``begin``: check (HMAC that proves the key). The first entry, and only the first.
- ``reserve``: project, seq and event (hash) of a reservation; data: for each table it was charged to, the
  marks of that table; unit; cost; time.
- ``void``: project and event of a reservation whose data never left; time. It undoes that reservation only.

A mark is HMAC-SHA256 under the register's own key, of the file's hash, of the content's fingerprint or of
the declared name. Two tables with a mark in common are the same data, and so are all that a chain of such
tables connects: that can charge too much, never too little.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.journal import Entry, is_text
from ppdesk.privacy.events import DpEvent, from_json

Marks = frozenset[str]
Key = tuple[str, str]  # (project id, hash of the reservation)

BEGIN, RESERVE, VOID = "begin", "reserve", "void"
_LINKS = {"act", "prev", "hash"}
_FIELDS = {
    BEGIN: _LINKS | {"check"},
    RESERVE: _LINKS | {"project", "seq", "event", "data", "unit", "cost", "time"},
    VOID: _LINKS | {"project", "event", "time"},
}
_HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST = 200  # characters of an id, a unit, a time
_MOST_TABLES, _MOST_MARKS = 1000, 1000


class UncountableCostError(Exception):
    """Entry `number` has a cost that cannot be read."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Charge:
    """A reservation that the register knows, of this project or of another."""

    project: str
    seq: int
    event: str
    data: tuple[Marks, ...]
    unit: str
    cost: DpEvent
    written: Mapping[str, Json]  # the cost as it stands
    time: str

    @property
    def key(self) -> Key:
        return (self.project, self.event)

    def to_json(self) -> dict[str, Json]:
        return {
            "act": RESERVE,
            "project": self.project,
            "seq": self.seq,
            "event": self.event,
            "data": [sorted(marks) for marks in self.data],
            "unit": self.unit,
            "cost": self.written,
            "time": self.time,
        }


def void_json(key: Key, time: str) -> dict[str, Json]:
    """The entry that undoes the reservation `key`."""
    return {"act": VOID, "project": key[0], "event": key[1], "time": time}


@dataclass(frozen=True)
class Sum:
    """What the register says about every reservation. The last entry about one decides."""

    charges: Mapping[Key, Charge]
    void: frozenset[Key]

    def same_data(self, marks: Marks) -> Marks:
        """All marks of the data that `marks` names, through any chain of tables that share one."""
        return closure(marks, self.tables)

    @property
    def tables(self) -> Iterator[Marks]:
        """Each table that a reservation was charged to, void ones too: they tell what is the same data."""
        return (table for charge in self.charges.values() for table in charge.data)

    def on(self, marks: Marks) -> list[Charge]:
        """The reservations that count and were charged to the same data."""
        same = self.same_data(marks)
        return [
            charge
            for key, charge in self.charges.items()
            if key not in self.void and any(same & table for table in charge.data)
        ]


def closure(marks: Marks, tables: Iterable[Marks]) -> Marks:
    """`marks` with those of every table that is connected to them."""
    beside: dict[str, set[str]] = {}
    for table in set(tables):
        for mark in table:
            beside.setdefault(mark, set()).update(table)
    found, open_ = set(marks), list(marks)
    while open_:
        fresh = beside.get(open_.pop(), set()) - found
        found |= fresh
        open_ += fresh
    return frozenset(found)


def summed(entries: Sequence[Entry]) -> Sum:
    """What well-formed entries say. UncountableCostError for a cost that cannot be read, of whatever data."""
    charges: dict[Key, Charge] = {}
    void: set[Key] = set()
    for number, entry in enumerate(entries, 1):
        if entry["act"] == RESERVE:
            charge = _charge(entry, number)
            charges[charge.key] = charge
            void.discard(charge.key)
        elif entry["act"] == VOID and (entry["project"], entry["event"]) in charges:
            void.add((entry["project"], entry["event"]))
    return Sum(charges, frozenset(void))


def well_formed(entry: object) -> bool:
    """Whether `entry` has exactly the fields of its act, each of its type and within bounds."""
    if not isinstance(entry, dict) or set(entry) != _FIELDS.get(str(entry.get("act"))):
        return False
    if not isinstance(entry["act"], str) or not _is_hash(entry["hash"]):
        return False
    if entry["act"] == BEGIN:
        return entry["prev"] == "" and _is_hash(entry["check"])
    if not all(is_text(entry[name]) and len(entry[name]) <= _LONGEST for name in ("project", "time")):
        return False
    if not _is_hash(entry["event"]) or not _is_hash(entry["prev"]):
        return False
    return entry["act"] == VOID or _is_reservation(entry)


def _is_reservation(entry: dict[str, Any]) -> bool:
    seq, unit, data = entry["seq"], entry["unit"], entry["data"]
    return (
        isinstance(seq, int)
        and not isinstance(seq, bool)
        and seq > 0
        and is_text(unit)
        and len(unit) <= _LONGEST
        and isinstance(entry["cost"], dict)
        and isinstance(data, list)
        and len(data) <= _MOST_TABLES
        and all(isinstance(table, list) and 0 < len(table) <= _MOST_MARKS for table in data)
        and all(_is_hash(mark) for table in data for mark in table)
    )


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _charge(entry: Entry, number: int) -> Charge:
    try:
        cost = from_json(entry["cost"])
    except (CodedError, RecursionError, TypeError):
        raise UncountableCostError(number) from None
    return Charge(
        project=entry["project"],
        seq=entry["seq"],
        event=entry["event"],
        data=tuple(frozenset(table) for table in entry["data"]),
        unit=entry["unit"],
        cost=cost,
        written=entry["cost"],
        time=entry["time"],
    )
