"""What pages say to machines, read back by programs that know nothing of ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import extruct
import pytest
from lxml import html

from wartimeline.cards import SITE_CARD, card_address, make_cards
from wartimeline.dates import parse_when
from wartimeline.history import History
from wartimeline.metadata import (
    make_dataset_head,
    make_event_head,
    make_place_head,
    make_plain_head,
)
from wartimeline.parse import Entry
from wartimeline.paths import event_address, heading_address
from wartimeline.pipeline import Checked
from wartimeline.records import Correction, Place
from wartimeline.site import Edition
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Kind

URL = "https://timeline.example/war/"
VERSION = "0123456ab"
PUBLISHED = Edition(URL, history=History(VERSION))
UNPUBLISHED = Edition()
SYNTAXES = ["json-ld", "opengraph", "dublincore"]
HOSTILE = "</script><script>alert(1)</script><!-- <b>\"A\" & 'B'</b> \u2028 ]]> &lt; é"


@dataclass(frozen=True)
class Download:
    name: str = "events.json"
    address: str = "data/events.json"
    media_type: str = "application/json"
    description: str = "Every event with its `claims`."


@dataclass(frozen=True)
class Read:
    """A head as others read it: the one node of JSON-LD, and the tags by name."""

    node: dict[str, Any]
    open_graph: dict[str, str]
    dublin_core: list[tuple[str, str]]
    tags: dict[str, list[str]]


def wrap(head: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>x</title>{head}</head><body></body></html>'


def read_head(head: str) -> Read:
    page = wrap(head)
    found = extruct.extract(page, syntaxes=SYNTAXES, base_url=URL)
    (node,) = found["json-ld"]
    (graph,) = found["opengraph"]
    (core,) = found["dublincore"] or [{"elements": [], "terms": []}]
    tags: dict[str, list[str]] = {}
    for tag in html.document_fromstring(page).xpath("//head/meta"):
        name = str(tag.get("name") or tag.get("property"))
        tags.setdefault(name, []).append(str(tag.get("content")))
    terms = [*core["elements"], *core["terms"]]
    return Read(
        node,
        dict(graph["properties"]),
        [(t["URI"].rpartition("/")[2], t.get("content") or t.get("href")) for t in terms],
        tags,
    )


def walk(value: object) -> Iterator[tuple[str, Any]]:
    """Give every key of a node and of those in it, with its value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


@pytest.fixture(scope="module")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


@pytest.fixture
def entry(timeline: Timeline) -> Entry:
    return timeline.entries[0]


def change(entry: Entry, **fields: object) -> Entry:
    return replace(entry, event=entry.event.model_copy(update=fields))


def test_every_event_is_an_article_about_an_event_that_cites_its_sources(
    timeline: Timeline,
) -> None:
    for entry in timeline.entries:
        event = entry.event
        node = read_head(make_event_head(entry, timeline, PUBLISHED)).node
        assert node["@context"] == "https://schema.org"
        assert node["@type"] == "Article"
        assert node["@id"] == node["url"] == f"{URL}{event_address(entry.id)}"
        assert node["headline"] == node["about"]["name"] == event.title
        assert len(node["headline"]) <= 110
        assert node["description"] == event.summary
        assert node["version"] == VERSION
        assert node["license"] == timeline.settings.licence
        assert node["isPartOf"]["url"] == URL
        assert node["about"]["@type"] == "Event"
        places = [timeline.places[place].name for place in event.places]
        assert [place["name"] for place in node["about"]["location"]] == places
        assert [place["name"] for place in node["spatialCoverage"]] == places
        assert [
            (cited["url"], cited["name"], cited["inLanguage"], cited["publisher"]["name"])
            for cited in node["citation"]
        ] == [(s.url, s.title, s.language, timeline.outlets[s.outlet].name) for s in event.sources]


def test_every_event_says_in_open_graph_what_a_preview_shows(timeline: Timeline) -> None:
    for entry in timeline.entries:
        event = entry.event
        graph = read_head(make_event_head(entry, timeline, PUBLISHED)).open_graph
        assert graph["og:type"] == "article"
        assert graph["og:title"] == event.title
        assert graph["og:description"] == event.summary
        assert graph["og:url"] == f"{URL}{event_address(entry.id)}"
        assert graph["og:site_name"] == timeline.settings.title
        assert graph["og:image"] == f"{URL}{card_address(event.kind)}"
        assert (graph["og:image:width"], graph["og:image:height"]) == ("1200", "630")
        assert event.kind.label in graph["og:image:alt"]
        assert graph["article:section"] == event.kind.label


