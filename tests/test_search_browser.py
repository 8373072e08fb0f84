"""Search, in a real browser, on the real site."""

import gzip
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from conftest import Project, make_entry
from test_accessibility_browser import STANDARDS
from test_folding import CASES
from wartimeline import paths

SEARCH = "search/"
TITLE = "Sheikh Saeed falls and a monitor says the battle is over"
BUDGET_BYTES = 150_000


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the requests out of the output of the tests."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    yield page
    context.close()
    assert errors == []


def find_status(page: Page) -> Locator:
    return page.locator(".tl-search").get_by_role("status")


def ask(page: Page, url: str, query: str) -> list[str]:
    """Open the page of search with a query, and return the titles that are shown."""
    page.goto(f"{url}{SEARCH}?{query}")
    expect(find_status(page)).to_have_text(re.compile("result|Nothing"))
    return list_titles(page)


def list_titles(page: Page) -> list[str]:
    return page.locator(".tl-search__results .tl-row__title").all_inner_texts()


def find_facet(page: Page, name: str) -> Locator:
    return page.locator(f".tl-facet[data-facet={name}]")


def find_box(page: Page, facet: str, value: str) -> Locator:
    return find_facet(page, facet).locator(f"[value='{value}']")


def read_count(page: Page) -> int:
    found = re.match(r"[\d,]+", find_status(page).inner_text())
    assert found
    return int(found[0].replace(",", ""))


def read_query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_the_browser_folds_by_the_same_rules(search_page: Page, case: dict[str, str]) -> None:
    folded = search_page.evaluate(
        f"async (text) => (await import('../{paths.asset_address('folding.js')}')).fold(text)",
        case["text"],
    )
    assert " ".join(folded) == case["folded"]


@pytest.fixture(scope="module")
def search_page(browser: Browser, aleppo_url: str) -> Iterator[Page]:
    """The page of search, for many questions that change nothing."""
    page = browser.new_page()
    page.goto(aleppo_url + SEARCH)
    yield page
    page.close()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Sheikh Saeed falls", TITLE),
        ('"battle is at its end"', TITLE),
        ("castello road", "Castello Road"),
        ("RFE/RL", "RFE/RL"),
        ("rami abdel rahman", "Rami Abdel Rahman"),
        ("lessons", "Use in class"),
    ],
    ids=[
        "an event",
        "a headline in quotation marks",
        "a place",
        "an outlet",
        "a person",
        "a lesson",
    ],
)
def test_it_finds(page: Page, aleppo_url: str, words: str, title: str) -> None:
    assert title in ask(page, aleppo_url, f"q={quote(words)}")


def test_every_spelling_of_a_name_finds_the_same(page: Page, aleppo_url: str) -> None:
    spellings = ("Sheikh Saeed", "Sheikh Said", "sheikh saïd", "Shaykh Sa'id", "Shaykh Saʿid",
                 "الشيخ سعيد", "شيخ سعيد", "الشَّيْخ سَعِيد")  # fmt: skip
    found = [set(ask(page, aleppo_url, f"q={quote(spelling)}")) for spelling in spellings]
    assert {TITLE, "Sheikh Saeed"} <= found[0]
    assert all(titles == found[0] for titles in found)


def test_a_name_found_can_be_widened_to_its_words(page: Page, aleppo_url: str) -> None:
    ask(page, aleppo_url, "q=Sheikh+Said")
    expect(find_status(page)).to_have_text(re.compile(r"^\d+ results for this name$"))
    named = read_count(page)
    page.get_by_role("button", name=re.compile(r"All \d+ with these words")).click()
    expect(find_status(page)).to_have_text(re.compile(r"^\d+ results$"))
    assert read_count(page) > named
    assert read_query(page)["words"] == ["all"]


def test_a_result_shows_when_what_and_where(page: Page, aleppo_url: str) -> None:
    ask(page, aleppo_url, f"q={quote(TITLE)}")
    row = page.locator(".tl-search__results > ol > li").first
    expect(row.get_by_role("link")).to_have_text(TITLE)
    expect(row.locator(".tl-day__date")).to_have_text(re.compile(r"12\s+Dec 2016"))
    expect(row.locator(".tl-kind--battle")).to_have_text("Battle")
    expect(row.locator(".tl-meta")).to_contain_text("Sheikh Saeed · East Aleppo")
    expect(row.locator(".tl-differ")).to_have_text("accounts differ")
    expect(row.locator("mark").first).to_be_visible()
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


