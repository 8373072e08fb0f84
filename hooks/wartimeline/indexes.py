"""Indexes of the timeline: one mechanism for places, actors, kinds, phases and outlets."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from wartimeline.parse import Entry
from wartimeline.paths import heading_address, index_address
from wartimeline.records import Actor, Claim, Place, RegisterRecord, Source, TreeRecord
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Kind

Keys = Callable[[Entry], Iterable[tuple[str, str]]]
"""Gives the headings an entry stands under, each with why (empty: in its own right)."""


class Listing(NamedTuple):
    """An entry under a heading; `through` says why if not in its own right.

    `claims` are what the actor of the heading says in it, and `sources` what
    the outlet of the heading published or wrote for others.
    """

    entry: Entry
    through: str = ""
    claims: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of an index: a place, an actor, a kind, a phase, an outlet.

    `listings` are in the order of the timeline; `parent` and `children` are ids
    of other headings, and `group` is the label it stands under in the overview.
    """

    index: str
    id: str
    name: str
    listings: tuple[Listing, ...]
    description: str = ""
    group: str = ""
    parent: str | None = None
    children: tuple[str, ...] = ()
    record: RegisterRecord | None = None

    @property
    def address(self) -> str:
        """The address of its page."""
        return heading_address(self.index, self.id)

    @property
    def count(self) -> int:
        """How many entries it lists."""
        return len(self.listings)

    @property
    def claim_count(self) -> int:
        """How many claims its actor makes."""
        return sum(len(listing.claims) for listing in self.listings)

    @property
    def source_count(self) -> int:
        """How many publications of its outlet there are, or that carry its text."""
        return sum(len(listing.sources) for listing in self.listings)


