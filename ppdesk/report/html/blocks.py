"""The blocks of a section as HTML: words, key figures, tables, charts with their values, answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ppdesk.core.section import Answer, Block, Figures, Plot, Table, Words
from ppdesk.report.cited import BUDGET, Source
from ppdesk.report.document import Chapter, short
from ppdesk.report.figures.in_words import description, tables
from ppdesk.report.html.charts import Inks, svg
from ppdesk.report.html.markup import Markup, joined, tag, worded
from ppdesk.report.tongue import Tongue

_OPEN = 12  # rows: as many values of a chart stand open, more are folded
_LETTER, _PAD, _ROOM = 9, 20, 250  # px: a letter, what a cell adds, what a narrow screen has for a table
_BREAKS = 22  # letters: a longer word may break anywhere
_LONG = 14  # letters of a key figure that is set smaller


@dataclass
class Page:
    """What the parts of one page share: its language, the hashes of the events, counts for ids, colours."""

    language: str
    hashes: Mapping[int, str]
    inks: Inks = field(default_factory=Inks)
    _count: int = 0

    def number(self) -> int:
        """A number that no other element has."""
        self._count += 1
        return self._count

    def say(self, chapter: Chapter) -> Tongue:
        """The language of a chapter's fixed words: that of what it quotes, or the page's."""
        return Tongue(chapter.language or self.language)


def chapter_blocks(chapter: Chapter, page: Page) -> Iterator[Markup]:
    """The blocks of a chapter, each with the line that says where it comes from."""
    say = page.say(chapter)
    blocks = chapter.section.blocks
    labels = chapter.labels or ("",) * len(blocks)
    sources = chapter.sources or ((),) * len(blocks)
    for block, label, places in zip(blocks, labels, sources, strict=True):
        number = (
            Markup(tag("span", label, lang=page.language if chapter.language else None)) if label else None
        )
        yield block_html(block, number, say, page)
        if label or isinstance(block, Figures):
            yield from _source(places, say, page)


def block_html(block: Block, label: Markup | None, say: Tongue, page: Page) -> Markup:
    """One block. `label` is its number ("Table 3") where it has one."""
    if isinstance(block, Words):
        return _words(block, say)
    if isinstance(block, Figures):
        return _figures(block)
    if isinstance(block, Table):
        return table(block, label, page)
    if isinstance(block, Answer):
        return _answer(block, say)
    return _chart(block, label, say, page)


def _words(block: Words, say: Tongue) -> Markup:
    paragraphs = [one for one in block.text.split("\n\n") if one.strip()]
    if block.tone == "plain":
        return joined(tag("p", worded(one)) for one in paragraphs)
    sign = {
        "ok": say("In order:"),
        "caution": say("Caution:"),
        "risk": say("Risk:"),
        "info": say("Note:"),
    }[block.tone]
    first, *rest = paragraphs or [""]
    told = [tag("p", tag("strong", sign), " ", worded(first)), *(tag("p", worded(one)) for one in rest)]
    return tag("div", told, class_=f"note {block.tone}", role="note")


def _figures(block: Figures) -> Markup:
    items = [
        tag(
            "div",
            tag("dt", item.label),
            tag("dd", item.value, class_="value small" if len(item.value) > _LONG else "value"),
            tag("dd", worded(item.note)) if item.note else None,
        )
        for item in block.items
    ]
    return tag("dl", items, class_="figures") if items else Markup("")


def table(block: Table, label: Markup | None, page: Page) -> Markup:
    """A table with its caption; the first column names the rows where there is more than one."""
    number = page.number()
    columns = len(block.header)
    right = set(block.right)
    caption = joined(label, ": " if label and block.title else None, block.title)
    told = f"t{number}c" if block.caption else None
    head = None
    if any(one.strip() for one in block.header):
        cells = [
            tag("th", one, scope="col", class_="r" if place in right else None) if one.strip() else tag("td")
            for place, one in enumerate(block.header)
        ]
        head = tag("thead", tag("tr", cells))
    body = tag("tbody", [tag("tr", _row(row, columns, right)) for row in block.rows])
    whole = tag(
        "table",
        tag("caption", tag("span", caption, class_="room"), id=f"t{number}") if caption else None,
        head,
        body,
        aria_describedby=told,
    )
    wide = _is_wide(block)  # scrolls on its own on a narrow screen, by the keyboard too
    return joined(
        tag(
            "div",
            whole,
            class_="scroll",
            role="group" if wide and caption else None,
            tabindex=0 if wide else None,
            aria_labelledby=f"t{number}" if wide and caption else None,
        ),
        tag("p", worded(block.caption), class_="caption", id=told) if block.caption else None,
    )


def _row(row: Sequence[str], columns: int, right: set[int]) -> Iterator[Markup]:
    cells = [*row, *([""] * columns)][:columns]
    for place, cell in enumerate(cells):
        names = place == 0 and columns > 1 and bool(cell.strip())
        yield tag(
            "th" if names else "td",
            worded(cell),
            scope="row" if names else None,
            class_=" ".join(_classes(cell, place in right)) or None,
        )


def _classes(cell: str, right: bool) -> Iterator[str]:
    if right:
        yield "r"
    if _longest(cell) > _BREAKS:
        yield "long"


def _is_wide(block: Table) -> bool:
    """Whether the table's longest words side by side need more room than a narrow screen has."""
    rows = (block.header, *block.rows)
    least = [
        max(min(_longest(row[place]), _BREAKS) for row in rows if place < len(row))
        for place in range(len(block.header))
    ]
    return sum(_LETTER * one + _PAD for one in least) > _ROOM


