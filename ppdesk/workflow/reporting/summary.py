"""The summary: what was released and trained, each limit beside what was found, and what is still open."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import chance, sentences
from ppdesk.report.figures.scales import share
from ppdesk.workflow.reporting.allowed import last_day, open_terms
from ppdesk.workflow.reporting.told import Told

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts
    from ppdesk.workflow.evaluation.audit_facts import AuditFacts
    from ppdesk.workflow.evaluation.facts import EvaluateFacts
    from ppdesk.workflow.model.train_facts import TrainFacts
    from ppdesk.workflow.model.tune_params import TuneFacts
    from ppdesk.workflow.objectives.standard import StandardFacts

_OPEN_LEVELS = ("caution", "blocking")
Row = tuple[str, str, str, str]


def section(told: Told) -> Section:
    """The first thing a reader sees. Every line is backed by a chapter further on."""
    blocks: list[Block] = [Words(sentence) for sentence in _sentences(told)]
    if not blocks:
        blocks.append(Words("Nothing has been released and no model has been trained.", "info"))
    blocks += [Words(sentences(one.title, one.detail), "caution") for one in open_terms(told, last_day(told))]
    figures = list(_figures(told))
    if figures:
        blocks.append(Figures(figures))
    rows = list(_limits(told))
    if rows:
        blocks.append(
            Table(
                "Limits of the standard and what was found",
                ("Question", "Limit", "Found", "Verdict"),
                rows,
                caption="The sources of the limits stand in chapter Standard. Met is not a promise of "
                "safety: "
                "see what was not tested.",
            )
        )
    blocks += _open(told)
    return Section("What was done and what was found", tuple(blocks))


def _sentences(told: Told) -> Iterator[str]:
    release: AnonymizeFacts | None = told.last_facts("anonymize")
    if release is not None and release.private is not None:
        yield (
            f"The released table has {release.records:,} records, sampled and generalized by SafePub with "
            f"differential privacy, ε {release.private.epsilon:.2f} and δ {chance(release.private.delta)} "
            "(add-or-remove-one, one record)."
        )
    elif release is not None:
        yield (
            f"The anonymized table keeps {release.records - release.suppressed:,} of {release.records:,} "
            f"records. "
            f"By its quasi-identifiers, everyone in it looks like at least {release.after.smallest - 1} "
            f"others."
        )
    tuned: TuneFacts | None = told.last_facts("tune")
    if tuned is not None and tuned.train is not None:  # trials on private records
        best = tuned.train
        yield (
            f"A model that predicts {best.target}, the best of private trials, was trained on "
            f"{best.trained:,} records with differential privacy, ε {tuned.epsilon:.2f} and "
            f"δ {chance(tuned.delta)} for all trials ({best.neighbours}, {best.unit.words})."
        )
    model: TrainFacts | None = told.last_facts("train")
    if model is not None:
        yield (
            f"A model that predicts {model.target} was trained on {model.trained:,} records with "
            f"differential "
            f"privacy, ε {model.epsilon:.2f} and δ {chance(model.delta)} ({model.neighbours}, "
            f"{model.unit.words})."
        )


def _figures(told: Told) -> Iterator[KeyFigure]:
    release: AnonymizeFacts | None = told.last_facts("anonymize")
    if release is not None and release.private is None:
        risk = f"{share(release.before.prosecutor)} before"
        yield KeyFigure("Highest risk of one record", share(release.after.prosecutor), risk)
        yield KeyFigure(
            "Records suppressed",
            share(_suppressed(release)),
            f"{release.suppressed:,} of {release.records:,}",
        )
    spent, limit = told.budget.get("spent_epsilon"), told.budget.get("limit_epsilon")
    if isinstance(spent, int | float) and spent:
        words = f"limit ε {limit:.2f}" if isinstance(limit, int | float) else "no limit set"
        yield KeyFigure("Privacy spent", f"ε {spent:.2f}", words)
    quality: EvaluateFacts | None = told.last_facts("evaluate")
    if quality is not None and quality.many is not None:
        for one in quality.many.measures[:1]:
            if one.estimate is not None:
                yield KeyFigure(one.label, one.estimate.words(), one.estimate.interval())
    elif quality is not None and quality.ours is not None:
        found = quality.ours.auroc
        beside = "" if quality.baseline is None else f"; without privacy {quality.baseline.auroc.value:.3f}"
        yield KeyFigure("AUROC", f"{found.value:.3f}", f"{found.low:.3f} to {found.high:.3f}{beside}")
    yield from _audit(told)


def _audit(told: Told) -> Iterator[KeyFigure]:
    """The privacy loss that was measured, beside the claim."""
    audit: AuditFacts | None = told.last_facts("audit")
    if audit is None:
        return
    from ppdesk.workflow.evaluation.audit_section import measured, sure

    found = measured(audit)
    if found is not None:
        claimed = "nothing claimed" if audit.epsilon is None else f"claimed at most {audit.epsilon:.2f}"
        yield KeyFigure("Measured privacy loss", f"ε {found:.2f}", f"at least, {sure(audit)}; {claimed}")


def _limits(told: Told) -> Iterator[Row]:
    standard: StandardFacts | None = told.last_facts("standard")
    if standard is None:
        return
    measured = _measured(told)
    for limit in standard.limits:
        if limit.name not in measured:
            yield limit.title, limit.shown, "not measured", "open"
            continue
        value, words = measured[limit.name]
        least = limit.name == "k_min"
        bound = "at least" if least else "at most"
        met = value >= limit.value if least else value <= limit.value * (1 + 1e-12)
        title = limit.title.removesuffix(f", {bound}")
        yield title, f"{bound} {limit.shown}", words, "met" if met else "open"


def _measured(told: Told) -> dict[str, tuple[float, str]]:
    """What was found for each limit, by the limit's name."""
    found: dict[str, tuple[float, str]] = {}
    release: AnonymizeFacts | None = told.last_facts("anonymize")
    if release is not None and release.private is not None:
        # what SafePub promises of the release; how many records it left out is nobody's to know
        found["k_min"] = (release.k, f"{release.k:,}, no class of the release is smaller")
        found["risk_max"] = (1 / release.k, f"{share(1 / release.k)} at most")
    elif release is not None:
        left_out = _suppressed(release)
        found["k_min"] = (release.after.smallest, f"{release.after.smallest:,}, the smallest class")
        found["suppression_max"] = (left_out, f"{share(left_out)}, {release.suppressed:,} records")
        found["risk_max"] = (release.after.prosecutor, share(release.after.prosecutor))
    epsilons = [
        event.epsilon
        for event in told.events
        if event.outcome == "reserved" and event.kind in {"train", "tune"} and event.epsilon
    ]
    if epsilons:
        most = max(epsilons)
        found["epsilon_model_max"] = (most, f"ε {most:.2f}")
    for name, key in (("epsilon_max", "epsilon"), ("delta_max", "delta")):
        value = told.budget.get(
            f"total_{key}", told.budget.get(f"spent_{key}")
        )  # with what was spent elsewhere
        if isinstance(value, int | float):
            found[name] = (float(value), f"ε {value:.2f}" if name == "epsilon_max" else chance(value))
    return found


def _suppressed(release: "AnonymizeFacts") -> float:
    """The share of records that were suppressed."""
    return release.suppressed / release.records if release.records else 0.0


def _open(told: Told) -> Iterator[Block]:
    """What the last good runs remarked and nobody has cleared up by running them again."""
    last = {event.kind: event for event in told.events if event.good}
    rows = [
        (str(event.seq), event.title, sentences(one["title"], one["detail"]))
        for event in sorted(last.values(), key=lambda event: event.seq)
        for one in event.findings
        if one["level"] in _OPEN_LEVELS
    ]
    if rows:
        yield Table("Open findings", ("Event", "Step", "Finding"), rows, right=(0,))
    else:
        yield Words("The steps of this project left no finding open.", "ok")
