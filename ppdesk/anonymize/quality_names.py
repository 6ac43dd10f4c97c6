"""The names of the quality models, and which settings each has. Light, for forms."""

from enum import StrEnum

from ppdesk.anonymize.aggregate import Aggregate


class Quality(StrEnum):
    """The quality models that the search can minimize."""

    LOSS = "loss"
    DISCERNIBILITY = "discernibility"
    AECS = "aecs"
    PRECISION = "precision"
    HEIGHT = "height"
    AMBIGUITY = "ambiguity"
    ENTROPY = "non-uniform-entropy"
    NORMALIZED_ENTROPY = "normalized-non-uniform-entropy"
    INFORMATION_LOSS = "entropy-based-information-loss"
    KL_DIVERGENCE = "kl-divergence"
    CLASSIFICATION = "classification-accuracy"
    PAYOUT = "publisher-payout"


AGGREGATE, FACTOR, WEIGHTS, MONOTONE = "aggregate", "gs_factor", "weights", "monotone"
RESPONSE, MONEY = "response", "money"
SETTINGS: dict[Quality, frozenset[str]] = {  # as ARX has them
    Quality.LOSS: frozenset({AGGREGATE, FACTOR, WEIGHTS}),
    Quality.DISCERNIBILITY: frozenset({MONOTONE}),
    Quality.AECS: frozenset({FACTOR}),
    Quality.PRECISION: frozenset({AGGREGATE, FACTOR, WEIGHTS, MONOTONE}),
    Quality.HEIGHT: frozenset({AGGREGATE, WEIGHTS}),
    Quality.AMBIGUITY: frozenset(),
    Quality.ENTROPY: frozenset({AGGREGATE, FACTOR, WEIGHTS, MONOTONE}),
    Quality.NORMALIZED_ENTROPY: frozenset({AGGREGATE, WEIGHTS}),
    Quality.INFORMATION_LOSS: frozenset({FACTOR}),
    Quality.KL_DIVERGENCE: frozenset(),
    Quality.CLASSIFICATION: frozenset({FACTOR, RESPONSE}),
    Quality.PAYOUT: frozenset({FACTOR, MONEY}),
}
_DEFAULTS = {Quality.LOSS: Aggregate.GEOMETRIC_MEAN, Quality.PRECISION: Aggregate.ARITHMETIC_MEAN}


def aggregated_by(aggregate: Aggregate, quality: Quality) -> Aggregate:
    """The aggregate function, ARX's own for the quality model where none was chosen."""
    return _DEFAULTS.get(quality, Aggregate.SUM) if aggregate is Aggregate.DEFAULT else aggregate