WATCH_SHIFTS = """() => {
    window.shifts = [];
    const note = (list) => window.shifts.push(...list.getEntries().map((one) => one.value));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.mark.parametrize("size", [(360, 740), (1440, 900)], ids=["narrow", "wide"])
@pytest.mark.parametrize("query", ["q=hospital", "q=Sheikh+Said", "q=zzqx", "kind=chemical", ""])
def test_nothing_in_sight_moves_while_results_come(
    page: Page, aleppo_url: str, size: tuple[int, int], query: str
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.add_init_script(f"({WATCH_SHIFTS})()")

    def wait(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route("**/search.js", wait)
    page.goto(f"{aleppo_url}{SEARCH}?{query}")
    if query:
        expect(find_status(page)).to_have_text(re.compile("result|Nothing"))
    page.wait_for_timeout(300)
    assert sum(page.evaluate("window.shifts")) < 0.1


def test_an_arabic_name_in_a_result_has_its_language_and_direction(
    page: Page, aleppo_url: str
) -> None:
    ask(page, aleppo_url, f"q={quote('الشيخ سعيد')}&type=place")
    name = page.locator(".tl-search__results bdi[lang=ar]")
    expect(name).to_have_text("الشيخ سعيد")
    assert name.evaluate("element => getComputedStyle(element).direction") == "rtl"
    field = page.get_by_label("Words to search for")
    assert field.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_values_of_a_facet_widen_and_facets_narrow_each_other(page: Page, aleppo_url: str) -> None:
    ask(page, aleppo_url, "q=hospital")
    everything = read_count(page)
    kinds = find_facet(page, "kind")
    kinds.locator("summary").click()
    counts = [kinds.locator(f"li:has([value={kind}]) small") for kind in ("airstrike", "shelling")]
    expect(counts[0]).to_have_text(re.compile(r"\d"))
    wanted, other = (int(count.inner_text()) for count in counts)
    find_box(page, "kind", "airstrike").check()
    expect(find_status(page)).to_have_text(f"{wanted} results")
    assert 0 < wanted < everything
    expect(counts[1]).to_have_text(str(other))
    find_box(page, "kind", "shelling").check()
    expect(find_status(page)).to_have_text(f"{wanted + other} results")
    expect(kinds.locator("summary")).to_contain_text("(2)")
    years = find_facet(page, "year")
    years.locator("summary").click()
    find_box(page, "year", "2016").check()
    expect(find_status(page)).not_to_have_text(f"{wanted + other} results")
    assert 0 < read_count(page) < wanted + other
    assert read_query(page) == {
        "q": ["hospital"], "kind": ["airstrike", "shelling"], "year": ["2016"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("kind=chemical", "kind chemical"),
        ("place=sheikh-saeed", "place sheikh-saeed"),
        ("type=outlet", "type outlet"),
    ],
)
def test_a_choice_alone_lists_all_of_it(
    page: Page, aleppo_url: str, query: str, number: str
) -> None:
    ask(page, aleppo_url, query)
    facet, value = number.split()
    box = find_facet(page, facet).locator(f"li:has([value='{value}'])")
    expect(box.locator("small")).to_have_text(re.compile(r"\d"))
    assert read_count(page) == int(box.locator("small").inner_text())


def test_results_are_ordered_by_date_either_way(page: Page, aleppo_url: str) -> None:
    query = "q=evacuation&type=event&year=2016"
    oldest = ask(page, aleppo_url, f"{query}&sort=oldest")
    dates = page.locator(".tl-search__results .tl-day__date").all()
    days = [date.get_attribute("title") for date in dates]
    assert len(set(days)) > 1
    page.get_by_label("Order", exact=True).select_option("newest")
    expect(page.locator(".tl-search__results .tl-row__title").first).not_to_have_text(oldest[0])
    expect(page.locator(".tl-search__results .tl-day__date").first).to_contain_text("Dec 2016")
    assert list_titles(page) != oldest
    assert read_query(page)["sort"] == ["newest"]


def test_what_has_no_date_comes_after_what_has_one(page: Page, aleppo_url: str) -> None:
    ask(page, aleppo_url, "q=Sheikh+Saeed&sort=newest")
    dates = page.locator(".tl-search__results .tl-day__date").all_inner_texts()
    dated = [bool(re.search(r"\d{4}", date)) for date in dates]
    assert dated == sorted(dated, reverse=True)
    assert True in dated
    assert False in dated


def test_more_results_are_added_and_focus_goes_to_the_first_of_them(
    page: Page, aleppo_url: str
) -> None:
    titles = ask(page, aleppo_url, "q=hospital")
    page.get_by_role("button", name="More results").click()
    links = page.locator(".tl-search__results .tl-row__title")
    expect(links).to_have_count(2 * len(titles))
    expect(links.nth(len(titles))).to_be_focused()
    links.nth(len(titles) + 1).click()
    page.go_back()
    expect(links).to_have_count(2 * len(titles))


def test_the_first_results_are_shown_before_the_others_are_fetched(
    page: Page, aleppo_url: str
) -> None:
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)
        if len(asked) <= 3:
            route.continue_()

    page.route("**/*.pf_fragment", hold)
    page.goto(f"{aleppo_url}{SEARCH}?q=hospital")
    links = page.locator(".tl-search__results .tl-row__title")
    expect(links).to_have_count(3)
    for _ in range(250):
        if len(asked) == 10:
            break
        page.wait_for_timeout(20)
    expect(links).to_have_count(3)
    expect(page.get_by_role("button", name="More results")).to_be_hidden()
    for route in asked[3:]:
        route.continue_()
    expect(links).to_have_count(10)
    expect(page.get_by_role("button", name="More results")).to_be_visible()


def test_the_address_keeps_what_is_asked(page: Page, aleppo_url: str) -> None:
    page.goto(aleppo_url + SEARCH)
    field = page.get_by_label("Words to search for")
    field.press_sequentially("castello", delay=20)
    expect(find_status(page)).to_have_text(re.compile(r"^\d+ results"))
    field.press("Enter")
    field.fill("chlorine")
    expect(page).to_have_url(re.compile("q=chlorine"))
    find_facet(page, "kind").locator("summary").click()
    find_box(page, "kind", "chemical").check()
    expect(page).to_have_url(re.compile("kind=chemical"))
    narrowed = find_status(page).inner_text()
    page.go_back()
    expect(find_box(page, "kind", "chemical")).not_to_be_checked()
    expect(field).to_have_value("chlorine")
    page.go_back()
    expect(field).to_have_value("castello")
    page.go_forward()
    page.go_forward()
    expect(find_status(page)).to_have_text(narrowed)
    page.reload()
    expect(field).to_have_value("chlorine")
    expect(find_box(page, "kind", "chemical")).to_be_checked()
    expect(find_status(page)).to_have_text(narrowed)


def test_clearing_leaves_the_empty_page(page: Page, aleppo_url: str) -> None:
    ask(page, aleppo_url, "q=chlorine&kind=chemical&sort=oldest")
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_label("Words to search for")).to_be_focused()
    expect(page.locator(".tl-search__results .tl-row__title")).to_have_count(0)
    expect(find_status(page)).to_have_text("")
    assert urlsplit(page.url).query == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [("zzqx", re.compile("^Nothing found")), ("a", re.compile("one letter more"))],
    ids=["nothing found", "too short"],
)
def test_it_says_why_there_is_no_result(
    page: Page, aleppo_url: str, words: str, said: re.Pattern[str]
) -> None:
    page.goto(f"{aleppo_url}{SEARCH}?q={words}")
    expect(find_status(page)).to_have_text(said)
    expect(page.locator(".tl-search__results .tl-row__title")).to_have_count(0)
    expect(page.get_by_role("button", name="More results")).to_be_hidden()


def test_an_index_that_cannot_be_read_is_said_and_tried_again(
    browser: Browser, aleppo_url: str
) -> None:
    page = browser.new_page()
    page.route("**/*.pf_meta", lambda route: route.abort())
    page.route("**/wasm.*", lambda route: route.abort())
    page.goto(f"{aleppo_url}{SEARCH}?q=castello")
    expect(find_status(page)).to_have_text(re.compile("could not be read"))
    page.unroute("**/*.pf_meta")
    page.unroute("**/wasm.*")
    page.get_by_label("Words to search for").press("Enter")
    expect(find_status(page)).to_have_text(re.compile(r"^\d+ results"))
    page.close()


def test_while_the_index_is_made_it_says_so_and_tries_again_by_itself(
    browser: Browser, other_war: Project
) -> None:
    assert other_war.build().returncode == 0
    folder = other_war.root / "site" / "pagefind"
    kept = folder.rename(other_war.root / "kept")
    folder.mkdir()
    (folder / "state.txt").write_text("making", "utf-8")
    page = browser.new_page()
    with serve(other_war.root / "site") as url:
        page.goto(f"{url}{SEARCH}?q=brine")
        expect(find_status(page)).to_have_text(re.compile("is being made"))
        (folder / "state.txt").unlink()
        folder.rmdir()
        kept.rename(folder)
        expect(find_status(page)).to_have_text(re.compile(r"^\d+ results"))
        assert list_titles(page)
    page.close()


def test_without_an_index_it_says_that_there_is_no_search(
    browser: Browser, other_war: Project
) -> None:
    assert other_war.build().returncode == 0
    folder = other_war.root / "site" / "pagefind"
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "state.txt").write_text("failed", "utf-8")
    page = browser.new_page()
    with serve(other_war.root / "site") as url:
        page.goto(f"{url}{SEARCH}?q=brine")
        expect(find_status(page)).to_have_text("Search is not available in this build of the site.")
    page.close()


@pytest.mark.parametrize("width", [1440, 360])
def test_a_slash_leads_to_search_from_any_page(page: Page, aleppo_url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(aleppo_url + "places/")
    page.keyboard.press("/")
    if width > 1000:
        expect(page.get_by_label("Search the timeline")).to_be_focused()
        page.keyboard.type("castello")
        page.keyboard.press("Enter")
        expect(find_status(page)).to_have_text(re.compile("result"))
    expect(page).to_have_url(re.compile("/search/"))
    expect(page.get_by_label("Words to search for")).to_be_visible()


def test_a_slash_can_be_typed(page: Page, aleppo_url: str) -> None:
    page.goto(aleppo_url + SEARCH)
    field = page.get_by_label("Words to search for")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_everything_can_be_done_by_keyboard(page: Page, aleppo_url: str) -> None:
    page.goto(aleppo_url)
    page.keyboard.press("/")
    page.keyboard.type("chlorine")
    page.keyboard.press("Enter")
    expect(find_status(page)).to_have_text(re.compile("result"))
    press_until(page, "Tab", ".tl-facet[data-facet=kind] > summary")
    page.keyboard.press("Enter")
    expect(find_box(page, "kind", "chemical")).to_be_visible()
    press_until(page, "Tab", ".tl-facet [value=chemical]")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("kind=chemical"))
    assert page.evaluate("document.activeElement.value") == "chemical"
    press_until(page, "Tab", ".tl-search__results .tl-row__title")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/events/"))


def press_until(page: Page, key: str, focused: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", focused):
            return
    pytest.fail(f"{key} never led to {focused}")


def test_the_page_fits_a_phone(page: Page, aleppo_url: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    ask(page, aleppo_url, "q=hospital&place=east-aleppo")
    page.locator(".tl-facets > summary").click()
    expect(find_facet(page, "place").locator("small").last).to_have_text(re.compile(r"\d"))
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for target in (
        ".tl-facet summary",
        ".tl-facet label",
        ".tl-search button",
        ".tl-search select",
    ):
        for one in page.locator(f"{target}:visible").all():
            box = one.bounding_box()
            assert box is not None
            assert box["height"] >= 24, target


def test_without_javascript_there_are_the_lists_and_nothing_dead(
    browser: Browser, aleppo_url: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(aleppo_url + SEARCH)
    expect(page.locator("noscript p")).to_contain_text("Search needs JavaScript")
    expect(page.locator("noscript a[href='../places/']")).to_be_visible()
    for address in (SEARCH, "places/"):
        page.goto(aleppo_url + address)
        for control in page.locator(".tl-find, .tl-find__link, .tl-search").all():
            expect(control).to_be_hidden()
    context.close()


def test_nothing_is_asked_of_another_host_and_no_more_than_is_needed(
    page: Page, aleppo_url: str, aleppo_site: Path
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    ask(page, aleppo_url, "q=Sheikh+Saeed")
    assert [url for url in asked if not url.startswith((aleppo_url, "data:"))] == []
    ours = {unquote(urlsplit(url).path) for url in asked if url.startswith(aleppo_url)}
    parts = [
        path for path in ours if "/pagefind/" in path or re.search(r"/(search|folding)\.js", path)
    ]
    assert len(parts) > 5
    assert sum(weigh(aleppo_site / path.lstrip("/")) for path in parts) < BUDGET_BYTES
    assert not any(path.endswith(".pf_filter") for path in parts)


def weigh(path: Path) -> int:
    """Return the bytes that are sent: scripts are sent compressed, the index is so already."""
    content = path.read_bytes()
    return len(gzip.compress(content)) if path.suffix == ".js" else len(content)


def test_pages_fetch_nothing_of_search_before_it_is_used(page: Page, aleppo_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(aleppo_url + "places/")
    page.wait_for_load_state("networkidle")
    assert any(url.endswith("/search-open.js") for url in asked)
    assert not [url for url in asked if "pagefind" in url or "/search.js" in url]


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder, and give its address with a slash at the end."""
    handler = partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_page_is_found_in_a_folder_of_a_host(
    page: Page, aleppo_site: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder").symlink_to(aleppo_site)
    with serve(tmp_path) as url:
        titles = ask(page, f"{url}folder/", "q=Sheikh+Saeed")
        assert TITLE in titles
        page.get_by_role("link", name=TITLE).click()
        expect(page).to_have_url(re.compile("/folder/events/"))
        page.wait_for_load_state("networkidle")  # before there is no server any more


def test_hostile_texts_are_shown_as_text(page: Page, other_war: Project) -> None:
    hostile = "Brine <script>alert(1)</script><img src=x onerror=alert(1)> & more"
    entry = make_entry(
        f"{hostile} [@post].\n", title=json.dumps(hostile), summary=json.dumps(f"{hostile}.")
    )
    other_war.add(entry, "1204/1204-03-09-hostile.md")
    assert other_war.build().returncode == 0
    with serve(other_war.root / "site") as url:
        assert hostile in ask(page, url, "q=alert")
        row = page.locator(".tl-search__results li", has_text="alert").first
        expect(row.locator(".tl-row__summary")).to_contain_text(hostile)
        expect(row.locator("mark").first).to_be_visible()
        expect(row.locator("script, img")).to_have_count(0)


def test_labels_of_all_controls_are_read_out(page: Page, aleppo_url: str) -> None:
    ask(page, aleppo_url, "q=chlorine&kind=chemical")
    for role in ("checkbox", "combobox", "searchbox", "button"):
        for control in page.get_by_role("main").get_by_role(role).all():  # type: ignore[arg-type]
            expect(control).to_have_accessible_name(re.compile(r"\w"))
    expect(page.get_by_role("search", name="Timeline")).to_be_visible()
    expect(page.get_by_role("group", name="Kind of event")).to_be_visible()
    expect(page.get_by_role("list", name="Results")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1440), ("dark", 360)], ids=["light and wide", "dark and narrow"]
)
def test_axe_finds_no_barrier_among_results(
    browser: Browser, aleppo_url: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = browser.new_page(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    ask(page, aleppo_url, "q=Sheikh+Said&type=event&type=place")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    expect(find_facet(page, "origins").locator("small").last).to_have_text(re.compile(r"\d"))
    found = Axe().run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
    assert [(one["id"], one["nodes"][0]["target"]) for one in found.response["violations"]] == []
    page.close()
