"""What Evaluate measures beside the headline: probabilities, costs, groups, classes, numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from ppdesk.assess import cells, group_quality, numbers, probabilities, several
from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.classification import trivial_scores
from ppdesk.assess.fairness import by_group
from ppdesk.assess.model_results import Costs, FairnessSummary, GroupQuality, NumberFairness, ScoreQuality
from ppdesk.assess.results import ClassMeasures, Fairness, Measured
from ppdesk.core.generators import generator
from ppdesk.train.offers import Task
from ppdesk.workflow.evaluation.evaluate_params import EvaluateParams
from ppdesk.workflow.evaluation.evaluate_work import Data, Tested, TestedMany
from ppdesk.workflow.step import Context

T = TypeVar("T")

_FEW = 60  # bootstrap samples of what needs no interval
_CLASSES = 12  # classes that are looked at as the good outcome: the first of the most frequent


@dataclass(frozen=True)
class _Groups:
    """One column, or a pair of them."""

    column: str
    names: Sequence[str]
    codes: Counts  # (held out,)
    paired: bool = False

    def outcomes(self, labels: Bools, floor: int) -> Bools | None:
        """`labels`, where what rests on them may be told."""
        return (
            group_quality.outcomes_of_pairs(self.names, self.codes, labels, floor) if self.paired else labels
        )


def costs_of(params: EvaluateParams) -> Costs | None:
    """The declared costs; None where they are not both declared, or both nought."""
    alarm, miss = params.cost_false_alarm, params.cost_miss
    return None if alarm is None or miss is None or alarm + miss <= 0 else Costs(alarm, miss)


def of_two(
    data: Data, tested: Tested, params: EvaluateParams, ctx: Context, tick: Callable[[], None]
) -> dict[str, Any]:
    """Fields of the facts about a model of two classes."""
    labels, source, costs = data.labels[data.test], generator(ctx.entropy), costs_of(params)
    cut = tested.ours.threshold

    def study(scores: Floats, rounds: int | None = None) -> ScoreQuality:
        return probabilities.study(
            labels, scores, source, threshold=cut, costs=costs, rounds=rounds, tick=tick
        )

    flat = trivial_scores(data.labels[data.train], labels.size)
    told: dict[str, Any] = {"scores": study(tested.scores), "scores_trivial": study(flat, _FEW)}
    if tested.baseline_scores is not None:
        told["scores_baseline"] = study(tested.baseline_scores, _FEW)
    tick()
    groups, values = groups_of(data, params), (tested.scores, tested.baseline_scores)
    for field, scores in zip(("group_quality", "group_quality_baseline"), values, strict=True):
        if scores is not None:
            told[field] = _known(
                group_quality.binary(
                    one.column,
                    one.names,
                    one.codes,
                    labels,
                    scores,
                    threshold=cut,
                    floor=params.floor,
                    paired=one.paired,
                )
                for one in groups
            )
    for field, scores in zip(("favoured", "favoured_baseline"), values, strict=True):
        if scores is not None:
            told[field] = _favoured(
                groups,
                {
                    data.model.positive: (np.asarray(scores >= cut), labels),
                    data.model.classes[0]: (np.asarray(scores < cut), np.asarray(~labels)),
                },
                params.floor,
            )
    return told


def pairs(data: Data, tested: Tested, params: EvaluateParams) -> tuple[list[Fairness], list[str]]:
    """Fairness of pairs of columns, where it was asked for, and which could not be measured."""
    labels, chosen = data.labels[data.test], np.asarray(tested.scores >= tested.ours.threshold)
    found = []
    for one in groups_of(data, params):
        if one.paired:
            known = one.outcomes(labels, params.floor)
            found.append(by_group(one.column, one.names, one.codes, chosen, known, floor=params.floor))
    told = _known(found)
    return told, [name for name in _pair_names(params) if name not in {one.column for one in told}]


def _pair_names(params: EvaluateParams) -> list[str]:
    if not params.pairs:
        return []
    return [group_quality.SEPARATOR.join(pair) for pair in combinations(dict.fromkeys(params.groups), 2)]


def of_many(
    data: Data, many: TestedMany, params: EvaluateParams, ctx: Context, tick: Callable[[], None]
) -> tuple[TestedMany, dict[str, Any], list[str]]:
    """(with more measures, fields of the facts, group columns that could not be measured) of a model of
    several classes or of a number."""
    if many.said is None:
        return many, {}, []
    found, source = data.found[data.test], generator(ctx.entropy)
    number = data.model.task is Task.QUANTITY
    trained = data.found[data.train]
    if number:
        flat = np.full(found.size, float(trained.mean()) if trained.size else 0.0)
    else:
        shares = np.bincount(trained, minlength=len(data.model.classes)) / max(1, trained.size)
        flat = np.tile(shares, (found.size, 1))

    def more(said: Floats, rounds: int | None) -> tuple[Any, Any]:
        if number:
            return numbers.study(found, said, source)
        return several.study(
            found, said, data.model.classes, source, floor=params.floor, rounds=rounds, tick=tick
        )

    extra, study = more(many.said, None)
    fuller = replace(
        many,
        ours=_shown(_with(many.ours, extra), params.floor),
        trivial=_with(many.trivial, more(flat, _FEW)[0]),
    )
    if fuller.baseline is not None and many.baseline_said is not None:
        fuller = replace(fuller, baseline=_with(fuller.baseline, more(many.baseline_said, _FEW)[0]))
    tick()
    told: dict[str, Any] = {"many_study": study}
    groups = groups_of(data, params)
    values = (many.said, many.baseline_said)
    measured: list[str] = []
    for ending, said in zip(("", "_baseline"), values, strict=True):
        if said is None:
            continue
        if number:
            rows: list[NumberFairness] = _known(
                group_quality.numbers(one.column, one.names, one.codes, found, said, floor=params.floor)
                for one in groups
            )
            told[f"number_fairness{ending}"] = rows
            measured = [one.column for one in rows]
        else:
            quality: list[GroupQuality] = _known(
                group_quality.classes(one.column, one.names, one.codes, found, said, floor=params.floor)
                for one in groups
            )
            told[f"group_quality{ending}"] = quality
            measured = [one.column for one in quality]
            told[f"favoured{ending}"] = _each_class(data, groups, found, said, params.floor)
    wanted = [*params.groups, *_pair_names(params)]
    return fuller, told, [one for one in wanted if one not in measured]


def groups_of(data: Data, params: EvaluateParams) -> list[_Groups]:
    """The columns, then, where asked for, their pairs; of the held-out records."""
    single = _columns(data, params)
    if not params.pairs:
        return single
    crossed = []
    for first, second in combinations(single, 2):
        made = group_quality.crossed((first.names, first.codes), (second.names, second.codes), params.floor)
        if made is not None:
            column = f"{first.column}{group_quality.SEPARATOR}{second.column}"
            crossed.append(_Groups(column, *made, paired=True))
    return [*single, *crossed]


def _columns(data: Data, params: EvaluateParams) -> list[_Groups]:
    part = data.part(data.test)
    found = []
    for name in dict.fromkeys(params.groups):
        if name in part.column_names:
            domain = data.columns[name].domain()
            found.append(_Groups(name, domain.labels(), cells.codes(part.column(name), domain, data.decimal)))
    return found


def _each_class(
    data: Data, groups: Sequence[_Groups], found: Counts, said: Floats, floor: int
) -> list[FairnessSummary]:
    predicted = said.argmax(axis=1)
    sizes = np.bincount(found, minlength=len(data.model.classes))
    order = np.argsort(-sizes, kind="stable")[:_CLASSES]
    wanted = {
        data.model.classes[place]: (np.asarray(predicted == place), np.asarray(found == place))
        for place in sorted(order)
    }
    return _favoured(groups, wanted, floor)


def _favoured(
    groups: Sequence[_Groups],
    outcomes: Mapping[str, tuple[Bools, Bools]],
    floor: int,
) -> list[FairnessSummary]:
    return _known(
        group_quality.summary(
            name,
            one.column,
            one.names,
            one.codes,
            predicted=predicted,
            labels=one.outcomes(labels, floor),
            floor=floor,
        )
        for one in groups
        for name, (predicted, labels) in outcomes.items()
    )


def _shown(measured: Measured, floor: int) -> Measured:
    """Without the classes that fewer than `floor` records have, which stand together as one, with the next
    smallest where even together they have fewer."""
    order = sorted(measured.classes, key=lambda one: one.records)
    hidden = [one for one in order if one.records < floor]
    if not hidden:
        return measured
    for one in order[len(hidden) :]:
        if sum(other.records for other in hidden) >= floor:
            break
        hidden.append(one)
    names = {one.name for one in hidden}
    rest = ClassMeasures(several.REST, sum(one.records for one in hidden), None, None)
    kept = [one for one in measured.classes if one.name not in names]
    return replace(measured, classes=[*kept, rest] if kept else [])


def _with(measured: Measured, extra: Sequence[Any]) -> Measured:
    return replace(measured, measures=(*measured.measures, *extra))


def _known(found: "Iterable[T | None]") -> list[T]:
    return [one for one in found if one is not None]
