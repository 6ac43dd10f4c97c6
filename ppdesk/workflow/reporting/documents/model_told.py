"""The model as the record tells it: what it is, how well it does, and what became of it in use."""

from collections.abc import Mapping, Sequence

from ppdesk.core.canonical import Json
from ppdesk.core.section import Block, Plot, Words
from ppdesk.report.cited import Cited, Source
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.enumerated import relation, task
from ppdesk.workflow.reporting.documents.shown import (
    estimate,
    missing,
    named,
    pairs,
    quoted,
    stale,
    table,
)
from ppdesk.workflow.reporting.told import Record

_MOST_SHAPES = 4


def trained(brief: Brief) -> tuple[Record, str] | None:
    """The event that made the model, and where in it the facts of its training stand."""
    runs = [
        event
        for event in brief.told.events
        if event.good and (event.kind == "train" or (event.kind == "tune" and event.facts.get("train")))
    ]
    if not runs:
        return None
    last = runs[-1]
    return Record(last), "/facts" if last.kind == "train" else "/facts/train"


def model(brief: Brief) -> tuple[Block, ...]:
    """What was trained, from what and at which cost."""
    found = trained(brief)
    if found is None:
        return (missing(brief, "train"),)
    record, at = found
    say = brief.say
    positive, threshold = record(f"{at}/positive"), record(f"{at}/threshold")
    rows = [
        (say("Version"), version(brief, record)),
        (say("Kind of model"), quoted(say, record(f"{at}/title"))),
        (say("What it does"), task(say, record(f"{at}/task"))),
        (say("Target"), say.text(record(f"{at}/target"))),
        (say("Class it looks for"), say.text(positive)),
        (say("Classes"), named(say, record, f"{at}/classes")),
        (say("Training method"), quoted(say, record(f"{at}/mechanism"))),
        (say("Features"), say.number(len(_features(record, at)))),
        (say("Records it learnt from"), say.number(record(f"{at}/trained"))),
        (say("Records held out for tests"), say.number(record(f"{at}/held_out"))),
        (say("Threshold"), say.number(threshold, 2) if threshold.number is not None else Cited("")),
        (say("Privacy loss ε"), say.bound(record(f"{at}/epsilon"))),
        (say("Failure chance δ"), say.chance(record(f"{at}/delta"))),
        (say("Neighbouring relation"), relation(say, record(f"{at}/neighbours"))),
        (say("Trained on"), say.day(record("/time"))),
        (say("Software"), say.text(record("/code"))),
        (say("SHA-256 of the model"), say.text(record("/outputs/model"))),
    ]
    return (
        *stale(brief, record.event.kind),
        *pairs(brief, say("The model"), rows, say("Words in quotation marks are those of the record.")),
        *_stamp(brief, record, at),
    )


def version(brief: Brief, record: Record) -> Cited:
    """Which training of the project made the model, and its event."""
    kind, seq = record.event.kind, record.event.seq
    number = 1 + sum(1 for one in brief.told.all_good(kind) if one.seq < seq)
    words = brief.say("training {number} of this project, event {event}", number=number, event=str(seq))
    return Cited(words, (Source(seq, "/outcome"),))


def features(brief: Brief) -> tuple[Block, ...]:
    """The columns that the model reads, with their declared domains."""
    found = trained(brief)
    if found is None:
        return ()
    record, at = found
    say = brief.say
    rows = [
        (say.text(record(f"{at}/features/{place}/name")), say.text(record(f"{at}/features/{place}/domain")))
        for place in _features(record, at)
    ]
    caption = say("Domains are those that a person declared, in the words of the record.")
    return table(say("Input of the model"), (say("Column"), say("Declared domain")), rows, (), caption)


