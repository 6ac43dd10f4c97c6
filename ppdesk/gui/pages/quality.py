"""The page of Quality: its checks are sentences, read as they are written."""

from ppdesk.core.params import FieldSpec
from ppdesk.data.quality.checks import parse
from ppdesk.data.quality.errors import CheckUnreadableError
from ppdesk.gui.form import Form
from ppdesk.gui.language import told, tr
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.sentences import SentencesEditor

_KINDS = (
    ("Not missing", "column is not missing"),
    ("Between bounds", "column is between 0 and 120"),
    ("One of a list", "column is one of a; b"),
    ("A pattern", "column matches [0-9]{5}"),
    ("A number, an integer or a date", "column is a number"),
    ("Unique", "column is unique"),
    ("One column against another", "column <= other"),
    ("One column decides another", "column determines other"),
    ("Not older than", "column is at most 30 days old"),
)
_HELP = "What must hold, one sentence each. Later batches must pass them too."


def wrong(sentence: str) -> str:
    """Why a sentence is no check; empty for one that is."""
    try:
        parse(sentence)
    except CheckUnreadableError as error:
        return tr("{reason} For example: age is between 0 and 120.", reason=told(error.message))
    return ""


class QualityStep(Pane):
    """A list of checks instead of a line."""

    def make_form(self) -> Form:
        def checks(spec: FieldSpec) -> SentencesEditor:
            return SentencesEditor(spec, wrong, _KINDS, help=told(_HELP), menu=tr("Kinds of check"))

        return Form(self.step.Params, {"checks": checks})