def test_every_event_has_the_dublin_core_of_a_catalogue(timeline: Timeline) -> None:
    for entry in timeline.entries:
        event = entry.event
        core = read_head(make_event_head(entry, timeline, PUBLISHED)).dublin_core
        assert ("title", event.title) in core
        assert ("creator", timeline.settings.authors) in core
        assert ("language", "en") in core
        assert ("identifier", f"{URL}{event_address(entry.id)}") in core
        assert [value for term, value in core if term == "references"] == [
            source.url for source in event.sources
        ]
        assert [value for term, value in core if term == "spatial"] == [
            timeline.places[place].name for place in event.places
        ]


def test_reference_managers_read_title_author_day_and_address(
    timeline: Timeline, entry: Entry
) -> None:
    entry = change(entry, added=parse_when("2026-11-05"))
    tags = read_head(make_event_head(entry, timeline, PUBLISHED)).tags
    assert tags["citation_title"] == [entry.event.title]
    assert tags["citation_author"] == [timeline.settings.authors]
    assert tags["citation_publication_date"] == ["2026/11/05"]
    assert tags["citation_online_date"] == ["2026/11/05"]
    assert tags["citation_public_url"] == [f"{URL}{event_address(entry.id)}"]
    assert entry.event.kind.label in tags["citation_keywords"][0].split("; ")
    assert "citation_journal_title" not in tags
    assert tags["DC.type"] == ["webpage"]


def test_publication_and_change_are_the_days_of_the_entry_and_not_of_the_event(
    timeline: Timeline, entry: Entry
) -> None:
    correction = Correction.model_validate({"date": "2026-12-01", "note": "It was <b>not</b> so."})
    entry = change(entry, added=parse_when("2026-11-05"), corrections=(correction,))
    read = read_head(make_event_head(entry, timeline, PUBLISHED))
    assert (read.node["datePublished"], read.node["dateModified"]) == ("2026-11-05", "2026-12-01")
    assert read.open_graph["article:published_time"] == "2026-11-05"
    assert read.open_graph["article:modified_time"] == "2026-12-01"
    assert ("date", "2026-11-05") in read.dublin_core
    assert ("modified", "2026-12-01") in read.dublin_core
    assert read.node["correction"] == [
        {"@type": "CorrectionComment", "text": correction.note, "datePublished": "2026-12-01"}
    ]


def test_an_entry_whose_day_is_not_known_claims_none(timeline: Timeline, entry: Entry) -> None:
    entry = change(entry, added=None, corrections=())
    read = read_head(make_event_head(entry, timeline, PUBLISHED))
    assert not {"datePublished", "dateModified"} & set(read.node)
    assert not [name for name in read.tags if "time" in name.split("_") or "date" in name]
    assert not {"date", "modified"} & {term for term, _ in read.dublin_core}


DATES = {
    "day": ("2016-12-12", "2016-12-12", None, "2016-12-12"),
    "month": ("2016-12", "2016-12", None, "2016-12"),
    "year": ("2016", "2016", None, "2016"),
    "unknown-day": ("2016-12-XX", "2016-12", None, "2016-12"),
    "interval": ("2016-11-26/2016-11-28", "2016-11-26", "2016-11-28", "2016-11-26/2016-11-28"),
    "mixed": ("2016-11/2016-12-03", "2016-11", "2016-12-03", "2016-11/2016-12-03"),
    "early": ("0987-01-02", "0987-01-02", None, "0987-01-02"),
    "about": ("2016-11~", None, None, "2016-11~"),
    "uncertain": ("2016-12-12?", None, None, "2016-12-12?"),
    "both": ("2016%", None, None, "2016%"),
    "about-some-day": ("2016-12-XX~", None, None, "2016-12~"),
    "doubtful-end": ("2016-11-26/2016-12~", "2016-11-26", None, "2016-11-26/2016-12~"),
    "doubtful-start": ("2016-11~/2016-12-03", None, "2016-12-03", "2016-11~/2016-12-03"),
}


