"""What IT set for this computer: each value, and where it comes from."""

from PySide6.QtWidgets import QWidget

from ppdesk.core.artifacts import Head
from ppdesk.core.section import Table
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.cards import Banner, Card
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.gui.results import scrolled
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.machine import Policy
from ppdesk.policy.values import Value, values_of

_NAMES = {
    "approvals.steps": "Steps that need a second person",
    "approvals.roles": "Roles that may approve",
    "steps.off": "Steps that are off",
    "steps.reasons": "Steps that need a reason on record",
    "report.endorsements": "Others who must endorse a report",
    "report.roles": "Roles whose endorsement counts",
    "passphrases.least_characters": "Passphrase, least characters",
    "passphrases.least_score": "Passphrase, least strength (0 to 4)",
    "passphrases.keyring": "Keyring may keep passphrases",
    "signers.required": "Work only under a signature",
    "signers.only_trusted": "Only keys that the policy trusts",
    "signers.kinds": "Kinds of key",
    "signers.certificates": "Certificates named",
    "signers.people": "People named",
    "escrow": "Key laid down for IT",
    "escrow.public_key": "Escrow key",
    "escrow.folder": "Escrow folder",
    "escrow.required": "Escrow required",
}
_FROM = {"policy": "Policy", "standard": "Standard", "built in": "Built in"}


class PolicyDialog(Dialog):
    """Every value that a policy can set, what holds, and why. Nothing can be changed here."""

    def __init__(self, parent: QWidget | None, policy: Policy, standard: Head | None) -> None:
        """`standard` is the head of the open project's, None for none."""
        super().__init__(parent, tr("Machine policy"), verb=tr("Close"), wide=720)
        self.cancel.hide()
        if policy.in_force:
            self.add(
                Banner(
                    "fixed",
                    policy.rules.title,
                    tr("It cannot be overruled here. To change it, ask {contact}.", contact=policy.contact),
                )
            )
            self.add(text(tr("Read from {place}", place=policy.place), "caption", wrap=True))
            self.add(text(tr("SHA-256 {sha}", sha=policy.sha256), "mono", wrap=True))
        else:
            self.add(
                Banner(
                    "info",
                    tr("This computer has no policy."),
                    tr("Standards and your choices set all limits."),
                )
            )
        rows = [_row(one) for one in values_of(policy, standard)]
        card = Card(tr("What holds"), tr("the stricter of policy and standard"), flush=True)
        table = TableView(
            Table(tr("What holds"), (tr("Value"), tr("Holds"), tr("From"), tr("Beside it")), rows)
        )
        area = scrolled(table, tr("What holds"))
        area.setFixedHeight(min(380, table.height() + 2))
        card.add(area)
        self.add(card)


def _row(value: Value) -> tuple[str, str, str, str]:
    limit = value.name.removeprefix("limits.")
    title = RULES[Limit(limit)].title if limit in {one.value for one in Limit} else ""
    unit = RULES[Limit(limit)].unit if title else ""
    shown = f"{value.shown} {unit}".strip() if value.holds is not None else value.shown
    return (
        told(title or _NAMES.get(value.name, value.name)),
        shown,
        told(_FROM.get(value.source, value.source)),
        value.compared,
    )
