"""Whether two objects of two PDFs say the same, however they are numbered and packed."""

from typing import Any

_PACKING = frozenset(("/Length", "/Filter", "/DecodeParms"))


def difference(one: Any, other: Any) -> str:
    """Where two pyHanko objects, and all they refer to, differ: a path such as ``/Pages/Kids/0``; empty where
    they do not. References are followed, streams are compared unpacked."""
    met: dict[tuple[int, int], tuple[int, int]] = {}  # so that a circle ends
    left: list[tuple[Any, Any, str]] = [(one, other, "")]
    while left:
        first, second, path = left.pop()
        here, there = _reference(first), _reference(second)
        if (here is None) != (there is None):
            return path or "/"
        if here is not None and there is not None:
            if here in met:
                if met[here] != there:
                    return path or "/"
                continue
            met[here] = there
            first, second = first.get_object(), second.get_object()
        inside = _members(first, second, path)
        if inside is None:
            return path or "/"
        left += inside
    return ""


def _members(one: Any, other: Any, path: str) -> list[tuple[Any, Any, str]] | None:
    """What is inside two objects, side by side; None where they differ here already."""
    from pyhanko.pdf_utils import generic

    if type(one) is not type(other):
        return None
    if isinstance(one, generic.DictionaryObject):
        packing = _PACKING if isinstance(one, generic.StreamObject) else frozenset()
        names = set(one) - packing
        if names != set(other) - packing or _content(one) != _content(other):
            return None
        return [(one.raw_get(name), other.raw_get(name), path + name) for name in sorted(names)]
    if isinstance(one, generic.ArrayObject) and len(one) == len(other):
        return [(one.raw_get(at), other.raw_get(at), f"{path}/{at}") for at in range(len(one))]
    return [] if one == other else None


def _content(value: Any) -> bytes:
    from pyhanko.pdf_utils import generic

    return bytes(value.data) if isinstance(value, generic.StreamObject) else b""


def alike(one: Any, other: Any) -> bool:
    """Whether two objects of one file are the same as written: references by their numbers."""
    from pyhanko.pdf_utils import generic

    here, there = _reference(one), _reference(other)
    if here is not None or there is not None or type(one) is not type(other):
        return here is not None and here == there
    if isinstance(one, generic.DictionaryObject):
        return set(one) == set(other) and all(alike(one.raw_get(name), other.raw_get(name)) for name in one)
    if isinstance(one, generic.ArrayObject):
        pairs = ((one.raw_get(at), other.raw_get(at)) for at in range(min(len(one), len(other))))
        return len(one) == len(other) and all(alike(*pair) for pair in pairs)
    return bool(one == other)


def reached(objects: list[Any]) -> set[tuple[int, int]]:
    """(number, generation) of every object that `objects` refer to, directly or not."""
    from pyhanko.pdf_utils import generic

    found: set[tuple[int, int]] = set()
    left = list(objects)
    while left:
        one = left.pop()
        reference = _reference(one)
        if reference is not None:
            if reference in found:
                continue
            found.add(reference)
            one = one.get_object()
        if isinstance(one, generic.DictionaryObject):
            left += [one.raw_get(name) for name in one]
        elif isinstance(one, generic.ArrayObject):
            left += [one.raw_get(at) for at in range(len(one))]
    return found


def _reference(value: Any) -> tuple[int, int] | None:
    from pyhanko.pdf_utils import generic

    if not isinstance(value, generic.IndirectObject):
        return None
    return value.idnum, value.generation
