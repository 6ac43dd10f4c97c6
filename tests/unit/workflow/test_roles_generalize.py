"""Declared rules instead of hierarchy files: checked, made, proposed, written down and read again."""

import json

import pyarrow as pa
import pytest

from ppdesk.anonymize.errors import ValuesOutsideRuleError
from ppdesk.anonymize.hierarchies import from_json
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.params import InvalidParamsError, fields_of, parse
from ppdesk.core.section import Table
from ppdesk.workflow.data import generalization as kinds
from ppdesk.workflow.data.anonymize import STEP as ANONYMIZE
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.roles import STEP
from ppdesk.workflow.data.roles_generalize import preview
from ppdesk.workflow.data.roles_generalize_proposal import nested_widths, way
from ppdesk.workflow.data.roles_proposal import proposal, reasons
from ppdesk.workflow.dictionary import DictionaryUnreadableError, expand, written

ROWS = pa.table(
    {
        "age": ["17", "18", "33", None, "36", "71"],
        "zip": ["81667", "81669", "816", "10115", "10117", "10119"],
        "born": ["2006-01-31", "2005-12-01", "1990-05-05", "1987-02-02", "1987-03-03", "1952-10-10"],
        "town": ["Bonn", "Kiel", "Bonn", "Bonn", "Kiel", "Bonn"],
        "pay": ["10.5", "11", "99.9", "50", "50", "0"],
    }
)
TYPES = {"age": "integer", "zip": "integer", "born": "date", "town": "string", "pay": "decimal"}
HEAD = {"rows": 6, "columns": [{"name": name, "type": TYPES[name]} for name in ROWS.column_names]}
TABLE = Artifact(Kind.TABLE, HEAD, (Part("rows", ROWS, personal=True),))

AGE = {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 120}
ZIP = {"name": "zip", "role": "quasi-identifier"}
BORN = {"name": "born", "role": "quasi-identifier"}
TOWN = {"name": "town", "role": "quasi-identifier", "categories": ["Bonn", "Kiel", "Rom"]}
PAY = {"name": "pay", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 100}
COLUMNS = [AGE, ZIP, BORN, TOWN, PAY]
RULES = [
    {"column": "age", "kind": "intervals", "widths": [5, 10, 20]},
    {"column": "zip", "kind": "redaction", "length": 5},
    {"column": "born", "kind": "dates", "steps": ["year", "decade"]},
    {"column": "town", "kind": "groups", "levels": [{"DE": ["Bonn", "Kiel"], "IT": ["Rom"]}]},
    {"column": "pay", "kind": "intervals", "widths": [10], "whole": False},
]


def params(columns=COLUMNS, rules=RULES, **more):
    return parse(STEP.Params, {"columns": columns, "generalize": rules, **more}, step="roles")


def codes(*given, **more):
    return [one.code for one in STEP.check(params(*given, **more), {Kind.TABLE: HEAD})]


def only(column, rule):
    """Findings of one column under one rule."""
    others = [{**one, "role": "insensitive"} for one in COLUMNS if one["name"] != column["name"]]
    return codes([*others, column], [{"column": column["name"], **rule}])


def test_every_rule_makes_the_hierarchy_of_its_column(context_of):
    assert codes() == []
    roles, made = STEP.run(params(), {Kind.TABLE: TABLE}, context_of()).artifacts
    trees = from_json(made.data("hierarchies"))
    assert {name: one.levels for name, one in trees.items()} == {
        "age": 5, "zip": 6, "born": 4, "town": 3, "pay": 3,
    }  # fmt: skip
    assert ("33", "30 to 34", "30 to 39", "20 to 39", "*") in trees["age"].rows
    assert ("816", "816**", "816**", "81***", "8****", "*") in trees["zip"].rows
    assert ("10.5", "[10, 20)", "*") in trees["pay"].rows
    assert (len(trees["age"].rows), len(trees["town"].rows), len(trees["zip"].rows)) == (122, 4, 7)
    assert made.head["columns"]["age"] == {
        "levels": 5, "leaves": 122, "rule": "intervals of 5, 10, 20", "open": False,
    }  # fmt: skip
    assert roles.head["columns"][0]["max"] == 120


