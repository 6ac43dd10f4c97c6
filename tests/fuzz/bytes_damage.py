"""Damage that any format can suffer: cut off, changed bits, pieces put in, taken out, doubled."""

import random

NAMES = ("cut", "bits", "byte", "zeros", "put in", "taken out", "doubled", "swapped", "tail")


def damaged(good: bytes, how: str, chance: random.Random) -> bytes:
    """`good` with the damage that is called `how` done to it. Never the same bytes."""
    for _ in range(20):
        made = _damaged(good, how, chance)
        if made != good:
            return made
    return good[:-1]


def _damaged(good: bytes, how: str, chance: random.Random) -> bytes:  # noqa: PLR0911  # one line a kind
    made = bytearray(good)
    at = _place(len(made), chance)
    size = chance.choice((1, 2, 4, 8, 64, 512))
    if how == "cut":
        return good[:at]
    if how == "bits":
        for _ in range(chance.choice((1, 1, 1, 2, 8, 64))):
            made[_place(len(made), chance)] ^= 1 << chance.randrange(8)
        return bytes(made)
    if how == "byte":
        for _ in range(chance.choice((1, 1, 2, 8))):
            made[_place(len(made), chance)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        return bytes(made)
    if how == "zeros":
        return good[:at] + bytes(min(size, len(good) - at)) + good[at + size :]
    if how == "put in":
        return good[:at] + chance.randbytes(size) + good[at:]
    if how == "taken out":
        return good[:at] + good[at + size :]
    if how == "doubled":
        return good[:at] + good[at : at + size] + good[at:]
    if how == "swapped":
        other = _place(len(made), chance)
        one, two = bytes(made[at : at + size]), bytes(made[other : other + size])
        made[at : at + len(two)], made[other : other + len(one)] = two, one
        return bytes(made[: len(good)])
    return good + chance.randbytes(size)


def _place(length: int, chance: random.Random) -> int:
    """Anywhere, with both ends, where formats keep what they say of themselves, more often."""
    near = min(length, 256)
    return chance.choice(
        (chance.randrange(length), chance.randrange(near), length - 1 - chance.randrange(near))
    )
