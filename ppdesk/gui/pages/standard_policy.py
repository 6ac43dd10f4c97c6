"""The Standard page under a policy: each limit says what it is held to, and can be set to that at once."""

from collections.abc import Sequence

from ppdesk.core.findings import Finding
from ppdesk.gui.form import Form
from ppdesk.gui.language import tr
from ppdesk.gui.parts.inputs import NumberField
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.machine import Policy

WEAKER = (
    "PP-STANDARD-009"  # the remark that a limit is weaker than the policy's (workflow.objectives.standard)
)


def bind(form: Form, policy: Policy) -> None:
    """Hold the fields to the policy's limits: what is weaker cannot be reached by the arrows."""
    for limit in Limit:
        entry, row = policy.limit(limit), form.rows.get(limit.value)
        if entry is None or row is None:
            continue
        rule = RULES[limit]
        value = rule.show(entry.value)
        row.bind(
            tr("Policy: at least {value}. Cannot be relaxed.", value=value)
            if rule.least
            else tr("Policy: at most {value}. Cannot be relaxed.", value=value)
        )
        field = row.editor.widget
        if isinstance(field, NumberField):
            low, high = (entry.value, rule.high) if rule.least else (rule.low, entry.value)
            field.limit(low, high)


def offered(findings: Sequence[Finding], policy: Policy) -> dict[str, float]:
    """The policy's limits for the fields that are weaker now."""
    weak = {finding.field for finding in findings if finding.code == WEAKER}
    held = {limit: policy.limit(limit) for limit in Limit if limit.value in weak}
    return {
        limit.value: int(entry.value) if RULES[limit].whole else entry.value
        for limit, entry in held.items()
        if entry is not None
    }
