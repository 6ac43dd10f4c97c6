"""The step that says what the data is for."""

import pytest

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.findings import Level
from ppdesk.core.params import fields_of, parse
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow.objectives.objective import STEP, ObjectiveFacts, ObjectiveParams, UseCase
from ppdesk.workflow.step import Context

CONTEXT = Context({}, TestEntropy(1), TestClock(), lambda _share, _what: None, lambda: False, "")
PARAMS = ObjectiveParams(
    project="Adult",
    use_case=UseCase.RESEARCH,
    population="Working adults, United States, 1994",
    purpose="Study which jobs pay above 50,000 dollars",
    people="M. Weber, controller",
)


def test_what_was_said_is_kept_for_later_steps() -> None:
    outcome = STEP.run(PARAMS, {}, CONTEXT)
    assert dict(outcome.artifacts[0].head) == {
        "project": "Adult",
        "use_case": "research",
        "population": "Working adults, United States, 1994",
        "purpose": "Study which jobs pay above 50,000 dollars",
        "people": "M. Weber, controller",
    }
    assert STEP.check(PARAMS, {}) == []
    assert STEP.cost(PARAMS, {}) == NoEvent()


@pytest.mark.parametrize("field", ["project", "purpose"])
def test_what_is_needed_cannot_be_blank(field: str) -> None:
    found = STEP.check(PARAMS.model_copy(update={field: "  "}), {})
    assert [(one.level, one.field) for one in found] == [(Level.BLOCKING, field)]


def test_what_an_auditor_will_ask_is_said_beforehand() -> None:
    params = parse(ObjectiveParams, {"project": "Adult", "purpose": "Study"}, step="objective")
    found = STEP.check(params, {})
    assert [one.field for one in found] == ["purpose", "population", "people"]
    assert {one.level for one in found} == {Level.CAUTION}


def test_words_that_a_person_typed_are_committed() -> None:
    assert [one.name for one in fields_of(ObjectiveParams) if not one.free_text] == ["use_case"]


def test_an_unknown_use_is_refused() -> None:
    with pytest.raises(InvalidParamsError):
        parse(ObjectiveParams, {"project": "x", "purpose": "y", "use_case": "other use"}, step="objective")


@pytest.mark.parametrize("use", UseCase)
def test_each_use_has_a_section_with_what_to_watch(use: UseCase) -> None:
    section = STEP.section(PARAMS.model_copy(update={"use_case": use}), ObjectiveFacts())
    assert len(section.blocks) == 2
