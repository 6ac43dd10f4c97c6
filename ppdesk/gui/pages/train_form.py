"""The form of Train: models as cards, ε as a number and a slider, and who is protected."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.params import FieldSpec, Params
from ppdesk.core.wording import chance as plain_delta
from ppdesk.gui.editors import Call, ChoiceEditor, Editor, NumberEditor, WrongValueError
from ppdesk.gui.form import Fold, Form
from ppdesk.gui.language import number, told, tr
from ppdesk.gui.pages.curve import at, least, line_of, top
from ppdesk.gui.parts.accepted_error import AcceptedError
from ppdesk.gui.parts.choice_cards import CardWords, ChoiceCards
from ppdesk.gui.parts.inputs import NumberField
from ppdesk.gui.parts.log_slider import LogSlider
from ppdesk.gui.parts.text import text
from ppdesk.privacy.events import Neighbours
from ppdesk.train.offers import Offer, Task, offer
from ppdesk.workflow import declared
from ppdesk.workflow.model.train_checks import OPTIONS
from ppdesk.workflow.model.train_plan import DELTA, target_of, task_of
from ppdesk.workflow.unit import Unit

Heads = Mapping[Kind, Head]
_SIGHT = ("estimator", "epsilon", "delta", "rows", "neighbours")
_FIRST = 3  # cards in sight
_LOW, _HIGH, _MARKS = 0.1, 10.0, (0.1, 0.5, 1.0, 3.0, 10.0)
_NUMBER = 112  # px
_LINES = 90  # letters that fill two lines of a card
_RELATIONS = {Neighbours.ADD_REMOVE: "add/remove", Neighbours.REPLACE_ONE: "replace"}
_HELP = {  # shorter than the fields' own, which the page's help and the tooltip tell
    "delta": "Far below 1 in the number of records.",
    "rows": "Only if public. Never the exact count.",
    "neighbours": "Replacing one costs 1.4 to 2.3 times as much.",
}


def task_asked(heads: Heads, values: Mapping[str, Any]) -> Task | None:
    """What a model of the declared target is for; None where none is declared."""
    try:
        target = target_of(heads.get(Kind.ROLES, {}), values.get("target"), values.get("positive"))
    except CodedError:
        return None
    return task_of(target)


def why_not(one: Offer, task: Task | None) -> str:
    """Why a model cannot be chosen for `task`; empty where it can."""
    if not one.installed:
        return tr("The library {library} is not installed.", library=str(one.extra))
    if apart(one) or task in one.tasks:
        return ""
    if task is None:
        return tr("Roles declares no target that it could learn.")
    learns = ", ".join(told(other.words) for other in one.tasks)
    return tr("It learns {tasks}, not {task}.", tasks=learns, task=told(task.words))


def apart(one: Offer) -> bool:
    """Whether it learns something else than the declared target: records alone, or decisions."""
    return not set(one.tasks) & {Task.BINARY, Task.CLASSES, Task.QUANTITY}


def kind_words(one: Offer) -> str:
    """Whether it can be looked at, which δ it has, and under which relations it makes its claim."""
    seen = tr("Glass box") if one.glass_box else tr("Not a glass box")
    relations = tr(" or ").join(told(_RELATIONS[relation]) for relation in one.relations)
    return f"{seen} · {tr('δ is 0') if one.delta_zero else tr('δ above 0')} · {relations}"


def card_words(one: Offer) -> CardWords:
    """The first words on what it is good at; all of them as `more`."""
    whole = told(one.good_at)
    first = whole.rstrip(".")
    if len(first) > _LINES:
        first = first.partition(": ")[0].partition(". ")[0]
    return CardWords(one.key, told(one.title), f"{first}.", kind_words(one), whole)


class EstimatorEditor(Editor):
    """Cards; those that do not fit say why."""

    help = ""

    def __init__(self, spec: FieldSpec, heads: Heads) -> None:
        offers = [offer(key) for key in spec.choices]
        task = task_asked(heads, {})
        settings = heads.get(Kind.CHOICE, {}).get("settings")
        self._best = settings.get("estimator") if isinstance(settings, Mapping) else None
        learns = [one.key for one in offers if not why_not(one, task) and not apart(one)]
        fits = learns or [one.key for one in offers if not why_not(one, task)]
        fits.sort(key=lambda key: key != self._best)
        words = [card_words(one) for one in offers]
        words.sort(key=lambda one: one.value not in fits)
        self._offers = {one.key: one for one in offers}
        self.cards = ChoiceCards(told(spec.label), words, fits[:_FIRST])
        self.widget = QWidget()
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.cards)
        rest = ", ".join(one.title for one in words if one.value not in fits[:_FIRST])
        self.fold = Fold(tr("Other models"), rest, self.cards.rest)
        column.addWidget(self.fold)
        self.follow(task)

    def follow(self, task: Task | None) -> None:
        """The target changed."""
        for key, card in self.cards.cards.items():
            card.say(why_not(self._offers[key], task), tr("Recommended") if key == self._best else "")

    def measure(self, values: Mapping[str, Any] | None, epsilon: float | None) -> None:
        """What each model on the curve can be expected to reach at `epsilon`."""
        for key, card in self.cards.cards.items():
            line = None if values is None else line_of(values, self._offers[key].title)
            if values is None or line is None or epsilon is None:
                card.measure("", "")
            else:
                card.measure(number(at(line, epsilon)[0], ".3f"), told(str(values["measure"])))

    def value(self) -> str | None:
        return self.cards.value() or None

    def put(self, value: Any) -> None:
        key = str(getattr(value, "value", value) or "")
        try:
            key = offer(key).key
        except CodedError:
            return
        self.cards.put(key)
        if self.cards.rest.isAncestorOf(self.cards.cards[key]):
            self.fold.open(True)

    def focus(self) -> None:
        self.cards.focus()

    def on_change(self, call: Call) -> None:
        self.cards.chosen.connect(lambda _key: call())


class EpsilonEditor(NumberEditor):
    """A number, and a slider that steps by ratios; they follow each other."""

    narrow = False

    def __init__(self, spec: FieldSpec, standard: Head) -> None:
        super().__init__(spec)
        limits = [(declared.number(standard.get(name)), name) for name in _LIMITS]
        held = [(most, name) for most, name in limits if most is not None and most > 0]
        most, words = min(held, key=lambda one: one[0], default=(None, ""))
        if most is None:
            self.help = tr("The most that it may tell of anyone. Smaller protects more.")
        elif words == _MODEL:
            self.help = tr("At most ε {most:g} for one model. Smaller protects more.", most=most)
        else:
            self.help = tr("At most ε {most:g} for the whole project. Smaller protects more.", most=most)
        self.slider = LogSlider(tr("{field}: slider", field=told(spec.label)), _LOW, _HIGH, _MARKS)
        self.slider.put_limit(most)
        self.beside = self.slider
        self.widget.setFixedWidth(_NUMBER)
        self.slider.moved.connect(lambda amount: self.widget.setText(f"{amount:g}"))
        self.widget.textChanged.connect(self._typed)

    def _typed(self) -> None:
        try:
            self.slider.put(float(self.widget.text()))
        except ValueError:
            return  # the row says so when the person leaves the field


_MODEL = "epsilon_model_max"
_LIMITS = (_MODEL, "epsilon_max")


class _Protected(QWidget):
    """Read only: Roles declares it."""

    def __init__(self, roles: Head) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(text(tr("Who is protected"), "label"))
        words = told(Unit.of(roles).words)
        self.said = tr("{unit}, as Roles declares.", unit=f"{words[:1].upper()}{words[1:]}")
        column.addWidget(text(self.said, "body", wrap=True))
        self.setAccessibleName(tr("Who is protected: {unit}", unit=self.said))


class TrainForm(Form):
    """Fields of other models than the chosen one are not in sight, unless they hold something."""

    def __init__(self, params: type[Params], heads: Heads) -> None:
        self._heads = heads

        def estimator(spec: FieldSpec) -> EstimatorEditor:
            return EstimatorEditor(spec, heads)

        def epsilon(spec: FieldSpec) -> EpsilonEditor:
            return EpsilonEditor(spec, heads.get(Kind.STANDARD, {}))

        def number(spec: FieldSpec) -> NumberEditor:
            made = NumberEditor(spec)
            made.help = told(_HELP[spec.name])
            made.widget.setToolTip(told(spec.help))
            return made

        def relation(spec: FieldSpec) -> ChoiceEditor:
            made = ChoiceEditor(spec)
            made.help = told(_HELP[spec.name])
            made.widget.setToolTip(told(spec.help))
            return made

        special = {"estimator": estimator, "epsilon": epsilon, "delta": number, "rows": number}
        super().__init__(params, {**special, "neighbours": relation}, sight=_SIGHT)
        self.protected = _Protected(heads.get(Kind.ROLES, {}))
        self.put_after("neighbours", self.protected)
        self._curve: Mapping[str, Any] | None = None
        self._read_for: str | None = None  # the model, and the curve, that epsilon can be read from
        self._read_from: Mapping[str, Any] | None = None
        self.accepted = AcceptedError()
        self.accepted.chosen.connect(self._take_epsilon)
        self.put_after("epsilon", self.accepted)
        self.changed.connect(self._follow)

    def put(self, values: Mapping[str, Any]) -> None:
        super().put(values)
        self._follow()

    def take_curve(self, values: Mapping[str, Any] | None) -> None:
        """The values of Model's curve: what the cards can be expected to reach, and epsilon by error."""
        self._curve = values
        self._follow()

    def _take_epsilon(self, epsilon: float) -> None:
        field = self.rows["epsilon"].editor.widget
        assert isinstance(field, NumberField)  # noqa: S101  EpsilonEditor made it
        if self._epsilon() != epsilon:
            field.setText(f"{epsilon:g}")

    def _epsilon(self) -> float | None:
        try:
            found = self.rows["epsilon"].editor.value()
        except WrongValueError:
            return None
        return float(found) if isinstance(found, int | float) and found > 0 else None

    def _follow_curve(self, estimator: EstimatorEditor, key: str | None) -> None:
        epsilon, values = self._epsilon(), self._curve
        estimator.measure(values, epsilon)
        line = None if values is None or key is None else line_of(values, offer(key).title)
        if key != self._read_for or values is not self._read_from:
            self._read_for, self._read_from = key, values
            if values is None or line is None:
                self.accepted.take("", 0.0, None)
            else:
                self.accepted.take(
                    told(str(values["measure"])), top(values), lambda level: least(line, level)
                )
        else:
            self.accepted.follow(epsilon)

    def _follow(self) -> None:
        estimator = self.rows["estimator"].editor
        assert isinstance(estimator, EstimatorEditor)  # noqa: S101  made above
        told = {name: self.rows[name].editor.value() for name in ("target", "positive")}  # never wrong
        estimator.follow(task_asked(self._heads, told))
        key = estimator.value()
        self._follow_curve(estimator, key)
        if key:
            usual = 0.0 if offer(key).delta_zero else DELTA
            self.rows["delta"].editor.widget.setPlaceholderText(plain_delta(usual))  # type: ignore[attr-defined]  # a NumberField
        own = offer(key).options if key else ()
        for name in OPTIONS:
            row = self.rows[name]
            row.setVisible(name in own or self._holds(name))

    def _holds(self, name: str) -> bool:
        """Whether a field says something else than by default: then it must be seen."""
        row = self.rows[name]
        try:
            return row.editor.value() not in (None, getattr(row.spec.default, "value", row.spec.default))
        except WrongValueError:
            return True
