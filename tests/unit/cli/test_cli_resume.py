"""`train --resume` hands the reservation on; a question about it is refused, as it costs nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from ppdesk.cli.errors import BadCommandLineError
from ppdesk.cli.step_verb import step_verb
from ppdesk.workflow.catalog import entry


def call(caught: Any, *arguments: str) -> int:
    verb = step_verb(entry("train").load())
    code: int = verb.main(list(arguments), prog_name="ppdesk", standalone_mode=False, obj=caught.invocation)
    return code


def test_it_names_the_run_and_leaves_the_settings_to_the_record(caught: Callable[..., Any]) -> None:
    here = caught()
    assert call(here, "--project", "p", "--resume", "12") == 0
    assert here.invocation.session.resumed == 12
    assert here.invocation.session.ran == [("train", {}, False)]


def test_a_run_without_it_begins_anew(caught: Callable[..., Any]) -> None:
    here = caught()
    call(here, "--project", "p", "--epsilon", "0.5")
    assert here.invocation.session.resumed is None


def test_there_is_no_dry_run_of_it(caught: Callable[..., Any]) -> None:
    with pytest.raises(BadCommandLineError, match="--resume"):
        call(caught(), "--project", "p", "--resume", "12", "--dry-run")
