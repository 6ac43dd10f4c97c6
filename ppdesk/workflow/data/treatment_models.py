"""Treatments of columns as a person writes them: a sentence, or a table with the same names."""

import json
import re
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from ppdesk.core.params import Params, param
from ppdesk.workflow.data import model_sentences

_MOST = 1_000_000
_DAYS = 36_525  # a hundred years
_DOMAIN = (
    "Columns of the same domain get the same pseudonyms in one release, also in other tables. The column's"
    " own name, where nothing is said."
)
By = Literal["mean", "geometric-mean", "median", "mode", "interval"]


def _listed(separator: str) -> BeforeValidator:
    """A text with `separator` between items, or a list."""

    def split(untrusted: Any) -> Any:
        if not isinstance(untrusted, str):
            return untrusted
        return tuple(piece.strip() for piece in untrusted.split(separator) if piece.strip())

    return BeforeValidator(split)


def _without_days(untrusted: Any) -> Any:
    return re.sub(r" *days?$", "", untrusted) if isinstance(untrusted, str) else untrusted


class _Treatment(Params):
    column: str = param(label="Column", help="The column of the release that is treated.", min_length=1)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it changes."""
        return (self.column, *getattr(self, "also", ()))


class TopBottom(_Treatment):
    """Values beyond a bound become the bound, or a label."""

    treatment: Literal["top-bottom-coding"]
    bottom: float | None = param(None, label="Bottom", help="Values below become this.")
    top: float | None = param(None, label="Top", help="Values above become this.")
    shown: Literal["bound", "label"] = param(
        "bound",
        label="Shown as",
        help="The bound itself, so that the column stays numeric, or below / above.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.bottom is None and self.top is None:
            raise ValueError("a bottom or a top is needed")
        if self.bottom is not None and self.top is not None and self.bottom >= self.top:
            raise ValueError("bottom is below top")
        return self


class Rounding(_Treatment):
    """Values become the nearest multiple of a base."""

    treatment: Literal["rounding"]
    base: float = param(label="Base", gt=0, help="Values become the nearest multiple; halves the even one.")


class Categorize(_Treatment):
    """Numbers become declared intervals."""

    treatment: Literal["categorize"]
    bounds: Annotated[tuple[float, ...], _listed(" ")] = param(
        label="Bounds", min_length=1, help="Where intervals begin, ascending, such as 18 40 65."
    )

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if any(low >= high for low, high in pairwise(self.bounds)):
            raise ValueError("bounds ascend")
        return self


class Mask(_Treatment):
    """Signs are masked, but for the first and last ones."""

    treatment: Literal["mask"]
    first: int = param(0, label="Keep first", ge=0, le=64, unit="signs", help="So many signs stay in front.")
    last: int = param(0, label="Keep last", ge=0, le=64, unit="signs", help="So many signs stay at the end.")
    sign: str = param("*", label="Sign", help="What stands for a masked sign.", min_length=1)
    length: int | None = param(
        None, label="Masking signs", ge=1, le=64,
        help="Always so many, so that the length does not show. Nothing: one for each sign.",
    )  # fmt: skip


class Suppress(_Treatment):
    """All values become *."""

    treatment: Literal["suppress"]


class Microaggregate(_Treatment):
    """Groups of similar records, each with one value for all."""

    treatment: Literal["microaggregate"]
    group: int = param(label="Group", ge=2, le=_MOST, unit="records", help="At least so many records each.")
    by: By = param("mean", label="By", help="What stands for the group.")
    also: Annotated[tuple[str, ...], _listed("+")] = param(
        (), label="Together with",
        help="Further columns, such as age + wealth: groups are then similar in all of them (MDAV). A record"
        " that lacks one of the values loses them all.",
    )  # fmt: skip


class ClassAggregate(_Treatment):
    """A quasi-identifier's values of one class become one value."""

    treatment: Literal["class-aggregate"]
    by: By = param("mean", label="By", help="What stands for the class; missing values do not count.")


class RankSwap(_Treatment):
    """Values are exchanged with others of nearby rank."""

    treatment: Literal["rank-swap"]
    window: float = param(
        label="Window", gt=0, le=1, unit="share of records", help="Ranks move by at most this share."
    )


class Pram(_Treatment):
    """Categories are redrawn at random."""

    treatment: Literal["pram"]
    stay: float | None = param(
        None, label="Stay", ge=0, le=1, help="The probability that a category is not redrawn."
    )
    to: Literal["own-shares", "uniform"] = param(
        "own-shares", label="Redrawn from",
        help="The column's own shares, so that expected counts stay (invariant PRAM), or all alike.",
    )  # fmt: skip
    matrix: dict[str, dict[str, float]] | None = param(
        None,
        label="Transition matrix",
        help="Probabilities from each category to each, instead of the above.",
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.stay is None) == (self.matrix is None):
            raise ValueError("stay or a matrix is needed, not both")
        return self


