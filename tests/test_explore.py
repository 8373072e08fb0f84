"""The explore page and the data behind it."""

import gzip
import json
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from pydantic import ValidationError

from conftest import Project, make_entry
from pages import read_page, select
from wartimeline import columns, paths
from wartimeline.basemap import read_countries
from wartimeline.columns import make_explore_files
from wartimeline.explore import ADDRESS, make_explore_page
from wartimeline.indexes import make_indexes
from wartimeline.pipeline import Checked
from wartimeline.render import Renderer
from wartimeline.settings import MapSettings
from wartimeline.site import Edition, Page
from wartimeline.timeline import Timeline

SALTERS = "- {by: salt-company, said: so, sources: [post]}"
WARDENS = "- {by: town-watch, said: no, sources: [post]}"


@pytest.fixture(scope="module")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


def read_timeline(project: Project) -> Timeline:
    timeline = project.check().timeline
    assert timeline is not None
    return timeline


def read_files(timeline: Timeline) -> dict[str, Any]:
    return {file.address: json.loads(file.content) for file in make_explore_files(timeline)}


def read_columns(timeline: Timeline) -> Any:  # noqa: ANN401 - what JSON holds
    return read_files(timeline)[f"{ADDRESS}events.json"]


def make_page(timeline: Timeline) -> Page:
    return make_explore_page(Renderer(timeline, Edition()), make_explore_files(timeline))


def weigh(*contents: str | bytes) -> int:
    """Return the bytes of some files as a server sends them, compressed."""
    encoded = (c.encode() if isinstance(c, str) else c for c in contents)
    return sum(len(gzip.compress(content, mtime=0)) for content in encoded)


def test_the_columns_say_of_each_event_what_its_entry_says(timeline: Timeline) -> None:
    read = read_columns(timeline)
    events, places, actors = read["events"], read["places"], read["actors"]
    for i, entry in enumerate(timeline.entries):
        event, basis = entry.event, timeline.corroboration[entry.id]
        assert read["kinds"]["id"][events["kind"][i]] == event.kind
        assert read["phases"]["id"][events["phase"][i]] == timeline.find_phase(entry).id
        assert [places["id"][place] for place in events["places"][i]] == list(event.places)
        spoke = {claim.by for claim in event.claims if claim.by}
        assert {actors["id"][a] for a in events["actors"][i]} == {*event.actors, *spoke}
        assert events["origins"][i] == basis.count
        assert (i in events["contested"]) == bool(event.disputed)
        assert (i in events["key"]) == event.key
        month = (event.date.earliest.year - int(read["first"][:4])) * 12
        assert events["month"][i] == month + event.date.earliest.month - 1 < read["months"]


@pytest.mark.parametrize(
    ("index", "register"), [("places", "places"), ("actors", "actors")], ids=["place", "actor"]
)
def test_there_are_as_many_events_as_on_the_page_of_a_record(
    timeline: Timeline, index: str, register: str
) -> None:
    read = read_columns(timeline)
    records = read[register]
    counts = dict.fromkeys(records["id"], 0)
    for found in read["events"][register]:
        all_of_them = set[int]()
        for one in found:
            above = one
            while above != -1:
                all_of_them.add(above)
                above = records["parent"][above]
        for one in all_of_them:
            counts[records["id"][one]] += 1
    headings = make_indexes(timeline)[index].headings
    expected = {heading.id: heading.count for heading in headings.values()}
    assert {record: count for record, count in counts.items() if count} == expected


def test_every_place_whose_extent_is_known_is_part_of_the_base(timeline: Timeline) -> None:
    places = read_columns(timeline)["places"]
    radii = dict(zip(places["id"], places["radius"], strict=True))
    known = {place.id: place.radius_m for place in timeline.places.values() if place.radius_m}
    assert {place: radius for place, radius in radii.items() if radius} == known


def test_a_place_says_how_it_is_drawn(timeline: Timeline) -> None:
    places = read_columns(timeline)["places"]
    shapes = dict(zip(places["id"], places["shape"], strict=True))
    names = ("sheikh-saeed", "manbij", "aleppo-governorate", "east-aleppo", "syria")
    assert {name: shapes[name] for name in names} == {
        "sheikh-saeed": "extent",
        "manbij": "dot",
        "aleppo-governorate": "region",
        "east-aleppo": "districts",
        "syria": None,
    }


