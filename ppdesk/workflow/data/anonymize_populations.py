"""Models on the population in the step: checks before, engine's form, facts after."""

import math
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Table
from ppdesk.core.wording import percent
from ppdesk.workflow.data import population_models as asked
from ppdesk.workflow.data.population_facts import JournalistFacts, PopulationFact, PopulationFacts
from ppdesk.workflow.data.population_params import PopulationParams
from ppdesk.workflow.step import Context

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from ppdesk.anonymize.apply import Classes
    from ppdesk.anonymize.frequency import FrequencySet
    from ppdesk.anonymize.hierarchies import Hierarchy
    from ppdesk.anonymize.loss import LossModel
    from ppdesk.anonymize.populations.judging import Populations
    from ppdesk.anonymize.quality_names import Quality


def check(params: PopulationParams) -> list[Finding]:
    """Whether models and the population's table go together."""
    counting = [one.model for one in params.on_population() if asked.counts_people(one)]
    found = []
    if counting and params.population_table is None:
        found.append(
            Finding(
                Level.BLOCKING, said("{model} needs a table of the population.", model=counting[0]),
                said("Give its file, or a model that goes by the population's size."),
                "population_table", "PP-ANONYMIZE-030",
            )
        )  # fmt: skip
    if params.population_table is not None and not counting:
        found.append(
            Finding(
                Level.BLOCKING, said("No model counts in the table of the population."),
                said("Add inclusion, so that the journalist risk is told against it, or take the file out."),
                "population_table", "PP-ANONYMIZE-031",
            )
        )  # fmt: skip
    if counting and params.population_table is not None:
        found.append(
            Finding(
                Level.INFO, said("The population is taken at its word."),
                said(
                    "Journalist risk and k-map are as good as the table of the population is complete, and an"
                    " attacker who knows that somebody is in the table has the prosecutor's risk, which they"
                    " do not limit."
                ),
                "population_table", "PP-ANONYMIZE-032",
            )
        )  # fmt: skip
    return found


def held(
    params: PopulationParams, frequencies: "FrequencySet", hierarchies: "Sequence[Hierarchy]",
    table: Head, ctx: Context, *, quality: "Quality", loss: "LossModel",
) -> "Populations | None":  # fmt: skip
    """The models for the engine. ReadError, errors of `make.populations`."""
    models = [one for one in params.on_population() if not isinstance(one, asked.DifferentialPrivacy)]
    if not models:
        return None
    from ppdesk.anonymize.populations.make import populations

    return populations(
        frequencies, hierarchies, [asked.engine(one) for one in models],
        people=people_table(table, ctx) if params.population_table is not None else None,
        quality=quality, loss=loss,
    )  # fmt: skip


def people_table(table: Head, ctx: Context, field: str = "population_table") -> "pa.Table":
    """The population's table, granted as the source `field`, read as the imported one was. ReadError."""
    from ppdesk.data.readers.read_table import ReadOptions, read_table
    from ppdesk.workflow.reading import Delimiter, Reading, was_found_out

    reading = Reading.of(table)
    if was_found_out(table, "delimiter"):
        reading = reading.model_copy(update={"delimiter": Delimiter.AUTO})
    path = ctx.sources[field]
    return read_table(path, ReadOptions(text=reading.form()), cancelled=ctx.cancelled).table


def facts(
    params: PopulationParams, populations: "Populations | None", frequencies: "FrequencySet",
    *, levels: "Sequence[int]", found: "Classes", k: int,
) -> PopulationFacts | None:  # fmt: skip
    """What was demanded and what the release has."""
    if populations is None:
        return None
    from ppdesk.anonymize.populations.reached import estimated_uniques, reached

    has = reached(populations, frequencies, levels, found, k)
    estimate = estimated_uniques(populations, frequencies, found)
    size, before, after = estimate or (None, math.nan, math.nan)
    return PopulationFacts(
        models=tuple(
            PopulationFact(model=one.model, asked=asked.asked(one), counted=counted, reached=_finite(value))
            for one, (counted, value) in zip(params.on_population(), has.models, strict=True)
        ),
        people=has.people,
        before=None if has.before is None else JournalistFacts(**vars(has.before)),
        after=None if has.after is None else JournalistFacts(**vars(has.after)),
        size=size,
        uniques_before=_finite(before),
        uniques_after=_finite(after),
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def head(params: PopulationParams) -> dict[str, Json]:
    """What a RELEASE says of it: nothing where there is none."""
    return {"population": list(params.population)} if params.population else {}


def tables(facts: PopulationFacts | None, k: int) -> list[Table]:
    """What was demanded and reached, and the journalist's risk."""
    if facts is None:
        return []
    rows = [
        (one.model, one.asked, "-" if one.reached is None else f"{one.reached:.4g}", one.counted)
        for one in facts.models
    ]
    found = [
        Table(
            said("Models on the population and the whole table"),
            (said("Model"), said("Asked"), said("Reached"), said("What is counted")), rows, right=(2,),
            caption=said(
                "In the release; suppressed records left out. Classes in which every label is * count as"
                " suppressed for models on the whole table, as in ARX."
            ),
        )
    ]  # fmt: skip
    risks = []
    if facts.before is not None and facts.after is not None:
        risks += [
            (said("Journalist risk (highest of one record)"), facts.before.highest, facts.after.highest),
            (said("Journalist risk (mean over the records)"), facts.before.mean, facts.after.mean),
            (
                said("Records with a journalist risk above 1 in {k}", k=k),
                facts.before.at_risk,
                facts.after.at_risk,
            ),
        ]
    if facts.size is not None:
        words = said("Estimated share of unique people among {people:,}", people=facts.size)
        risks.append((words, _or_nan(facts.uniques_before), _or_nan(facts.uniques_after)))
    if risks:
        found.append(
            Table(
                said("Risk against the population"), (said("Measure"), said("Before"), said("After")),
                [(name, _share(before), _share(after)) for name, before, after in risks], right=(1, 2),
                caption=said(
                    "The journalist knows that somebody is in the population, not whether in the table."
                    " Uniques are estimated by Dankar's rule."
                ),
            )
        )  # fmt: skip
    return found


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _share(value: float) -> str:
    return said("no estimate") if math.isnan(value) else percent(value, 4)
