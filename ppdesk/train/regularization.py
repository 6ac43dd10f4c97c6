"""How strongly the model is regularized, by a rule that never sees the data.

`a` is the weight of |w|^2 / 2 beside the sum (not the mean) of the losses: scikit-learn's 1/C.
"""

import math

CURVATURE = 0.25  # the largest second derivative of the logistic loss
CURVATURE_SHARE = 0.1  # of epsilon: the most that the Jacobian may take
PRIOR = 0.5  # log-odds: how much one category typically moves the odds


def least_regularization(epsilon: float) -> float:
    """The least a for which the Jacobian takes no more than CURVATURE_SHARE of epsilon:
    2 log(1 + 0.25/a) = 0.1 epsilon."""
    return CURVATURE / math.expm1(CURVATURE_SHARE * epsilon / 2)


def default_regularization(epsilon: float, width: int, features: int) -> float:
    """The rule for a. It sees epsilon, the d columns and the B features of the encoding, never the data.

    b has about s = 2 sqrt(d) / epsilon in each direction. A ridge is right where it weighs that noise against
    what a coefficient is expected to be: with a typical effect of PRIOR = 0.5 log-odds, a scaled coefficient
    is about t = 0.5 sqrt(B + 1), and a = s / t balances both for columns whose own curvature is about a.
    Never below `least_regularization`. PRIOR was fixed once, as a round number: on the shipped Adult sample
    any value from 0.25 to 0.7 does about as well.
    """
    noise = 2 * math.sqrt(width) / epsilon
    return max(noise / (PRIOR * math.sqrt(features + 1)), least_regularization(epsilon))
