"""A hierarchy is a tree with one top, or it is refused with the row that is not right."""

import pytest

from ppdesk.anonymize import errors
from ppdesk.anonymize.hierarchies import from_csv, from_json, to_json, validated
from ppdesk.core.resources import resource


def test_the_sample_hierarchies_are_read():
    age = from_csv("age", resource("samples", "adult", "hierarchies", "age.csv").read_bytes())
    assert (age.levels, len(age.leaves)) == (5, 100)
    assert age.labels[-1] == ("*",)
    assert age.labels[2][age.codes[2][age.leaves.index("39")]] == "30-39"


@pytest.mark.parametrize(
    ("text", "error", "where"),
    [
        ("", errors.EmptyHierarchyError, {}),
        ("a;x;*\nb;*\n", errors.UnevenHierarchyError, {"row": 2, "actual": 2, "expected": 3}),
        ("a;*\nb;*\na;*\n", errors.DuplicateLeafError, {"row": 3, "first": 1, "value": "a"}),
        ("a;x;p;*\nb;x;q;*\n", errors.BranchingHierarchyError, {"row": 2, "level": 1, "value": "x"}),
        ("a;*\nb;all\n", errors.OpenTopError, {"row": 2}),
        ('a;"x\n', errors.UnreadableHierarchyError, {}),
    ],
)
def test_refused_with_column_and_row(text, error, where):
    with pytest.raises(error) as caught:
        from_csv("job", text.encode())
    assert caught.value.values["column"] == "job"
    assert {name: caught.value.values[name] for name in where} == where


def test_bytes_that_are_no_text():
    with pytest.raises(errors.UnreadableHierarchyError):
        from_csv("job", b"\xff;*\n")


def test_json_round_trip():
    one = validated("job", [["", "none", "*"], ["a", "some", "*"]])
    assert from_json(to_json({"job": one})) == {"job": one}