def shapes(brief: Brief) -> tuple[Block, ...]:
    """How the answer of a model that adds up functions moves with its strongest columns."""
    found = trained(brief)
    if found is None:
        return ()
    record, at = found
    say = brief.say
    plots = []
    for place in range(min(_MOST_SHAPES, record.count(f"{at}/shapes"))):
        shape = record(f"{at}/shapes/{place}")
        if isinstance(shape.value, dict):
            names = ("labels", "edges", "effect", "deviation")
            values: dict[str, Json] = {name: shape.value.get(name) or [] for name in names}
            values["labels"] = _labels(say, shape.value)
            title = say("What {column} does to the answer", column=record(f"{at}/shapes/{place}/name"))
            caption = say(
                "All other columns as they are. The band is two standard deviations each way: what the noise "
                "leaves open. Covered by the claim."
            )
            plots.append(
                Plot(Cited(title, (*title.sources, *shape.sources)), "shape_function", values, caption)
            )
    return tuple(plots)


def _labels(say: Tongue, shape: Mapping[str, Json]) -> list[Json]:
    """The categories, and at last what stands for all others, in the document's language."""
    found = [str(one) for one in _listed(shape.get("labels"))]
    last = say("missing") if shape.get("edges") else say("other or missing")
    if found and found[-1] in ("missing", "other or missing"):
        found[-1] = str(last)
    return list(found)


