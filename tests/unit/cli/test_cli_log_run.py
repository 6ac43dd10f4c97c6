"""`log` of events without a result, and `run` where a file to write is there already."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ppdesk.cli.verbs import log
from ppdesk.cli.verbs.run import _require_free
from ppdesk.workbench.errors import TargetExistsError
from ppdesk.workflow.recipe import Recipe


def event(outcome: str, refers: int | None = None) -> Any:
    return SimpleNamespace(kind="train", outcome=outcome, refers=refers)


def test_an_event_without_a_result_is_told_in_words() -> None:
    assert log._without_result(event("failed", 6)) == "train: failed, event 6. It has no result to show."
    assert log._has_result(event("ok"))
    assert not log._has_result(event("reserved"))


def test_a_recipe_is_refused_before_a_step_spends_for_a_file_that_stays(tmp_path: Path) -> None:
    (tmp_path / "out.csv").touch()
    project = tmp_path / "p.ppdesk"
    recipe = Recipe("R", (("train", {"epsilon": 1.0}), ("export", {"to": "out.csv"})))
    with pytest.raises(TargetExistsError, match=r"out\.csv"):
        _require_free(recipe, project, overwrite=False)
    _require_free(recipe, project, overwrite=True)
    _require_free(Recipe("R", (("export", {"to": "new.csv"}),)), project, overwrite=False)
    _require_free(Recipe("R", (("export", {"to": "out.csv", "overwrite": True}),)), project, overwrite=False)
