"""What a place of the gazetteer is drawn as: never more precisely than it is recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from wartimeline.frames import Bounds, Line, find_bounds, find_hull, is_inside, surround
from wartimeline.records import Place
from wartimeline.vocabulary import PlaceKind, PointPrecision

FEWEST = 3
"""How many places an area must have in it to be drawn by them."""


class Shape(StrEnum):
    """What a mark on a map looks like, which says what is known."""

    DOT = "dot"
    EXTENT = "extent"
    ABOUT = "about"
    ROUGH = "rough"
    AREA = "area"
    DISTRICTS = "districts"
    HULL = "hull"
    REGION = "region"


LAYERS = (
    Shape.REGION,
    Shape.HULL,
    Shape.DISTRICTS,
    Shape.AREA,
    Shape.ROUGH,
    Shape.EXTENT,
    Shape.ABOUT,
    Shape.DOT,
)
"""The shapes from the lowest layer of a map to the highest."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of where a place lies and how far it reaches.

    `radius_m` belongs to circles, `rings` to hulls and regions, and `districts`
    are the places with a circle by which an area of the city is drawn.
    """

    shape: Shape
    longitude: float
    latitude: float
    bounds: Bounds
    radius_m: int = 0
    rings: tuple[Line, ...] = ()
    districts: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A place that is drawn, for itself or for places in it whose position is not recorded."""

    place: Place
    outline: Outline
    is_asked_for: bool
    stands_for: tuple[str, ...]


@dataclass(frozen=True)
class Gazetteer:
    """The places of a timeline as a tree, with the regions whose borders are known, by name."""

    places: Mapping[str, Place]
    regions: Mapping[str, tuple[Line, ...]]

    @cached_property
    def children(self) -> Mapping[str, tuple[Place, ...]]:
        """The places directly in each place, sorted by id."""
        found: dict[str, list[Place]] = {}
        for _, place in sorted(self.places.items()):
            if place.part_of is not None:
                found.setdefault(place.part_of, []).append(place)
        return {id_: tuple(places) for id_, places in found.items()}

    @cached_property
    def home(self) -> Place | None:
        """The settlement with the most places in it: the one that the timeline is about."""
        kinds = {PlaceKind.CITY, PlaceKind.TOWN, PlaceKind.VILLAGE}
        found = [p for p in self.places.values() if p.kind in kinds and p.latitude is not None]
        return min(found, key=lambda p: (-len(self._below[p.id]), p.id), default=None)

    @cached_property
    def districts(self) -> tuple[Place, ...]:
        """The places in the home city whose extent is known: its base, circle by circle."""
        return self._list_districts(self.home) if self.home else ()

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        """What each place is drawn as that can be drawn, by id."""
        made = ((place.id, self._outline(place)) for place in self.places.values())
        return {id_: outline for id_, outline in made if outline is not None}

    def list_ancestors(self, place: Place) -> Iterator[Place]:
        """Give the places that a place is in, the nearest first."""
        while place.part_of is not None:
            place = self.places[place.part_of]
            yield place

    def find_shown(self, place: Place) -> Place | None:
        """Return the place itself, or the nearest it is in that can be drawn."""
        chain = (place, *self.list_ancestors(place))
        return next((one for one in chain if one.id in self.outlines), None)

    @cached_property
    def _below(self) -> Mapping[str, tuple[Place, ...]]:
        """All places in each place, however deep, sorted by id."""
        found: dict[str, list[Place]] = {id_: [] for id_ in self.places}
        for _, place in sorted(self.places.items()):
            for ancestor in self.list_ancestors(place):
                found[ancestor.id].append(place)
        return {id_: tuple(places) for id_, places in found.items()}

    def _list_districts(self, place: Place) -> tuple[Place, ...]:
        return tuple(
            one
            for one in self._below[place.id]
            if one.radius_m and one.precision in {PointPrecision.APPROXIMATE, PointPrecision.EXACT}
        )

    def _outline(self, place: Place) -> Outline | None:
        longitude, latitude = place.longitude, place.latitude
        if place.kind is PlaceKind.COUNTRY or longitude is None or latitude is None:
            return None
        wholes = {PlaceKind.GOVERNORATE, PlaceKind.REGION, PlaceKind.AREA, PlaceKind.CITY}
        if place.kind in wholes and (found := self._outline_whole(place, longitude, latitude)):
            return found
        radius = place.radius_m or 0
        return Outline(
            _find_shape(place), longitude, latitude, surround(longitude, latitude, radius), radius
        )

    def _outline_whole(self, place: Place, longitude: float, latitude: float) -> Outline | None:
        """Draw a place by its borders, its districts or the places in it, if there are any."""
        if place.kind is PlaceKind.GOVERNORATE:
            for rings in self.regions.values():
                if is_inside(longitude, latitude, rings):
                    bounds = find_bounds(point for ring in rings for point in ring)
                    return Outline(Shape.REGION, longitude, latitude, bounds, rings=rings)
        is_at_home = any(one is self.home for one in (place, *self.list_ancestors(place)))
        districts = self._list_districts(place) if is_at_home else ()
        if districts and place is not self.home:
            rough = (p for p in self._below[place.id] if p.radius_m and p not in districts)
            districts += tuple(p for p in rough if p.kind is PlaceKind.NEIGHBOURHOOD)
        if len(districts) >= FEWEST:
            bounds = find_bounds(corner for one in districts for corner in _list_corners(one))
            return Outline(Shape.DISTRICTS, longitude, latitude, bounds, districts=districts)
        if place.precision is PointPrecision.REPRESENTATIVE and place.radius_m is None:
            points = [(p.longitude, p.latitude) for p in self._below[place.id]]
            known = [(x, y) for x, y in points if x is not None and y is not None]
            hull = find_hull(known) if known else ()
            if len(hull) >= FEWEST:
                return Outline(Shape.HULL, longitude, latitude, find_bounds(hull), rings=(hull,))
        return None


