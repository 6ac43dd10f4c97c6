"""What there is to read: the documents as they are, and a page made of each step's own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ppdesk.core.params import FieldSpec, fields_of
from ppdesk.core.resources import resource
from ppdesk.gui.language import told, tr
from ppdesk.workflow.catalog import CATALOG, entry

STEP = "step:"  # before the key of a page that is about a step
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_FENCE = re.compile(r"^(```|~~~)")
_MARKS = re.compile(r"[*`_]|\[|\]\([^)]*\)|!\[[^\]]*\]\([^)]*\)")
_ORDER = ("glossary", "cli", "security", "policy", "estimators", "assessment", "scale", "trust")


@dataclass(frozen=True)
class Passage:
    """What stands under one heading. `anchor` is empty for what stands before the first."""

    page: str
    anchor: str
    heading: str
    text: str


@dataclass(frozen=True)
class Page:
    """Something to read. `key` names it in links: a document's file name, or ``step:`` and a step's key."""

    key: str
    title: str
    group: str
    markdown: str

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Its text, heading by heading."""
        return tuple(_passages(self))


class Library:
    """All pages, read when they are first asked for."""

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        return (*_steps(), *_documents())

    @cached_property
    def _by_key(self) -> dict[str, Page]:
        return {page.key: page for page in self.pages}

    def page(self, key: str) -> Page | None:
        """The page called `key`; None where there is none."""
        return self._by_key.get(key)


def slug(heading: str) -> str:
    """The anchor of a heading, as documents link to it."""
    kept = re.sub(r"[^\w\- ]", "", plain(heading).lower())
    return kept.strip().replace(" ", "-")


def plain(markdown: str) -> str:
    """A line without its marks."""
    return _MARKS.sub("", markdown)


def _passages(page: Page) -> Iterator[Passage]:
    anchor, heading, lines, fenced = "", page.title, [], False
    for line in page.markdown.splitlines():
        fenced ^= bool(_FENCE.match(line))
        found = None if fenced else _HEADING.match(line)
        if found is None:
            lines.append(plain(line))
            continue
        if lines or anchor:
            yield Passage(page.key, anchor, heading, " ".join(lines).strip())
        anchor, heading, lines = slug(found[2]), plain(found[2]), []
    yield Passage(page.key, anchor, heading, " ".join(lines).strip())


def _documents() -> Iterator[Page]:
    root = resource("docs")
    found = sorted(root.glob("*.md"), key=lambda one: (_rank(one.stem), one.stem))
    for path in (*found, *sorted((root / "decisions").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        first = next((one for line in text.splitlines() if (one := _HEADING.match(line))), None)
        inside = path.parent != root
        group = tr("Design decisions") if inside else tr("Documents")
        key = f"decisions/{path.name}" if inside else path.name
        yield Page(key, plain(first[2]) if first else path.stem, group, text)


def _rank(stem: str) -> int:
    return _ORDER.index(stem) if stem in _ORDER else len(_ORDER)


def _steps() -> Iterator[Page]:
    for one in CATALOG:
        step = entry(one.key).load()
        title = told(step.title)
        group = tr("Stage {number}, {stage}", number=int(step.stage), stage=told(step.stage.title))
        lines = [f"# {title}", told(step.purpose), told(step.help)]
        fields = fields_of(step.Params)
        if fields:
            lines += [f"## {tr('Settings')}", *_fields(fields)]
        lines.append(tr("On the command line: {command}", command=f"`ppdesk {one.key} --help`"))
        yield Page(f"{STEP}{one.key}", title, group, "\n\n".join(lines))


def _fields(fields: Sequence[FieldSpec]) -> Iterator[str]:
    for spec in fields:
        yield f"### {told(spec.label)}"
        if spec.help:
            yield told(spec.help)
