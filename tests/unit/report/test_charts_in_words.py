"""Charts in words: what is drawn, and every value of it in a table."""

import json

import pytest

from ppdesk.core.canonical import canonical
from ppdesk.core.section import Plot, Table
from ppdesk.report.figures import NAMES
from ppdesk.report.figures.in_words import description, tables
from ppdesk.report.tongue import Language, Tongue

EN = Tongue()


def cells(found: tuple[Table, ...]) -> list[list[list[str]]]:
    return [[[*map(str, one.header)], *([*map(str, row)] for row in one.rows)] for one in found]


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_has_words_and_values(name: str, plots: dict[str, Plot]) -> None:
    if name not in plots:
        pytest.skip("the fixture has no values for it")
    plot = plots[name]
    assert description(plot, EN) != "Chart."
    assert description(plot, EN).endswith(".")
    found = tables(plot, EN)
    assert found
    for one in found:
        assert all(len(row) == len(one.header) for row in one.rows)
        assert "role" not in {head.lower() for head in one.header}


@pytest.mark.parametrize("name", NAMES)
def test_the_evidence_gives_the_same_tables(name: str, plots: dict[str, Plot]) -> None:
    if name not in plots:
        pytest.skip("the fixture has no values for it")
    plot = plots[name]
    again = Plot(plot.title, plot.name, json.loads(canonical(dict(plot.values))), plot.caption)
    assert cells(tables(again, EN)) == cells(tables(plot, EN))
    assert description(again, EN) == description(plot, EN)


def test_rows_are_named_and_ranked(plots: dict[str, Plot]) -> None:
    assert "Largest: age, 0.56. Smallest: native-country, 0." in description(plots["drift"], EN)
    assert "It shows: with privacy, without, guessing." in description(plots["roc"], EN)
    [limit, columns] = cells(tables(plots["drift"], EN))
    assert limit[1] == ["Limit", "0.25"]
    assert columns[:2] == [["Column", "Population stability index"], ["age", "0.56"]]


def test_before_stands_before_after(plots: dict[str, Plot]) -> None:
    [sizes] = cells(tables(plots["class_sizes"], EN))
    assert sizes[:2] == [["Size of the class", "Records before", "Records after"], ["1", "15,512", "0"]]


def test_numbers_and_words_follow_the_language(plots: dict[str, Plot]) -> None:
    [_, sizes] = cells(tables(plots["drift"], Tongue(Language.GERMAN)))
    assert sizes[1] == ["age", "0,56"]
    assert sizes[0][0] == "Spalte"


def test_a_map_of_risks_names_the_levels(plots: dict[str, Plot]) -> None:
    [risks] = cells(tables(plots["risk_map"], EN))
    assert risks[0][:3] == ["Risk", "Severity, before the measures", "Likelihood, before the measures"]
    assert risks[1] == [
        "Illegitimate access to data",
        "3 significant",
        "4 maximum",
        "3 significant",
        "1 negligible",
    ]
    assert risks[3][1:3] == ["–", "–"]
