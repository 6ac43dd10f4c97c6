"""How strong a passphrase is, asked away from the window's thread: an estimate can take seconds."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ppdesk.gui.jobs import Bench

if TYPE_CHECKING:
    from ppdesk.policy.machine import Policy
    from ppdesk.policy.passphrases import Judged
    from ppdesk.policy.rules import PassphraseRules


class Judging:
    """Judges by the policy of this computer."""

    def __init__(self, bench: Bench, policy: "Callable[[], Policy]") -> None:
        self._bench, self._policy = bench, policy

    @property
    def rules(self) -> "PassphraseRules":
        """What the policy asks of a new passphrase."""
        return self._policy().rules.passphrases

    def __call__(self, passphrase: str, words: Sequence[str], done: "Callable[[Judged], None]") -> None:
        """Judge `passphrase`; `words` are what somebody who guesses would try first."""

        def work() -> "Judged":
            from ppdesk.policy.passphrases import judge

            return judge(passphrase, self.rules, words)

        self._bench.ask(work, done)
