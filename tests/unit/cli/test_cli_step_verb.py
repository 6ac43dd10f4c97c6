import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from ppdesk.cli.errors import BadCommandLineError
from ppdesk.cli.step_verb import step_verb
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.findings import Finding, Level


def call(step: Any, caught: Any, *arguments: str) -> int:
    code: int = step_verb(step).main(
        list(arguments), prog_name="ppdesk", standalone_mode=False, obj=caught.invocation
    )
    return code


def test_a_step_verb_runs_its_step_and_says_what_is_on_record(paint: Any, caught: Callable[..., Any]) -> None:
    here = caught()
    assert call(paint, here, "/a.png", "--project", "p", "--amount", "2", "--overwrite") == 0
    assert here.invocation.session.ran == [("paint", {"picture": "/a.png", "amount": 2}, True)]
    text = here.out.getvalue()
    assert "Painted." in text
    assert "Written: out.csv" in text
    assert "event 7" in text


def test_json_is_one_object_with_event_section_and_stamp(
    paint: Any, caught: Callable[..., Any], fake_session: Any
) -> None:
    here = caught(fake_session(stamp="not private"), json=True)
    call(paint, here, "/a.png", "--project", "p", "--json")
    value = json.loads(here.out.getvalue())
    assert value["event"]["seq"] == 7
    assert value["stamp"] == "not private"
    assert value["files"] == ["out.csv"]
    assert value["section"]["blocks"][0] == {"kind": "words", "tone": "plain", "text": "Painted."}


def test_the_test_modes_stamp_is_in_the_words_too(
    paint: Any, caught: Callable[..., Any], fake_session: Any
) -> None:
    here = caught(fake_session(stamp="not private"))
    call(paint, here, "/a.png", "--project", "p")
    assert here.out.getvalue().endswith("not private\n")


def test_a_step_that_needs_a_project_insists_on_one(paint: Any, caught: Callable[..., Any]) -> None:
    with pytest.raises(click.UsageError, match="project"):
        call(paint, caught(), "/a.png")


def test_a_step_that_stands_alone_runs_without_one(
    paint_alone: Any, caught: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_text("dots")
    here = caught(json=True)
    assert call(paint_alone, here, str(tmp_path / "a.png"), "--test-mode", "1", "--json") == 0
    value = json.loads(here.out.getvalue())
    assert value["facts"]["picture"] == "dots"
    assert "not private" in value["stamp"]


def test_a_value_that_is_missing_is_called_as_the_help_calls_it(
    paint: Any, paint_alone: Any, caught: Callable[..., Any]
) -> None:
    with pytest.raises(BadCommandLineError, match="Missing PICTURE"):
        call(paint_alone, caught())
    with pytest.raises(BadCommandLineError, match="Missing PICTURE"):
        call(paint, caught(), "--project", "p")


def test_a_sealing_step_gets_the_signer(paint: Any, caught: Callable[..., Any]) -> None:
    sealing = type("Sealing", (type(paint),), {"seals": "manifest"})()
    here = caught()
    call(sealing, here, "/a.png", "--project", "p", "--signer", "Ada")
    assert here.invocation.session.signer == "signer Ada"
    plain = caught()
    call(paint, plain, "/a.png", "--project", "p")
    assert plain.invocation.session.signer is None


def test_what_does_not_hold_is_an_integrity_exit(
    paint: Any, caught: Callable[..., Any], fake_session: Any
) -> None:
    finding = Finding(Level.BLOCKING, "The seal is broken.", "At byte 4.")
    here = caught(fake_session(findings=(finding,)))
    assert call(paint, here, "/a.png", "--project", "p") == 4
    assert "Does not hold: The seal is broken. At byte 4." in here.out.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="a process cannot send itself Ctrl-C on Windows")
def test_the_first_ctrl_c_asks_and_the_second_insists(
    paint: Any, caught: Callable[..., Any], fake_session: Any
) -> None:
    def interrupt(wish: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert wish.wait(5)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(CancelledRunError):
        call(
            paint,
            caught(fake_session(during=interrupt, raises=CancelledRunError())),
            *("/a.png", "--project", "p"),
        )

    def twice(wish: threading.Event) -> None:
        interrupt(wish)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the second one interrupts at once")

    with pytest.raises((KeyboardInterrupt, click.Abort)):
        call(paint, caught(fake_session(during=twice)), "/a.png", "--project", "p")
    assert signal.getsignal(signal.SIGINT) == before


def test_help_names_each_parameter_and_those_of_the_file(paint: Any) -> None:
    command = step_verb(paint)
    with command.make_context("paint", [], resilient_parsing=True) as context:
        text = " ".join(command.get_help(context).split())
    assert "Paint a picture." in text
    assert "--hierarchy NAME=FILE" in text
    assert "Only in --params: spots" in text
    for shared in ("--project", "--passphrase-file", "--signer", "--test-mode", "--json", "--overwrite"):
        assert shared in text


def test_a_dry_run_says_what_it_would_cost_and_runs_nothing(
    paint: Any, caught: Callable[..., Any], fake_session: Any
) -> None:
    here = caught()
    assert call(paint, here, "/a.png", "--project", "p", "--dry-run") == 0
    assert here.invocation.session.ran == []
    assert "Would spend: epsilon 0.5, delta 0 (replace-one)." in here.out.getvalue()
    refused = caught(fake_session(findings=(Finding(Level.BLOCKING, "Too much."),)), json=True)
    assert call(paint, refused, "/a.png", "--project", "p", "--dry-run", "--json") == 3
    value = json.loads(refused.out.getvalue())
    assert value["cost"]["epsilon"] == 0.5
    assert value["findings"][0]["title"] == "Too much."