def test_leaves_that_are_values_of_the_table_are_microdata(context_of):
    run = lambda rules, columns: STEP.run(params(columns, rules), {Kind.TABLE: TABLE}, context_of())  # noqa: E731
    assert run(RULES, COLUMNS).artifacts[1].parts[0].personal
    declared = [AGE, TOWN, *({**one, "role": "insensitive"} for one in (ZIP, BORN, PAY))]
    assert not run([RULES[0], RULES[3]], declared).artifacts[1].parts[0].personal


def test_what_was_declared_is_in_the_section_and_no_leaf_is(context_of):
    outcome = STEP.run(params(), {Kind.TABLE: TABLE}, context_of())
    (table,) = (one for one in STEP.section(params(), outcome.facts).blocks if isinstance(one, Table))
    at = list(table.header).index("Hierarchy")
    assert [row[at] for row in table.rows] == [
        "intervals of 5, 10, 20", "1 of 5 signs masked at once, from the right", "dates to year, decade",
        "groups on 1 level", "intervals of 10",
    ]  # fmt: skip
    assert "81667" not in json.dumps(outcome.facts.model_dump(mode="json"))


def test_a_value_outside_the_declared_bounds_is_refused_and_not_told(context_of):
    columns = [{**AGE, "max": 40}, *COLUMNS[1:]]
    with pytest.raises(ValuesOutsideRuleError) as caught:
        STEP.run(params(columns), {Kind.TABLE: TABLE}, context_of())
    assert (caught.value.values["column"], caught.value.values["values"]) == ("age", 1)
    assert "71" not in caught.value.message


def test_each_quasi_identifier_generalizes_in_one_way():
    assert codes(COLUMNS, RULES[1:]) == ["PP-ROLES-006"]
    assert codes(COLUMNS, [*RULES, RULES[0]]) == ["PP-ROLES-031"]
    assert codes(COLUMNS, [*RULES, {"column": "x", "kind": "suppress"}]) == ["PP-ROLES-007"]
    assert codes(hierarchies={"age": "/a.csv"}) == ["PP-ROLES-032"]


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        ({**AGE, "max": None}, {"kind": "intervals", "widths": [5]}),
        (AGE, {"kind": "intervals", "widths": [5, 7]}),
        (TOWN, {"kind": "intervals", "widths": [5]}),
        (ZIP, {"kind": "groups", "levels": [{"a": ["b"], "c": ["b"]}]}),
        (TOWN, {"kind": "groups", "levels": [{"a": ["Bonn"]}]}),
        (AGE, {"kind": "dates"}),
        (AGE, {"kind": "redaction", "length": 3}),
        (BORN, {"kind": "dates", "steps": ["year", "month"]}),
    ],
)
def test_a_rule_that_does_not_suit_its_column_blocks(column, rule):
    assert only(column, rule) == ["PP-ROLES-033"]


def test_a_kind_that_is_unknown_is_refused_by_name():
    with pytest.raises(InvalidParamsError, match="generalize"):
        params(COLUMNS, [{"column": "age", "kind": "magic"}])


def test_every_setting_has_a_label_and_help():
    for kind in (kinds.Intervals, kinds.Groups, kinds.Dates, kinds.Redaction, kinds.Suppress):
        assert all(spec.label and spec.help for spec in fields_of(kind))


@pytest.mark.parametrize(
    ("column", "rule", "levels"),
    [
        (AGE, RULES[0], ("60", "60 to 64", "60 to 69", "60 to 79", "*")),
        (PAY, RULES[4], ("50", "[50, 60)", "*")),
        (ZIP, RULES[1], ("12345", "1234*", "123**", "12***", "1****", "*")),
        (TOWN, RULES[3], ("Bonn", "DE", "*")),
        (BORN, RULES[2], ("2001-05-17", "2001", "2000 to 2009", "*")),
        (BORN, {"column": "born", "kind": "suppress"}, ("any value", "*")),
    ],
)
def test_a_made_up_value_shows_the_levels(column, rule, levels):
    assert preview(column, rule) == (levels, "")


