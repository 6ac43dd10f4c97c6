"""The whole page: what it is, contents, parts, what stands above the signature, what identifies it."""

from base64 import b64encode
from hashlib import sha256

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import stamp
from ppdesk.core.section import Table
from ppdesk.report.cover_facts import cover_facts
from ppdesk.report.document import Chapter, Document, Part, short
from ppdesk.report.html.blocks import Page, chapter_blocks, table
from ppdesk.report.html.markup import Markup, joined, tag, worded
from ppdesk.report.html.style import sheet
from ppdesk.report.layout.pages import stamp_words
from ppdesk.report.tongue import Tongue

_BARS = (
    (4, 4.7, 3.6), (9.2, 4.7, 3.6), (14.4, 4.7, 3.6),
    (4, 9.2, 8.8), (14.4, 9.2, 3.6),
    (4, 13.7, 14),
)  # fmt: skip


def html_edition(document: Document, evidence: bytes) -> bytes:
    """`document` as one HTML file without a script and without anything from elsewhere. `evidence` is its
    evidence.json, whose SHA-256 the page names. The same input gives the same bytes.

    UnknownPlotError, PlotValuesError.
    """
    page = Page(document.language, dict(document.event_hashes))
    say = Tongue(document.language)
    digest = sha256_hex(evidence)
    content = tag(
        "main",
        [_part(part, place, page) for place, part in enumerate(document.parts, 1)],
        _signature(document, digest, say, page),
        id="content",
        tabindex=-1,
    )
    body = tag(
        "body",
        tag("a", say("Skip to the content"), class_="skip", href="#content"),
        tag(
            "div",
            _header(document, say),
            None if document.compact else _contents(document, say),
            content,
            _footer(document, say),
            class_="page",
        ),
    )
    head = _head(document, digest, sheet(page.inks, document.paper))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang=document.language)}\n".encode()


def _head(document: Document, digest: str, style: str) -> Markup:
    """What machines read. The policy allows this page's own style sheet and nothing else: no script, no
    picture, no connection, no form."""
    pin = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{pin}'; base-uri 'none'; form-action 'none'"
    title = " – ".join(one for one in (document.cover.title, document.cover.subtitle) if one)
    named = {
        "viewport": "width=device-width, initial-scale=1",
        "referrer": "no-referrer",
        "color-scheme": "light dark",
        "generator": "ppdesk",
        "author": document.author,
        "description": document.cover.subtitle,
        "ppdesk:kind": document.kind,
        "ppdesk:edition": document.edition,
        "ppdesk:made": stamp(document.made),
        "ppdesk:project": document.project_id,
        "ppdesk:event": str(document.head_seq),
        "ppdesk:head": document.head_hash,
        "ppdesk:evidence": digest,
    }
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("title", title),
        [tag("meta", name=name, content=content) for name, content in named.items() if content],
        tag("style", Markup(style)),
    )


def _header(document: Document, say: Tongue) -> Markup:
    mark = tag(
        "svg",
        tag("rect", class_="ground", width=22, height=22, rx=4),
        [tag("rect", class_="bar", x=x, y=y, width=width, height="3.6", rx="1.8") for x, y, width in _BARS],
        viewBox="0 0 22 22",
        aria_hidden="true",
        focusable="false",
    )
    bands = [tag("p", stamp_words(document.stamp, say), class_="band")] if document.stamp else []
    if document.draft:
        bands.append(tag("p", say("Draft, not signed"), class_="band"))
    return tag(
        "header",
        tag("div", mark, tag("span", "ppdesk"), class_="brand"),
        bands,
        tag("h1", document.cover.title),
        tag("p", document.cover.subtitle, class_="subtitle") if document.cover.subtitle else None,
        _pairs(cover_facts(document, say)),
    )


def _pairs(facts: tuple[tuple[str, str], ...]) -> Markup:
    return tag(
        "dl",
        [tag("div", tag("dt", name), tag("dd", worded(value))) for name, value in facts],
        class_="facts",
    )