def test_lines_are_packed_without_moving_them(timeline: Timeline) -> None:
    lines = read_files(timeline)[f"{ADDRESS}lines.json"]
    [country] = lines["countries"]
    numbers = country["borders"][0]
    unpacked = zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)
    original = next(base for base in read_countries() if base.bounds == tuple(country["bounds"]))
    expected = original.borders[0]
    points = [(x / lines["steps"], y / lines["steps"]) for x, y in unpacked]
    assert points == [pytest.approx(point, abs=0.0006) for point in expected]
    assert "aleppo-governorate" in lines["places"]


def test_a_war_elsewhere_has_the_world_and_no_country(other_war: Project) -> None:
    lines = read_files(read_timeline(other_war))[f"{ADDRESS}lines.json"]
    assert lines["world"]["land"]
    assert lines["countries"] == []
    assert lines["places"] == {}


def test_the_words_of_rows_come_in_chunks(
    timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "_CHUNK", 150)
    files = read_files(timeline)
    assert files[f"{ADDRESS}events.json"]["chunk"] == 150
    rows = [files[f"{ADDRESS}rows-{i}.json"] for i in range(3)]
    assert f"{ADDRESS}rows-3.json" not in files
    assert [i for chunk in rows for i in chunk["id"]] == [entry.id for entry in timeline.entries]
    assert [len(chunk["title"]) for chunk in rows] == [150, 150, len(timeline.entries) - 300]


def test_a_row_says_what_the_row_of_other_pages_says(other_war: Project) -> None:
    other_war.add(make_entry(date="1204-03-XX", key="true"), "1204/1204-03-gate.md")
    rows = read_files(read_timeline(other_war))[f"{ADDRESS}rows-0.json"]
    [at] = [i for i, entry in enumerate(rows["id"]) if entry == "1204-03-gate"]
    assert {key: rows[key][at] for key in ("title", "date", "large", "small", "partisan")} == {
        "title": "The gate is taken",
        "date": "a day in March 1204",
        "large": "Mar",
        "small": "day not known",
        "partisan": "",
    }


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (None, ""),
        (SALTERS, "claims only from one party"),
        (f"{SALTERS}\n{WARDENS}", "claims only from parties"),
    ],
    ids=["nobody", "one", "both"],
)
def test_a_row_says_that_only_parties_speak(
    project: Project, claims: str | None, expected: str
) -> None:
    project.add(make_entry(claims=claims and f"{claims}\n"))
    assert read_files(read_timeline(project))[f"{ADDRESS}rows-0.json"]["partisan"] == [expected]


def test_drafts_and_withdrawn_entries_are_in_no_file(other_war: Project) -> None:
    text = json.dumps(read_files(read_timeline(other_war)))
    assert "gate-of-brine-taken" in text
    assert "withdrawn-tale" not in text
    assert "draft" not in text


def test_names_are_given_with_their_direction(other_war: Project) -> None:
    read = read_columns(read_timeline(other_war))
    assert read["directions"] == {"ar": "rtl"}
    names = dict(zip(read["places"]["id"], read["places"]["names"], strict=True))
    assert names["brine"] == {"ar": "ملح"}


def test_a_timeline_without_entries_has_a_page(project: Project) -> None:
    timeline = read_timeline(project)
    assert read_columns(timeline)["months"] == 0
    assert "0 events" in make_page(timeline).html


def test_the_files_do_not_depend_on_the_run(timeline: Timeline) -> None:
    assert make_explore_files(timeline) == make_explore_files(timeline)
    assert make_page(timeline).html == make_page(timeline).html


def test_the_address_of_the_data_changes_with_the_data(other_war: Project) -> None:
    before = make_page(read_timeline(other_war)).html
    name = "entries/1204/1204-03-09-well-poisoned.md"
    other_war.edit(name, "is said to be poisoned", "is poisoned, it is said")
    after = make_page(read_timeline(other_war)).html
    assert before.split("data-stamp")[1][:16] != after.split("data-stamp")[1][:16]


