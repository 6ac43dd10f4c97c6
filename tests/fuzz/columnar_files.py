"""Parquet and Arrow: random damage, and files that are whole but hold or claim what no table does."""

import random
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from bytes_damage import NAMES, damaged
from cases import CANARY, Judge, Made, Sheet, any_end, read_as, read_as_or_refused, refused
from tables import values

Damage = Callable[[random.Random], Made]
PARQUET: dict[str, Damage] = {}
ARROW: dict[str, Damage] = {}


def _made(data: bytes, ends: tuple[Judge, str], ending: str) -> Made:
    return Made(data, ending, *ends)


def parquet(table: pa.Table, **more: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **more)
    return sink.getvalue().to_pybytes()


def arrow(table: pa.Table, *, stream: bool = False, compression: str | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    open_it = pa.ipc.new_stream if stream else pa.ipc.new_file
    with open_it(sink, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=17)
    return sink.getvalue().to_pybytes()


def _parquet_bytes(how: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        table, sheet = values(chance)
        checked = chance.random() < 0.5
        data = parquet(
            pa.table(table),
            compression=chance.choice(("snappy", "zstd", "none", "gzip", "lz4")),
            write_page_checksum=checked,
            use_dictionary=chance.random() < 0.5,
            row_group_size=chance.choice((5, 1000)),
            data_page_version=chance.choice(("1.0", "2.0")),
        )
        del sheet
        return _made(damaged(data, how, chance), refused() if how == "cut" else any_end(), ".parquet")

    return damage


def _arrow_bytes(how: str) -> Damage:
    def damage(chance: random.Random) -> Made:
        table, _ = values(chance)
        made = pa.table(table)
        if chance.random() < 0.4:
            made = made.set_column(0, "word", made.column(0).dictionary_encode())
        data = arrow(made, stream=chance.random() < 0.3, compression=chance.choice((None, "lz4", "zstd")))
        ends = refused() if how == "cut" else any_end()
        return _made(damaged(data, how, chance), ends, chance.choice((".arrow", ".feather")))

    return damage


def _both(name: str) -> Callable[[Callable[[random.Random], tuple[pa.Table, tuple[Judge, str]]]], None]:
    """A whole table that is written in both formats."""

    def keep(build: Callable[[random.Random], tuple[pa.Table, tuple[Judge, str]]]) -> None:
        def as_parquet(chance: random.Random) -> Made:
            table, ends = build(chance)
            return _made(parquet(table), ends, ".parquet")

        def as_arrow(chance: random.Random) -> Made:
            table, ends = build(chance)
            return _made(arrow(table, stream=chance.random() < 0.5), ends, ".arrow")

        PARQUET[name], ARROW[name] = as_parquet, as_arrow

    return keep


@_both("undamaged")
def _whole(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    table, sheet = values(chance)
    return pa.table(table), read_as(sheet)


@_both("nested")
def _nested(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    kinds = [
        pa.array([[1, 2], None], pa.list_(pa.int8())),
        pa.array([{"a": 1}, None], pa.struct([("a", pa.int8())])),
        pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int8())),
        pa.array([[[CANARY]], []], pa.list_(pa.list_(pa.string()))),
        pa.array([[1, 2], None], pa.list_(pa.int8(), 2)),
    ]
    table = pa.table({"word": [CANARY, "b"], "inner": chance.choice(kinds)})
    return table, refused("PP-DATA-037", column=2)


@_both("types without a text")
def _types(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    kinds = [
        pa.array([b"x", None]),
        pa.array([b"xy", None], pa.binary(2)),
        pa.array([1, None], pa.duration("s")),
    ]
    table = pa.table({"word": [CANARY, "b"], "bytes": chance.choice(kinds)})
    return table, refused("PP-DATA-038", column=2)


@_both("wide types")
def _wide(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    big, low, none = Decimal("1" * 37 + ".10"), Decimal("-" + "9" * 37 + ".00"), Decimal("0.00")
    moment = pa.array([0, -62135596800, 253402300799], pa.timestamp("s", "Europe/Berlin"))
    columns: dict[str, tuple[pa.Array, list[str]]] = {
        "decimal": (pa.array([big, none, low], pa.decimal256(60, 2)), [str(big), "0.00", str(low)]),
        "unsigned": (pa.array([2**64 - 1, 0, 1], pa.uint64()), [str(2**64 - 1), "0", "1"]),
        "signed": (pa.array([-(2**63), 2**53 + 1, 0]), [str(-(2**63)), str(2**53 + 1), "0"]),
        "day": (
            pa.array([-719162, 2932896, -25567], pa.date32()), ["0001-01-01", "9999-12-31", "1900-01-01"],
        ),
        "moment": (moment, ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]),
        "category": (pa.array(["b", "ä", "b"]).dictionary_encode(), ["b", "ä", "b"]),
        "half": (pa.array([0.5, 1.0, -2.0], pa.float32()), ["0.5", "1", "-2"]),
    }  # fmt: skip
    some = dict(chance.sample(sorted(columns.items()), chance.randint(2, 7)))
    rows = tuple(zip(*(texts for _, texts in some.values()), strict=True))
    return pa.table({name: array for name, (array, _) in some.items()}), read_as(Sheet(tuple(some), rows))


@_both("outside the calendar")
def _calendar(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    unit = chance.choice(("ms", "us"))
    last = (
        pa.array([0, 2**62], pa.timestamp(unit))
        if chance.random() < 0.5
        else pa.array([0, 2**31 - 1], pa.date32())
    )
    return pa.table({"word": [CANARY, "b"], "day": last}), refused("PP-DATA-053", row=2, column=2)


@_both("names")
def _names(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    second = chance.choice(("word", "", " "))
    table = pa.Table.from_arrays([pa.array([CANARY]), pa.array(["x"])], names=["word", second])
    return table, refused("PP-DATA-009", "PP-DATA-010")


@_both("no rows or no columns")
def _none(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    empty = pa.table({"word": pa.array([], pa.string())})
    return (empty if chance.random() < 0.7 else pa.table({})), refused("PP-DATA-004")


@_both("NUL in a text")
def _nul(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    words = [f"{CANARY}{at}" for at in range(chance.choice((3, 40)))]
    at = chance.randrange(len(words))
    words[at] += "\0"
    array = pa.array(words)
    array = array.dictionary_encode() if chance.random() < 0.4 else array
    return pa.table({"word": array}), refused("PP-DATA-007", row=at + 1, column=1)


@_both("bytes that are no UTF-8")
def _no_text(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    raw = pa.array([CANARY.encode(), b"\xff\xfe", b"ok"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    del chance
    return pa.table({"word": text}), refused("PP-DATA-032", "PP-DATA-008")


@_both("numbers that are none")
def _floats(chance: random.Random) -> tuple[pa.Table, tuple[Judge, str]]:
    some = chance.sample((float("nan"), float("inf"), -0.0, 1e308, 5e-324, None), 4)
    return pa.table({"word": [CANARY] * 4, "part": pa.array(some, pa.float64())}), any_end()


def _countless(chance: random.Random) -> Made:
    """Few bytes that stand for very many cells."""
    rows = chance.choice((10, 3_000)) * 1_000_000
    many = pa.table({"x": pa.array([None] * 1000, pa.null())})
    data = bytearray(parquet(many, compression="zstd"))
    # a claim in the footer (thrift's zigzag varint of 1000) becomes another one of as many bytes
    claim = _varint(1000)
    place = data.rfind(claim)
    data[place : place + len(claim)] = _varint(rows)
    size = struct.unpack("<I", data[-8:-4])[0] + len(_varint(rows)) - len(claim)
    data[-8:-4] = struct.pack("<I", size)
    return _made(bytes(data), any_end(), ".parquet")


def _varint(value: int) -> bytes:
    left, made = value << 1, bytearray()
    while left > 127:
        made.append(left & 127 | 128)
        left >>= 7
    return bytes([*made, left])


def _footer(chance: random.Random) -> Made:
    """The length of the footer says something else."""
    data = parquet(pa.table({"word": [CANARY]}))
    claim = chance.choice((0, 1, 2**31 - 1, 2**31, 2**32 - 1, len(data), len(data) * 2))
    return _made(data[:-8] + struct.pack("<I", claim) + data[-4:], refused(), ".parquet")


def _repeated(chance: random.Random) -> Made:
    """One text of many letters for each row: few bytes, much text."""
    text = CANARY + "x" * chance.choice((100_000, 1_000_000))
    indices = pa.array([0] * chance.choice((50_000, 200_000)), pa.int32())
    array = pa.DictionaryArray.from_arrays(indices, pa.array([text]))
    data = bytearray(
        parquet(pa.table({"word": array}), compression="zstd", store_schema=chance.random() < 0.5)
    )
    return _made(bytes(data), refused("PP-DATA-033", "PP-DATA-034"), ".parquet")


def _repeated_arrow(chance: random.Random) -> Made:
    text = CANARY + "x" * 100_000
    indices = pa.array([0] * chance.choice((20_000, 60_000)), pa.int8())
    if chance.random() < 0.5:
        array = pa.DictionaryArray.from_arrays(indices, pa.array([text]))
    else:
        array = pa.RunEndEncodedArray.from_arrays([len(indices)], [text])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, pa.schema([("word", array.type)])) as writer:
        writer.write_table(pa.table({"word": array}))
    return _made(sink.getvalue().to_pybytes(), refused("PP-DATA-033", "PP-DATA-034"), ".arrow")


def _claimed_buffer(chance: random.Random) -> Made:
    """A compressed piece that says it holds far more than it does."""
    data = bytearray(arrow(pa.table({"word": [CANARY * 50] * 17}), compression="zstd"))
    place = data.find(b"\x28\xb5\x2f\xfd", 64)
    data[place - 8 : place] = struct.pack("<q", chance.choice((2**31, 2**40, 2**62, -5, 3)))
    return _made(bytes(data), any_end(), ".arrow")


PARQUET |= {
    "claims of many rows": _countless,
    "length of the footer": _footer,
    "one text again and again": _repeated,
}
ARROW |= {"claims of large pieces": _claimed_buffer, "one text again and again": _repeated_arrow}
PARQUET |= {f"bytes: {how}": _parquet_bytes(how) for how in NAMES}
ARROW |= {f"bytes: {how}": _arrow_bytes(how) for how in NAMES}


def checked_cut(chance: random.Random) -> Made:
    """Cut off, or with bytes changed in checked pages: as before, or refused."""
    table, sheet = values(chance)
    data = bytearray(
        parquet(pa.table(table), write_page_checksum=True, compression="none", use_dictionary=False)
    )
    at = data.find(CANARY.encode()) + chance.randrange(len(CANARY))
    data[at] ^= 1 << chance.randrange(7)
    return _made(bytes(data), read_as_or_refused(sheet), ".parquet")


PARQUET["checked pages"] = checked_cut
