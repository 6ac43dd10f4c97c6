"""A journal grows by one entry at a time, and shows what was done to it behind its back."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ppdesk.core.filelock import alone
from ppdesk.core.journal import BrokenJournalError, Journal, NewerJournalError, head


def made(place: Path, **more: int) -> Journal:
    return Journal(
        place, lambda entry: isinstance(entry, dict) and "word" in entry, **{"most_bytes": 4096, **more}
    )


def test_entries_follow_each_other(tmp_path: Path) -> None:
    journal = made(tmp_path / "there" / "j.json")
    assert journal.read() == []
    journal.append(lambda entries: {"word": len(entries)})
    with journal.writing() as writing:
        writing.add({"word": "two"}, {"word": "three"})
        assert [entry["word"] for entry in writing.entries] == [0, "two", "three"]
    entries = made(journal.place).read()
    assert [entry["prev"] for entry in entries[1:]] == [entry["hash"] for entry in entries[:-1]]
    assert head(entries) == (3, entries[-1]["hash"])
    assert head([]) == (0, "")


@pytest.mark.parametrize(
    "damage",
    [
        lambda told: told["entries"][0].update(word=7),
        lambda told: told["entries"].pop(0),
        lambda told: told["entries"].reverse(),
        lambda told: told["entries"][1].pop("word"),
        lambda told: told["entries"].append("stray"),
        lambda told: told["entries"].append({"word": 1}),
        lambda told: told["entries"].append({"word": float("inf"), "prev": "", "hash": ""}),
        lambda told: told.pop("entries"),
        lambda told: told.update(version=0),
    ],
)
def test_what_was_changed_is_refused(tmp_path: Path, damage: object) -> None:
    journal = made(tmp_path / "j.json")
    journal.append(lambda _: {"word": 1})
    journal.append(lambda _: {"word": 2})
    told = json.loads(journal.place.read_bytes())
    damage(told)  # type: ignore[operator]
    journal.place.write_text(json.dumps(told))
    with pytest.raises(BrokenJournalError):
        journal.read()
    kept = journal.place.read_bytes()
    with pytest.raises(BrokenJournalError):
        journal.append(lambda _: {"word": 3})
    assert journal.place.read_bytes() == kept


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 3000, b"{}", b" " * 5000])
def test_what_is_no_journal_is_refused(tmp_path: Path, data: bytes) -> None:
    journal = made(tmp_path / "j.json")
    journal.place.write_bytes(data)
    with pytest.raises(BrokenJournalError):
        journal.read()


def test_a_newer_one_is_told_from_a_broken_one(tmp_path: Path) -> None:
    journal = made(tmp_path / "j.json")
    journal.place.write_text('{"version": 2, "entries": []}')
    with pytest.raises(NewerJournalError):
        journal.read()


def test_a_full_journal_takes_no_more_and_loses_nothing(tmp_path: Path) -> None:
    journal = made(tmp_path / "j.json", most_bytes=300)
    journal.append(lambda _: {"word": 1})
    with pytest.raises(BrokenJournalError, match="room"):
        journal.append(lambda _: {"word": "x" * 300})
    assert len(journal.read()) == 1


def test_who_waits_for_the_lock_waits_no_longer_than_said(tmp_path: Path) -> None:
    place = tmp_path / "lock"
    with alone(place), pytest.raises(TimeoutError), alone(place, patience=0.05):
        pass
    with alone(place, patience=0.0):
        pass


def test_threads_do_not_lose_each_others_entries(tmp_path: Path) -> None:
    def adds(number: int) -> None:
        for step in range(5):
            made(tmp_path / "j.json", most_bytes=1 << 20).append(
                lambda _, step=step: {"word": f"{number}/{step}"}
            )

    threads = [threading.Thread(target=adds, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry["word"] for entry in made(tmp_path / "j.json", most_bytes=1 << 20).read()}) == 20


_HOLDS = """
import sys, time
from pathlib import Path
from ppdesk.core.filelock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    place = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", _HOLDS, str(place)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(TimeoutError), alone(place, patience=0.05):
            pass
        holder.kill()
    with alone(place):
        pass
