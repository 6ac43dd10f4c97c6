"""A table and its declaration for the training benchmark: read, or refused by code."""

import codecs
import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.train.schema import Categorical, Classes, Quantity, Schema, Target, target_from_json

_BLOCK = 8 << 20  # bytes of the file read at once
_HEAD = 1 << 20  # bytes in which the header must end
_DELIMITERS = (",", ";", "\t", "|")
_MISSING = ("", "?", "NA", "N/A", "n/a", "na", "NaN", "nan", "NULL", "null")
_LEAST = 10  # records


class BadSchemaError(CodedError):
    """The schema cannot be used: {reason}."""

    code = "PP-BENCH-011"
    exit = Exit.USAGE
    todo = "See the head of tests/benchmarks/train.py for its form."


class BadTableError(CodedError):
    """The table cannot be used: {reason}."""

    code = "PP-BENCH-012"
    exit = Exit.BAD_INPUT
    todo = "Check the file, its delimiter and its header."


class BadTargetError(CodedError):
    """The target {column} cannot be used: {reason}."""

    code = "PP-BENCH-013"
    exit = Exit.USAGE
    todo = "List the target in the schema's columns, or name the value to find with --positive."


@dataclass(frozen=True)
class Problem:
    """`table`: the features, numbers as float64, categories as dictionaries of what is declared. `y`, (n,):
    int32 codes for Classes, float64 for Quantity; records without a known target are left out."""

    table: pa.Table
    schema: Schema
    target: Target
    y: np.ndarray
    left_out: int  # records without a known target
    damaged: int  # lines with more or fewer cells than the header

    @property
    def rows(self) -> int:
        return int(self.y.size)

    def take(self, places: np.ndarray) -> tuple[pa.Table, Any]:
        """These records, and their targets as an estimator reads them."""
        table, y = self.table.take(pa.array(places)), self.y[places]
        if isinstance(self.target, Quantity):
            return table, y
        return table, pa.DictionaryArray.from_arrays(pa.array(y), pa.array(self.target.values, pa.string()))


def load_schema(path: Path) -> dict[str, Any]:
    """The JSON with names and categories trimmed. BadSchemaError."""
    try:
        read = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise BadSchemaError(reason=f"it cannot be read as JSON ({type(error).__name__})") from None
    if not isinstance(read, dict) or not isinstance(read.get("columns"), dict):
        raise BadSchemaError(reason="it needs an object of columns")
    drop = read.get("drop") or []
    if not isinstance(drop, list) or not all(isinstance(one, str) for one in drop):
        raise BadSchemaError(reason="drop must be a list of column names")
    delimiter = read.get("delimiter")
    if delimiter is not None and not isinstance(delimiter, str):
        raise BadSchemaError(reason="delimiter must be a text")
    columns = {}
    for name, entry in read["columns"].items():
        if not isinstance(entry, dict) or entry.get("type") not in ("numeric", "categorical"):
            raise BadSchemaError(reason=f"column {name} needs a type, numeric or categorical")
        if name.strip() in columns:
            raise BadSchemaError(reason=f"column {name.strip()} is listed twice")
        columns[name.strip()] = _entry(name, entry)
    return {"delimiter": delimiter, "drop": [one.strip() for one in drop], "columns": columns}


