"""What boosting found as an AdditiveModel: a DP-EBM is one, of binned features."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.core.canonical import Json
from ppdesk.train.additive.model import AdditiveModel, Shape
from ppdesk.train.schema import Quantity, Schema, Target

if TYPE_CHECKING:
    from ppdesk.train.ebm.engine import Boosted

KEY = "ebm"


def model_of(found: "Boosted", target: Target, privacy: Mapping[str, Json]) -> AdditiveModel:
    """The tables of `found` as shapes, centred by their noisy counts; what is taken off them is the offset. A
    quantity's scores are moved from [-1, 1] to its unit."""
    middle, half = 0.0, 1.0
    if isinstance(target, Quantity):
        middle, half = target.low / 2 + target.high / 2, target.high / 2 - target.low / 2
    slope, start = 1.0, middle
    if found.settled is not None:
        slope, start = found.settled.slope, found.settled.intercept + found.settled.slope * middle
    offset = np.full(found.tables[0].shape[1], start)
    half *= slope
    shapes = []
    for bins, table, noise in zip(found.bins, found.tables, found.noise, strict=True):
        centre = np.average(table, axis=0, weights=bins.weights + 1e-9) * half
        offset += centre
        values = table * half - centre
        shapes.append(
            Shape(
                bins.column,
                tuple(bins.edges.tolist()),
                tuple(tuple(row) for row in values.tolist()),
                tuple(tuple([math.sqrt(one) * half] * values.shape[1]) for one in noise.tolist()),
            )
        )
    schema = Schema(tuple(bins.column for bins in found.bins))
    return AdditiveModel(schema, target, tuple(offset.tolist()), tuple(shapes), privacy, estimator=KEY)
