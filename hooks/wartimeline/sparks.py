"""Events over time in small drawings: per month by family of kinds, and sparklines."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from wartimeline.charts import Month
from wartimeline.dates import MONTHS
from wartimeline.parse import Entry
from wartimeline.settings import Phase
from wartimeline.vocabulary import FAMILIES, Family

_LONGEST_BY_MONTH = 25
"""The most years whose months can still be told apart in a line of some 300 pixels."""
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Stack:
    """A month with how many of its events are of each family, in the order of the families."""

    month: Month
    parts: tuple[tuple[Family, int], ...]

    @property
    def words(self) -> str:
        """Say what the month holds: `Bombardment 3, Fighting and sieges 2`."""
        return ", ".join(f"{family.label.lower()} {count}" for family, count in self.parts)

    def count(self, family: Family) -> int:
        """Return how many of its events are of a family."""
        return dict(self.parts).get(family, 0)


@dataclass(frozen=True, slots=True)
class Band:
    """A phase as a stretch of the months of a drawing: where it starts and how long it is."""

    phase: Phase
    number: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Months in order with their parts, and the phases that they lie in."""

    stacks: tuple[Stack, ...]
    bands: tuple[Band, ...] = ()

    @property
    def families(self) -> tuple[Family, ...]:
        """The families that occur, in their order."""
        found = {family for stack in self.stacks for family, _ in stack.parts}
        return tuple(family for family in Family if family in found)

    @property
    def highest(self) -> int:
        """The most events in one month."""
        return max(stack.month.count for stack in self.stacks)

    def of_year(self, year: int) -> "Drawing":
        """Return the months of one year, without phases."""
        return Drawing(tuple(one for one in self.stacks if one.month.first.year == year))


@dataclass(frozen=True)
class Spark:
    """A line of bars over the years of the whole timeline, the same span on every page.

    `bars` count events per month, or per year where `by_year`, from the first
    of January of `first` to the end of `last`.
    """

    first: int
    last: int
    by_year: bool
    bars: tuple[int, ...]

    @property
    def highest(self) -> int:
        """The most events in one bar."""
        return max(self.bars)

    @cached_property
    def years(self) -> tuple[tuple[int, int], ...]:
        """How many events began in each year that has any."""
        step = 1 if self.by_year else len(MONTHS)
        sums = [sum(self.bars[i : i + step]) for i in range(0, len(self.bars), step)]
        return tuple((self.first + i, count) for i, count in enumerate(sums) if count)

    @property
    def words(self) -> str:
        """Say what is drawn: `Events per year: 2012 40, 2013 12`."""
        return "Events per year: " + ", ".join(f"{year} {count}" for year, count in self.years)

    def months_of(self, year: int) -> tuple[int, ...]:
        """Return the counts of the twelve months of a year; nothing where bars are years."""
        start = (year - self.first) * len(MONTHS)
        return () if self.by_year else self.bars[start : start + len(MONTHS)]


def make_drawing(
    months: Sequence[Month], entries: Iterable[Entry], phases: Iterable[Phase]
) -> Drawing:
    """Split the events of each month by family; months without events have no parts."""
    counts: dict[dt.date, Counter[Family]] = {}
    for entry in entries:
        first = entry.event.date.earliest.replace(day=1)
        counts.setdefault(first, Counter())[FAMILIES[entry.event.kind]] += 1
    stacks = tuple(
        Stack(month, tuple((f, found[f]) for f in Family if found[f]))
        for month in months
        for found in (counts.get(month.first, Counter[Family]()),)
    )
    return Drawing(stacks, tuple(_make_bands(phases, months)) if stacks else ())


def make_spark(entries: Iterable[Entry], months: Sequence[Month]) -> Spark | None:
    """Count some entries over the months of the whole timeline.

    None where there are so few that the list of them says as much.
    """
    days = [entry.event.date.earliest for entry in entries]
    if len(days) < _FEWEST or not months:
        return None
    first, last = months[0].first.year, months[-1].first.year
    if last - first >= _LONGEST_BY_MONTH:
        years = Counter(day.year for day in days)
        bars = tuple(years[year] for year in range(first, last + 1))
        return Spark(first, last, by_year=True, bars=bars)
    counts = [0] * len(months)
    for day in days:
        counts[(day.year - first) * len(MONTHS) + day.month - 1] += 1
    return Spark(first, last, by_year=False, bars=tuple(counts))


def _make_bands(phases: Iterable[Phase], months: Sequence[Month]) -> Iterator[Band]:
    """Measure phases in months from the first month; what lies outside them is cut off."""
    for number, phase in enumerate(phases, 1):
        day_after = phase.dates.latest + dt.timedelta(days=1)
        start = max(0.0, _measure(months[0].first, phase.dates.earliest))
        end = min(float(len(months)), _measure(months[0].first, day_after))
        if end > start:
            yield Band(phase, number, start, end - start)


def _measure(start: dt.date, day: dt.date) -> float:
    """Return how many months a day is after the first of a month, days as parts of 31."""
    whole = (day.year - start.year) * len(MONTHS) + day.month - start.month
    return whole + (day.day - 1) / 31
