"""Whatever is done to a project file, with or without its key, is refused or pointed out."""

import random
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import text

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import canonical, parse, sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CodedError
from ppdesk.store.access import find_key
from ppdesk.store.anchor import AnchorBook, compare
from ppdesk.store.connection import engine
from ppdesk.store.errors import BrokenChainError, DamagedArtifactError, ForkError, RollbackError
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile

PAGE = 4096
EVENTS = 6


def add(project: ProjectFile, number: int, word: str = "a") -> None:
    table = Artifact(
        Kind.TABLE,
        {"n": number},
        (Part("rows", pa.table({"c": [f"{word}{number}-{n}" for n in range(300)]}), True),),
    )
    draft = EventDraft(
        time=str(number),
        actor=word,
        kind="import",
        code="c",
        outcome="ok",
        facts={"rows": number, "word": word * 900},
    )
    project.append(draft, [table], entropy=TestEntropy(number))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of six events; its state after three of them lies beside it as ``old``."""
    path = tmp_path_factory.mktemp("trust") / "p.ppdesk"
    with ProjectFile.create(
        path, "p", project_id="id", created="now", entropy=TestEntropy(1), kdf=KdfProfile.TEST
    ) as made:
        for number in range(1, 4):
            add(made, number)
    shutil.copy(path, path.with_name("old"))
    with ProjectFile.open(path, "p") as made:
        for number in range(4, EVENTS + 1):
            add(made, number)
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "p.ppdesk"))


@pytest.fixture
def book(original: Path, tmp_path: Path) -> AnchorBook:
    """What a computer remembers that has seen all six events."""
    made = AnchorBook(tmp_path / "anchors")
    with ProjectFile.open(original, "p", read_only=True) as project:
        made.write(project.project_id, *project.head())
    return made


def remarks(path: Path, book: AnchorBook) -> list[str]:
    """What a person is told on opening and checking the file. Empty: nothing was noticed."""
    try:
        with ProjectFile.open(path, "p", read_only=True) as project:
            found = [finding.title for finding in project.check()]
            compare(book.read("id"), project)
            return found
    except CodedError as error:
        return [error.message]


def with_the_key(path: Path, *statements: str, **values: object) -> None:
    """Change rows as somebody can who has the passphrase, the guards being dropped first."""
    key = find_key(path, "p")
    at = engine(path, key.key, key.salt, read_only=False)
    with at.begin() as connection:
        guards = connection.execute(
            text("SELECT name, sql, tbl_name FROM sqlite_schema WHERE type = 'trigger'")
        ).all()
        for name, _, _ in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(text(statement), values)
        left = set(connection.execute(text("SELECT name FROM sqlite_schema")).scalars())
        for _, sql, table in guards:
            if table in left:
                connection.exec_driver_sql(sql)
    at.dispose()


def test_an_untouched_file_raises_no_remark(path: Path, book: AnchorBook) -> None:
    assert remarks(path, book) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_anywhere(path: Path, book: AnchorBook, seed: int) -> None:
    whole = path.read_bytes()
    chance = random.Random(seed)  # noqa: S311 - it need only repeat
    for _ in range(15):
        at = chance.randrange(len(whole) * 8)
        changed = bytearray(whole)
        changed[at // 8] ^= 1 << at % 8
        path.write_bytes(changed)
        assert remarks(path, book), f"bit {at}"


def test_a_cut_anywhere(path: Path, book: AnchorBook) -> None:
    whole = path.read_bytes()
    chance = random.Random(1)  # noqa: S311 - it need only repeat
    lengths = [chance.randrange(len(whole)) for _ in range(15)]
    for length in [*lengths, *range(PAGE, len(whole), 7 * PAGE), len(whole) - 1]:
        path.write_bytes(whole[:length])
        assert remarks(path, book), f"cut to {length}"


@pytest.mark.parametrize("tail", [b"x", bytes(PAGE), bytes(3 * PAGE)])
def test_bytes_added_at_the_end(path: Path, book: AnchorBook, tail: bytes) -> None:
    path.write_bytes(path.read_bytes() + tail)
    assert remarks(path, book)


def test_two_pages_swapped(path: Path, book: AnchorBook) -> None:
    whole = path.read_bytes()
    pages = [whole[start : start + PAGE] for start in range(0, len(whole), PAGE)]
    chance = random.Random(2)  # noqa: S311 - it need only repeat
    for _ in range(15):
        one, other = chance.sample(range(len(pages)), 2)
        swapped = list(pages)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        path.write_bytes(b"".join(swapped))
        assert remarks(path, book), f"pages {one} and {other}"


def test_an_old_page_put_back(path: Path, original: Path, book: AnchorBook) -> None:
    """An old page has a valid code of its own: page checks pass, the history does not."""
    whole, old = path.read_bytes(), original.with_name("old").read_bytes()
    put_back = 0
    for start in range(0, len(old), PAGE):
        page = old[start : start + PAGE]
        if page == whole[start : start + PAGE]:
            continue
        path.write_bytes(whole[:start] + page + whole[start + PAGE :])
        assert remarks(path, book), f"page {start // PAGE + 1}"
        put_back += 1
    assert put_back > 3


def test_an_old_file_put_back(path: Path, original: Path, book: AnchorBook) -> None:
    shutil.copy(original.with_name("old"), path)
    with ProjectFile.open(path, "p", read_only=True) as project:
        assert project.check() == []  # by itself it is as good as it was
        with pytest.raises(RollbackError, match="ends at event 3, event 6 was recorded"):
            compare(book.read("id"), project)


def test_two_copies_that_went_different_ways(path: Path, original: Path, book: AnchorBook) -> None:
    shutil.copy(original.with_name("old"), path)
    with ProjectFile.open(path, "p") as project:
        for number in range(4, EVENTS + 3):
            add(project, number, "b")
        assert project.check() == []
        with pytest.raises(ForkError, match="event 6"):
            compare(book.read("id"), project)


def test_a_file_that_went_on_elsewhere_is_taken(path: Path, book: AnchorBook) -> None:
    with ProjectFile.open(path, "p") as project:
        add(project, EVENTS + 1)
        (found,) = compare(book.read("id"), project)
        assert found.title == "1 events are new to this computer"


def changed_actor(path: Path, seq: int) -> tuple[str, str]:
    with ProjectFile.open(path, "p", read_only=True) as project, project._engine.connect() as connection:
        wanted = text("SELECT content FROM event WHERE seq = :seq")
        content = str(connection.execute(wanted, {"seq": seq}).scalar_one())
    changed = canonical({**parse(content), "actor": "Mallory"}).decode()
    return changed, sha256_hex(changed.encode())


@pytest.mark.parametrize("seq", [1, 3, EVENTS])
def test_a_changed_event_is_named(path: Path, book: AnchorBook, seq: int) -> None:
    content, _ = changed_actor(path, seq)
    with_the_key(path, "UPDATE event SET content = :content WHERE seq = :seq", content=content, seq=seq)
    with ProjectFile.open(path, "p") as project:
        assert project.verify_chain()[0].title == f"Event {seq} was changed after it was recorded"
        with pytest.raises(BrokenChainError, match=f"Event {seq} "):
            project.events()
        with pytest.raises(BrokenChainError):
            project.event(seq)
        if seq == EVENTS:
            with pytest.raises(BrokenChainError):
                add(project, EVENTS + 1)
    assert remarks(path, book)


@pytest.mark.parametrize("seq", [1, 3, EVENTS])
def test_a_changed_event_that_was_hashed_anew(path: Path, book: AnchorBook, seq: int) -> None:
    content, hash_ = changed_actor(path, seq)
    with_the_key(
        path,
        "UPDATE event SET content = :content, hash = :hash WHERE seq = :seq",
        content=content,
        hash=hash_,
        seq=seq,
    )
    assert remarks(path, book)
    with ProjectFile.open(path, "p", read_only=True) as project:
        if seq < EVENTS:
            assert project.verify_chain()[0].title == f"Event {seq + 1} does not follow the event before it"
        else:  # the last event has nobody after it: that is what the anchor is for
            assert project.verify_chain() == []
            with pytest.raises(ForkError):
                compare(book.read("id"), project)


@pytest.mark.parametrize(
    "statements",
    [
        ["DELETE FROM opening WHERE seq = 2", "DELETE FROM event WHERE seq = 2"],
        ["DELETE FROM opening WHERE seq = 6", "DELETE FROM event WHERE seq = 6"],
        ["UPDATE opening SET value = '1' WHERE seq = 4 AND field = 'facts.rows'"],
        ["UPDATE opening SET value = 'no json' WHERE seq = 4 AND field = 'facts.rows'"],
        ["UPDATE opening SET salt = x'00' WHERE seq = 5"],
        ["UPDATE opening SET field = 'facts.other' WHERE seq = 5 AND field = 'facts.rows'"],
        ["UPDATE chunk SET data = x'00' WHERE rowid = 2"],
        ["UPDATE chunk SET data = data || x'ff' WHERE rowid = 2"],
        ["DELETE FROM chunk WHERE rowid = 2"],
        ["UPDATE part SET personal = 0"],
        ["UPDATE artifact SET head = '{}' WHERE rowid = 1"],
        ["UPDATE artifact SET head = 'no json' WHERE rowid = 1"],
        ["DELETE FROM chunk", "DELETE FROM part", "DELETE FROM artifact"],
        ["UPDATE meta SET value = 'other' WHERE name = 'project_id'"],
        ["DELETE FROM meta WHERE name = 'created'"],
        ["DROP TABLE opening"],
        ["DROP TABLE chunk"],
        ["UPDATE event SET content = '{}' WHERE seq = 2"],
        ["UPDATE event SET content = '[]' WHERE seq = 2"],
        ["UPDATE event SET content = CAST(content AS BLOB) WHERE seq = 2"],
        ["UPDATE event SET hash = x'00' WHERE seq = 2"],
        ["UPDATE opening SET salt = 'words' WHERE seq = 5"],
        ["UPDATE opening SET value = x'ff' WHERE seq = 5"],
        ["UPDATE chunk SET data = 'words' WHERE rowid = 2"],
        ["UPDATE part SET name = x'ff'"],
        ["UPDATE part SET sha256 = x'00'"],
        ["UPDATE meta SET value = x'ff' WHERE name = 'created'"],
        ["UPDATE alembic_version SET version_num = '0000'"],
        ["UPDATE alembic_version SET version_num = x'00'"],
        ["DELETE FROM alembic_version"],
    ],
    ids=lambda statements: statements[0],
)
def test_a_change_with_the_key(path: Path, book: AnchorBook, statements: list[str]) -> None:
    with_the_key(path, *statements)
    assert remarks(path, book)
    try:  # nor does it come to anything but a coded error where the file is used
        with ProjectFile.open(path, "p") as project:
            digests = [digest for event in project.events() for digest in event.outputs.values()]
            for digest in digests:
                project.artifact(digest)
            add(project, 7)
    except CodedError as error:
        assert error.message  # noqa: PT017 - a change that use does not meet is found by the check alone


def test_guards_that_were_removed_are_missed(path: Path, book: AnchorBook) -> None:
    key = find_key(path, "p")
    at = engine(path, key.key, key.salt, read_only=False)
    with at.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
    at.dispose()
    assert remarks(path, book) == ["The file no longer refuses changes: event_no_update missing"]


def test_a_changed_artifact_is_not_handed_out(path: Path) -> None:
    with ProjectFile.open(path, "p", read_only=True) as project:
        digest = project.event(2).outputs[Kind.TABLE]
    with_the_key(
        path, "UPDATE chunk SET data = CAST(data || x'00' AS BLOB) WHERE artifact = :digest", digest=digest
    )
    with ProjectFile.open(path, "p", read_only=True) as project, pytest.raises(DamagedArtifactError):
        project.artifact(digest)


def test_a_history_written_anew_from_its_first_event(tmp_path: Path, book: AnchorBook) -> None:
    """Sound by itself, and all that a person with the key can wish for; only the anchor knows better."""
    forged = tmp_path / "forged"
    with ProjectFile.create(
        forged, "p", project_id="id", created="now", entropy=TestEntropy(1), kdf=KdfProfile.TEST
    ) as made:
        for number in range(1, EVENTS + 1):
            add(made, number, "c")
        assert made.check() == []
        with pytest.raises(ForkError):
            compare(book.read("id"), made)


def test_a_bad_page_does_not_silence_the_other_checks(path: Path, book: AnchorBook) -> None:
    """One bad page is reported with its number, and the history is walked all the same."""
    whole = bytearray(path.read_bytes())
    whole[-PAGE + 100] ^= 1
    path.write_bytes(whole)
    found = remarks(path, book)
    assert f"page {len(whole) // PAGE}" in found[0]
