"""From a declaration to the tree of its hierarchy, and back."""

from ppdesk.anonymize import hierarchy_edits as edits
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.hierarchy_builders import build
from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.workflow.data.generalization import Groups
from ppdesk.workflow.data.roles import STEP
from ppdesk.workflow.data.roles_generalize import is_open, rule_of
from ppdesk.workflow.data.roles_generalize_proposal import way
from ppdesk.workflow.data.roles_params import ColumnDeclaration
from ppdesk.workflow.data.roles_trees import remarks, rule_of_tree, tree_of, without_missing

AGE = {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 9}
TOWN = {"name": "town", "role": "quasi-identifier", "categories": ["Kiel", "Ulm"]}


def test_declared_values_have_a_tree() -> None:
    found = tree_of(AGE, {"column": "age", "kind": "intervals", "widths": [5]})
    assert found.tree is not None
    assert found.tree.labels[1] == ("0 to 4", "5 to 9")
    assert len(found.tree.values) == 10  # missing values have their path of themselves
    flat = tree_of(TOWN, {"column": "town", "kind": "suppress"})
    assert flat.tree == Tree.flat(["Kiel", "Ulm"])


def test_open_values_have_one_once_they_are_looked_at() -> None:
    zip_ = {"name": "zip", "role": "quasi-identifier"}
    rule = {"column": "zip", "kind": "redaction", "length": 3}
    assert tree_of(zip_, rule).open
    found = tree_of(zip_, rule, ["123", "129", "345"])
    assert found.tree is not None
    assert found.tree.labels[1] == ("12*", "34*")


def test_an_edited_tree_is_declared_as_groups_of_named_values() -> None:
    found = tree_of(AGE, {"column": "age", "kind": "intervals", "widths": [5]})
    assert found.tree is not None
    tree = edits.renamed(edits.moved(found.tree, [(0, 5)], (1, 0)), 1, 0, "small")
    rule = rule_of_tree("age", tree)
    params = parse(STEP.Params, {"columns": [AGE], "generalize": [rule]}, step="roles")
    assert not [one for one in STEP.check(params, {}) if one.level is Level.BLOCKING]
    one, column = params.generalize[0], params.columns[0]
    assert isinstance(one, Groups)
    assert not is_open(one, column)
    made = build("age", rule_of(one, column, DecimalMark.POINT), ["5", "9", ""])
    assert {row[0]: row[1] for row in made.rows}["5"] == "small"
    assert without_missing(Tree.of(made)) == tree
    again = tree_of(AGE, rule)
    assert again.tree == tree


def test_a_file_that_reaches_the_top_early_can_be_declared() -> None:
    rows = [("Kiel", "north", "DE", "*"), ("?", "*", "*", "*")]
    rule = rule_of_tree("town", Tree.of(validated("town", rows)))
    column = ColumnDeclaration(name="town", role="quasi-identifier")  # type: ignore[arg-type]  # as it is typed
    made = rule_of(Groups.model_validate(rule), column, DecimalMark.POINT)
    assert made.unsound() == ""
    assert made.levels("?") == ("*", "*")


def test_what_is_wrong_with_a_tree_is_said() -> None:
    assert not remarks(TOWN, Tree.flat(["Ulm", "Kiel"]))
    wrong = remarks(TOWN, Tree.flat(["Kiel", "Rom", "Bonn"]))
    assert [one.code for one in wrong] == ["PP-ROLES-060", "PP-ROLES-061", "PP-ROLES-064"]
    assert '"Rom"' in wrong[1].title
    assert remarks(AGE, Tree.flat(["1", "12"]))[0].code == "PP-ROLES-062"
    back = Tree.of(validated("town", [("Kiel", "Kiel", "*"), ("Ulm", "Ulm", "*")]))
    assert [one.code for one in remarks(TOWN, back)] == ["PP-ROLES-063"]


def test_categories_that_the_world_knows_get_its_groups() -> None:
    column = {
        "name": "land",
        "role": "quasi-identifier",
        "categories": ["France", "Peru", "JAPAN", "Chile", "Mars"],
    }
    rule = way(column, "string").rule
    assert rule["levels"][1]["Americas"] == ["South America"]
    assert rule["levels"][1]["other"] == ["other"]
    params = parse(STEP.Params, {"columns": [column], "generalize": [rule]}, step="roles")
    assert not [one for one in STEP.check(params, {}) if one.level is Level.BLOCKING]
    assert way({**column, "categories": ["a", "b"]}, "string").rule["kind"] == "suppress"
