"""Frozen dataclasses as plain JSON values and back: how the whole document stands in evidence.json.

A field becomes a member of its name; a block also says its kind. Reading is strict, since the values may
come from a hostile file: every member must be a field, and every value of that field's type. A field that
is missing keeps its default, so that a program can read what an older one wrote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from ppdesk.core.canonical import Json
from ppdesk.core.clock import stamp
from ppdesk.core.section import Answer, Block, Figures, Plot, Table, Words

T = TypeVar("T")
_BLOCKS: Mapping[str, type[Any]] = {
    kind.__name__.lower(): kind for kind in (Words, Figures, Table, Plot, Answer)
}
_DEEPEST = 60  # nested values: far more than any document has


class NotThisTypeError(ValueError):
    """The values do not fill the type; the text names the place."""


def to_plain(value: object) -> Json:
    """Strings, numbers, lists and objects for `value`: dataclasses, moments (as the chain writes them)."""
    if isinstance(value, str):
        return value.value if isinstance(value, Enum) else str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return stamp(value)
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
        kind = type(value).__name__.lower()
        return {"kind": kind, **found} if kind in _BLOCKS else found
    if isinstance(value, Mapping):
        return {str(name): to_plain(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [to_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} cannot stand in evidence")


def from_plain(kind: type[T], value: Json, place: str = "") -> T:
    """The `kind` that `value` says. NotThisTypeError."""
    read: T = _read(kind, value, place, 0)
    return read


def _read(kind: Any, value: Any, place: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise NotThisTypeError(f"{place} is nested too deep")
    if kind == Block:
        return _block(value, place, depth)
    if get_origin(kind) is not None:
        return _made_of(kind, value, place, depth)
    if is_dataclass(kind):
        return _dataclass(kind, value, place, depth)
    if kind is datetime:
        return _moment(value, place)
    wanted = (int, float) if kind is float else kind
    return _checked(value, isinstance(value, wanted) and (kind is bool or not isinstance(value, bool)), place)


def _made_of(kind: Any, value: Any, place: str, depth: int) -> Any:
    """A kind that is made of others."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _checked(value, isinstance(value, str) and value in parts, place)
    if origin in (Union, UnionType):
        return _either(parts, value, place, depth)
    if origin is tuple and parts[1:] != (...,):
        return _several(parts, value, place, depth)
    if issubclass(origin, Mapping):
        return _checked(value, isinstance(value, dict), place)  # values of a chart: the chart checks them
    _checked(value, isinstance(value, list), place)
    return tuple(_read(parts[0], one, f"{place}/{at}", depth + 1) for at, one in enumerate(value))


def _dataclass(kind: Any, value: Any, place: str, depth: int, *, beside: tuple[str, ...] = ()) -> Any:
    _checked(value, isinstance(value, dict), place)
    known = _fields(kind)
    for name in value:
        if name not in known and name not in beside:
            raise NotThisTypeError(f"{place} has something that no document has")
    found = {}
    for name, (hint, required) in known.items():
        if name in value:
            found[name] = _read(hint, value[name], f"{place}/{name}", depth + 1)
        elif required:
            raise NotThisTypeError(f"{place}/{name} is missing")
    return kind(**found)


def _block(value: Any, place: str, depth: int) -> Any:
    kind = _BLOCKS.get(str(value.get("kind"))) if isinstance(value, dict) else None
    if kind is None:
        raise NotThisTypeError(f"{place} is no block")
    return _dataclass(kind, value, place, depth, beside=("kind",))


def _either(kinds: tuple[Any, ...], value: Any, place: str, depth: int) -> Any:
    for kind in kinds:
        if kind is NoneType:
            if value is None:
                return None
            continue
        try:
            return _read(kind, value, place, depth + 1)
        except NotThisTypeError:
            continue
    return _wrong(place)


def _several(kinds: tuple[Any, ...], value: Any, place: str, depth: int) -> Any:
    _checked(value, isinstance(value, list) and len(value) == len(kinds), place)
    pairs = zip(kinds, value, strict=True)
    return tuple(_read(kind, one, f"{place}/{number}", depth + 1) for number, (kind, one) in enumerate(pairs))


def _moment(value: Any, place: str) -> datetime:
    try:
        made = datetime.fromisoformat(value).astimezone(UTC)
        exact = stamp(made) == value
    except (TypeError, ValueError, OverflowError):
        exact = False
    return made if exact else _wrong(place)


def _wrong(place: str) -> NoReturn:
    raise NotThisTypeError(f"{place} is of the wrong type")


def _checked(value: Any, holds: bool, place: str) -> Any:
    return value if holds else _wrong(place)


@cache
def _fields(kind: Any) -> Mapping[str, tuple[Any, bool]]:
    """Field -> (type, whether it has no default)."""
    hints = get_type_hints(kind)
    return {
        field.name: (hints[field.name], field.default is MISSING and field.default_factory is MISSING)
        for field in fields(kind)
    }
