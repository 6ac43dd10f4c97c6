"""What Train keeps on the way, so that a run that is broken off can go on. In the worker process only.

Only estimators that are trained in many noisy steps keep states; the others take seconds and begin anew,
which is charged anew. A state holds noisy values only. The first also holds which records were held out and
kept, a personal part: they are drawn once, because another draw would train on others.
"""

import inspect
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.artifacts import RECORDS, STATE, Artifact, Kind, Part
from ppdesk.core.canonical import canonical
from ppdesk.core.said import said
from ppdesk.train.errors import BadModelError

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.workflow.step import Context

    Bools = npt.NDArray[np.bool_]

_PAUSE = 30.0  # seconds from one state to the next at least,
_SHARE = 0.1  # and this share of the time so far: a day's run keeps a hundred
_FROM, _TO = 0.3, 0.95  # the share of the run that training is
_TELLINGS = 1000  # of one run at most: what goes up to the program is bounded


def keeps(estimator: type[Any]) -> bool:
    """Whether the estimator hands over states."""
    return "on_checkpoint" in inspect.signature(estimator).parameters


def sides(state: Artifact, rows: int) -> "tuple[Bools, Bools]":
    """(held out, kept) of the run that `state` is of, (rows,) bool each. BadModelError where the table has
    another length."""
    table = state.table(RECORDS)
    if table.num_rows != rows:
        raise BadModelError(reason=said("the kept state belongs to other records"))
    held, kept = (table.column(name).to_numpy(zero_copy_only=False) for name in ("held_out", "kept"))
    return held.astype(np.bool_), kept.astype(np.bool_)


@dataclass
class States:
    """Hands the states of one run over. `held` and `kept`, (rows,) bool: its records."""

    ctx: "Context"
    held: "Bools"
    kept: "Bools"
    before: Artifact | None  # the state it goes on from
    _begun: float = field(default_factory=time.monotonic)
    _next: float = 0.0

    def settings(self, estimator: type[Any]) -> dict[str, Any]:
        """What the estimator is told besides."""
        if not keeps(estimator):
            return {}
        told: dict[str, Any] = {} if self.ctx.keep is None else {"on_checkpoint": self.take}
        if self.before is not None:
            told["resume"] = json.loads(self.before.data(STATE))
        if "on_step" in inspect.signature(estimator).parameters:
            told["on_step"] = self.follow
        return told

    def follow(self, step: int, steps: int) -> None:
        """Say how far it is: counts alone, which depend on no record."""
        if step % max(1, steps // _TELLINGS):
            return
        self.ctx.progress(
            _FROM + (_TO - _FROM) * step / max(1, steps),
            said("Step {step:,} of {steps:,}", step=step, steps=steps),
        )

    def take(self, state: Mapping[str, Any]) -> None:
        """Keep `state`, unless the last one is too young. Its values are shown nowhere; of one that is not
        kept, nothing is."""
        now = time.monotonic()
        if now < self._next or self.ctx.keep is None:
            return
        self._next = now + max(_PAUSE, _SHARE * (now - self._begun))
        step, steps = int(state["state"]["step"]), int(state["steps"])
        parts = [Part(STATE, canonical(dict(state)))]
        if self.before is None:
            parts.append(Part(RECORDS, self._records(), personal=True))
        kept = Artifact(Kind.CHECKPOINT, {"step": step, "steps": steps}, tuple(parts))
        self.ctx.keep(kept)
        self.before = self.before or kept
        self.ctx.progress(
            _FROM + (_TO - _FROM) * step / max(1, steps),
            said("Step {step:,} of {steps:,} is kept", step=step, steps=steps),
        )

    def _records(self) -> "pa.Table":
        import pyarrow as pa

        return pa.table({"held_out": pa.array(self.held), "kept": pa.array(self.kept)})