@pytest.mark.parametrize("date", DATES.values(), ids=DATES)
def test_the_date_of_an_event_is_as_precise_as_it_is_known(
    timeline: Timeline, entry: Entry, date: tuple[str, str | None, str | None, str]
) -> None:
    written, start, end, coverage = date
    if written.startswith("0987"):
        phase = timeline.settings.phases[0]
        early = phase.model_copy(update={"dates": parse_when("0987-01-01/0987-12-31")})
        settings = timeline.settings.model_copy(update={"phases": (early,)})
        timeline = replace(timeline, settings=settings)
    entry = change(entry, date=parse_when(written))
    read = read_head(make_event_head(entry, timeline, PUBLISHED))
    assert read.node["about"].get("startDate") == start
    assert read.node["about"].get("endDate") == end
    assert read.node["temporalCoverage"] == coverage
    assert ("temporal", coverage) in read.dublin_core


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2016-12-12", "2016-12-12"),
        ("2016-12", "2016-12"),
        ("2016", "2016"),
        ("2016-12~", None),
        ("2016-12-01/2016-12-03", None),
        (None, None),
    ],
    ids=["day", "month", "year", "doubtful", "interval", "none"],
)
def test_the_date_of_a_source_is_as_precise_as_it_is_known(
    timeline: Timeline, entry: Entry, written: str | None, shown: str | None
) -> None:
    published = parse_when(written) if written else None
    source = entry.event.sources[0].model_copy(update={"published": published})
    read = read_head(make_event_head(change(entry, sources=(source,)), timeline, PUBLISHED))
    assert read.node["citation"][0].get("datePublished") == shown


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("news", "NewsArticle"),
        ("un", "Report"),
        ("monitor", "Report"),
        ("academic", "CreativeWork"),
        ("interview", "CreativeWork"),
    ],
)
def test_a_source_is_called_no_more_than_it_is(
    timeline: Timeline, entry: Entry, kind: str, expected: str
) -> None:
    source = entry.event.sources[0].model_copy(update={"kind": kind})
    read = read_head(make_event_head(change(entry, sources=(source,)), timeline, PUBLISHED))
    assert read.node["citation"][0]["@type"] == expected


def test_a_source_names_its_author_its_agencies_and_its_archived_copy(
    timeline: Timeline, entry: Entry
) -> None:
    archive = "https://archive.example/2016/a"
    agency = next(iter(timeline.outlets))
    named = entry.event.sources[0].model_copy(
        update={"author": "A. Writer and others", "agency": (agency,), "archive": archive}
    )
    bare = named.model_copy(update={"author": None, "agency": (), "archive": None})
    head = make_event_head(change(entry, sources=(named, bare)), timeline, PUBLISHED)
    first, second = read_head(head).node["citation"]
    assert first["author"] == "A. Writer and others"
    assert first["archivedAt"] == archive
    assert [body["name"] for body in first["sourceOrganization"]] == [timeline.outlets[agency].name]
    assert not {"author", "archivedAt", "sourceOrganization"} & set(second)


def make_all_heads(timeline: Timeline, edition: Edition) -> Iterator[tuple[str, str]]:
    """Make the heads of all events and places, of the data, of the site and of a plain page."""
    for entry in timeline.entries:
        yield event_address(entry.id), make_event_head(entry, timeline, edition)
    for place in timeline.places.values():
        address = heading_address("places", place.id)
        yield address, make_place_head(place, 2, timeline, edition)
    yield "data/", make_dataset_head(timeline, edition, [Download()])
    yield "", make_plain_head("Home", "All of it.", "", timeline, edition)
    yield "timeline/", make_plain_head("Timeline", "All events.", "timeline/", timeline, edition)


def test_without_the_address_of_the_site_nothing_needs_one(timeline: Timeline) -> None:
    theirs = {timeline.settings.licence}
    for entry in timeline.entries:
        theirs.update(x for s in entry.event.sources for x in (s.url, s.archive))
    for address, head in make_all_heads(timeline, UNPUBLISHED):
        read = read_head(head)
        ours = {"@id", "image", "contentUrl", "mainEntityOfPage", "version"}
        assert not ours & {key for key, _ in walk(read.node)}, address
        assert not {"og:url", "og:image", "og:image:alt"} & set(read.open_graph), address
        assert not {"citation_public_url", "DC.identifier"} & set(read.tags), address
        assert read.tags["twitter:card"] == ["summary"]
        assert {value for key, value in walk(read.node) if key == "url"} <= theirs, address
        assert "assets/" not in head, address


