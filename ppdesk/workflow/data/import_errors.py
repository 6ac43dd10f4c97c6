"""Why an import is refused once its files are open."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class ConsentExpiredError(CodedError):
    """The data rests on consent, which held until {until}; today is {today}."""

    code = "PP-IMPORT-101"
    exit = Exit.REFUSED
    todo = "Ask for new consent, or name the ground that the data rests on now. Nothing was taken in."
