"""The written rule: what is not asked for follows from the declared (or noisily counted) number of records n
and the schema. t is how many inputs of the first layer a record touches: one per column, and the bias.

Linear models
- numbers in 32 cells, so that the model can bend
- expected batch n/4, at least 256: at 200 steps that hides nearly as much as the whole table in each step,
  at a quarter of the work
- clip sqrt(t)/4 (half of a record's norm at the start), momentum 0.9
- 200 steps, learning rate 16/t

Networks
- numbers in 16 cells; one hidden layer of 32 units below 500,000 records, else two of 128: noise grows with
  the number of parameters
- expected batch n/8, 256 to 4,096; 40 passes over the table, 60 to 400 steps
- clip 1, momentum 0.9, learning rate 120 / steps

Both: what the noise adds to the parameters grows with the way they go, what is left unlearnt shrinks with it.
So the way is f = n e / 8000 of the one above, 1/4 to 4; e is epsilon for one record (over the group, half of
it under replace-one), shared by the outputs. Up to f = 2 the learning rate is f times as large, from there on
twice; a linear model then takes f / 2 times the steps.

The model is the mean of the iterates of the second half. The figures come from some twenty settings for
linear models, and ten for networks, on Bank, German credit and made-up tables of 4,000 to 100,000 records
with two and three classes at epsilon 0.5 to 8. Adult chose no figure;
that an earlier rule learnt too little on it at epsilon 4 and 8 was why f was looked for.
"""

import math
from dataclasses import dataclass

from ppdesk.privacy.events import Neighbours
from ppdesk.train.fitted import Asked
from ppdesk.train.schema import Schema, Target
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.network import Shape
from ppdesk.train.sgd.options import Options

LINEAR, NETWORK = "sgd-logistic", "sgd-mlp"
SMALL, LARGE = (32,), (128, 128)
_LARGE_FROM = 500_000  # records
_USUAL = 8000.0  # n e of the usual way
_SHORT, _FAR = 0.25, 4.0


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


def plan(
    schema: Schema, target: Target, options: Options, rows: int, asked: Asked | None, *, network: bool
) -> Plan:
    """The settings for a table of about `rows` records; asked None: no noise. See the head of this file."""
    hidden = options.hidden if options.hidden is not None else (_hidden(rows) if network else ())
    encoding = Encoding(schema, options.bins if options.bins is not None else (16 if hidden else 32))
    shape = Shape.of(encoding.one_hot, len(encoding.plain), hidden, target)
    batch = options.batch or max(256, rows // 4 if not hidden else min(4096, rows // 8))
    rate = options.rate or min(1.0, batch / max(1, rows))
    touched = len(encoding.coded) + len(encoding.plain) + 1
    clip = options.clip or (math.sqrt(touched) / 4 if not hidden else 1.0)
    way = _way(asked, rows, shape.outputs)
    steps = options.steps or (
        min(400, max(60, round(40 / rate))) if hidden else round(200 * max(1.0, way / 2))
    )
    momentum = options.momentum if options.momentum is not None else 0.9
    adam = bool(options.adam)
    rate_of_learning = options.learning_rate or (
        (120.0 / steps if hidden else 16.0 / touched) * min(2.0, way)
    )
    return Plan(encoding, shape, rows, rate, steps, clip, rate_of_learning, momentum, adam)


def _way(asked: Asked | None, rows: int, outputs: int) -> float:
    """f: see the head of this file."""
    if asked is None:
        return _FAR
    twice = 2 if asked.neighbours is Neighbours.REPLACE_ONE else 1
    return min(_FAR, max(_SHORT, rows * asked.epsilon / (twice * asked.group * outputs * _USUAL)))


def _hidden(rows: int) -> tuple[int, ...]:
    return SMALL if rows < _LARGE_FROM else LARGE
