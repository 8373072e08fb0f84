"""What the timeline lacks, and how its sources and speakers are spread: counted, not judged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass

from wartimeline.charts import Month, count_months
from wartimeline.division import MOST_ROWS, share_rows
from wartimeline.indexes import Index
from wartimeline.names import name_language
from wartimeline.parse import Entry
from wartimeline.records import Place, Source
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import PlaceKind


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a whole have something in common."""

    name: str
    count: int
    whole: int

    @property
    def percent(self) -> int:
        """The share in per cent, rounded."""
        return round(100 * self.count / self.whole) if self.whole else 0


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of a timeline, each as a list in the order of the timeline.

    `one_sided` gives, by the name of a party, the entries in which it alone
    makes all claims or is behind all origins; `partisan` are those in which
    several parties do so together. `empty_months` lie between the first and the
    last event.
    """

    one_origin: tuple[Entry, ...]
    one_sided: Mapping[str, tuple[Entry, ...]]
    partisan: tuple[Entry, ...]
    without_claims: tuple[Entry, ...]
    empty_months: tuple[Month, ...]
    empty_districts: tuple[Place, ...]
    supplied_titles: tuple[tuple[Entry, tuple[Source, ...]], ...]
    sources: int
    archived: Share
    dated: Share
    titled: Share
    by_language: tuple[Share, ...]
    by_publisher: tuple[Share, ...]
    by_speaker: tuple[Share, ...]
    by_year: tuple[Share, ...]

    @property
    def lists(self) -> tuple[Sized, ...]:
        """The lists that grow with the timeline and its registers."""
        return (
            self.one_origin, *self.one_sided.values(), self.partisan, self.without_claims,
            self.empty_districts, self.supplied_titles,
        )  # fmt: skip

    def count_shown(self, most: int = MOST_ROWS) -> int:
        """Return how much of each list stands on a page of at most `most` rows in all.

        Months, a row for each year, and shares stand there whole.
        """
        shares = (self.by_language, self.by_publisher, self.by_speaker, self.by_year)
        years = {month.first.year for month in self.empty_months}
        whole = len(years) + len((self.archived, self.dated, self.titled)) + sum(map(len, shares))
        return share_rows(map(len, self.lists), max(most - whole, 0))


def find_gaps(timeline: Timeline, places: Index) -> Gaps:
    """Find the gaps of a timeline; `places` is its index of places."""
    entries = timeline.entries
    basis = timeline.corroboration
    sources = [source for entry in entries for source in entry.event.sources]
    titles = [
        (entry, tuple(s for s in entry.event.sources if s.title.startswith("[")))
        for entry in entries
    ]
    sides = [side for side in timeline.settings.sides if side.party]
    one_sided = {
        side.name: tuple(
            e for e in entries if basis[e.id].is_one_sided and basis[e.id].sides == (side.id,)
        )
        for side in sides
    }
    return Gaps(
        one_origin=tuple(e for e in entries if basis[e.id].has_one_origin),
        one_sided={name: found for name, found in one_sided.items() if found},
        partisan=tuple(
            e for e in entries if basis[e.id].is_partisan and not basis[e.id].is_one_sided
        ),
        without_claims=tuple(e for e in entries if not e.event.claims),
        empty_months=_find_empty_months(timeline),
        empty_districts=tuple(
            sorted(
                (
                    place
                    for place in timeline.places.values()
                    if place.kind is PlaceKind.NEIGHBOURHOOD and place.id not in places.headings
                ),
                key=lambda place: (place.name.casefold(), place.id),
            )
        ),
        supplied_titles=tuple((entry, found) for entry, found in titles if found),
        sources=len(sources),
        archived=Share(
            "with an archived copy", sum(bool(s.archive) for s in sources), len(sources)
        ),
        dated=Share("with a date", sum(bool(s.published) for s in sources), len(sources)),
        titled=Share(
            "with the title as printed",
            sum(not s.title.startswith("[") for s in sources),
            len(sources),
        ),
        by_language=_share(name_language(source.language) for source in sources),
        by_publisher=_share(timeline.outlets[source.outlet].kind.label for source in sources),
        by_speaker=_share(_name_speakers(timeline)),
        by_year=tuple(
            sorted(
                _share(str(e.event.date.earliest.year) for e in entries), key=lambda one: one.name
            )
        ),
    )


def _find_empty_months(timeline: Timeline) -> tuple[Month, ...]:
    months = count_months(timeline.entries)
    full = [i for i, month in enumerate(months) if month.count]
    return tuple(m for m in months[full[0] : full[-1]] if not m.count) if full else ()


def _name_speakers(timeline: Timeline) -> Iterable[str]:
    """Yield, for each claim, the side its claimant is on."""
    sides = {side.id: side.name for side in timeline.settings.sides}
    for entry in timeline.entries:
        for claim in entry.event.claims:
            yield sides[timeline.actors[claim.by].side] if claim.by else "Not in the register"


def _share(names: Iterable[str]) -> tuple[Share, ...]:
    counts = Counter(names)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Share(name, count, counts.total()) for name, count in ordered)
