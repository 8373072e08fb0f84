"""No page has a barrier that axe-core can find, in light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

PAGES = {
    "home": "",
    "timeline": "timeline/",
    "year": "timeline/2016/",
    "month": "timeline/2016/12/",
    "event": "events/2016-12-12-sheikh-saeed-falls-battle-over/",
    "event with a note": "events/2016-04-27-al-quds-hospital/",
    "on this day": "on-this-day/",
    "glossary": "glossary/",
    "places": "places/",
    "place": "places/sheikh-saeed/",
    "actors": "actors/",
    "actor": "actors/sana/",
    "sources": "sources/",
    "outlet": "sources/sana/",
    "kinds": "kinds/",
    "kind": "kinds/heritage/",
    "phases": "phases/",
    "phase": "phases/siege/",
    "claims": "claims/",
    "claims of a year": "claims/2015/",
    "claims of a measure": "claims/besieged/",
    "claimants": "claims/claimants/",
    "explore": "explore/",
    "search": "search/?q=hospital",
    "data": "data/",
    "gaps": "about/gaps/",
    "changes": "about/changes/",
    "method": "about/method/",
    "teach": "teach/",
    "contribute": "contribute/",
    "fields": "contribute/fields/",
    "missing": "404.html",
}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1440), ("dark", 360)], ids=["light and wide", "dark and narrow"]
)
def test_axe_finds_no_barrier(browser: Browser, aleppo_url: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
    )
    page = context.new_page()
    found = {}
    for name, address in PAGES.items():
        page.goto(aleppo_url + address)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        results = Axe().run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
        violations = [
            (one["id"], [node["target"] for node in one["nodes"]][:3])
            for one in results.response["violations"]
        ]
        if violations:
            found[name] = violations
    context.close()
    assert found == {}
