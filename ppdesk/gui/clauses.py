"""What the chosen standard asks of a step: its clauses, or in words why there is none. Without Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.snapshot import Snapshot
from ppdesk.policy.standard import Clause, preset

_OWN = "own"


@dataclass(frozen=True)
class Served:
    """`button` is what the header says, `title` the standard's name, `lead` a sentence on it. `go` names the
    step to go to where something is to be done first."""

    button: str
    title: str
    lead: str
    clauses: Sequence[Clause] = ()
    go: str = ""


def served(snapshot: Snapshot, key: str) -> Served:
    """What the step `key` serves under the standard that holds in the project."""
    head = snapshot.heads.get(Kind.STANDARD)
    if head is None:
        words = tr("Until a standard is chosen, no rule is named and no limit holds.")
        return Served(tr("No standard yet"), tr("No standard yet"), words, go="standard")
    name = str(head.get("preset") or "")
    if name == _OWN:
        words = tr("The limits are your own, with your own sources. They name no clause of a law.")
        return Served(tr("Own rules"), tr("Own rules"), words)
    try:
        standard = preset(name)
    except CodedError as error:
        return Served(tr("Standard not known"), tr("Standard not known"), told(error.message))
    found = standard.clauses_of(key)
    title = told(standard.title)
    if not found:
        words = tr(
            "This standard has no clause that asks for this step. The step serves the work, not the rule."
        )
        return Served(tr("No clause"), title, words)
    first = told(found[0].title)
    more = tr_count("{clause} and {count} more", "{clause} and {count} more", len(found) - 1, clause=first)
    lead = told(standard.caution)
    return Served(first if len(found) == 1 else more, title, lead, found)
