"""A declared rule makes a hierarchy that is one by construction, and that ARX reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.anonymize.errors import (
    OpenTopError,
    ReturnedFromTopError,
    UnevenHierarchyError,
    UnsoundRuleError,
    ValuesOutsideRuleError,
)
from ppdesk.anonymize.hierarchies import Hierarchy, from_csv, to_csv, validated
from ppdesk.anonymize.hierarchy_builders import (
    Dates,
    Flat,
    Grain,
    Groups,
    Redaction,
    Rule,
    Side,
    build,
    example,
)
from ppdesk.anonymize.hierarchy_intervals import Intervals
from ppdesk.core.cell_numbers import DecimalMark

SIGNS = st.text('ab1*;" \nä', max_size=6)
REGIONS = Groups(
    ("Kiel", "Bonn", "Linz"),
    (
        {"north": ("Kiel",), "west": ("Bonn",), "upper": ("Linz",)},
        {"DE": ("north", "west"), "AT": ("upper",)},
    ),
)


def row(hierarchy: Hierarchy, leaf: str) -> tuple[str, ...]:
    return next(one for one in hierarchy.rows if one[0] == leaf)


def sound(rule: Rule, values: list[str]) -> Hierarchy:
    """Functional, monotone, ends in *, has a row for missing values, and survives its file."""
    made = build("c", rule, values)
    assert validated("c", made.rows) == made
    assert from_csv("c", to_csv(made)) == made
    assert made.levels == rule.height() + 2
    assert row(made, "")[-1] == "*"
    distinct = [len(labels) for labels in made.labels]
    assert distinct == sorted(distinct, reverse=True)
    assert distinct[-1] == 1
    assert set(values) <= set(made.leaves)
    return made


@given(
    low=st.integers(-300, 300),
    span=st.integers(1, 60),
    width=st.integers(1, 9),
    factors=st.lists(st.integers(2, 4), max_size=3),
)
def test_intervals_of_whole_numbers_hold_every_declared_number(low, span, width, factors):
    widths = [width]
    for factor in factors:
        widths.append(widths[-1] * factor)
    made = sound(Intervals(low, low + span, widths), [])
    assert made.leaves[:-1] == tuple(str(number) for number in range(low, low + span + 1))


@given(
    st.lists(st.decimals("-9.99", "9.99", places=2).map(str), max_size=20),
    st.sampled_from([[0.1, 0.5], [0.25], [1, 5]]),
)
def test_intervals_of_decimals_are_exact(values, widths):
    made = sound(Intervals(-10, 10, widths, whole=False), values)
    for leaf, label, *_ in made.rows[:-1]:
        low, high = label[1:-1].split(", ")
        assert float(low) <= float(leaf) < float(high)


@given(st.lists(SIGNS, max_size=12), st.integers(1, 6), st.sampled_from(Side))
def test_redaction_of_any_text(values, step, side):
    made = sound(Redaction(6, step, side), values)
    assert all(len(label) == 6 for one in made.rows if one[0] for label in one[1:-1])


@given(st.lists(st.dates().map(str), max_size=12), st.sets(st.sampled_from(Grain), min_size=1))
def test_dates_of_any_day(values, grains):
    sound(Dates(tuple(grain for grain in Grain if grain in grains)), values)


def test_groups_and_flat():
    assert row(sound(REGIONS, ["Kiel", ""]), "Bonn") == ("Bonn", "west", "DE", "*")
    assert build("c", Flat(("a", "b")), ["a"]).rows == (("a", "*"), ("b", "*"), ("", "*"))
    assert build("c", Flat(), ["z", "", "y"]).rows == (("y", "*"), ("z", "*"), ("", "*"))
    named = Groups(("a", ""), ({"known": ("a",), "unknown": ("",)},))
    assert build("c", named, [""]).rows == (("a", "known", "*"), ("", "unknown", "*"))


def test_the_labels_are_those_a_person_expects():
    assert example(Intervals(0, 120, [5, 10, 20]), "47") == ("47", "45 to 49", "40 to 49", "40 to 59", "*")
    assert example(Intervals(0, 9, [1, 2]), "3") == ("3", "3", "2 to 3", "*")
    assert example(Intervals(-9, 9, [5]), "-3") == ("-3", "-5 to -1", "*")
    assert example(Intervals(0, 99, [2.5, 5], whole=False), "21") == ("21", "[20, 22.5)", "[20, 25)", "*")
    comma = Intervals(0, 1, [0.1], whole=False, mark=DecimalMark.COMMA)
    assert example(comma, "0,3") == ("0,3", "[0.3, 0.4)", "*")
    day = ("2023-05-17", "2023-05", "2023-Q2", "2023", "2020 to 2029", "*")
    assert example(Dates(), "2023-05-17") == day
    assert example(Dates(), "2023-05-17T08:00:00")[1:] == day[1:]


def test_redaction_is_filled_up_as_arx_does_it():
    # HierarchyBuilderRedactionBased.create('*'): aligned to the left, filled with *, masked from the right
    made = build("zip", Redaction(5), ["81667", "816"])
    assert row(made, "81667") == ("81667", "8166*", "816**", "81***", "8****", "*")
    assert row(made, "816") == ("816", "816**", "816**", "81***", "8****", "*")
    left = build("zip", Redaction(5, 2, Side.LEFT), ["81667", "816"])
    assert row(left, "81667") == ("81667", "**667", "****7", "*")
    assert row(left, "816") == ("816", "**816", "****6", "*")


@pytest.mark.parametrize(
    ("rule", "values", "outside"),
    [
        (Intervals(0, 90, [10]), ["5", "91", "-1", "x", "05", "5.0"], 5),
        (Intervals(0, 90, [10], whole=False), ["5.5", "90.01", "nan", "inf", "1e999"], 4),
        (Intervals(0, 1e6, [10]), ["5", "5.5", "1000001"], 2),
        (Redaction(3), ["abc", "abcd"], 1),
        (Dates(), ["2024-02-29", "2023-02-29", "29.02.2024", "secret"], 3),
        (REGIONS, ["Kiel", "Rom"], 1),
        (Flat(("a",)), ["a", "b"], 1),
    ],
)
def test_what_does_not_fit_is_counted_and_never_cut_or_told(rule, values, outside):
    with pytest.raises(ValuesOutsideRuleError) as caught:
        build("col", rule, values)
    assert (caught.value.values["column"], caught.value.values["values"]) == ("col", outside)
    assert not any(one in caught.value.message for one in ("secret", "Rom", "abcd", "29.02", "90.01"))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Intervals(5, 5, [1]), "below"),
        (Intervals(0, 9, []), "widths"),
        (Intervals(0, 9, [0]), "above 0"),
        (Intervals(0, 9, [2.5]), "whole"),
        (Intervals(0, 9, [2, 3]), "multiple"),
        (Intervals(0, 9, [4, 2]), "multiple"),
        (Dates((Grain.YEAR, Grain.MONTH)), "coarser"),
        (Dates(()), "coarser"),
        (Redaction(0), "length"),
        (Redaction(3, 4), "length"),
        (Redaction(100), "levels"),
        (Groups(("a", "b"), ()), "levels"),
        (Groups(("a", "b"), ({"x": ("a",)},)), '"b" is in no group of level 1'),
        (Groups(("a",), ({"x": ("a",), "y": ("a",)},)), '"a" is in level 1 twice'),
        (Groups(("a",), ({"x": ("a", "c")},)), '"c" on level 1 is no declared category'),
        (Groups(("a",), ({"x": ("a",)}, {"y": ("a",)})), '"a" on level 2 is no group'),
        (Groups(("a",), ({"*": ("a",)}, {"x": ("*",)})), "name"),
    ],
)
def test_a_rule_that_cannot_be_says_why(rule, words):
    assert words in rule.unsound()
    assert example(rule, "5") == ()
    with pytest.raises(UnsoundRuleError):
        build("c", rule, [])


@pytest.mark.parametrize(
    ("text", "error", "where"),
    [
        ("a;x;*\n\nb;*\n", UnevenHierarchyError, {"row": 3, "value": "b"}),
        ("a;*\n\n\nb;all\n", OpenTopError, {"row": 4, "value": "b"}),
        ("a;*;all;*\n", ReturnedFromTopError, {"row": 1, "level": 2, "value": "all"}),
    ],
)
def test_a_file_is_refused_with_its_line_and_value(text, error, where):
    with pytest.raises(error) as caught:
        from_csv("job", text.encode())
    assert {name: caught.value.values[name] for name in where} == where
