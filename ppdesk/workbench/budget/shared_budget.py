"""One budget per dataset: this project's reservations beside those of every other one on the same data.

The project's own events decide about its own spending; the register (see `register`) only adds what was
spent elsewhere. Reserving holds the register's lock around: read it, compare with the limit, append the
reservation to the project, enter it into the register. What a crash in between left out is brought in at
the next opening.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.mode import Mode
from ppdesk.core.wording import chance
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours, from_json, is_finite
from ppdesk.privacy.exact import exact, up
from ppdesk.privacy.ledger import Budget, OverBudgetError, Spent
from ppdesk.workbench.budget import accounts
from ppdesk.workbench.budget.accounts import Elsewhere
from ppdesk.workbench.budget.errors import OverSharedBudgetError
from ppdesk.workbench.budget.register import Books, Holding, Register, register_of
from ppdesk.workbench.budget.register_entries import Charge, Marks, closure, void_json
from ppdesk.workbench.chronicle import Chronicle
from ppdesk.workflow.unit import RECORD, Unit

if TYPE_CHECKING:
    from ppdesk.store.events import Event, EventDraft

Inputs = Mapping[Kind, str]


@dataclass(frozen=True)
class SharedBudget:
    """The budget of an open project's data. `testing`: the project is one of test mode, where the same
    project is made again and again: what an earlier self of it spent is not elsewhere."""

    chronicle: Chronicle
    register: Register
    testing: bool

    @property
    def project_id(self) -> str:
        return self.chronicle.project_id

    def bring(self) -> None:
        """Bring own reservations, and those that were given back, into the register where it lacks them.
        The register's errors."""
        if self._lacking(self.register.read()):
            with self.register.holding() as held:
                self._bring(held)

    def settle(self) -> None:
        """As `bring`, when a project is opened and when a reservation was given back. A register that cannot
        be read or written then lacks nothing for good: `elsewhere` says what is wrong with it, a run that
        costs is refused, and the next opening brings the same."""
        with suppress(CodedError):
            self.bring()

    def elsewhere(self) -> Elsewhere:
        """What was spent elsewhere on the data that this project holds now."""
        try:
            return self._elsewhere(self.register.read(), self._current())
        except CodedError as error:
            said = Finding(Level.CAUTION, error.message, error.advice, code=error.error_code)
            return Elsewhere(remarks=(said,))

    def afford(self, limit: Budget, planned: DpEvent, inputs: Inputs) -> None:
        """Nothing where the run fits in; OverBudgetError where it does not. The register's errors."""
        self._afford(limit, planned, self._elsewhere(self.register.read(), inputs))

    def reserve(self, draft: "EventDraft", planned: DpEvent, limit: Budget) -> "Event":
        """Put the reservation on record, here and in the register, if it fits in.

        OverBudgetError and the register's errors, with nothing spent.
        """
        with self.register.holding() as held:
            self._bring(held)
            books = held.books
            other = self._elsewhere(books, draft.inputs)
            self._afford(limit, planned, other)
            event = self.chronicle.append(self._told(draft, books, other))
            try:
                held.add([self._charge(event, books).to_json()])
            except BaseException:
                void = replace(draft, outcome="void", cost=None, refers=event.seq)
                self.chronicle.append(void)
                raise
        return event

    def remembers(self, reserved: "Event") -> bool:
        """Whether the register of now continues the one that the reservation was entered in. The register's
        errors."""
        memory = _memory(reserved)
        return self.testing or (memory is not None and memory.stands_in(self.register.read()))

    def _afford(self, limit: Budget, planned: DpEvent, other: Elsewhere) -> None:
        own = accounts.spent(self.chronicle.events)
        try:
            limit.can_afford([*own, *other.events], planned)
        except OverBudgetError as error:
            if not other.events:
                raise
            raise OverSharedBudgetError(
                **error.values, own=_words(limit.total(own)), elsewhere=_words(other.total)
            ) from None

    def _elsewhere(self, books: Books, inputs: Inputs) -> Elsewhere:
        own = {event.hash for event in self.chronicle.events if event.outcome == "reserved"}
        marks: Marks = frozenset().union(*self._data(books, inputs))
        charges = [
            charge
            for charge in books.total.on(marks)
            if charge.project != self.project_id or not (self.testing or charge.event in own)
        ]
        known, projects = [charge.cost for charge in charges], len({charge.project for charge in charges})
        for memory in self._lost(books, marks):
            known += _beyond(memory, Budget(0.0, 0.0).total(known))
            projects = max(projects, memory.projects)
        return Elsewhere(tuple(known), projects, tuple(self._remarks(books)))

    def _lost(self, books: Books, marks: Marks) -> "Iterator[Memory]":
        """What this project remembers to be spent elsewhere on the data of `marks`, by registers that this
        one does not continue: that it is lost there gives nothing back."""
        for event in self.chronicle.events:
            memory = _memory(event) if event.outcome == "reserved" else None
            if memory is None or memory.stands_in(books):
                continue
            tables = self._data(books, event.inputs, before=event.seq)
            if closure(marks, (*tables, *books.total.tables)) & frozenset().union(*tables):
                yield memory

    def _told(self, draft: "EventDraft", books: Books, other: Elsewhere) -> "EventDraft":
        """The reservation with what the register said, so that the record carries it."""
        spent, (count, hash_) = other.total, books.head
        facts: dict[str, Json] = {
            "elsewhere": {
                "epsilon": spent.epsilon,
                "delta": spent.delta,
                "neighbours": spent.neighbours,
                "projects": other.projects,
            }
        }
        if not self.testing:  # there the same run makes the same record, whatever stands in the register
            facts["register"] = {"identity": books.identity, "entries": count, "head": hash_}
        found = list(other.remarks)
        if other.events:
            found.append(_spent_elsewhere(spent, other.projects))
        tables = self._tables(draft.inputs)
        if Kind.TABLE not in draft.inputs and tables:
            names = "; ".join(dict.fromkeys(str(head.get("file")) for head in self._heads(tables)))
            found.append(
                Finding(
                    Level.INFO,
                    "The run reads no table itself, so its cost counts for every table of the project.",
                    f"Charged to: {names}.",
                    code="PP-REGISTER-104",
                )
            )
        return replace(draft, facts=facts, findings=tuple(found))

    def _remarks(self, books: Books) -> list[Finding]:
        """What speaks against the register: it lacks what this project remembers of it."""
        remembered = [_memory(event) for event in self.chronicle.events if event.outcome == "reserved"]
        lost = [one for one in remembered if one is not None and not one.stands_in(books)]
        found = []
        if any(one.identity != books.identity for one in lost):
            found.append(
                Finding(
                    Level.CAUTION,
                    "This project knows another budget register than the one in this data folder.",
                    "It was deleted or moved, or the project was worked on under another account or on "
                    "another computer. What was spent elsewhere on the same data may be more than is shown.",
                    code="PP-REGISTER-101",
                )
            )
        if any(one.identity == books.identity for one in lost):
            found.append(
                Finding(
                    Level.CAUTION,
                    "The budget register in this data folder is older than the one this project remembers.",
                    "Somebody put back an older copy, or cut entries off. What was spent elsewhere on the "
                    "same data may be more than is shown.",
                    code="PP-REGISTER-102",
                )
            )
        return found

    def _lacking(self, books: Books) -> "list[tuple[Event, bool]]":
        """(own reservation, whether it was given back) of each that the register has not, or otherwise."""
        found = []
        for event, standing in accounts.reservations(self.chronicle.events):
            key, given_back = (self.project_id, event.hash), standing == "void"
            counts = key in books.total.charges and key not in books.total.void
            if counts == given_back:
                found.append((event, given_back))
        return found

    def _bring(self, held: Holding) -> None:
        books = held.books
        held.add(
            [
                void_json((self.project_id, event.hash), event.time)
                if given_back
                else self._charge(event, books).to_json()
                for event, given_back in self._lacking(books)
            ]
        )

    def _charge(self, event: "Event", books: Books) -> Charge:
        cost = event.cost or {}
        return Charge(
            project=self.project_id,
            seq=event.seq,
            event=event.hash,
            data=tuple(self._data(books, event.inputs, before=event.seq)),
            unit=self._unit(event.inputs),
            cost=from_json(cost),
            written=cost,
            time=event.time,
        )

    def _unit(self, inputs: Inputs) -> str:
        roles = inputs.get(Kind.ROLES)
        return RECORD if roles is None else Unit.of(self.chronicle.head_of(roles)).short

    def _data(self, books: Books, inputs: Inputs, before: int | None = None) -> list[Marks]:
        """The marks of each table that a run with these inputs is charged to."""
        marks = [
            frozenset[str]().union(*(books.marks(head) for head in self._heads([table])))
            for table in self._tables(inputs, before)
        ]
        return [table for table in dict.fromkeys(marks) if table]

    def _tables(self, inputs: Inputs, before: int | None = None) -> list[str]:
        """The digest of the table that a run reads; where it reads none, of all the project had so far."""
        if Kind.TABLE in inputs:
            return [inputs[Kind.TABLE]]
        made = [
            event.outputs[Kind.TABLE]
            for event in self.chronicle.events
            if Kind.TABLE in event.outputs and (before is None or event.seq < before)
        ]
        return list(dict.fromkeys(made))

    def _heads(self, tables: Sequence[str]) -> list[Head]:
        """The heads of `tables` and of the tables that they were made from."""
        parents: dict[str, set[str]] = {}
        for event in self.chronicle.events:
            if Kind.TABLE in event.outputs and Kind.TABLE in event.inputs:
                parents.setdefault(event.outputs[Kind.TABLE], set()).add(event.inputs[Kind.TABLE])
        found, open_ = list(tables), list(tables)
        while open_:
            fresh = sorted(parents.get(open_.pop(), set()) - set(found))
            found += fresh
            open_ += fresh
        return [self.chronicle.head_of(table) for table in found]

    def _current(self) -> Inputs:
        table = self.chronicle.held().get(Kind.TABLE)
        return {} if table is None else {Kind.TABLE: table}


