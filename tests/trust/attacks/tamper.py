"""Changes to a project file by somebody without its key: flips, cuts, swaps and splices of pages that are
each valid by themselves. Every one must be refused or pointed out; the anchor is where it was."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from judge import Tally

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CodedError
from ppdesk.store.anchor import AnchorBook, compare
from ppdesk.store.connection import journal
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.pages import PAGE_BYTES, hot
from ppdesk.store.project import ProjectFile

EVENTS, FORKED_AT, OWN, OTHER = 6, 3, "p", "q"
REFUSED, CHECKED, ANCHORED, SAME, UNNOTICED = (
    "refused at opening", "pointed out when opened or checked", "refused beside the anchor",
    "the content is the same", "UNNOTICED",
)  # fmt: skip


def add(project: ProjectFile, number: int, word: str = "a") -> None:
    rows = pa.table({"c": [f"{word}{number}-{n}" for n in range(300)]})
    draft = EventDraft(
        time=str(number), actor=word, kind="import", code="c", outcome="ok",
        params={"text": word * 700}, facts={"rows": number},
    )  # fmt: skip
    project.append(draft, [Artifact(Kind.TABLE, {"n": number}, (Part("rows", rows, True),))],
                   entropy=TestEntropy(number))  # fmt: skip


@dataclass
class Files:
    """The file under attack, and what an attacker may have: all of it valid at some time or place."""

    whole: bytes  # six events
    older: list[bytes]  # after 0 to 5 events
    fork: bytes  # as many events, other ones from the fourth on; the same key
    stranger: bytes  # another project under the same passphrase
    rekeyed: bytes  # the same project under another passphrase
    journals: list[bytes]  # hot journals, one of each age
    anchor: bytes
    content: object

    @staticmethod
    def made(folder: Path) -> "Files":
        path, older, journals = folder / "p.ppdesk", [], []
        _new(path, 1).close()
        for number in range(1, EVENTS + 1):
            older.append(path.read_bytes())
            journals.append(_hot_journal(path))
            with ProjectFile.open(path, OWN) as project:
                add(project, number)
        book = AnchorBook(folder / "anchors")
        with ProjectFile.open(path, OWN, read_only=True) as project:
            book.write("id", *project.head())
            content = _content(project)
        (anchor,) = book.folder.iterdir()
        fork, stranger, rekeyed = folder / "fork", folder / "stranger", folder / "rekeyed"
        fork.write_bytes(older[FORKED_AT])
        with ProjectFile.open(fork, OWN) as project:
            for number in range(FORKED_AT + 1, EVENTS + 1):
                add(project, number, "b")
        with _new(stranger, 2, "other") as project:
            for number in range(1, EVENTS + 1):
                add(project, number)
        shutil.copy(path, rekeyed)
        with ProjectFile.open(rekeyed, OWN) as project:
            project.change_passphrase(OWN, OTHER, entropy=TestEntropy(3))
        return Files(
            path.read_bytes(), older, fork.read_bytes(), stranger.read_bytes(), rekeyed.read_bytes(),
            journals, anchor.read_bytes(), content,
        )  # fmt: skip


def _new(path: Path, root: int, project_id: str = "id") -> ProjectFile:
    return ProjectFile.create(
        path, OWN, project_id=project_id, created="now", entropy=TestEntropy(root), kdf=KdfProfile.TEST
    )


def _hot_journal(path: Path) -> bytes:
    """The journal of a large write that is under way."""
    with ProjectFile.open(path, OWN) as project, project._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA cache_size=5")
        connection.exec_driver_sql("CREATE TABLE extra (data)")
        for _ in range(20):
            connection.exec_driver_sql("INSERT INTO extra VALUES (randomblob(20000))")
        assert hot(journal(path))
        kept = journal(path).read_bytes()
        connection.rollback()
    return kept


def _content(project: ProjectFile) -> object:
    events = project.events()
    artifacts = [project.artifact(event.outputs[Kind.TABLE]) for event in events]
    return [(event.hash, event.plain) for event in events], artifacts


def pages_of(data: bytes) -> list[bytes]:
    return [data[at : at + PAGE_BYTES] for at in range(0, len(data), PAGE_BYTES)]


Forgery = Callable[[Files, random.Random], bytes]


def flip(files: Files, chance: random.Random) -> bytes:
    changed = bytearray(files.whole)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        at = chance.randrange(len(changed) * 8)
        changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def overwrite(files: Files, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(files.whole)), chance.choice((1, 16, 512, PAGE_BYTES, 3 * PAGE_BYTES))
    filling = chance.choice((bytes(length), b"\xff" * length, chance.randbytes(length)))
    return (files.whole[:at] + filling + files.whole[at + length :])[: len(files.whole)]


def cut(files: Files, chance: random.Random) -> bytes:
    length = chance.randrange(len(files.whole))
    if chance.random() < 0.5:
        length -= length % PAGE_BYTES
    return files.whole[:length]


def lengthen(files: Files, chance: random.Random) -> bytes:
    tail = chance.choice(
        (b"x", bytes(PAGE_BYTES), files.whole, files.whole[-PAGE_BYTES:], files.older[5], files.fork)
    )
    return files.whole + tail if chance.random() < 0.7 else tail + files.whole


def swap(files: Files, chance: random.Random) -> bytes:
    pages = pages_of(files.whole)
    for _ in range(chance.choice((1, 1, 2, 5))):
        one, other = chance.sample(range(len(pages)), 2)
        if chance.random() < 0.5:
            pages[one], pages[other] = pages[other], pages[one]
        else:
            pages[one] = pages[other]
    return b"".join(pages)


def splice(donors: Callable[[Files], Sequence[bytes]]) -> Forgery:
    """Pages of another file put where they stood there: some, or all of a run, or the length too."""

    def forged(files: Files, chance: random.Random) -> bytes:
        pages, theirs = pages_of(files.whole), pages_of(chance.choice(donors(files)))
        common = min(len(pages), len(theirs))
        first = chance.randrange(common)
        chosen = chance.choice(
            (
                [first],
                range(first, common),
                range(first + 1),
                chance.sample(range(common), chance.randint(1, common)),
            )
        )
        for number in chosen:
            pages[number] = theirs[number]
        return b"".join(pages[: len(theirs)] if chance.random() < 0.2 else pages)

    return forged


def replace(files: Files, chance: random.Random) -> bytes:
    return chance.choice((*files.older, files.fork, files.stranger, files.rekeyed))


FORGERIES: dict[str, tuple[int, Forgery]] = {  # share in a hundred
    "bits flipped": (22, flip),
    "ranges overwritten": (10, overwrite),
    "cuts": (10, cut),
    "lengthened, concatenated": (4, lengthen),
    "pages swapped or copied within the file": (12, swap),
    "pages of older versions put back": (16, splice(lambda files: files.older)),
    "pages of a fork": (8, splice(lambda files: [files.fork])),
    "pages of another project, same passphrase": (4, splice(lambda files: [files.stranger])),
    "pages from after a change of passphrase": (4, splice(lambda files: [files.rekeyed])),
    "another file in its place (older, fork, stranger)": (2, replace),
}
JOURNALS, ANCHORS = "an old journal laid beside it", "the anchor changed"


def campaign(work: Path, wanted: int, seed: int, *, share: tuple[int, int] = (0, 1)) -> Tally:
    """`wanted` forgeries of all kinds."""
    tally, chance = Tally(), random.Random(f"{seed} {share[0]}")  # noqa: S311 - it must repeat
    work.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(work / "sources", ignore_errors=True)
    (work / "sources").mkdir()
    files = Files.made(work / "sources")
    names, weights = [*FORGERIES, JOURNALS, ANCHORS], [*(each for each, _ in FORGERIES.values()), 4, 4]
    mine = wanted // share[1]
    while tally.attempts < mine:
        (name,) = chance.choices(names, weights)
        data, beside, anchor = files.whole, b"", files.anchor
        if name == JOURNALS:
            beside = chance.choice(files.journals)
        elif name == ANCHORS:
            anchor = _flipped(files.anchor, chance)
        else:
            data = FORGERIES[name][1](files, chance)
            if data == files.whole:
                continue  # nothing was changed
        how, code = noticed(work, files, data, beside, anchor)
        tally.count(name, f"{how} ({code})" if code else how)
        if how == UNNOTICED:
            tally.lost.append(
                f"{name}: forgery {tally.attempts} of seed {seed}, share {share} goes unnoticed"
            )
    return tally


def _flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) * 8)
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def noticed(work: Path, files: Files, data: bytes, beside: bytes, anchor: bytes) -> tuple[str, str]:
    """Where a person is told, and with which code. With a journal beside it the file is opened for writing,
    which is what undoes a journal."""
    path, book = work / "p.ppdesk", AnchorBook(work / "anchors")
    path.write_bytes(data)
    journal(path).unlink(missing_ok=True)
    if beside:
        journal(path).write_bytes(beside)
    book.folder.mkdir(exist_ok=True)
    (place,) = (work / "sources" / "anchors").iterdir()
    (book.folder / place.name).write_bytes(anchor)
    try:
        project = ProjectFile.open(path, OWN, read_only=not beside)
    except CodedError as error:
        return REFUSED, error.error_code
    with project:
        try:
            found = compare(book.read(project.project_id), project)
        except CodedError as error:
            return ANCHORED, error.error_code
        found += project.check()
        if found:
            return CHECKED, found[0].code
        same = _content(project) == files.content
    return (SAME, "") if same else (UNNOTICED, "")


def totals(tally: Tally) -> Counter[str]:
    """How many ended in each way, whatever the code."""
    found: Counter[str] = Counter()
    for counter in tally.ended.values():
        for outcome, count in counter.items():
            found[outcome.partition(" (")[0]] += count
    return found
