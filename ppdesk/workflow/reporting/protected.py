"""Whose protection the claim counts: the privacy unit of the runs that it covers, from their record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ppdesk.core.said import in_marks
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.declared import number
from ppdesk.workflow.reporting.told import TellingEvent, Told
from ppdesk.workflow.unit import Unit


@dataclass(frozen=True)
class Protected:
    """`unit` is what all runs together protect: one record, unless each was made for the same person."""

    unit: Unit
    mixed: bool
    stability: int  # the largest of any run
    inner: tuple[tuple[int, float, int], ...]  # event, epsilon of the mechanism, its divisor where above 1
    found_out: tuple[str, ...] = ()  # settings of the reading that came from all records, in words

    @classmethod
    def of(cls, told: Told) -> "Protected":
        """From every training and every release that ended well."""
        runs = told.covered()
        units = {_unit(event) for event in runs}
        steady = [_whole(event, "stability") for event in runs]
        shares = [
            (event.seq, number(event.facts.get("mechanism_epsilon")), _whole(event, "group"))
            for event in runs
        ]
        return cls(
            unit=next(iter(units)) if len(units) == 1 else Unit(),
            mixed=len(units) > 1,
            stability=max(steady, default=1),
            inner=tuple((seq, epsilon, by) for seq, epsilon, by in shares if epsilon is not None and by > 1),
            found_out=tuple(dict.fromkeys(words for event in runs for words in _texts(event, "found_out"))),
        )

    def words(self, say: Tongue | None = None) -> str:
        """An answer to: what is protected?"""
        say = say or Tongue()
        if self.mixed:
            return say(
                "One record of the imported table, in whose place stands another with the same id (the "
                "privacy unit). Some runs were made for a person: their chapters say so, and this is "
                "what holds for all together"
            )
        if self.unit.column is None:
            return say("One record of the imported table (the privacy unit)")
        return say(
            "One person: all records with the same {column}, of which at most {most} were used (the privacy "
            "unit)",
            column=self.unit.column,
            most=self.unit.most_rows,
        )

    def rows(self, say: Tongue | None = None) -> Iterator[tuple[str, str]]:
        """What more the claim rests on."""
        say = say or Tongue()
        if self.unit.column is not None:
            yield (
                say("Contribution bounding"),
                say(
                    "Of each {column}, {most} records at most were used, chosen at random without a look at "
                    "their values; records without one were left out",
                    column=self.unit.column,
                    most=self.unit.most_rows,
                ),
            )
        if self.stability > 1:
            yield say("Cleaning"), self._cleaning(say)
        if self.inner:
            told = [
                say(
                    "{epsilon}, 1/{divisor} of ε (event {number})",
                    epsilon=in_marks(f"{epsilon:.4g}", say.language),
                    divisor=by,
                    number=str(seq),
                )
                for seq, epsilon, by in self.inner
            ]
            yield (
                say("ε of the mechanism for one record"),
                say("{shares}: group privacy, rounded down", shares=say.joined(told)),
            )

    def _cleaning(self, say: Tongue) -> str:
        if self.unit.column is None:
            return say(
                "One imported record can change up to {most} records after cleaning", most=self.stability
            )
        return say(
            "One imported record can change up to {most} records after cleaning. For persons with at most "
            "{records} records in the imported file",
            most=self.stability,
            records=self.unit.most_rows,
        )

    def not_covered(self, say: Tongue | None = None) -> Iterator[tuple[str, str]]:
        """What the unit leaves out."""
        say = say or Tongue()
        if self.unit.column is None:
            yield (
                say("Several records of one person"),
                say("The unit is one record. A person with n records is covered at n times the ε."),
            )
        else:
            yield (
                say("One person under several values of {column}", column=self.unit.column),
                say(
                    "Whoever has n ids is covered at n times the ε. Whether the column tells persons apart "
                    "was declared, not checked. Persons who share an id share its records: each of them is "
                    "covered at up to twice the ε."
                ),
            )
        if self.found_out:
            yield (
                say("How the file is read"),
                say(
                    "Found out over all records: {settings}. That is taken as public; one record that would "
                    "have turned it for all is not covered.",
                    settings=", ".join(self.found_out),
                ),
            )


def _unit(event: TellingEvent) -> Unit:
    column = event.facts.get("unit_column")
    return Unit(str(column), _whole(event, "most_rows")) if column else Unit()


def _texts(event: TellingEvent, name: str) -> list[str]:
    private = event.facts.get("private")  # of a release by SafePub its own facts; else a mark
    value = private.get(name) if isinstance(private, Mapping) else event.facts.get(name)
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _whole(event: TellingEvent, name: str) -> int:
    value = event.facts.get(name)
    return value if isinstance(value, int) and value > 0 else 1
