"""Somebody else's program reads the project file and computes the history anew.

The reader is apsw with SQLite3 Multiple Ciphers, a second implementation of SQLCipher's format. From
ppdesk it takes nothing but the raw key; the rules of the chain are written out again below.
"""

import hashlib
import json
from pathlib import Path

import apsw
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import TestEntropy
from ppdesk.store.access import find_key
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "p.ppdesk"
    with ProjectFile.create(
        place,
        "secret",
        project_id="id-1",
        created="2026-01-01T00:00:00.000Z",
        entropy=TestEntropy(1),
        kdf=KdfProfile.TEST,
    ) as made:
        for number in range(5):
            table = pa.table({"age": ["30", None, str(number)]})
            made.append(
                EventDraft(
                    time=f"t{number}",
                    actor="Łukasz",
                    kind="import",
                    code="0.1.0",
                    outcome="ok",
                    params={"k": number, "share": 0.1, "tiny": 1e-9},
                    free={"note": "häufig\n\u2028"},
                    facts={"rows": 3, "mean": 1e21},
                ),
                [
                    Artifact(
                        Kind.TABLE, {"n": number}, (Part("rows", table, personal=True), Part("b", b"x" * 9))
                    )
                ],
                entropy=TestEntropy(number),
            )
    return place


def sha256(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def plain_json(value: object) -> str:
    """Canonical enough for objects of strings, booleans and what stands in canonical form already."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def reader(path: Path) -> apsw.Connection:
    key = find_key(path, "secret")
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.pragma("key", f"raw:{key.key.hex()}{key.salt.hex()}")
    return connection


def test_the_chain_computes_to_the_same_hashes(path: Path) -> None:
    meta = dict(reader(path).execute("SELECT name, value FROM meta"))
    prev = sha256(f'{{"created":"{meta["created"]}","ppdesk":1,"project":"{meta["project_id"]}"}}')
    count = 0
    for content, said in reader(path).execute("SELECT content, hash FROM event ORDER BY seq"):
        count += 1
        told = json.loads(content)
        assert sha256(content) == said
        assert (told["seq"], told["prev"]) == (count, prev)
        prev = said
    with ProjectFile.open(path, "secret", read_only=True) as ours:
        assert (count, prev) == ours.head()
        assert count == 5


def test_every_commitment_opens(path: Path) -> None:
    opened = 0
    for seq, content in list(reader(path).execute("SELECT seq, content FROM event")):
        said = json.loads(content)["commitments"]
        rows = reader(path).execute("SELECT field, salt, value FROM opening WHERE seq = ?", (seq,))
        for field, salt, value in rows:
            text = f'{{"field":{json.dumps(field)},"salt":"{salt.hex()}","value":{value}}}'
            assert sha256(text) == said.pop(field)
            opened += 1
        assert said == {}
    assert opened == 15


def test_every_artifact_computes_to_its_digest(path: Path) -> None:
    connection = reader(path)
    named = [
        digest
        for (content,) in connection.execute("SELECT content FROM event")
        for digest in json.loads(content)["outputs"].values()
    ]
    assert len(named) == 5
    for digest in named:
        ((kind, head),) = list(
            connection.execute("SELECT kind, head FROM artifact WHERE digest = ?", (digest,))
        )
        parts = []
        for position, name, media, personal, said in list(
            connection.execute(
                "SELECT position, name, media, personal, sha256 FROM part WHERE artifact = ?"
                " ORDER BY position",
                (digest,),
            )
        ):
            chunks = connection.execute(
                "SELECT data, sha256 FROM chunk WHERE artifact = ? AND part = ? ORDER BY number",
                (digest, position),
            )
            whole = b""
            for data, own in chunks:
                assert sha256(data) == own
                whole += data
            assert sha256(whole) == said
            parts.append({"media": media, "name": name, "personal": bool(personal), "sha256": said})
        assert sha256(plain_json({"head": json.loads(head), "kind": kind, "parts": parts})) == digest


def test_the_other_reader_finds_the_file_sound(path: Path) -> None:
    assert list(reader(path).execute("PRAGMA integrity_check")) == [("ok",)]


def test_another_key_opens_nothing(path: Path) -> None:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.pragma("key", "raw:" + "00" * 48)
    with pytest.raises(apsw.NotADBError):
        connection.execute("SELECT * FROM event")
