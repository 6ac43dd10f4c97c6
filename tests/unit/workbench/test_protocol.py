"""The pipe between main process and worker: what is sent arrives, and nothing else is accepted."""

import json
from collections import deque
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.workbench.errors import BadMessageError
from ppdesk.workbench.worker.protocol import FRAME, Bounds, pack, receive, send, text, unpack

SMALL = Bounds(header=10_000, payload=2 * FRAME, parts=4, text=10)


class Line:
    """A pipe in memory."""

    def __init__(self, *frames: bytes) -> None:
        self.frames = deque(frames)

    def send_bytes(self, buf: Any, /) -> None:
        self.frames.append(bytes(buf))

    def recv_bytes(self, maxlength: int | None = None, /) -> bytes:
        frame = self.frames.popleft()
        if maxlength is not None and len(frame) > maxlength:
            raise OSError("bad message length")
        return frame


def header(**more: object) -> bytes:
    return json.dumps({"type": "x", "payload": [], **more}).encode()


@given(st.lists(st.binary(max_size=50), max_size=4), st.text(max_size=20))
def test_a_message_arrives_as_it_was_sent(pieces: list[bytes], word: str) -> None:
    line = Line()
    send(line, {"type": "x", "word": word}, [memoryview(piece) for piece in pieces])
    got, payload = receive(line, SMALL)
    assert got["word"] == word
    assert [piece.tobytes() for piece in payload] == pieces
    assert not line.frames


def test_no_frame_is_larger_than_said() -> None:
    line = Line()
    send(line, {"type": "x"}, [memoryview(bytes(FRAME + 5))])
    assert [len(frame) for frame in line.frames][1:] == [FRAME, 5]
    assert receive(line, SMALL)[1][0].nbytes == FRAME + 5


@pytest.mark.parametrize(
    "frames",
    [
        [b"\xff"],
        [b"[]"],
        [b"{}"],
        [b'{"type": 3}'],
        [b'{"type": "x"}'],
        [b'{"type": "x", "payload": [], "share": NaN}'],
        [b"[" * 9_000],
        [b" " * 10_001],
        [header(payload=[-1])],
        [header(payload=[True])],
        [header(payload=["1"])],
        [header(payload=[1, 1, 1, 1, 1])],
        [header(payload=[2 * FRAME + 1])],
        [header(payload=[3]), b"1234"],
        [header(payload=[3]), b""],
        [header(payload=[FRAME + 1]), bytes(FRAME + 1)],
    ],
)
def test_malformed_or_oversized_frames_are_refused(frames: list[bytes]) -> None:
    with pytest.raises(BadMessageError):
        receive(Line(*frames), SMALL)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_get_past_as_anything_but_a_message(junk: bytes) -> None:
    try:
        got, _ = receive(Line(junk), SMALL)
    except BadMessageError:
        return
    assert isinstance(got["type"], str)


def arrive(artifacts: list[Artifact], bounds: Bounds = SMALL) -> tuple[Any, list[memoryview]]:
    """What the other side gets of them."""
    described, payload = pack(artifacts)
    line = Line()
    send(line, {"type": "x", "artifacts": described}, payload)
    got, pieces = receive(line, bounds)
    assert not line.frames
    return got["artifacts"], pieces


def test_a_table_of_several_frames_arrives_as_it_was_sent() -> None:
    cells = pa.array(["0123456789"] * 600_000)
    table = pa.table(
        {"a": pa.chunked_array([cells.slice(3, 400_000), cells.slice(9)]), "b": pa.nulls(999_991)}
    )
    described, arrived = arrive([Artifact(Kind.TABLE, {}, (Part("rows", table),))], Bounds())
    assert arrived[0].nbytes > 2 * FRAME
    assert unpack(described, arrived, Bounds())[0].table("rows").equals(table)


def test_artifacts_survive_the_way() -> None:
    table = pa.table({"a": pa.array(["x", None, "*"]), "n": pa.array([1, 2, 3], pa.int64())})
    sent = Artifact(Kind.TABLE, {"rows": 3}, (Part("rows", table, personal=True), Part("note", b"abc")))
    described, arrived = arrive([sent, Artifact(Kind.OBJECTIVE, {})])
    got = unpack(described, arrived, SMALL)
    assert got[0].table("rows").equals(table)
    assert got[0].parts[0].personal
    assert got[0].data("note") == b"abc"
    assert got[1] == Artifact(Kind.OBJECTIVE, {})


PART = {"name": "a", "table": False, "personal": False}
ARTIFACT = {"kind": "table", "head": {}, "parts": [PART]}


@pytest.mark.parametrize(
    ("described", "payload"),
    [
        ("artifacts", []),
        ([1], []),
        ([{**ARTIFACT, "kind": "secret"}], [b"x"]),
        ([{**ARTIFACT, "kind": ["table"]}], [b"x"]),
        ([{**ARTIFACT, "head": []}], [b"x"]),
        ([{**ARTIFACT, "parts": {}}], [b"x"]),
        ([{**ARTIFACT, "parts": [PART, PART]}], [b"x", b"y"]),
        ([{**ARTIFACT, "parts": [{**PART, "name": "../a"}]}], [b"x"]),
        ([{**ARTIFACT, "parts": [{**PART, "personal": 0}]}], [b"x"]),
        ([{**ARTIFACT, "parts": [{**PART, "table": True}]}], [b"no arrow"]),
        ([{**ARTIFACT, "parts": ["a"]}], [b"x"]),
        ([ARTIFACT], []),
        ([ARTIFACT], [b"x", b"y"]),
        ([ARTIFACT] * 99, [b"x"] * 99),
    ],
)
def test_descriptions_that_do_not_fit_are_refused(described: object, payload: list[bytes]) -> None:
    with pytest.raises(BadMessageError):
        unpack(described, [memoryview(piece) for piece in payload], SMALL)


@given(st.binary(max_size=60), st.integers(0, 500))
def test_a_damaged_arrow_stream_is_refused_or_sound(noise: bytes, at: int) -> None:
    _, arrived = arrive([Artifact(Kind.TABLE, {}, (Part("rows", pa.table({"a": ["x", "yy"]})),))])
    raw = bytearray(arrived[0])
    raw[at : at + len(noise)] = noise
    described = [{"kind": "table", "head": {}, "parts": [{"name": "r", "table": True, "personal": True}]}]
    try:
        (got,) = unpack(described, [memoryview(raw)], SMALL)
    except BadMessageError:
        return
    got.table("r").validate(full=True)


def test_text_is_bounded_and_clean() -> None:
    assert text("a\x1b[2Jb", SMALL) == "a [2Jb"
    assert len(text("x" * 99, SMALL)) == 10
    with pytest.raises(BadMessageError):
        text(b"x", SMALL)
