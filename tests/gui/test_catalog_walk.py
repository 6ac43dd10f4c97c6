"""One definition, many places: every step of the catalog has a page, a verb and a help text.

Its record and its section, there and back: tests/unit/workflow/test_record_round_trip.py.
"""

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from ppdesk.cli.group import verbs
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.catalog import CATALOG

RECIPE = Path(__file__).parents[1] / "data" / "small" / "recipe.toml"


def test_every_step_stands_in_all_places(
    window: MainWindow,
    settled: Callable[[], None],
    tmp_path: Path,
) -> None:
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
