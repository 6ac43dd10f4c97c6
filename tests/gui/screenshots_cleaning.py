"""Pictures of the data steps on a table that needs them: suggestions, the recipe, groups of values, roles."""

from pathlib import Path
from typing import Any

from screenshots_camera import PASSPHRASE, Camera, settle, wait

from ppdesk.gui.pages.clean import CleanStep
from ppdesk.gui.pages.quality import QualityStep
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.window import MainWindow

_TOWNS = ("Berlin", "berlin ", "Munich", "Hamburg", "hamburg", "Ulm", "N/A")
_RECIPE: list[dict[str, Any]] = [
    {"op": "trim"},
    {"op": "missing", "columns": ["town", "age"], "tokens": ["N/A", "-999"]},
    {"op": "rule", "holds": "age >= 18 or consent = 'parent'"},
    {"op": "duplicates"},
    {"op": "drop-columns", "columns": ["study"]},
]


def _table(folder: Path) -> Path:
    lines = ["patient,e-mail,town,age,visit,consent,study"]
    for at in range(400):
        patient, age = at % 330, -999 if at % 41 == 0 else 18 + at * 7 % 70
        day = f"{1 + at % 28:02d}.{1 + at % 12:02d}.2025"
        town = _TOWNS[at * 5 % len(_TOWNS)]
        lines.append(f"P{patient:05d},p{patient}@example.org,{town},{age},{day},own,S1")
    file = folder / "visits.csv"
    file.write_text("\n".join([*lines, *lines[1:8]]) + "\n", encoding="utf-8")
    return file


def messy(window: MainWindow, camera: Camera, folder: Path) -> None:
    """From the import of a messy table to its roles."""
    project = window.project
    project.create(folder / "visits.ppdesk", PASSPHRASE)
    wait(lambda: window.page is not None and project.idle)

    def run(key: str, values: dict[str, Any]) -> None:
        window.show_step(key)
        wait(lambda: project.idle)
        assert window.page is not None
        window.page.fill(values)
        wait(lambda: project.idle)
        settle()
        window.page.run()
        wait(lambda: not project.running and project.idle)

    run("import", {"table": str(_table(folder)), "source": "Made for this picture"})
    _clean(window, camera)
    window.show_step("roles")
    wait(lambda: project.idle)
    camera.take(window, "roles-not-inspected")
    run("inspect", {})
    camera.take(window, "inspect-messy")
    window.show_step("roles")
    assert window.page is not None
    roles = window.page.form
    assert isinstance(roles, RolesPane)
    wait(lambda: project.idle and roles.complete)
    camera.take(window, "roles-proposed")
    assert roles.banner is not None
    roles.banner.link.click()
    roles.columns["age"].put({"name": "age", "role": "sensitive", "type": "numeric", "min": 0, "max": 120})
    roles.show_proposal(roles.proposal)
    camera.take(window, "roles-taken")
    window.show_step("quality")
    wait(lambda: project.idle)
    assert isinstance(window.page.pane, QualityStep)
    window.page.fill({"checks": ["age is between 0 and 120", "patient, visit are unique"]})
    camera.take(window, "quality-checks")
    project.close()
    wait(lambda: window.page is None)


def _clean(window: MainWindow, camera: Camera) -> None:
    project = window.project
    window.show_step("clean")
    wait(lambda: project.idle)
    assert window.page is not None
    pane = window.page.pane
    assert isinstance(pane, CleanStep)
    camera.take(window, "clean-suggestions")
    pane.take(next(one for one in pane.suggestions.hints if one.id == "clusters:town"))
    camera.take(pane.asking, "dialog-look-at-values")
    pane.asking.accept()
    wait(lambda: project.idle)
    camera.take(pane.clusters, "dialog-clusters")
    pane.clusters.go()
    merge = list(pane.recipe.edits.now.operations)
    window.page.fill({"operations": [_RECIPE[0], *merge, *_RECIPE[1:]]})
    wait(lambda: project.idle)
    settle()
    window.page.run()
    wait(lambda: not project.running and project.idle)
    camera.take(window, "clean-recipe")
    for op in ("range", "map", "fuzzy-duplicates"):
        pane.recipe.ask_add(op)
        camera.take(pane.recipe.dialog, f"dialog-operation-{op}")
        pane.recipe.dialog.reject()
    pane.recipe.put_in({"op": "case", "columns": ["Town"], "to": "upper"})
    wait(lambda: project.idle)
    camera.take(window, "clean-does-not-fit")
    pane.recipe.ask_mapping()
    camera.take(pane.recipe.mapping_dialog, "dialog-mapping")
    pane.recipe.mapping_dialog.reject()
