"""The summary on paper or as one page of HTML, in the report's own layout. Nobody signs it: it says what one
person found on one computer."""

from datetime import datetime
from pathlib import Path

from ppdesk.core.canonical import Json, canonical
from ppdesk.core.clock import stamp
from ppdesk.core.durable import write_private
from ppdesk.core.said import said
from ppdesk.core.section import Section, Table, Words
from ppdesk.report.document import Chapter, Cover, Document, Part, Signing, numbered
from ppdesk.report.verdict import Judgement
from ppdesk.workbench.auditing.views import PAGES, Overview
from ppdesk.workbench.errors import DeliveryError

_WORDS = {Judgement.GOOD: said("Good"), Judgement.LOOK: said("Look"), Judgement.WRONG: said("Wrong")}
_SOURCES = {
    "copy": said("an auditor's copy"),
    "project": said("a project file, opened for reading"),
    "report": said("a signed report"),
}


def summary(found: Overview) -> Section:
    """The lines of the summary as a table."""
    rows = [(str(_WORDS[one.judgement]), f"{one.bold} {one.words}".strip(), one.note) for one in found.judged]
    words = said(
        "{good} good, {look} to look at, {wrong} wrong.",
        good=found.count(Judgement.GOOD),
        look=found.count(Judgement.LOOK),
        wrong=found.count(Judgement.WRONG),
    )
    table = Table(said("Judgements"), (said("Judgement"), said("Found"), said("Where")), rows)
    return Section(said("Summary"), (Words(words), table))


def document(found: Overview, made: datetime, person: str) -> Document:
    """The summary with the lists behind it, made at `made` by `person`."""
    sections = [found.pages[name] for name in PAGES if name in found.pages]
    parts = (
        Part(said("Summary"), (Chapter(summary(found)),)),
        Part(said("What it rests on"), tuple(Chapter(one) for one in sections)),
    )
    facts = (
        (said("Source"), said("{what}, {file}", what=_SOURCES[found.source], file=found.path.name)),
        (said("Project"), found.project_id),
        (said("Sealed by"), f"{found.signer} {found.fingerprint}".strip()),
        (said("Looked at"), stamp(made)),
        (said("By"), person),
    )
    return Document(
        cover=Cover(said("Auditor's summary"), found.name, tuple(one for one in facts if one[1])),
        parts=numbered(parts),
        signing=Signing((said("What one person found on one computer. It is not part of the record."),), ()),
        made=made,
        project_id=found.project_id,
        head_seq=len(found.events),
        head_hash=found.head,
        stamp=found.stamp,
        kind="audit",
        draft=True,
    )


def evidence(found: Overview) -> bytes:
    """The same for machines, in canonical form: the summary names its hash."""
    told: dict[str, Json] = found.to_json()
    return canonical(told)


def html(found: Overview, made: datetime, person: str) -> bytes:
    """One HTML file without a script and without anything from elsewhere."""
    from ppdesk.report.html.page import html_edition

    return html_edition(document(found, made, person), evidence(found))


def pdf(found: Overview, made: datetime, person: str) -> bytes:
    """The same as a PDF; it has no place for a signature."""
    from ppdesk.report.layout.book import typeset

    return typeset(document(found, made, person), evidence(found)).pdf


def write(found: Overview, target: Path, made: datetime, person: str) -> Path:
    """The summary at `target`, as a PDF or as HTML by its name. DeliveryError, also where `target` is the
    audited file itself."""
    if target.resolve() == found.path.resolve() or target.suffix.lower() not in (".pdf", ".html"):
        raise DeliveryError(name=target.name, reason=said("a summary is a new file, .pdf or .html"))
    data = (pdf if target.suffix.lower() == ".pdf" else html)(found, made, person)
    try:
        write_private(target, data)
    except OSError as error:
        raise DeliveryError(name=target.name, reason=error.strerror or type(error).__name__) from None
    return target
