"""Exploring the timeline, in a real browser."""

import re
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from conftest import Project
from wartimeline.indexes import Index, make_indexes
from wartimeline.parse import Entry
from wartimeline.pipeline import Checked
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Kind

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 740}
TILES = "**://tile.openstreetmap.org/**"
STREETS = "Show street map (loads images from openstreetmap.org)"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


@pytest.fixture(scope="module")
def places(timeline: Timeline) -> Index:
    return make_indexes(timeline)["places"]


@pytest.fixture
def explore(browser: Browser, aleppo_url: str) -> Iterator[Open]:
    """Open the explore page with a query, in a window of its own."""
    contexts: list[BrowserContext] = []

    def open_page(query: str = "", viewport: dict[str, int] | None = None, **more: object) -> Page:
        context = browser.new_context(viewport=viewport or WIDE, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the script failed: {error}"))
        page.goto(f"{aleppo_url}explore/{query}")
        if more.get("java_script_enabled", True):
            expect(page.locator("[data-count-found]")).to_have_text(re.compile(r"\d of \d"))
            expect(page.locator(".tl-row").first).to_be_visible()
        if (viewport or WIDE) == WIDE and more.get("java_script_enabled", True):
            expect(page.locator(".tl-spot").first).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()


def expect_count(page: Page, timeline: Timeline, wanted: Callable[[Entry], bool]) -> None:
    """See that the page finds as many events as there are, and says so to those who cannot see."""
    text = f"{sum(map(wanted, timeline.entries))} of {len(timeline.entries)} events"
    expect(page.locator("[data-count-found]")).to_have_text(text)
    expect(page.locator("[data-announce]")).to_have_text(text)


def press_until(page: Page, key: str, focused: str, most: int = 120) -> Locator:
    """Press a key until the element of a CSS selector has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", focused):
            return page.locator(":focus")
    pytest.fail(f"{key} never led to {focused}")


def is_focus_visible(page: Page) -> bool:
    style = "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])"
    outline, width = page.evaluate(f"{style}(getComputedStyle(document.activeElement))")
    return bool(outline != "none" and width != "0px")


def watch_hosts(page: Page) -> set[str]:
    hosts = set[str]()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    return hosts


def serve_tile(route: Route) -> None:
    route.fulfill(body=make_tile(), content_type="image/png")


def make_tile() -> bytes:
    file = BytesIO()
    Image.new("RGB", (256, 256), "#88aa99").save(file, "PNG")
    return file.getvalue()


def test_a_kind_is_chosen_and_cleared_by_mouse(explore: Open, timeline: Timeline) -> None:
    page = explore()
    page.get_by_role("checkbox", name="Air strike").check()
    expect_count(page, timeline, lambda entry: entry.event.kind is Kind.AIRSTRIKE)
    expect(page.locator(".tl-row .tl-kind").first).to_have_text("Air strike")
    assert page.url.endswith("?kind=airstrike")
    page.locator(".tl-app").get_by_role("button", name="Clear").click()
    expect_count(page, timeline, lambda _: True)
    assert page.url.endswith("/explore/")


def test_kinds_widen_and_other_filters_narrow(explore: Open, timeline: Timeline) -> None:
    page = explore()
    page.get_by_role("checkbox", name="Air strike").check()
    page.get_by_role("checkbox", name="Shelling").check()
    page.get_by_text("How it is attested").click()
    page.get_by_role("checkbox", name="Accounts differ").check()
    page.get_by_label("Independent sources").select_option("3 or more")
    kinds = {Kind.AIRSTRIKE, Kind.SHELLING}
    expect_count(
        page,
        timeline,
        lambda entry: (
            entry.event.kind in kinds
            and bool(entry.event.disputed)
            and timeline.corroboration[entry.id].count >= 3
        ),
    )


def test_any_of_two_places_or_all_of_them(explore: Open, timeline: Timeline, places: Index) -> None:
    page = explore("?place=old-city-of-aleppo&place=west-aleppo")
    ids = [
        {listing.entry.id for listing in places.headings[place].listings}
        for place in ("old-city-of-aleppo", "west-aleppo")
    ]
    expect_count(page, timeline, lambda entry: entry.id in ids[0] | ids[1])
    page.get_by_role("checkbox", name="Only events with all of the chosen places").check()
    expect_count(page, timeline, lambda entry: entry.id in ids[0] & ids[1])
    assert "places=all" in page.url
    page.reload()
    expect_count(page, timeline, lambda entry: entry.id in ids[0] & ids[1])


def test_the_number_beside_a_choice_is_what_choosing_it_gives(explore: Open) -> None:
    page = explore("?kind=battle")
    choice = page.locator("[data-choices=actor] .tl-choice").first
    count = choice.locator("small").inner_text()
    choice.locator("input").check()
    expect(page.locator("[data-count-found]")).to_have_text(re.compile(rf"^{count} of"))


def test_everything_is_done_by_keyboard(explore: Open, timeline: Timeline) -> None:
    page = explore()
    handle = press_until(page, "Tab", "[data-end=from]")
    assert is_focus_visible(page)
    page.keyboard.press("End")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowLeft")
    expect(handle).to_have_attribute("aria-valuetext", "November 2025")
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuetext", "February 2016")
    handle = press_until(page, "Tab", "[data-end=to]")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(handle).to_have_attribute("aria-valuetext", "March 2016")
    press_until(page, "Tab", "[name=kind][value=diplomacy]")
    assert is_focus_visible(page)
    page.keyboard.press("Space")

    def is_wanted(entry: Entry) -> bool:
        day = entry.event.date.earliest
        return entry.event.kind is Kind.DIPLOMACY and (day.year, day.month) in {
            (2016, 2),
            (2016, 3),
        }

    expect_count(page, timeline, is_wanted)
    expect(page.locator(":focus")).to_have_attribute("value", "diplomacy")
    page.wait_for_url("**?from=2016-02&to=2016-03&kind=diplomacy")
    press_until(page, "Shift+Tab", "[data-clear]")
    page.keyboard.press("Enter")
    expect_count(page, timeline, lambda _: True)
    expect(page.locator(":focus")).to_have_id("found")
    press_until(page, "Tab", "a.tl-row__title")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/**")


def test_the_first_month_never_passes_the_last(explore: Open) -> None:
    page = explore("?from=2016-12&to=2016-12")
    page.locator("[data-end=from]").focus()
    page.keyboard.press("PageUp")
    expect(page.locator("[data-end=from]")).to_have_attribute("aria-valuetext", "December 2016")
    expect(page.locator("[data-end=from]")).to_have_attribute(
        "aria-valuemax", str(page.locator("[data-end=to]").get_attribute("aria-valuenow"))
    )


def test_time_is_dragged_by_mouse(explore: Open, timeline: Timeline) -> None:
    page = explore()
    box = page.locator(".tl-brush").bounding_box()
    assert box is not None
    width = box["width"] / int(page.locator("[data-end=to]").get_attribute("aria-valuemax") or 0)
    page.mouse.move(box["x"] + width * 12.5, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + width * 20, box["y"] + 30, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile(r"\?from=2012-01&to=2012-\d\d$"))
    last = int(page.url[-2:])
    expect_count(
        page,
        timeline,
        lambda entry: (
            entry.event.date.earliest.year == 2012 and entry.event.date.earliest.month <= last
        ),
    )


def test_a_year_is_one_press(explore: Open, timeline: Timeline) -> None:
    page = explore()
    count = sum(entry.event.date.earliest.year == 2014 for entry in timeline.entries)
    year = page.get_by_role("button", name=f"2014, {count} events")
    year.click()
    expect_count(page, timeline, lambda entry: entry.event.date.earliest.year == 2014)
    expect(year).to_have_attribute("aria-pressed", "true")
    year.click()
    expect_count(page, timeline, lambda _: True)


def test_back_and_forward_restore_what_was_asked(explore: Open, timeline: Timeline) -> None:
    page = explore()
    page.get_by_role("checkbox", name="Siege").check()
    page.get_by_role("checkbox", name="Protest").check()
    page.go_back()
    expect_count(page, timeline, lambda entry: entry.event.kind is Kind.SIEGE)
    expect(page.get_by_role("checkbox", name="Protest")).not_to_be_checked()
    page.go_back()
    expect_count(page, timeline, lambda _: True)
    page.go_forward()
    page.go_forward()
    expect_count(page, timeline, lambda entry: entry.event.kind in {Kind.SIEGE, Kind.PROTEST})
    expect(page.get_by_role("checkbox", name="Protest")).to_be_checked()


def test_what_an_address_asks_wrongly_is_left_out(explore: Open, timeline: Timeline) -> None:
    page = explore("?kind=nonsense&place=atlantis&from=never&to=2016-13&origins=-4&differ=perhaps")
    expect_count(page, timeline, lambda _: True)
    expect(page.locator(".tl-app").get_by_role("button", name="Clear")).to_be_hidden()


def test_a_choice_is_taken_back_by_its_chip(explore: Open, timeline: Timeline) -> None:
    page = explore("?kind=siege&phase=siege")
    chip = page.get_by_role("button", name="Remove Siege").last
    chip.focus()
    page.keyboard.press("Enter")
    expect_count(page, timeline, lambda entry: entry.event.kind is Kind.SIEGE)
    expect(page.locator(":focus")).to_have_accessible_name("Remove Siege")


def test_fifty_rows_more_are_shown_and_focused(explore: Open, timeline: Timeline) -> None:
    page = explore()
    titles = page.locator("a.tl-row__title")
    expect(titles).to_have_count(50)
    page.get_by_role("button", name=re.compile("Show 50 more")).press("Enter")
    expect(titles).to_have_count(100)
    expect(titles.nth(50)).to_be_focused()
    assert titles.all_inner_texts() == [e.event.title for e in timeline.entries[:100]]


def test_the_links_of_the_rows_lead_to_pages(explore: Open, aleppo_site: Path) -> None:
    page = explore()
    hrefs = page.eval_on_selector_all("[data-rows] a", "links => links.map(link => link.href)")
    assert len(hrefs) > 100
    paths = {urlsplit(href).path.strip("/") for href in hrefs}
    assert [path for path in paths if not (aleppo_site / path / "index.html").is_file()] == []


def test_a_place_on_the_map_is_chosen_by_keyboard(explore: Open, timeline: Timeline) -> None:
    page = explore("?from=2016-11&to=2016-12&kind=battle")
    button = page.locator(".tl-spot--area").first
    button.focus()
    assert is_focus_visible(page)
    name = button.get_attribute("aria-label") or ""
    found = re.fullmatch(r"(.+), (\d+) events?", name)
    assert found
    expect(page.locator("[data-where]")).to_contain_text(found[1])
    page.keyboard.press("Enter")
    expect(page.locator("[data-count-found]")).to_have_text(
        f"{found[2]} of {len(timeline.entries)} events"
    )
    expect(page.get_by_role("button", name=f"Remove {found[1]}")).to_be_visible()
    expect(page.locator(":focus")).to_have_accessible_name(name)
    expect(page.locator(":focus")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name=f"Remove {found[1]}")).to_have_count(0)


def test_places_drawn_as_one_come_apart_by_keyboard(explore: Open) -> None:
    page = explore()
    pile = page.locator(".tl-spot--group").first
    assert re.fullmatch(
        r".+ and \d+ more places?, \d+ events?", pile.get_attribute("aria-label") or ""
    )
    before = page.locator(".tl-area").first.evaluate("area => area.getBoundingClientRect().width")
    pile.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "w => document.querySelector('.tl-area').getBoundingClientRect().width > w", arg=before
    )
    expect(page.locator(".tl-spot:focus")).to_have_count(1)
    assert "explore/?" not in page.url


def test_arrow_keys_move_the_map(explore: Open) -> None:
    page = explore()
    page.get_by_role("region", name=re.compile("^Map")).focus()
    assert is_focus_visible(page)
    before = page.locator(".tl-area").first.bounding_box()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    after = page.locator(".tl-area").first.bounding_box()
    assert before
    assert after
    assert after["x"] < before["x"]


def test_a_circle_is_as_large_as_its_place(explore: Open, timeline: Timeline) -> None:
    page = explore("?place=sheikh-saeed")
    place, other = timeline.places["sheikh-saeed"], timeline.places["masaken-hanano"]
    assert place.radius_m
    assert other.radius_m
    chosen = page.locator(".tl-area--chosen").evaluate("a => a.getBBox().width")
    page.goto(page.url.replace("sheikh-saeed", "masaken-hanano"))
    wide = page.locator(".tl-area--chosen").evaluate("a => a.getBBox().width")
    assert wide / chosen == pytest.approx(other.radius_m / place.radius_m, rel=0.08)


def test_a_country_is_in_the_list_and_not_on_the_map(explore: Open, places: Index) -> None:
    page = explore()
    count = places.headings["syria"].count
    expect(page.locator(".tl-spot[aria-label^='Syria,']")).to_have_count(0)
    page.locator(".tl-placelist > summary").click()
    syria = page.locator("[data-placelist]").get_by_role("button", name=f"Syria {count}")
    syria.click()
    expect(page.locator("[data-count-found]")).to_have_text(re.compile(f"^{count} of"))


def test_a_shared_address_shows_its_place_on_the_map(explore: Open, places: Index) -> None:
    page = explore("?place=moscow")
    name = f"Moscow, {places.headings['moscow'].count} events"
    expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")


def test_borders_are_drawn_where_the_map_is_wide(explore: Open) -> None:
    page = explore()
    borders = page.locator(".tl-border")
    expect(borders).to_have_count(0)
    page.get_by_role("button", name="Show all places found").click()
    expect(borders.last).to_be_visible()


def test_a_governorate_is_a_shaded_region(explore: Open, places: Index) -> None:
    page = explore("?place=idlib-governorate")
    region = page.locator(".tl-region--meant")
    expect(region).to_be_visible()
    assert float(region.get_attribute("fill-opacity") or 0) > 0
    page.locator(".tl-map").click(position={"x": 250, "y": 250})
    expect(page.locator("[data-count-found]")).to_have_text(re.compile(r"^(\d+) of \1 events"))
    page.go_back()
    count = places.headings["idlib-governorate"].count
    expect(page.locator("[data-count-found]")).to_have_text(re.compile(f"^{count} of"))


def test_the_street_map_is_not_covered(explore: Open) -> None:
    page = explore("?place=idlib-governorate")
    page.context.route(TILES, serve_tile)
    expect(page.locator(".tl-land")).to_be_visible()
    page.get_by_role("button", name=STREETS).click()
    expect(page.locator(".tl-land")).to_be_hidden()


def test_a_row_shows_where_it_happened(explore: Open) -> None:
    page = explore("?place=sheikh-saeed")
    page.locator("a.tl-row__title").last.hover()
    expect(page.locator("[data-where]")).to_contain_text("Sheikh Saeed")
    expect(page.locator(".tl-area--pointed").first).to_be_visible()
    page.mouse.move(5, 5)
    expect(page.locator("[data-where]")).to_have_text("")
    page.locator("a.tl-row__title").last.focus()
    expect(page.locator("[data-where]")).to_contain_text("Sheikh Saeed")


def test_a_place_is_found_by_its_arabic_name(explore: Open, places: Index) -> None:
    page = explore()
    page.get_by_label("Find places").fill("الشيخ سعيد")
    choice = page.locator("[data-choices=place] .tl-choice").filter(has_text="Sheikh Saeed")
    name = choice.locator("bdi")
    expect(name).to_have_text("الشيخ سعيد")
    expect(name).to_have_attribute("dir", "rtl")
    expect(name).to_have_attribute("lang", "ar")
    choice.locator("input").check()
    count = places.headings["sheikh-saeed"].count
    expect(page.locator("[data-count-found]")).to_have_text(re.compile(f"^{count} of"))
    page.get_by_label("Find places").fill("nowhere at all")
    expect(page.locator("[data-found=place]")).to_have_text("None found")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_asked_of_another_host_before_consent(
    browser: Browser, aleppo_url: str, viewport: dict[str, int]
) -> None:
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    hosts = watch_hosts(page)
    page.goto(f"{aleppo_url}explore/")
    for section in page.locator(".tl-panes > .tl-fold, .tl-app > .tl-fold").all():
        section.evaluate("section => { section.open = true; }")
    page.locator(".tl-spot").first.click()
    for _ in range(6):
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(300)
    page.get_by_role("button", name="Show all places found").click()
    page.wait_for_load_state("networkidle")
    assert hosts == {urlsplit(aleppo_url).netloc}
    context.close()


def test_the_street_map_is_loaded_when_asked_for(explore: Open) -> None:
    page = explore()
    page.context.route(TILES, serve_tile)
    hosts = watch_hosts(page)
    with page.expect_request(TILES):
        page.get_by_role("button", name=STREETS).click()
    expect(page.locator(".tl-streets").first).to_be_attached()
    expect(page.get_by_role("link", name="© OpenStreetMap contributors")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert hosts == {"tile.openstreetmap.org"}
    page.get_by_role("button", name="Hide street map").click()
    expect(page.locator(".tl-streets")).to_have_count(0)
    expect(page.get_by_role("button", name=STREETS)).to_be_visible()


@pytest.mark.parametrize("is_remembered", [True, False], ids=["remembered", "forgotten"])
def test_the_street_map_is_remembered_only_if_the_reader_says_so(
    explore: Open, aleppo_url: str, *, is_remembered: bool
) -> None:
    page = explore()
    page.context.route(TILES, serve_tile)
    page.get_by_role("button", name=STREETS).click()
    box = page.get_by_label("Always show it in this browser")
    box.set_checked(is_remembered)
    hosts = watch_hosts(page)
    page.reload()
    expect(page.locator(".tl-spot").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    ours = urlsplit(aleppo_url).netloc
    assert hosts == ({ours, "tile.openstreetmap.org"} if is_remembered else {ours})
    if is_remembered:
        page.get_by_role("button", name="Hide street map").click()
        page.reload()
        expect(page.get_by_role("button", name=STREETS)).to_be_visible()


def test_on_a_phone_the_list_comes_first_and_the_map_waits(
    browser: Browser, aleppo_url: str
) -> None:
    context = browser.new_context(viewport=NARROW, has_touch=True, is_mobile=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{aleppo_url}explore/")
    expect(page.locator("a.tl-row__title").first).to_be_in_viewport()
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "leaflet.js" in url]
    for name in ("Time", "Filters", "Map"):
        page.locator("summary", has_text=re.compile(rf"^{name}\b")).first.tap()
    expect(page.locator(".tl-spot").first).to_be_visible()
    expect(page.locator("[data-end=from]")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Battle")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    context.close()


@pytest.mark.parametrize(
    ("scheme", "colour"), [("light", "rgb(243, 240, 234)"), ("dark", "rgb(27, 31, 35)")]
)
def test_the_map_takes_the_colours_of_the_page(explore: Open, scheme: str, colour: str) -> None:
    page = explore(color_scheme=scheme)
    expect(page.locator(".tl-map")).to_have_css("background-color", colour)


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", WIDE), ("dark", NARROW)], ids=["light wide", "dark narrow"]
)
def test_axe_finds_no_barrier_with_everything_open(
    explore: Open, scheme: str, viewport: dict[str, int]
) -> None:
    page = explore(
        "?kind=battle&place=sheikh-saeed&place=masaken-hanano&from=2016-01",
        viewport,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    expect(page.locator(".tl-spot").first).to_be_visible()
    standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    results = Axe().run(page, options={"runOnly": standards, "resultTypes": ["violations"]})
    assert [(one["id"], one["nodes"][:2]) for one in results.response["violations"]] == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_map_is_still_for_those_who_want_no_motion(explore: Open, motion: str) -> None:
    page = explore(reduced_motion=motion)
    moving = page.locator(".leaflet-zoom-anim, .leaflet-fade-anim")
    expect(moving).to_have_count(0 if motion == "reduce" else 1)


def test_without_javascript_the_page_leads_on(explore: Open) -> None:
    page = explore(java_script_enabled=False)
    expect(page.get_by_text("Narrowing and the map need JavaScript")).to_be_visible()
    expect(page.locator(".tl-app")).to_be_hidden()
    page.locator(".tl-plain").get_by_role("link", name="2016").click()
    page.wait_for_url("**/timeline/2016/")


def test_it_is_said_when_the_events_cannot_be_loaded(browser: Browser, aleppo_url: str) -> None:
    page = browser.new_page()
    page.route("**/events.json*", lambda route: route.abort())
    page.goto(f"{aleppo_url}explore/")
    expect(page.get_by_text("The events could not be loaded")).to_be_visible()
    expect(page.locator(".tl-app")).to_be_hidden()
    page.close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the requests out of the output of the tests."""


@contextmanager
def serve(site: Path) -> Iterator[str]:
    handler = partial(QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def make_pmtiles(tile: bytes) -> bytes:
    """Make a PMTiles file, version 3, of one PNG that is the whole world."""
    directory = bytes([1, 0, 1]) + make_varint(len(tile)) + bytes([1])
    metadata = b"{}"
    at = 127
    offsets = (
        *(at, len(directory)),
        *(at + len(directory), len(metadata)),
        *(at + len(directory) + len(metadata), 0),
        *(at + len(directory) + len(metadata), len(tile)),
        *(1, 1, 1),
    )
    uncompressed, png = 1, 2
    kinds = bytes([1, uncompressed, uncompressed, png, 0, 0])
    bounds = struct.pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    centre = struct.pack("<Bii", 0, 0, 0)
    header = b"PMTiles\x03" + struct.pack("<11Q", *offsets) + kinds + bounds + centre
    assert len(header) == at
    return header + directory + metadata + tile


def make_varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def test_a_street_map_of_the_site_itself_is_one_file(browser: Browser, other_war: Project) -> None:
    folder = other_war.root / "docs" / "maps"
    folder.mkdir()
    (folder / "world.pmtiles").write_bytes(make_pmtiles(make_tile()))
    settings = "extra:\n  timeline:\n"
    tiles = "    map:\n      pmtiles: maps/world.pmtiles\n      tile_attribution: The map makers\n"
    other_war.edit("mkdocs.yml", settings, settings + tiles)
    built = other_war.build()
    assert built.returncode == 0, built.stderr
    with serve(other_war.root / "site") as url:
        page = browser.new_page(viewport=WIDE)
        hosts = watch_hosts(page)
        page.goto(f"{url}explore/")
        expect(page.locator(".tl-spot").first).to_be_visible()
        page.get_by_role("button", name="Show street map", exact=True).click()
        expect(page.locator(".leaflet-tile-pane img[src^=blob]").first).to_be_attached()
        expect(page.get_by_role("link", name="The map makers")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert hosts - {""} == {urlsplit(url).netloc}
        page.close()
