"""What a caller declared, in any of the forms that estimators accept, as a schema and a target."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.train.errors import UnansweredError, UndeclaredTargetError
from ppdesk.train.schema import Classes, Quantity, Schema, Target, column, target_from_json

_UNNAMED = "y"  # how a target without a name is called
_TWO = 2


def is_pair(declared: Any) -> bool:
    """Whether it is (low, high): two numbers, or two arrays of numbers."""
    return (
        isinstance(declared, tuple | list)
        and len(declared) == _TWO
        and all(np.asarray(one).dtype.kind in "iuf" for one in declared)
    )


def has_name(target: Any) -> bool:
    """Whether it says which column the target is."""
    return isinstance(target, Classes | Quantity | str | Mapping)


def schema_of(declared: Any, X: Any, names: tuple[str, ...] | None, target: Target | None) -> Schema:  # noqa: N803
    """The schema without `target`. Of X only the number of columns is asked, of a matrix whose bounds are a
    pair. UnansweredError, UndeclaredFeatureError."""
    gone = () if target is None else (target.name,)
    if isinstance(declared, Schema):
        return Schema(tuple(one for one in declared.columns if one.name not in gone))
    if isinstance(declared, Mapping):
        return Schema.from_json(declared, without=gone)
    if not is_pair(declared):
        raise UnansweredError(
            what="what the columns may hold",
            how="Give schema: bounds or categories of every column, or (low, high) for a matrix of numbers.",
        )
    if names is None:
        names = tuple(f"x{place}" for place in range(X.shape[1]))
    names = tuple(one for one in names if one not in gone)
    try:
        low, high = (np.broadcast_to(np.asarray(one, dtype=np.float64), (len(names),)) for one in declared)
    except ValueError:
        raise UnansweredError(
            what="a bound for each column", how=f"Give one pair, or arrays of {len(names)} numbers."
        ) from None
    ends = zip(names, low.tolist(), high.tolist(), strict=True)
    return Schema(tuple(column(name, {"type": "numeric", "min": a, "max": b}) for name, a, b in ends))


def classes_of(declared: Any, schema: Any) -> tuple[Classes, npt.NDArray[Any]]:
    """The classes, and how the caller writes them, (classes,), in their order; of a list of two the last is
    the positive one. UnansweredError, UndeclaredTargetError."""
    found: Any = declared
    if isinstance(declared, str | Mapping):
        found = _by_name(declared, schema)
    elif isinstance(declared, Sequence | np.ndarray) and len(declared):
        import pyarrow as pa

        written = np.asarray(declared)
        texts = pa.array(written, from_pandas=True).cast(pa.string()).to_pylist()
        values = tuple(str(one) for one in texts)
        return Classes(_UNNAMED, values, values[-1] if len(values) == _TWO else None), written
    if not isinstance(found, Classes):
        raise UnansweredError(what="the classes of the target", how="Give target with its categories.")
    return found, np.asarray(found.values)


def quantity_of(declared: Any, schema: Any) -> Quantity:
    """The target's bounds. UnansweredError, UndeclaredTargetError."""
    found: Any = declared
    if isinstance(declared, str | Mapping):
        found = _by_name(declared, schema)
    elif is_pair(declared):
        low, high = (float(one) for one in declared)
        return Quantity(_UNNAMED, low, high)
    if not isinstance(found, Quantity):
        raise UnansweredError(what="the bounds of the target", how="Give target with its min and max.")
    return found


def _by_name(declared: str | Mapping[str, Any], schema: Any) -> Target:
    """The target that its JSON says, or that the schema says about the column of this name."""
    if isinstance(declared, Mapping):
        return target_from_json(declared)
    entries = schema.get("columns") if isinstance(schema, Mapping) else None
    if isinstance(schema, Schema):
        entries = {one.name: one.to_json() for one in schema.columns}
    entry = entries.get(declared) if isinstance(entries, Mapping) else None
    if not isinstance(entry, Mapping):
        raise UndeclaredTargetError(column=declared, reason="it is not declared")
    return target_from_json({**entry, "name": declared})
