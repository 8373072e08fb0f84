"""Today's day where the days of the calendar stand on many pages, in a real browser."""

import datetime as dt
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import Project, make_entry
from wartimeline import paths
from wartimeline.digests import THEME
from wartimeline.on_this_day import ADDRESS, plan_day_pages
from wartimeline.render import Renderer
from wartimeline.site import Edition

DAYS = ("1203-03-09", "1204-03-09", "1204-03-26", "1204-11-26")


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the requests out of the output of the tests."""


@pytest.fixture
def url(project: Project, tmp_path: Path) -> Iterator[str]:
    """The address of a site with a page for March, for two of its days, and for November."""
    for i, day in enumerate(DAYS):
        project.add(make_entry(date=day, title=f"Event {i}"), f"{day[:4]}/{day}-event.md")
    timeline = project.check().timeline
    assert timeline is not None
    site = tmp_path / "pages"
    shutil.copytree(THEME / "assets", site / paths.asset_folder())
    for planned in plan_day_pages(Renderer(timeline, Edition()), most=2):
        folder = site / planned.address
        folder.mkdir(parents=True, exist_ok=True)
        html = f'<!doctype html><meta charset="utf-8">{planned.make().html}'
        (folder / "index.html").write_text(html, "utf-8")
    handler = partial(QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def go(page: Page, today: str, url: str) -> None:
    """Open a page on a day of a year long after, such as `11-26`."""
    page.clock.set_fixed_time(dt.datetime.fromisoformat(f"2031-{today}T12:00"))
    page.goto(url)


@pytest.mark.parametrize(
    ("today", "said", "address"),
    [
        ("03-09", "Today, 9 March", "on-this-day/march/9/"),
        ("11-26", "Today, 26 November", "on-this-day/november/#november-26"),
        ("03-24", "26 March", "on-this-day/march/26/"),
    ],
    ids=["a page of its own", "on the page of its month", "the nearest"],
)
def test_the_first_page_leads_to_where_today_is_read(
    page: Page, url: str, today: str, said: str, address: str
) -> None:
    go(page, today, f"{url}{ADDRESS}")
    page.locator(".tl-today a", has_text=said).click()
    expect(page).to_have_url(f"{url}{address}")
    expect(page.locator(".tl-row__title").first).to_be_visible()


def test_today_is_marked_in_a_month_that_is_split_by_day(page: Page, url: str) -> None:
    go(page, "03-09", f"{url}{ADDRESS}march/")
    expect(page.locator("[aria-current=date]")).to_have_attribute("aria-label", "9 March: 2 events")


def test_no_day_is_marked_in_another_month(page: Page, url: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    go(page, "11-26", f"{url}{ADDRESS}march/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-current]")).to_have_count(0)
    assert errors == []
