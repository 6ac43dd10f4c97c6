"""Anonymize a CSV file as CONFIG.json says, and print one JSON object with the result, times and memory.

    python tests/benchmarks/anonymize.py CONFIG.json

    {"table": "adult.csv", "delimiter": ";", "hierarchies": {"age": "age.csv"},
     "quasi_identifiers": ["age"], "sensitive": {"occupation": {"model": "distinct-l-diversity", "l": 2}},
     "k": 5, "suppression_limit": 0.02, "quality": "loss", "threads": 1, "output": null}

Paths are taken from the folder of CONFIG.json. Hierarchies have semicolons, no header, and a row per value.
"sensitive" is null, or has a model (or a list of models) per column:

    {"model": "distinct-l-diversity", "l": 2}
    {"model": "entropy-l-diversity", "l": 2}            or "estimator": "grassberger" (else "shannon")
    {"model": "recursive-(c,l)-diversity", "c": 3, "l": 2}
    {"model": "equal-t-closeness", "t": 0.2}
    {"model": "hierarchical-t-closeness", "t": 0.2, "hierarchy": "occupation.csv"}
    {"model": "ordered-t-closeness", "t": 0.2}    by text; "numeric": true by number, "order": [...] as listed
    {"model": "delta-disclosure", "delta": 1}
    {"model": "basic-beta-likeness", "beta": 1}
    {"model": "enhanced-beta-likeness", "beta": 1}

"models" is null or a list of models on the population and the whole table; "population" is the CSV of the
population, with the same columns and delimiter, the table's records included, where a model counts in it.
"k" may be left out with them (1). A model that goes by the population's size has "population": 80000 or
"region": "usa" (africa, australia, brasil, canada, china, europe, european-union, france, germany, india,
north-america, south-america, uk). What is in brackets may be left out:

    {"model": "k-map", "k": 5}                                    in the table of the population
    {"model": "k-map", "k": 5, "estimator": "poisson" or "zero-truncated-poisson", "population": 80000
     ["significance": 0.05, "smallest": false]}
    {"model": "average-risk", "average": 0.1}
    {"model": "strict-average-risk", "average": 0.1 ["highest": 0.5, "at_risk": 0]}
    {"model": "sample-uniqueness", "most": 0.01}
    {"model": "population-uniqueness", "most": 0.01, "population": 80000 ["estimator": "dankar", "dankar-arx",
     "pitman", "zayatz" or "snb"]}
    {"model": "delta-presence", "lowest": 0, "highest": 0.5 ["ignore_absent": false]}     population's table
    {"model": "inclusion"}                                                                population's table
    {"model": "profitability-prosecutor" ["benefit": 1200, "loss": 300, "gain": 300, "cost": 4]}, so with
     "profitability-prosecutor-no-attack", "profitability-journalist", "profitability-journalist-no-attack",
     the last two with the population's table
    {"model": "differential-privacy", "epsilon": 1, "delta": 1e-6 ["generalization": "none", "low",
     "low-medium", "medium", "medium-high", "high" or "complete"; "levels": {"age": 2}; "as_arx": false]}
     alone; nothing is searched, the output has the quasi-identifiers of the released records and nothing
     else, and "suppressed" counts all others. Printed beside: "k" and "beta".

"quality" is a name, or {name: settings}; each setting may be left out:

    "loss"                              {"aggregate", "gs_factor", "weights"}
    "precision", "non-uniform-entropy"  {"aggregate", "gs_factor", "weights", "monotone"}
    "normalized-non-uniform-entropy", "height"          {"aggregate", "weights"}
    "discernibility"                    {"monotone"}
    "aecs", "entropy-based-information-loss"            {"gs_factor"}
    "ambiguity", "kl-divergence"        {}
    "classification-accuracy"           {"gs_factor", "response": column that is no quasi-identifier}
    "publisher-payout" (prosecutor)     {"gs_factor", "benefit": 1200, "loss": 300, "gain": 300, "cost": 4}

"aggregate": "geometric-mean" (default of loss), "arithmetic-mean" (of precision), "sum" (of the others),
"maximum", "rank" (score is then the list of the columns' weighted losses, falling). "gs_factor": 0 to 1, 0.5
if left out. "weights": {"age": 1}. "monotone": true or false; a false one may stand anywhere. What is not
listed here is refused with a code. The search takes one thread whatever "threads" says.

Printed: found, optimal, transformation {column: level}, score, suppressed, lattice_size, checked,
search_cpu_seconds (of the search alone, kernels loaded), search_wall_seconds, total_wall_seconds (from the
start of this script to the written output), peak_rss_mib. Ties go to the smaller total level, then to the
first in column order; the records of the output are in a random order. Kernels are compiled at the first run
on a computer and kept.
"""

import time

_STARTED = time.perf_counter()

