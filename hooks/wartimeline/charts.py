"""The strip of events per month: data for a drawing and for a table."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from wartimeline.dates import MONTHS
from wartimeline.parse import Entry
from wartimeline.paths import month_address

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the strip: how many events began in it, and where to read them."""

    first: dt.date
    count: int
    has_key: bool

    @property
    def name(self) -> str:
        """Return the month in words: `December 2016`."""
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"

    @property
    def address(self) -> str:
        """The address of its page; there is one only if there are events."""
        return month_address(self.first)


def count_months(entries: tuple[Entry, ...]) -> tuple[Month, ...]:
    """Count events by the month they began in, from the first year to the last, gaps included."""
    if not entries:
        return ()
    counts = Counter(entry.event.date.earliest.replace(day=1) for entry in entries)
    keys = {e.event.date.earliest.replace(day=1) for e in entries if e.event.key}
    months = _walk(min(counts).year, max(counts).year)
    return tuple(Month(first, counts[first], first in keys) for first in months)


def _walk(first: int, last: int) -> Iterator[dt.date]:
    for year in range(first, last + 1):
        for month in range(1, _DECEMBER + 1):
            yield dt.date(year, month, 1)
