"""Narrowing the ledger, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from wartimeline.claims import Statement, list_statements
from wartimeline.pipeline import Checked
from wartimeline.vocabulary import Measure

OBSERVATORY = "Syrian Observatory for Human Rights"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def statements(aleppo: Checked) -> tuple[Statement, ...]:
    assert aleppo.timeline is not None, aleppo.problems
    return list_statements(aleppo.timeline)


def count(
    statements: tuple[Statement, ...], by: str = "", measure: Measure | None = None, year: int = 0
) -> int:
    return sum(
        (not by or one.claim.by == by)
        and (
            measure is None
            or (one.claim.figure is not None and one.claim.figure.measure is measure)
        )
        and (not year or one.day.year == year)
        for one in statements
    )


def press_until(page: Page, focused: str, most: int = 100) -> None:
    """Press the tab key until the element of a CSS selector has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", focused):
            return
    pytest.fail(f"the tab key never led to {focused}")


def say(found: int, total: int) -> str:
    return f"{found:,} of {total:,} claims"


def rows(page: Page) -> int:
    return page.locator(".tl-ledger tr[data-measure]:visible").count()


def test_all_claims_are_narrowed_by_keyboard_alone(
    page: Page, aleppo_url: str, statements: tuple[Statement, ...]
) -> None:
    total = len(statements)
    page.goto(f"{aleppo_url}claims/")
    status = page.locator(".tl-filter").get_by_role("status")
    expect(page.locator(".tl-ways")).to_be_visible()

    press_until(page, "#filter-claimant")
    expect(page.locator(":focus")).to_have_accessible_name("Claimant")
    page.keyboard.type(OBSERVATORY.lower())
    by = count(statements, "syrian-observatory-for-human-rights")
    expect(status).to_have_text(say(by, total))
    page.keyboard.press("Escape")  # closes the list of names
    press_until(page, "#filter-measure")
    page.keyboard.type("Inj")
    found = count(statements, "syrian-observatory-for-human-rights", Measure.INJURED)
    assert 0 < found < by
    expect(status).to_have_text(say(found, total))
    assert rows(page) == found
    expect(page.locator(".tl-ways")).to_be_hidden()
    press_until(page, "#filter-text")
    press_until(page, "form [type=reset]")
    page.keyboard.press("Enter")
    expect(status).to_have_text("")
    expect(page.locator(".tl-ways")).to_be_visible()
    expect(page.locator("#filter-claimant")).to_be_focused()
    assert rows(page) == 0
    assert page.url == f"{aleppo_url}claims/"


def test_what_is_asked_stands_in_the_address_and_can_be_gone_back_to(
    page: Page, aleppo_url: str, statements: tuple[Statement, ...]
) -> None:
    total = len(statements)
    page.goto(f"{aleppo_url}claims/")
    status = page.locator(".tl-filter").get_by_role("status")
    page.get_by_label("Figures").select_option("displaced")
    displaced = say(count(statements, measure=Measure.DISPLACED), total)
    expect(status).to_have_text(displaced)
    page.get_by_label("Claimant", exact=True).fill("OCHA")
    both = say(count(statements, "ocha", Measure.DISPLACED), total)
    expect(status).to_have_text(both)
    expect(page).to_have_url(re.compile(r"claims/\?claimant=OCHA&measure=displaced$"))
    page.go_back()
    expect(status).to_have_text(displaced)
    expect(page.get_by_label("Claimant", exact=True)).to_have_value("")
    page.go_back()
    expect(status).to_have_text("")
    page.go_forward()
    page.go_forward()
    expect(status).to_have_text(both)


def test_an_address_with_a_question_can_be_shared(
    page: Page, aleppo_url: str, statements: tuple[Statement, ...]
) -> None:
    page.goto(f"{aleppo_url}claims/?claimant=OCHA&measure=displaced")
    found = count(statements, "ocha", Measure.DISPLACED)
    expect(page.locator(".tl-filter").get_by_role("status")).to_have_text(
        say(found, len(statements))
    )
    expect(page.get_by_label("Claimant", exact=True)).to_have_value("OCHA")
    expect(page.get_by_label("Figures")).to_have_value("displaced")


