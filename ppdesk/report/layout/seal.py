"""The visible signature: a small page that is placed into the reserved space."""

from datetime import datetime
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from ppdesk.report.layout.marks import draw_mark
from ppdesk.report.layout.measures import Box
from ppdesk.report.layout.styles import colour, register_fonts
from ppdesk.report.tongue import Tongue
from ppdesk.report.typeface import MONO, SANS, SANS_BOLD, printable

INSET = 5.0  # pt, what the signature leaves free of its frame at each side


def seal_page(name: str, moment: datetime, fingerprint: str, say: Tongue, box: Box) -> bytes:
    """A PDF of one page, made for the place `box`, that says who signed, when, and with which key."""
    register_fonts()
    left, low, right, high = box
    width, height = round(right - left - 2 * INSET), round(high - low - 2 * INSET)
    out = BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1, initialFontName=SANS)
    draw_mark(canvas, 8, height - 44, 36)
    x = 58
    canvas.setFillColor(colour("text3"))
    canvas.setFont(SANS, 7.5)
    canvas.drawString(x, height - 17, say("Signed by"))
    canvas.setFillColor(colour("text"))
    size = 15.0
    shown = printable(name)
    while size > 8 and canvas.stringWidth(shown, SANS_BOLD, size) > width - x - 8:
        size -= 0.5
    canvas.setFont(SANS_BOLD, size)
    canvas.drawString(x, height - 34, shown)
    canvas.setFont(SANS, 8.5)
    canvas.setFillColor(colour("text2"))
    canvas.drawString(
        x,
        height - 48,
        say("{moment} by the signer's own clock", moment=say.moment(f"{moment:%Y-%m-%d %H:%M:%S}")),
    )
    canvas.setFillColor(colour("text3"))
    canvas.setFont(SANS, 7.5)
    told = say("Fingerprint of the certificate, SHA-256. Compare it with what the signer tells you.")
    canvas.drawString(x, height - 66, printable(told))
    groups = fingerprint.split(" ")
    canvas.setFont(MONO, 8)
    canvas.setFillColor(colour("text"))
    half = (len(groups) + 1) // 2
    canvas.drawString(x, height - 79, " ".join(groups[:half]))
    canvas.drawString(x, height - 91, " ".join(groups[half:]))
    canvas.showPage()
    canvas.save()
    return out.getvalue()
