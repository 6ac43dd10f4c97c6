"""The form of Anonymize: fields that know the columns, their levels, and the models there are."""

from collections.abc import Mapping

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.params import FieldSpec, Params
from ppdesk.gui.column_editors import ColumnsEditor
from ppdesk.gui.form import Form, Maker
from ppdesk.gui.level_editors import LevelsEditor, WeightsEditor
from ppdesk.gui.pages import anonymize_menus as menus
from ppdesk.gui.parts.levels_field import Rest
from ppdesk.gui.sentences import SentencesEditor
from ppdesk.workflow import declared
from ppdesk.workflow.declared import Column

Heads = Mapping[Kind, Head]
_SEARCHED = "The search decides."
_CHOSEN = "Chosen by a person: checked, not claimed to be the best."
_SENSITIVE = "What each class must meet besides k. A class that violates one is suppressed as a whole."
_POPULATION = (
    "Models that go beyond single classes. Those on the population need its table, or its size. Differential"
    " privacy stands alone and spends budget."
)
_TREAT = (
    "What is done to columns of the release that are no quasi-identifiers. Direct identifiers stay out unless"
    " they become pseudonyms, are shifted dates, or are suppressed by name."
)


def level_counts(heads: Heads) -> dict[str, int]:
    """How many levels the hierarchy of each quasi-identifier has."""
    shapes = heads.get(Kind.HIERARCHIES, {}).get("columns")
    if not isinstance(shapes, Mapping):
        return {}
    found = {}
    for name in _quasi(declared.columns(heads.get(Kind.ROLES, {}))):
        shape = shapes.get(name)
        levels = shape.get("levels") if isinstance(shape, Mapping) else None
        if isinstance(levels, int):
            found[name] = levels
    return found


def _quasi(columns: Mapping[str, Column]) -> list[str]:
    return [one.name for one in columns.values() if one.role == "quasi-identifier"]


def anonymize_form(params: type[Params], heads: Heads) -> Form:
    """The form for what was declared; without a declaration the fields are plain lines."""
    columns = declared.columns(heads.get(Kind.ROLES, {}))
    return Form(params, _sentences(columns) | _by_column(_quasi(columns), level_counts(heads)))


def _sentences(columns: Mapping[str, Column]) -> dict[str, Maker]:
    def sensitive(spec: FieldSpec) -> SentencesEditor:
        def wrong(one: str) -> str:
            return menus.wrong_sensitive(one, columns)

        return SentencesEditor(
            spec, wrong, menus.sensitive(columns), help=_SENSITIVE, menu="Add a model"
        )

    def population(spec: FieldSpec) -> SentencesEditor:
        return SentencesEditor(
            spec, menus.wrong_population, menus.population(), help=_POPULATION, menu="Add a model"
        )

    def treat(spec: FieldSpec) -> SentencesEditor:
        def wrong(one: str) -> str:
            return menus.wrong_treatment(one, columns)

        return SentencesEditor(
            spec, wrong, menus.treatments(columns), help=_TREAT, menu="Add a treatment"
        )

    return {"sensitive": sensitive, "population": population, "treat": treat}


def _by_column(quasi: list[str], counts: Mapping[str, int]) -> dict[str, Maker]:
    made: dict[str, Maker] = {}
    if quasi:
        made["keep"] = made["suppress_columns"] = lambda spec: ColumnsEditor(spec, quasi)
        made["weights"] = lambda spec: WeightsEditor(spec, quasi, 1.0)
    if counts:

        def bound(rest: Rest) -> Maker:
            return lambda spec: LevelsEditor(spec, counts, rest)

        made["lowest_levels"], made["highest_levels"] = bound("lowest"), bound("highest")
        made["levels"] = lambda spec: LevelsEditor(spec, counts, "nothing", _SEARCHED, _CHOSEN)
    return made
