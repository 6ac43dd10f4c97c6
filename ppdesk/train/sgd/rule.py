"""The written rule: what is not asked for follows from the declared (or noisily counted) number of records n
and the schema. t is how many inputs of the first layer a record touches: one per column, and the bias.

Linear models
- numbers in 32 cells, so that the model can bend
- expected batch n/4, at least 256: at 200 steps that hides nearly as much as the whole table in each step,
  at a quarter of the work
- 200 steps, clip sqrt(t)/4 (half of a record's norm at the start), momentum 0.9, learning rate 16/t

Networks
- numbers in 16 cells; one hidden layer of 32 units below 500,000 records, else two of 128: noise grows with
  the number of parameters
- expected batch n/8, 256 to 4,096; 40 passes over the table, 60 to 400 steps
- clip 1, momentum 0.9, learning rate 120 / steps

The model is the mean of the iterates of the second half. The figures for linear models come from twelve
settings on Bank, German credit and a made-up table of 8,000 records at epsilon 0.5 and 2; those for networks
from a handful of settings on made-up tables of 8,000 and 100,000 only. No record of Adult was used.
"""

import math
from dataclasses import dataclass

from ppdesk.train.schema import Schema, Target
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.options import Options

LINEAR, NETWORK = "sgd-logistic", "sgd-mlp"
SMALL, LARGE = (32,), (128, 128)
_LARGE_FROM = 500_000  # records


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
    hidden = options.hidden if options.hidden is not None else (_hidden(rows) if network else ())
    encoding = Encoding(schema, options.bins if options.bins is not None else (16 if hidden else 32))
    shape = Shape.of(encoding.one_hot, len(encoding.plain), hidden, target)
    batch = options.batch or max(256, rows // 4 if not hidden else min(4096, rows // 8))
    rate = options.rate or min(1.0, batch / max(1, rows))
    touched = len(encoding.coded) + len(encoding.plain) + 1
    clip = options.clip or (math.sqrt(touched) / 4 if not hidden else 1.0)
    steps = options.steps or (min(400, max(60, round(40 / rate))) if hidden else 200)
    momentum = options.momentum if options.momentum is not None else 0.9
    adam = bool(options.adam)
    rate_of_learning = options.learning_rate or (120.0 / steps if hidden else 16.0 / touched)
    return Plan(encoding, shape, rows, rate, steps, clip, rate_of_learning, momentum, adam)


def _hidden(rows: int) -> tuple[int, ...]:
    return SMALL if rows < _LARGE_FROM else LARGE