class Noise(_Treatment):
    """Normal noise, scaled by the column's own spread. No differential privacy."""

    treatment: Literal["noise"]
    share: float = param(
        label="Share", gt=0, le=100, unit="standard deviations", help="Of the column's standard deviation."
    )
    also: Annotated[tuple[str, ...], _listed("+")] = param(
        (), label="Together with", help="Further columns, with noise that is correlated as they are."
    )


class DateShift(_Treatment):
    """All dates of a person move by the same number of days."""

    treatment: Literal["date-shift"]
    within: Annotated[int, BeforeValidator(_without_days)] = param(
        label="Within", ge=1, le=_DAYS, unit="days", help="Shifts are uniform within plus and minus this."
    )
    per: str = param(label="Per", min_length=1, help="The column whose value tells whose date it is.")
    domain: str = param(
        "", label="Domain", help="As for pseudonyms; the name of `per` where nothing is said."
    )


class Pseudonym(_Treatment):
    """A keyed code for each value."""

    treatment: Literal["pseudonym"]
    length: int = param(16, label="Length", ge=8, le=52, unit="signs", help="Letters and digits 2 to 7.")
    domain: str = param("", label="Domain", help=_DOMAIN)


class FormatPreserving(_Treatment):
    """A keyed code of the same form, by FF1."""

    treatment: Literal["format-preserving"]
    alphabet: str = param(
        "digits", label="Alphabet", min_length=2,
        help="digits, lower, upper, letters, hex, alphanumeric, upper-alphanumeric, or the signs themselves.",
    )  # fmt: skip
    domain: str = param("", label="Domain", help=_DOMAIN)


Treatment = Annotated[
    TopBottom | Rounding | Categorize | Mask | Suppress | Microaggregate | ClassAggregate | RankSwap | Pram
    | Noise | DateShift | Pseudonym | FormatPreserving,
    Field(discriminator="treatment"),
]  # fmt: skip
_ADAPTER: TypeAdapter[Treatment] = TypeAdapter(Treatment)
TREATMENTS = (
    "top-bottom-coding", "rounding", "categorize", "mask", "suppress", "microaggregate", "class-aggregate",
    "rank-swap", "pram", "noise", "date-shift", "pseudonym", "format-preserving",
)  # fmt: skip
_SENTENCE = re.compile(
    rf"(?P<column>.+): *(?P<treatment>{'|'.join(map(re.escape, TREATMENTS))})"
    r"(?P<rest>( *, *[a-z]+ *= *[^,=]+)*)"
)
_SETTING = re.compile(r"([a-z]+) *= *([^,=]+)")
_JOINED = {"bounds": " ", "also": " + "}


def read(untrusted: object) -> Treatment:
    """A sentence such as "income: microaggregate, group = 5", or a table (also as JSON text).

    A table has column, treatment and the treatment's settings. ValueError says what is wrong.
    """

    def taken(found: re.Match[str]) -> dict[str, Any]:
        settings = {name: value.strip() for name, value in _SETTING.findall(found["rest"])}
        return {"column": found["column"].strip(), "treatment": found["treatment"], **settings}

    form = f"column: treatment, setting = value. Treatments: {', '.join(TREATMENTS)}"
    return model_sentences.read(untrusted, _SENTENCE, taken, _ADAPTER, kind="treatment", form=form)


def asked(treatment: Treatment) -> str:
    """Its settings, those at their defaults left out: "group = 5, by = median"."""
    told = treatment.model_dump(exclude={"column", "treatment"}, exclude_defaults=True)
    return ", ".join(f"{name} = {_written(name, value)}" for name, value in told.items())


def sentence(treatment: Treatment) -> str:
    """What `read` takes: a sentence, or JSON text where a sentence cannot say it."""
    said = asked(treatment)
    plain = f"{treatment.column}: {treatment.treatment}" + (f", {said}" if said else "")
    try:
        if read(plain) == treatment:
            return plain
    except ValueError:
        pass  # a matrix, or a name with a comma
    return json.dumps(treatment.model_dump(exclude_defaults=True), ensure_ascii=False)


def sentences(untrusted: Any) -> Any:
    """Each item as its sentence, once. ValueError."""
    return model_sentences.each_once(untrusted, lambda one: sentence(read(one)))


def _written(name: str, value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, tuple):
        return _JOINED[name].join(_written(name, one) for one in value)
    return "declared" if isinstance(value, dict) else str(value)
