"""What a quantity pays beside the steps: narrow bounds before them, and a last look at the model after them.

Both are Gaussian mechanisms on whole-number sums (`ppdesk.train.spread`), together of 1 / `noise` of Gaussian
DP for neighbours as asked, which `charge` composed with the steps. A unit is at most `asked.group` records;
of a person the first ones, as in the steps.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.core.errors import CodedError
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.train.fitted import Asked
from ppdesk.train.records import Records
from ppdesk.train.schema import Quantity, Target
from ppdesk.train.sgd.checkpoint import OtherRunError
from ppdesk.train.sgd.model import SgdModel
from ppdesk.train.spread.narrow import Narrow, narrow
from ppdesk.train.spread.paying import many, source_answer, source_last
from ppdesk.train.spread.settle import prior_by_rule, settle

if TYPE_CHECKING:
    import numpy.typing as npt

    Labels = npt.NDArray[np.int32] | npt.NDArray[np.float64]


@dataclass(frozen=True)
class Beside:
    """`shares` of mu^2 for the one and the other; `noise`: over the sensitivity of both together, None for
    classes, which pay nothing here."""

    target: Target
    asked: Asked
    shares: tuple[float, float]
    noise: float | None
    entropy: Entropy

    @property
    def _mu(self) -> float:
        """Of which the shares are shares."""
        return 0.0 if self.noise is None else 1 / (self.noise * math.sqrt(sum(self.shares)))

    def narrowed(self, y: "Labels", kept: Mapping[str, Any] | None) -> Narrow | None:
        """Pay for narrow bounds, or go on with those that a state kept. OtherRunError."""
        if not isinstance(self.target, Quantity):
            return None
        if kept is not None:
            try:
                return Narrow.from_json(self.target, kept)
            except (KeyError, TypeError, ValueError, CodedError):
                raise OtherRunError from None
        answer = source_answer(GaussianSource(self.entropy), self._mu, many(self.asked))
        return narrow(np.asarray(y, np.float64), self.target, answer, (self.shares[0],))

    def settled(
        self,
        model: SgdModel,
        records: Records,
        y: "Labels",
        which: "npt.NDArray[np.int64]",
        found: Narrow | None,
    ) -> SgdModel:
        """Pay for the last look at the records `which`, and have of the model what holds."""
        if found is None:
            return model
        model = model.within(found.quantity)
        one = gaussian_mu(self.asked.epsilon, self.asked.delta) / many(self.asked)
        answer = source_last(GaussianSource(self.entropy), self._mu, many(self.asked))
        prior = prior_by_rule(found.rows, one, sure=False)
        predicted, values = model.predict(records.take(which)), np.asarray(y, np.float64)[which]
        said = settle(predicted, values, found, answer, share=self.shares[1], prior=prior)
        return model.settled(said.slope, said.intercept, said.within(found.quantity))