def _listed(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def performance(brief: Brief) -> tuple[Block, ...]:
    """Measures on held-out records with intervals, beside a model without privacy and one that learnt
    nothing."""
    record = brief.record("evaluate")
    if record is None:
        return (missing(brief, "evaluate"),)
    say = brief.say
    rows = _of_two(brief, record) if record("/facts/ours").value else _of_many(brief, record)
    tested = record("/facts/ours/n") if record("/facts/ours").value else record("/facts/many/n")
    header = (
        say("Performance measure"),
        say("This model (95 % interval)"),
        say("Without privacy"),
        say("Learnt nothing"),
    )
    caption = (
        say("On {count} records that the model never saw. Intervals hold with 95 %.", count=tested)
        if tested.number is not None
        else ""
    )
    blocks: list[Block] = [*stale(brief, "evaluate"), outside(brief)]
    blocks += table(say("How well the model does"), header, rows, (1, 2, 3), caption)
    if not rows:
        blocks.append(Words(say("The evaluation holds no measure for a model of this kind."), "caution"))
    gap = estimate(say, record, "/facts/gap")
    if gap:
        blocks.append(
            Words(
                say(
                    "Difference in AUROC from the same classifier without privacy: {gap}, 95 % interval, "
                    "paired.",
                    gap=gap,
                )
            )
        )
    return (*blocks, *_roc(brief, record))


def outside(brief: Brief) -> Words:
    """That figures on records are outside the claim."""
    words = brief.say(
        "Figures on records are counted without noise: they are outside the claim of differential privacy. "
        "A person decides who may see them."
    )
    return Words(words, "info")


def deployed(brief: Brief) -> tuple[Block, ...]:
    """The sealed bundle and its use."""
    record = brief.record("deploy")
    if record is None:
        return (missing(brief, "deploy"),)
    say = brief.say
    scored = brief.record("score")
    rows = [
        (say("File"), say.text(record("/facts/file"))),
        (say("Form"), say("Signed bundle with the model as ONNX, a file to be copied")),
        (say("Size of the model, bytes"), say.number(record("/facts/size"))),
        (say("SHA-256 of the ONNX file"), say.text(record("/facts/onnx_sha256"))),
        (say("Sealed on"), say.day(record("/time"))),
        (
            say("Evaluation figures inside"),
            _yes(brief, record("/facts/figures").value is True, record("/facts/figures").sources),
        ),
        (say("Records scored here"), Cited("") if scored is None else say.number(scored("/facts/rows"))),
    ]
    return (*stale(brief, "deploy"), *pairs(brief, say("The bundle"), rows))


def monitored(brief: Brief) -> tuple[Block, ...]:
    """What the last comparison of a later batch found."""
    record = brief.record("monitor")
    if record is None:
        return (missing(brief, "monitor"),)
    say = brief.say
    rows = [
        (
            say.text(record(f"/facts/drift/{place}/column")),
            say.number(record(f"/facts/drift/{place}/psi"), 3),
            say.number(record(f"/facts/drift/{place}/tv"), 3),
        )
        for place in range(record.count("/facts/drift"))
    ]
    change = estimate(say, record, "/facts/auroc_change")
    blocks: list[Block] = [
        *stale(brief, "monitor"),
        Words(
            say(
                "{rows} later records were compared with those that the model learnt from, on {day}.",
                rows=record("/facts/rows"),
                day=say.day(record("/time")),
            )
        ),
    ]
    if change:
        blocks.append(Words(say("Change in AUROC since the evaluation: {change}.", change=change)))
    blocks += table(
        say("Drift of the columns"),
        (say("Column"), say("Population stability index"), say("Total variation")),
        rows,
        (1, 2),
        say(
            "To be watched from {watch}, over the limit from {limit} (population stability index; house "
            "rules of the run, no law gives them).",
            watch=record("/facts/watch"),
            limit=record("/facts/limit"),
        ),
    )
    return tuple(blocks)


def _features(record: Record, at: str) -> range:
    return range(record.count(f"{at}/features"))


def _stamp(brief: Brief, record: Record, at: str) -> tuple[Words, ...]:
    stamp = record(f"{at}/stamp")
    if not stamp.text:
        return ()
    words = brief.say(
        "Made in test mode: the noise came from a fixed seed, so the claim does not hold for this model."
    )
    return (Words(Cited(words, stamp.sources), "risk"),)


def _yes(brief: Brief, yes: bool, sources: object) -> Cited:
    say = brief.say
    return Cited(say("yes") if yes else say("no"), sources)  # type: ignore[arg-type]  # places of one Quoted


def _of_two(brief: Brief, record: Record) -> list[tuple[str, ...]]:
    say = brief.say
    measures = (
        ("auroc", say("AUROC")),
        ("accuracy", say("Accuracy (share predicted right)")),
        ("balanced_accuracy", say("Balanced accuracy")),
        ("precision", say("Precision (share of alarms that are right)")),
        ("recall", say("Recall (share found)")),
        ("specificity", say("Specificity")),
        ("f1", say("F1")),
        ("brier", say("Brier score (less is better)")),
    )
    rows = [
        (
            label,
            estimate(say, record, f"/facts/ours/{name}"),
            say.number(record(f"/facts/baseline/{name}/value"), 3),
            say.number(record(f"/facts/trivial/{name}/value"), 3),
        )
        for name, label in measures
    ]
    scores = (
        ("average_precision", say("Average precision")),
        ("log_loss", say("Log loss (less is better)")),
        ("calibration/expected_error", say("Expected calibration error (less is better)")),
        ("calibration/slope", say("Calibration slope (1 is best)")),
    )
    rows += [
        (
            label,
            estimate(say, record, f"/facts/scores/{name}"),
            say.number(record(f"/facts/scores_baseline/{name}/value"), 3),
            say.number(record(f"/facts/scores_trivial/{name}/value"), 3),
        )
        for name, label in scores
    ]
    return [row for row in rows if row[1]]


def _of_many(brief: Brief, record: Record) -> list[tuple[str, ...]]:
    """Of a model of several classes or of a number; the measures' names are those of the record."""
    say = brief.say
    return [
        (
            say.text(record(f"/facts/many/measures/{place}/label")),
            estimate(say, record, f"/facts/many/measures/{place}/estimate") or say("not defined"),
            say.number(record(f"/facts/many_baseline/measures/{place}/estimate/value"), 3),
            say.number(record(f"/facts/many_trivial/measures/{place}/estimate/value"), 3),
        )
        for place in range(record.count("/facts/many/measures"))
    ]


def _roc(brief: Brief, record: Record) -> tuple[Plot, ...]:
    say = brief.say
    curves: list[Json] = []
    words = {"ours": say("this model"), "baseline": say("without privacy"), "trivial": say("learnt nothing")}
    for role, name in words.items():
        curve = record(f"/facts/{role}/curve")
        if isinstance(curve.value, dict):
            told = say(
                "{name}: {value}", name=name, value=say.number(record(f"/facts/{role}/auroc/value"), 3)
            )
            curves.append(
                {
                    "name": Cited(told, (*told.sources, *curve.sources)),
                    "fpr": curve.value["fpr"],
                    "tpr": curve.value["tpr"],
                    "role": role,
                }
            )
    if not curves:
        return ()
    return (Plot(say("What the model finds"), "roc", {"curves": curves}, say("ROC on held-out records.")),)
