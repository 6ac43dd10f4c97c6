"""What can go wrong with a person's own network."""

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class UnsuitableModuleError(CodedError):
    """This network cannot be trained with differential privacy: {reason}."""

    code = "PP-TRAIN-160"
    exit = Exit.REFUSED
    todo = "Change the network: LayerNorm instead of BatchNorm, no layer that looks at other records."


class NoTorchError(CodedError):
    """To train a network of your own, torch and opacus must be installed."""

    code = "PP-TRAIN-161"
    exit = Exit.REFUSED
    todo = "Install ppdesk with its extra torch."


class UnknownModuleError(CodedError):
    """The model's network is a module of its maker's own, which the file does not hold."""

    code = "PP-TRAIN-162"
    exit = Exit.BAD_INPUT
    todo = "Give the function that makes the network when reading the model."
