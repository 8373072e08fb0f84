"""Locator maps: where places lie, drawn and said no more precisely than it is recorded."""

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import hypot
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from conftest import Project, make_entry
from wartimeline.atlas import (
    CITY,
    COUNTRY,
    PROVINCE,
    WORLD,
    Atlas,
    enclose,
    make_atlas,
    overlap,
    place_label,
)
from wartimeline.basemap import Basemap, read_countries, read_world
from wartimeline.frames import (
    HEIGHT,
    WIDTH,
    Bounds,
    Frame,
    draw_circles,
    draw_lines,
    draw_rings,
    find_hull,
    is_inside,
    make_frame,
    surround,
)
from wartimeline.locators import LocatorMap, make_locator
from wartimeline.outlines import Shape
from wartimeline.pipeline import Checked
from wartimeline.records import Place
from wartimeline.render import make_environment
from wartimeline.timeline import Timeline

LIMIT_GZIPPED = 3_000
BLANK = Basemap((), ())
Draw: TypeAlias = Callable[..., LocatorMap]
FRAME = make_frame("test", (10, 40, 14, 43))

longitudes, latitudes = st.floats(-170, 170), st.floats(-60, 70)
sizes = st.floats(0.01, 60)


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    """Give some part of the earth that is not too near the poles."""
    west, south = draw(longitudes), draw(latitudes)
    return west, south, west + draw(sizes), south + min(draw(sizes), 80 - south)


def render(found: LocatorMap | None) -> str:
    template = make_environment().from_string(
        '{% from "locator.html" import locator with context %}{{ locator(map) }}'
    )
    return template.render(map=found)


# Frames


@given(bounds())
def test_a_frame_contains_its_bounds_in_its_middle_and_no_larger_than_need_be(b: Bounds) -> None:
    frame = make_frame("any", b)
    left, top = frame.place(b[0], b[3])
    right, bottom = frame.place(b[2], b[1])
    assert frame.contains((b[0], b[1], b[2], b[3]), -0.01)
    assert left == pytest.approx(WIDTH - right, abs=0.01)
    assert top == pytest.approx(HEIGHT - bottom, abs=0.01)
    assert min(left, top) == pytest.approx(0, abs=0.01)


@given(bounds(), st.tuples(sizes, sizes))
def test_east_is_right_and_north_is_up(b: Bounds, step: tuple[float, float]) -> None:
    frame = make_frame("any", b)
    x, y = frame.place(b[0], b[1])
    east, north = frame.place(b[0] + step[0], b[1] + step[1])
    assert east > x
    assert north < y


@given(longitudes, st.floats(-60, 60), st.floats(100, 50_000))
def test_a_circle_on_the_earth_is_a_circle_on_the_map(x: float, y: float, metres: float) -> None:
    around = surround(x, y, metres)
    frame = make_frame("any", around)
    left, top = frame.place(around[0], around[3])
    right, bottom = frame.place(around[2], around[1])
    assert right - left == pytest.approx(bottom - top, rel=0.001)
    assert frame.measure(metres) == pytest.approx((bottom - top) / 2, rel=0.001)


def test_a_point_near_the_edge_is_outside_a_margin() -> None:
    west, south, east, north = 10, 40, 14, 43
    corner = (west, north, west, north)
    assert FRAME.contains(corner, -0.01) is not FRAME.contains(corner, 200)
    assert not FRAME.contains((east + 5, south, east + 5, south))


# Drawing


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=3, max_size=12).map(
        lambda points: [(10 + x / 50, 39 + y / 60) for x, y in points]
    )
)
def test_nothing_is_drawn_far_beyond_the_frame(points: list[tuple[float, float]]) -> None:
    ring = tuple(points)
    for path in (draw_rings([ring], FRAME), draw_lines([ring], FRAME)):
        for part in filter(None, path.rstrip("z").split("M")):
            x, y, *steps = (int(n) for n in re.findall(r"-?\d+", part))
            xs = [x + sum(steps[0:i:2]) for i in range(0, len(steps) + 1, 2)]
            ys = [y + sum(steps[1:i:2]) for i in range(1, len(steps) + 2, 2)]
            if path.endswith("z"):
                assert min(xs) >= -12
                assert min(ys) >= -12
                assert max(xs) <= WIDTH + 12
                assert max(ys) <= HEIGHT + 12


