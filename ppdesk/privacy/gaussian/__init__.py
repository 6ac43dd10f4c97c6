"""Bulk noise for training: exact discrete Gaussian numbers, sampling of rows, and what a grid costs.

keystream  random 64-bit words: AES-256 in counter mode, keyed by the entropy
weights    the distributions: weights on whole numbers, nearly (double) and as closely as asked (integers)
table      one distribution as a table of integer weights, and why a draw from it is exact
sampler    draws by a table
source     GaussianSource: the discrete Gaussian
draws      SecureDraws: binomial numbers, Poisson samples, whole numbers, permutations
grid       Grid: how a vector of real numbers is put on whole numbers
slack      what the discrete Gaussian may cost above the continuous one that accountants know
"""
