"""One definition, five places: every step of the catalog has a page, a verb, a help text, a record that
survives the round trip, and a section."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ppdesk.cli.group import verbs
from ppdesk.core.mode import Mode
from ppdesk.core.params import parse
from ppdesk.core.section import Section
from ppdesk.gui.window import MainWindow
from ppdesk.identity.signer import create_signer
from ppdesk.workbench.session import Session
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.recipe import load_recipe

RECIPE = Path(__file__).parents[1] / "data" / "small" / "recipe.toml"


@pytest.fixture
def finished(tmp_path: Path) -> Iterator[tuple[Session, dict[str, Section]]]:
    """A project after the small recipe, opened again, and what each run showed when it ended."""
    mode = Mode(5)
    signer = create_signer(
        tmp_path / "signers", "Ada", "a horse", entropy=mode.entropy("signer/Ada"), clock=mode.clock()
    )
    place = {"mode": mode, "home": tmp_path / "house", "actor": "Ada"}
    shown = {}
    with Session.create(tmp_path / "p.ppdesk", "b horse", **place) as session:
        session.set_signer(signer)
        for key, values in load_recipe(RECIPE).steps:
            shown[key] = session.run(key, values, secret="c horse").section
    with Session.open(tmp_path / "p.ppdesk", "b horse", read_only=True, **place) as session:
        yield session, shown


def test_every_step_stands_in_all_five_places(
    window: MainWindow,
    settled: Callable[[], None],
    finished: tuple[Session, dict[str, Section]],
    tmp_path: Path,
) -> None:
    session, shown = finished
    window.project.create(tmp_path / "walk.ppdesk", "four words for it")
    settled()
    help_of_all = CliRunner().invoke(verbs(), ["--help"]).output
    for entry in CATALOG:
        step = entry.load()
        window.show_step(entry.key)
        settled()
        assert window.page is not None, f"{entry.key} has no page"
        assert window.page.step.title == step.title
        if entry.key != "roles":  # its page is a table of columns
            assert set(window.page.form.rows) == set(step.Params.model_fields)

        assert f"\n  {entry.key} " in help_of_all, f"{entry.key} has no verb"
        told = CliRunner().invoke(verbs(), [entry.key, "--help"])
        assert told.exit_code == 0
        assert step.purpose.split()[0] in told.output

        assert len(step.help.split()) > 20, f"{entry.key} does not explain itself"

        event = next(event for event in session.events() if event.kind == entry.key and event.outcome == "ok")
        params = parse(step.Params, dict(event.params), step=entry.key)
        assert json.loads(params.model_dump_json()) == dict(event.params)
        facts = step.Facts.model_validate(dict(event.facts))
        assert json.loads(facts.model_dump_json()) == dict(event.facts)

        section = step.section(params, facts)
        assert section == shown[entry.key]
        assert section.blocks, f"{entry.key} has nothing to show"
