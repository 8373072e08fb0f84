"""The data behind the explore page, as columns.

One file holds all that narrowing needs. The words of rows come in chunks, which
the page asks for when it shows them, as it does for the lines of the map.
Records are named by their position.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, TypeVar

from wartimeline.basemap import Basemap, read_countries, read_world
from wartimeline.charts import count_months
from wartimeline.corroboration import Corroboration
from wartimeline.frames import Line
from wartimeline.names import find_direction
from wartimeline.outlines import Gazetteer
from wartimeline.parse import Entry
from wartimeline.records import Actor, Place, TreeRecord
from wartimeline.settings import Phase
from wartimeline.site import Export
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import FAMILIES, Family, Kind

FOLDER = "explore/"
_CHUNK = 1000
_STEPS = 1000
_MONTHS_A_YEAR = 12
_PLACES_DECIMAL = 5

_Tree = TypeVar("_Tree", bound=TreeRecord)


def make_explore_files(timeline: Timeline) -> tuple[Export, ...]:
    """Make the file of columns, the words of a thousand rows each, and the lines of the map."""
    countries = read_countries()
    gazetteer = _read_gazetteer(timeline, countries)
    chunks = [timeline.entries[i : i + _CHUNK] for i in range(0, len(timeline.entries), _CHUNK)]
    return (
        Export(f"{FOLDER}events.json", _write_json(_make_columns(timeline, gazetteer))),
        *(
            Export(f"{FOLDER}rows-{i}.json", _write_json(_make_rows(chunk, timeline)))
            for i, chunk in enumerate(chunks)
        ),
        Export(f"{FOLDER}lines.json", _write_json(_make_lines(gazetteer, countries))),
    )


def group_kinds(timeline: Timeline) -> dict[Family, list[Kind]]:
    """Return the kinds that events have, by family."""
    found = {entry.event.kind for entry in timeline.entries}
    groups = {family: [kind for kind in family.kinds if kind in found] for family in Family}
    return {family: kinds for family, kinds in groups.items() if kinds}


def list_phases(timeline: Timeline) -> list[Phase]:
    """Return the phases that have events, in order."""
    found = {timeline.find_phase(entry).id for entry in timeline.entries}
    return [phase for phase in timeline.settings.phases if phase.id in found]


def _make_columns(timeline: Timeline, gazetteer: Gazetteer) -> dict[str, Any]:
    entries, months = timeline.entries, count_months(timeline.entries)
    acting = [_list_actors(entry) for entry in entries]
    places = _find_shown_places(timeline)
    actors = _with_ancestors((one for found in acting for one in found), timeline.actors)
    kinds = [kind for found in group_kinds(timeline).values() for kind in found]
    phases = [phase.id for phase in list_phases(timeline)]
    at = {place.id: i for i, place in enumerate(places)}
    by = {actor.id: i for i, actor in enumerate(actors)}
    return {
        "first": f"{months[0].first:%Y-%m}" if months else "",
        "months": len(months),
        "chunk": _CHUNK,
        "kinds": _describe_kinds(kinds, list(group_kinds(timeline))),
        "phases": {"id": phases, "name": [phase.name for phase in list_phases(timeline)]},
        "places": _describe_places(places, at, gazetteer, timeline.settings.name_languages),
        "actors": {**_describe_records(actors, by), "also": [_join_also(a) for a in actors]},
        "directions": {
            tag: find_direction(tag) for tag in sorted({tag for p in places for tag in p.names})
        },
        "events": {
            "month": [_count_months_to(entry, months[0].first.year) for entry in entries],
            "kind": [kinds.index(entry.event.kind) for entry in entries],
            "phase": [phases.index(timeline.find_phase(entry).id) for entry in entries],
            "places": [[at[place] for place in entry.event.places] for entry in entries],
            "actors": [[by[actor] for actor in found] for found in acting],
            "origins": [timeline.corroboration[entry.id].count for entry in entries],
            "contested": [i for i, entry in enumerate(entries) if entry.event.disputed],
            "key": [i for i, entry in enumerate(entries) if entry.event.key],
        },
    }


def _make_rows(entries: Sequence[Entry], timeline: Timeline) -> dict[str, Any]:
    briefs = [entry.event.date.in_brief() for entry in entries]
    return {
        "id": [entry.id for entry in entries],
        "title": [entry.event.title for entry in entries],
        "date": [entry.event.date.in_words() for entry in entries],
        "large": [large for large, _ in briefs],
        "small": [small for _, small in briefs],
        "partisan": [_say_partisan(timeline.corroboration[entry.id]) for entry in entries],
    }


def _list_actors(entry: Entry) -> list[str]:
    """Return the actors of an event: those who took part, then those who only spoke."""
    spoke = (claim.by for claim in entry.event.claims if claim.by)
    return list(dict.fromkeys([*entry.event.actors, *spoke]))


def _find_shown_places(timeline: Timeline) -> list[Place]:
    """Return places with events, and all whose extent is known: they are the base of the map."""
    found = _with_ancestors(
        (place for entry in timeline.entries for place in entry.event.places), timeline.places
    )
    has_events = {place.id for place in found}
    base = [p for p in timeline.places.values() if p.radius_m and p.id not in has_events]
    return _with_ancestors([place.id for place in [*found, *base]], timeline.places)


def _with_ancestors(ids: Iterable[str], records: Mapping[str, _Tree]) -> list[_Tree]:
    """Return records and all they are part of, sorted by name."""
    found: dict[str, _Tree] = {}
    for one in ids:
        above: str | None = one
        while above is not None and above not in found:
            found[above] = records[above]
            above = records[above].part_of
    return sorted(found.values(), key=lambda record: (record.name.casefold(), record.id))


def _describe_kinds(kinds: Sequence[Kind], families: Sequence[Family]) -> dict[str, Any]:
    return {
        "id": kinds,
        "name": [kind.label for kind in kinds],
        "family": [families.index(FAMILIES[kind]) for kind in kinds],
        "families": families,
    }


def _describe_records(records: Sequence[TreeRecord], at: Mapping[str, int]) -> dict[str, Any]:
    """Describe records as columns; `parent` is a position, or -1 at the top."""
    return {
        "id": [record.id for record in records],
        "name": [record.name for record in records],
        "parent": [at[record.part_of] if record.part_of else -1 for record in records],
    }


def _describe_places(
    places: Sequence[Place], at: Mapping[str, int], gazetteer: Gazetteer, languages: Sequence[str]
) -> dict[str, Any]:
    outlines = gazetteer.outlines
    return {
        **_describe_records(places, at),
        "names": [
            {tag: name for tag, name in place.names.items() if not languages or tag in languages}
            for place in places
        ],
        "also": [" | ".join(place.also) for place in places],
        "kind": [place.kind for place in places],
        "latitude": [_round(place.latitude) for place in places],
        "longitude": [_round(place.longitude) for place in places],
        "radius": [place.radius_m for place in places],
        "shape": [outlines[p.id].shape if p.id in outlines else None for p in places],
    }


def _read_gazetteer(timeline: Timeline, countries: Sequence[Basemap]) -> Gazetteer:
    regions = {name: rings for base in countries for name, rings in base.regions.items()}
    return Gazetteer(timeline.places, regions)


def _make_lines(gazetteer: Gazetteer, countries: Sequence[Basemap]) -> dict[str, Any]:
    """Pack what is drawn as lines: coasts and borders, fine for the country of the city."""
    home = gazetteer.outlines.get(gazetteer.home.id) if gazetteer.home else None
    at_home = [
        base for base in countries if home and _is_within(home.longitude, home.latitude, base)
    ]
    world = read_world()
    return {
        "steps": _STEPS,
        "world": {"land": _pack(world.land), "borders": _pack(world.borders)},
        "countries": [
            {
                "bounds": base.bounds,
                "land": _pack(base.land),
                "borders": _pack(base.borders),
                "regions": _pack(base.region_borders),
            }
            for base in at_home
        ],
        "places": {id_: _pack(one.rings) for id_, one in gazetteer.outlines.items() if one.rings},
    }


def _is_within(longitude: float, latitude: float, base: Basemap) -> bool:
    west, south, east, north = base.country or (0, 0, 0, 0)
    return west <= longitude <= east and south <= latitude <= north


def _pack(lines: Iterable[Line]) -> list[list[int]]:
    """Write each line as its first point and the steps to each next one, in whole numbers."""
    packed = []
    for line in lines:
        points = [(round(x * _STEPS), round(y * _STEPS)) for x, y in line]
        steps = ((bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points))
        packed.append(list(chain(points[0], *steps)))
    return packed


def _join_also(actor: Actor) -> str:
    return " | ".join([*([actor.short] if actor.short else []), *actor.also])


def _say_partisan(basis: Corroboration) -> str:
    """Say that only parties are heard, as the rows of other pages do; nothing otherwise."""
    if not basis.is_partisan:
        return ""
    what = "claims" if basis.are_claims_partisan else "sources"
    return f"{what} only from {'one party' if basis.is_one_sided else 'parties'}"


def _count_months_to(entry: Entry, first_year: int) -> int:
    day = entry.event.date.earliest
    return (day.year - first_year) * _MONTHS_A_YEAR + day.month - 1


def _round(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, _PLACES_DECIMAL)


def _write_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
