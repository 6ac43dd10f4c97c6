"""Power cuts: what was written and not yet synced may be lost, kept, torn or reordered.

An operation runs once to its end while every call is put in a journal. For a cut after call i the disk is
made up again as it may then look:

- of a file, what its last fsync covers is there; of each later write any of its 512-byte sectors may be
  there or not, in any order, and the file may be longer by zeros;
- of a folder, what its last fsync covers is there; of later creations, renames, links and removals either
  the first few (as file systems with a journal do) or any of them (which is all that POSIX promises).

That is harder than any disk in use. An operation must hold under it all the same.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from judge import Known, Tally, judge
from layer import Call, Kind, calls
from operations import Lost, table
from stage import Operation, Said, Stage, heard

SECTOR = 512


@dataclass
class File:
    """A file apart from its names: what is durable, and the calls since."""

    content: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)


@dataclass
class Disk:
    """The durable state, and what is still on its way."""

    names: dict[str, File]
    folders: set[str]
    pending: list[tuple[Call, File | None]] = field(default_factory=list)  # calls on folders
    by_inode: dict[int, File] = field(default_factory=dict)

    @staticmethod
    def of(folder: Path) -> "Disk":
        disk = Disk({}, {str(folder)})
        for place in folder.rglob("*"):
            if place.is_dir():
                disk.folders.add(str(place))
            else:
                disk.names[str(place)] = file = File(bytearray(place.read_bytes()))
                disk.by_inode[place.stat().st_ino] = file
        return disk

    def do(self, call: Call) -> None:
        """One call, as the program saw it done."""
        match call.call:
            case "w" | "t":
                self.by_inode[call.inode].pending.append(call)
            case "s" if call.path in self.folders:
                self._settle(call.path)
            case "s":
                file = self.by_inode[call.inode]
                for each in file.pending:
                    change(file.content, each)
                file.pending.clear()
            case "o":  # the number may be that of a file that is gone
                self.by_inode[call.inode] = File()
                self.pending.append((call, self.by_inode[call.inode]))
            case "m":
                self.folders.add(call.path)
                self.pending.append((call, None))
            case "u" | "r" | "l":
                self.pending.append((call, self.by_inode.get(call.inode)))

    def _settle(self, folder: str) -> None:
        kept = []
        for call, file in self.pending:
            if str(Path(call.other or call.path).parent) == folder:
                apply(self.names, call, file)
            else:
                kept.append((call, file))
        self.pending = kept

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """One of the states in which the disk may be found: path -> content."""
        names = dict(self.names)
        missing = set()
        share = chance.choice((0.0, 0.5, 1.0, chance.random()))
        if chance.random() < 0.5:
            taken = self.pending[: round(share * len(self.pending))]
        else:
            taken = [pair for pair in self.pending if chance.random() < share]
        for call, file in self.pending:
            if call.call == "m" and (call, file) not in taken:
                missing.add(call.path)
        for call, file in taken:
            apply(names, call, file)
        contents = {id(file): torn(file, chance) for file in names.values()}
        return {
            path: contents[id(file)]
            for path, file in names.items()
            if not any(str(parent) in missing for parent in Path(path).parents)
        }


def apply(names: dict[str, File], call: Call, file: File | None) -> None:
    """A call on a folder. What it names may be missing where an earlier call was lost."""
    match call.call:
        case "u":
            names.pop(call.path, None)
        case "r" if file is not None:
            names.pop(call.path, None)
            names[call.other] = file
        case "l" if file is not None:
            names[call.other] = file
        case "o" if file is not None:
            names[call.path] = file


def change(content: bytearray, call: Call, start: int = 0, end: int | None = None) -> None:
    """A write (or the bytes of it from `start` to `end`), or a cut to a length."""
    if call.call == "t":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    data, at = call.data[start:end], call.offset + start
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data


def torn(file: File, chance: random.Random) -> bytes:
    """What the file may hold: some sectors of some pending writes, in some order."""
    content = bytearray(file.content)
    pending = list(file.pending)
    share = chance.choice((0.0, 0.5, 1.0, chance.random()))
    if chance.random() < 0.5:
        chance.shuffle(pending)
    for call in pending:
        if call.call == "t":
            if chance.random() < share:
                change(content, call)
            continue
        start = 0
        while start < len(call.data):  # sectors lie at multiples of 512 in the file
            end = start + SECTOR - (call.offset + start) % SECTOR
            if chance.random() < share:
                change(content, call, start, end)
            start = end
    return bytes(content)


def laid_out(folder: Path, found: dict[str, bytes]) -> None:
    for place in [place for place in folder.rglob("*") if place.is_file()]:
        place.unlink()
    for path, content in found.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)


def campaign(
    stage: Stage, everything: Mapping[str, Known], wanted: int, seed: int, *, share: tuple[int, int] = (0, 1)
) -> Tally:
    """`wanted` power cuts over all operations, as many on each; `share` as in kills.campaign."""
    tally = Tally()
    operations = table(stage.scenes)
    each_gets = -(-wanted // len(operations))
    for operation in operations[share[0] :: share[1]]:
        chance = random.Random(f"{seed} {operation.name}")  # noqa: S311 - it must repeat
        begun: list[Disk] = []
        written = stage.folder.with_name("journal")
        stage.attempt(operation, Kind.JOURNAL, 0, written, look=lambda: begun.append(Disk.of(stage.folder)))  # noqa: B023
        tried = Tried(stage, operation, everything[operation.name], tally)
        journal = list(calls(written))
        tally.points[operation.name] = sum(call.call != "n" for call in journal)
        _cut(tried, begun[0], journal, each_gets, chance)
    return tally


@dataclass(frozen=True)
class Tried:
    """An operation under power cuts."""

    stage: Stage
    operation: Operation
    told: Known
    tally: Tally

    def judged(self, said: Said, done: int) -> None:
        try:
            outcome = judge(self.stage, self.operation, self.told, said, self.tally)
        except Lost as lost:
            self.tally.lost.append(f"{self.operation.name}, power cut after call {done}: {lost}")
            outcome = "LOST"
        self.tally.count(self.operation.name, outcome)


def _cut(tried: Tried, disk: Disk, journal: list[Call], times: int, chance: random.Random) -> None:
    """Cut `times` times, at moments spread evenly at random, going through the journal once."""
    moments = sorted((chance.randrange(len(journal) + 1) for _ in range(times)), reverse=True)
    words: list[str] = []
    for done in range(len(journal) + 1):
        while moments and moments[-1] == done:
            moments.pop()
            laid_out(tried.stage.folder, disk.after_a_cut(chance))
            tried.judged(heard(words), done)
        if done < len(journal):
            call = journal[done]
            if call.call == "n":
                words.append(call.data.decode())
            else:
                disk.do(call)