def test_with_the_address_of_the_site_every_page_gives_its_own_in_full(timeline: Timeline) -> None:
    for address, head in make_all_heads(timeline, PUBLISHED):
        read = read_head(head)
        assert read.open_graph["og:url"] == f"{URL}{address}"
        assert read.tags["twitter:card"] == ["summary_large_image"]
        for key, value in walk(read.node):
            if key in {"@id", "image", "contentUrl", "mainEntityOfPage"}:
                assert value.startswith(URL), (address, key, value)


def test_every_picture_that_is_named_is_drawn(timeline: Timeline) -> None:
    drawn = {f"{URL}{card.address}" for card in make_cards(timeline)}
    heads = make_all_heads(timeline, PUBLISHED)
    named = {read_head(head).open_graph["og:image"] for _, head in heads}
    assert named == drawn


def test_hostile_texts_come_back_as_they_are_and_start_nothing(
    timeline: Timeline, entry: Entry
) -> None:
    source = entry.event.sources[0].model_copy(
        update={"title": HOSTILE, "url": 'https://a.example/"><script>x</script>'}
    )
    settings = timeline.settings.model_copy(update={"title": HOSTILE, "authors": HOSTILE})
    place = timeline.places[entry.event.places[0]].model_copy(
        update={"name": HOSTILE, "note": HOSTILE, "also": (HOSTILE,)}
    )
    timeline = replace(timeline, settings=settings, places={**timeline.places, place.id: place})
    entry = change(entry, title=HOSTILE, summary=HOSTILE, sources=(source,))
    download = Download(HOSTILE, "data/a.json", HOSTILE, HOSTILE)
    heads = (
        make_event_head(entry, timeline, PUBLISHED),
        make_place_head(place, 1, timeline, PUBLISHED),
        make_dataset_head(timeline, PUBLISHED, [download]),
        make_plain_head(HOSTILE, HOSTILE, "x/", timeline, PUBLISHED),
    )
    for head in heads:
        page = html.document_fromstring(wrap(head))
        assert len(page.xpath("//script")) == 1
        assert not page.xpath("//b | //comment() | //body//*")
        (script,) = page.xpath("//script/text()")
        assert not re.search("[<>&\u2028\u2029]", script)
    node = read_head(heads[0]).node
    assert node["headline"] == node["description"] == node["author"]["name"] == HOSTILE
    assert node["citation"][0]["name"] == HOSTILE
    assert node["citation"][0]["url"] == source.url
    tags = read_head(heads[0]).tags
    assert tags["og:title"] == tags["DC.title"] == tags["citation_title"] == [HOSTILE]
    links = html.document_fromstring(wrap(heads[0])).xpath(
        "//link[@rel='DCTERMS.references']/@href"
    )
    assert links == [source.url]
    assert read_head(heads[1]).node["alternateName"][-1] == HOSTILE
    assert read_head(heads[2]).node["distribution"][0]["name"] == HOSTILE
    assert read_head(heads[3]).open_graph["og:description"] == HOSTILE


def make_place(**fields: object) -> Place:
    record = {"id": "market", "name": "The market", "kind": "site", **fields}
    return Place.model_validate(record)


POINT = {"latitude": "36.2", "longitude": "0.0", "precision": "approximate"}


def test_a_place_gives_its_names_with_their_languages_and_what_it_is_part_of(
    timeline: Timeline,
) -> None:
    country = make_place(id="land", name="The land", kind="country")
    city = make_place(id="city", name="The city", kind="city", part_of="land")
    market = make_place(
        names={"fr": "Le marché", "ar": "السوق"},
        also=["Old market"],
        part_of="city",
        note="A market.",
    )
    places = {place.id: place for place in (country, city, market)}
    head = make_place_head(market, 1, replace(timeline, places=places), PUBLISHED)
    read = read_head(head)
    assert read.node["@type"] == "Place"
    assert read.node["name"] == "The market"
    assert read.node["description"] == "A market."
    assert read.node["mainEntityOfPage"] == f"{URL}places/market/"
    assert read.node["alternateName"] == [
        {"@value": "السوق", "@language": "ar"},
        {"@value": "Le marché", "@language": "fr"},
        "Old market",
    ]
    above = read.node["containedInPlace"]
    assert (above["name"], above["containedInPlace"]["name"]) == ("The city", "The land")
    assert "containedInPlace" not in above["containedInPlace"]
    assert "geo" not in read.node
    assert read.open_graph["og:type"] == "website"
    assert "1 event." in read.open_graph["og:description"]


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [(POINT, ["GeoCoordinates"]), ({**POINT, "radius_m": "900"}, ["GeoCoordinates", "GeoCircle"])],
    ids=["point", "circle"],
)
def test_a_position_says_what_it_stands_for(
    timeline: Timeline, fields: dict[str, object], kinds: list[str]
) -> None:
    place = make_place(**fields)
    node = read_head(make_place_head(place, 1, timeline, PUBLISHED)).node
    shapes = node["geo"] if isinstance(node["geo"], list) else [node["geo"]]
    assert [shape["@type"] for shape in shapes] == kinds
    assert (shapes[0]["latitude"], shapes[0]["longitude"]) == (36.2, 0.0)
    assert place.precision is not None
    assert shapes[0]["description"] == place.precision.description
    assert [shape["geoRadius"] for shape in shapes[1:]] == [900] * (len(kinds) - 1)