def _longest(cell: str) -> int:
    return max(map(len, cell.split()), default=0)


def _answer(block: Answer, say: Tongue) -> Markup:
    given = [tag("p", worded(one)) for one in block.text.split("\n\n") if one.strip()]
    blank = tag("p", say("Still blank: only a named person can answer this."), class_="blank")
    return tag(
        "section",
        tag("h4", block.question),
        tag("p", block.clause, class_="clause") if block.clause else None,
        tag("p", block.help, class_="help") if block.help else None,
        tag("blockquote", given) if given else blank,
        tag("p", block.by, class_="by") if block.by else None,
        class_="answer",
    )


def _chart(plot: Plot, label: Markup | None, say: Tongue, page: Page) -> Markup:
    """The chart as an image with words for it, and its values as tables."""
    told = description(plot, say)
    values = tables(plot, say)
    number = page.number()
    picture = svg(plot, number, page.inks, say, title=plot.title, description=told)
    title = joined(label, ": " if label else None, plot.title)
    rows = sum(len(one.rows) for one in values)
    heading = joined(say("Values of this figure"))
    listed = [table(_titled(one, heading), None, page) for one in values]
    if rows > _OPEN:
        counted = say.count("{count} row", "{count} rows", rows)
        shown = tag("details", tag("summary", heading, ", ", counted), listed)
    else:
        shown = joined(listed)
    return tag(
        "figure",
        tag(
            "figcaption",
            tag("p", title, class_="title"),
            tag("p", worded(plot.caption), class_="caption") if plot.caption else None,
        ),
        picture,
        shown,
    )


def _titled(one: Table, heading: str) -> Table:
    title = f"{heading}: {one.title}" if one.title else heading
    return Table(title, one.header, one.rows, one.right, one.caption)


def _source(places: Sequence[Source], say: Tongue, page: Page) -> Iterator[Markup]:
    """Which events the values of a block stand in."""
    events = sorted({one.event for one in places})
    if not events:
        return
    told: list[Markup] = []
    for event in events:
        if event == BUDGET:
            told.append(joined(say("the budget, over all events")))
            continue
        known = page.hashes.get(event, "")
        told.append(
            joined(
                say("event {number}", number=str(event)),
                [" (", tag("code", short(known)), ")"] if known else None,
            )
        )
    listed = [part for one in told for part in (Markup(", "), one)][1:]
    yield tag("p", say("From:"), " ", listed, class_="source")