def test_a_line_that_leaves_the_frame_comes_back_as_another_part() -> None:
    line = ((11.0, 41.0), (11.5, 41.0), (30.0, 41.0), (30.0, 42.0), (12.0, 42.0), (11.0, 42.0))
    assert draw_lines([line], FRAME).count("M") == 2


def test_a_ring_around_the_frame_fills_it() -> None:
    ring = ((0.0, 30.0), (30.0, 30.0), (30.0, 50.0), (0.0, 50.0), (0.0, 30.0))
    assert draw_rings([ring], FRAME)
    assert draw_rings([tuple((x + 40, y) for x, y in ring)], FRAME) == ""


def test_what_is_too_small_is_left_out() -> None:
    speck = ((12.0, 42.0), (12.001, 42.0), (12.001, 42.001), (12.0, 42.0))
    assert draw_rings([speck], FRAME) == ""


def test_circles_are_arcs_of_their_radius() -> None:
    assert draw_circles([(100.4, 50, 10)]) == "M100 40a10 10 0 1 0 .1 0z"


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=20))
def test_a_hull_has_all_points_inside_or_on_it(points: list[tuple[int, int]]) -> None:
    hull = find_hull(points)
    assert set(hull) <= set(points)
    for a, b in zip(hull, (*hull[1:], *hull[:1]), strict=True):
        for x, y in points:
            assert (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0


def test_a_hole_is_not_inside() -> None:
    outer = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    inner = ((3.0, 3.0), (6.0, 3.0), (6.0, 6.0), (3.0, 6.0))
    assert is_inside(1, 1, [outer, inner])
    assert not is_inside(4, 4, [outer, inner])


@given(st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)), max_size=15))
def test_names_stay_on_the_map_and_off_each_other(points: list[tuple[int, int]]) -> None:
    taken: list[Bounds] = [enclose(x, y, 9) for x, y in points]
    boxes = []
    for x, y in points:
        if placed := place_label("Saltmark", x, y, 9, taken):
            boxes.append(placed[1])
            taken.append(placed[1])
    for i, box in enumerate(boxes):
        assert min(box[:2]) >= 0
        assert box[2] <= WIDTH
        assert box[3] <= HEIGHT
        assert not any(overlap(box, other) for other in boxes[:i])


# Places of an invented country


def place(
    name: str,
    kind: str,
    part_of: str | None = None,
    at: tuple[float, float] | None = None,
    **fields: object,
) -> Place:
    fields["part_of"] = part_of
    if at is not None:
        fields = {"precision": "exact", **fields, "longitude": at[0], "latitude": at[1]}
    fields |= {"id": name.lower().replace(" ", "-"), "name": name, "kind": kind}
    return Place.model_validate(fields)


PLACES = [
    place("Salt Land", "country", at=(20.0, 10.0), precision="representative"),
    place("Far Land", "country"),
    place("The Sea", "region"),
    place("Salt Province", "governorate", "salt-land", at=(20.1, 10.1), precision="representative"),
    place("Dry Province", "governorate", "salt-land", at=(24.0, 10.0), precision="representative"),
    place("Brine", "city", "salt-province", at=(20.0, 10.0)),
    place("Old Brine", "area", "brine", at=(20.0, 10.0), precision="representative", radius_m=4000),
    *(
        place(
            f"Quarter {i}{j}", "neighbourhood", "old-brine" if i == 0 else "brine",
            at=(19.97 + i * 0.015, 9.98 + j * 0.015), precision="approximate", radius_m=500,
        )
        for i in range(5)
        for j in range(4)
    ),
    place("Gate", "site", "quarter-11", at=(19.99, 9.99)),
    place("Well", "site", "quarter-11"),
    place("Bakery", "site", "brine"),
    place("Yard", "neighbourhood", "brine", at=(20.0, 9.99)),
    place("Mill", "site", "brine", at=(20.0, 10.0), precision="approximate"),
    place("Docks", "neighbourhood", "brine", at=(20.0, 9.99), precision="representative",
          radius_m=700),
    place("Salt Road", "road", "salt-province", at=(20.2, 10.2), precision="representative"),
    place("Marsh", "region", "salt-province", at=(20.3, 10.3), precision="representative"),
    place("Reed", "village", "marsh", at=(20.2, 10.2)),
    place("Rush", "village", "marsh", at=(20.4, 10.2)),
    place("Sedge", "village", "marsh", at=(20.3, 10.4)),
    place("Lost", "village", "marsh"),
    place("Quay", "town", "salt-province", at=(20.35, 10.05)),
    place("Ford", "town", "dry-province", at=(24.0, 10.0)),
    place("Court", "city", "far-land", at=(-70.0, 40.0)),
]  # fmt: skip

