"""SPSS, Stata and SAS transport files under random damage, and a few that are whole but unusual."""

import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pyreadstat
from bytes_damage import NAMES, damaged
from cases import CANARY, Made, Sheet, any_end, read_as, read_as_or_refused, refused
from tables import values

Damage = Callable[[random.Random], Made]
_WRITE = {
    ".sav": pyreadstat.write_sav,
    ".zsav": pyreadstat.write_sav,
    ".por": pyreadstat.write_por,
    ".dta": pyreadstat.write_dta,
    ".xpt": pyreadstat.write_xport,
}
BASES = 6  # whole files of each kind that are damaged again and again


def written(frame: pd.DataFrame, ending: str, **more: object) -> bytes:
    """The frame in that format."""
    if ending == ".zsav":
        more["compress"] = True
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t{ending}"
        _WRITE[ending](frame, str(path), **more)
        return path.read_bytes()


@cache
def base(ending: str, number: int) -> tuple[bytes, Sheet]:
    chance = random.Random(f"{ending}/{number}")  # noqa: S311  # which table
    table, sheet = values(chance, rows=(1, 3, 10, 60, 200, 30)[number])
    frame = pd.DataFrame(table).astype({"whole": "float64", "part": "float64", "word": object})
    more = {"version": (8, 10, 12, 13, 14, 15)[number]} if ending == ".dta" else {}
    if ending == ".xpt":
        frame, sheet = _within(frame, sheet)
    if ending == ".dta" and number < 4:  # before Stata 14 nothing says the encoding
        frame["word"] = [word.replace(" ü", "") for word in frame["word"]]
        sheet = Sheet(sheet.names, tuple((str(row[0]).replace(" ü", ""), *row[1:]) for row in sheet.rows))
    if ending == ".por":  # its alphabet is ASCII's, its names are in capitals
        frame["word"] = [f"{CANARY}{at}" for at in range(len(frame))]
        frame = frame[["word", "whole"]]
        rows = tuple((word, row[1]) for word, row in zip(frame["word"], sheet.rows, strict=True))
        sheet = Sheet(("WORD", "WHOLE"), rows)
    return written(frame, ending, **more), sheet


def _within(frame: pd.DataFrame, sheet: Sheet) -> tuple[pd.DataFrame, Sheet]:
    """SAS transport keeps 56 bits of a fraction in base 16, and blanks at the end of a text are none."""
    return frame[["word", "whole"]], Sheet(sheet.names[:2], tuple(row[:2] for row in sheet.rows))


def _undamaged(ending: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        data, sheet = base(ending, chance.randrange(BASES))
        return Made(data, ending, *read_as(sheet))

    return damage


def _bytes(ending: str, how: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        data, sheet = base(ending, chance.randrange(BASES))
        # SAS transport does not say how long it is; the others may lose what pads them at the end
        ends = read_as_or_refused(sheet) if how in ("cut", "tail") and ending != ".xpt" else any_end()
        return Made(damaged(data, how, chance), ending, *ends)

    return damage


def _long(ending: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        word = CANARY + "ü" * chance.choice((200, 1000, 10_000, 16_000))
        data = written(pd.DataFrame({"word": [word, "b"], "n": [1.0, 2.0]}), ending)
        return Made(data, ending, *read_as(Sheet(("word", "n"), ((word, "1"), ("b", "2")))))

    return damage


def _dates(chance: random.Random) -> Made:
    serial = chance.choice((1e300, -1e300, float("inf"), 1e18, -1e12))
    frame = pd.DataFrame({"word": [CANARY, "b"], "day": [0.0, serial]})
    data = written(frame, ".sav", variable_format={"day": chance.choice(("DATE11", "DATETIME20"))})
    return Made(data, ".sav", *refused("PP-DATA-053", row=2, column=2))


def _empty(ending: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        del chance
        return Made(written(pd.DataFrame({"a": pd.Series([], dtype=float)}), ending), ending, *refused())

    return damage


def _all(ending: str) -> dict[str, Damage]:
    made: dict[str, Damage] = {"undamaged": _undamaged(ending), "no rows": _empty(ending)}
    return made | {f"bytes: {how}": _bytes(ending, how) for how in NAMES}


SPSS = _all(".sav") | {"long texts": _long(".sav"), "outside the calendar": _dates}
SPSS_PACKED, SPSS_PORTABLE = _all(".zsav"), _all(".por")
STATA = _all(".dta") | {"long texts": _long(".dta")}
XPORT = _all(".xpt")
