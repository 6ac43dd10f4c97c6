"""The compiled search loop: which transformation to check next, check it, learn from it; no Python between.

Models on sensitive attributes plug in through `criteria.dense`: `Needs` (arrays only, always of the same
types) and `judge_classes`, called once per check with the classes' dense histograms. See that module's head.
"""
