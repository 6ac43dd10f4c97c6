"""The budget register's two files: kept, locked, and refused when they do not hold together."""

import json
import stat
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.canonical import digest
from ppdesk.core.entropy import SystemEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.filelock import alone
from ppdesk.core.mode import Mode
from ppdesk.privacy.events import EpsilonDelta, Neighbours, to_json
from ppdesk.workbench.budget import register as module
from ppdesk.workbench.budget.errors import (
    NewerRegisterError,
    RegisterCostError,
    RegisterPlaceError,
    RegisterUnreadableError,
)
from ppdesk.workbench.budget.register import Books, Register, register_of
from ppdesk.workbench.budget.register_entries import Charge, summed

COST = EpsilonDelta(0.5, 0.0, Neighbours.REPLACE_ONE)
TABLE = {"sha256": "f" * 64, "content": "c" * 64, "dataset": "Patients 2024"}


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "register", SystemEntropy())


def enter(register: Register, number: int, **cost: object) -> None:
    with register.holding() as held:
        marks = held.books.marks(TABLE)
        written = {**to_json(COST), **cost}
        one = Charge("p", number, f"{number:064x}", (marks,), "record", COST, written, "now")  # type: ignore[arg-type]
        held.add([one.to_json()])


def spoilt(change: Callable[[dict[str, object]], object], *, fitting: bool) -> Callable[[Path], None]:
    """`change` done to the journal; `fitting` makes the hashes fit again, as an attacker would."""

    def spoil(folder: Path) -> None:
        place = folder / "register.json"
        told = json.loads(place.read_bytes())
        change(told)
        previous = ""
        for entry in told["entries"] if fitting else ():
            entry["prev"] = previous
            previous = entry["hash"] = digest({n: v for n, v in entry.items() if n != "hash"})
        place.write_text(json.dumps(told))

    return spoil


def test_there_is_none_until_something_is_spent(register: Register) -> None:
    books = register.read()
    assert (books.head, books.identity) == ((0, ""), "")
    assert not register.folder.exists()


def test_what_is_entered_stands_there_under_the_same_marks(register: Register) -> None:
    enter(register, 1)
    enter(register, 2)
    books = Register(register.folder, SystemEntropy()).read()
    assert books.head[0] == 3
    assert [charge.seq for charge in books.total.on(books.marks(TABLE))] == [1, 2]
    for same in (
        {"sha256": TABLE["sha256"]},
        {"content": TABLE["content"]},
        {"dataset": "  PATIENTS\u00a0\t２０２４ "},
        {**TABLE, "sha256": "0" * 64},
    ):
        assert len(books.total.on(books.marks(same))) == 2
    for other in ({"sha256": TABLE["content"]}, {"dataset": "Patients 2023"}, {"dataset": " "}, {}):
        assert not books.total.on(books.marks(other))


def test_nothing_of_the_data_stands_there_in_the_clear(register: Register) -> None:
    enter(register, 1)
    told = (register.folder / "register.json").read_text().casefold()
    assert not any(value.casefold() in told for value in TABLE.values())
    other = Register(register.folder.with_name("other"), SystemEntropy())
    enter(other, 1)
    assert not register.read().marks(TABLE) & other.read().marks(TABLE)


@pytest.mark.skipif(sys.platform == "win32", reason="the profile's access list does it there")
def test_only_the_owner_can_read_it(register: Register) -> None:
    enter(register, 1)
    for path in (register.folder, *register.folder.iterdir()):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path.name


def _without_key(folder: Path) -> None:
    (folder / "key").unlink()


def _other_key(folder: Path) -> None:
    (folder / "key").write_bytes(b"k" * 32)


def _short_key(folder: Path) -> None:
    (folder / "key").write_bytes(b"k" * 31)


def _cut(folder: Path) -> None:
    place = folder / "register.json"
    place.write_bytes(place.read_bytes()[:-20])


def _empty(folder: Path) -> None:
    (folder / "register.json").write_bytes(b"")


