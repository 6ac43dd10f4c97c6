"""Model card, after Mitchell and others, Model Cards for Model Reporting, 2019: its nine sections in
order."""

from ppdesk.core.section import Answer, Block, Section, Words
from ppdesk.report.cited import Cited
from ppdesk.report.document import Part
from ppdesk.workflow.reporting import untested
from ppdesk.workflow.reporting.documents import attacks_told, claim_told, data_told, groups_told, model_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import use_case
from ppdesk.workflow.reporting.documents.shown import asked, missing, part, recorded


def compose(brief: Brief) -> tuple[Part, ...]:
    """The card's parts."""
    say = brief.say
    return (
        part(
            say("Model details"),
            Section(say("What it is"), (*model_told.model(brief), *model_told.deployed(brief))),
            Section(say("Who stands behind it"), _answers(brief, "developer", "resources", "licence")),
        ),
        part(
            say("Intended use"),
            Section(
                say("Uses that are meant, and uses that are not"),
                (*purpose(brief), *_answers(brief, "users", "out-of-scope")),
            ),
        ),
        part(
            say("Factors"),
            Section(say("Groups and surroundings"), (_compared(brief), *_answers(brief, "factors"))),
        ),
        part(
            say("Metrics"),
            Section(say("How it is measured"), (*_metrics(brief), *_answers(brief, "metrics"))),
        ),
        part(
            say("Evaluation data"),
            Section(say("Records of the tests"), (_held_out(brief), *_answers(brief, "evaluation-data"))),
        ),
        part(
            say("Training data"),
            Section(say("Where it comes from"), data_told.provenance(brief)),
            Section(
                say("What is in it"),
                (*data_told.files(brief), *data_told.classes(brief), *data_told.cleaning(brief)),
            ),
            Section(say("What the model reads"), (*model_told.features(brief), *model_told.shapes(brief))),
        ),
        part(
            say("Quantitative analyses"),
            Section(say("All records together"), model_told.performance(brief)),
            Section(say("Group by group"), groups_told.groups(brief)),
        ),
        part(
            say("Ethical considerations"),
            Section(
                say("Privacy of the people in the training data"),
                (*claim_told.claim(brief), *attacks_told.attacks(brief), *attacks_told.audits(brief)),
            ),
            Section(
                say("Human life, harms and what was done"),
                _answers(brief, "human-life", "harms", "mitigations", "fraught"),
            ),
        ),
        part(
            say("Caveats and recommendations"),
            Section(say("What persons add"), _answers(brief, "caveats")),
            untested.section(brief.told, brief.say),
        ),
    )


def purpose(brief: Brief) -> tuple[Block, ...]:
    """What the objective states."""
    say = brief.say
    record = brief.record("objective")
    if record is None:
        return (missing(brief, "objective"),)
    return (
        asked(brief, record, "/params/purpose", say("What is it for?")),
        recorded(brief, say("What kind of use is that?"), use_case(say, record("/params/use_case"))),
        asked(brief, record, "/params/people", say("Who answers for it?")),
    )


def _answers(brief: Brief, *names: str) -> tuple[Answer, ...]:
    return tuple(brief.answer(f"model-card.{name}") for name in names)


def _compared(brief: Brief) -> Block:
    say = brief.say
    record = brief.record("evaluate")
    if record is None:
        return missing(brief, "evaluate")
    columns = [
        say.text(record(f"/facts/{where}/{place}/column"))
        for where in ("fairness", "group_quality")
        for place in range(record.count(f"/facts/{where}"))
    ]
    told = say.joined(list({str(one): one for one in reversed(columns)}.values())[::-1])
    if record.count("/facts/not_measured"):
        left = [
            say.text(record(f"/facts/not_measured/{place}"))
            for place in range(record.count("/facts/not_measured"))
        ]
        few = say("Too few records for: {names}.", names=say.joined(left))
        told = say.joined([told, few] if told else [few], ". ")
    if not told:
        return Words(say("No column was named by which groups would be compared."), "caution")
    return recorded(brief, say("By which columns were groups compared?"), told)


def _metrics(brief: Brief) -> tuple[Block, ...]:
    say = brief.say
    found = model_told.trained(brief)
    blocks: list[Block] = []
    if found is not None:
        record, at = found
        threshold, way = record(f"{at}/threshold"), record(f"{at}/threshold_from")
        ways = {
            "chosen": say("chosen with differential privacy"),
            "declared": say("declared by a person"),
            "half": say("a half, since none was chosen"),
        }
        if threshold.number is not None:
            how = Cited(ways.get(way.text, say("how, the record does not say")), way.sources)
            told = say("{value}, {how}", value=say.number(threshold, 2), how=how)
            blocks.append(recorded(brief, say("Which threshold decides, and how was it set?"), told))
    blocks.append(
        Words(
            say(
                "Intervals hold with 95 % and tell what other held-out records of the same table could "
                "have given. They do not tell what another training, with other noise, would have given."
            )
        )
    )
    return tuple(blocks)


def _held_out(brief: Brief) -> Block:
    say = brief.say
    found = model_told.trained(brief)
    if found is None:
        return missing(brief, "train")
    record, at = found
    told = say(
        "{held} records of the imported table, chosen at random and held out before training; {trained} "
        "were trained on. No other data was used.",
        held=record(f"{at}/held_out"),
        trained=record(f"{at}/trained"),
    )
    return recorded(brief, say("Which records was it tested on?"), told)
