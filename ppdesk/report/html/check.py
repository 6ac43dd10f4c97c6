"""Whether a page is the accessible edition of a signed report: it is made again from that evidence."""

from collections.abc import Mapping
from html.parser import HTMLParser

from ppdesk.core.canonical import Json, canonical
from ppdesk.report.html.page import html_edition
from ppdesk.report.made_with import made_with
from ppdesk.report.plain_values import NotThisTypeError
from ppdesk.report.rebuild import document_of
from ppdesk.report.verdict import Check, Judgement, good, wrong

CHECK = "Accessible edition"
_UNSEEN = frozenset({"style", "script", "svg"})


def same_edition(page: bytes, evidence: Mapping[str, Json]) -> Check:
    """`evidence` is what the signed report holds, already checked. Good: byte for byte the page that it
    gives. Look: the same words, by another version of the program. Wrong: anything else."""
    try:
        document = document_of(evidence)
    except NotThisTypeError:
        return Check(CHECK, Judgement.LOOK, "The report is of an older form that no page can be made from.")
    made = html_edition(document, canonical(evidence))
    if made == page:
        return good(CHECK, "The page is byte for byte the one that the signed report's evidence gives.")
    if evidence.get("made_with") != made_with() and words_of(made) == words_of(page):
        return Check(
            CHECK,
            Judgement.LOOK,
            "The page has the words of the signed report, but was made by another version of the program: "
            "what else is in it was not checked.",
        )
    return wrong(CHECK, "The page is not the one that the signed report's evidence gives.")


def words_of(page: bytes) -> list[str]:
    """The words of a page in order, without those of style sheets, scripts and pictures."""
    reader = _Reader()
    reader.feed(page.decode("utf-8", errors="replace"))
    reader.close()
    return reader.words


class _Reader(HTMLParser):
    """Collects words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # the parser's signature
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words += data.split()
