"""What attackers got from the release: each attack with its interval, its power, and what follows."""

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.document import Edition
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import verdict
from ppdesk.workflow.reporting.documents.released import attack_words as words
from ppdesk.workflow.reporting.documents.released import table
from ppdesk.workflow.reporting.documents.released.limits import quoted
from ppdesk.workflow.reporting.documents.released.outline import places, reworded
from ppdesk.workflow.reporting.documents.shown import stale
from ppdesk.workflow.reporting.told import Record

TABLES = ("release", "synthetic", "table")


def results(brief: Brief) -> list[Block]:
    """How many attacks were run and what they got. The recipient's edition tells how many, not how."""
    say, attack = brief.say, brief.record("attack")
    if attack is None:
        return [
            Words(
                say(
                    "Attack has no finished run: nobody tried to find people in the release. The risks above "
                    "are computed from class sizes alone."
                ),
                "caution",
            )
        ]
    shown = [at for _, at in places(attack, "/facts/attempts") if attack(f"{at}/against").text in TABLES]
    tried = [at for at in shown if attack(f"{at}/verdict").text != "not run"]
    quasi = table.names(brief, "quasi-identifier")
    rows = [_row(say, attack, at, quasi) for at in tried]
    blocks: list[Block] = [*stale(brief, "attack")]
    blocks.append(Words(_counted(brief, attack, tried), "risk" if _over(attack, tried) else "plain"))
    if rows:
        told = Table(
            say("Attacks on the released tables"),
            (
                say("Attack"),
                say("Attacker has"),
                say("Got"),
                say("Compare with"),
                say("Would find"),
                say("Verdict"),
            ),
            rows,
            caption=say(
                "Intervals are of 95 % where the record has them. Would find: the smallest true value that "
                "this effort finds in four of five runs. Nothing found means no more than that."
            ),
        )
        blocks += brief.held(
            say("Attacks with their success and settings"), (told, *_notes(say, attack, tried))
        )
    return [*blocks, *_not_run(say, attack, shown)]


def _counted(brief: Brief, attack: Record, tried: list[str]) -> Cited:
    """How many attacks were run, and how many got too much; which of them, insiders read."""
    say, inside = brief.say, brief.edition is Edition.INTERNAL
    verdicts = [attack(f"{at}/verdict") for at in tried]

    def counted(found: list[str]) -> Quoted:
        return brief.counted(len(found), attack("/facts/attempts"), verdicts)

    over, unsure = _over(attack, tried), [at for at in tried if doubtful(attack, at)]
    said = [
        say.count(
            "One attack on the released tables was run.",
            "{count} attacks on the released tables were run.",
            counted(tried),
        )
    ]
    if over and not inside:
        said.append(
            say.count(
                "One got more than the limit set for it.",
                "{count} got more than the limits set for them.",
                counted(over),
            )
        )
    elif over:
        said.append(
            say.count(
                "One got more than the limit set for it: {which}.",
                "{count} got more than the limit set for them: {which}.",
                counted(over),
                which=say.joined([words.title(say, attack, at) for at in over], "; "),
            )
        )
    if unsure and not inside:
        said.append(
            say.count(
                "One was over its limit, but no surer than chance.",
                "{count} were over their limits, but no surer than chance.",
                counted(unsure),
            )
        )
    elif unsure:
        said.append(
            say.count(
                "One was over its limit, but no surer than chance: {which}.",
                "{count} were over their limits, but no surer than chance: {which}.",
                counted(unsure),
                which=say.joined([words.title(say, attack, at) for at in unsure], "; "),
            )
        )
    if tried and not over and not unsure:
        said.append(say("None got more than the limit set for it."))
    return say.joined(said, " ")


def _over(attack: Record, tried: list[str]) -> list[str]:
    return [at for at in tried if attack(f"{at}/verdict").text in ("over", "broken")]


def doubtful(attack: Record, at: str) -> bool:
    """Whether what was found is over the limit, but so wide an interval that it is no surer than chance."""
    found, allowed = attack(f"{at}/found/value").number, attack(f"{at}/allowed").number
    inside = attack(f"{at}/verdict").text in ("in line", "nothing")
    return inside and found is not None and allowed is not None and found > allowed * (1 + 1e-9)


def _row(say: Tongue, attack: Record, at: str, quasi: list[str]) -> tuple[str, ...]:
    return (
        words.title(say, attack, at),
        words.knows(say, attack(f"{at}/attacker"), quasi),
        say(
            "{measure}: {value}",
            measure=words.measure(say, attack(f"{at}/measure")),
            value=_share(say, attack, f"{at}/found"),
        ),
        _beside(say, attack, at),
        words.power(say, attack(f"{at}/power"), attack(f"{at}/power_words")),
        outcome(say, attack, at),
    )


def outcome(say: Tongue, attack: Record, at: str) -> Cited:
    """The verdict on one attempt, which never calls an estimate over its limit within it."""
    key = attack(f"{at}/verdict")
    if doubtful(attack, at):
        return reworded(say("over the limit, but no surer than chance"), key)
    if key.text == "in line" and attack(f"{at}/allowed").number is None:
        return reworded(say("no limit set"), key)
    return verdict(say, key)


def _share(say: Tongue, attack: Record, at: str) -> Cited:
    value, low, high = (attack(f"{at}/{name}") for name in ("value", "low", "high"))
    if value.number is None:
        return say("nothing measured")
    if low.number == value.number == high.number:
        return say.share(value)
    return say("{value} ({low} to {high})", value=say.share(value), low=say.share(low), high=say.share(high))


def _beside(say: Tongue, attack: Record, at: str) -> Cited:
    said = []
    if attack(f"{at}/beside/value").number is not None:
        told = words.beside(say, attack(f"{at}/beside_words"))
        said.append(say.joined((_share(say, attack, f"{at}/beside"), told), " "))
    allowed = attack(f"{at}/allowed")
    if allowed.number is not None:
        said.append(say("limit {limit}", limit=say.share(allowed)))
    return say.joined(said, "; ")


def _notes(say: Tongue, attack: Record, tried: list[str]) -> list[Block]:
    rows = [
        (words.title(say, attack, at), say.text(attack(f"{at}/note")))
        for at in tried
        if attack(f"{at}/note").text
    ]
    if not rows:
        return []
    return [Table(say("Remarks on the attacks"), (say("Attack"), say("Remark")), rows, caption=quoted(say))]


def _not_run(say: Tongue, attack: Record, shown: list[str]) -> list[Block]:
    rows = [
        (say.text(attack(f"{at}/title")), say.text(attack(f"{at}/why")))
        for _, at in places(attack, "/facts/not_run")
    ]
    rows += [
        (words.title(say, attack, at), say.text(attack(f"{at}/note")))
        for at in shown
        if attack(f"{at}/verdict").text == "not run"
    ]
    if not rows:
        return []
    return [
        Table(say("Attacks asked for and not run"), (say("Attack"), say("Why")), rows, caption=quoted(say))
    ]
