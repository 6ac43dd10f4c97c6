"""Choosing settings: on tables that are nobody's secret, or on private records with every trial paid for.

Claim (private). One trial draws a setting uniformly from a fixed, public list, trains with it on the training
part, and gives out the model with a noisy score on the validation part. The parts are drawn by coins that see
nothing of a record. Training is a composition of discrete Gaussian noise on whole-number sums, so its Renyi
divergences are at most those of Gaussian noise with the mu of its event (Canonne, Kamath and Steinke 2020,
theorem 4; Renyi divergences of independent numbers, and of mechanisms one after the other, add up); the score
is one more such sum. Both are counted in full, although a record is in one part only. Which setting was drawn
is told with the model: a mixture with known weights has no larger divergences than its largest part, and here
all parts have the same bound.
The number of trials K is drawn from the truncated negative binomial distribution and never told; only the
trial with the highest noisy score is given out, with its score. So all of it costs what Papernot and
Steinke 2022 (arXiv 2110.03620, theorem 2) prove: `ppdesk.privacy.tuning`. Neighbours, group: those of the
training.

Not covered: how long the run takes, which grows with K, and K was drawn without a look at the data.
"""