@pytest.mark.parametrize(
    "spoil",
    [
        _without_key, _other_key, _short_key, _cut, _empty,
        spoilt(lambda told: told["entries"][1].update(seq=9), fitting=False),
        spoilt(lambda told: told["entries"].pop(1), fitting=False),
        spoilt(lambda told: told["entries"].pop(0), fitting=True),
        spoilt(lambda told: told["entries"].append(told["entries"][0]), fitting=True),
        spoilt(lambda told: told["entries"][1].update(extra=1), fitting=True),
        spoilt(lambda told: told.update(version="1"), fitting=False),
    ],
)  # fmt: skip
def test_a_damaged_register_is_refused_and_left_as_it_is(
    register: Register, spoil: Callable[[Path], None]
) -> None:
    enter(register, 1)
    enter(register, 2)
    spoil(register.folder)
    before = {path.name: path.read_bytes() for path in register.folder.iterdir()}
    with pytest.raises(RegisterUnreadableError) as caught:
        register.read()
    assert caught.value.exit_code is Exit.INTEGRITY
    assert "backup" in caught.value.advice
    with pytest.raises(RegisterUnreadableError):
        enter(register, 3)
    assert {path.name: path.read_bytes() for path in register.folder.iterdir()} == before


@pytest.mark.parametrize("epsilon", [-0.5, True, "0.5", None, 1e400])
def test_a_cost_that_cannot_be_understood_stops_the_sum(register: Register, epsilon: object) -> None:
    enter(register, 1)
    spoilt(lambda told: told["entries"][1]["cost"].update(epsilon=epsilon), fitting=epsilon != 1e400)(
        register.folder
    )
    with pytest.raises((RegisterCostError, RegisterUnreadableError)):
        register.read()


def test_a_newer_register_is_left_alone(register: Register) -> None:
    enter(register, 1)
    spoilt(lambda told: told.update(version=2), fitting=False)(register.folder)
    with pytest.raises(NewerRegisterError):
        register.read()


def test_a_key_without_a_journal_is_a_beginning_that_broke_off(register: Register) -> None:
    register.folder.mkdir()
    (register.folder / "key").write_bytes(b"k" * 32)
    enter(register, 1)
    assert (register.folder / "key").read_bytes() == b"k" * 32
    assert register.read().head[0] == 2


def test_who_holds_it_too_long_is_named(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(register, 1)
    writing = module.Journal.writing
    monkeypatch.setattr(module.Journal, "writing", lambda self: writing(self, 0.05))
    with alone(register.folder / "register.json.lock"), pytest.raises(RegisterPlaceError, match="another"):
        enter(register, 2)
    enter(register, 2)


def test_a_place_that_cannot_be_written_is_a_coded_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CodedError, match="cannot be used"):
        enter(Register(tmp_path / "file" / "register", SystemEntropy()), 1)


def test_a_register_knows_what_it_was(register: Register) -> None:
    enter(register, 1)
    count, hash_ = register.read().head
    old = {path.name: path.read_bytes() for path in register.folder.iterdir()}
    enter(register, 2)
    assert register.read().continues(count, hash_)
    later = register.read().head
    for name, data in old.items():
        (register.folder / name).write_bytes(data)
    assert not register.read().continues(*later)
    assert not register.read().continues(1, hash_)
    assert not register.read().continues(-1, "")


def test_test_mode_has_a_register_of_its_own(tmp_path: Path) -> None:
    assert register_of(tmp_path, Mode(), testing=False).folder.name == "register"
    assert register_of(tmp_path, Mode(1), testing=True).folder.name == "test-register"
    assert register_of(tmp_path, Mode(), testing=True).folder.name == "test-register"


SPELLINGS = [
    ("Café 2024", "Cafe\u0301 2024"),
    ("STRASSE", "straße"),
    ("  North   Cohort ", "north cohort"),
    ("ﬁles", "FILES"),
    ("North Cohort", "North\u200b Co\u00adhort\ufe0f"),
    ("Ϊ\u0301", "ΐ"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS, ids=range(len(SPELLINGS)))
def test_a_name_is_the_same_in_any_spelling(one: str, other: str) -> None:
    books = Books((), b"k", summed(()))
    assert books.marks({"dataset": one}) == books.marks({"dataset": other})
    assert books.marks({"dataset": one}) != books.marks({"dataset": f"{one} 2"})


@given(st.text(max_size=20))
def test_no_case_or_normal_form_makes_a_name_another(name: str) -> None:
    books = Books((), b"k", summed(()))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        for written in (name, name.casefold()):
            assert books.marks({"dataset": unicodedata.normalize(form, written)}) == books.marks(
                {"dataset": name}
            )