SQUARE = ((19.5, 9.5), (20.6, 9.5), (20.6, 10.6), (19.5, 10.6), (19.5, 9.5))
SALT_LAND = Basemap(
    (), (), country=(18, 8, 26, 12), bounds=(10, 0, 34, 20), regions={"Salt": (SQUARE,)}
)  # fmt: skip


@pytest.fixture(scope="module")
def by_id() -> Mapping[str, Place]:
    return {one.id: one for one in PLACES}


@pytest.fixture
def empty(project: Project) -> Timeline:
    project.add(make_entry())
    timeline = project.check().timeline
    assert timeline is not None
    return timeline


@pytest.fixture
def atlas(empty: Timeline, by_id: Mapping[str, Place]) -> Atlas:
    return make_atlas(replace(empty, places=by_id), BLANK, [SALT_LAND])


@pytest.fixture
def draw(atlas: Atlas, by_id: Mapping[str, Place]) -> Draw:
    def draw_places(*ids: str) -> LocatorMap:
        found = make_locator([by_id[id_] for id_ in ids], atlas)
        assert found is not None
        return found

    return draw_places


def test_the_home_city_is_the_settlement_with_most_places(atlas: Atlas) -> None:
    assert atlas.gazetteer.home is not None
    assert atlas.gazetteer.home.id == "brine"
    assert len(atlas.gazetteer.districts) == 20


def test_there_are_four_frames_from_the_city_to_the_world(atlas: Atlas) -> None:
    frames = [sheet.frame for sheet in atlas.sheets]
    assert [frame.id for frame in frames] == [CITY, PROVINCE, COUNTRY, WORLD]
    assert [f.scale for f in frames] == sorted((f.scale for f in frames), reverse=True)


@pytest.mark.parametrize(
    ("id_", "frame", "shape"),
    [
        pytest.param("gate", CITY, Shape.DOT, id="an exact site is a dot"),
        pytest.param("quarter-11", CITY, Shape.EXTENT, id="a quarter is a circle of its size"),
        pytest.param("well", CITY, Shape.EXTENT, id="a site not located is its quarter"),
        pytest.param("yard", CITY, Shape.ABOUT, id="a quarter of unknown extent is a ring"),
        pytest.param("mill", CITY, Shape.ABOUT, id="an approximate site is a ring"),
        pytest.param("docks", CITY, Shape.ROUGH, id="a rough extent is dashed"),
        pytest.param("old-brine", CITY, Shape.DISTRICTS, id="a part of the city is its quarters"),
        pytest.param("brine", PROVINCE, Shape.DISTRICTS, id="the city is shown where it lies"),
        pytest.param("bakery", PROVINCE, Shape.DISTRICTS, id="what is in the city is the city"),
        pytest.param("quay", PROVINCE, Shape.DOT, id="a town is a dot"),
        pytest.param("marsh", PROVINCE, Shape.HULL, id="a region is the outline of its villages"),
        pytest.param("lost", PROVINCE, Shape.HULL, id="a village not located is its region"),
        pytest.param("salt-road", PROVINCE, Shape.AREA, id="a road is a dashed ring"),
        pytest.param("salt-province", PROVINCE, Shape.REGION, id="a province has its borders"),
        pytest.param("dry-province", COUNTRY, Shape.AREA, id="a province without borders"),
        pytest.param("ford", COUNTRY, Shape.DOT, id="a town of another province"),
        pytest.param("court", WORLD, Shape.DOT, id="a city of another country"),
    ],
)  # fmt: skip
def test_a_place_is_drawn_as_precisely_as_it_is_known(
    draw: Draw, id_: str, frame: str, shape: Shape
) -> None:
    found = draw(id_)
    assert found.sheet.frame.id == frame
    assert [mark.shape for mark in found.marks] == [shape]


