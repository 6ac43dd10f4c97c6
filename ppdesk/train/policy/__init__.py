"""Decisions from logged decisions: an offline contextual bandit with differential privacy.

Each record is a context (the columns), the action that was taken, its reward, and the chance (propensity)
with which this action was taken. Learnt is a policy: for a context the chances of the actions. What it is
worth is estimated from records that it was not learnt from (off-policy evaluation).

**Claim.** Model and values together are (epsilon, delta)-DP for the neighbours asked: tables that differ in
`group` records, added or removed, or replaced.

**Two sides.** Each record (each person, where persons are told) is put on the learning or the evaluation side
by a coin of its own, which sees nothing of the record. Fix the coins; a replaced record keeps its coin. If g
records differ, a of them on the learning and b on the evaluation side, a + b = g, and one record's part of
each side is mu_1-GDP, then both together, the second chosen by the first, are sqrt(a^2 + b^2) mu_1-GDP, at
most g mu_1: so each side may spend the whole mu of (epsilon, delta) (parallel composition; for replace-one
2a and 2b take the place of a and b). The inequality of (epsilon, delta) is linear in the two laws of the
output, so it holds for the mixture over coins as well.

**Learning side** (`learn`, `limits`): noisy counts of actions; for each action the noisy moments of contexts
and rewards (`ppdesk.train.moments.sums`), one joint answer, since a record touches the sums of one action
only; where actions are limited, noisy counts of how much better the limited action looks. **Evaluation side**
(`value`): clipped sums on whole numbers, two answers, the second around values that the first gave. Each
file proves its sensitivities; the shares of mu^2 on a side add up to one. Noise is the exact discrete
Gaussian; the number of noisy numbers of both sides together stays within what its slack is proved for.

Which records are left out (unknown action, reward or propensity) is decided for each by a look at it alone.

Papers: Dudik, Langford and Li 2011 ("Doubly robust policy evaluation and learning"); Horvitz and Thompson
1952; Swaminathan and Joachims 2015 (self-normalised estimates); Dwork, Talwar, Thakurta and Zhang 2014;
Canonne, Kamath and Steinke 2020; Balle and Wang 2018; Dong, Roth and Su 2022.
"""
