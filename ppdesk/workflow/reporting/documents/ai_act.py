"""Technical documentation after Annex IV of Regulation (EU) 2024/1689 (AI Act), point by point.

Whether a system is of high risk, and whether it conforms, is for the provider to say: the document concludes
neither.
"""

from collections.abc import Iterator

from ppdesk.core.section import Answer, Block, Section, Words
from ppdesk.report.cited import Cited, Source
from ppdesk.report.document import Part
from ppdesk.workflow.reporting import untested
from ppdesk.workflow.reporting.documents import attacks_told, claim_told, data_told, groups_told, model_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.model_card import purpose
from ppdesk.workflow.reporting.documents.shown import missing, pairs, part, table

_MADE = ("train", "tune", "evaluate", "deploy", "refine", "monitor")
_MOST = 40


def compose(brief: Brief) -> tuple[Part, ...]:
    """The documentation's parts: the nine points of the annex, and what was not tested."""
    return (
        part(brief.say("1. General description of the AI system"), *_general(brief)),
        part(brief.say("2. Elements of the system and process of its development"), *_development(brief)),
        part(brief.say("3. Monitoring, functioning and control"), *_control(brief)),
        *_rest(brief),
        part(brief.say("What was not tested"), untested.section(brief.told, brief.say)),
    )


def _general(brief: Brief) -> Iterator[Section]:
    say = brief.say
    yield Section(
        say("1(a) Purpose, provider and version"),
        (_scope(brief), *purpose(brief), *_version(brief), *_answers(brief, "provider")),
    )
    yield Section(
        say("1(b) to 1(f) Surroundings, forms and hardware"),
        (
            *model_told.deployed(brief),
            *_answers(brief, "interaction", "versions", "forms", "hardware"),
        ),
    )
    yield Section(say("1(g) and 1(h) User interface and instructions for use"), _answers(brief, "interface"))


def _development(brief: Brief) -> Iterator[Section]:
    say = brief.say
    yield Section(
        say("2(a) Methods and steps of the development"), (*_steps(brief), *_answers(brief, "third-party"))
    )
    yield Section(
        say("2(b) Design: logic, algorithms and choices"),
        (
            *model_told.model(brief),
            *model_told.shapes(brief),
            *claim_told.claim(brief),
            *_answers(brief, "rationale"),
        ),
    )
    yield Section(
        say("2(c) Architecture and computing resources"),
        (*model_told.features(brief), *_answers(brief, "architecture")),
    )
    yield Section(
        say("2(d) Data requirements: where the data comes from"),
        (*data_told.provenance(brief), *data_told.files(brief)),
    )
    yield Section(
        say("2(d) Data requirements: what is in it and what was done to it"),
        (
            *data_told.columns(brief),
            *data_told.classes(brief),
            *data_told.cleaning(brief),
            *data_told.quality(brief),
            *_answers(brief, "data"),
        ),
    )
    yield Section(say("2(e) Human oversight"), _answers(brief, "oversight"))
    yield Section(say("2(f) Changes determined beforehand"), _answers(brief, "changes-planned"))
    yield Section(say("2(g) Validation and testing: measures"), model_told.performance(brief))
    yield Section(
        say("2(g) Validation and testing: potentially discriminatory impacts"), groups_told.groups(brief)
    )
    yield Section(
        say("2(g) Validation and testing: attacks, audits and signed records"),
        (*attacks_told.attacks(brief), *attacks_told.audits(brief), _signed(brief)),
    )
    yield Section(say("2(h) Cybersecurity"), (_sealed(brief), *_answers(brief, "cybersecurity")))


def _control(brief: Brief) -> Iterator[Section]:
    say = brief.say
    yield Section(
        say("Capabilities and limits"),
        (
            Words(
                say(
                    "Degrees of accuracy, over all and by group, stand in point 2(g) with their intervals. "
                    "They hold for records like the held-out ones of the same table."
                )
            ),
            *_answers(brief, "limits", "control"),
        ),
    )


