"""The pages that list events by the day of the calendar."""

from collections.abc import Iterator, Sequence

from wartimeline.anniversaries import CalendarMonth, group_anniversaries
from wartimeline.render import Renderer, format_count
from wartimeline.site import Page

ADDRESS = "on-this-day/"
MOST_ON_ONE_PAGE = 500
"""The most events that stand on one page; where there are more, each month has its own."""

_TITLE = "On this day"


def make_day_pages(renderer: Renderer, most: int = MOST_ON_ONE_PAGE) -> Iterator[Page]:
    """Make the page of all days, and a page per month if there are more than `most` events."""
    months = group_anniversaries(renderer.timeline.entries)
    count = sum(month.count for month in months)
    if not count:
        return
    is_split = count > most
    html = renderer.render(
        "on_this_day.html",
        ADDRESS,
        months=months,
        count=count,
        left_out=len(renderer.timeline.entries) - count,
        is_split=is_split,
    )
    title = renderer.timeline.settings.title
    description = f"{title}: {format_count(count, 'event')} by the day of the calendar."
    yield Page(ADDRESS, _TITLE, description, html)
    if is_split:
        yield from _make_month_pages(renderer, [month for month in months if month.count])


def _make_month_pages(renderer: Renderer, months: Sequence[CalendarMonth]) -> Iterator[Page]:
    for i, month in enumerate(months):
        address = f"{ADDRESS}{month.anchor}/"
        html = renderer.render(
            "on_this_day_month.html",
            address,
            month=month,
            above=(_TITLE, ADDRESS),
            before=months[i - 1] if i else None,
            after=months[i + 1] if i + 1 < len(months) else None,
        )
        count = format_count(month.count, "event")
        description = f"{renderer.timeline.settings.title}: {count} in any {month.name}."
        yield Page(address, f"{_TITLE}: {month.name}", description, html)