def test_without_javascript_there_are_links_and_no_dead_controls(
    aleppo_site: Path, timeline: Timeline
) -> None:
    page = read_page(aleppo_site / ADDRESS / "index.html")
    [app] = select(page, "tl-app")
    assert "hidden" in app.attrib
    [plain] = select(page, "tl-plain")
    assert "need JavaScript" in plain.text_content()
    links = set(plain.xpath(".//a/@href"))
    years = {entry.event.date.earliest.year for entry in timeline.entries}
    assert {f"../timeline/{year}/" for year in years} <= links
    assert {"../places/", "../kinds/", "../phases/", "../actors/", "../timeline/"} <= links
    [content] = select(page, "tl-explore")
    outside = content.xpath(".//button | .//input | .//select")
    assert all(app in control.iterancestors() for control in outside)


def test_the_page_has_no_script_or_handler_in_it(timeline: Timeline) -> None:
    html = make_page(timeline).html
    assert html.count("<script") == html.count('<script type="module" src=') == 1
    attributes = {name for element in lxml_html.fromstring(html).iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name == "style"}


def test_the_street_map_names_whom_it_loads_from(other_war: Project) -> None:
    settings = "extra:\n  timeline:\n"
    tiles = "    map:\n      tile_url: https://tiles.example.org/{z}/{x}/{y}.png\n"
    other_war.edit("mkdocs.yml", settings, settings + tiles)
    html = make_page(read_timeline(other_war)).html
    assert "Show street map (loads images from example.org)" in html
    assert "openstreetmap.org/{z}" not in html


def test_a_street_map_of_the_site_itself_names_nobody(other_war: Project) -> None:
    settings = "extra:\n  timeline:\n"
    other_war.edit("mkdocs.yml", settings, f"{settings}    map:\n      pmtiles: maps/a.pmtiles\n")
    html = make_page(read_timeline(other_war)).html
    assert 'data-pmtiles="../maps/a.pmtiles"' in html
    assert "Show street map" in html
    assert "loads images from" not in html


def test_a_street_map_need_not_be_offered(other_war: Project) -> None:
    settings = "extra:\n  timeline:\n"
    other_war.edit("mkdocs.yml", settings, f"{settings}    map:\n      street_map: 'false'\n")
    html = make_page(read_timeline(other_war)).html
    assert "street map" not in html
    assert "openstreetmap" not in html


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "openstreetmap.org"),
        ("https://tiles.example.org/{z}/{y}/{x}", "example.org"),
        ("https://maps.example.org/{z}/{x}/{y}", "maps.example.org"),
    ],
)
def test_the_host_of_tiles_is_taken_from_their_address(url: str, host: str) -> None:
    assert MapSettings(tile_url=url).tile_host == host


@pytest.mark.parametrize("url", ["https://a.example/{z}/{x}.png", "https://a.example/", "a"])
def test_an_address_of_tiles_must_say_where_each_stands(url: str) -> None:
    with pytest.raises(ValidationError, match=r"\{z\}|not a complete"):
        MapSettings(tile_url=url)


def multiply(timeline: Timeline, times: int) -> Timeline:
    """Return a timeline with each entry several times, under different ids."""
    entries = [
        replace(entry, id=f"{entry.id}-{n}") for entry in timeline.entries for n in range(times)
    ]
    return replace(timeline, entries=tuple(entries))


def test_ten_thousand_entries_stay_within_their_weight(timeline: Timeline) -> None:
    large = multiply(timeline, 10_000 // len(timeline.entries) + 1)
    assert len(large.entries) >= 10_000
    files = {file.address: file.content for file in make_explore_files(large)}
    first = weigh(
        make_page(large).html, files[f"{ADDRESS}events.json"], files[f"{ADDRESS}rows-0.json"]
    )
    assert first < 200_000
    assert max(len(content) for content in files.values()) < 1_500_000


def test_the_page_is_within_its_weight(aleppo_site: Path) -> None:
    page = read_page(aleppo_site / ADDRESS / "index.html")
    own = page.xpath("//link[@rel='stylesheet']/@href | //script/@src")
    names = [*own, "events.json", "rows-0.json"]
    files = {(aleppo_site / ADDRESS / name.partition("?")[0]).resolve() for name in names}
    assets = aleppo_site / paths.asset_folder()
    files |= set((assets / "explore").glob("*.js"))
    files.add(assets / "vendor" / "leaflet" / "leaflet.js")
    fonts = sum(path.stat().st_size for path in (assets / "fonts").glob("*.woff2"))
    html = (aleppo_site / ADDRESS / "index.html").read_bytes()
    assert weigh(html, *(path.read_bytes() for path in files)) + fonts < 300_000