def test_the_data_are_a_dataset_with_the_files_it_can_be_had_in(timeline: Timeline) -> None:
    node = read_head(make_dataset_head(timeline, PUBLISHED, [Download()])).node
    dates = [entry.event.date for entry in timeline.entries]
    assert node["@type"] == "Dataset"
    assert node["name"] == timeline.settings.title
    assert node["license"] == timeline.settings.licence
    assert node["creator"]["name"] == timeline.settings.authors
    assert node["isAccessibleForFree"] is True
    assert 50 <= len(node["description"]) <= 5000
    start, end = node["temporalCoverage"].split("/")
    assert min(date.earliest for date in dates).isoformat().startswith(start)
    assert max(date.latest for date in dates).isoformat().startswith(end)
    assert node["distribution"] == [
        {
            "@type": "DataDownload",
            "name": "events.json",
            "description": "Every event with its claims.",
            "encodingFormat": "application/json",
            "contentUrl": f"{URL}data/events.json",
        }
    ]


def test_the_dataset_covers_places_with_a_share_of_the_events_and_no_others(
    timeline: Timeline, entry: Entry
) -> None:
    home, away = make_place(id="home", name="Home"), make_place(id="away", name="Away")
    inner = make_place(id="inner", name="Inner", part_of="home")
    at_home, abroad = change(entry, places=("inner",)), change(entry, places=("away",))
    places = {place.id: place for place in (home, away, inner)}
    entries = (*[at_home] * 19, abroad)
    shown = replace(timeline, places=places, entries=entries)
    node = read_head(make_dataset_head(shown, PUBLISHED, [])).node
    assert [place["name"] for place in node["spatialCoverage"]] == ["Home"]


def test_a_timeline_without_events_is_a_dataset_that_covers_nothing(timeline: Timeline) -> None:
    node = read_head(make_dataset_head(replace(timeline, entries=()), PUBLISHED, [])).node
    assert not {"temporalCoverage", "spatialCoverage", "distribution", "dateModified"} & set(node)


def test_the_home_page_is_the_site_and_other_pages_are_part_of_it(timeline: Timeline) -> None:
    home = read_head(make_plain_head("Home", "All of it.", "", timeline, PUBLISHED))
    page = read_head(make_plain_head("2016", "", "timeline/2016/", timeline, PUBLISHED))
    assert home.node["@type"] == "WebSite"
    assert home.node["name"] == timeline.settings.title
    assert "isPartOf" not in home.node
    assert page.node["@type"] == "WebPage"
    assert page.node["isPartOf"]["@id"] == home.node["@id"] == URL
    assert "description" not in page.node
    assert "og:description" not in page.open_graph


def test_the_page_of_a_kind_has_the_picture_of_the_kind(timeline: Timeline) -> None:
    title = timeline.settings.title
    pages = {"kinds/battle/": Kind.BATTLE, "kinds/": SITE_CARD, "places/battle/": SITE_CARD}
    for address, card in pages.items():
        read = read_head(make_plain_head("x", "x", address, timeline, PUBLISHED))
        assert read.open_graph["og:image"] == f"{URL}{card_address(card)}"
        shown = f"{title}: Battle." if card is Kind.BATTLE else f"{title}."
        assert read.tags["twitter:image:alt"][0].startswith(shown)


def test_what_the_builder_writes_already_is_not_repeated(timeline: Timeline) -> None:
    for address, head in make_all_heads(timeline, PUBLISHED):
        assert not re.search(r"<title|rel=\"canonical|name=\"description", head), address


def test_the_same_content_gives_the_same_head(timeline: Timeline) -> None:
    assert list(make_all_heads(timeline, PUBLISHED)) == list(make_all_heads(timeline, PUBLISHED))
