"""What was redacted is nowhere in an auditor's copy, cannot be guessed, and cannot be put back as something
else; the chain still verifies, computed by somebody else's reader."""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

from ppdesk.core.findings import Level
from ppdesk.core.mode import Mode
from ppdesk.identity.signer import create_signer
from ppdesk.store.access import find_key
from ppdesk.store.commitments import Opening
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.session import Session
from ppdesk.workflow.recipe import load_recipe

SMALL = Path(__file__).parents[1] / "data" / "small"
OURS, THEIRS = "ours to keep", "theirs to read"
MODE = Mode(12)
PERSON, ANSWER = "Quillon Featherstonehaugh", "yes"
FIELDS = ["objective.params.people", "feedback.params.answer"]


# none of the words pass through these, and they take most of the time
SKIPPED = ("opendp", "synthesize", "model", "tune", "attack", "audit", "draft", "verify")


@dataclass(frozen=True)
class Files:
    project: Path
    copy: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The person stands in the objective, in a comment on it, and so in the signed report."""
    folder = tmp_path_factory.mktemp("redacted")
    signer = create_signer(folder / "s", "Ada", "a horse", entropy=MODE.entropy("s"), clock=MODE.clock())
    project = folder / "p.ppdesk"
    with Session.create(project, OURS, mode=MODE, home=folder / "home", actor="Ada") as session:
        session.set_signer(signer)
        for key, values in load_recipe(SMALL / "recipe.toml").steps:
            if key == "objective":
                values["people"] = f"{PERSON}; and others"
            if key == "feedback":
                values |= {"comment": "QUILLON  featherstonehaugh should look at it.", "answer": ANSWER}
            if key == "handover":
                values["redact"] = FIELDS
            if key not in SKIPPED:
                session.run(key, values, secret=THEIRS)
    return Files(project, folder / "adult-audit.ppdesk")


def reader(path: Path, passphrase: str, *, write: bool = False) -> apsw.Connection:
    key = find_key(path, passphrase)
    flags = apsw.SQLITE_OPEN_READWRITE if write else apsw.SQLITE_OPEN_READONLY
    connection = apsw.Connection(str(path), flags=flags)
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.pragma("key", f"raw:{key.key.hex()}{key.salt.hex()}")
    return connection


def cells(path: Path, passphrase: str) -> Iterator[bytes]:
    """Every cell, and what is written in it as base64."""
    connection = reader(path, passphrase)
    for (table,) in list(connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")):
        for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  its own names
            for one in row:
                data = one if isinstance(one, bytes) else str(one).encode()
                yield data
                for block in re.findall(rb"[A-Za-z0-9+/\s]{60,}={0,2}", data):
                    text = b"".join(block.split())
                    yield b64decode(text[: len(text) // 4 * 4])


def holding(path: Path, passphrase: str) -> int:
    wanted = re.compile(rb"quillon\s+featherstonehaugh", re.IGNORECASE)
    return sum(1 for cell in cells(path, passphrase) if wanted.search(cell))


def contents(path: Path, passphrase: str) -> list[tuple[str, str]]:
    return list(reader(path, passphrase).execute("SELECT content, hash FROM event ORDER BY seq"))


def test_the_words_are_in_the_project_and_nowhere_in_the_copy(files: Files) -> None:
    assert holding(files.project, OURS) >= 3
    assert holding(files.copy, THEIRS) == 0


def test_a_strangers_reader_computes_the_same_chain(files: Files) -> None:
    ours, theirs = contents(files.project, OURS), contents(files.copy, THEIRS)
    assert theirs == ours[: len(theirs)]
    meta = dict(reader(files.copy, THEIRS).execute("SELECT name, value FROM meta"))
    first = f'{{"created":"{meta["created"]}","ppdesk":1,"project":"{meta["project_id"]}"}}'
    prev = hashlib.sha256(first.encode()).hexdigest()
    for content, said in theirs:
        assert json.loads(content)["prev"] == prev
        prev = hashlib.sha256(content.encode()).hexdigest()
        assert prev == said


def closed(files: Files) -> tuple[int, str, bytes]:
    """(event, commitment, the salt that the project holds) of the answer, which has few possible values."""
    rows = reader(files.project, OURS).execute("SELECT seq, salt FROM opening WHERE field = 'params.answer'")
    ((seq, salt),) = list(rows)
    told: Any = json.loads(contents(files.copy, THEIRS)[seq - 1][0])
    return seq, told["commitments"]["params.answer"], salt


def test_a_value_of_few_possibilities_cannot_be_guessed(files: Files) -> None:
    seq, commitment, salt = closed(files)
    guesses = ("yes", "no", "", "maybe", "Yes", "YES")
    assert Opening("params.answer", salt, json.dumps(ANSWER)).opens(commitment)  # with the salt it could
    assert not any(salt in cell or salt.hex().encode() in cell for cell in cells(files.copy, THEIRS))
    theirs = [row[0] for row in reader(files.copy, THEIRS).execute("SELECT salt FROM opening")]
    for other in (b"", bytes(32), *theirs):  # nor does a salt that is left tell anything
        assert not any(Opening("params.answer", other, json.dumps(g)).opens(commitment) for g in guesses)
    with ProjectFile.open(files.copy, THEIRS, read_only=True) as copy:
        assert "params.answer" in copy.event(seq).redacted


@pytest.mark.parametrize("value", ["no", ANSWER])
def test_another_value_cannot_be_put_in_its_place(files: Files, tmp_path: Path, value: str) -> None:
    """Not even the true one: the sealed manifest says that the field is closed."""
    forged = tmp_path / "forged.ppdesk"
    forged.write_bytes(files.copy.read_bytes())
    seq, _, salt = closed(files)
    connection = reader(forged, THEIRS, write=True)
    row = (seq, "params.answer", salt, json.dumps(value))
    connection.execute("INSERT INTO opening (seq, field, salt, value) VALUES (?, ?, ?, ?)", row)
    connection.close()
    with ProjectFile.open(forged, THEIRS, read_only=True) as copy:
        found = copy.verify_chain()
        assert any(one.level is Level.BLOCKING for one in found)
        assert any("is open, and the manifest says" in one.title for one in found)
        assert any("was changed" in one.title for one in found) is (value != ANSWER)
    with pytest.raises(Exception, match="does not hold"):
        Session.open(forged, THEIRS, mode=MODE, home=tmp_path, actor="Bo", read_only=True)


def test_sections_say_what_is_closed(files: Files, tmp_path: Path) -> None:
    with Session.open(files.copy, THEIRS, mode=MODE, home=tmp_path, actor="Bo", read_only=True) as session:
        assert all(one.level is Level.INFO for one in session.integrity())
        for event in session.events():
            if event.outcome == "ok":
                section = session.section(event.seq)
                said = any("Not in this copy" in str(block) for block in section.blocks)
                assert said is any(name.startswith(("params.", "facts.")) for name in event.redacted)
        assert session.budget().spent_epsilon == 1.0
        assert session.places()
        assert session.heads()
