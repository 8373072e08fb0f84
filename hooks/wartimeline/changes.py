"""When entries came in, and what was corrected since."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from wartimeline.parse import Entry
from wartimeline.records import Correction
from wartimeline.site import Edition


@dataclass(frozen=True, slots=True)
class Addition:
    """The entries that came in on one day, in the order of the timeline."""

    day: dt.date
    entries: tuple[Entry, ...]


def list_additions(entries: Iterable[Entry], edition: Edition) -> tuple[Addition, ...]:
    """List the days on which entries came in, the latest first, without entries that have none."""
    dated = [(day, entry) for entry in entries if (day := edition.find_added(entry))]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(
        Addition(day, tuple(entry for _, entry in found))
        for day, found in groupby(dated, key=lambda pair: pair[0])
    )


def list_corrections(entries: Iterable[Entry]) -> tuple[tuple[Entry, Correction], ...]:
    """List all corrections with their entries, the latest first."""
    pairs = [(entry, correction) for entry in entries for correction in entry.event.corrections]
    return tuple(sorted(pairs, key=lambda pair: pair[1].date.earliest, reverse=True))
