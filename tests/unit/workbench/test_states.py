"""States of runs that may go on: what the worker may send, and which reservation a data folder remembers."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import RECORDS, STATE, Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.mode import Mode
from ppdesk.workbench.errors import BadMessageError
from ppdesk.workbench.worker.protocol import Bounds, pack
from ppdesk.workbench.worker.worker import Worker
from ppdesk.workflow.model.train_states import States, keeps, sides
from ppdesk.workflow.step import Context

TABLE = pa.table({"held_out": [True, False], "kept": [True, True]})


def sent(made: Artifact, **bounds: int) -> Artifact:
    described, pieces = pack([made])
    flat = [piece if isinstance(piece, memoryview) else memoryview(_bytes(piece)) for piece in pieces]
    return Worker(Bounds(**bounds))._state({"artifacts": described}, flat)


def _bytes(stream: Any) -> bytes:
    class Pipe:
        said = b""

        def send_bytes(self, data: Any, /) -> None:
            self.said += bytes(data)

        def recv_bytes(self, _most: int | None = None, /) -> bytes:
            return b""

    pipe = Pipe()
    stream.send(pipe)
    return pipe.said


def test_a_state_is_noisy_bytes_and_a_personal_table() -> None:
    state = Artifact(Kind.CHECKPOINT, {"step": 1}, (Part(STATE, b"{}"), Part(RECORDS, TABLE, personal=True)))
    assert sent(state) == state


@pytest.mark.parametrize(
    "state",
    [
        Artifact(Kind.MODEL, {}, (Part(STATE, b"{}"),)),
        Artifact(Kind.CHECKPOINT, {}, (Part(STATE, TABLE),)),
        Artifact(Kind.CHECKPOINT, {}, (Part(STATE, b"x" * 100),)),
        Artifact(Kind.CHECKPOINT, {}, (Part(RECORDS, TABLE),)),
        Artifact(Kind.CHECKPOINT, {}, (Part("more", b"{}"),)),
    ],
    ids=["another kind", "a table", "too large", "records in the open", "another part"],
)
def test_anything_else_is_refused(state: Artifact) -> None:
    with pytest.raises(BadMessageError):
        sent(state, state=99)


def test_only_the_first_state_holds_the_records_and_young_ones_are_not_kept() -> None:
    kept: list[Artifact] = []
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "", kept.append)
    held, all_of_them = np.array([True, False]), np.array([True, True])
    states = States(context, held, all_of_them, None)
    states.take({"steps": 9, "state": {"step": 1}})
    states.take({"steps": 9, "state": {"step": 2}})
    assert [one.head["step"] for one in kept] == [1]
    assert [part.tolist() for part in sides(kept[0], 2)] == [held.tolist(), all_of_them.tolist()]
    states._next = 0.0
    states.take({"steps": 9, "state": {"step": 3}})
    assert [[part.name for part in one.parts] for one in kept] == [[STATE, RECORDS], [STATE]]


def test_who_keeps_states() -> None:
    from ppdesk.train.offers import offer

    assert [keeps(offer(key).load()) for key in ("sgd-logistic", "sgd-mlp", "linear")] == [True, True, False]


def test_only_the_data_folder_of_the_reservation_remembers_it(tmp_path: Path) -> None:
    from ppdesk_fakes.desk import DESK, PASSPHRASE, desk

    from ppdesk.workbench.session import Session

    (tmp_path / "t.csv").write_text("name,age\nBo,51\n", encoding="utf-8")
    path = tmp_path / "p.ppdesk"
    with desk(path, tmp_path / "home") as session:
        session.run("standard", {"epsilon": 1.0})
        session.run("import", {"table": str(tmp_path / "t.csv"), "dataset": ""})
        session.run("query", {"epsilon": 0.5})
        reserved = next(one for one in session.events() if one.outcome == "reserved")
        assert session._shared.remembers(reserved)
    with Session.open(
        path, PASSPHRASE, mode=Mode(), home=tmp_path / "other", actor="Ada", catalog=DESK
    ) as session:
        assert not session._shared.remembers(reserved)
