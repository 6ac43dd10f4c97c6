"""Charts: each name draws in each palette, with the same bytes for the same values, inside its sheet."""

from io import BytesIO

import pytest

from ppdesk.core.palette import LIGHT, PALETTES, PaletteName
from ppdesk.core.section import Plot
from ppdesk.report.errors import PlotValuesError, UnknownPlotError
from ppdesk.report.figures import NAMES, draw, natural_height, render
from ppdesk.report.figures.scales import per_cent, plain, share, ticks
from ppdesk.report.tongue import Language, Tongue


def test_every_chart_has_a_sample(plots: dict[str, Plot]) -> None:
    assert set(plots) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_keeps_inside_its_sheet(name: str, plots: dict[str, Plot]) -> None:
    for width, language in ((747, "en"), *((340, one) for one in Language)):
        height = natural_height(plots[name], width)
        sheet = draw(plots[name], LIGHT, width, height, Tongue(language))
        sheet.figure.canvas.draw()
        box = sheet.figure.get_tightbbox()  # inches
        assert box.x0 * 72 >= -1
        assert box.y0 * 72 >= -1
        assert box.x1 * 72 <= width + 1
        assert box.y1 * 72 <= height + 1


@pytest.mark.parametrize("palette", sorted(PALETTES))
def test_a_chart_has_the_ground_of_its_palette(palette: PaletteName, plots: dict[str, Plot]) -> None:
    from PIL import Image

    png = render(plots["drift"], palette=palette, width_px=400, height_px=200, scale=2)
    image = Image.open(BytesIO(png)).convert("RGB")
    assert image.size == (800, 400)
    assert "#{:02X}{:02X}{:02X}".format(*image.getpixel((0, 0))) == PALETTES[palette].surface


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_values_give_the_same_bytes(form: str, plots: dict[str, Plot]) -> None:
    first, again = (
        render(plots["roc"], palette="light", width_px=400, height_px=260, form=form)  # type: ignore[arg-type]  # parametrized
        for _ in range(2)
    )
    assert first == again


def test_a_vector_image_names_no_date(plots: dict[str, Plot]) -> None:
    svg = render(plots["budget"], palette="light", width_px=400, height_px=120, form="svg").decode()
    assert svg.lstrip().startswith("<?xml")
    assert "dc:date" not in svg


def test_an_unknown_chart_is_refused() -> None:
    with pytest.raises(UnknownPlotError) as caught:
        render(Plot("t", "pie", {}), palette="light", width_px=300, height_px=200)
    assert caught.value.error_code == "PP-REPORT-001"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"columns": ["age"], "loss": []},
        {"columns": ["age"], "loss": [0.1, 0.2]},
        {"columns": ["age"], "loss": ["0.1"]},
        {"columns": ["age"], "loss": [float("nan")]},
        {"columns": ["age"], "loss": [True]},
    ],
)
def test_values_that_cannot_be_drawn_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(PlotValuesError):
        render(Plot("t", "column_loss", values), palette="light", width_px=300, height_px=200)  # type: ignore[arg-type]  # wrong on purpose


def test_signs_that_the_typeface_lacks_do_not_break_a_chart() -> None:
    plot = Plot("t", "column_loss", {"columns": ["年齢", "line\nbreak", "α"], "loss": [0.1, 0.2, 0.3]})
    assert render(plot, palette="dark", width_px=300, height_px=200).startswith(b"\x89PNG")


def test_more_baselines_than_series_are_refused(plots: dict[str, Plot]) -> None:
    curves = plots["roc"].values["curves"]
    assert isinstance(curves, list)
    with pytest.raises(PlotValuesError, match="more curves"):
        render(Plot("t", "roc", {"curves": [curves[1]] * 5}), palette="light", width_px=300, height_px=200)


def test_ticks_are_round_and_reach_the_highest_value() -> None:
    assert ticks(0.56) == [0.0, 0.2, 0.4, 0.6]
    assert ticks(3.15) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert ticks(15512, most=4) == [0, 5000, 10000, 15000, 20000]
    assert ticks(0) == [0.0, 1.0]


def test_numbers_read_as_the_design_writes_them() -> None:
    assert plain([0, 5000, 10000], Tongue()) == ["0", "5,000", "10,000"]
    assert per_cent([0.0, 0.25], Tongue()) == ["0 %", "25 %"]
    assert [share(one, Tongue()) for one in (0.0, 0.0004, 0.0267, 0.5, 0.9999, 1.0)] == [
        "0 %", "0.04 %", "2.7 %", "50 %", "99.99 %", "100 %",
    ]  # fmt: skip


def test_a_chart_speaks_the_language_of_its_document(plots: dict[str, Plot]) -> None:
    sheet = draw(plots["roc"], LIGHT, 400, 260, Tongue("de"))
    axes = sheet.figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Fehlalarme", "Gefunden")
    assert [one.get_text() for one in axes.get_yticklabels()] == ["0,00", "0,25", "0,50", "0,75", "1,00"]
    assert plain([0, 5000], Tongue("fr")) == ["0", "5\u00a0000"]
    sizes = Plot("t", "class_sizes", {"labels": ["1", "1,000+"], "before": [5, 1], "after": [0, 2]})
    axes = draw(sizes, LIGHT, 400, 260, Tongue("de")).figure.axes[0]
    assert [one.get_text() for one in axes.get_xticklabels()] == ["1", "1.000+"]