import argparse  # noqa: E402 - the clock starts before anything is loaded
import json  # noqa: E402
import math  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterable, Mapping, Sequence  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Any  # noqa: E402

from anonymize_config import ConfigError, UnknownModelError, read  # noqa: E402

from ppdesk.core.errors import CodedError  # noqa: E402

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.criteria.models import Criterion
    from ppdesk.anonymize.frequency import FrequencySet
    from ppdesk.anonymize.hierarchies import Hierarchy
    from ppdesk.anonymize.loss import LossModel
    from ppdesk.anonymize.quality_names import Quality
    from ppdesk.workflow.data.population_models import PopulationModel

_BLOCK = 4 << 20  # bytes of the file read at once
_AT_ONCE = 500_000  # records coded at once
_MONEY = {"benefit", "loss", "gain", "cost"}


def quality(config: Mapping[str, Any]) -> "tuple[LossModel, Quality, str]":
    """The settings, the quality model, and its response variable. UnknownModelError, ConfigError."""
    from ppdesk.anonymize.aggregate import Aggregate
    from ppdesk.anonymize.loss import LossModel, Money
    from ppdesk.anonymize.quality_names import MONEY, RESPONSE, SETTINGS, Quality

    asked = config.get("quality") or "loss"
    name, settings = (asked, {}) if isinstance(asked, str) else next(iter(asked.items()))
    if name not in set(Quality):
        raise UnknownModelError(what=f"quality model {name}")
    settings = {key: one for key, one in settings.items() if key != "monotone" or one is not False}
    takes = SETTINGS[Quality(name)]
    money = {key: float(settings.pop(key)) for key in _MONEY & settings.keys() if MONEY in takes}
    aggregate = settings.get("aggregate", Aggregate.DEFAULT.value)
    aggregate = "maximum" if aggregate == "max" else aggregate
    if settings.keys() - takes or aggregate not in set(Aggregate):
        raise UnknownModelError(what=f"{name} with {json.dumps(settings)}")
    gs_factor = float(settings.get("gs_factor", 0.5))
    if not 0 <= gs_factor <= 1:
        raise ConfigError(reason="gs_factor must be in 0..1")
    model = LossModel(
        Aggregate(aggregate), gs_factor, settings.get("weights", {}), bool(settings.get("monotone")),
        money=Money(**money),
    )  # fmt: skip
    predicted = settings.get("response") or ""
    if (RESPONSE in takes) != bool(predicted) or predicted in config["quasi_identifiers"]:
        raise ConfigError(reason="only classification-accuracy has a response, no quasi-identifier")
    return model, Quality(name), str(predicted)


def criteria(config: Mapping[str, Any], folder: Path) -> "list[tuple[str, Criterion]]":
    """The models on sensitive columns. UnknownModelError, ConfigError."""
    if not config.get("sensitive"):
        return []
    from ppdesk.anonymize.criteria import models
    from ppdesk.workflow.data.anonymize_sensitive import criterion
    from ppdesk.workflow.data.sensitive_models import MODELS
    from ppdesk.workflow.data.sensitive_models import read as read_model

    found: list[tuple[str, Criterion]] = []
    for column, asked in (config.get("sensitive") or {}).items():
        for one in asked if isinstance(asked, list) else [asked]:
            settings = dict(one)
            if settings.get("model") not in MODELS:
                raise UnknownModelError(what=f"privacy model {settings.get('model')}")
            hierarchical = settings["model"] == models.HierarchicalTCloseness.name
            ordered = settings["model"] == models.OrderedTCloseness.name
            file = settings.pop("hierarchy", None) if hierarchical else None
            numeric = settings.pop("numeric", False) if ordered else False
            order = tuple(settings.pop("order", ())) if ordered else ()
            trees = {column: hierarchy(column, folder / file)} if file else {}
            if hierarchical and not file:
                raise ConfigError(reason=f"{column} has no hierarchy")
            try:
                made = criterion(read_model({"column": column, **settings}), None, trees)
            except ValueError as error:
                raise ConfigError(reason=f"{column}: {error}") from None
            if isinstance(made, models.OrderedTCloseness):
                made = models.OrderedTCloseness(made.t, numeric, order)
            found.append((column, made))
    return found


def on_population(config: Mapping[str, Any]) -> "list[PopulationModel]":
    """The models on the population and the whole table. UnknownModelError, ConfigError."""
    from ppdesk.workflow.data import population_models

    found = []
    for one in config.get("models") or ():
        if not isinstance(one, Mapping) or one.get("model") not in population_models.MODELS:
            raise UnknownModelError(what=f"model {one}")
        try:
            found.append(population_models.read(one))
        except ValueError as error:
            raise ConfigError(reason=f"{one['model']}: {error}") from None
    return found


