"""The facts on a cover, the same on paper and in the accessible edition."""

from ppdesk.report.document import Document, Edition
from ppdesk.report.tongue import Tongue


def cover_facts(document: Document, say: Tongue) -> tuple[tuple[str, str], ...]:
    """The cover's facts, with the edition and the day it expires, which may be blank."""
    edition = (
        say("For recipients. Details that would help an attacker are left out.")
        if document.edition == Edition.RECIPIENT
        else say("Internal. It may hold details that would help an attacker: do not pass it on.")
    )
    until = (
        say.day(document.valid_until)
        if document.valid_until
        else say("left blank: nobody has set a day on which it expires")
    )
    return (*document.cover.facts, (say("Edition"), edition), (say("Valid until"), until))
