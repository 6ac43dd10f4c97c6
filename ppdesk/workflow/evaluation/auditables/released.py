"""What a model releases, as named numbers: its JSON, what is recorded beside it, and what it predicts."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_FARTHEST = 1e100
# the claim itself, and what was asked for: the same in every run
_KNOWN = frozenset({"privacy", "schema", "columns", "format", "estimator", "target", "rule"})


def of_model(trained: Any, probe: Any) -> dict[str, float]:
    """Everything in `trained` (a Trained) that a run could change: numbers of the model and of the notes, and
    its predictions for the made-up records `probe`."""
    found = dict(flat("model", json.loads(trained.model.to_json())))
    found.update(flat("note", trained.notes))
    if probe is not None:
        found.update(flat("says", trained.model.predict(probe).tolist()))
    return found


def flat(name: str, value: Any) -> Iterator[tuple[str, float]]:
    """The numbers in a JSON value by their paths. Lists tell their length too, texts a number of their
    own."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key not in _KNOWN:
                yield from flat(f"{name}.{key}", one)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield f"{name}.length", float(len(value))
        for place, one in enumerate(value):
            yield from flat(f"{name}.{place}", one)
    elif isinstance(value, bool | int | float):
        yield name, number(float(value))
    elif isinstance(value, str):
        yield name, float(sum(ord(one) * 31**place for place, one in enumerate(value[:8])))


def number(value: float) -> float:
    """`value` where sums of squares hold it; what is no number is -2 _FARTHEST, and so differs from
    missing."""
    return -2 * _FARTHEST if math.isnan(value) else min(_FARTHEST, max(-_FARTHEST, value))