@pytest.mark.parametrize("ids", [["salt-land"], ["far-land"], ["the-sea"], ["far-land", "the-sea"]])
def test_a_country_or_nothing_known_has_no_map(
    atlas: Atlas, by_id: Mapping[str, Place], ids: list[str]
) -> None:
    assert make_locator([by_id[id_] for id_ in ids], atlas) is None


def test_a_circle_has_the_size_and_position_of_the_quarter(
    draw: Draw, by_id: Mapping[str, Place]
) -> None:
    found = draw("quarter-11")
    [mark] = found.marks
    frame: Frame = found.sheet.frame
    assert mark.radius == round(frame.measure(500))
    x, y = frame.place(by_id["quarter-11"].longitude, by_id["quarter-11"].latitude)
    assert hypot(mark.x - x, mark.y - y) < 1


def test_on_a_small_scale_a_quarter_is_a_dot(draw: Draw) -> None:
    found = draw("quarter-11", "ford")
    assert found.sheet.frame.id == COUNTRY
    assert {mark.shape for mark in found.marks} == {Shape.DOT}


@pytest.mark.parametrize(
    ("ids", "caption"),
    [
        (["quarter-22"], "Quarter 22, in the centre of Brine. Circle: its extent."),
        (["quarter-43"], "Quarter 43, in the north-east of Brine. Circle: its extent."),
        (["quarter-00"], "Quarter 00, in the south-west of Brine. Circle: its extent."),
        (["quay"], "Quay, about 39 km east of Brine. Dot: its position."),
        (["ford"], "Ford, about 440 km east of Brine. Dot: its position."),
        (["court"], "Court, Far Land. Dot: its position."),
        (["old-brine"], "Old Brine. Shaded: the districts recorded as part of it."),
        (
            ["well"],
            (
                "Well: position not recorded. Shown is what it lies in: Quarter 11, in the "
                "south-west of Brine. Circle: its extent."
            ),
        ),
        (
            ["quarter-11", "quarter-32", "gate"],
            "Dot, its position: Gate. Circle, its extent: Quarter 32.",
        ),
        (
            ["quarter-11", "quarter-32", "old-brine"],
            (
                "Circles, their extents: Quarter 11 and Quarter 32. Shaded, the districts "
                "recorded as part of it: Old Brine."
            ),
        ),
        (
            ["well", "quarter-32"],
            (
                "Circles, their extents: Quarter 11 and Quarter 32. Position not recorded: Well "
                "(in Quarter 11)."
            ),
        ),
        (
            ["bakery", "quarter-22"],
            (
                "Quarter 22, in the centre of Brine. Circle: its extent. "
                "Position not recorded: Bakery."
            ),
        ),
        (
            ["far-land", "quay"],
            "Quay, about 39 km east of Brine. Dot: its position. Not on the map: Far Land.",
        ),
        (["salt-land", "quay"], "Quay, about 39 km east of Brine. Dot: its position."),
    ],
)  # fmt: skip
def test_the_caption_says_what_is_drawn_and_how_precisely(
    draw: Draw, ids: list[str], caption: str
) -> None:
    assert draw(*ids).caption == caption


def test_the_smallest_frame_with_room_for_all_places_is_chosen(draw: Draw) -> None:
    assert draw("gate", "quarter-43").sheet.frame.id == CITY
    assert draw("gate", "quay").sheet.frame.id == PROVINCE
    assert draw("gate", "ford").sheet.frame.id == COUNTRY
    assert draw("gate", "court").sheet.frame.id == WORLD


def test_places_keep_their_sides_on_every_frame(draw: Draw) -> None:
    for west, east in (("Quarter 11", "Quarter 43"), ("Gate", "Quay"), ("Gate", "Ford")):
        ids = (name.lower().replace(" ", "-") for name in (west, east))
        places = {mark.name: mark.x for mark in draw(*ids).marks}
        assert places[west] < places[east]


def test_a_part_of_the_city_is_shaded_behind_the_places_in_it(draw: Draw) -> None:
    found = draw("quarter-00", "old-brine")
    assert [mark.shape for mark in found.marks] == [Shape.DISTRICTS, Shape.EXTENT]
    assert draw("quarter-00", "brine").marks == draw("quarter-00").marks


def test_what_stands_in_for_a_place_is_drawn_lighter(draw: Draw) -> None:
    assert draw("well").marks[0].within
    assert not draw("quarter-11").marks[0].within


