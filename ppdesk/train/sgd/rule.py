"""The written rule: what is not asked for follows from rows, epsilon, delta and the schema.

In words, with n the declared (or noisily counted) number of records:

- A linear model reads numbers in 32 cells, a network in 16: cells make a linear model bend.
- The expected batch is a quarter of n, at least 256: large batches hide more per step at the same
  guarantee, and the fused step makes them cheap. Networks take at most 4,096.
- Steps: see `plan`.
- Clip: of the order of the norm that records have at the start.

Found on Bank, German credit and made-up tables, no record of Adult's was looked at for it.
"""

import math
from dataclasses import dataclass

from ppdesk.train.schema import Schema, Target
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.options import Options

LINEAR, NETWORK = "sgd-logistic", "sgd-mlp"
HIDDEN = (128, 128)


@dataclass(frozen=True)
class Plan:
    """All settings but the noise. `divisor`: the expected number of records in a batch."""

    encoding: Encoding
    shape: Shape
    rows: int
    rate: float
    steps: int
    clip: float
    learning_rate: float
    momentum: float
    adam: bool

    @property
    def divisor(self) -> float:
        return self.rate * self.rows


def plan(schema: Schema, target: Target, options: Options, rows: int, *, network: bool) -> Plan:
    """The settings for a table of about `rows` records. See the head of this file."""
    hidden = options.hidden if options.hidden is not None else (HIDDEN if network else ())
    encoding = Encoding(schema, options.bins if options.bins is not None else (16 if hidden else 32))
    shape = Shape.of(encoding.one_hot, len(encoding.plain), hidden, target)
    batch = options.batch or max(256, rows // 4 if not hidden else min(4096, rows // 8))
    rate = options.rate or min(1.0, batch / max(1, rows))
    touched = len(encoding.coded) + len(encoding.plain) + 1
    clip = options.clip or (math.sqrt(touched) / 2 if not hidden else 1.0)
    steps = options.steps or (min(400, max(60, round(40 / rate))) if hidden else 200)
    momentum = options.momentum if options.momentum is not None else 0.9
    adam = bool(options.adam)
    rate_of_learning = options.learning_rate or (0.2 if hidden else 4.0 / touched)
    return Plan(encoding, shape, rows, rate, steps, clip, rate_of_learning, momentum, adam)
