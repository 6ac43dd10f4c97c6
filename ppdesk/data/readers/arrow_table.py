"""Read Parquet and Arrow IPC files (Feather 2) and streams into a table of strings, batch by batch.

A dictionary is a way to write one text a million times in a few bytes. What its texts come to is counted
before they are made, so that a file of some KiB does not fill the memory.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.bounds import FREE_TEXT, check_expansion, check_size, check_text
from ppdesk.data.errors import (
    BadDateError,
    ColumnKindError,
    DamagedFileError,
    NestedColumnError,
    NoRowsError,
    NulByteError,
    TooLargeError,
)
from ppdesk.data.readers import cell_text
from ppdesk.data.readers.headers import check_names

if TYPE_CHECKING:
    import pyarrow as pa

_MAGIC = b"ARROW1"
_STREAM_END = b"\xff\xff\xff\xff\0\0\0\0"
_AT_ONCE = 1 << 16  # rows
_MOST_OF_ARRAY = (1 << 31) - 1  # bytes: an array of strings counts them in 32 bits
_EPOCH = 719_163  # the ordinal of 1970-01-01
_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
_STRING_LIMIT = 64 << 20  # bytes of one text in the metadata of a Parquet file


def read_parquet(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> "pa.Table":
    """Every row group of the file. Values as in `cell_text`; null stays null."""
    import pyarrow.parquet as pq

    def batches() -> "tuple[pa.Schema, int, Iterator[pa.RecordBatch]]":
        bounds = {"page_checksum_verification": True, "thrift_string_size_limit": _STRING_LIMIT}
        file = pq.ParquetFile(path, **bounds)
        check_size(file.metadata.num_rows, len(file.schema_arrow))
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        looked_at = pq.ParquetFile(path, read_dictionary=texts, **bounds)
        if repeated := _repeated(looked_at, texts):
            file = pq.ParquetFile(path, read_dictionary=repeated, **bounds)
        return file.schema_arrow, file.metadata.num_rows, file.iter_batches(batch_size=_AT_ONCE)

    return _read(path, batches, "Parquet", cancelled)


def _repeated(file: Any, texts: list[str]) -> list[str]:
    """The columns of which a batch could come to very much text, as the first page of each row group shows.
    They are read as dictionaries, which takes longer, since only so is their size known beforehand."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = set()
    for group in range(file.num_row_groups if texts else 0):
        rows = min(file.metadata.row_group(group).num_rows, _AT_ONCE)
        for batch in file.iter_batches(batch_size=1, row_groups=[group], columns=texts):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                kind = column.type
                words = column.dictionary if pa.types.is_dictionary(kind) else column
                if rows * (pc.max(pc.binary_length(words)).as_py() or 0) > FREE_TEXT:
                    found.add(name)
            break
    return sorted(found)


