"""What Configure found out."""

from ppdesk.workflow.step import Facts


class OptionFact(Facts):
    """One configuration and its optimum; the figures are None where it has no solution, and `refusal` says
    why. Risks in 0..1; `front`: no other option has both less loss and less average risk."""

    name: str
    k: int
    limit: float
    sensitive: tuple[str, ...]
    required: bool
    score: float | None = None
    suppressed: int | None = None
    classes: int | None = None
    highest: float | None = None
    average: float | None = None
    optimal: bool = False
    front: bool = False
    refusal: str = ""


class ConfigureFacts(Facts):
    """`recommended` is the place of an option, None where none of the required ones has a solution."""

    records: int
    options: tuple[OptionFact, ...]
    recommended: int | None
    reasons: tuple[tuple[str, str], ...]  # (what is asked, why)


def fronted(options: list[OptionFact]) -> list[OptionFact]:
    """The same with `front` set."""
    return [one.model_copy(update={"front": _on_front(one, options)}) for one in options]


def _on_front(one: OptionFact, options: list[OptionFact]) -> bool:
    if one.score is None or one.average is None:
        return False
    return not any(
        other.score <= one.score
        and other.average <= one.average
        and (other.score < one.score or other.average < one.average)
        for other in options
        if other.score is not None and other.average is not None
    )


def best(options: list[OptionFact]) -> int | None:
    """The required option with the least loss; of equal ones the one that suppresses less, then the first."""
    fit = [
        (one.score, one.suppressed or 0, place)
        for place, one in enumerate(options)
        if one.required and one.score is not None
    ]
    return min(fit)[2] if fit else None
