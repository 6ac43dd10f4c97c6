"""The quality model's settings in the step: what does not matter, and the engine's form."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.quality_names import AGGREGATE, RESPONSE, SETTINGS, Quality, aggregated_by
from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.workflow.data.anonymize_params import AnonymizeParams

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.frequency import FrequencySet
    from ppdesk.anonymize.loss import LossModel

_WORDS = {
    "aggregate": "how losses become one",
    "gs_factor": "generalize or suppress",
    "weights": "weights",
    "monotone": "monotone",
    "response": "response variable",
}


def response_of(params: AnonymizeParams, roles: Head) -> str:
    """The response variable: the target, where none is named."""
    return params.response or str(roles.get("target") or "")


def check(
    params: AnonymizeParams, quasi: Sequence[str], roles: Head, names: Sequence[str] | None
) -> list[Finding]:
    """Settings that the quality model does not have; a response variable that cannot be one."""
    takes, quality = SETTINGS[params.quality], params.quality
    changed = params.model_dump(exclude_defaults=True)
    idle = [words for name, words in _WORDS.items() if name in changed and name not in takes]
    found = []
    if idle:
        found.append(
            Finding(
                Level.INFO, f"Settings that do not matter to {quality.value}: {', '.join(idle)}.",
                "Other quality models have them.", "quality", "PP-ANONYMIZE-015",
            )
        )  # fmt: skip
    response = response_of(params, roles)
    unknown = names is not None and response not in names
    if RESPONSE in takes and (not response or response in quasi or unknown):
        found.append(
            Finding(
                Level.BLOCKING, "Classification accuracy needs a response variable.",
                "Name the column that is to be predicted from the release. It must be a column of the table"
                " and no quasi-identifier.",
                "response", "PP-ANONYMIZE-047",
            )
        )  # fmt: skip
    by_rank = AGGREGATE in takes and aggregated_by(params.aggregate, quality) is Aggregate.RANK
    if by_rank and params.algorithm.value not in {"auto", "exact"}:
        found.append(
            Finding(
                Level.BLOCKING, "By rank, only the exact search can tell what is best.",
                "Choose the exact search, or another way in which columns become one.",
                "aggregate", "PP-ANONYMIZE-048",
            )
        )  # fmt: skip
    return found


def model(params: AnonymizeParams, roles: Head, rows: "pa.Table", frequencies: "FrequencySet") -> "LossModel":
    """The settings for the engine. Publisher payout counts in the money of a profitability model, if one is
    asked for. ResponseError."""
    from ppdesk.anonymize.loss import LossModel, Money
    from ppdesk.anonymize.response import response

    money = Money()
    for one in params.on_population():
        if one.model.startswith("profitability-prosecutor"):
            told = one.model_dump()
            money = Money(*(float(told[name]) for name in ("benefit", "loss", "gain", "cost")))
    asked = params.quality is Quality.CLASSIFICATION
    return LossModel(
        params.aggregate, params.gs_factor, params.weights, params.monotone,
        response(rows, frequencies, response_of(params, roles)) if asked else None, money,
    )  # fmt: skip


def told(params: AnonymizeParams) -> dict[str, Json]:
    """The quality model with the settings that it has, for the record."""
    every: dict[str, Json] = {
        "aggregate": aggregated_by(params.aggregate, params.quality).value,
        "gs_factor": params.gs_factor,
        "weights": dict(params.weights),
        "monotone": params.monotone,
        "response": params.response,
    }
    takes = SETTINGS[params.quality]
    return {params.quality.value: {name: one for name, one in every.items() if name in takes}}
