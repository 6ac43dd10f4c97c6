"""Changes of a hierarchy's tree: what comes of them is a hierarchy again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize import hierarchy_edits as edits
from ppdesk.anonymize.hierarchies import TOP, validated
from ppdesk.anonymize.hierarchy_tree import Tree

ROWS = [
    ("Kiel", "north", "DE", "*"), ("Bonn", "north", "DE", "*"), ("Ulm", "south", "DE", "*"),
    ("Lyon", "rhone", "FR", "*"),
]  # fmt: skip


@pytest.fixture
def tree() -> Tree:
    return Tree.of(validated("town", ROWS))


def test_a_tree_is_its_rows(tree: Tree) -> None:
    assert tree.rows() == ROWS
    assert tree.below(2, 0) == (0, 1)
    assert [tree.row(1, place) for place in range(3)] == [0, 1, 0]
    assert tree.summed({"Kiel": 2, "Lyon": 5}) == ((2, 0, 0, 5), (2, 0, 5), (2, 5), (7,))


def test_a_value_moves_and_an_empty_group_goes(tree: Tree) -> None:
    found = edits.moved(tree, [(0, 2)], (1, 0))
    assert found.labels[1] == ("north", "rhone")
    assert found.rows()[2] == ("Ulm", "north", "DE", "*")
    with pytest.raises(edits.OtherLevelError, match="level 1"):
        edits.moved(tree, [(0, 0)], (2, 1))


def test_names_are_told_apart(tree: Tree) -> None:
    assert edits.renamed(tree, 1, 0, " coast ").rows()[1] == ("Bonn", "coast", "DE", "*")
    with pytest.raises(edits.NameTakenError):
        edits.renamed(tree, 1, 0, "south")
    for name in ("", " ", TOP):
        with pytest.raises(edits.NoNameError):
            edits.renamed(tree, 1, 0, name)


def test_a_group_is_made_and_taken_away(tree: Tree) -> None:
    made = edits.grouped(tree, [(0, 0), (0, 2)], "inland")
    assert [row[1] for row in made.rows()] == ["inland", "north", "inland", "rhone"]
    back = edits.dissolved(made, 1, made.labels[1].index("inland"))
    assert [row[1] for row in back.rows()] == ["Kiel", "north", "Ulm", "rhone"]
    over = edits.grouped(tree, [(2, 0), (2, 1)], "EU")
    assert over.rows()[0] == ("Kiel", "north", "DE", "EU", "*")
    flat = edits.grouped(Tree.flat(["a", "b", "c"]), [(0, 0), (0, 1)], "ab")
    assert flat.rows() == [("a", "ab", "*"), ("b", "ab", "*"), ("c", "c", "*")]


def test_levels_come_and_go(tree: Tree) -> None:
    assert edits.level_removed(tree, 1).rows()[0] == ("Kiel", "DE", "*")
    assert edits.level_removed(edits.level_added(tree, 1), 2) == tree
    for level in (0, 3):
        with pytest.raises(edits.LevelsError):
            edits.level_removed(tree, level)


def test_values_come_and_go(tree: Tree) -> None:
    more = edits.values_added(tree, ["Nice", "Ulm2"])
    assert more.rows()[-2] == ("Nice", "Nice", "Nice", "*")
    assert edits.values_removed(more, [4, 5]) == tree
    with pytest.raises(edits.NameTakenError):
        edits.values_added(tree, ["Kiel"])
    with pytest.raises(edits.LevelsError):
        edits.values_removed(tree, range(4))


def test_values_in_an_order_become_groups_of_neighbours() -> None:
    found = edits.in_order(["a", "b", "c", "d", "e"], [2, 2])
    assert found.rows()[0] == ("a", "a to b", "a to d", "*")
    assert found.rows()[4] == ("e", "e", "e", "*")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_changes_leave_a_hierarchy(data: st.DataObject) -> None:
    tree = edits.in_order([f"v{one}" for one in range(data.draw(st.integers(2, 9)))], [2, 2])
    for _ in range(data.draw(st.integers(1, 6))):
        level = data.draw(st.integers(0, tree.top))
        place = data.draw(st.integers(0, len(tree.labels[level]) - 1))
        how = data.draw(st.sampled_from(["rename", "group", "dissolve", "add", "remove", "move"]))
        try:
            if how == "rename":
                tree = edits.renamed(tree, level, place, data.draw(st.sampled_from(["x", "y", "v1", "*"])))
            elif how == "group":
                tree = edits.grouped(tree, [(level, place)], data.draw(st.sampled_from(["g", "h"])))
            elif how == "dissolve":
                tree = edits.dissolved(tree, level, place)
            elif how == "add":
                tree = edits.level_added(tree, level)
            elif how == "remove":
                tree = edits.level_removed(tree, level)
            elif level < tree.top:
                above = data.draw(st.integers(0, len(tree.labels[level + 1]) - 1))
                tree = edits.moved(tree, [(level, place)], (level + 1, above))
        except (edits.NameTakenError, edits.NoNameError, edits.OtherLevelError, edits.LevelsError):
            continue
        assert all(len(set(names)) == len(names) for names in tree.labels)
        assert {len(row) for row in tree.rows()} == {tree.top + 1}
        assert all(row[-1] == TOP for row in tree.rows())
        assert all(
            tree.below(one, at) for one in range(1, tree.top + 1) for at in range(len(tree.labels[one]))
        )
