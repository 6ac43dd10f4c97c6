"""One declaration gives the form, the verb and the record."""

from enum import StrEnum

import pytest

from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.params import Params, SourceFile, TargetFile, fields_of, param, parse


class Flavour(StrEnum):
    SWEET = "sweet"
    SOUR = "sour"


class Sample(Params):
    k: int = param(5, label="Smallest class", help="Everyone looks like k - 1 others.", unit="records", ge=2)
    share: float | None = param(None, label="Share", help="Of what.", gt=0, lt=1, more=True)
    flavour: Flavour = param(Flavour.SWEET, label="Flavour", help="Which.")
    table: SourceFile = param(label="Table", help="The file.")
    extra: dict[str, SourceFile] = param({}, label="Extra", help="By name.")
    to: TargetFile | None = param(None, label="To", help="Where.")
    note: str = param("", label="Note", help="Why.", free_text=True)


FIELDS = {spec.name: spec for spec in fields_of(Sample)}


def test_a_field_says_its_label_unit_and_range() -> None:
    assert (FIELDS["k"].label, FIELDS["k"].unit, FIELDS["k"].ge) == ("Smallest class", "records", 2)
    assert (FIELDS["share"].gt, FIELDS["share"].lt) == (0, 1)
    assert FIELDS["share"].optional
    assert FIELDS["share"].more
    assert FIELDS["note"].free_text


def test_files_are_known_as_files_wherever_they_stand() -> None:
    assert FIELDS["table"].reads is not None
    assert FIELDS["extra"].reads is not None
    assert FIELDS["to"].writes is not None
    assert FIELDS["k"].reads is None
    assert FIELDS["k"].writes is None


def test_choices_come_from_the_enum() -> None:
    assert list(FIELDS["flavour"].choices) == ["sweet", "sour"]
    assert list(FIELDS["k"].choices) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"table": "a.csv", "k": 1}, "k"),
        ({"table": "a.csv", "share": float("nan")}, "share"),
        ({"table": "a.csv", "flavour": "salty"}, "flavour"),
        ({"table": "a.csv", "colour": 1}, "colour"),
        ({}, "table"),
    ],
)
def test_what_is_wrong_is_named_and_its_value_is_not_repeated(values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidParamsError) as caught:
        parse(Sample, values, step="sample")
    assert f"Step sample: {field}:" in caught.value.message
    assert "salty" not in caught.value.message


class Part(Params):
    name: str = param(label="Name", help="Its name.")
    flavour: Flavour = param(label="Flavour", help="Which.")


class Whole(Params):
    parts: tuple[Part, ...] = param(label="Parts", help="Many.")


def test_an_item_of_a_list_is_named_by_its_name() -> None:
    with pytest.raises(InvalidParamsError, match=r"parts\.b\.flavour: "):
        parse(
            Whole,
            {"parts": [{"name": "a", "flavour": "sweet"}, {"name": "b", "flavour": "salty"}]},
            step="whole",
        )
    with pytest.raises(InvalidParamsError, match=r"part 1, name: a value is needed"):
        parse(Whole, {"parts": [{"flavour": "sweet"}]}, step="whole")


def test_a_choice_that_is_none_is_told_in_plain_words() -> None:
    with pytest.raises(InvalidParamsError) as raised:
        parse(Sample, {"table": "a.csv", "flavour": "salty"}, step="whole")
    assert "flavour: it is one of 'sweet' or 'sour'." in raised.value.message