def _rest(brief: Brief) -> Iterator[Part]:
    say = brief.say
    yield part(
        say("4. Appropriateness of the performance metrics"),
        Section(say("Why these measures"), _answers(brief, "metrics")),
    )
    yield part(
        say("5. Risk management system"), Section(say("Article 9"), _answers(brief, "risk-management"))
    )
    yield part(
        say("6. Changes through the life of the system"),
        Section(say("Runs on record, and further changes"), (*_changes(brief), *_answers(brief, "changes"))),
    )
    yield part(
        say("7. Harmonised standards"), Section(say("Standards applied"), _answers(brief, "standards"))
    )
    yield part(
        say("8. EU declaration of conformity"), Section(say("Article 47"), _answers(brief, "declaration"))
    )
    yield part(
        say("9. Performance in the post-market phase"),
        Section(say("Article 72"), (*model_told.monitored(brief), *_answers(brief, "post-market"))),
    )


def _scope(brief: Brief) -> Words:
    return Words(
        brief.say(
            "After Annex IV of Regulation (EU) 2024/1689, points in the program's own words. This document "
            "neither concludes that the system is of high risk nor that it conforms: the provider does. It "
            "covers the model made here; the system around it is described by persons."
        ),
        "info",
    )


def _version(brief: Brief) -> tuple[Block, ...]:
    say = brief.say
    found = model_told.trained(brief)
    if found is None:
        return (missing(brief, "train"),)
    record, _ = found
    return pairs(
        brief,
        say("Version of the model"),
        [
            (say("Version"), model_told.version(brief, record)),
            (say("SHA-256 of the model"), say.text(record("/outputs/model"))),
            (say("Software"), say.text(record("/code"))),
        ],
    )


def _steps(brief: Brief) -> tuple[Block, ...]:
    """Every finished run before the report, in order: the method as it was."""
    return _runs(brief, say_title=brief.say("Finished runs, in order"), only=())


def _changes(brief: Brief) -> tuple[Block, ...]:
    return _runs(brief, say_title=brief.say("Runs that made, tested or changed the model"), only=_MADE)


def _runs(brief: Brief, *, say_title: str, only: tuple[str, ...]) -> tuple[Block, ...]:
    say = brief.say
    runs = [
        event
        for event in brief.told.events
        if event.good and event.step() is not None and (not only or event.kind in only)
    ]
    rows = [
        (
            Cited(str(event.seq), (Source(event.seq, "/outcome"),)),
            event.title,
            Cited(say.moment(event.time), (Source(event.seq, "/time"),)),
            event.actor,
        )
        for event in runs[-_MOST:]
    ]
    caption = say("Titles of the steps in the words of the record, in English.")
    if len(runs) > _MOST:
        caption = say.joined(
            (
                caption,
                say("Earlier ones stand in the full audit trail: {count} more.", count=len(runs) - _MOST),
            ),
            " ",
        )
    header = (say("Event"), say("Step"), say("When"), say("Who"))
    found = table(say_title, header, rows, (0,), caption)
    return found or (Words(say("No finished run is on record."), "caution"),)


def _signed(brief: Brief) -> Words:
    signatures = sum(1 for event in brief.told.events if event.kind == "signature")
    words = brief.say.count(
        "Test logs: every run is an event of a hash chain; {count} signature stands in it. The full audit "
        "trail holds them all.",
        "Test logs: every run is an event of a hash chain; {count} signatures stand in it. The full audit "
        "trail holds them all.",
        signatures,
    )
    return Words(words)


def _sealed(brief: Brief) -> Words:
    record = brief.record("deploy")
    if record is None:
        return missing(brief, "deploy")
    return Words(
        brief.say(
            "The model is handed over as a sealed bundle: a signature covers every file in it, and a "
            "bundle that was changed is refused. How the system around it is protected, persons answer."
        )
    )


def _answers(brief: Brief, *names: str) -> tuple[Answer, ...]:
    return tuple(brief.answer(f"ai-act.{name}") for name in names)
