"""The timeline: everything valid, in order, with what follows from the order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from wartimeline.catalogue import Catalogue
from wartimeline.corroboration import Corroboration, corroborate
from wartimeline.parse import Entry
from wartimeline.records import Actor, Outlet, Place
from wartimeline.settings import Phase, Settings
from wartimeline.vocabulary import Status


@dataclass(frozen=True)
class Timeline:
    """All that is shown.

    `entries` are the published ones, oldest first; `withdrawn` keep their
    address but appear in no list. Drafts are in neither.
    """

    settings: Settings
    entries: tuple[Entry, ...]
    withdrawn: tuple[Entry, ...]
    places: Mapping[str, Place]
    actors: Mapping[str, Actor]
    outlets: Mapping[str, Outlet]

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """Every entry that has a page, by id."""
        return {entry.id: entry for entry in (*self.entries, *self.withdrawn)}

    @cached_property
    def by_day(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each known single day, by the day as written."""
        days: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.event.date.is_day:
                days.setdefault(entry.event.date.edtf, []).append(entry)
        return {day: tuple(entries) for day, entries in days.items()}

    @cached_property
    def corroboration(self) -> Mapping[str, Corroboration]:
        """What each published entry rests on, by id."""
        parties = tuple(side.id for side in self.settings.sides if side.party)
        return {
            entry.id: corroborate(entry.event, self.actors, self.outlets, parties)
            for entry in self.entries
        }

    @cached_property
    def _phases(self) -> dict[str, Phase]:
        return {}

    def find_phase(self, entry: Entry) -> Phase:
        """Return the phase an entry falls into; the rules see to it that there is one."""
        found = self._phases.get(entry.id)
        if found is None:
            phases = self.settings.phases
            found = self._phases[entry.id] = next(
                phase for phase in phases if phase.contains(entry.event.date)
            )
        return found


def make_timeline(catalogue: Catalogue) -> Timeline:
    """Put a valid catalogue in order."""
    ordered = sort_entries(catalogue.entries)
    return Timeline(
        catalogue.settings,
        tuple(entry for entry in ordered if entry.event.status is Status.PUBLISHED),
        tuple(entry for entry in ordered if entry.event.status is Status.WITHDRAWN),
        catalogue.places.by_id,
        catalogue.actors.by_id,
        catalogue.outlets.by_id,
    )


def sort_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Sort by first possible day, last possible day, declared order and id."""

    def key(entry: Entry) -> tuple[object, ...]:
        date, order = entry.event.date, entry.event.order
        return date.earliest, date.latest, order is None, order or 0, entry.id

    return sorted(entries, key=key)
