"""Events by the day of the calendar."""

import datetime as dt

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
