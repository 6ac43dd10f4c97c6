"""The tables that are damaged: texts that are hard to keep, and the same as values of the formats."""

import random
from typing import Any

from cases import CANARY, Sheet

_HARD = (
    "007", "12345678901234567890", "9007199254740993", "1.10", "-0", "1e5", "0x1F", "true", "null", "NA",
    "nan", "None", "#N/A", "=1+1", "+49 30", "@x", "-", "ü", "e\u0301", "\U0001f9ea", "a b", "x'y", "1,5",
    "1899-12-31",
)  # fmt: skip


def table(chance: random.Random, *, rows: int = 0, columns: int = 0, plain: bool = False) -> Sheet:
    """A random table of two to six columns. The second column holds the canary, so that no value is short of
    it. `plain`: letters and digits only."""
    rows = rows or chance.choice((1, 2, 3, 5, 8, 13, 40))
    columns = columns or chance.randint(2, 6)
    names = tuple(f"name{at}" for at in range(1, columns + 1))

    def cell(row: int, at: int) -> str:
        if at == 1:
            return f"{CANARY}{row:04d}"
        if plain or chance.random() < 0.5:
            return "".join(chance.choices("abcdefgh0123456789", k=chance.randint(1, 9)))
        return chance.choice(_HARD)

    return Sheet(names, tuple(tuple(cell(row, at) for at in range(columns)) for row in range(rows)))


def values(chance: random.Random, rows: int = 0) -> tuple[dict[str, list[Any]], Sheet]:
    """Columns of values that every typed format has (text, number, missing), and their texts."""
    count = rows or chance.choice((1, 3, 10, 60))
    words = [f"{CANARY}{at:04d}{chance.choice(('', ' ü', '007'))}" for at in range(count)]
    whole = [chance.choice((None, 0, 1, -7, 2**31 - 5, chance.randrange(10**9))) for _ in range(count)]
    parts = [chance.choice((0.5, -2.25, 1e-7, 1e20, 0.1, chance.random())) for _ in range(count)]
    made: dict[str, list[Any]] = {"word": words, "whole": whole, "part": parts}
    if not any(one is not None for one in whole):
        whole[0] = 3
    texts = (words, [None if one is None else str(one) for one in whole], [_float(one) for one in parts])
    return made, Sheet(tuple(made), tuple(zip(*texts, strict=True)))


def _float(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
