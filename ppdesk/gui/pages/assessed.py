"""The pages of Evaluate, Attack and Audit: their results are wide, so the form makes room for them."""

from collections.abc import Sequence
from typing import ClassVar

from ppdesk.core.section import Block, Plot
from ppdesk.gui.pages.pane import Pane


class AssessStep(Pane):
    """The form stands beside the result until there is one; then a button brings it back."""

    folds: ClassVar[bool] = True


class AttackStep(AssessStep):
    """What attacks got and what the claim allows come before the long table of attacks."""

    def arranged(self, blocks: Sequence[Block]) -> Sequence[Block]:
        bound = [one for one in blocks if isinstance(one, Plot) and one.name == "attack_roc"]
        got = [at for at, one in enumerate(blocks) if isinstance(one, Plot) and one.name == "risk_bars"]
        if not bound or not got:
            return blocks
        rest = [one for one in blocks if one is not bound[0]]
        place = rest.index(blocks[got[0]]) + 1
        return [*rest[:place], bound[0], *rest[place:]]
