"""What setting a document needs at every place: styles, measures, language, charts, hashes of events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ppdesk.report.document import Chapter, Document
from ppdesk.report.layout.charts import Charts
from ppdesk.report.layout.measures import Measures, measures
from ppdesk.report.layout.styles import Styles
from ppdesk.report.tongue import Tongue


@dataclass(frozen=True)
class Setting:
    """How one document is set."""

    measures: Measures = field(default_factory=measures)
    styles: Styles = field(default_factory=Styles)
    say: Tongue = field(default_factory=Tongue)
    drawn_in: Tongue = field(default_factory=Tongue)  # what charts say: the language of their chapter
    charts: Charts = field(default_factory=Charts)
    hashes: Mapping[int, str] = field(default_factory=dict)  # of events that values come from

    @classmethod
    def of(cls, document: Document, *, scale: float = 1.0) -> "Setting":
        """For `document`, with type and spacing at `scale`."""
        return cls(
            measures(document.paper, compact=document.compact),
            Styles(scale, document.compact),
            Tongue(document.language),
            Tongue(document.language),
            Charts(),
            dict(document.event_hashes),
        )

    def of_chapter(self, chapter: Chapter) -> "Setting":
        """For a chapter, which can be quoted in another language."""
        return replace(self, drawn_in=Tongue(chapter.language)) if chapter.language else self

    @property
    def width(self) -> float:
        """Of the text, pt."""
        return self.measures.width

    @property
    def height(self) -> float:
        """Of the text, pt."""
        return self.measures.height
