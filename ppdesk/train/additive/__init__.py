"""An additive model of binned columns, trained with differential privacy on all records in every step.

**Neighbours.** Tables that differ in `group` records added or removed (default) or replaced. Schema, bounds,
categories, classes and the settings of the rule are declared, or follow from noisy figures already paid for.

**Releases.** (1) one-way counts of every column's cells by class; (2) T gradients: for every bin the sum of
the residuals of its records; (3) where it pays, the same for the cells of all pairs of columns, once, and the
counts of the cells of the pairs that are kept; (4) for two classes a histogram of scores by class; for a
quantity, first of all, counts of the target that narrow its bounds (`ppdesk.train.spread`). Each adds, over
records, one vector for each part (a column's bins, its coarse bins too, a pair's cells), zero but in the row
of the record's bin.

**Sensitivity.** That vector has whole-number entries and L2 length at most CLIP, whatever the record holds:
a count is CLIP in one place, a residual is cut to length in floats, rounded towards zero, and checked again
in whole numbers (`kernel.residual`). It depends on this record and on published tables only. So adding or
removing a record changes one release, parts p weighted by whole numbers m_p, by at most CLIP sqrt(sum m_p^2);
int64 sums are exact in any order, and no floating-point sum enters (Casacuberta and others 2022). Groups and
replace-one: `releases`.

**Noise and composition.** Exact discrete Gaussian noise (Canonne, Kamath and Steinke 2020) on every entry.
Each release is mu_i-Gaussian DP, mu_i = sensitivity / scale, also when chosen by earlier ones, and together
they are one Gaussian mechanism with mu^2 = sum mu_i^2 (Dong, Roth and Su 2022); `Purse` refuses to go over.
mu comes from (epsilon, delta) by Balle and Wang 2018. The whole is full batch: no sampling, no secret batch
size.

**Not covered.** How long a fit takes, how much memory it uses, and that records without a known target were
left out before. All else in here (bins, priors, weights, averages, thresholds) is computed from noisy
figures.

layout    cells and bins          kernel    the passes over records         task     classes and quantity in
one form  releases  sensitivity and purse    prior    what is believed of a column    descent  the steps
pairs     columns that act together          threshold  probabilities to say yes     rule     the settings
model, interaction, fit, estimator
"""
