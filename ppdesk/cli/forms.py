"""A step's Params as a command line: which field is the argument, which are options, and back to values.

Click only sorts the words; ranges and required fields are the Params' own business, so that a recipe,
the window and the command line refuse the same values with the same text.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click

from ppdesk.cli.errors import BadPairError, BadParamsFileError
from ppdesk.core.params import FieldSpec
from ppdesk.workflow.shorthand import spelled_out

_SIMPLE = (str, int, float, bool)
_OWN = "field_"  # before a field's name inside click, where the shared options live too


def main_field(fields: Sequence[FieldSpec]) -> FieldSpec | None:
    """The step's main object: the first file that must be read, else the first that must be written."""
    files = [spec for spec in fields if spec.type is Path and spec.required]
    return next((spec for spec in files if spec.reads), next(iter(files), None))


def form_of(spec: FieldSpec) -> Literal["flag", "one", "many", "pairs", "file-only"]:
    """How a field is written on a command line. "file-only" ones are tables: --params holds them."""
    origin, args = get_origin(spec.type), get_args(spec.type)
    if spec.type is bool:
        return "flag"
    if spec.type in (*_SIMPLE, Path) or spec.choices or origin is Literal:
        return "one"
    if origin is dict and (spec.reads or spec.writes or args[1] in _SIMPLE):
        return "pairs"
    if origin in (tuple, list, frozenset) and (
        spec.reads or all(arg in (*_SIMPLE, ...) or _is_enum(arg) for arg in args)
    ):
        return "many"
    if origin is not None or (isinstance(spec.type, type) and hasattr(spec.type, "model_fields")):
        return "file-only"
    return "one"  # a date, a union of simple types: text that the Params understand


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def option_name(spec: FieldSpec) -> str:
    """``k`` -> ``--k``; a field that is repeated goes by its singular: ``hierarchies`` -> ``--hierarchy``."""
    name = spec.name
    if form_of(spec) in ("many", "pairs"):
        for ending, singular in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", "")):
            if name.endswith(ending):
                name = name.removesuffix(ending) + singular
                break
    return "--" + name.replace("_", "-")


def parameters(fields: Sequence[FieldSpec], taken: Collection[str] = ()) -> list[click.Parameter]:
    """Argument and options for `fields`, without those that only a parameter file can hold.

    A field whose option is `taken` by one that all verbs share gets ``-name`` after its own:
    ``--project-name`` beside ``--project``.
    """
    main = main_field(fields)
    found: list[click.Parameter] = []
    for spec in fields:
        if spec is main:
            found.append(click.Argument([_OWN + spec.name], required=False, metavar=spec.name.upper()))
        elif form_of(spec) != "file-only":
            found.append(_option(spec, taken))
    return found


def _option(spec: FieldSpec, taken: Collection[str]) -> click.Option:
    name, form = option_name(spec), form_of(spec)
    if name in taken:
        name += "-name"
    if form == "flag":
        off = "--no-" + name.removeprefix("--")
        return click.Option([f"{name}/{off}", _OWN + spec.name], default=None, help=help_text(spec))
    return click.Option(
        [name, _OWN + spec.name],
        multiple=form in ("many", "pairs"),
        type=_type(spec, form),
        metavar=_metavar(spec, form),
        default=None,
        help=help_text(spec),
    )


def _type(spec: FieldSpec, form: str) -> Any:
    if form != "one":
        return str
    choices = spec.choices or [str(arg) for arg in get_args(spec.type)]
    if choices and (spec.choices or get_origin(spec.type) is Literal):
        return click.Choice(list(choices))
    return spec.type if spec.type in (int, float) else str


def _metavar(spec: FieldSpec, form: str) -> str | None:
    is_file = bool(spec.reads or spec.writes)
    if form == "pairs":
        return "NAME=FILE" if is_file else "NAME=VALUE"
    if form in ("one", "many") and is_file:
        return "FILE"
    return None


def help_text(spec: FieldSpec) -> str:
    """Label, meaning, unit, range and default: ``Limit: what it is. [records; 2 or more; default 5]``."""
    remarks = [spec.unit, range_text(spec)]
    if spec.required:
        remarks.append("required")
    elif spec.default not in (None, "", (), {}, False):
        default = spec.default.value if isinstance(spec.default, Enum) else spec.default
        if form_of(spec) == "flag":
            remarks.append(f"default {option_name(spec)}")
        elif form_of(spec) == "one":
            remarks.append(f"default {default}")
    if form_of(spec) in ("many", "pairs"):
        remarks.append("repeat for more")
    said = "; ".join(remark for remark in remarks if remark)
    text = f"{spec.label}: {spec.help}" if spec.help else spec.label
    return f"{text} [{said}]" if said else text


def range_text(spec: FieldSpec) -> str:
    """The range in words: "above 0", "at least 2", "up to 1"."""
    limits = (("above", spec.gt), ("at least", spec.ge), ("below", spec.lt), ("up to", spec.le))
    return ", ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)


def values(
    key: str, fields: Sequence[FieldSpec], given: Mapping[str, Any], params: Path | None
) -> dict[str, object]:
    """The values of step `key`: those of the parameter file, overruled by what the command line says.

    Files named on the command line are looked up from the current folder; files to read that a
    parameter file names, from that file's folder.
    """
    found = _from_file(key, fields, params) if params else {}
    for spec in fields:
        value = given.get(_OWN + spec.name)
        if value is None or value == ():
            continue
        found[spec.name] = _value(spec, value)
    return found


def missing(fields: Sequence[FieldSpec], found: Collection[str], taken: Collection[str]) -> str | None:
    """What to write for the first field that needs a value and has none, as the help shows it."""
    main = main_field(fields)
    for spec in fields:
        if spec.required and spec.name not in found:
            if spec is main:
                return spec.name.upper()
            if form_of(spec) == "file-only":
                return f"{spec.name} in --params"
            return _option(spec, taken).opts[0]
    return None


def _value(spec: FieldSpec, value: Any) -> object:
    is_file = bool(spec.reads or spec.writes)
    match form_of(spec):
        case "pairs":
            pairs = _pairs(spec, value)
            return {n: str(Path(item).absolute()) if is_file else item for n, item in pairs.items()}
        case "many":
            return [str(Path(item).absolute()) for item in value] if is_file else list(value)
        case _:
            return str(Path(value).absolute()) if is_file else value


def _pairs(spec: FieldSpec, items: Sequence[str]) -> dict[str, str]:
    wrong = sum("=" not in item for item in items)
    if wrong:
        raise BadPairError(option=option_name(spec), count=wrong)
    return {name: value for name, _, value in (item.partition("=") for item in items)}


def _from_file(key: str, fields: Sequence[FieldSpec], path: Path) -> dict[str, object]:
    try:
        found: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadParamsFileError(name=path.name, reason=error.strerror or "it cannot be read") from None
    except ValueError:  # TOMLDecodeError and UnicodeDecodeError; their texts quote the file
        raise BadParamsFileError(name=path.name, reason="it is not TOML in UTF-8") from None
    folder = path.absolute().parent
    found = spelled_out(key, found, folder)
    for spec in fields:
        value = found.get(spec.name)
        if spec.reads and isinstance(value, str):
            found[spec.name] = str(folder / value)
        elif spec.reads and isinstance(value, dict):
            found[spec.name] = {name: str(folder / str(item)) for name, item in value.items()}
        elif spec.reads and isinstance(value, list):
            found[spec.name] = [str(folder / str(item)) for item in value]
    return found
