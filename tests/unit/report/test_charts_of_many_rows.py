"""A table with very many columns still makes a report: charts are cut to a page, and say so."""

from datetime import UTC, datetime

import pytest

from ppdesk.core.section import Plot, Section
from ppdesk.report.document import Chapter, Cover, Document, Part, Signing, numbered
from ppdesk.report.figures.cut import cut
from ppdesk.report.layout.book import typeset
from ppdesk.report.tongue import Tongue

NAMES = [f"column {at}" for at in range(1000)]
MANY = Plot("Loss", "column_loss", {"columns": NAMES, "loss": [0.5] * 1000}, "By column.")


def test_a_chart_that_fits_stays_as_it_is() -> None:
    few = Plot("Loss", "column_loss", {"columns": NAMES[:5], "loss": [0.5] * 5})
    assert cut(few, 750, 900, Tongue()) is few


def test_the_first_rows_are_drawn_and_the_caption_says_so() -> None:
    shown = cut(MANY, 750, 900, Tongue())
    names, losses = shown.values["columns"], shown.values["loss"]
    assert isinstance(names, list)
    assert isinstance(losses, list)
    assert 10 < len(names) == len(losses) < 1000
    assert shown.caption.startswith("By column. The first ")


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_it_fits_on_a_page(paper: str) -> None:
    document = Document(
        cover=Cover("Report", "A project", ()),
        parts=numbered((Part("Loss", (Chapter(Section("Anonymize", (MANY,))),)),)),
        signing=Signing(("Certified.",), ()),
        made=datetime(2026, 1, 1, tzinfo=UTC),
        project_id="b1fe7a68",
        head_seq=1,
        head_hash="0" * 64,
        paper=paper,
    )
    assert typeset(document, b"").pages >= 3
