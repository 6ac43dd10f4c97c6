"""What Train charges, told before any record is seen. Light: no library is loaded."""

from ppdesk.core.artifacts import Kind
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Gaussian, Stated
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.train.offers import offer
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.model.train_plan import delta, relation
from ppdesk.workflow.step import Heads

# all that they release adds up to one Gaussian mechanism on all records: see the head of each room
ONE_GAUSSIAN = frozenset({"additive", "ebm", "linear", "k-means", "pca", "histogram"})


def cost(params: TrainParams, heads: Heads) -> DpEvent:
    """The guarantee that is asked for, which is what the budget charges; and where it is known before, the
    mechanism that is run under it, by which the record's tightest total is told.

    The mechanism stated is the one with the least noise that keeps the guarantee, 1 / mu (Balle and Wang
    2018). What is run has a little more, which pays for noise that is discrete. Sampled training is charged
    by its guarantee alone: its noise needs a search that loads libraries; the record tells it after the run.
    """
    share, under = delta(params), relation(params, heads.get(Kind.TABLE, {}))
    if offer(params.estimator.value).key not in ONE_GAUSSIAN or share == 0:
        return EpsilonDelta(params.epsilon, share, under)
    mu = gaussian_mu(params.epsilon, share)
    if not mu > 0:
        return EpsilonDelta(params.epsilon, share, under)
    return Stated(params.epsilon, share, under, Gaussian(1 / mu, under))
