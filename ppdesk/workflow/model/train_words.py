"""Words of a model's record as they begin a cell: how it was trained, told by its estimator in lower case."""

from ppdesk.core.said import said

_MECHANISMS = (
    said("Full-batch additive model, exact discrete Gaussian noise"),
    said("DP-SGD with Poisson samples and discrete Gaussian noise (Abadi and others 2016)"),
    said("DP-SGD: Poisson sampling, ghost norms, discrete Gaussian noise on a grid"),
    said("Explainable boosting with random splits, discrete Gaussian noise (Nori and others 2021)"),
    said("Exact discrete Gaussian noise on whole-number sums"),
    said("Naive Bayes, Laplace noise (Vaidya and others 2013)"),
    said("Random forest, noisy leaf counts (after Fletcher and Islam 2017)"),
    said("Random forest, permute-and-flip at the leaves (Fletcher and Islam 2017)"),
    said("Objective perturbation, one class against the rest (Chaudhuri, Monteleoni, Sarwate 2011)"),
    said("Objective perturbation (Chaudhuri, Monteleoni, Sarwate 2011)"),
)


def mechanism(text: str) -> str:
    """`text` with a capital; of an older record without it, what there was then."""
    told = text or "objective perturbation (Chaudhuri, Monteleoni, Sarwate 2011)"
    capital = told[:1].upper() + told[1:]
    return next((one for one in _MECHANISMS if one == capital), capital)
