"""Whether what is to be handed out was audited and attacked, and what that found. Light: heads only."""

from collections.abc import Callable, Mapping
from typing import Any

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation import subject
from ppdesk.workflow.step import Heads

Found = Mapping[str, Any]
_TODO = said(
    "Do not hand it out. Look at the chapter Audit; if it may be chance, audit again, at least as hard "
    "and at no higher confidence: two audits that find nothing take it back."
)


def of_model(heads: Heads) -> list[Finding]:
    """For Deploy: a false claim refuses; one that nobody audited, or a risk over the limit, is remarked."""
    made = f"mechanism-{declared.text(heads.get(Kind.MODEL, {}), 'estimator')}-"

    def mine(one: Found) -> bool:
        return one.get("against") == "model" or str(one.get("key")).startswith(made)

    found = _broken(heads, Kind.MODEL, mine, ("PP-DEPLOY-009", "PP-DEPLOY-012"))
    if any(one.level is Level.BLOCKING for one in found):
        return found
    claimed = declared.number(heads.get(Kind.MODEL, {}).get("epsilon")) is not None
    if claimed and not _measured(heads):
        found.append(
            Finding(
                Level.CAUTION,
                said("The privacy claim was not audited."),
                said("Nobody has measured yet whether the model loses more than ε. Run Audit."),
                code="PP-DEPLOY-010",
            )
        )
    found += _taken_back(heads, Kind.MODEL, mine, "PP-DEPLOY-013")
    return [*found, *_over(heads, Kind.MODEL, mine, "PP-DEPLOY-011")]


def of_release(heads: Heads) -> list[Finding]:
    """For Export: the same of the table."""

    def mine(one: Found) -> bool:
        return one.get("against") == "release" or str(one.get("key")).startswith("mechanism-safepub")

    found = _broken(heads, Kind.RELEASE, mine, ("PP-EXPORT-020", "PP-EXPORT-023"))
    if any(one.level is Level.BLOCKING for one in found):
        return found
    attack = heads.get(Kind.ATTACK)
    if attack is None or not subject.is_of(attack, Kind.RELEASE, heads):
        found.append(
            Finding(
                Level.CAUTION,
                said("The table was not attacked."),
                said("Nobody has tried yet what an attacker gets from it. Run Attack."),
                code="PP-EXPORT-021",
            )
        )
    found += _taken_back(heads, Kind.RELEASE, mine, "PP-EXPORT-024")
    return [*found, *_over(heads, Kind.RELEASE, mine, "PP-EXPORT-022")]


def _broken(heads: Heads, kind: Kind, mine: Callable[[Found], bool], codes: tuple[str, str]) -> list[Finding]:
    """Blocking where an audit or an attack of this very thing measured more than is claimed; a remark where
    it was a mechanism that made something else. `codes`: of the two."""
    listed = [
        (one, mine(one) and subject.is_of(heads[made], kind, heads))
        for made in (Kind.AUDIT, Kind.ATTACK)
        for one in _listed(heads.get(made), "broken")
        if one.get("against") == "mechanism" or mine(one)
    ]
    found = []
    for level, code, own, title, todo in (
        (Level.BLOCKING, codes[0], True, said("More privacy is lost than is claimed."), _TODO),
        (
            Level.CAUTION,
            codes[1],
            False,
            said("Another claim of this project is false."),
            said("See the chapter Audit."),
        ),
    ):
        named = [_named(one) for one, is_own in listed if is_own is own]
        if named:
            detail = said("{named}. {todo}", named=said_all(named, "; "), todo=todo)
            found.append(Finding(level, title, detail, code=code))
    return found


def _named(one: Found) -> str:
    """What was found, with its own confidence: of attacks 95 %."""
    sure = declared.number(one.get("confidence")) or 0.95
    return said(
        "{title}: {words} ({sure:.4g} % sure)",
        title=str(one.get("title")),
        words=str(one.get("words")),
        sure=100 * sure,
    )


def _taken_back(heads: Heads, kind: Kind, mine: Callable[[Found], bool], code: str) -> list[Finding]:
    """What an earlier audit or attack of this very thing called false, and later ones did not."""
    named = [
        _named(one)
        for made in (Kind.AUDIT, Kind.ATTACK)
        for one in _listed(heads.get(made), "taken_back")
        if mine(one) and subject.is_of(heads[made], kind, heads)
    ]
    if not named:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("An earlier audit or attack called the claim false, later ones did not."),
            said("{named}. See the chapters Attack and Audit.", named=said_all(named, "; ")),
            code=code,
        )
    ]


def _over(heads: Heads, kind: Kind, mine: Callable[[Found], bool], code: str) -> list[Finding]:
    attack = heads.get(Kind.ATTACK)
    if attack is None or not subject.is_of(attack, kind, heads):
        return []
    return [
        Finding(
            Level.CAUTION,
            said("An attack got more than the limit: {title}.", title=str(one.get("title"))),
            said("{words}.", words=str(one.get("words"))),
            code=code,
        )
        for one in _listed(attack, "over")
        if mine(one)
    ]


def _measured(heads: Heads) -> bool:
    """Whether an audit of this very model measured its privacy loss."""
    audit = heads.get(Kind.AUDIT)
    return audit is not None and audit.get("measured") is not None and subject.is_of(audit, Kind.MODEL, heads)


def _listed(head: Head | None, name: str) -> list[Found]:
    listed = (head or {}).get(name)
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list | tuple) else []