def test_links_of_claims_from_other_pages_lead_where_they_led_there(
    page: Page, aleppo_url: str
) -> None:
    page.goto(f"{aleppo_url}claims/?claimant={OBSERVATORY}")
    page.locator(".tl-ledger tr[data-measure]:visible").first.wait_for()
    links = page.locator(".tl-ledger tbody:not([hidden]) a")
    addresses = {link.split("#")[0] for link in links.evaluate_all("all => all.map(a => a.href)")}
    assert len(addresses) > 50
    wrong = [
        address
        for address in sorted(addresses)
        if not re.match(rf"{re.escape(aleppo_url)}(events|actors)/[a-z0-9-]+/$", address)
    ]
    assert wrong == []
    page.locator(".tl-ledger__event:visible a").first.click()
    expect(page.locator("h2#claims")).to_be_in_viewport()


def test_a_page_with_rows_narrows_its_own(
    page: Page, aleppo_url: str, statements: tuple[Statement, ...]
) -> None:
    total = count(statements, year=2012)
    page.goto(f"{aleppo_url}claims/2012/")
    status = page.locator(".tl-filter").get_by_role("status")
    assert rows(page) == total
    page.get_by_label("Words").fill("AZAZ prison")
    expect(status).not_to_have_text("")
    found = [
        one
        for one in statements
        if one.day.year == 2012
        and all(
            word in f"{one.entry.event.title} {one.claim.said}".lower()
            for word in ("azaz", "prison")
        )
    ]
    expect(status).to_have_text(say(len(found), total))
    assert rows(page) == len(found)
    groups = page.locator(".tl-ledger tbody:visible")
    assert groups.count() == len({one.entry.id for one in found})
    page.get_by_label("Words").fill("nobody says this")
    expect(status).to_have_text(say(0, total))
    assert page.locator(".tl-group:visible").count() == 0
    page.locator(".tl-filter").get_by_role("button", name="Clear").click()
    assert rows(page) == total


def test_a_name_in_part_finds_more_than_the_whole_name(
    page: Page, aleppo_url: str, statements: tuple[Statement, ...]
) -> None:
    page.goto(f"{aleppo_url}claims/")
    status = page.locator(".tl-filter").get_by_role("status")
    page.get_by_label("Claimant", exact=True).fill("syrian government")
    whole = count(statements, "syrian-government")
    expect(status).to_have_text(say(whole, len(statements)))
    page.get_by_label("Claimant", exact=True).fill("syrian")
    expect(status).not_to_have_text(say(whole, len(statements)))
    assert rows(page) > whole


def test_accents_are_not_needed(page: Page, aleppo_url: str) -> None:
    page.goto(f"{aleppo_url}claims/?claimant=medecins")
    first = page.locator(".tl-by:visible").first
    expect(first).to_contain_text("Médecins")


def test_a_failure_to_fetch_is_said_and_can_be_tried_again(
    page: Page, aleppo_url: str, statements: tuple[Statement, ...]
) -> None:
    failing = True

    def answer(route: Route) -> None:
        route.abort() if failing else route.continue_()

    page.route("**/claims/2013/", answer)
    page.goto(f"{aleppo_url}claims/")
    status = page.locator(".tl-filter").get_by_role("status")
    page.get_by_label("Figures").select_option("injured")
    expect(status).to_contain_text("could not be read")
    expect(page.locator(".tl-ways")).to_be_visible()
    failing = False
    page.get_by_label("Figures").select_option("killed")
    found = count(statements, measure=Measure.KILLED)
    expect(status).to_have_text(say(found, len(statements)))
    assert rows(page) == found


def test_nothing_is_asked_of_another_host(page: Page, aleppo_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{aleppo_url}claims/?measure=killed")
    page.locator(".tl-by:visible").first.wait_for()
    assert any(url.endswith("/claims/2016/12/") for url in asked)
    assert [url for url in asked if not url.startswith((aleppo_url, "data:"))] == []


def test_without_javascript_the_tables_are_there_and_no_dead_form(
    browser: Browser, aleppo_url: str, statements: tuple[Statement, ...]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{aleppo_url}claims/")
    expect(page.locator(".tl-filter__form")).to_be_hidden()
    page.get_by_role("link", name="2012", exact=True).click()
    expect(page.locator(".tl-filter__form")).to_be_hidden()
    assert rows(page) == count(statements, year=2012)
    context.close()


@pytest.mark.parametrize("path", ["claims/", "claims/2012/", "claims/killed/", "claims/claimants/"])
def test_nothing_is_wider_than_a_telephone(browser: Browser, aleppo_url: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(aleppo_url + path)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.close()
