"""Events by the day of the calendar."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from conftest import Project, make_entry
from pages import text_of
from wartimeline.anniversaries import CalendarDay, CalendarMonth, group_anniversaries
from wartimeline.on_this_day import ADDRESS, plan_day_pages
from wartimeline.render import Renderer
from wartimeline.site import Edition, Page
from wartimeline.timeline import Timeline


def read_timeline(project: Project, *dates: str, key: str | None = None) -> Timeline:
    """Write an entry per date and read them back."""
    for i, date in enumerate(dates):
        name = f"{date[:4]}/{date[:4]}-event-{i}.md"
        project.add(make_entry(date=f'"{date}"', title=f"Event {i}", key=key), name)
    checked = project.check()
    assert checked.timeline is not None, checked.problems
    return checked.timeline


def find_days(months: tuple[CalendarMonth, ...]) -> dict[str, list[str]]:
    """Return the titles of each day that has any."""
    return {
        day.key: [one.entry.event.title for one in day.anniversaries]
        for month in months
        for day in month.kept
    }


def make_pages(timeline: Timeline, most: int = 500) -> dict[str, Page]:
    renderer = Renderer(timeline, Edition())
    return {page.address: page.make() for page in plan_day_pages(renderer, most)}


def read(page: Page) -> HtmlElement:
    return lxml_html.fragment_fromstring(page.html)


def test_the_calendar_has_all_days_there_are() -> None:
    days = [day for month in group_anniversaries(()) for day in month.days]
    assert [day.key for day in days] == [
        (dt.date(2000, 1, 1) + dt.timedelta(days=i)).strftime("%m-%d") for i in range(366)
    ]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("1204-03-09", "03-09"),
        ("1204-02-29", "02-29"),
        ("1204-03-09/1204-03-12", "03-09"),
        ("1203-12-30/1204-01-02", "12-30"),
        ("1204-03", None),
        ("1204", None),
        ("1204-03-XX", None),
        ("1204-03-09?", None),
        ("1204-03-09~", None),
        ("1204-03-09/1204-03-12~", None),
        ("1204-03-09/1204-04", None),
    ],
)
def test_only_days_that_are_known_have_an_anniversary(
    project: Project, date: str, day: str | None
) -> None:
    months = group_anniversaries(read_timeline(project, date).entries)
    assert find_days(months) == ({day: ["Event 0"]} if day else {})


def test_a_day_lists_its_years_oldest_first_and_a_year_what_lasted_longer_last(
    project: Project,
) -> None:
    timeline = read_timeline(
        project, "1204-03-09/1204-03-10", "1203-03-09", "1204-03-09", "1203-03-10"
    )
    days = find_days(group_anniversaries(timeline.entries))
    assert days == {"03-09": ["Event 1", "Event 2", "Event 0"], "03-10": ["Event 3"]}


@pytest.mark.parametrize(
    ("empty", "words"),
    [
        ((), ""),
        ((3,), "3"),
        ((1, 2), "1–2"),
        ((3, 5, 6, 7, 29), "3, 5–7, 29"),
    ],
)
def test_days_without_events_are_named_in_runs(
    project: Project, empty: tuple[int, ...], words: str
) -> None:
    entries = group_anniversaries(read_timeline(project, "1204-03-09").entries)[2].kept
    [event] = entries[0].anniversaries
    days = tuple(CalendarDay(6, d, () if d in empty else (event,)) for d in range(1, 31))
    assert CalendarMonth(6, days).empty == words


def test_the_page_shows_year_and_title_and_the_last_day_of_what_lasted_longer(
    project: Project,
) -> None:
    timeline = read_timeline(project, "1203-03-09", "1204-03-09/1204-04-02", "1204-03")
    [page] = make_pages(timeline).values()
    [day] = read(page).xpath(".//*[@data-day]")
    assert day.get("data-day") == "03-09"
    assert [text_of(row) for row in day.xpath("./ol/li")] == [
        "1203 Event 0",
        "1204 Event 1 until 2 April 1204",
    ]
    assert day.xpath(".//a/@href") == [
        "../events/1203-event-0/",
        "../events/1204-event-1/",
    ]
    lead = text_of(read(page).xpath(".//p[@class='tl-lead']")[0])
    assert lead.startswith("2 events by the day")
    assert "1 event" in lead.removeprefix("2 events")


def test_a_turning_point_is_marked(project: Project) -> None:
    [page] = make_pages(read_timeline(project, "1204-03-09", key="true")).values()
    assert len(read(page).xpath(".//li[@class='tl-years__key']")) == 1


def test_every_month_can_be_jumped_to_and_says_which_days_are_free(project: Project) -> None:
    [page] = make_pages(read_timeline(project, "1204-03-01")).values()
    content = read(page)
    for link in content.xpath(".//nav//a/@href"):
        assert len(content.xpath(f".//h2[@id='{link.removeprefix('#')}']")) == 1
    assert len(content.xpath(".//nav//a")) == 12
    march = content.xpath(".//section[@aria-labelledby='march']")[0]
    assert text_of(march.xpath("./p")[0]) == "No event on record: 2–31 March."


def test_without_any_known_day_there_is_no_page(project: Project) -> None:
    assert make_pages(read_timeline(project, "1204-03")) == {}


def test_more_events_than_a_page_holds_are_split_by_month(project: Project) -> None:
    timeline = read_timeline(project, "1203-03-09", "1204-03-09", "1204-11-26")
    assert list(make_pages(timeline, most=3)) == [ADDRESS]
    pages = make_pages(timeline, most=2)
    assert list(pages) == [ADDRESS, f"{ADDRESS}march/", f"{ADDRESS}november/"]
    links = read(pages[ADDRESS]).xpath(".//a[@data-day]")
    assert [(link.get("data-day"), link.get("href")) for link in links] == [
        ("03-09", "../on-this-day/march/#march-9"),
        ("11-26", "../on-this-day/november/#november-26"),
    ]
    assert links[0].get("aria-label") == "9 March: 2 events"
    for address, anchor in (("march", "march-9"), ("november", "november-26")):
        content = read(pages[f"{ADDRESS}{address}/"])
        assert len(content.xpath(f".//li[@id='{anchor}']")) == 1
        assert len(content.xpath(".//h1")) == 1
    march = read(pages[f"{ADDRESS}march/"])
    assert march.xpath(".//a[@rel='next']/@href") == ["../../on-this-day/november/"]


SEVERAL = ("1203-03-09", "1204-03-09", "1204-03-09/1204-03-11", "1204-03-26", "1204-11-26")


def list_events(page: Page) -> list[str]:
    """Return the events whose titles stand on a page, in order."""
    links = read(page).xpath(".//a[contains(@class, 'tl-row__title')]/@href")
    return [link.split("/")[-2] for link in links]


def follow(page: Page, link: str) -> str:
    return urljoin(f"/{page.address}", link).removeprefix("/")


def test_a_month_with_too_many_events_is_split_by_day(project: Project) -> None:
    pages = make_pages(read_timeline(project, *SEVERAL), most=3)
    days = [f"{ADDRESS}march/9/", f"{ADDRESS}march/26/"]
    assert list(pages) == [ADDRESS, f"{ADDRESS}march/", *days, f"{ADDRESS}november/"]
    for address, text in ((ADDRESS, "9"), (f"{ADDRESS}march/", "9 3")):
        link = read(pages[address]).xpath(".//a[@data-day='03-09']")[0]
        assert follow(pages[address], link.get("href")) == days[0]
        assert (link.get("aria-label"), text_of(link)) == ("9 March: 3 events", text)
    march = read(pages[f"{ADDRESS}march/"])
    assert "No event on record: 1–8, 10–25, 27–31 March." in text_of(march)
    assert not list_events(pages[f"{ADDRESS}march/"])


def test_the_page_of_a_day_lists_its_years_oldest_first(project: Project) -> None:
    page = make_pages(read_timeline(project, *SEVERAL), most=3)[f"{ADDRESS}march/9/"]
    assert (page.title, page.description.rpartition(": ")[2]) == (
        "On this day: 9 March", "3 events on any 9 March.",
    )  # fmt: skip
    years = read(page).xpath(".//ol[@class='tl-days']/li")
    assert [text_of(year) for year in years] == [
        "1203 Event 0", "1204 Event 1 Event 2 until 11 March 1204",
    ]  # fmt: skip
    crumbs = read(page).xpath(".//nav[@class='tl-crumbs']//a/@href")
    assert [follow(page, link) for link in crumbs] == [ADDRESS, f"{ADDRESS}march/"]
    turns = read(page).xpath(".//nav[@class='tl-turn']/a")
    assert [text_of(turn) for turn in turns] == ["Later 26 March"]


def test_a_day_with_too_many_events_is_split_by_year_and_such_a_year_into_parts(
    project: Project,
) -> None:
    pages = make_pages(read_timeline(project, *SEVERAL), most=1)
    nine = f"{ADDRESS}march/9/"
    assert [address for address in pages if address.startswith(nine)] == [
        nine, f"{nine}1203/", f"{nine}1204/", f"{nine}1204/1/", f"{nine}1204/2/",
    ]  # fmt: skip
    year, part = pages[f"{nine}1204/"], pages[f"{nine}1204/2/"]
    assert year.title == "On this day: 9 March 1204"
    assert year.description.endswith("2 events on 9 March 1204.")
    assert part.title == "On this day: 9 March 1204, part 2"
    assert list_events(part) == ["1204-event-2"]
    links = read(pages[nine]).xpath(".//h2/a/@href")
    assert [follow(pages[nine], link) for link in links] == [f"{nine}1203/", f"{nine}1204/"]
    turns = read(pages[f"{nine}1204/1/"]).xpath(".//nav[@class='tl-turn']/a/@href")
    assert [follow(pages[f"{nine}1204/1/"], link) for link in turns] == [
        f"{nine}1203/", f"{nine}1204/2/",
    ]  # fmt: skip


@pytest.mark.parametrize("most", range(1, 7))
def test_every_event_stands_on_one_page_and_no_page_has_too_many(
    project: Project, most: int
) -> None:
    pages = make_pages(read_timeline(project, *SEVERAL), most)
    shown = [list_events(page) for page in pages.values()]
    assert Counter(event for events in shown for event in events) == Counter(
        f"{date[:4]}-event-{i}" for i, date in enumerate(SEVERAL)
    )
    assert max(map(len, shown)) <= most


@pytest.mark.parametrize("most", range(1, 7))
def test_every_link_to_a_day_leads_to_its_page_or_its_place_on_one(
    project: Project, most: int
) -> None:
    pages = make_pages(read_timeline(project, *SEVERAL), most)
    for page in pages.values():
        for link in read(page).xpath(".//a[@data-day]/@href"):
            address, _, anchor = follow(page, link).partition("#")
            assert address in pages
            assert not anchor or read(pages[address]).xpath(f".//li[@id='{anchor}'][@data-day]")


@pytest.mark.parametrize("most", range(1, 7))
def test_a_page_that_changes_has_another_fingerprint(project: Project, most: int) -> None:
    timeline = read_timeline(project, *SEVERAL, "1204-04")
    first, *others = timeline.entries
    title = first.event.model_copy(update={"title": "Another title"})
    retitled = replace(first, event=title, file=replace(first.file, digest=b"another"))
    before = plan(timeline, most)
    changed = 0
    for entries in ((retitled, *others), tuple(others), timeline.entries[:-1]):
        after = plan(replace(timeline, entries=entries), most)
        for address in before.keys() & after.keys():
            (old, old_html), (new, new_html) = before[address], after[address]
            assert old != new or old_html == new_html, address
            changed += old_html != new_html
    assert changed > 0


def plan(timeline: Timeline, most: int) -> dict[str, tuple[bytes, str]]:
    """Return the fingerprint of each page by its address, and the page itself in one text."""
    planned = plan_day_pages(Renderer(timeline, Edition()), most)
    return {one.address: (one.fingerprint, repr(one.make())) for one in planned}


def test_only_the_first_page_speaks_of_today(project: Project) -> None:
    pages = make_pages(read_timeline(project, *SEVERAL), most=3)
    speaking = [a for a, page in pages.items() if read(page).xpath(".//p[@class='tl-today']")]
    assert speaking == [ADDRESS]
