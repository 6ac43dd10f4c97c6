"""What can go wrong in training, for a person."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class UndeclaredFeatureError(CodedError):
    """Column {column} cannot be used: {reason}."""

    code = "PP-TRAIN-001"
    exit = Exit.REFUSED
    todo = "Declare bounds or categories in the roles step. They are never read off the data."


class UndeclaredTargetError(UndeclaredFeatureError):
    """Column {column} cannot be the target: {reason}."""

    code = "PP-TRAIN-008"
    todo = "Declare the target with exactly two categories, and which one is positive, in the roles step."


class MissingColumnError(CodedError):
    """The table has no column {column}."""

    code = "PP-TRAIN-002"
    exit = Exit.BAD_INPUT
    todo = "Use a table with the columns that the model was declared for."


class BadModelError(CodedError):
    """This is not a model that ppdesk can read: {reason}."""

    code = "PP-TRAIN-003"
    exit = Exit.BAD_INPUT
    todo = "Use a model that this version of ppdesk wrote."


class NotConvergedError(CodedError):
    """The optimizer did not come close enough to the minimum for the privacy claim to hold."""

    code = "PP-TRAIN-004"
    exit = Exit.FAILED
    todo = "Nothing was released. Train with stronger regularization; the reserved budget stays spent."


class RegularizationTooWeakError(CodedError):
    """A regularization of {value:.4g} is too weak for epsilon {epsilon:g}: at least {least:.4g} is needed."""

    code = "PP-TRAIN-005"
    exit = Exit.REFUSED
    todo = "Leave the regularization empty: it then follows the written rule."


class UnboundedRowsError(CodedError):
    """The encoded table does not keep what the privacy proof rests on: {reason}."""

    code = "PP-TRAIN-006"
    exit = Exit.FAILED
    todo = "Nothing was released. Report this with the code: it is a defect of ppdesk."


class UnboundedCleaningError(CodedError):
    """Nothing bounds how many records of the cleaned table one person can change."""

    code = "PP-TRAIN-009"
    exit = Exit.REFUSED
    todo = "Declare values in Clean instead of computing them from other records."


class OneClassError(CodedError):
    """The comparison without privacy needs records of both classes."""

    code = "PP-TRAIN-007"
    exit = Exit.BAD_INPUT
    todo = "Evaluate without the baseline."


class UnansweredError(CodedError, ValueError):
    """Not declared: {what}. It is never read off the data."""

    code = "PP-TRAIN-080"
    exit = Exit.REFUSED
    todo = "{how}"


class TwinError(CodedError):
    """Estimator {name} has no twin without privacy."""

    code = "PP-TRAIN-081"
    exit = Exit.REFUSED
    todo = "Choose another estimator for the comparison."


class UnsuitableGuaranteeError(CodedError):
    """{estimator} cannot keep this guarantee: {reason}."""

    code = "PP-TRAIN-012"
    exit = Exit.REFUSED
    todo = "Ask for the guarantee that this estimator can keep, or choose another estimator."


class BadSettingError(CodedError):
    """The setting {setting} cannot be taken: {reason}."""

    code = "PP-TRAIN-013"
    exit = Exit.USAGE
    todo = "Write settings as NAME=VALUE, such as learning_rate=0.2."


class UnprovedTrialError(CodedError):
    """A trial did more than it was planned to pay for, so the tuning is not covered."""

    code = "PP-TRAIN-014"
    exit = Exit.INTEGRITY
    todo = "Nothing is given out, and the whole cost counts as spent. Report this to ppdesk's maintainers."