def find_shown(places: Sequence[Place], gazetteer: Gazetteer) -> list[Shown]:
    """Find what is drawn for each place: itself, or the nearest it is in that can be drawn.

    A place with another one in it is left out, unless it is a part of the city.
    """
    found: dict[str, tuple[Place, list[str]]] = {}
    for place in places:
        drawn = gazetteer.find_shown(place)
        if drawn is not None:
            names = found.setdefault(drawn.id, (drawn, []))[1]
            if drawn is not place:
                names.append(place.name)
    asked = {place.id for place in places}
    around = {one.id for drawn, _ in found.values() for one in gazetteer.list_ancestors(drawn)}
    return [
        Shown(drawn, outline, drawn.id in asked, tuple(names))
        for drawn, names in found.values()
        for outline in (gazetteer.outlines[drawn.id],)
        if drawn.id not in around
        or (outline.shape is Shape.DISTRICTS and drawn is not gazetteer.home)
    ]


def _find_shape(place: Place) -> Shape:
    if place.precision is PointPrecision.REPRESENTATIVE:
        return Shape.ROUGH if place.radius_m else Shape.AREA
    if place.radius_m:
        return Shape.EXTENT
    # A single point says little of a quarter or an area, however exact it is.
    vague = {PlaceKind.NEIGHBOURHOOD, PlaceKind.AREA, PlaceKind.REGION, PlaceKind.ROAD}
    if place.precision is PointPrecision.APPROXIMATE or place.kind in vague:
        return Shape.ABOUT
    return Shape.DOT


def _list_corners(place: Place) -> tuple[tuple[float, float], tuple[float, float]]:
    west, south, east, north = surround(
        place.longitude or 0, place.latitude or 0, place.radius_m or 0
    )
    return (west, south), (east, north)
