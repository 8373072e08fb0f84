"""Citing a page, in a real browser."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

EVENT = "events/2016-12-12-sheikh-saeed-falls-battle-over/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def press_until(page: Page, key: str, focused: str, most: int = 200) -> None:
    """Press a key until the element of a CSS selector has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", focused):
            return
    pytest.fail(f"{key} never led to {focused}")


def test_a_citation_is_copied_by_keyboard_alone(page: Page, aleppo_url: str) -> None:
    page.goto(aleppo_url + EVENT)
    press_until(page, "Tab", "#cite-this-page > summary")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "[data-copy='cite-1']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_text("Copied: APA")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#cite-1").inner_text()
    assert "Sheikh Saeed falls and a monitor says the battle is over" in copied


def test_a_format_is_copied_whole(page: Page, aleppo_url: str) -> None:
    page.goto(aleppo_url + EVENT)
    page.get_by_text("Cite this page").click()
    page.get_by_role("button", name="Copy CSL-JSON").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    [item] = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert item["title"] == "Sheikh Saeed falls and a monitor says the battle is over"


def test_without_a_clipboard_the_text_is_selected(page: Page, aleppo_url: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(aleppo_url + EVENT)
    page.get_by_text("Cite this page").click()
    page.get_by_role("button", name="Copy MLA").click()
    expect(page.get_by_role("status").filter(has_text="Selected")).to_be_visible()
    assert page.evaluate("getSelection().toString()") == page.locator("#cite-2").inner_text()


def test_without_javascript_there_are_no_dead_buttons(browser: Browser, aleppo_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(aleppo_url + EVENT)
    page.get_by_text("Cite this page").click()
    expect(page.locator("#cite-1")).to_be_visible()
    expect(page.locator(".tl-copy")).to_have_count(6)
    assert not any(button.is_visible() for button in page.locator(".tl-copy").all())
    context.close()


def test_a_citation_leads_to_its_source_and_back_by_keyboard(page: Page, aleppo_url: str) -> None:
    page.goto(aleppo_url + EVENT)
    press_until(page, "Tab", ".tl-body .tl-cite")
    expect(page.locator(":focus")).to_have_accessible_name(re.compile(r"Source \d+"))
    cite = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    expect(page.locator(".tl-sources li:target")).to_be_in_viewport()
    press_until(page, "Tab", f".tl-back[href='#{cite}']")
    expect(page.locator(":focus")).to_have_accessible_name(re.compile("Back to citation"))
    page.keyboard.press("Enter")
    assert page.url.endswith(f"#{cite}")
    expect(page.locator(f"#{cite}")).to_be_in_viewport()


def test_nothing_is_asked_of_another_host(page: Page, aleppo_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(aleppo_url + EVENT)
    page.get_by_text("Cite this page").click()
    page.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if not url.startswith((aleppo_url, "data:"))] == []