def _entry(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if entry["type"] == "numeric":
        return dict(entry)
    listed = entry.get("categories")
    if not isinstance(listed, list) or not all(isinstance(one, str | int | float) for one in listed):
        raise BadSchemaError(reason=f"column {name} needs a list of categories")
    texts = dict.fromkeys(_text(one) for one in listed)
    return {**entry, "categories": [one for one in texts if one] or list(texts)}


def _text(value: str | int | float) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read(
    path: Path, declared: Mapping[str, Any], target: str, positive: str | None, delimiter: str | None = None
) -> Problem:
    """The table with the columns that are declared. CodedError."""
    target, positive = target.strip(), None if positive is None else positive.strip()
    if not (_is_text(target) and _is_text(positive or "")):
        raise BadTargetError(column=ascii(target), reason="it, or its positive value, is no text")
    schema = Schema.from_json(declared, without=[target])
    entry = declared["columns"].get(target)
    plan = _target(target, entry, positive)
    raw, damaged = _cells(path, [*schema.names, target], schema, declared, delimiter)
    y, known = _labels(raw[target], plan, entry, positive)
    columns = {one.name: _column(raw[one.name], one) for one in schema.columns}
    table = pa.table(columns)
    if not known.all():
        table, y = table.filter(pa.array(known)), y[known]
    if y.size < _LEAST:
        raise BadTableError(reason=f"{y.size} records have a target; at least {_LEAST} are needed")
    if isinstance(plan, Classes) and np.count_nonzero(np.bincount(y, minlength=len(plan.values)) > 1) < 2:
        raise BadTargetError(column=target, reason="fewer than two of its classes occur")
    return Problem(table, schema, plan, y, int((~known).sum()), damaged)


def _is_text(value: str) -> bool:
    """Whether it can be written: an argument may hold bytes of another encoding, JSON half a character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _target(name: str, entry: Mapping[str, Any] | None, positive: str | None) -> Target:
    """What is predicted; classes other than `positive` become one."""
    if entry is None and positive is None:
        raise BadTargetError(column=name, reason="it is not declared")
    if positive is None:
        found = target_from_json({**(entry or {}), "name": name})
        if isinstance(found, Classes) and found.binary and found.positive is None:
            return Classes(name, found.values, found.values[-1])
        return found
    categories = list((entry or {}).get("categories", ()))
    if entry is not None and entry["type"] == "categorical":
        place = _places([positive], categories)[0]
        if place < 0:
            raise BadTargetError(column=name, reason="its positive value is not one of its categories")
        positive = categories[place]
    others = [one for one in categories if one != positive]
    return Classes(name, (others[0] if len(others) == 1 else f"not {positive}", positive), positive)


def _labels(
    column: pa.ChunkedArray, target: Target, entry: Mapping[str, Any] | None, positive: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """(y, known), (n,) each."""
    if isinstance(target, Quantity):
        values = numbers(_texts(column), DecimalMark.POINT)
        known = ~np.isnan(values)
        return np.clip(np.where(known, values, target.low), target.low, target.high), known
    texts, places = _distinct(column)
    listed = (entry or {}).get("categories")
    if positive is None or len(listed or ()) == 2:
        codes = _places(texts, target.values)
    else:
        found = _places(texts, [positive]) == 0
        gone = _places(texts, listed) < 0 if listed else np.asarray([one in _MISSING for one in texts], bool)
        codes = np.where(gone, -1, found)
        if not found.any():
            raise BadTargetError(column=target.name, reason="its positive value does not occur")
    y = np.append(codes, -1).astype(np.int32)[places]
    return np.maximum(y, 0), y >= 0


def _places(texts: Sequence[str], listed: Sequence[str]) -> np.ndarray:
    """The place of each text among those listed, (n,) int64: of the same text; else of the only one that is
    the same number (1 and 1.0; 01 is another code), or the same of true and false; -1 for none."""
    exact = {one: place for place, one in enumerate(listed)}
    alike: dict[float | str, int] = {}
    for place, key in enumerate(_meanings(listed)):
        if key is not None:
            alike[key] = -1 if key in alike else place
    pairs = zip(texts, _meanings(texts), strict=True)
    found = [exact.get(one, -1 if key is None else alike.get(key, -1)) for one, key in pairs]
    return np.asarray(found, dtype=np.int64)


def _meanings(texts: Sequence[str]) -> list[float | str | None]:
    """The number that each text is, or true, or false; None for another text."""
    values = numbers(pa.array(texts, pa.string()), DecimalMark.POINT)
    words = [one.lower() if one.lower() in ("true", "false") else None for one in texts]
    return [
        word if np.isnan(value) or re.match(r"[+-]?0[0-9]", one) else float(value)
        for one, word, value in zip(texts, words, values, strict=True)
    ]


def _distinct(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray]:
    """The different texts, trimmed, and the place of each cell among them; -1 without one."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    places = np.concatenate(
        [np.asarray(pc.fill_null(chunk.indices, -1)) for chunk in column.chunks] or [np.zeros(0, np.int64)]
    )
    texts = column.chunk(0).dictionary if column.num_chunks else pa.array([], pa.string())
    return [_bare(one) for one in texts.to_pylist()], places


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_trim(pc.utf8_trim_whitespace(column.cast(pa.string())), characters='"')


def _column(column: pa.ChunkedArray, declared: Any) -> Any:
    if not isinstance(declared, Categorical):
        if pa.types.is_floating(column.type):
            return column
        return pa.array(numbers(_texts(column), DecimalMark.POINT), from_pandas=True)
    texts, places = _distinct(column)
    codes = np.append(_places(texts, declared.categories), -1).astype(np.int32)[places]
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=codes < 0), pa.array(declared.categories, pa.string())
    )