def test_what_cannot_be_shown_says_why():
    assert preview({**AGE, "min": None}, RULES[0])[1].startswith("intervals need")
    assert preview(AGE, {"column": "age", "kind": "intervals", "widths": ["x"]})[1]


@pytest.mark.parametrize(
    ("entry", "type_in_file", "kind", "rule"),
    [
        ({"type": "numeric"}, "integer", "age", {"kind": "intervals", "widths": [5, 10, 20], "whole": True}),
        (
            {"type": "numeric", "min": 0, "max": 1}, "decimal", "",
            {"kind": "intervals", "widths": [0.05, 0.1, 0.5], "whole": False},
        ),
        ({"type": "numeric"}, "integer", "", {"kind": "suppress"}),
        ({"type": "numeric", "min": 0, "max": 1}, "integer", "", {"kind": "suppress"}),
        ({}, "date", "", {"kind": "dates"}),
        ({}, "string", "birth-date", {"kind": "suppress"}),
        ({}, "integer", "postcode", {"kind": "redaction", "length": 7}),
        ({}, "string", "postcode", {"kind": "redaction", "length": 10}),
        ({"categories": ["a", "b"]}, "string", "", {"kind": "suppress"}),
    ],
)  # fmt: skip
def test_a_rule_is_proposed_from_what_is_declared(entry, type_in_file, kind, rule):
    found = way({"name": "x", "role": "quasi-identifier", **entry}, type_in_file, kind)
    assert found.rule == {"column": "x", **rule}
    assert found.why


@pytest.mark.parametrize(("low", "high"), [(0, 1e-300), (-1e300, 1e300), (0, 3), (17, 90), (0, 12345.6)])
@pytest.mark.parametrize("whole", [True, False])
def test_proposed_widths_are_sound(low, high, whole):
    widths = nested_widths(low, high, whole=whole)
    column = {**AGE, "min": low, "max": high}
    if widths:
        levels, reason = preview(
            column, {"column": "age", "kind": "intervals", "widths": widths, "whole": whole}
        )
        assert (reason, levels[-1]) == ("", "*")


def test_the_proposed_dictionary_runs_as_it_is(tmp_path, context_of):
    path = tmp_path / "d.toml"
    values = proposal(None, HEAD)
    path.write_text(written(values, reasons(None, HEAD)), encoding="utf-8")
    read = parse(STEP.Params, expand(path), step="roles")
    assert read == parse(STEP.Params, values, step="roles")
    assert [one.kind for one in read.generalize] == [
        "intervals",
        "redaction",
        "dates",
        "suppress",
        "suppress",
    ]
    assert not [one for one in STEP.check(read, {Kind.TABLE: HEAD}) if one.level.value == "blocking"]
    roles, trees = STEP.run(read, {Kind.TABLE: TABLE}, context_of()).artifacts
    inputs = {Kind.TABLE: TABLE, Kind.ROLES: roles, Kind.HIERARCHIES: trees}
    released = ANONYMIZE.run(AnonymizeParams(k=2, suppression_limit=0.4), inputs, context_of())
    assert min(released.facts.after.smallest, 2) == 2


def test_a_rule_of_groups_is_written_and_read_again(tmp_path):
    path = tmp_path / "d.toml"
    path.write_text(written({"columns": COLUMNS, "generalize": RULES}, {}), encoding="utf-8")
    assert parse(STEP.Params, expand(path), step="roles") == params()


def test_a_kind_alone_will_do_and_anything_else_is_refused(tmp_path):
    path = tmp_path / "d.toml"
    head = '[columns.a]\nrole = "quasi-identifier"\n'
    path.write_text(head + 'generalize = "suppress"\n')
    assert expand(path)["generalize"] == [{"column": "a", "kind": "suppress"}]
    path.write_text(head + "generalize = 3\n")
    with pytest.raises(DictionaryUnreadableError):
        expand(path)