@dataclass(frozen=True)
class Index:
    """An index: its headings by id, in the order in which they are shown."""

    id: str
    title: str
    one: str
    headings: Mapping[str, Heading] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address of its overview."""
        return index_address(self.id)

    @property
    def roots(self) -> tuple[Heading, ...]:
        """The headings that are not part of another, those with most entries first."""
        roots = [h for h in self.headings.values() if h.parent not in self.headings]
        return tuple(sorted(roots, key=lambda heading: -heading.count))

    def children_of(self, heading: Heading) -> tuple[Heading, ...]:
        """Return the headings that are part of another."""
        return tuple(self.headings[child] for child in heading.children)


def make_indexes(timeline: Timeline) -> dict[str, Index]:
    """Make every index of a timeline, by id."""
    indexes = (
        _index_phases(timeline),
        _index_kinds(timeline),
        _index_places(timeline),
        _index_actors(timeline),
        _index_outlets(timeline),
    )
    return {index.id: index for index in indexes}


def group_entries(
    entries: Iterable[Entry],
    keys: Keys,
    make: Callable[[Entry, str, str], Listing] = lambda entry, _, through: Listing(entry, through),
) -> dict[str, tuple[Listing, ...]]:
    """Group entries under headings, each at most once under each, in their order.

    `make` makes the listing of an entry under a heading, with why it is there.
    """
    groups: dict[str, dict[str, Listing]] = {}
    for entry in entries:
        for key, through in keys(entry):
            group = groups.setdefault(key, {})
            if entry.id not in group:
                group[entry.id] = make(entry, key, through)
    return {key: tuple(listings.values()) for key, listings in groups.items()}


def find_neighbours(index: Index, heading: Heading, most: int = 6) -> list[tuple[Heading, float]]:
    """Return the nearest headings with entries under the same parent, with kilometres."""
    here = heading.record
    if not isinstance(here, Place) or here.latitude is None or heading.parent is None:
        return []
    parent = index.headings.get(heading.parent)
    near: list[tuple[float, str]] = []
    for sibling in parent.children if parent else ():
        there = index.headings[sibling].record
        if sibling != heading.id and isinstance(there, Place) and there.latitude is not None:
            near.append((measure_distance(here, there), sibling))
    return [(index.headings[sibling], distance) for distance, sibling in sorted(near)[:most]]


def measure_distance(a: Place, b: Place) -> float:
    """Return the distance between two places with coordinates, in kilometres.

    Equirectangular approximation on the mean Earth radius of 6,371 km: good to
    a few metres over the extent of a city or a province.
    """
    lat_a, lat_b = math.radians(a.latitude or 0), math.radians(b.latitude or 0)
    x = math.radians((b.longitude or 0) - (a.longitude or 0)) * math.cos((lat_a + lat_b) / 2)
    return 6371 * math.hypot(x, lat_b - lat_a)


def _index_places(timeline: Timeline) -> Index:
    places = timeline.places
    ancestors = {place: tuple(_find_ancestors(place, places)) for place in places}

    def keys(entry: Entry) -> Iterator[tuple[str, str]]:
        for place in entry.event.places:
            yield place, ""
        for place in entry.event.places:
            for above in ancestors[place]:
                yield above, places[place].name

    listings = group_entries(timeline.entries, keys)
    return Index("places", "Places", "place", _make_tree("places", places, listings))


def _index_actors(timeline: Timeline) -> Index:
    actors = timeline.actors
    ancestors = {actor: tuple(_find_ancestors(actor, actors)) for actor in actors}
    sides = {side.id: side for side in timeline.settings.sides}

    def keys(entry: Entry) -> Iterator[tuple[str, str]]:
        named = entry.event.actors
        spoke = [claim.by for claim in entry.event.claims if claim.by]
        yield from ((actor, "") for actor in named)
        yield from ((actor, "as claimant") for actor in spoke)
        for actor in (*named, *spoke):
            for above in ancestors[actor]:
                yield above, actors[actor].name

    def make(entry: Entry, actor: str, through: str) -> Listing:
        claims = [claim for claim in entry.event.claims if claim.by == actor]
        return Listing(entry, through, claims=tuple(claims))

    listings = group_entries(timeline.entries, keys, make)

    def describe(actor: RegisterRecord) -> str:
        side = sides[actor.side] if isinstance(actor, Actor) else None
        return f"Party to the conflict: {side.name}" if side and side.party else ""

    tree = _make_tree("actors", actors, listings, describe)
    return Index("actors", "People and groups", "actor", tree)


def _index_outlets(timeline: Timeline) -> Index:
    outlets = timeline.outlets

    def keys(entry: Entry) -> Iterator[tuple[str, str]]:
        yield from ((source.outlet, "") for source in entry.event.sources)
        for source in entry.event.sources:
            for agency in source.agency:
                yield agency, f"carried by {outlets[source.outlet].name}"

    def make(entry: Entry, outlet: str, through: str) -> Listing:
        """List the sources that the outlet published, or that carry its text."""
        sources = [s for s in entry.event.sources if s.outlet == outlet or outlet in s.agency]
        return Listing(entry, through, sources=tuple(sources))

    listings = group_entries(timeline.entries, keys, make)
    ordered = sorted(outlets.values(), key=lambda outlet: (outlet.name.casefold(), outlet.id))
    headings = {
        outlet.id: Heading(
            "sources", outlet.id, outlet.name, listings[outlet.id],
            group=outlet.kind.label, record=outlet,
        )
        for outlet in ordered
        if outlet.id in listings
    }  # fmt: skip
    return Index("sources", "Sources", "outlet", headings)


def _index_kinds(timeline: Timeline) -> Index:
    listings = group_entries(timeline.entries, lambda entry: [(entry.event.kind, "")])
    headings = {
        str(kind): Heading("kinds", str(kind), kind.label, listings[kind], kind.description)
        for kind in Kind
        if kind in listings
    }
    return Index("kinds", "Kinds of event", "kind", headings)


def _index_phases(timeline: Timeline) -> Index:
    listings = group_entries(timeline.entries, lambda entry: [(timeline.find_phase(entry).id, "")])
    headings = {
        phase.id: Heading(
            "phases", phase.id, phase.name, listings[phase.id], phase.summary,
            group=phase.dates.in_words(),
        )
        for phase in timeline.settings.phases
        if phase.id in listings
    }  # fmt: skip
    return Index("phases", "Phases", "phase", headings)


def _make_tree(
    index: str,
    records: Mapping[str, TreeRecord],
    listings: Mapping[str, tuple[Listing, ...]],
    describe: Callable[[RegisterRecord], str] = lambda _: "",
) -> dict[str, Heading]:
    """Make a heading of each record that has entries, itself or through its parts."""
    ordered = sorted(records.values(), key=lambda record: (record.name.casefold(), record.id))
    children: dict[str, list[str]] = {}
    for record in ordered:
        if record.part_of is not None and record.id in listings:
            children.setdefault(record.part_of, []).append(record.id)
    return {
        record.id: Heading(
            index, record.id, record.name, listings[record.id], describe(record),
            group=record.kind.label, parent=record.part_of,
            children=tuple(children.get(record.id, ())), record=record,
        )
        for record in ordered
        if record.id in listings
    }  # fmt: skip


def _find_ancestors(record: str, records: Mapping[str, TreeRecord]) -> Iterator[str]:
    above = records[record].part_of
    while above is not None:
        yield above
        above = records[above].part_of
