"""Which mechanisms of a project are tested, and how it is told."""

from typing import Any
from unittest import mock

import pytest

from ppdesk.assess.attempts import Verdict
from ppdesk.assess.auditing import tester
from ppdesk.assess.auditing.tester import Trying
from ppdesk.assess.effort import Effort, no_progress
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.clock import SystemClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.section import Table
from ppdesk.train.offers import OFFERS
from ppdesk.workflow.evaluation import auditables, testing
from ppdesk.workflow.step import Context

TOLD = {"epsilon": 2.0, "delta": 0.0, "neighbours": "replace-one", "private": True}
STATISTICS = Artifact(Kind.STATISTICS, {**TOLD, "statistics": ["count", "mean age", "median age"]}, ())
MODEL = Artifact(Kind.MODEL, {**TOLD, "delta": 1e-5, "estimator": "pca", "task": "none", "group": 2}, ())


def context(*, cancelled: bool = False) -> Context:
    return Context({}, TestEntropy(1), SystemClock(), no_progress, lambda: cancelled, "")


def run(settings: testing.Settings, inputs: Any, ctx: Context) -> testing.MechanismTests:
    with mock.patch.dict(tester.TRYING, {Effort.QUICK: Trying(0.1, 200, 1)}):
        return testing.run_it(inputs, settings, ctx, no_progress)


def test_what_a_project_made_is_tested_at_its_own_claim() -> None:
    release = Artifact(
        Kind.RELEASE, {"differential_privacy": {**TOLD, "delta": 1e-3, "neighbours": "add-or-remove-one"}}, ()
    )
    synthetic = Artifact(Kind.SYNTHETIC, {**TOLD, "delta": 1e-6}, ())
    inputs = {one.kind: one for one in (STATISTICS, MODEL, release, synthetic)}
    assert [one.key for one in auditables.of_project(inputs)] == [
        "pca-none-own", "pca-none-sharp-replace-one", "statistics-count-own", "statistics-mean-own",
        "statistics-quantiles-own", "synthetic-zcdp-own", "safepub-own",
    ]  # fmt: skip
    claim = auditables.of_project({Kind.MODEL: MODEL})[0].make().claim
    assert (claim.epsilon, claim.delta, claim.neighbours) == (2.0, 1e-5, "replace-one")


def test_everything_has_every_installed_estimator_for_each_task() -> None:
    keys = [one.key for one in auditables.everything()]
    assert len(set(keys)) == len(keys)
    for offer in OFFERS:
        for task in offer.tasks if offer.installed else ():
            for relation in offer.relations:
                assert f"{offer.key}-{task.value}-sharp-{relation.value}" in keys


def test_a_sound_project_is_told_with_what_its_runs_could_have_found() -> None:
    inputs = {Kind.STATISTICS: STATISTICS}
    settings = testing.Settings(Effort.QUICK, only=("statistics-count-own",))
    result = run(settings, inputs, context())
    assert result == run(settings, inputs, context())  # by the same entropy
    (one,) = result.tests
    assert one.verdict is not Verdict.BROKEN
    assert one.measured <= one.epsilon < (one.power or 1e9)
    (attempt,) = testing.attempts_of(result)
    assert attempt.allowed == 2.0
    assert attempt.power == one.power
    assert any(isinstance(block, Table) for block in testing.blocks(result))


def test_nothing_to_test_is_said() -> None:
    result = run(testing.Settings(Effort.QUICK), {}, context())
    assert result.tests == ()
    assert result.left_out
    assert testing.attempts_of(result) == []


def test_it_can_be_stopped() -> None:
    with pytest.raises(CancelledRunError):
        run(testing.Settings(Effort.QUICK), {Kind.STATISTICS: STATISTICS}, context(cancelled=True))
