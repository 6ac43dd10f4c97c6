"""The limits that were chosen, each with where it comes from."""

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.tongue import Language, Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.released.outline import places, reworded
from ppdesk.workflow.reporting.told import Record

RELEASE = ("k_min", "suppression_max", "risk_max")  # of a table; the others are of differential privacy


def table(brief: Brief, names: tuple[str, ...] = RELEASE) -> list[Block]:
    """Two tables: the limits, and the sources that each rests on; then the reason for a weaker one."""
    say, chosen = brief.say, brief.record("standard")
    if chosen is None:
        return [Words(say("Standard has no finished run: no limit was chosen."), "caution")]
    rows, sources = [], []
    for _, at in places(chosen, "/facts/limits"):
        name = chosen(f"{at}/name")
        if name.text not in names:
            continue
        title = reworded(limit_title(say, name), name)
        value = chosen(f"{at}/value")
        weaker = say("Weaker than the preset") if chosen(f"{at}/weaker").value else ""
        rows.append((title, limit_value(say, name.text, value), basis(say, chosen(f"{at}/basis")), weaker))
        sources += [(title, say.text(chosen(place))) for _, place in places(chosen, f"{at}/sources")]
    weaker_ones = _any_weaker(chosen)
    blocks: list[Block] = [
        Table(
            say("Limits of the standard {standard}", standard=chosen("/facts/title")),
            (say("Limit"), say("Value"), say("Basis"), say("Remark"))[: 4 if weaker_ones else 3],
            rows if weaker_ones else [row[:3] for row in rows],
            right=(1,),
        ),
        Table(say("Where the limits come from"), (say("Limit"), say("Source")), sources, caption=quoted(say)),
    ]
    if weaker_ones:
        blocks.append(brief.stated(chosen("/params/reason"), say("Why a limit weaker than the preset?")))
    return blocks


def quoted(say: Tongue) -> str:
    """That words are those of the record; nothing in English, where nobody would notice."""
    if say.language is Language.ENGLISH:
        return ""
    return say("Quoted from the record, in English.")


def risk(brief: Brief) -> Quoted | None:
    """The highest risk of a record that the standard allows."""
    chosen = brief.record("standard")
    if chosen is None:
        return None
    return next(
        (
            chosen(f"{at}/value")
            for _, at in places(chosen, "/facts/limits")
            if chosen(f"{at}/name").text == "risk_max"
        ),
        None,
    )


def limit_title(say: Tongue, name: Quoted) -> Cited:
    """What is limited."""
    known = {
        "k_min": say("Smallest class, k"),
        "suppression_max": say("Records suppressed, at most"),
        "risk_max": say("Highest risk of one record (prosecutor)"),
        "epsilon_model_max": say("ε of one model, at most"),
        "epsilon_max": say("ε of the whole project, at most"),
        "delta_max": say("δ, at most"),
    }
    return known.get(name.text) or say.text(name)


def limit_value(say: Tongue, name: str, value: Quoted) -> Cited:
    """A limit with its unit."""
    if name == "k_min":
        return say("{count} records", count=value)
    if name in ("suppression_max", "risk_max"):
        return say.share(value)
    return say.chance(value) if name == "delta_max" else say.number(value)


def basis(say: Tongue, key: Quoted) -> Cited:
    """What a number rests on."""
    match key.text:
        case "law":
            told = say("Law")
        case "guidance":
            told = say("Guidance of an authority")
        case "practice":
            told = say("Published practice; no law")
        case "own":
            told = say("Own choice")
        case _:
            told = say.text(key)
    return Cited(told, key.sources)


def _any_weaker(chosen: Record) -> bool:
    return any(chosen(f"{at}/weaker").value for _, at in places(chosen, "/facts/limits"))
