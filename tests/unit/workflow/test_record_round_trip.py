"""Every step's record is enough: parameters, facts and section come back from the file alone.

The small recipe runs once, in test mode; the project is then opened again and read.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ppdesk.core.mode import Mode
from ppdesk.core.params import parse
from ppdesk.core.section import Plot, Section
from ppdesk.identity.signer import create_signer
from ppdesk.workbench.session import Session
from ppdesk.workflow.catalog import CATALOG, Entry
from ppdesk.workflow.navigation import State
from ppdesk.workflow.recipe import load_recipe

RECIPE = Path(__file__).parents[2] / "data" / "small" / "recipe.toml"
MODE = Mode(1)

every_step = pytest.mark.parametrize("found", CATALOG, ids=lambda found: found.key)


@pytest.fixture(scope="module")
def told() -> dict[str, Section]:
    """The section that each run showed when it ended."""
    return {}


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory, told: dict[str, Section]) -> Iterator[Session]:
    """The project after the small recipe, closed and opened again."""
    folder = tmp_path_factory.mktemp("small")
    place = {"mode": MODE, "home": folder / "home", "actor": "Ada"}
    signer = create_signer(
        folder / "signers", "Ada", "a horse", entropy=MODE.entropy("signer"), clock=MODE.clock()
    )
    with Session.create(folder / "p.ppdesk", "b horse", **place) as session:
        session.set_signer(signer)
        for key, values in load_recipe(RECIPE).steps:
            told[key] = session.run(key, values, secret="c horse").section
    with Session.open(folder / "p.ppdesk", "b horse", read_only=True, **place) as opened:
        yield opened


@every_step
def test_the_record_gives_back_parameters_facts_and_section(
    again: Session, told: dict[str, Section], found: Entry
) -> None:
    event = next(event for event in again.events() if event.kind == found.key and event.outcome == "ok")
    step = found.load()
    params = parse(step.Params, dict(event.params), step=found.key)
    assert json.loads(params.model_dump_json()) == dict(event.params)
    facts = step.Facts.model_validate(dict(event.facts))
    assert json.loads(facts.model_dump_json()) == dict(event.facts)
    section = again.section(event.seq)
    assert section == told[found.key]
    assert section.blocks


def test_after_the_recipe_every_step_is_done(again: Session) -> None:
    assert {place.key: place.state for place in again.places()} == {
        entry.key: State.DONE for entry in CATALOG
    }


def test_the_file_holds_and_the_budget_adds_up(again: Session) -> None:
    assert again.integrity() == []
    budget = again.budget()
    assert budget.spent_epsilon == sum(row.epsilon for row in budget.rows) == 2.0


def test_figures_are_drawn_by_the_worker(again: Session, told: dict[str, Section]) -> None:
    plots = [block for section in told.values() for block in section.blocks if isinstance(block, Plot)]
    assert plots
    image = again.render(plots[0], "dark", 320, 200, 1.0)
    assert image.startswith(b"\x89PNG")


def test_no_folder_and_no_free_text_stands_in_the_clear(again: Session) -> None:
    for event in again.events():
        named = [value for name, value in event.params.items() if name not in event.free]
        assert str(RECIPE.parent) not in json.dumps(named)
