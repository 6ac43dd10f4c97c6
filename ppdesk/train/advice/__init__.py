"""What to train, at which epsilon, before any record is looked at.

`rule`: which estimator, from use, target, declared size and guarantee, each reason with its source.
`standin`: made-up tables drawn from a declared schema. `curve`: how well estimators do on them, or on a
public table, by epsilon. `inverse`: the epsilon for a quality that one wants. `price`: what a run will cost.

Nothing here takes a private table. What comes out depends on declared values alone, so it costs nothing.
"""
