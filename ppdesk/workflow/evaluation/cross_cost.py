"""What paid cross-validation spends, from heads alone, and why that is enough. Light: no library is loaded.

Claim. The k folds are drawn for each record (for each person, where the unit is one) by a coin of its own
that sees no value, so two neighbouring tables can be given the same draws for all that they share. For fold
i = 1..k a model M_i is trained on the records outside fold i with the guarantee (e, d) of the model that is
evaluated, under the same relation and for the same unit. Then one number is given out: the sum over all
records of a whole-number score of the record under the model of its fold, from 0 to u, plus discrete Laplace
noise of scale g u / e', where g is how many records one unit can change.

- Each M_i sees a part of the table that is chosen without a look at values, and dropping records never makes
  two tables differ in more records; so M_i is (e, d)-DP for the whole table. M_1, ..., M_k together: basic
  composition, at most (k e, k d) (Dwork and Roth 2014, theorem 3.16). A record is outside fold i for k - 1 of
  the folds only, so (k - 1) would do where one record is the unit; all k are charged.
- For fixed models a record's score depends on that record and its fold alone. Added or removed it moves the
  sum by at most u; replaced, by at most u too, because scores lie in 0..u. g records: at most g u. So the
  noisy sum is e'-DP given the models, and adaptive composition adds e'.
- The models are not given out; charging them all the same covers that the score rests on them.

The number of records, by which the sum is divided for reading, is told as everywhere in the record: outside
the claim. So is how long it takes. All other figures of Evaluate stay outside the claim.
"""

from ppdesk.core.artifacts import Head
from ppdesk.privacy.events import Composed, DpEvent, EpsilonDelta, Gaussian, Neighbours, Stated
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.workflow import declared
from ppdesk.workflow.model.train_cost import ONE_GAUSSIAN


def charged(model: Head, folds: int, score_epsilon: float) -> DpEvent | None:
    """The cost for MODEL head `model`; None where it claims no guarantee, so that none can be charged."""
    epsilon, delta = declared.number(model.get("epsilon")), declared.number(model.get("delta"))
    if epsilon is None or delta is None:
        return None
    try:
        under = Neighbours(str(model.get("neighbours") or Neighbours.REPLACE_ONE))
    except ValueError:
        return None
    fit: DpEvent = EpsilonDelta(epsilon, delta, under)
    if delta > 0 and model.get("estimator") in ONE_GAUSSIAN:  # as Train states it
        mu = gaussian_mu(epsilon, delta)
        if mu > 0:
            fit = Stated(epsilon, delta, under, Gaussian(1 / mu, under))
    return Composed((*(fit for _ in range(folds)), EpsilonDelta(score_epsilon, 0.0, under)))
