"""Sentences to begin with in the form of Anonymize, and what is wrong with one."""

from collections.abc import Callable, Mapping, Sequence

from ppdesk.core.said import kept
from ppdesk.gui.sentences import Sample
from ppdesk.workflow.data import population_models, sensitive_models, treatment_models
from ppdesk.workflow.declared import Column

_SENSITIVE = (
    ("Several different values", "distinct-l-diversity, l = 2"),
    ("Values nearly as frequent", "entropy-l-diversity, l = 2"),
    ("No value too frequent", "recursive-(c,l)-diversity, c = 3, l = 2"),
    ("Shares as in the table", "equal-t-closeness, t = 0.2"),
    ("Shares as in the table, ordered", "ordered-t-closeness, t = 0.2"),
    ("Shares as in the table, by hierarchy", "hierarchical-t-closeness, t = 0.2"),
    ("Shares neither much above nor below", "delta-disclosure, delta = 1"),
    ("Shares not much above", "basic-beta-likeness, beta = 1"),
    ("Shares not much above, rare values more", "enhanced-beta-likeness, beta = 1"),
)
_POPULATION: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "Of the table alone",
        (
            ("Average risk", "average-risk, average = 0.01"),
            ("Average risk, and few at risk", "strict-average-risk, average = 0.01, highest = 0.2"),
            ("Few records alone in their class", "sample-uniqueness, most = 0.01"),
            ("Publishing pays in spite of attacks", "profitability-prosecutor"),
            ("No attack pays", "profitability-prosecutor-no-attack"),
        ),
    ),
    (
        "With the population's table",
        (
            ("k people of the population in each class", "k-map, k = 5"),
            ("Nobody can tell who is in the table", "delta-presence, highest = 0.5"),
            ("The table is a selection of it", "inclusion"),
            ("Publishing pays in spite of attacks", "profitability-journalist"),
            ("No attack pays", "profitability-journalist-no-attack"),
        ),
    ),
    (
        "With the population's size",
        (
            ("k people, estimated", "k-map, k = 5, estimator = poisson, population = 80000"),
            ("Few unique people, estimated", "population-uniqueness, most = 0.01, population = 80000"),
        ),
    ),
    (
        "Differential privacy",
        (("By sampling and fixed levels (SafePub)", "differential-privacy, epsilon = 1, delta = 0.000001"),),
    ),
)
_NUMBERS = (
    ("Bounds at the ends", "top-bottom-coding, bottom = 0, top = 100"),
    ("Round", "rounding, base = 10"),
    ("Intervals", "categorize, bounds = 18 40 65"),
    ("Means of groups", "microaggregate, group = 5"),
    ("Swap with nearby ranks", "rank-swap, window = 0.05"),
    ("Noise", "noise, share = 0.1"),
)
_WORDS = (
    ("Mask signs", "mask, first = 1"),
    ("Redraw at random", "pram, stay = 0.8"),
    ("Most frequent value of groups", "microaggregate, group = 5, by = mode"),
)
_CODES = (
    ("Pseudonym", "pseudonym"),
    ("Pseudonym of the same form", "format-preserving, alphabet = digits"),
    ("Shift dates", "date-shift, within = 30, per = person"),
    ("Suppress", "suppress"),
)
_OF_CLASS = (("One value for each class", "class-aggregate, by = mean"),)


def _of_columns(columns: Sequence[str], kinds: Callable[[str], Sequence[tuple[str, str]]]) -> list[Sample]:
    """A menu for each column; of a single column its entries."""
    menus: list[Sample] = [
        (kept(name), [(words, f"{name}: {rest}") for words, rest in kinds(name)]) for name in columns
    ]
    return list(menus[0][1]) if len(menus) == 1 and not isinstance(menus[0][1], str) else menus


def sensitive(columns: Mapping[str, Column]) -> list[Sample]:
    """Models on the columns that are declared sensitive; where none is, on all that are no identifiers."""
    some = [one.name for one in columns.values() if one.role == "sensitive"]
    other = [one.name for one in columns.values() if one.role == "insensitive"]
    return _of_columns(some or other, lambda _name: _SENSITIVE)


def population() -> list[Sample]:
    """Models on the population, by what they need."""
    return [(name, list(models)) for name, models in _POPULATION]


def treatments(columns: Mapping[str, Column]) -> list[Sample]:
    """Treatments by column, those that suit it."""

    def kinds(name: str) -> Sequence[tuple[str, str]]:
        one = columns[name]
        if one.role == "direct-identifier":
            return _CODES
        if one.role == "quasi-identifier":
            return _OF_CLASS
        return (*(_NUMBERS if one.numeric else _WORDS), *_CODES)

    return _of_columns(list(columns), kinds)


def wrong_sensitive(sentence: str, columns: Mapping[str, Column]) -> str:
    """Why a sentence is no model on a sensitive column; empty for one that is."""
    try:
        model = sensitive_models.read(sentence)
    except ValueError as error:
        return _told(error)
    return _unknown(model.column, columns)


def wrong_population(sentence: str) -> str:
    """Why a sentence is no model on the population; empty for one that is."""
    try:
        population_models.read(sentence)
    except ValueError as error:
        return _told(error)
    return ""


def wrong_treatment(sentence: str, columns: Mapping[str, Column]) -> str:
    """Why a sentence is no treatment; empty for one that is."""
    try:
        treatment = treatment_models.read(sentence)
    except ValueError as error:
        return _told(error)
    return next((said for name in treatment.columns if (said := _unknown(name, columns))), "")


def _told(error: ValueError) -> str:
    words = str(error)
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _unknown(column: str, columns: Mapping[str, Column]) -> str:
    return "" if not columns or column in columns else f"No column is called {column}."
