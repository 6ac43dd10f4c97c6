"""The window's own words about steps: verbs of buttons, states, numbers."""

from typing import TYPE_CHECKING

from ppdesk.core.catalogues import Language
from ppdesk.gui.language import language, told, tr, within
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.navigation import Place, State

if TYPE_CHECKING:
    from datetime import datetime

# step -> (what the button does, icon)
VERBS: dict[str, tuple[str, str]] = {
    "objective": ("Save objective", "check"),
    "standard": ("Save standard", "check"),
    "import": ("Import table", "play"),
    "clean": ("Clean table", "play"),
    "inspect": ("Search", "search"),
    "quality": ("Judge quality", "play"),
    "roles": ("Save roles", "check"),
    "configure": ("Propose settings", "play"),
    "anonymize": ("Anonymize", "play"),
    "opendp": ("Release statistics", "play"),
    "synthesize": ("Draw records", "play"),
    "model": ("Recommend a model", "play"),
    "train": ("Train", "play"),
    "tune": ("Tune", "play"),
    "evaluate": ("Evaluate", "play"),
    "export": ("Sign and export", "stamp"),
    "deploy": ("Sign and deploy", "stamp"),
    "score": ("Score records", "play"),
    "monitor": ("Compare batch", "play"),
    "feedback": ("Record feedback", "check"),
    "statements": ("Record answers", "check"),
    "draft": ("Write draft", "users"),
    "report": ("Sign and save report", "stamp"),
    "handover": ("Sign and write copy", "stamp"),
    "verify": ("Verify report", "shield-check"),
}
# step -> what the button says once it has run
AGAIN: dict[str, str] = {
    "objective": "Save objective again",
    "standard": "Save standard again",
    "import": "Import table again",
    "clean": "Clean table again",
    "inspect": "Search again",
    "quality": "Judge quality again",
    "roles": "Save roles again",
    "configure": "Propose settings again",
    "anonymize": "Anonymize again",
    "opendp": "Release statistics again",
    "synthesize": "Draw records again",
    "model": "Recommend a model again",
    "train": "Train again",
    "tune": "Tune again",
    "evaluate": "Evaluate again",
    "export": "Sign and export again",
    "deploy": "Sign and deploy again",
    "score": "Score records again",
    "monitor": "Compare batch again",
    "feedback": "Record feedback again",
    "statements": "Record answers again",
    "draft": "Write draft again",
    "report": "Sign and save report again",
    "handover": "Sign and write copy again",
    "verify": "Verify report again",
}
SHAPES: dict[State, str] = {
    State.TODO: "todo",
    State.DONE: "done",
    State.STALE: "stale",
    State.BLOCKED: "blocked",
    State.FAILED: "failed",
}


# values of closed lists that are no plain words
_CHOICES = {
    "gdpr": "GDPR",
    "hipaa": "HIPAA",
    "ccpa": "CCPA",
    "own": "Own rules",
    "utf-8": "UTF-8",
    "quarantine": "Put aside",
    "direct-identifier": "Direct identifier",
    "quasi-identifier": "Quasi-identifier",
    "en": "English",
    "de": "German",
    "fr": "French",
    "a4": "A4",
    "letter": "US Letter",
}


def title(key: str) -> str:
    """The step's short name on the rail. The step itself is not loaded for it."""
    return told({"import": "Import", "opendp": "Statistics"}.get(key, key.replace("-", " ").capitalize()))


def verb(key: str, epsilon: float = 0.0, *, again: bool = False) -> tuple[str, str]:
    """(words, icon) of the button that runs a step, or runs it `again`, and says what it spends."""
    words, icon = VERBS.get(key, ("", "play"))
    does = told(words) if words else tr("Run {step}", step=within(title(key)))
    if again:
        does = told(AGAIN[key]) if words else tr("{verb} again", verb=does)
    return (tr("{verb}, spend ε {epsilon:.2f}", verb=does, epsilon=epsilon) if epsilon > 0 else does), icon


def needed(place: Place) -> str:
    """The step that a blocked one waits for."""
    return place.reason.removeprefix("needs ")


def rail_word(place: Place) -> str:
    """The word at the right of a step on the rail."""
    if place.state is State.BLOCKED:
        return told(place.reason)
    if place.state is State.STALE:
        return tr("stale")
    return tr("failed") if place.state is State.FAILED else ""


def spoken(place: Place) -> str:
    """A step's place for a screen reader: "Quality, stale, because anonymize changed"."""
    said = [title(place.key), told(place.state.value)]
    if place.reason and place.state is State.STALE:
        said.append(tr("because {reason}", reason=told(place.reason)))
    elif place.reason and place.state is State.BLOCKED:
        said.append(told(place.reason))
    return ", ".join(said)


def follows(key: str) -> str:
    """The step after `key` in the order of the workflow; empty at the end."""
    keys = [entry.key for entry in CATALOG]
    at = keys.index(key) + 1
    return keys[at] if at < len(keys) else ""


def choice(value: str) -> str:
    """A value of a closed list as words: "direct-identifier" becomes "Direct identifier"."""
    words = value.replace("-", " ").replace("_", " ")
    if value in _CHOICES:
        return told(_CHOICES[value])
    first, _, rest = words.partition(" ")
    if first in ("hipaa", "dp"):
        return told(f"{first.upper()} {rest}")
    return told(words[:1].upper() + words[1:])


def seconds(value: float) -> str:
    """A duration in words."""
    if value < 60:
        return tr("{seconds:.1f} s", seconds=value)
    return tr("{minutes} min {seconds} s", minutes=int(value // 60), seconds=int(value % 60))


def moment(stamp: str) -> str:
    """A stamp (UTC, ISO) as "12 Nov 09:02" in this computer's time; with the year where it is another."""
    from datetime import UTC, datetime

    try:
        then = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return stamp
    year = "" if then.year == datetime.now(UTC).astimezone().year else f" {then.year}"
    return f"{_day(then)}{year} {then:%H:%M}"


def _day(then: "datetime") -> str:
    """Day and month as the window's language writes them."""
    speaks = language()
    if speaks is Language.ENGLISH:
        return f"{then.day} {then:%b}"
    from babel.dates import format_date

    return format_date(then, "d. MMM" if speaks is Language.GERMAN else "d MMM", locale=speaks.value)


def grouped(hash_: str, groups: int = 2) -> str:
    """The start of a hash in groups of four."""
    return " ".join(hash_[at : at + 4] for at in range(0, groups * 4, 4))


def sentence(words: str) -> str:
    """With a full stop at the end, where nothing stands there yet."""
    return words if not words or words[-1] in ".?:" else f"{words}."
