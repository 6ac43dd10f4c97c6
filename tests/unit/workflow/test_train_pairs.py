"""What Train tells of pairs of columns that act together, and of delta."""

from dataclasses import dataclass

import pytest

from ppdesk.core.wording import chance
from ppdesk.train.additive.interaction import Pair, Part
from ppdesk.train.schema import Categorical, Classes, Numeric, Schema
from ppdesk.workflow.model.train_pairs import pairs


@dataclass(frozen=True)
class Model:
    schema: Schema
    target: Classes
    several: tuple[Pair, ...]

    def interactions(self) -> tuple[Pair, ...]:
        return self.several


def made(*effects: float) -> Pair:
    parts = (Part(0, (50.0,), ()), Part(1, (), (0, 1, 0)))  # 3 groups of age, 2 of kind
    return Pair(parts, tuple((one,) for one in effects), ((0.1,),) * 6)


def test_a_pair_tells_where_it_adds_least_and_most() -> None:
    schema = Schema((Numeric("age", 0, 100), Categorical("kind", ("a", "b"))))
    weak, strong = made(0, 0.1, 0, 0, 0, 0), made(0.0, 0.3, -0.7, 0.0, 0.0, 0.2)
    found = pairs(Model(schema, Classes("pay", ("low", "high"), "high"), (weak, strong)))
    assert [one.high for one in found] == [0.3, 0.1]
    assert (found[0].low, found[0].low_at) == (-0.7, "age 50 to 100; kind a, other or missing")
    assert found[0].high_at == "age 0 to 50; kind b"
    assert pairs(object()) == ()


def test_at_most_six_pairs_are_kept() -> None:
    schema = Schema((Numeric("age", 0, 100), Categorical("kind", ("a", "b"))))
    many = tuple(made(0, 0, 0, 0, 0, place / 10) for place in range(1, 10))
    assert len(pairs(Model(schema, Classes("pay", ("low", "high"), "high"), many))) == 6


@pytest.mark.parametrize(
    ("value", "words"), [(1e-6, "0.000001"), (0.0, "0"), (2.5e-9, "0.0000000025"), (0.01, "0.01")]
)
def test_a_failure_chance_has_no_exponent(value: float, words: str) -> None:
    assert chance(value) == words
    assert float(chance(value)) == value
