"""One attack after the other: what fails, what is cut off, and what goes on all the same."""

from dataclasses import replace

import pytest

from ppdesk.assess.errors import NothingToCompareError
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.workflow.evaluation.trying import Parts
from ppdesk.workflow.step import Context

TOLD: list[tuple[float, str]] = []


def context(**changes):
    made = Context({}, TestEntropy(1), TestClock(), lambda *one: TOLD.append(one), lambda: False, "")
    return replace(made, **changes)


def fails(_told):
    raise NothingToCompareError(what="The release")


def test_a_part_that_cannot_run_does_not_take_the_others_with_it():
    parts = Parts(context(), 1.0, [1.0, 1.0])
    assert parts.run("first", fails) is None
    assert parts.run("second", lambda _told: 7) == 7
    assert [(one.title, one.ended) for one in parts.not_run] == [("first", False)]
    assert "The release has no records." in parts.not_run[0].why


def test_each_part_has_its_own_stretch_of_the_bar():
    TOLD.clear()
    parts = Parts(context(), 1.0, [1.0, 3.0])
    parts.run("first", lambda told: told(1.0, "done"))
    parts.run("second", lambda told: told(0.5, "half"))
    assert [share for share, _ in TOLD] == [0.0, 0.25, 0.25, 0.625]


def test_when_the_time_has_passed_the_rest_is_told_and_what_is_done_stays():
    parts = Parts(context(), 1e-9, [1.0])
    assert parts.run("late", lambda _told: 1) is None
    assert parts.not_run[0].ended
    assert "minutes" in parts.not_run[0].why


def test_a_person_who_has_enough_cuts_off_what_runs():
    asked: list[bool] = []
    parts = Parts(context(enough=lambda: bool(asked)), 1.0, [1.0, 1.0])

    def runs(told):
        asked.append(True)
        told(0.5, "on the way")

    assert parts.run("first", runs) is None
    assert parts.run("second", lambda _told: 1) is None
    assert [one.ended for one in parts.not_run] == [True, True]


def test_stopping_keeps_nothing():
    parts = Parts(context(cancelled=lambda: True), 1.0, [1.0])
    with pytest.raises(CancelledRunError):
        parts.run("first", lambda _told: 1)
