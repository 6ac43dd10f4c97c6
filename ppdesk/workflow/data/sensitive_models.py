"""Privacy models on sensitive columns as a person writes them: a sentence, or a table with the same names."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from ppdesk.core.params import Params, param
from ppdesk.workflow.data import model_sentences

_MOST = 1_000_000


class _Sensitive(Params):
    column: str = param(label="Column", help="The sensitive column that is protected.", min_length=1)


class DistinctL(_Sensitive):
    """At least l different values in each class."""

    model: Literal["distinct-l-diversity"]
    l: int = param(label="l", ge=2, le=_MOST, help="So many different values in each class.")  # noqa: E741


class EntropyL(_Sensitive):
    """Values as even as l equally frequent ones."""

    model: Literal["entropy-l-diversity"]
    l: float = param(  # noqa: E741
        label="l", ge=1, le=_MOST, help="Each class is as mixed as l equally frequent values."
    )
    estimator: Literal["shannon", "grassberger"] = param(
        "shannon",
        label="Estimator",
        help="How entropy is estimated. Shannon's is too low in small classes; Grassberger's corrects that,"
        " and accepts more classes.",
    )


class RecursiveCL(_Sensitive):
    """The most frequent value is not too frequent."""

    model: Literal["recursive-(c,l)-diversity"]
    c: float = param(
        label="c", gt=0, le=_MOST, help="The most frequent value stays below c times the l-th and all rarer."
    )
    l: int = param(label="l", ge=2, le=_MOST, help="From the l-th most frequent value on.")  # noqa: E741


class Closeness(_Sensitive):
    """Values of a class are distributed nearly as in the table."""

    model: Literal["equal-t-closeness", "hierarchical-t-closeness", "ordered-t-closeness"]
    t: float = param(label="t", ge=0, le=1, help="The largest earth mover's distance from the table.")


class Delta(_Sensitive):
    """A value of a class is neither much more nor much less frequent than in the table."""

    model: Literal["delta-disclosure"]
    delta: float = param(label="delta", gt=0, le=60, help="The largest |log2| of the two shares' ratio.")


class Beta(_Sensitive):
    """A value of a class is not much more frequent than in the table."""

    model: Literal["basic-beta-likeness", "enhanced-beta-likeness"]
    beta: float = param(label="beta", gt=0, le=_MOST, help="The largest relative gain of a share.")


SensitiveModel = Annotated[
    DistinctL | EntropyL | RecursiveCL | Closeness | Delta | Beta, Field(discriminator="model")
]
_ADAPTER: TypeAdapter[SensitiveModel] = TypeAdapter(SensitiveModel)
MODELS = (
    "distinct-l-diversity", "entropy-l-diversity", "recursive-(c,l)-diversity", "equal-t-closeness",
    "hierarchical-t-closeness", "ordered-t-closeness", "delta-disclosure", "basic-beta-likeness",
    "enhanced-beta-likeness",
)  # fmt: skip
_SENTENCE = re.compile(
    rf"(?P<column>.+): *(?P<model>{'|'.join(map(re.escape, MODELS))})(?P<rest>( *,? *[a-z]+ *= *[^,= ]+)*) *"
)
_SETTING = re.compile(r"([a-z]+) *= *([^,= ]+)")


def read(untrusted: object) -> SensitiveModel:
    """A sentence such as "income: recursive-(c,l)-diversity, c = 3, l = 2", or a table (also as JSON text).

    A table has column, model and the model's parameters. ValueError says what is wrong.
    """

    def taken(found: re.Match[str]) -> dict[str, Any]:
        settings = dict(_SETTING.findall(found["rest"]))
        return {"column": found["column"].strip(), "model": found["model"], **settings}

    form = f"column: model, parameter = number. Models: {', '.join(MODELS)}"
    return model_sentences.read(untrusted, _SENTENCE, taken, _ADAPTER, kind="model", form=form)


def asked(model: SensitiveModel) -> str:
    """Its parameters: "c = 3, l = 2"."""
    settings = model.model_dump(exclude={"column", "model"}, exclude_defaults=True)
    return ", ".join(
        f"{name} = {value if isinstance(value, str) else format(value, '.10g')}"
        for name, value in settings.items()
    )


def sentence(model: SensitiveModel) -> str:
    """What `read` takes."""
    return f"{model.column}: {model.model}, {asked(model)}"


def sentences(untrusted: Any) -> Any:
    """Each item as its sentence, once. ValueError."""
    return model_sentences.each_once(untrusted, lambda one: sentence(read(one)))