def read_arrow(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> "pa.Table":
    """Every batch of an Arrow IPC file or stream. Values as in `cell_text`; null stays null."""
    import pyarrow as pa

    def batches() -> "tuple[pa.Schema, int, Iterator[pa.RecordBatch]]":
        source = pa.OSFile(str(path))  # not mapped: what is checked must stay as it is
        if source.read(len(_MAGIC)) != _MAGIC:
            source.seek(max(0, source.size() - len(_STREAM_END)))
            if source.read() != _STREAM_END:  # without it nobody knows whether batches are missing
                raise pa.ArrowInvalid
            source.seek(0)
            stream = pa.ipc.open_stream(source)
            return stream.schema, 0, iter(stream)
        reader = pa.ipc.open_file(source)
        return reader.schema, 0, (reader.get_batch(at) for at in range(reader.num_record_batches))

    return _read(path, batches, "Arrow", cancelled)


def _read(
    path: Path,
    open_file: "Callable[[], tuple[pa.Schema, int, Iterator[pa.RecordBatch]]]",
    what: str,
    cancelled: Callable[[], bool],
) -> "pa.Table":
    import pyarrow as pa

    # what pyarrow raises for damaged files; its words may quote a value, so they are dropped
    damage = (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError, MemoryError)
    try:
        schema, rows, batches = open_file()
        names = schema.names
    except damage:
        raise DamagedFileError(what=what) from None
    check_size(rows, len(schema))
    if not names:
        raise NoRowsError()
    check_names(names)
    for number, field in enumerate(schema, start=1):
        _check_type(field.type, number, field.name)
    read: list[list[pa.Array]] = [[] for _ in schema]
    rows = size = 0
    on_disk = path.stat().st_size
    while True:
        if cancelled():
            raise CancelledRunError()
        try:
            batch = next(batches, None)
            if batch is None:
                break
            batch.validate(full=True)
        except damage:
            raise DamagedFileError(what=what) from None
        check_size(rows + batch.num_rows, len(schema))
        for start in range(0, batch.num_rows, _AT_ONCE):  # a batch of an Arrow file may be of any size
            some = batch.slice(start, _AT_ONCE)
            for at, column in enumerate(some.columns):
                more = _written_out(column)
                check_expansion(size + more, on_disk)
                if more > _MOST_OF_ARRAY:
                    raise TooLargeError(
                        what=f"{more >> 20:,} MiB of text in {len(some):,} rows", most="2,047 MiB"
                    )
                texts = _texts(column, first=rows + 1, number=at + 1, name=names[at], what=what)
                size += texts.nbytes
                read[at].append(texts)
            rows += some.num_rows
            check_text(size)
    if rows == 0:
        raise NoRowsError()
    return pa.table([pa.chunked_array(parts, pa.string()) for parts in read], names=names)


def _written_out(column: "pa.Array") -> int:
    """Bytes of the texts that a dictionary or a run stands for. 0 for others, which are as large already."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
        lengths = pc.binary_length(column.dictionary).cast(pa.int64())
        return int(pc.sum(pc.take(lengths, column.indices)).as_py() or 0)
    if pa.types.is_run_end_encoded(column.type) and _is_text(column.type.value_type):
        return int(pc.max(pc.binary_length(column.values)).as_py() or 0) * len(column)
    return 0


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _check_type(kind: "pa.DataType", number: int, name: str) -> None:
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return _check_type(kind.value_type, number, name)
    if types.is_nested(kind):
        raise NestedColumnError(column=number, name=name)
    if not (
        types.is_null(kind) or types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind)
        or types.is_decimal(kind) or types.is_string(kind) or types.is_large_string(kind)
        or types.is_string_view(kind) or types.is_date(kind) or types.is_timestamp(kind)
        or types.is_time(kind)
    ):  # fmt: skip
        names = (
            "bytes" if types.is_binary(kind) or types.is_fixed_size_binary(kind) else f"values of type {kind}"
        )
        raise ColumnKindError(column=number, name=name, kind=names)
    return None


def _texts(column: "pa.Array", *, first: int, number: int, name: str, what: str) -> "pa.Array":
    """The column as strings. `first` is the number of its first row in the table, for messages."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        while pa.types.is_dictionary(column.type) or pa.types.is_run_end_encoded(column.type):
            packed = pa.types.is_run_end_encoded(column.type)
            column = pc.run_end_decode(column) if packed else column.dictionary_decode()
    except (pa.ArrowException, ValueError):
        raise DamagedFileError(what=what) from None
    kind = column.type
    try:
        texts = _plain(column)
    except _Outside as error:
        raise BadDateError(row=first + error.at, column=number, name=name) from None
    except (pa.ArrowException, ValueError):
        raise DamagedFileError(what=what) from None
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        nul = pc.index(pc.match_substring(texts, "\0"), True).as_py()
        if nul >= 0:
            raise NulByteError(row=first + nul, column=number)
    return texts


def _plain(column: "pa.Array") -> "pa.Array":
    """The texts of a column that is no dictionary."""
    import pyarrow as pa

    kind, types = column.type, pa.types
    if types.is_floating(kind):
        return _of(column, cell_text.of_floats(column.drop_null().to_numpy(zero_copy_only=False)))
    if types.is_timestamp(kind):
        tail, digits = "Z" if kind.tz else "", _DIGITS[kind.unit]
        return _dated(column, lambda ticks: cell_text.of_moment(_EPOCH, ticks, digits) + tail, pa.int64())
    if types.is_date64(kind):
        return _dated(column, lambda ms: _midnight(cell_text.of_moment(_EPOCH, ms, 3)), pa.int64())
    if types.is_date32(kind):
        return _dated(column, lambda days: cell_text.of_day(_EPOCH + days), pa.int32())
    if types.is_time(kind):
        digits, width = _DIGITS[kind.unit], pa.int32() if types.is_time32(kind) else pa.int64()
        return _dated(column, lambda ticks: _clock(ticks, digits), width)
    return column.cast(pa.string())


class _Outside(Exception):  # noqa: N818  # carries a place to where the column is known
    """The value at `at` is no date of a calendar."""

    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__(at)


def _of(column: "pa.Array", texts: list[str]) -> "pa.Array":
    """An array with `texts` where `column` has values."""
    import pyarrow as pa

    if column.null_count == 0:
        return pa.array(texts, pa.string())
    following = iter(texts)
    return pa.array(
        [next(following) if valid else None for valid in column.is_valid().to_pylist()], pa.string()
    )


def _dated(column: "pa.Array", text: Callable[[int], str], width: "pa.DataType") -> "pa.Array":
    """Texts of dates or times, each distinct one written once."""
    import pyarrow as pa

    numbers: list[Any] = column.view(width).to_pylist()
    known: dict[Any, str | None] = {None: None}
    for at, number in enumerate(numbers):
        if number not in known:
            try:
                known[number] = text(number)
            except ValueError:
                raise _Outside(at) from None
    return pa.array([known[number] for number in numbers], pa.string())


def _midnight(text: str) -> str:
    """The date of a moment that should have no time of day."""
    return text.removesuffix("T00:00:00")


def _clock(ticks: int, digits: int) -> str:
    seconds, fraction = divmod(ticks, 10**digits)
    if not 0 <= seconds < 86_400:
        raise ValueError
    return cell_text.of_seconds(seconds, fraction, digits)