def as_texts(path: Path, delimiter: str, names: Sequence[str]) -> "pa.Table":
    """These columns of a CSV file as strings. ConfigError."""
    import pyarrow as pa
    from pyarrow import csv

    options = csv.ConvertOptions(
        include_columns=list(names), column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
    )
    parse = csv.ParseOptions(delimiter=delimiter)
    try:
        return csv.read_csv(path, parse_options=parse, convert_options=options)
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise ConfigError(reason=str(error)) from None


def private(config: Mapping[str, Any], folder: Path, trees: "list[Hierarchy]", model: Any) -> dict[str, Any]:
    """Differential privacy: SafePub instead of a search. CodedError."""
    from pyarrow import csv

    from ppdesk.anonymize.populations import safepub
    from ppdesk.core.entropy import SystemEntropy

    if config.get("sensitive") or len(config["models"]) > 1:
        raise ConfigError(reason="differential-privacy stands alone")
    names, delimiter = [one.column for one in trees], config.get("delimiter", ";")
    table = as_texts(folder / config["table"], delimiter, names)
    wall, cpu = time.perf_counter(), time.process_time()
    plan = safepub.plan(model.epsilon, model.delta, as_arx=model.as_arx)
    levels = safepub.scheme(trees, model.generalization, model.levels)
    released = safepub.release(table, trees, levels, plan, SystemEntropy())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if config.get("output"):
        write_options = csv.WriteOptions(delimiter=delimiter, quoting_style="needed")
        csv.write_csv(released, folder / config["output"], write_options)
    return {
        "found": True, "optimal": False, "transformation": dict(zip(names, levels, strict=True)),
        "score": None, "suppressed": table.num_rows - released.num_rows, "lattice_size": 1, "checked": 0,
        "k": plan.k, "beta": plan.beta, "search_cpu_seconds": cpu, "search_wall_seconds": wall,
        "total_wall_seconds": time.perf_counter() - _STARTED,
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def hierarchy(column: str, path: Path) -> "Hierarchy":
    """A hierarchy file. ConfigError where it is not there, HierarchyError."""
    from ppdesk.anonymize.hierarchies import from_csv

    try:
        return from_csv(column, path.read_bytes())
    except OSError as error:
        raise ConfigError(reason=str(error)) from None


def header(path: Path, delimiter: str) -> list[str]:
    """The names of the columns. ConfigError."""
    import pyarrow as pa
    from pyarrow import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            first = text.readline().rstrip("\r\n")
        options = csv.ParseOptions(delimiter=delimiter)
        return list(csv.read_csv(pa.py_buffer(f"{first}\n".encode()), parse_options=options).column_names)
    except (OSError, ValueError) as error:
        raise ConfigError(reason=str(error)) from None


def load(
    path: Path, delimiter: str, names: Sequence[str], hierarchies: "Sequence[Hierarchy]"
) -> "tuple[FrequencySet, pa.Table]":
    """(the frequency set; those of the columns `names` that have no hierarchy, as strings), read piece by
    piece, so that the quasi-identifiers are never in memory as text. CodedError."""
    import pyarrow as pa
    from pyarrow import csv

    from ppdesk.anonymize.frequency import Encoder

    quasi = [one.column for one in hierarchies]
    rest = [name for name in names if name not in quasi]
    coded = pa.dictionary(pa.int32(), pa.string())
    kinds = dict.fromkeys(rest, pa.string()) | dict.fromkeys(quasi, coded)
    encoder, kept, read = Encoder(hierarchies), [], []
    try:
        with csv.open_csv(
            path,
            csv.ReadOptions(block_size=_BLOCK),
            csv.ParseOptions(delimiter=delimiter),
            csv.ConvertOptions(column_types=kinds, include_columns=[*quasi, *rest]),
        ) as pieces:
            for piece in pieces:
                read.append(piece)
                kept.append(piece.select(rest))
                if sum(one.num_rows for one in read) >= _AT_ONCE:
                    encoder.add(pa.Table.from_batches(read))
                    read.clear()
            encoder.add(pa.Table.from_batches(read, pieces.schema))
            schema = pa.schema([pieces.schema.field(name) for name in rest])
    except (OSError, pa.ArrowInvalid) as error:
        raise ConfigError(reason=str(error)) from None
    return encoder.done(), pa.Table.from_batches(kept, schema)


def warm_up(wanted: "list[tuple[str, Criterion]]", minimized: "Quality", model: "LossModel") -> None:
    """Load the kernels of the search, by a search in a table of one record."""
    import pyarrow as pa

    from ppdesk.anonymize.arrays import texts
    from ppdesk.anonymize.criteria.make import requirements
    from ppdesk.anonymize.criteria.models import EqualTCloseness
    from ppdesk.anonymize.frequency import frequency_set
    from ppdesk.anonymize.hierarchies import validated
    from ppdesk.anonymize.response import response
    from ppdesk.anonymize.search import search

    table = pa.table({"a": texts(["x"]), "b": texts(["y"])})
    frequencies = frequency_set(table, [validated("a", [["x", "*"]])])
    needs = requirements(table, frequencies, [("b", EqualTCloseness(0.5))] if wanted else [])
    alike = replace(model, weights={}, response=response(table, frequencies, "b"))
    search(frequencies, 1, 0.0, alike, ["a"], needs=needs, quality=minimized)


def write(file: Path, delimiter: str, names: Sequence[str], pieces: "Iterable[pa.Table]") -> None:
    """The release, piece by piece."""
    import pyarrow as pa
    from pyarrow import csv

    options = csv.WriteOptions(delimiter=delimiter, quoting_style="needed")
    schema = pa.schema([(name, pa.string()) for name in names])
    with csv.CSVWriter(file, schema, write_options=options) as out:
        for piece in pieces:
            out.write_table(piece)


def work(path: Path) -> dict[str, Any]:
    """Do what the file says. CodedError."""
    config, folder = read(path), path.parent
    (model, minimized, predicted), delimiter = quality(config), config.get("delimiter", ";")
    names = list(config["quasi_identifiers"])
    everything = header(folder / config["table"], delimiter)
    unknown = [name for name in names if name not in everything or name not in config["hierarchies"]]
    if unknown:
        raise ConfigError(reason=f"no column or no hierarchy for {', '.join(unknown)}")
    names.sort(key=everything.index)
    beside = [*(config.get("sensitive") or {}), *([predicted] if predicted else [])]
    needed = [*names, *(name for name in dict.fromkeys(beside) if name not in names)]
    doubtful = [name for name in needed if everything.count(name) != 1]
    if doubtful:
        raise ConfigError(reason=f"not one column is named {', '.join(doubtful)}")
    trees = [hierarchy(name, folder / config["hierarchies"][name]) for name in names]
    beyond = on_population(config)
    for one in beyond:
        if one.model == "differential-privacy":
            return private(config, folder, trees, one)
    wanted = criteria(config, folder)
    both = [column for column, _ in wanted if column in names]
    if both:
        raise ConfigError(reason=f"quasi-identifier and sensitive at once: {', '.join(both)}")
    if config.get("output"):
        needed = everything
        if len(set(needed)) < len(needed):
            raise ConfigError(reason="two columns have one name")
    frequencies, rest = load(folder / config["table"], delimiter, needed, trees)

    from ppdesk.anonymize.criteria.make import requirements
    from ppdesk.anonymize.errors import NoProtectionError, NoSolutionError
    from ppdesk.anonymize.populations.errors import NoProtectedReleaseError
    from ppdesk.anonymize.search import search

    needs = requirements(rest, frequencies, wanted)
    if predicted:
        from ppdesk.anonymize.response import response

        model = replace(model, response=response(rest, frequencies, predicted))
    warm_up(wanted, minimized, model)
    people = None
    if beyond:
        from ppdesk.anonymize.populations.make import populations
        from ppdesk.workflow.data.population_models import engine

        file = config.get("population")
        people = populations(
            frequencies, trees, [engine(one) for one in beyond],
            people=as_texts(folder / file, delimiter, names) if file else None,
            quality=minimized, loss=model,
        )  # fmt: skip
    k, limit = int(config.get("k", 1)), float(config.get("suppression_limit", 0.0))
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        found = search(
            frequencies, k, limit, model, names, needs=needs, quality=minimized, populations=people
        )
    except (NoSolutionError, NoProtectionError, NoProtectedReleaseError):
        found = None
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if config.get("output") and found is not None:
        from ppdesk.anonymize.apply import classes, generalized
        from ppdesk.core.entropy import SystemEntropy

        kept = classes(frequencies, found.levels, k, needs, people)
        pieces = generalized(
            kept, found.levels, trees, frequencies, rest=rest, names=everything, entropy=SystemEntropy()
        )
        try:
            write(folder / config["output"], delimiter, everything, pieces)
        except OSError as error:
            raise ConfigError(reason=str(error)) from None
    return {
        "found": found is not None,
        "optimal": True,  # an optimum, or that there is none, is proved
        "transformation": found and dict(zip(names, found.levels, strict=True)),
        "score": found and (list(found.ranked) or found.score),
        "suppressed": found and found.suppressed,
        "lattice_size": math.prod(one.levels for one in trees),
        "checked": found and found.checked,
        "search_cpu_seconds": cpu,
        "search_wall_seconds": wall,
        "total_wall_seconds": time.perf_counter() - _STARTED,
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> int:
    """The script. The exit status of an error is that of its code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", type=Path, metavar="CONFIG.json")
    try:
        print(json.dumps(work(parser.parse_args().config)))
    except CodedError as error:
        print(json.dumps(error.to_json()), file=sys.stderr)
        return int(error.exit)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
