"""Comforts for readers, in a real browser."""

import datetime as dt
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from wartimeline import paths

BARE = "events/2015-04-12-school-air-strike/"
NOTED = "events/2016-04-27-al-quds-hospital/"
HIDDEN = "localStorage.setItem('tl-hold', 'yes')"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def with_term(aleppo_site: Path) -> str:
    """The address of the event whose text has most terms of the glossary."""
    counts = {
        path.parent.name: path.read_text("utf-8").count('class="tl-term"')
        for path in sorted(aleppo_site.glob("events/*/index.html"))
    }
    most = max(counts, key=lambda name: counts[name])
    assert counts[most] > 3
    return f"events/{most}/"


def focus_title(page: Page) -> str:
    """Return the title of the event whose link has the focus."""
    return str(page.evaluate("document.activeElement.closest('.tl-row__title')?.textContent ?? ''"))


def go_to_day(page: Page, day: dt.date, url: str) -> None:
    page.clock.set_fixed_time(dt.datetime.combine(day, dt.time(12)))
    page.goto(url)


class TestKeys:
    def test_j_and_k_go_from_event_to_event(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/2016/12/")
        titles = page.locator(".tl-row__title")
        titles.nth(0).focus()
        for key, place in (("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
            page.keyboard.press(key)
            expect(titles.nth(place)).to_be_focused()
            expect(titles.nth(place)).to_be_in_viewport(ratio=1)

    def test_they_start_from_the_event_whose_other_link_has_the_focus(
        self, page: Page, aleppo_url: str
    ) -> None:
        page.goto(f"{aleppo_url}timeline/2016/12/")
        page.locator(".tl-row").nth(3).locator(".tl-meta a").first.focus()
        page.keyboard.press("j")
        expect(page.locator(".tl-row__title").nth(4)).to_be_focused()

    def test_they_cross_from_one_month_to_the_next(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/2012/")
        last = page.locator(".tl-group").nth(0).locator(".tl-row__title").last
        last.focus()
        page.keyboard.press("j")
        expect(page.locator(".tl-group").nth(1).locator(".tl-row__title").first).to_be_focused()

    @pytest.mark.parametrize("key", ["Control+j", "Alt+j", "Meta+j", "x"])
    def test_other_keys_and_keys_with_modifiers_do_nothing(
        self, page: Page, aleppo_url: str, key: str
    ) -> None:
        page.goto(f"{aleppo_url}timeline/2016/12/")
        first = page.locator(".tl-row__title").first
        first.focus()
        page.keyboard.press(key)
        assert focus_title(page) in ("", first.text_content())

    def test_outside_a_list_of_events_they_do_nothing(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/2016/12/")
        page.keyboard.press("j")
        assert focus_title(page) == ""
        page.locator(".tl-crumbs a").first.focus()
        page.keyboard.press("j")
        assert focus_title(page) == ""

    def test_in_a_field_they_are_letters(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/2016/12/")
        page.locator(".tl-row").first.evaluate("row => row.append(document.createElement('input'))")
        field = page.locator(".tl-row input")
        field.focus()
        page.keyboard.type("jk")
        expect(field).to_have_value("jk")

    def test_they_are_told_to_whoever_comes_by_keyboard(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/2016/12/")
        hint = page.locator(".tl-keys")
        expect(hint).to_be_hidden()
        page.locator(".tl-crumbs a").last.focus()
        page.keyboard.press("Tab")
        expect(hint).to_have_text(re.compile("j next event, k previous event"))
        expect(hint).to_have_role("status")
        page.locator(".tl-crumbs a").last.focus()
        expect(hint).to_be_hidden()


class TestYears:
    def test_the_year_that_is_read_is_marked(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/")
        current = page.locator(".tl-yearbar [aria-current]")
        expect(current).to_have_text("2011")
        page.locator(".tl-yearbar a", has_text="2016").click()
        expect(current).to_have_text("2016")
        expect(page.locator("#y2016")).to_be_in_viewport()
        page.evaluate("scrollTo(0, 0)")
        expect(current).to_have_text("2011")

    @pytest.mark.parametrize("width", [360, 1440])
    def test_the_bar_stays_in_view_and_shows_the_year(
        self, browser: Browser, aleppo_url: str, width: int
    ) -> None:
        context = browser.new_context(viewport={"width": width, "height": 740})
        page = context.new_page()
        page.goto(f"{aleppo_url}timeline/#m2024-11")
        current = page.locator(".tl-yearbar [aria-current]")
        expect(current).to_have_text("2024")
        expect(current).to_be_in_viewport(ratio=1)
        month = page.locator("#m2024-11")
        expect(month).to_be_in_viewport(ratio=1)
        below = page.locator(".tl-yearbar").bounding_box()
        heading = month.bounding_box()
        assert below is not None
        assert heading is not None
        assert width > 1000 or heading["y"] >= below["y"] + below["height"]
        assert page.evaluate("document.documentElement.scrollWidth") == width
        context.close()

    def test_the_month_read_last_is_offered_and_nobody_is_moved(
        self, page: Page, aleppo_url: str
    ) -> None:
        page.goto(f"{aleppo_url}timeline/")
        expect(page.get_by_role("link", name="Continue at")).to_have_count(0)
        page.locator("#m2014-05").evaluate("element => scrollTo(0, element.offsetTop)")
        page.wait_for_function("Object.values(localStorage).includes('m2014-05')")
        page.goto(f"{aleppo_url}places/")
        page.goto(f"{aleppo_url}timeline/")
        link = page.get_by_role("link", name="Continue at May 2014")
        expect(link).to_be_in_viewport()
        assert page.evaluate("scrollY") == 0
        link.click()
        expect(page.locator("#m2014-05")).to_be_in_viewport()

    def test_a_look_at_the_top_does_not_forget_the_month(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/#m2014-05")
        page.wait_for_function("Object.values(localStorage).includes('m2014-05')")
        for _ in range(2):
            page.goto(f"{aleppo_url}places/")
            page.goto(f"{aleppo_url}timeline/")
            expect(page.get_by_role("link", name="Continue at May 2014")).to_be_visible()

    def test_refused_storage_breaks_nothing(self, page: Page, aleppo_url: str) -> None:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
        )
        page.goto(f"{aleppo_url}timeline/#m2014-05")
        expect(page.locator(".tl-yearbar [aria-current]")).to_have_text("2014")
        page.goto(aleppo_url + NOTED)
        expect(page.locator(".tl-body")).to_be_visible()
        expect(page.locator(".tl-hold")).to_be_hidden()
        assert [error for error in errors if "tl-" in error] == []


class TestCopyLink:
    def test_the_address_is_copied(self, context: BrowserContext, aleppo_url: str) -> None:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{aleppo_url}{BARE}?a=b#sources")
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == aleppo_url + BARE

    def test_without_a_clipboard_the_address_is_shown(self, page: Page, aleppo_url: str) -> None:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        page.goto(aleppo_url + BARE)
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("status").filter(has_text=BARE)).to_be_visible()
        assert page.evaluate("getSelection().toString()") == aleppo_url + BARE


class TestTerms:
    def test_the_meaning_opens_on_focus_and_closes_with_escape(
        self, page: Page, aleppo_url: str, with_term: str
    ) -> None:
        page.goto(aleppo_url + with_term)
        term = page.locator(".tl-term").first
        box = page.locator(".tl-meaning").first
        meaning = term.get_attribute("data-meaning")
        assert meaning
        expect(box).to_be_hidden()
        term.focus()
        expect(box).to_be_visible()
        expect(box).to_contain_text(meaning)
        page.keyboard.press("Escape")
        expect(box).to_be_hidden()
        expect(term).to_be_focused()

    def test_a_screen_reader_gets_the_meaning_as_description(
        self, page: Page, aleppo_url: str, with_term: str
    ) -> None:
        page.goto(aleppo_url + with_term)
        term = page.locator(".tl-term").first
        expect(term).to_have_role("link")
        expect(term).to_have_accessible_description(term.get_attribute("data-meaning") or "none")

    def test_a_click_opens_and_the_next_closes(
        self, page: Page, aleppo_url: str, with_term: str
    ) -> None:
        page.goto(aleppo_url + with_term)
        term, box = page.locator(".tl-term").first, page.locator(".tl-meaning").first
        for _ in range(2):
            term.click()
            expect(box).to_be_visible()
            term.click()
            expect(box).to_be_hidden()
        assert page.url == aleppo_url + with_term
        term.click()
        box.click(position={"x": 5, "y": 5})
        expect(box).to_be_visible()
        page.locator("h1").click()
        expect(box).to_be_hidden()

    def test_enter_on_an_open_term_and_the_link_inside_lead_to_the_glossary(
        self, page: Page, aleppo_url: str, with_term: str
    ) -> None:
        page.goto(aleppo_url + with_term)
        term = page.locator(".tl-term").first
        anchor = (term.get_attribute("href") or "").partition("#")[2]
        goal = f"{aleppo_url}glossary/#{anchor}"
        term.focus()
        page.keyboard.press("Tab")
        expect(page.locator(".tl-meaning a").first).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(goal)
        expect(page.locator(f"#{anchor}")).to_be_in_viewport()
        page.goto(aleppo_url + with_term)
        page.locator(".tl-term").first.focus()
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        expect(page.locator(".tl-meaning").first).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url(goal)

    def test_escape_inside_leads_back_and_leaving_closes(
        self, page: Page, aleppo_url: str, with_term: str
    ) -> None:
        page.goto(aleppo_url + with_term)
        term, box = page.locator(".tl-term").first, page.locator(".tl-meaning").first
        term.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(term).to_be_focused()
        expect(box).to_be_hidden()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        expect(box).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(box).to_be_hidden()

    def test_the_meaning_stays_within_a_telephone(
        self, browser: Browser, aleppo_url: str, with_term: str
    ) -> None:
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
        page = context.new_page()
        page.goto(aleppo_url + with_term)
        for term in page.locator(".tl-term").all():
            term.tap()
            box = page.locator(".tl-meaning:popover-open")
            expect(box).to_be_in_viewport(ratio=1)
            area, word = box.bounding_box(), term.bounding_box()
            assert area is not None
            assert word is not None
            assert area["x"] >= 0
            assert area["x"] + area["width"] <= 360
            assert area["y"] >= word["y"] or area["y"] + area["height"] <= word["y"] + 1
            page.keyboard.press("Escape")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        context.close()

    def test_without_javascript_a_term_is_a_link(
        self, browser: Browser, aleppo_url: str, with_term: str
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(aleppo_url + with_term)
        page.locator(".tl-term").first.click()
        assert page.url.startswith(f"{aleppo_url}glossary/#")
        context.close()


class TestContentNotes:
    def test_the_text_is_there_until_a_reader_asks_to_hide_it(
        self, page: Page, aleppo_url: str
    ) -> None:
        page.goto(aleppo_url + NOTED)
        setting = page.get_by_role("checkbox", name="Hide the text of entries")
        expect(setting).not_to_be_checked()
        expect(page.locator(".tl-body")).to_be_visible()
        expect(page.get_by_role("button", name="Show the text")).to_have_count(0)
        setting.focus()
        page.keyboard.press("Space")
        for css_class in (".tl-body", ".tl-claims", ".tl-accounts"):
            expect(page.locator(css_class)).to_be_hidden()
        expect(page.locator(".tl-note")).to_be_visible()

    def test_with_the_setting_on_the_text_waits_for_a_button(
        self, page: Page, aleppo_url: str
    ) -> None:
        page.goto(aleppo_url + NOTED)
        page.get_by_role("checkbox", name="Hide the text of entries").check()
        page.reload()
        expect(page.get_by_role("checkbox", name="Hide the text of entries")).to_be_checked()
        expect(page.locator(".tl-body")).to_be_hidden()
        button = page.get_by_role("button", name="Show the text")
        expect(button).to_have_attribute("aria-expanded", "false")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".tl-body")).to_be_visible()
        expect(page.locator(".tl-claims")).to_be_visible()
        expect(page.get_by_role("button", name="Hide the text")).to_be_focused()
        page.reload()
        expect(page.locator(".tl-body")).to_be_hidden()
        page.get_by_role("checkbox", name="Hide the text of entries").uncheck()
        expect(page.locator(".tl-body")).to_be_visible()
        page.reload()
        expect(page.locator(".tl-body")).to_be_visible()

    def test_hidden_text_is_hidden_before_any_module_has_run(
        self, page: Page, aleppo_url: str
    ) -> None:
        page.goto(aleppo_url)
        page.evaluate(HIDDEN)
        page.route("**/entry.js", lambda route: route.abort())
        page.goto(aleppo_url + NOTED)
        expect(page.locator(".tl-body")).to_be_hidden()

    def test_entries_without_a_note_are_never_hidden(self, page: Page, aleppo_url: str) -> None:
        page.goto(f"{aleppo_url}timeline/2016/12/")
        page.evaluate(HIDDEN)
        page.goto(f"{aleppo_url}events/2016-12-20-moscow-declaration/")
        expect(page.locator(".tl-note")).to_have_count(0)
        expect(page.locator(".tl-body")).to_be_visible()

    def test_without_javascript_everything_is_visible(
        self, browser: Browser, aleppo_url: str
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(aleppo_url + NOTED)
        expect(page.locator(".tl-body")).to_be_visible()
        expect(page.locator(".tl-hold")).to_be_hidden()
        expect(page.locator(".tl-copylink")).to_be_hidden()
        context.close()


class TestOnThisDay:
    def test_today_is_marked_and_a_link_leads_to_it(self, page: Page, aleppo_url: str) -> None:
        go_to_day(page, dt.date(2030, 12, 12), f"{aleppo_url}on-this-day/")
        expect(page.locator("[aria-current=date]")).to_have_id("december-12")
        assert page.evaluate("scrollY") == 0
        page.get_by_role("link", name="Today, 12 December").click()
        expect(page.locator("#december-12")).to_be_in_viewport()

    def test_a_day_without_events_leads_to_the_nearest(self, page: Page, aleppo_url: str) -> None:
        go_to_day(page, dt.date(2030, 6, 12), f"{aleppo_url}on-this-day/")
        keys = page.locator("[data-day]").evaluate_all("all => all.map(one => one.dataset.day)")
        days = [dt.date(2000, *map(int, key.split("-"))) for key in keys]
        here = next(
            day
            for day in (dt.date(2000, 1, 1) + dt.timedelta(days=i) for i in range(366))
            if day not in days and day + dt.timedelta(days=1) in days
        )
        go_to_day(page, here.replace(year=2028), f"{aleppo_url}on-this-day/")
        line = page.locator(".tl-today")
        expect(line).to_contain_text(f"{here.day} {here:%B}: no event on record")
        address = line.locator("a").get_attribute("href") or ""
        nearest = min(abs((day - here).days) for day in days)
        month, number = address.removeprefix("#").split("-")
        found = dt.datetime.strptime(f"2000 {month} {number}", "%Y %B %d").date()  # noqa: DTZ007 - a calendar day
        assert abs((found - here).days) == nearest
        expect(page.locator("[aria-current=date]")).to_have_count(0)

    def test_the_page_is_light(self, aleppo_site: Path) -> None:
        page = (aleppo_site / "on-this-day" / "index.html").read_bytes()
        assert len(gzip.compress(page)) < 120 * 1024


class TestAll:
    @pytest.mark.parametrize("name", ["reading.js", "entry.js"])
    def test_a_script_is_small(self, aleppo_site: Path, name: str) -> None:
        folder = aleppo_site / paths.asset_folder()
        size = sum(len(gzip.compress((folder / n).read_bytes())) for n in (name, "parts.js"))
        assert size < 3 * 1024

    @pytest.mark.parametrize(
        "path",
        ["", "timeline/", "timeline/2016/", "on-this-day/", "glossary/", "places/aleppo/", NOTED],
    )
    def test_nothing_is_wider_than_a_telephone(
        self, browser: Browser, aleppo_url: str, path: str
    ) -> None:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        page.goto(aleppo_url + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        context.close()

    @pytest.mark.parametrize("path", ["timeline/", "on-this-day/", NOTED, "places/aleppo/"])
    def test_print_has_no_controls(self, page: Page, aleppo_url: str, path: str) -> None:
        page.goto(aleppo_url + path)
        page.emulate_media(media="print")
        for css in (
            ".tl-yearbar",
            ".tl-copylink",
            ".tl-hold",
            ".tl-today",
            ".tl-keys",
            ".tl-meaning",
        ):
            assert not any(one.is_visible() for one in page.locator(css).all()), css

    def test_nothing_is_asked_of_another_host(self, page: Page, aleppo_url: str) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in ("timeline/", NOTED, "on-this-day/"):
            page.goto(aleppo_url + path)
            page.wait_for_load_state("networkidle")
        assert any(url.endswith("/entry.js") for url in asked)
        assert [url for url in asked if not url.startswith((aleppo_url, "data:"))] == []
