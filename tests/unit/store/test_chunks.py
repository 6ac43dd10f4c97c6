"""Parts as pieces: the same table gives the same bytes, and comes back as it was."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.store import chunks
from ppdesk.store.chunks import BYTES, CHUNK_BYTES, PARQUET, artifact_digest, cut, joined

cells = st.lists(st.none() | st.text(max_size=8), max_size=30)


@settings(deadline=None)
@given(cells, st.integers(0, 30))
def test_a_table_comes_back_whatever_its_layout_in_memory(column: list[str | None], at: int) -> None:
    whole = pa.table({"c": pa.array(column, pa.string())})
    pieces = cut(Part("rows", whole, personal=True))
    assert joined(pieces).content.equals(whole)
    assert joined(pieces).personal
    split = pa.concat_tables([whole.slice(0, at), whole.slice(at)])
    assert cut(Part("rows", split)).sha256 == pieces.sha256


def test_types_come_back() -> None:
    table = pa.table(
        {
            "d": pa.array([date(2026, 1, 1), None]),
            "n": pa.array([Decimal("1.10"), None], pa.decimal128(5, 2)),
            "l": pa.array(["a", None], pa.large_string()),
            "k": pa.array(["a", "b"]).dictionary_encode(),
            "f": pa.array([float("nan"), -0.0]),
            "b": pa.array([True, None]),
        }
    )
    found = joined(cut(Part("rows", table))).content
    assert isinstance(found, pa.Table)
    assert found.schema == table.schema
    assert found.drop_columns(["f"]).equals(table.drop_columns(["f"]))


def test_a_long_table_is_cut_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_CELLS", 10)
    table = pa.table({"a": list(range(23)), "b": list(range(23))})
    pieces = cut(Part("rows", table))
    assert len(pieces.chunks) == 5
    assert joined(pieces).content.equals(table)


def test_long_cells_are_cut_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 4000)
    table = pa.table({"a": [TestEntropy(n).take(1000) for n in range(40)]})
    pieces = cut(Part("rows", table))
    assert len(pieces.chunks) > 4
    assert max(len(chunk) for chunk in pieces.chunks) <= 8000
    assert joined(pieces).content.equals(table)


def test_an_empty_table_keeps_its_columns() -> None:
    table = pa.table({"a": pa.array([], pa.string())})
    assert joined(cut(Part("rows", table))).content.equals(table)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_bytes_come_back_and_their_hash_is_theirs(size: int) -> None:
    content = bytes(size)
    pieces = cut(Part("data", content))
    assert pieces.sha256 == sha256_hex(content)
    assert pieces.size == size
    assert joined(pieces).content == content
    assert all(len(chunk) <= CHUNK_BYTES for chunk in pieces.chunks)


def test_a_digest_depends_on_all_that_an_artifact_is() -> None:
    def digest(kind: Kind, head: dict[str, int], *parts: Part) -> str:
        return artifact_digest(Artifact(kind, head, parts), [cut(part) for part in parts])

    base = digest(Kind.TABLE, {"a": 1}, Part("p", b"x"))
    assert base == digest(Kind.TABLE, {"a": 1}, Part("p", b"x"))
    others = {
        digest(Kind.RELEASE, {"a": 1}, Part("p", b"x")),
        digest(Kind.TABLE, {"a": 2}, Part("p", b"x")),
        digest(Kind.TABLE, {"a": 1}, Part("q", b"x")),
        digest(Kind.TABLE, {"a": 1}, Part("p", b"y")),
        digest(Kind.TABLE, {"a": 1}, Part("p", b"x", personal=True)),
        digest(Kind.TABLE, {"a": 1}),
    }
    assert base not in others
    assert len(others) == 6


def test_media_types_tell_tables_from_bytes() -> None:
    assert cut(Part("p", b"")).media == BYTES
    assert cut(Part("p", pa.table({"a": [1]}))).media == PARQUET