def _contents(document: Document, say: Tongue) -> Markup:
    parts = []
    for place, part in enumerate(document.parts, 1):
        inner = [
            tag("li", _link(f"p{place}-{number}", chapter.section.title, chapter.language))
            for number, chapter in enumerate(part.chapters, 1)
        ]
        parts.append(tag("li", _link(f"p{place}", part.title), tag("ol", inner) if inner else None))
    parts.append(tag("li", _link("signature", say("Signature"))))
    return tag(
        "nav",
        tag("h2", say("Contents"), id="contents"),
        tag("ol", parts),
        aria_labelledby="contents",
    )


def _link(name: str, words: str, language: str = "") -> Markup:
    return tag("a", words, href=f"#{name}", lang=language or None)


def _part(part: Part, place: int, page: Page) -> Markup:
    name = f"p{place}"
    return tag(
        "section",
        tag("h2", part.title, id=name),
        [_chapter(chapter, f"{name}-{number}", page) for number, chapter in enumerate(part.chapters, 1)],
        aria_labelledby=name,
    )


def _chapter(chapter: Chapter, name: str, page: Page) -> Markup:
    say = page.say(chapter)
    origin = None
    if chapter.origin is not None:
        told = say(
            "Event {number}, {who}, {moment}, hash ",
            number=str(chapter.origin.event),
            who=chapter.origin.actor,
            moment=say.moment(chapter.origin.time),
        )
        origin = tag("p", told, tag("code", short(chapter.origin.hash)), class_="origin")
    return tag(
        "section",
        tag("h3", chapter.section.title, id=name),
        origin,
        chapter_blocks(chapter, page),
        lang=chapter.language or None,
    )


def _signature(document: Document, digest: str, say: Tongue, page: Page) -> Markup:
    """What the signer states, what is blank, who endorsed, and how this page and the signed PDF belong
    together."""
    signing = document.signing
    blanks: list[Markup] = [tag("p", say("No field of words was left blank."))]
    if signing.blanks:
        blanks = [tag("ul", [tag("li", one) for one in signing.blanks])]
    facts = (
        (say("Project"), document.project_id),
        (
            say("History"),
            say("event {number}, {hash}", number=str(document.head_seq), hash=document.head_hash),
        ),
        ("evidence.json", say("SHA-256 {hash}", hash=digest)),
    )
    return tag(
        "section",
        tag("h2", say("Signature"), id="signature"),
        tag(
            "p",
            say(
                "This page bears no signature. The signed edition is the PDF of the same report: both are "
                "made from the evidence.json that lies inside the PDF, and that file has the SHA-256 below."
            ),
        ),
        tag("h3", say("What the signer of the PDF states")) if signing.statements else None,
        [tag("p", one) for one in signing.statements],
        tag("h3", say("Still blank")),
        blanks,
        _endorsements(document, say, page),
        tag("h3", say("What identifies this report")),
        _pairs(tuple((str(name), str(value)) for name, value in facts)),
        aria_labelledby="signature",
    )


def _endorsements(document: Document, say: Tongue, page: Page) -> Markup | None:
    given = document.signing.endorsements
    if not given:
        return None
    decisions = {"endorsed": say("endorsed"), "objected": say("objected")}
    rows = tuple(
        (
            one.name,
            one.role,
            str(decisions.get(one.decision, one.decision)),
            one.comment,
            str(say.moment(one.time)),
            f"{one.event} ({short(one.hash)})",
            one.fingerprint,
        )
        for one in given
    )
    header = (
        *(say("Name"), say("Role"), say("Decision"), say("Comment")),
        *(say("When"), say("Event"), say("Fingerprint")),
    )
    return joined(
        tag("h3", say("Endorsements")),
        table(Table(str(say("Who signed the draft in the history")), header, rows), None, page),
    )


def _footer(document: Document, say: Tongue) -> Markup:
    told = say(
        "Made by ppdesk on {moment} from the project's history. No record of the data is in it.",
        moment=say.moment(stamp(document.made)),
    )
    return tag("footer", tag("p", told))
