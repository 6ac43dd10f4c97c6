"""What persons have left blank: words that only they can give, listed above the signature."""

from ppdesk.core.params import fields_of
from ppdesk.report.tongue import Tongue
from ppdesk.workflow import catalog
from ppdesk.workflow.reporting.told import TellingEvent, Told
from ppdesk.workflow.stages import Stage

# empty means no need: a reason is asked for weaker limits only; so it is with consent, see below
_NO_NEED = {("standard", "reason")}


def blanks(told: Told, say: Tongue | None = None) -> tuple[str, ...]:
    """ "Import: retention (event 4)" for each empty field of words of the last good runs. Steps and fields
    bear the names that the program has for them."""
    say = say or Tongue()
    found: list[str] = []
    for entry in catalog.CATALOG:
        if entry.stage is Stage.REPORTING:
            continue
        event = told.last_good(entry.key)
        if event is None:
            found.append(say("{step}: no finished run", step=entry.load().title))
        else:
            found += [
                say("{step}: {field} (event {number})", step=event.title, field=name, number=str(event.seq))
                for name in _empty(event)
            ]
    return tuple(found)


def _empty(event: TellingEvent) -> list[str]:
    step = event.step()
    if step is None:
        return []
    return [
        spec.label.lower()
        for spec in fields_of(step.Params)
        if not spec.more
        and (event.kind, spec.name) not in _NO_NEED
        and not (spec.name == "consent" and event.params.get("legal_basis") != "consent")
        and (event.params.get(spec.name) == "" or (spec.name == "allowed_purposes" and _none(event)))
    ]


def _none(event: TellingEvent) -> bool:
    return not event.params.get("allowed_purposes")
