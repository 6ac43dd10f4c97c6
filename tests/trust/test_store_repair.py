"""A damaged file is read as far as it can be, and what is missing is said; the original stays as it is."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import canonical, parse, sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.store import pages
from ppdesk.store.access import find_key
from ppdesk.store.anchor import Anchor, compare
from ppdesk.store.carve import Pages
from ppdesk.store.connection import journal
from ppdesk.store.errors import (
    CutFileError,
    ExistingFileError,
    ForkError,
    NotAProjectError,
    NothingToSalvageError,
    UnknownArtifactError,
    WrongPassphraseError,
)
from ppdesk.store.events import Event, EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile
from ppdesk.store.repair import Repaired, repair

PAGE = pages.PAGE_BYTES
EVENTS = 12
NOTE = EventDraft(time="2026-02-01", actor="Ada", kind="", code="c", outcome="ok", stamp="not private")


def add(project: ProjectFile, number: int) -> None:
    rows = pa.table({"c": [f"{number}-{n}" for n in range(200)]})
    data = random.Random(number).randbytes(9_000_000 if number == 4 else 30)  # noqa: S311
    parts = (Part("rows", rows, True), Part("b", data), Part("e", b""))
    artifact = Artifact(Kind.TABLE, {"n": number, "words": "w" * 300}, parts)
    draft = EventDraft(
        time=str(number),
        actor="Łukasz",
        kind="import",
        code="c",
        outcome="ok",
        params={"text": "p" * (9000 if number % 5 == 0 else 900), "share": 0.25, "tiny": 1e-9, "half": -2.5},
        facts={"rows": number, "word": "v" * (5000 if number % 4 == 0 else 50)},
    )
    project.append(draft, [artifact], entropy=TestEntropy(number))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("repair") / "p.ppdesk"
    with ProjectFile.create(
        path, "p", project_id="id", created="now", entropy=TestEntropy(1), kdf=KdfProfile.TEST
    ) as made:
        for number in range(1, EVENTS + 1):
            add(made, number)
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "p.ppdesk"))


@pytest.fixture(scope="module")
def whole(original: Path) -> list[Event]:
    with ProjectFile.open(original, "p", read_only=True) as project:
        return project.events()


def repaired(path: Path, known: tuple[int, str] | None = None) -> Repaired:
    before = path.read_bytes()
    target = path.with_name("new.ppdesk")
    done = repair(path, "p", target, draft=NOTE, entropy=TestEntropy(9), recall=lambda _: known)
    assert path.read_bytes() == before
    return done


def pages_of(path: Path, wanted: Callable[[bytes], bool]) -> list[int]:
    source = Pages(path, find_key(path, "p"))
    try:
        return [n for n in range(1, source.count + 1) if wanted(source.page(n) or b"")]
    finally:
        source.close()


def spoil(path: Path, *numbers: int) -> None:
    with path.open("r+b") as file:
        for number in numbers:
            file.seek((number - 1) * PAGE + 2000)
            file.write(bytes(100))


def recomputed(done: Repaired) -> dict[int, str]:
    """The original hashes of the events that were chained anew, from the new file alone."""
    hashes = {}
    with ProjectFile.open(done.path, "p", read_only=True) as project:
        for run in project.events()[-1].params["chained_anew"]:  # type: ignore[union-attr]
            prev = run["prev"]  # type: ignore[call-overload,index]
            for seq in range(run["first"], run["last"] + 1):  # type: ignore[call-overload,index]
                with project._engine.begin() as connection:
                    content = project._link(connection, seq).content
                prev = hashes[seq] = sha256_hex(canonical({**parse(content), "prev": prev}))
    return hashes


def agree(done: Repaired, whole: list[Event]) -> None:
    """What the new file says is what was recorded, or it is marked as missing."""
    gone = {seq for first, last in done.missing for seq in range(first, last + 1)}
    anew = recomputed(done)
    with ProjectFile.open(done.path, "p") as project:
        assert project.verify_chain() == []
        events = project.events()
        assert events[-1].kind == "repair"
        assert tuple(events[-1].findings) == done.findings
        for old, new in zip(whole, events[:-1], strict=False):
            if new.seq in gone:
                assert new.kind == "missing"
                continue
            assert anew.get(new.seq, new.hash) == old.hash
            assert (new.seq, new.time, new.plain, new.outputs) == (old.seq, old.time, old.plain, old.outputs)
            assert set(new.openings) <= set(old.openings)
        for event in whole:
            digest = event.outputs[Kind.TABLE]
            if digest in done.lost_artifacts or event.seq in gone:
                continue
            assert project.artifact(digest).data("b")
        remarks = {finding.code for finding in project.check()}
        assert remarks <= ({"PP-STORE-017"} if done.lost_artifacts else set())
        add(project, 99)  # and work goes on


def test_a_sound_file_loses_nothing(path: Path, whole: list[Event]) -> None:
    done = repaired(path)
    assert (done.events, done.artifacts, done.missing, done.findings) == (EVENTS, EVENTS, (), ())
    agree(done, whole)
    with ProjectFile.open(done.path, "p") as project:
        assert project.events()[:EVENTS] == whole
        assert project.check() == []
        (found,) = compare(Anchor("id", EVENTS, whole[-1].hash), project)
        assert found.title == "2 events are new to this computer"


@pytest.mark.parametrize("seed", range(5))
def test_pages_lost_at_random(path: Path, whole: list[Event], seed: int) -> None:
    count = path.stat().st_size // PAGE
    chance = random.Random(seed)  # noqa: S311 - it need only repeat
    spoil(path, *chance.sample(range(2, count), count // 20), *chance.sample(range(2, 60), 5))
    done = repaired(path)
    assert done.damaged_pages
    assert done.findings
    agree(done, whole)


def test_events_lost_in_the_middle(path: Path, whole: list[Event]) -> None:
    """The pages of one event; those after it are chained anew and keep their numbers."""
    lost = pages_of(path, lambda page: page[:1] == b"\x0d" and whole[5].hash.encode() in page
                    and f'"seq":{6}'.encode() in page)  # fmt: skip
    spoil(path, *lost)
    done = repaired(path)
    assert any(first <= 6 <= last for first, last in done.missing)
    assert set(recomputed(done)) == set(range(done.missing[-1][1] + 1, EVENTS + 1))
    agree(done, whole)
    with ProjectFile.open(done.path, "p", read_only=True) as project, pytest.raises(ForkError):
        compare(Anchor("id", EVENTS, whole[-1].hash), project)  # another chain than is remembered


def test_the_tree_above_the_rows_is_not_needed(path: Path, whole: list[Event]) -> None:
    """Schema and inner pages lost: every row is found all the same, but for the project's identity."""
    inner = pages_of(path, lambda page: page[:1] == b"\x05")
    spoil(path, 1, *inner)
    with pytest.raises(WrongPassphraseError):
        ProjectFile.open(path, "p")
    done = repaired(path)
    assert done.events == EVENTS
    assert done.artifacts == EVENTS
    assert done.missing == ()
    agree(done, whole)