def test_a_name_is_escaped(empty: Timeline, by_id: Mapping[str, Place]) -> None:
    spiteful = by_id["quay"].model_copy(update={"name": "<b>&Quay</b>"})
    atlas = make_atlas(replace(empty, places=by_id), BLANK, [SALT_LAND])
    html = render(make_locator([spiteful], atlas))
    assert "<b>" not in html
    assert etree.fromstring(html).findtext(".//text[@class='tl-map-name']") == "<b>&Quay</b>"


def test_without_a_base_and_districts_there_is_still_a_map(empty: Timeline) -> None:
    atlas = make_atlas(empty, BLANK, [])
    assert [sheet.frame.id for sheet in atlas.sheets] == [PROVINCE, WORLD]
    found = make_locator([empty.places["gate-of-brine"]], atlas)
    assert found is not None
    assert found.marks[0].shape is Shape.DOT


def test_without_places_there_is_no_frame(empty: Timeline) -> None:
    assert make_atlas(replace(empty, places={}), BLANK, []).sheets == ()


# The real gazetteer


@pytest.fixture(scope="module")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


@pytest.fixture(scope="module")
def real(timeline: Timeline) -> Atlas:
    return make_atlas(timeline, read_world(), read_countries())


@pytest.fixture(scope="module")
def maps(timeline: Timeline, real: Atlas) -> Mapping[str, LocatorMap | None]:
    """The map of every place and event, by id."""
    found = {id_: make_locator([one], real) for id_, one in timeline.places.items()}
    for entry in timeline.entries:
        found[entry.id] = make_locator([timeline.places[p] for p in entry.event.places], real)
    return found


def is_drawable(one: Place) -> bool:
    return one.latitude is not None and one.kind != "country"


def test_all_four_frames_are_there(real: Atlas) -> None:
    assert [sheet.frame.id for sheet in real.sheets] == [CITY, PROVINCE, COUNTRY, WORLD]


def test_every_place_has_a_map_unless_only_a_country_is_known(
    timeline: Timeline, real: Atlas, maps: Mapping[str, LocatorMap | None]
) -> None:
    for id_, one in timeline.places.items():
        known = [p for p in (one, *real.gazetteer.list_ancestors(one)) if is_drawable(p)]
        assert (maps[id_] is not None) == bool(known), id_


def test_every_event_has_a_map_unless_only_countries_are_known(
    timeline: Timeline, maps: Mapping[str, LocatorMap | None]
) -> None:
    for entry in timeline.entries:
        has_map = any(maps[place] for place in entry.event.places)
        assert (maps[entry.id] is not None) == has_map, entry.id


def test_every_mark_lies_in_its_frame(maps: Mapping[str, LocatorMap | None]) -> None:
    for id_, found in maps.items():
        for mark in found.marks if found else ():
            assert 0 <= mark.x <= WIDTH, id_
            assert 0 <= mark.y <= HEIGHT, id_
            assert mark.path or mark.radius >= 7, id_


def test_every_map_is_well_formed_and_small(maps: Mapping[str, LocatorMap | None]) -> None:
    for id_, found in maps.items():
        if found is None:
            continue
        html = render(found)
        svg = etree.fromstring(html).find("svg")
        assert svg is not None
        assert svg.get("role") == "img"
        assert svg.findtext("title") == found.title
        assert len(gzip.compress(html.encode(), mtime=0)) < LIMIT_GZIPPED, id_


def test_a_map_carries_no_colours_or_scripts_of_its_own(
    maps: Mapping[str, LocatorMap | None],
) -> None:
    html = render(maps["sheikh-saeed"])
    assert not re.search(r"fill=|stroke=|style=|<script|#[0-9a-f]{3}", html)


def test_no_map_is_nothing() -> None:
    assert render(None).strip() == ""


def test_maps_are_the_same_in_every_build(
    timeline: Timeline, maps: Mapping[str, LocatorMap | None]
) -> None:
    shuffled = replace(timeline, places=dict(reversed(timeline.places.items())))
    again = make_atlas(shuffled, read_world(), read_countries())
    for entry in timeline.entries:
        found = make_locator([timeline.places[p] for p in entry.event.places], again)
        assert render(found) == render(maps[entry.id])
