"""What Model asks for."""

from pathlib import Path
from typing import Annotated

from pydantic import field_validator

from ppdesk.core.params import Params, Reads, param
from ppdesk.data.readers.formats import SUFFIXES

_MOST_POINTS = 12


class ModelParams(Params):
    """What a recommendation rests on, beside objective, standard and roles."""

    target: str | None = param(
        None, label="Target", help="The column to predict. Empty: the one that Roles declares."
    )
    features: tuple[str, ...] = param(
        (),
        label="Features",
        help="The columns to learn from. Empty: all but the target and direct identifiers.",
        more=True,
    )
    rows: int | None = param(
        None,
        label="Records, about",
        help="The approximate number of records, if it is public. Empty: the curve is drawn for 10,000. The "
        "table is not counted: what is recommended must not depend on a record.",
        unit="records",
        ge=1,
        le=1_000_000_000,
    )
    glass_box: bool = param(
        True,
        label="Every part can be looked at",
        help="Only models whose every part can be read and explained, as decisions about people ask for.",
    )
    curve: bool = param(
        True,
        label="Show privacy and usefulness",
        help="Trains a few models at several ε on made-up tables with the declared columns, or on a public "
        "table. No record of yours is read, so this is free; it takes about ten "
        "seconds, more with DP-SGD or further models, and the first time kernels are compiled.",
    )
    least: float | None = param(
        None,
        label="Usefulness wanted",
        help="The AUROC (of a number: the share of its variance that is explained, R²) that is good enough: "
        "the smallest ε that reaches it on the curve is then proposed, within the standard's limits.",
        gt=0,
        lt=1,
        empty="ε by the standard",
    )
    epsilons: tuple[float, ...] = param(
        (0.5, 1.0, 2.0, 4.0, 8.0),
        label="Values of ε",
        help="At which ε the models are tried, from 0.01 to 50.",
        more=True,
    )
    estimators: tuple[str, ...] = param(
        (),
        label="Models on the curve",
        help="Their keys, as Train takes them. Empty: the usual ones for this target.",
        empty="The usual ones",
        more=True,
    )
    positive_share: float | None = param(
        None,
        label="Share of positives, about",
        help="Of a target with two classes, if it is public, 0 to 1. Empty: 0.03 for fraud detection, else "
        "0.25. It is not counted in the table.",
        gt=0,
        lt=1,
        more=True,
    )
    repetitions: int = param(
        2,
        label="Repetitions",
        help="How many made-up tables each point is averaged over.",
        ge=1,
        le=20,
        more=True,
    )
    public: Annotated[Path, Reads(tuple(SUFFIXES))] | None = param(
        None,
        label="Public table",
        help="A table of other people that anybody may see, with the same columns and target: the curve is "
        "then measured on it. Never your own table: that would be a look that nobody has paid for.",
        more=True,
    )

    @field_validator("epsilons")
    @classmethod
    def _possible(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not 1 <= len(value) <= _MOST_POINTS or not all(0.01 <= one <= 50 for one in value):
            raise ValueError(f"1 to {_MOST_POINTS} values from 0.01 to 50 are needed")
        return tuple(sorted(set(value)))
