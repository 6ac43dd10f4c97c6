"""Pages of a document one after the other, each ready before the next is set: to look at before signing.

They are the pages of the first pass. Nothing stands elsewhere in the finished report, but two things are
not known yet: the contents name no pages, and the head does not say how many there are.
"""

from collections.abc import Iterator

from ppdesk.report.document import Document


def pages_of(document: Document, evidence: bytes = b"") -> Iterator[bytes]:
    """A PDF for each page, in order. `evidence` is only named, by its SHA-256 on the signature page.

    A document that must fit on two pages is set whole, and comes as one PDF. BrokenLayoutError.
    """
    from ppdesk.report.layout.book import Book, typeset
    from ppdesk.report.layout.setting import Setting
    from ppdesk.report.layout.story import story
    from ppdesk.report.layout.styles import register_fonts

    if document.compact:
        yield typeset(document, evidence).pdf
        return
    register_fonts()
    setting = Setting.of(document)
    book = Book(document, setting, 0, loose=True)
    yield from book.pieces(story(document, (), evidence, setting))
