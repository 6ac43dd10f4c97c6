"""A standard with the person's own numbers put in, and what can be said against them."""

from collections.abc import Mapping
from dataclasses import dataclass

from ppdesk.policy.errors import IncompleteStandardError
from ppdesk.policy.limits import RULES, Limit
from ppdesk.policy.standard import FORMAT, SetLimit, Source, Standard

ENOUGH = 40  # letters of a reason


@dataclass(frozen=True)
class Chosen:
    """A limit as chosen. `preset` is None under own rules; `weaker` than the preset needs a reason."""

    limit: Limit
    value: float
    preset: float | None
    basis: str
    sources: tuple[str, ...]
    weaker: bool

    @property
    def changed(self) -> bool:
        return self.preset is not None and self.value != self.preset


def own_standard(values: Mapping[Limit, float], sources: Mapping[str, str]) -> Standard:
    """Own rules as a standard. IncompleteStandardError where a limit has no number or no source."""
    limits = {}
    for limit in Limit:
        said = sources.get(limit.value, "").strip()
        if limit not in values or len(said) < 3 or not RULES[limit].allows(values[limit]):
            raise IncompleteStandardError(limit=limit.value)
        source = Source(title="Own rules", says=said)
        limits[limit.value] = SetLimit(value=float(values[limit]), basis="own", sources=[source])
    return Standard(
        format=FORMAT,
        key="own",
        title="Own rules",
        place="Your organization",
        summary="Every limit was set by the people responsible, who say where it comes from.",
        caution="Nobody but you stands behind these numbers.",
        limits=limits,
    )


def choose(
    standard: Standard, values: Mapping[Limit, float], reason: str, sources: Mapping[str, str]
) -> list[Chosen]:
    """Each limit of `standard`, with `values` in the place of the preset's."""
    found = []
    for limit in Limit:
        entry = standard.limits[limit.value]
        preset = None if standard.key == "own" else entry.value
        value = values.get(limit, entry.value)
        texts = tuple(source.text for source in entry.sources)
        basis: str = entry.basis
        if preset is not None and value != preset:
            show = RULES[limit].show
            why = sources.get(limit.value, "").strip() or reason.strip() or "no reason was given."
            texts = (f"Changed from {show(preset)} to {show(value)}: {why}", *texts)
            basis = "own"
        weaker = preset is not None and RULES[limit].weaker(value, preset)
        found.append(Chosen(limit, value, preset, basis, texts, weaker))
    return found
