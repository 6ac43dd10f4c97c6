"""How a trained network reads its columns: exact numbers, so that another program reads them the same.

A binned number v is in cell #{edges <= v}: an edge is the smallest 64-bit float that the encoding of training
puts into its cell or a later one. Any other number counts as (v - middle) * slope after it was cut to the
declared bounds, both on sign(v) log(1 + |v|) where "log" is declared; a missing one as 0. Training reads with
32-bit floats; a trained model and its exported form with 64-bit ones, each by these numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json
from ppdesk.train.errors import BadModelError
from ppdesk.train.records import Records
from ppdesk.train.schema import Column, Numeric, Schema
from ppdesk.train.sgd.encoding import Encoding

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_SIGN = np.int64(-(2**63))


@dataclass(frozen=True)
class Input:
    """One column. `edges`, (bins - 1,), of a binned number; None: its bounds are one, and no value has a
    cell. `middle` and `slope` of another number."""

    edges: Floats | None = field(default=None, repr=False)
    middle: float = 0.0
    slope: float = 0.0

    def to_json(self, *, binned: bool) -> dict[str, Json]:
        if binned:
            return {"edges": None if self.edges is None else self.edges.tolist()}
        return {"middle": self.middle, "slope": self.slope}


def inputs_of(encoding: Encoding) -> tuple[Input, ...]:
    """Of each column of the schema. Found by halving the range of floats, with the code of training."""
    return tuple(
        (_binned(encoding, place) if encoding.bins > 0 else _plain(one))
        if isinstance(one, Numeric)
        else Input()
        for place, one in enumerate(encoding.schema.columns)
    )


def _binned(encoding: Encoding, place: int) -> Input:
    column = encoding.schema.columns[place]
    assert isinstance(column, Numeric)  # noqa: S101  # narrowing for the type checker: the caller chose it
    wanted = np.arange(1, encoding.bins)

    def reached(values: Floats) -> "npt.NDArray[np.bool_]":
        return cells(encoding, place, values) >= wanted

    ends = cells(encoding, place, np.array([column.low, column.high]))
    if (ends == encoding.bins).any():
        return Input()
    low, high = (np.full(wanted.size, _order(np.float64(end))) for end in (column.low, column.high))
    while (low < high).any():  # the first float that has reached each cell, in [low, high]
        middle = (low & high) + ((low ^ high) >> 1)  # without overflow
        there = reached(_float(middle))
        low, high = np.where(there, low, middle + 1), np.where(there, middle, high)
    return Input(_float(low))


def cells(encoding: Encoding, place: int, values: Floats) -> Whole:
    """The cell that training puts each value of the column at `place` in, (n,); `bins` for a missing one."""
    column = encoding.schema.columns[place]
    alone = Encoding(Schema((column,)), encoding.bins)
    return alone.read(Records(Schema((column,)), (values,))).codes[:, 0].astype(np.int64)


def _order(value: np.float64) -> np.int64:
    """Whole numbers in the order of floats."""
    bits = np.asarray(value).view(np.int64)[()]
    return np.int64(bits if bits >= 0 else _SIGN - bits)


def _float(order: Whole) -> Floats:
    return np.where(order >= 0, order, _SIGN - order).view(np.float64)


def _plain(column: Numeric) -> Input:
    low, high = (
        float(magnitude(np.float64(end))) if column.log else end for end in (column.low, column.high)
    )
    half = high / 2 - low / 2
    return Input(None, low / 2 + high / 2, 1.0 / half if half > 0 else 0.0)


def read(records: Records, encoding: Encoding, inputs: tuple[Input, ...]) -> tuple[Whole, Floats]:
    """(codes, (n, coded columns), from 0 in each column; numbers, (n, plain columns)), see `Encoding`."""
    codes = [_codes(records, encoding, inputs[place], place) for place in encoding.coded]
    numbers = [_numbers(records, encoding, inputs[place], place) for place in encoding.plain]
    nothing = np.zeros((records.rows, 0))
    return (
        np.stack(codes, axis=1) if codes else nothing.astype(np.int64),
        np.stack(numbers, axis=1) if numbers else nothing,
    )


def _codes(records: Records, encoding: Encoding, one: Input, place: int) -> Whole:
    values = records.values[place]
    if not isinstance(encoding.schema.columns[place], Numeric):
        return values.astype(np.int64)
    if one.edges is None:
        return np.full(records.rows, encoding.bins)
    found = np.searchsorted(one.edges, values, side="right")
    return np.where(np.isnan(values), encoding.bins, found)


def _numbers(records: Records, encoding: Encoding, one: Input, place: int) -> Floats:
    column = encoding.schema.columns[place]
    assert isinstance(column, Numeric)  # noqa: S101  # narrowing for the type checker: the caller chose it
    values = np.clip(np.asarray(records.values[place], np.float64), column.low, column.high)
    if column.log:
        values = magnitude(values)
    return np.nan_to_num((values - one.middle) * one.slope, nan=0.0)


def magnitude(values: "Floats | np.float64") -> Floats:
    """sign(v) log(1 + |v|)."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def from_json(untrusted: object, encoding: Encoding) -> tuple[Input, ...]:
    """What a model's JSON says of its columns. BadModelError where that does not fit them."""
    columns = encoding.schema.columns
    if not isinstance(untrusted, list) or len(untrusted) != len(columns):
        raise BadModelError(reason="its inputs do not fit its columns")
    return tuple(_input(one, column, encoding.bins) for one, column in zip(untrusted, columns, strict=True))


def _input(untrusted: Mapping[str, Any], column: Column, bins: int) -> Input:
    if not isinstance(column, Numeric):
        return Input()
    if bins == 0:
        found = Input(None, float(untrusted["middle"]), float(untrusted["slope"]))
        if not np.isfinite([found.middle, found.slope]).all():
            raise BadModelError(reason="an input is no number")
        return found
    if untrusted["edges"] is None:
        return Input()
    edges = np.asarray(untrusted["edges"], np.float64)
    if edges.shape != (bins - 1,) or not np.isfinite(edges).all() or (np.diff(edges) < 0).any():
        raise BadModelError(reason="its edges do not fit its bins")
    return Input(edges)
