"""What `ppdesk budget` says of other projects on the same data."""

from ppdesk.cli.meaning import budget_json, budget_words
from ppdesk.workbench.views import BudgetView

ALONE = BudgetView(0.5, 0.0, 3.0, 1e-5, "replace-one", "basic composition", (), total_epsilon=0.5)
SHARED = BudgetView(
    0.5, 0.0, 3.0, 1e-5, "replace-one", "basic composition", (),
    elsewhere_epsilon=1.25, elsewhere_projects=2, total_epsilon=1.75, register=("It is older.",),
)  # fmt: skip


def test_what_was_spent_elsewhere_is_said_with_what_is_left() -> None:
    said = " ".join(budget_words(SHARED))
    assert "Elsewhere on the same data: epsilon 1.25, delta 0, by 2 other projects or copies." in said
    assert "Together: epsilon 1.75, delta 0. Left: epsilon 1.25." in said
    assert "Caution: It is older." in said
    assert "This project alone, in words:" in said


def test_nothing_is_said_where_there_is_nothing_elsewhere() -> None:
    said = " ".join(budget_words(ALONE))
    assert "lsewhere" not in said
    assert "In words:" in said
    assert ALONE.left_epsilon == 2.5


def test_a_script_gets_the_parts_and_the_sum() -> None:
    told = budget_json(SHARED)
    assert told["spent"] == {"epsilon": 0.5, "delta": 0.0}
    assert told["elsewhere"] == {"epsilon": 1.25, "delta": 0.0, "projects": 2}
    assert told["total"] == {"epsilon": 1.75, "delta": 0.0}
    assert told["left"] == {"epsilon": 1.25}
    assert told["register"] == ["It is older."]
