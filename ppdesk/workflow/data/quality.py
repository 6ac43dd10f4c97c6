"""Step quality: how good the table is, and the checks that later batches must pass."""

from collections.abc import Sequence
from typing import Any, ClassVar

from ppdesk import __version__
from ppdesk.core.artifacts import Artifact, Head, Kind, Part, column_names
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Section
from ppdesk.core.wording import percent
from ppdesk.data.quality.checks import Dimension, parse
from ppdesk.data.quality.errors import CheckUnreadableError
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow import declared
from ppdesk.workflow.data import quality_checks as chosen
from ppdesk.workflow.data import quality_section
from ppdesk.workflow.data.quality_facts import QualityFacts
from ppdesk.workflow.data.quality_params import QualityParams
from ppdesk.workflow.reading import Reading, kept
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Heads, Inputs, Outcome, PlainStep

_SUFFIXES = (".py", ".yaml", ".yml")


class QualityStep(PlainStep):
    """Scores, comparison with the population, a look at the target, and checks for later batches."""

    key: ClassVar[str] = "quality"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Quality"
    purpose: ClassVar[str] = "Judge how good the table is, and save the checks that later batches must pass."
    help: ClassVar[str] = (
        "Each column gets a score from 0 to 100 with its reason: how complete, valid, unique, consistent and"
        " timely it is. What Roles declared and the types that Import found are checked by"
        " themselves; write further checks as sentences, such as"
        " start <= end. The checks are kept: Score and Monitor hold every later batch against them.\n\n"
        "With reference margins, such as those of a census, the table is compared with the population it"
        " stands for. Where a target is declared, its balance, columns that give it away and records with a"
        " class that looks wrong are told.\n\n"
        "The report shows counts and patterns, not values. Show values names those that fail a"
        " check; they may"
        " belong to people, and the record says that they were looked at. Nothing here spends budget, and"
        " nothing here is private."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    uses: ClassVar[tuple[Kind, ...]] = (Kind.OBJECTIVE, Kind.ROLES)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.QUALITY,)
    icon: ClassVar[str] = "gauge"
    Params: ClassVar[type[Any]] = QualityParams
    Facts: ClassVar[type[Any]] = QualityFacts

    def check(self, params: QualityParams, heads: Heads) -> list[Finding]:
        found = _checks(params, heads.get(Kind.TABLE, {}))
        unknown = sorted(set(params.weights) - {one.value for one in Dimension})
        if unknown:
            title = said("There is no dimension {name} to weigh.", name=unknown[0])
            found.append(
                _blocked(
                    title,
                    "PP-QUALITY-005",
                    "weights",
                    said("There are {dimensions}.", dimensions=", ".join(Dimension)),
                )
            )
        if any(weight < 0 for weight in params.weights.values()):
            found.append(_blocked(said("A weight is 0 or more."), "PP-QUALITY-005", "weights"))
        if params.poor > params.good:
            found.append(_blocked(said("Poor ends where good begins, or below."), "PP-QUALITY-006", "poor"))
        if params.to is not None and params.to.suffix.lower() not in _SUFFIXES:
            title = said("A schema is written to a file that ends in .py or .yaml.")
            found.append(_blocked(title, "PP-QUALITY-007", "to"))
        if params.show_values:
            found.append(
                Finding(
                    Level.CAUTION,
                    said("Values that fail a check will be shown and kept in the record."),
                    said("They may belong to people. Anyone who reads the record or the report reads them."),
                    "show_values",
                    "PP-QUALITY-008",
                )
            )
        return found

    def cost(self, params: QualityParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """Exact counts for the people inside the project; they are told as looked at and spend nothing."""
        return NoEvent()

    def run(self, params: QualityParams, inputs: Inputs, ctx: Context) -> Outcome[QualityFacts]:
        import numpy as np

        from ppdesk.data.quality import held, missing, schema, score
        from ppdesk.workflow.data import quality_target as target
        from ppdesk.workflow.data import quality_work as work

        table = inputs[Kind.TABLE]
        heads = {kind: one.head for kind, one in inputs.items()}
        rows, reading = table.table("rows"), Reading.of(table.head)
        today = ctx.clock.now().date()
        what = held.Table(rows, reading.decimal, today)
        checks = chosen.all_checks(params, heads)
        rng = np.random.default_rng(int.from_bytes(ctx.entropy.take(8), "big"))
        ctx.progress(0.05, said("Counting missing values"))
        gaps = missing.missing(rows, params.floor, ctx.cancelled)
        ctx.progress(0.15, said("Counting repeated records"))
        repeated = missing.repeated_rows(rows)
        ctx.progress(0.3, said("Holding the table against the checks"))
        met = work.hold_all(checks, what, show_values=params.show_values, cancelled=ctx.cancelled)
        scores = work.columns(met, gaps, params.weights)
        ages = work.ages((check for check, _ in checks), rows, today, params.floor)
        ctx.progress(0.5, said("Comparing with the population"))
        compared = (
            work.Compared() if params.margins is None else work.compare_margins(ctx.sources["margins"], what)
        )
        columns = declared.columns(inputs[Kind.ROLES].head) if Kind.ROLES in inputs else {}
        name = declared.text(inputs[Kind.ROLES].head, "target") if Kind.ROLES in inputs else ""
        found, note = target.target_of(name, columns, rows)
        leaks, labels, labels_note, suspects = [], None, "", None
        if found is not None:
            ctx.progress(0.6, said("Looking for leakage of the target"))
            leaks = target.leaks(
                found,
                columns,
                rows,
                decimal=reading.decimal,
                limit=params.leakage,
                rng=rng,
                cancelled=ctx.cancelled,
            )
        if found is not None and params.label_errors:
            ctx.progress(0.8, said("Looking for label errors"))
            labels, labels_note, suspects = target.label_errors(
                found,
                columns,
                rows,
                decimal=reading.decimal,
                sample=params.sample,
                rng=rng,
                cancelled=ctx.cancelled,
            )
        yaml = params.to is not None and params.to.suffix.lower() != ".py"
        mine = [check for check, _ in checks]
        facts = QualityFacts(
            rows=rows.num_rows,
            overall=score.overall([one.score for one in scores]),
            columns=tuple(scores),
            complete=gaps.complete,
            patterns=tuple(work.pattern(one) for one in gaps.patterns),
            rare=gaps.rare,
            other_patterns=gaps.other,
            repeated=repeated,
            checks=met.results,
            ages=tuple(ages),
            today=today.isoformat(),
            margins=compared.margins,
            not_compared=compared.absent,
            raking=compared.raking,
            population=declared.text(heads.get(Kind.OBJECTIVE, {}), "population"),
            balance=None if found is None else target.balance(found),
            labels=labels,
            labels_note=labels_note,
            leaks=tuple(leaks),
            target_note=note,
            left_out=len(schema.to_yaml(mine, reading.decimal, __version__)[1]) if yaml else 0,
            stamp=ctx.stamp,
        )
        plain = chosen.plain(checks)
        parts = [Part("checks", canonical(plain)), Part("failures", met.failures, personal=True)]
        if compared.weights is not None:
            parts.append(Part("weights", compared.weights, personal=True))
        if suspects is not None:
            parts.append(Part("suspects", suspects, personal=True))
        artifact = Artifact(Kind.QUALITY, _head(facts, table.head, plain), tuple(parts))
        return Outcome(facts, (artifact,), tuple(_findings(params, facts)))

    def section(self, params: QualityParams, facts: QualityFacts) -> Section:
        return quality_section.section(params, facts)

    def deliver(self, params: QualityParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:
        if params.to is None:
            return ()
        from ppdesk.data.quality.schema import to_python, to_yaml

        made = next(artifact for artifact in artifacts if artifact.kind is Kind.QUALITY)
        checks, reading = [check for check, _ in chosen.of_head(made.head)], Reading.of(made.head)
        text = (
            to_python(checks, reading.decimal, reading.null_tokens, __version__)
            if params.to.suffix.lower() == ".py"
            else to_yaml(checks, reading.decimal, __version__)[0]
        )
        return (Delivery("to", text.encode()),)


def _head(facts: QualityFacts, table: Head, checks: list[Json]) -> dict[str, Json]:
    return {
        "rows": facts.rows,
        "overall": facts.overall,
        "checks": checks,
        "failed": sum(bool(one.failed) for one in facts.checks),
        "table_sha256": table.get("sha256"),
        **kept(table),
    }


def _blocked(title: str, code: str, field: str, detail: str = "") -> Finding:
    return Finding(Level.BLOCKING, title, detail, field, code)


def _checks(params: QualityParams, table: Head) -> list[Finding]:
    """Whether each check can be read and names columns of the table."""
    known = set(column_names(table) or ())
    found = []
    for sentence in params.checks:
        try:
            check = parse(sentence)
        except CheckUnreadableError as error:
            found.append(_blocked(error.message, error.code, "checks", error.advice))
            continue
        found += [
            _blocked(
                said(
                    "The check {check} names {name}, and the table has no such column.",
                    check=check.words(),
                    name=name,
                ),
                "PP-QUALITY-004",
                "checks",
            )
            for name in check.columns
            if known and name not in known
        ]
    return found


def _findings(params: QualityParams, facts: QualityFacts) -> list[Finding]:
    def caution(title: str, detail: str, code: str) -> Finding:
        return Finding(Level.CAUTION, title, detail, code=code)

    found = [
        caution(
            said("Column {name} has a score of {score:.1f}.", name=one.name, score=one.score),
            said("Limit {poor:g}: {reason}.", poor=params.poor, reason=one.reason),
            "PP-QUALITY-010",
        )
        for one in sorted(facts.columns, key=lambda one: one.score)
        if one.score < params.poor
    ]
    found += [
        caution(
            said("{failed:,} records fail a check of yours.", failed=one.failed),
            f"{one.sentence}.",
            "PP-QUALITY-011",
        )
        for one in facts.checks
        if one.failed and one.origin == "you"
    ]
    found += [
        caution(
            said("{column} is made up unlike the population.", column=one.column),
            said("Distance {distance:.3f}, limit {limit:g}.", distance=one.distance, limit=params.distance),
            "PP-QUALITY-012",
        )
        for one in facts.margins
        if quality_section.unlike(params, one)
    ]
    if facts.labels is not None and facts.labels.suspects and facts.labels.right > facts.labels.guessed:
        found.append(
            Finding(
                Level.INFO,  # a model that knows little finds some in any table
                said("{suspects:,} records may have a wrong class.", suspects=facts.labels.suspects),
                said(
                    "Of {searched:,} searched; estimated share {share}.",
                    searched=facts.labels.searched,
                    share=percent(facts.labels.share),
                ),
                code="PP-QUALITY-013",
            )
        )
    if facts.balance is not None and facts.balance.ratio >= params.imbalance:
        detail = said("The largest class is {ratio:,.1f} times the smallest.", ratio=facts.balance.ratio)
        found.append(caution(said("The classes of the target are imbalanced."), detail, "PP-QUALITY-014"))
    found += [
        caution(
            said("Column {column} may give the target away.", column=one.column),
            said("Leave it out of training where it is only known once the target is."),
            "PP-QUALITY-015",
        )
        for one in facts.leaks
        if one.verdict == "likely"
    ]
    if facts.repeated:
        title = said("{repeated:,} records are the same as an earlier one.", repeated=facts.repeated)
        found.append(caution(title, said("They may be people who are alike, or copies."), "PP-QUALITY-016"))
    if facts.not_compared:
        title = said(
            "The margins name columns that the table has not: {columns}.",
            columns=", ".join(facts.not_compared),
        )
        found.append(caution(title, "", "PP-QUALITY-017"))
    return found


STEP = QualityStep()
