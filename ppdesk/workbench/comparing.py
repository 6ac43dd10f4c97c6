"""Two runs of one step side by side: what they were told and what came of them, from the record alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.params import Params, fields_of
from ppdesk.core.section import Figures, Section, Table
from ppdesk.workbench.errors import NoOtherRunError, NoSuchEventError

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.workbench.session import Session

_DEEP = 3  # levels of a setting that have lines of their own


@dataclass(frozen=True)
class Row:
    """A setting or a figure in both runs, in words; empty where a run has none."""

    name: str
    before: str
    now: str

    @property
    def differs(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True)
class Comparison:
    """The run in event `event` beside that in `other`, the earlier of the two or the one that was named."""

    step: str
    event: int
    other: int
    settings: tuple[Row, ...]
    results: tuple[Row, ...]

    @property
    def differences(self) -> int:
        return sum(row.differs for row in (*self.settings, *self.results))


def good_runs(session: "Session", key: str) -> "list[Event]":
    """The runs of the step `key` that ended well, oldest first."""
    return [event for event in session.events() if event.kind == key and event.outcome == "ok"]


def compare(session: "Session", key: str, seq: int | None = None, other: int | None = None) -> Comparison:
    """The run of step `key` in event `seq` (the last good one) beside that in `other` (the one before it).
    NoOtherRunError, NoSuchEventError."""
    runs = good_runs(session, key)
    by_seq = {event.seq: event for event in runs}
    if not runs:
        raise NoOtherRunError(step=key)
    now = _named(by_seq, seq, runs[-1].seq)
    earlier = [event.seq for event in runs if event.seq < now.seq]
    if other is None and not earlier:
        raise NoOtherRunError(step=key)
    then = _named(by_seq, other, earlier[-1] if earlier else now.seq)
    params = _params(key)
    return Comparison(
        key,
        now.seq,
        then.seq,
        _beside(dict(_settings(then, params)), dict(_settings(now, params))),
        _beside(dict(_figures(session.section(then.seq))), dict(_figures(session.section(now.seq)))),
    )


def _named(runs: "Mapping[int, Event]", seq: int | None, otherwise: int) -> "Event":
    wanted = otherwise if seq is None else seq
    if wanted not in runs:
        raise NoSuchEventError(seq=wanted)
    return runs[wanted]


def _params(key: str) -> type[Params]:
    from ppdesk.workflow.catalog import step

    found: type[Params] = step(key).Params
    return found


def _beside(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Row, ...]:
    names = [*now, *(name for name in before if name not in now)]
    return tuple(Row(name, before.get(name, ""), now.get(name, "")) for name in names)


def _settings(event: "Event", params: type[Params]) -> Iterator[tuple[str, str]]:
    for spec in fields_of(params):
        given = event.params.get(spec.name, spec.default)
        yield from _flat(spec.label, given, _DEEP)


def _flat(name: str, value: object, deep: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value and deep:
        for inner, one in value.items():
            yield from _flat(f"{name}: {inner}", one, deep - 1)
    else:
        yield name, _worded(value)


def _worded(value: object) -> str:
    if value is None or value in ("", [], {}, ()):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(_worded(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_worded(one)}" for name, one in value.items())
    return str(value)


def _figures(section: Section) -> Iterator[tuple[str, str]]:
    """Key figures, and the cells of tables whose rows have a name of their own."""
    for block in section.blocks:
        if isinstance(block, Figures):
            for one in block.items:
                yield one.label, f"{one.value} ({one.note})" if one.note else one.value
        elif isinstance(block, Table):
            yield from _cells(block)


def _cells(table: Table) -> Iterator[tuple[str, str]]:
    names = [row[0] for row in table.rows if row]
    if len(set(names)) != len(names) or len(table.header) < 2:
        return
    for row in table.rows:
        for head, cell in zip(table.header[1:], row[1:], strict=False):
            yield f"{table.title}: {row[0]}, {head}", cell