def _cells(
    path: Path, names: Sequence[str], schema: Schema, declared: Mapping[str, Any], delimiter: str | None
) -> tuple[dict[str, pa.ChunkedArray], int]:
    """The columns of these names, and how many lines were damaged. Numbers are parsed by pyarrow where all
    cells are some or are missing, else they stay texts."""
    encoding = _encoding(path)
    header, lines, mark = _header(path, encoding, delimiter or declared.get("delimiter"), names)
    for name in names:
        if header.count(name) != 1:
            what = "no column is" if name not in header else "more than one column is"
            raise BadTableError(reason=f"{what} named {name}")
    places = {name: f"c{header.index(name)}" for name in names}
    numeric = {places[one.name] for one in schema.columns if not isinstance(one, Categorical)}
    kinds = {place: place in numeric for place in places.values()}
    options = arrow_csv.ReadOptions(
        column_names=[f"c{place}" for place in range(len(header))], skip_rows=lines, encoding=encoding,
        block_size=_BLOCK,
    )  # fmt: skip
    table, damaged = _parsed(path, options, mark, kinds)
    if damaged:  # a quote behind a blank means nothing to pyarrow: Python's reader, slower, knows it
        plain = _without_blanks(path, encoding, mark)
        if plain is not None:
            options.encoding = "utf-8"
            table, damaged = _parsed(plain, options, mark, kinds)
    return {name: table.column(place) for name, place in places.items()}, damaged


def _parsed(
    source: Path | bytes, options: arrow_csv.ReadOptions, mark: str, kinds: Mapping[str, bool]
) -> tuple[pa.Table, int]:
    """The columns of `kinds` (whether it is one of numbers), and how many lines were damaged."""
    damaged = 0

    def skip(_: Any) -> str:
        nonlocal damaged
        damaged += 1
        return "skip"

    parse = arrow_csv.ParseOptions(delimiter=mark, newlines_in_values=True, invalid_row_handler=skip)
    for kind in (pa.float64(), pa.string()):
        texts = pa.dictionary(pa.int32(), pa.string())
        convert = arrow_csv.ConvertOptions(
            include_columns=list(kinds),
            column_types={place: kind if number else texts for place, number in kinds.items()},
            null_values=list(_MISSING), strings_can_be_null=False,
        )  # fmt: skip
        damaged = 0
        try:
            file = source if isinstance(source, Path) else pa.BufferReader(source)
            table = arrow_csv.read_csv(file, options, parse, convert)
        except pa.ArrowInvalid as error:
            if kind == pa.string() or not any(kinds.values()):
                # pyarrow's words may hold a cell
                raise BadTableError(reason=f"pyarrow cannot read it ({type(error).__name__})") from None
        except (OSError, UnicodeError) as error:
            raise BadTableError(reason=f"it cannot be read ({type(error).__name__})") from None
        else:
            return table, damaged
    raise BadTableError(reason="pyarrow cannot read it")


def _without_blanks(path: Path, encoding: str, mark: str) -> bytes | None:
    """The file with nothing between a delimiter and the quote behind it; None where it has no such quotes."""
    text = path.read_bytes().decode(encoding, errors="replace").removeprefix("\ufeff")
    if not re.search(f'{re.escape(mark)} +"', text):
        return None
    out = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)
    try:
        csv.writer(out, delimiter=mark).writerows(rows)
    except csv.Error:
        return None
    return out.getvalue().encode()


def _encoding(path: Path) -> str:
    """utf-8, utf-16, or, where it is neither, Windows' Western one, or what takes any byte."""
    try:
        with pa.input_stream(str(path)) as file:
            if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
                return "utf-16"
        return next((one for one in ("utf-8", "cp1252") if _is_in(path, one)), "latin-1")
    except OSError as error:
        raise BadTableError(reason=f"it cannot be read ({type(error).__name__})") from None


def _is_in(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with pa.input_stream(str(path)) as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _header(
    path: Path, encoding: str, delimiter: str | None, wanted: Sequence[str]
) -> tuple[list[str], int, str]:
    """The names of the columns, how many lines they take, and the delimiter: the given one, else the one
    that finds most of the declared names."""
    with pa.input_stream(str(path)) as file:
        text = file.read(_HEAD).decode(encoding, errors="ignore").removeprefix("\ufeff")
    best: tuple[list[str], int, str] = ([], 0, ",")
    marks = (
        _DELIMITERS
        if not delimiter
        else (delimiter if not delimiter.strip() else delimiter.strip().replace("\\t", "\t"),)
    )
    for mark in marks:
        if len(mark) != 1 or ord(mark) > 127 or mark in '"\r\n':
            raise BadSchemaError(reason="delimiter must be one character, with white space around it or none")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=mark != "\t")
        try:
            names = next((row for row in reader if row), [])
        except csv.Error:  # a cell without end
            continue
        found = ([_bare(one) for one in names], reader.line_num, mark)
        if len(set(wanted) & set(found[0])) > len(set(wanted) & set(best[0])) or not best[0]:
            best = found
    if not best[0]:
        raise BadTableError(reason="it has no header")
    return best
