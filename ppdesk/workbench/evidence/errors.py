"""What can go wrong with signatures over the history, with people's roles, and with approvals."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class SigningFailedError(CodedError):
    """The history could not be signed: {reason}"""

    code = "PP-WORKBENCH-040"
    exit = Exit.FAILED
    todo = "What was done is on record. Sign it with `ppdesk sign` once the key and the file can be used."


class NobodySignsError(CodedError):
    """This needs a signature, and nobody is signed in to sign."""

    code = "PP-WORKBENCH-041"
    exit = Exit.REFUSED
    todo = "Create or unlock your signing key, then try again. Nothing was recorded."


class AlreadyHasRoleError(CodedError):
    """The holder of this key is on record as {role} already."""

    code = "PP-WORKBENCH-042"
    exit = Exit.REFUSED
    todo = "See `ppdesk people list`. Nothing was recorded."


class NobodyOfThatKeyError(CodedError):
    """Nobody in this project has a role under that fingerprint."""

    code = "PP-WORKBENCH-043"
    exit = Exit.BAD_INPUT
    todo = "See `ppdesk people list`. People whom policy names can be removed by IT alone."


class NotOnRecordError(CodedError):
    """Your key is not among the people of this project, so you cannot change who is."""

    code = "PP-WORKBENCH-044"
    exit = Exit.REFUSED
    todo = "Ask somebody who is on record (`ppdesk people list`) to add you. Nothing was recorded."


class LastPersonError(CodedError):
    """Nobody would be left on record, and then nobody could add anybody."""

    code = "PP-WORKBENCH-045"
    exit = Exit.REFUSED
    todo = "Add somebody else first. Nothing was recorded."


class FixedByPolicyError(CodedError):
    """This computer's policy says what role this name or key has, and that cannot be overruled here."""

    code = "PP-WORKBENCH-046"
    exit = Exit.REFUSED
    todo = "See `ppdesk policy show`, and ask IT for a change. Nothing was recorded."


class ApprovalNeededError(CodedError):
    """Step {step} needs the approval of a second person before it runs: {reason}"""

    code = "PP-WORKBENCH-047"
    exit = Exit.REFUSED
    todo = (
        "Ask for it with `ppdesk request {step}` and the same parameters; a second person answers with "
        "`ppdesk approve`. Then run the step again. Nothing was run or spent."
    )


class NoSuchRequestError(CodedError):
    """Event {seq} asks for no approval."""

    code = "PP-WORKBENCH-048"
    exit = Exit.USAGE
    todo = "See `ppdesk requests` for what is asked for."


class SelfApprovalError(CodedError):
    """You asked for this approval yourself, under this key or this name."""

    code = "PP-WORKBENCH-049"
    exit = Exit.REFUSED
    todo = "A second person has to look at it, with a key of their own. Nothing was recorded."


class NoApprovingRoleError(CodedError):
    """Your key has no role here that may approve. It takes: {roles}."""

    code = "PP-WORKBENCH-050"
    exit = Exit.REFUSED
    todo = "See `ppdesk people list` and `ppdesk policy show`. Nothing was recorded."


class RequestSettledError(CodedError):
    """The request in event {seq} was answered already: {answer}."""

    code = "PP-WORKBENCH-051"
    exit = Exit.REFUSED
    todo = "Ask anew with `ppdesk request` if it is to be answered again. Nothing was recorded."


class RequestBrokenError(CodedError):
    """The request in event {seq} does not hold: {reason}"""

    code = "PP-WORKBENCH-052"
    exit = Exit.INTEGRITY
    todo = "Do not approve it. See `ppdesk log --verify`, and ask the person it names."


class NoApprovalWantedError(CodedError):
    """Step {step} needs no approval here."""

    code = "PP-WORKBENCH-053"
    exit = Exit.USAGE
    todo = "Run it. `ppdesk policy show` says which steps need a second person. Nothing was recorded."


class SignerNotAdmittedError(CodedError):
    """This computer's policy does not let this signer work: {reason}"""

    code = "PP-WORKBENCH-054"
    exit = Exit.REFUSED
    todo = "See `ppdesk policy show`, or ask IT. Nothing was recorded."


class SignerRequiredError(CodedError):
    """This computer's policy lets a project be worked on only by somebody who signs."""

    code = "PP-WORKBENCH-055"
    exit = Exit.REFUSED
    todo = "Create or unlock your signing key, then open the project again; looking at it needs no key."


class EndorsementsNeededError(CodedError):
    """This computer's policy wants the draft of a report endorsed by {wanted} before another certifies it:
    {reason}"""

    code = "PP-WORKBENCH-056"
    exit = Exit.REFUSED
    todo = (
        "Make it with `ppdesk draft`; others read it and answer with `ppdesk endorse EVENT`; then run "
        "`ppdesk report --draft EVENT`. Nothing was signed."
    )


class NoSuchDraftError(CodedError):
    """Event {seq} is no draft of a report."""

    code = "PP-WORKBENCH-057"
    exit = Exit.USAGE
    todo = "See `ppdesk drafts` for those there are, or make one with `ppdesk draft`."


class NoRoleToEndorseError(CodedError):
    """Your key has no role in this project, so you cannot endorse its reports."""

    code = "PP-WORKBENCH-058"
    exit = Exit.REFUSED
    todo = "Ask somebody who is on record (`ppdesk people list`) to add you. Nothing was recorded."


class AlreadyCertifiedError(CodedError):
    """The draft in event {seq} was certified already, in event {report}."""

    code = "PP-WORKBENCH-059"
    exit = Exit.REFUSED
    todo = "What you say now cannot get into that report: make a new draft. Nothing was recorded."


class DraftBrokenError(CodedError):
    """The draft in event {seq} does not hold: {reason}"""

    code = "PP-WORKBENCH-065"
    exit = Exit.INTEGRITY
    todo = "Do not endorse it. See `ppdesk log --verify`, and make a new draft."


class DecisionWordsError(CodedError):
    """A decision says why in words: at least one, and at most {most} letters."""

    code = "PP-WORKBENCH-070"
    exit = Exit.BAD_INPUT
    todo = "Say what was weighed and why this was chosen."


class NothingToExplainError(CodedError):
    """Step {step} has no run that ended well, so there is no choice to explain."""

    code = "PP-WORKBENCH-071"
    exit = Exit.BAD_INPUT
    todo = "Run the step first."


class ReasonMissingError(CodedError):
    """The run of {step} in event {seq} needs a reason before anything is sealed."""

    code = "PP-WORKBENCH-072"
    exit = Exit.REFUSED
    todo = "Say why: `ppdesk decide {step} --why TEXT`, or on the page of the step."


class StepOffError(CodedError):
    """The policy of this computer has step {step} off."""

    code = "PP-WORKBENCH-073"
    exit = Exit.REFUSED
    todo = "Ask {contact}."