def test_a_lost_identity_is_said(path: Path, whole: list[Event]) -> None:
    spoil(path, *pages_of(path, lambda page: b"project_idid" in page))
    done = repaired(path)
    assert "The project's identity is lost" in [finding.title for finding in done.findings]
    assert recomputed(done)[EVENTS] == whole[-1].hash
    agree(done, whole)


def test_a_cut_file(path: Path, whole: list[Event]) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 1000])
    with pytest.raises(CutFileError):
        ProjectFile.open(path, "p")
    done = repaired(path, known=(EVENTS, whole[-1].hash))
    assert 0 < done.events < EVENTS
    assert done.missing[-1][1] == EVENTS  # the anchor knew how many there had been
    agree(done, whole)


def test_a_lost_piece_costs_its_artifact_only(path: Path, whole: list[Event]) -> None:
    spoil(path, path.stat().st_size // PAGE // 2)  # in the middle of nine megabytes
    done = repaired(path)
    assert done.missing == ()
    assert done.lost_artifacts == (whole[3].outputs[Kind.TABLE],)
    with (
        ProjectFile.open(done.path, "p", read_only=True) as project,
        pytest.raises(UnknownArtifactError),
    ):
        project.artifact(done.lost_artifacts[0])
    agree(done, whole)


def test_an_unfinished_write_is_read_as_it_was_before(path: Path, whole: list[Event]) -> None:
    image = path.with_name("image")
    image.mkdir()
    with ProjectFile.open(path, "p") as project, project._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA cache_size=5")
        connection.exec_driver_sql("DROP TABLE opening")
        connection.exec_driver_sql("CREATE TABLE extra (data)")
        for _ in range(50):
            connection.exec_driver_sql("INSERT INTO extra VALUES (randomblob(20000))")
        for place in (path, journal(path)):
            shutil.copy(place, image)
        connection.rollback()
    assert pages.hot(journal(image / path.name))
    done = repaired(image / path.name)
    assert done.findings == ()
    agree(done, whole)


def test_what_cannot_be_repaired_leaves_no_new_file(path: Path, original: Path) -> None:
    target = path.with_name("new.ppdesk")
    count = path.stat().st_size // PAGE
    spoil(path, *range(2, count + 1))
    with pytest.raises(NothingToSalvageError):
        repaired(path)
    with pytest.raises(WrongPassphraseError):
        repair(original, "q", target, draft=NOTE, entropy=TestEntropy(9))
    path.write_bytes(b"\0" * 16 + original.read_bytes()[16:])  # the salt is lost, and with it the key
    with pytest.raises(NotAProjectError):
        repaired(path)
    assert not target.exists()
    target.write_bytes(b"mine")
    with pytest.raises(ExistingFileError):
        repair(original, "p", target, draft=NOTE, entropy=TestEntropy(9))
    assert target.read_bytes() == b"mine"


def test_a_repair_that_fails_half_way_leaves_no_new_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ProjectFile, "append", fails)
    with pytest.raises(KeyboardInterrupt):
        repaired(path)
    assert [place.name for place in path.parent.iterdir()] == [path.name]


def test_random_bytes_are_no_rows(path: Path) -> None:
    """Cells of nonsense are skipped: a page can hold and still not be what it seems."""
    source = Pages(path, find_key(path, "p"))
    from ppdesk.store.carve import Cell

    for seed in range(300):
        noise = TestEntropy(seed).take(60)
        cell = Cell(True, noise, 60, 0)
        source.first_values(cell)
        source.record(cell)
        source.record(Cell(True, noise, 6000, seed))
    source.close()
