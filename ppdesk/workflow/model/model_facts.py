"""What Model leaves in the record."""

from ppdesk.workflow.step import Facts


class CardFact(Facts):
    """One estimator beside what is asked; `why_not` is empty where it is suitable."""

    key: str
    title: str
    good_at: str
    glass_box: bool
    pure: bool  # its delta is 0
    why_not: str = ""


class ModelFacts(Facts):
    """`recommended` is the key of a card, empty where none is suitable. `settings` are Train's."""

    target: str
    task: str
    use_case: str
    rows: int | None
    cards: tuple[CardFact, ...]
    recommended: str
    title: str
    epsilon: float
    delta: float
    settings: dict[str, str | float]
    reasons: tuple[tuple[str, str], ...]  # (what is proposed, why)
    watch: str  # what to look at later in such a use
