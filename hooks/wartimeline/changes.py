"""When entries came in, and what was corrected since."""

import datetime as dt
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TypeAlias

from wartimeline.charts import Month
from wartimeline.division import MOST_ROWS
from wartimeline.parse import Entry
from wartimeline.records import Correction
from wartimeline.site import Edition

Corrected: TypeAlias = tuple[Entry, Correction]


@dataclass(frozen=True, slots=True)
class Addition:
    """The entries that came in on one day, in the order of the timeline."""

    day: dt.date
    entries: tuple[Entry, ...]

    @property
    def month(self) -> dt.date:
        """The first day of the month in which they came in."""
        return self.day.replace(day=1)

    @property
    def count(self) -> int:
        """How many entries came in."""
        return len(self.entries)


def list_additions(entries: Iterable[Entry], edition: Edition) -> tuple[Addition, ...]:
    """List the days on which entries came in, the latest first, without entries that have none."""
    dated = [(day, entry) for entry in entries if (day := edition.find_added(entry))]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(
        Addition(day, tuple(entry for _, entry in found))
        for day, found in groupby(dated, key=lambda pair: pair[0])
    )


def choose_latest(additions: Sequence[Addition], most: int = MOST_ROWS) -> tuple[Addition, ...]:
    """Choose the latest days whose entries fit on a page; each takes a row itself.

    Where there is no room for all, a row is kept for each month of the others.
    """
    ends = list(accumulate(addition.count + 1 for addition in additions))
    months = {addition.month for addition in additions}
    room = most if not ends or ends[-1] <= most else most - len(months)
    return tuple(additions[: bisect(ends, room)])


def group_additions(additions: Iterable[Addition]) -> list[tuple[Month, list[Addition]]]:
    """Group days on which entries came in by month, in their order."""
    grouped = groupby(additions, key=lambda addition: addition.month)
    months = [(first, list(found)) for first, found in grouped]
    return [
        (Month(first, sum(one.count for one in found), has_key=False), found)
        for first, found in months
    ]


def choose_corrections(
    corrections: Sequence[Corrected], most: int = MOST_ROWS
) -> tuple[Sequence[Corrected], Mapping[int, int]]:
    """Choose the latest corrections that fit on a page, and count the others by year.

    Where there is no room for all, a row is kept for each year that there is.
    """
    if len(corrections) <= most:
        return corrections, {}
    years = [correction.date.earliest.year for _, correction in corrections]
    room = most - len(set(years))
    return corrections[:room], Counter(years[room:])


def list_corrections(entries: Iterable[Entry]) -> tuple[Corrected, ...]:
    """List all corrections with their entries, the latest first."""
    pairs = [(entry, correction) for entry in entries for correction in entry.event.corrections]
    return tuple(sorted(pairs, key=lambda pair: pair[1].date.earliest, reverse=True))
