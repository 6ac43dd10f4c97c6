"""How strong a passphrase is, and whether the policy lets it be used.

Strength is zxcvbn's score (Wheeler, USENIX Security 2016): 0 too guessable, 1 very, 2 somewhat guessable,
3 safely unguessable, 4 very unguessable. It is an estimate: it knows common words, names, dates and
patterns, and what was given as context; it does not know what a person uses elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.policy.errors import WeakPassphraseError
from ppdesk.policy.machine import Policy
from ppdesk.policy.rules import PassphraseRules

# characters. What follows can only make it stronger, and zxcvbn's time grows fast: a passphrase of signs that
# stand for letters (@ 3 $) takes 10 s at 100, and under 3 s at 40
MOST_LOOKED_AT = 40
WEAK = 2  # a score below it deserves a warning, also without a policy
SCORES = ("guessed at once", "very easy to guess", "easy to guess", "hard to guess", "very hard to guess")
_MOST_WORDS, _LONGEST_WORD = 20, 100
_MORE = "Take several unrelated words."


@dataclass(frozen=True)
class Judged:
    """What is to be said of a passphrase. `reason` is empty where it is allowed."""

    score: int  # 0..4
    characters: int
    allowed: bool
    reason: str
    advice: str  # how to make it stronger; empty for a strong one

    @property
    def weak(self) -> bool:
        """Whether it deserves a warning even where it is allowed."""
        return self.score < WEAK

    @property
    def words(self) -> str:
        """The score, for a person."""
        return SCORES[self.score]


def judge(passphrase: str, rules: PassphraseRules, words: Sequence[str] = ()) -> Judged:
    """`passphrase` against `rules`. `words` are what somebody who guesses would try first: the names of the
    project and of the account. Of a longer passphrase the first MOST_LOOKED_AT characters are scored."""
    score, advice = _scored(passphrase[:MOST_LOOKED_AT], words) if passphrase else (0, _MORE)
    wrong = []
    if not passphrase:
        wrong.append("it is empty")
    elif len(passphrase) < rules.least_characters:
        wrong.append(f"it has fewer than {rules.least_characters} characters")
    if passphrase and score < rules.least_score:
        wrong.append(
            f"it is {SCORES[score]} ({score} of 4), and must be {SCORES[rules.least_score]} "
            f"({rules.least_score} of 4)"
        )
    return Judged(score, len(passphrase), not wrong, " and ".join(wrong), advice or (_MORE if wrong else ""))


def require(policy: Policy, passphrase: str, words: Sequence[str] = ()) -> Judged:
    """The judgement on a new passphrase. WeakPassphraseError where the policy does not allow it."""
    found = judge(passphrase, policy.rules.passphrases, words)
    if not found.allowed:
        raise WeakPassphraseError(reason=found.reason, advice=found.advice, policy=policy.rules.title)
    return found


def _scored(text: str, words: Sequence[str]) -> tuple[int, str]:
    """(score, advice). Neither repeats any of the passphrase."""
    from zxcvbn import zxcvbn  # with its lists of words; only where a passphrase is chosen

    known = [word[:_LONGEST_WORD] for word in words if word][:_MOST_WORDS]
    # it keeps the words of its last call in a table of its own: never the passphrase
    found = zxcvbn(text, user_inputs=known, max_length=MOST_LOOKED_AT)
    said = [found["feedback"]["warning"], *found["feedback"]["suggestions"]]
    return int(found["score"]), " ".join(str(one) for one in said if one)