def shared_budget(chronicle: Chronicle, home: Path, mode: Mode, *, testing: bool) -> SharedBudget:
    """The budget of the project of `chronicle`, in the register of the data folder `home`."""
    return SharedBudget(chronicle, register_of(home, mode, testing=testing), testing)


def _spent_elsewhere(spent: Spent, projects: int) -> Finding:
    others = "one other project or copy" if projects == 1 else f"{projects} other projects or copies"
    return Finding(
        Level.INFO,
        f"Elsewhere on the same data, {_words(spent)} was spent before.",
        f"By {others}, as far as the register in this data folder knows.",
        code="PP-REGISTER-103",
    )


@dataclass(frozen=True)
class Memory:
    """The register as a reservation remembers it, and what was spent elsewhere by its word."""

    identity: str
    entries: int
    head: str
    epsilon: float
    delta: float
    neighbours: Neighbours
    projects: int

    def stands_in(self, books: Books) -> bool:
        """Whether the register of now continues the one that is remembered."""
        return self.identity == books.identity and books.continues(self.entries, self.head)


def _memory(event: "Event") -> Memory | None:
    """What a reservation remembers; None of one without a register. A value of another type is none of
    ppdesk's, and counts for nothing."""
    told: Any = event.facts.get("register")
    if not isinstance(told, Mapping):
        return None
    spent: Any = event.facts.get("elsewhere")
    spent = spent if isinstance(spent, Mapping) else {}
    entries, projects, relation = told.get("entries"), spent.get("projects"), spent.get("neighbours")
    return Memory(
        identity=str(told.get("identity")),
        entries=entries if isinstance(entries, int) else -1,
        head=str(told.get("head")),
        epsilon=_amount(spent.get("epsilon")),
        delta=_amount(spent.get("delta")),
        neighbours=Neighbours(relation) if relation in tuple(Neighbours) else Neighbours.REPLACE_ONE,
        projects=projects if isinstance(projects, int) else 0,
    )


def _amount(value: object) -> float:
    return float(value) if isinstance(value, int | float) and is_finite(value) and value >= 0 else 0.0


def _beyond(memory: Memory, known: Spent) -> list[DpEvent]:
    """What `memory` has more than is known, as one cost. The larger of the two is what was spent at least."""
    epsilon = max(Fraction(0), exact(memory.epsilon, "epsilon") - exact(known.epsilon, "epsilon"))
    delta = max(Fraction(0), exact(memory.delta, "delta") - exact(known.delta, "delta"))
    if not epsilon and not delta:
        return []
    return [EpsilonDelta(up(epsilon), up(delta), memory.neighbours)]


def _words(spent: Spent) -> str:
    return f"epsilon {spent.epsilon:.15g}, delta {chance(spent.delta, 15)}"
