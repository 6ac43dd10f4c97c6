"""The pages of Model and Train as a person uses them: cards, epsilon by keys, cost, a run, stopping."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ppdesk.core.mode import Mode
from ppdesk.gui.pages.curve import at, told
from ppdesk.gui.pages.model import ModelStep
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.pages.train import TrainStep
from ppdesk.gui.pages.train_form import EpsilonEditor, EstimatorEditor, TrainForm
from ppdesk.gui.pages.under_way import HANDED, RESERVED, WORKS, WRITES, UnderWay
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.choice_cards import ChoiceCard
from ppdesk.gui.window import MainWindow
from ppdesk.workbench.resuming import Interrupted
from ppdesk.workbench.session import Session
from ppdesk.workflow.navigation import State

PEOPLE = "".join(
    f"P{at % 150},{20 + at * 7 % 60},{'mf'[at % 2]},{'no' if at % 3 else 'yes'}\n" for at in range(400)
)
ROLES = {
    "columns": [
        {"name": "id", "role": "direct-identifier", "type": "categorical"},
        {"name": "age", "role": "insensitive", "type": "numeric", "min": 18, "max": 90},
        {"name": "sex", "role": "insensitive", "type": "categorical", "categories": ["m", "f"]},
        {"name": "ill", "role": "insensitive", "type": "categorical", "categories": ["no", "yes"],
         "target": True, "positive": "yes"},
    ],
    "unit_column": "id", "most_rows": 3,
}  # fmt: skip
KEY = Qt.Key


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's folder and a project up to Roles, to be copied: made once."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "home").mkdir()
    (folder / "people.csv").write_text(f"id,age,sex,ill\n{PEOPLE}")
    place = {"mode": Mode(test_seed=7), "home": folder / "home", "actor": "Ada"}
    with Session.create(folder / "p.ppdesk", "correct horse", **place) as session:
        session.run("standard", {"preset": "gdpr"})
        session.run("import", {"table": str(folder / "people.csv")})
        session.run("roles", ROLES)
    return folder


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, tmp_path: Path, made: Path, settled) -> StepPage:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)  # its home is the one that the desk has
    window.project.open(tmp_path / "p.ppdesk", "correct horse")
    qtbot.waitUntil(lambda: window.page is not None, timeout=60_000)
    return show(window, settled, "train")


def show(window: MainWindow, settled, key: str) -> StepPage:
    window.show_step(key)
    settled()
    assert window.page is not None
    assert window.page.key == key
    return window.page


def form_of(page: StepPage) -> TrainForm:
    assert isinstance(page.form, TrainForm)
    return page.form


def cards_of(page: StepPage) -> dict[str, ChoiceCard]:
    editor = form_of(page).rows["estimator"].editor
    assert isinstance(editor, EstimatorEditor)
    return dict(editor.cards.cards)


def words_on(part: QWidget) -> str:
    """What can be read on it now."""
    return " ".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def test_only_models_for_the_declared_target_can_be_chosen(page: StepPage) -> None:
    cards = cards_of(page)
    assert page.form.values()["estimator"] == "additive"
    assert cards["ebm"].isEnabled()
    assert not cards["linear"].isEnabled()
    assert cards["linear"].accessibleDescription() == "Not possible: It learns a number, not two classes."
    assert "Glass box · δ above 0 · add/remove or replace" in cards["additive"].accessibleDescription()
    assert "δ is 0 · replace." in cards["objective-perturbation"].accessibleDescription()


def test_another_target_lets_other_models_learn(qtbot: QtBot, page: StepPage) -> None:
    form = form_of(page)
    form.more.open(on=True)
    qtbot.keyClicks(form.rows["target"].editor.widget, "age")
    cards = cards_of(page)
    assert cards["linear"].isEnabled()
    assert not cards["objective-perturbation"].isEnabled()
    assert "several classes" not in cards["linear"].accessibleDescription()


def test_who_is_protected_is_what_roles_declares(page: StepPage, settled) -> None:
    assert "One person (at most 3 records each, id column id)" in form_of(page).protected.said
    settled()
    assert "per person" in words_on(page)
    assert "who is protected" in form_of(page).protected.accessibleName().lower()


def test_arrow_keys_choose_a_card_and_epsilon_and_words_follow(
    qtbot: QtBot, window: MainWindow, page: StepPage, in_front, settled
) -> None:
    in_front()
    cards, form = cards_of(page), form_of(page)
    cards["additive"].setFocus()
    qtbot.keyClick(cards["additive"], KEY.Key_Down)
    assert form.values()["estimator"] == "sgd-logistic"
    assert form.rows["device"].isVisibleTo(form) or not form.folds["More"].button.isChecked()
    qtbot.keyClick(window.focusWidget(), KEY.Key_Up)
    assert form.values()["estimator"] == "additive"
    editor = form.rows["epsilon"].editor
    assert isinstance(editor, EpsilonEditor)
    qtbot.keyClick(editor.slider, KEY.Key_Left)
    assert form.values()["epsilon"] == pytest.approx(0.89)
    qtbot.waitUntil(lambda: "What ε = 0.89 means" in words_on(page), timeout=30_000)
    assert "Train, spend ε 0.89" in page.bar.primary.accessibleName()
    editor.widget.setFocus()
    editor.widget.selectAll()
    qtbot.keyClicks(editor.widget, "0.5")
    qtbot.waitUntil(lambda: "What ε = 0.50 means" in words_on(page), timeout=30_000)
    said = words_on(page)
    assert "that a person is in the data can become at most 63 % sure" in said
    assert "1 in 1,000,000" in said
    assert "Noise multiplier" in said
    assert editor.slider.accessibleDescription() == "0.5, at most 1"
    qtbot.keyClicks(editor.widget, "0")
    assert form.values()["epsilon"] == 0.5


def test_what_does_not_belong_to_the_model_is_out_of_sight_unless_it_says_something(page: StepPage) -> None:
    form = form_of(page)
    form.more.open(on=True)
    assert not form.rows["n_clusters"].isVisible()
    form.put({"estimator": "k-means"})
    assert form.rows["n_clusters"].isVisible()
    form.put({"estimator": "additive", "n_clusters": 4})
    assert form.rows["n_clusters"].isVisible()


def test_tab_goes_down_the_form(qtbot: QtBot, window: MainWindow, page: StepPage, in_front) -> None:
    in_front()
    cards, rows = cards_of(page), form_of(page).rows
    cards["additive"].setFocus()
    reached = []
    for _ in range(7):
        qtbot.keyClick(window.focusWidget(), KEY.Key_Tab)
        reached.append(window.focusWidget())
    epsilon = rows["epsilon"].editor
    wanted = [
        epsilon.widget,
        epsilon.beside,
        *(rows[one].editor.widget for one in ("delta", "rows", "neighbours")),
    ]
    assert [one for one in reached if one in wanted] == wanted


def test_a_recommendation_is_taken_to_train(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    model = show(window, settled, "model")
    assert isinstance(model.pane, ModelStep)
    if "curve" in type(model.step).Params.model_fields:
        model.fill({"curve": False})
    model.run()
    settled()
    assert model.pane.banner is not None
    qtbot.mouseClick(model.pane.banner.link, Qt.MouseButton.LeftButton)
    settled()
    train = window.page
    assert train is not None
    assert train.key == "train"
    values = train.form.values()
    assert (values["estimator"], values["epsilon"]) == ("additive", 1.0)
    assert cards_of(train)["additive"].accessibleName() == "Additive model, Recommended"
    assert isinstance(train.pane, TrainStep)
    assert train.pane.proposal.isHidden()
    train.form.put({**values, "epsilon": 0.4})
    train.form.changed.emit()
    qtbot.waitUntil(train.pane.proposal.isVisible)
    assert train.pane.proposal.banner is not None
    qtbot.mouseClick(train.pane.proposal.banner.link, Qt.MouseButton.LeftButton)
    assert train.form.values()["epsilon"] == 1.0


def test_stopping_is_asked_and_refunds_nothing(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    page.run()
    window.stopping.ask()
    dialog = window.stopping.dialog
    assert dialog is not None
    assert "Stopping refunds nothing once the data has been handed over: ε 1.00" in words_on(dialog)
    assert dialog.focusWidget() is dialog.cancel
    qtbot.waitUntil(lambda: "Given back" in words_on(page))
    said = words_on(page)
    for words in ("Stopping refunds nothing.", "Budget reserved", "Data handed to the worker", "Given back"):
        assert words in said
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    settled()
    snapshot = window.project.snapshot
    assert snapshot is not None
    # given back only if the worker had not been given the data yet
    handed = snapshot.events[-1].outcome == "cancelled"
    assert snapshot.budget.total_epsilon == (1.0 if handed else 0.0)
    assert snapshot.place("train").state is not State.DONE
    assert window.stopping.dialog is None


def test_a_run_shows_its_result(window: MainWindow, page: StepPage, settled) -> None:
    page.fill({"estimator": "objective-perturbation"})  # without kernels to compile
    assert form_of(page).rows["estimator"].editor.fold.button.isChecked()  # type: ignore[attr-defined]
    page.run()
    settled()
    assert "Logistic regression, pure ε learnt to tell yes from no in ill" in " ".join(
        one.accessibleName() for one in page.findChildren(QWidget)
    )
    assert window.stopping.dialog is None
    window.stopping.ask()  # nothing runs
    assert window.stopping.dialog is None


def test_the_order_is_reserved_handed_over_trained_written(qtbot: QtBot, window: MainWindow) -> None:
    shown = UnderWay("Train", 1.0, [])
    qtbot.addWidget(shown)
    assert shown.at == RESERVED < HANDED < WORKS < WRITES
    shown.follow(0.3, "Step 10 of 160 is kept")
    assert shown.at == WORKS
    assert shown.left == ""  # one step says nothing of the time
    shown.follow(0.6, "Step 80 of 160 is kept")
    assert shown.left.startswith("about ")
    shown.follow(0.96, "Keeping the model")
    assert shown.at == WRITES


def test_a_choice_on_the_curve_in_words() -> None:
    line = {"name": "Additive model", "epsilons": [0.5, 2.0], "means": [0.90, 0.92], "sds": [0.01, 0.004]}
    values = {"measure": "AUROC", "lines": [line], "ceiling": 0.93}
    assert at(line, 1.0) == (pytest.approx(0.91), 0.01)
    assert at(line, 0.1) == (0.90, 0.01)
    assert at(line, 9.0) == (0.92, 0.004)
    choice, words = told(values, 1.0, "Additive model")
    assert choice == "Your choice: ε 1.00."
    assert words == "AUROC about 0.910 ± 0.010 with Additive model, 0.020 below no privacy."
    assert "is not on the curve" in told(values, 1.0, "Ridge regression")[1]


def test_a_run_that_was_broken_off_can_go_on(
    qtbot: QtBot, window: MainWindow, page: StepPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dict[str, object], int | None]] = []

    def run(key: str, values: dict[str, object], *, resume: int | None = None) -> None:
        asked.append((key, values, resume))

    monkeypatch.setattr(window.project, "run", run)
    snapshot = window.project.snapshot
    assert snapshot is not None
    settings = {"estimator": "sgd-mlp", "epsilon": 0.7}
    window.project.snapshot = replace(snapshot, interrupted=(Interrupted(7, "train", settings, 50, 320),))
    page.show_project(window.project.snapshot)
    found: list[Banner] = []

    def there() -> bool:
        found[:] = [one for one in page.findChildren(Banner) if "broken off" in one.accessibleName()]
        return bool(found)

    qtbot.waitUntil(there)
    assert "A run was broken off at step 50 of 320." in found[0].accessibleName()
    qtbot.mouseClick(found[0].link, Qt.MouseButton.LeftButton)
    assert asked == [("train", settings, 7)]
    assert page.form.values()["estimator"] == "sgd-mlp"
