"""Damaged files: a table or a coded error, soon, whatever the bytes are."""

import random
import time

import pytest

from ppdesk.core.errors import CodedError
from ppdesk.data.errors import DamagedFileError, ReadError
from ppdesk.data.readers.read_table import read_table

CASES = 250  # of each format
SLOWEST = 2.0  # seconds for one file


def damaged(good: bytes, chance: random.Random) -> bytes:
    """Cut off, changed in a few places, or with bytes put in."""
    made = bytearray(good)
    kind = chance.random()
    if kind < 0.3:
        return bytes(made[: chance.randrange(len(made))])
    for _ in range(chance.choice([1, 1, 2, 8, 40])):
        made[chance.randrange(len(made))] = chance.choice([chance.randrange(256), 0, 255])
    if kind > 0.9:
        at = chance.randrange(len(made))
        made[at:at] = chance.randbytes(chance.randrange(50))
    return bytes(made)


def outcome(path, options):
    """The table, or the error."""
    try:
        return read_table(path, options).table
    except CodedError as error:
        return error


def test_damage_gives_a_table_or_a_coded_error(tmp_path, ending, write_as, options):
    good = write_as(tmp_path / f"good{ending}").read_bytes()
    chance = random.Random(ending)  # noqa: S311  # which damage is done
    path = tmp_path / f"bad{ending}"
    refused = 0
    for _ in range(CASES):
        path.write_bytes(damaged(good, chance))
        began = time.perf_counter()
        found = outcome(path, options(ending))
        assert time.perf_counter() - began < SLOWEST
        if isinstance(found, CodedError):
            refused += 1
            assert isinstance(found, ReadError)
            assert "12345678901234567890" not in found.message  # a value of the table
        else:
            assert found.num_rows > 0
    assert refused > CASES // 4


# .xpt and texts do not say how long they are
@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".xlsx", ".sav", ".zsav", ".dta", ".sqlite"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_is_cut_off_is_no_table(tmp_path, ending, share, write_as, options):
    path = write_as(tmp_path / f"t{ending}")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DamagedFileError):
        read_table(path, options(ending))
