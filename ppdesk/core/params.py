"""Parameters of a step: declared once, and from there the form, the verb, the record and the help.

A Params class is a frozen pydantic model whose fields are made with `param`. Fields of type
`SourceFile` name a file to read and fields of type `TargetFile` a place to write; the workbench
resolves both, and only the file's name enters the record, never its folder.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticUndefined

from ppdesk.core.errors import InvalidParamsError


@dataclass(frozen=True)
class Reads:
    """Marks a field as a file to read. `suffixes` are what the file dialog offers."""

    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Writes:
    """Marks a field as a file to write."""

    suffix: str = ""


SourceFile = Annotated[Path, Reads()]
TargetFile = Annotated[Path, Writes()]


class Params(BaseModel):
    """Base of all parameter sets: frozen, strict about unknown names, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=False)


def param(
    default: Any = PydanticUndefined,
    *,
    label: str,
    help: str,  # the field's own word for it
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
    lt: float | None = None,
    more: bool = False,
    free_text: bool = False,
    min_length: int | None = None,
    empty: str = "",
    group: str = "",
) -> Any:
    """Declare a field: what it is called, its unit, its range, what it means.

    `more` puts it under "More" on the page. `free_text` marks words a person typed, or values that
    may say something about the data: they enter the record as a salted commitment. `empty` is what a
    page calls the absence of a value, where that means more than none. `group` is the heading under which
    a page puts the field; a group of which every field is `more` is folded under its heading.
    """
    return Field(
        default,
        title=label,
        description=help,
        ge=ge,
        le=le,
        gt=gt,
        lt=lt,
        min_length=min_length,
        json_schema_extra={
            "unit": unit,
            "more": more,
            "free_text": free_text,
            "empty": empty,
            "group": group,
        },
    )


@dataclass(frozen=True)
class FieldSpec:
    """One field of a Params class, described for a form, a verb or a document."""

    name: str
    label: str
    help: str
    unit: str
    type: Any  # the bare type: int, float, bool, str, an Enum, Path, tuple[...], dict[...], a model
    optional: bool  # None is allowed
    required: bool  # no default
    default: Any
    ge: float | None
    le: float | None
    gt: float | None
    lt: float | None
    more: bool
    free_text: bool
    reads: Reads | None
    writes: Writes | None
    empty: str = ""
    group: str = ""

    @property
    def choices(self) -> Sequence[str]:
        """The values of an Enum field; empty for others."""
        if isinstance(self.type, type) and issubclass(self.type, Enum):
            return [str(member.value) for member in self.type]
        return ()


def _strip(annotation: Any) -> tuple[Any, bool, list[Any]]:
    """(bare type, whether None is allowed, Annotated metadata) of an annotation."""
    notes: list[Any] = []
    optional = False
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *extra = get_args(annotation)
            notes += extra
        elif get_origin(annotation) in (Union, types.UnionType):
            rest = [arg for arg in get_args(annotation) if arg is not type(None)]
            optional = optional or len(rest) < len(get_args(annotation))
            if len(rest) != 1:
                return annotation, optional, notes
            annotation = rest[0]
        else:
            return annotation, optional, notes


def _first(notes: Sequence[Any], kind: type[Any]) -> Any:
    return next((note for note in notes if isinstance(note, kind)), None)


def _file_mark(bare: Any, notes: Sequence[Any], kind: type[Any]) -> Any:
    """The Reads or Writes of a field, also of the values of a ``dict[str, SourceFile]``."""
    found = _first(notes, kind)
    if found is None and get_origin(bare) in (dict, tuple):
        for arg in get_args(bare):
            found = found or _first(_strip(arg)[2], kind)
    return found


def fields_of(model: type[Params]) -> list[FieldSpec]:
    """The fields of a Params class in their order."""
    specs = []
    for name, info in model.model_fields.items():
        bare, optional, notes = _strip(info.annotation)
        notes = [*notes, *info.metadata]
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        limits = {
            key: next((getattr(n, key) for n in info.metadata if hasattr(n, key)), None)
            for key in ("ge", "le", "gt", "lt")
        }
        specs.append(
            FieldSpec(
                name=name,
                label=info.title or name,
                help=info.description or "",
                unit=str(extra.get("unit", "")),
                type=bare,
                optional=optional,
                required=info.is_required(),
                default=None if info.is_required() else info.get_default(call_default_factory=True),
                more=bool(extra.get("more")),
                free_text=bool(extra.get("free_text")),
                reads=_file_mark(bare, notes, Reads),
                writes=_file_mark(bare, notes, Writes),
                empty=str(extra.get("empty", "")),
                group=str(extra.get("group", "")),
                **limits,
            )
        )
    return specs


P = TypeVar("P", bound=Params)


def parse(model: type[P], values: dict[str, Any], *, step: str) -> P:
    """Validate at the edge. Raises InvalidParamsError naming the first field that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = _place(first["loc"], values) or "parameters"
        raise InvalidParamsError(step=step, field=where, reason=_reason(first["type"], first)) from None


def _reason(kind: str, wrong: Mapping[str, Any]) -> str:
    """What is wrong, in words for people. It repeats no value but the name of a kind of thing."""
    about = wrong.get("ctx", {})
    if kind == "missing":
        return "a value is needed"
    if kind in {"enum", "literal_error"}:
        return f"it is one of {about['expected']}"
    if kind == "union_tag_not_found":
        return f"{str(about['discriminator']).strip(chr(39))} is needed"
    if kind == "union_tag_invalid":
        field = str(about["discriminator"]).strip("'")
        return f"{field} is one of {str(about['expected_tags']).replace(chr(39), '')}"
    return str(wrong["msg"]).removeprefix("Value error, ")


def _place(place: tuple[int | str, ...], values: Any) -> str:
    """Where it is, in words: an item of a list by the name it bears, or else by its number, counted from 1;
    one that says what it is, with that: ``operation 2 (split), into``."""
    told, joint, at = "", "", values
    for piece in place:
        if isinstance(piece, str) and isinstance(at, dict) and piece not in at and piece in at.values():
            told = f"{told} ({piece})"  # of a union: which of its kinds the item is
            continue
        try:
            at = at[piece]
        except (KeyError, IndexError, TypeError):
            at = None
        own = at.get("name") if isinstance(piece, int) and isinstance(at, dict) else None
        if isinstance(piece, str) or (isinstance(own, str) and own):
            told, joint = f"{told}{joint}{own or piece}", "."
            continue
        *before, last = told.split(".")
        told, joint = ".".join([*before, f"{_one_of(last)} {piece + 1}".strip()]), ", "
    return told


def _one_of(name: str) -> str:
    """``operations`` -> ``operation``: as options that are repeated are called."""
    for ending, one in (("ies", "y"), ("ss", "ss"), ("s", "")):
        if name.endswith(ending):
            return name.removesuffix(ending) + one
    return name
