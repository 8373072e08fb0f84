"""The pages that list events by the day of the calendar."""

from collections.abc import Iterator, Sequence
from functools import partial

from wartimeline.anniversaries import CalendarMonth, group_anniversaries
from wartimeline.render import Renderer, format_count
from wartimeline.site import Page, PlannedPage

ADDRESS = "on-this-day/"
MOST_ON_ONE_PAGE = 500
"""The most events that stand on one page; where there are more, each month has its own."""

_TITLE = "On this day"


def plan_day_pages(renderer: Renderer, most: int = MOST_ON_ONE_PAGE) -> Iterator[PlannedPage]:
    """Plan the page of all days, and a page per month if there are more than `most` events."""
    months = group_anniversaries(renderer.timeline.entries)
    count = sum(month.count for month in months)
    if not count:
        return
    fingerprints, is_split = renderer.memory.fingerprints, count > most
    whole = fingerprints.combine(
        ADDRESS, str(is_split), fingerprints.of_entries(renderer.timeline.entries)
    )
    yield PlannedPage(ADDRESS, whole, partial(_make_page, renderer, months, is_split=is_split))
    if is_split:
        yield from _plan_months(renderer, [month for month in months if month.count])


def _plan_months(renderer: Renderer, months: Sequence[CalendarMonth]) -> Iterator[PlannedPage]:
    fingerprints = renderer.memory.fingerprints
    for i, month in enumerate(months):
        before = months[i - 1] if i else None
        after = months[i + 1] if i + 1 < len(months) else None
        address = _find_address(month)
        fingerprint = fingerprints.combine(
            address,
            *(one.anchor if one else "" for one in (before, after)),
            fingerprints.of_entries(one.entry for day in month.days for one in day.anniversaries),
        )
        make = partial(_make_month_page, renderer, month, before, after)
        yield PlannedPage(address, fingerprint, make)


def _make_page(renderer: Renderer, months: Sequence[CalendarMonth], *, is_split: bool) -> Page:
    count = sum(month.count for month in months)
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
    return Page(ADDRESS, _TITLE, description, html)


def _make_month_page(
    renderer: Renderer,
    month: CalendarMonth,
    before: CalendarMonth | None,
    after: CalendarMonth | None,
) -> Page:
    address = _find_address(month)
    html = renderer.render(
        "on_this_day_month.html",
        address,
        month=month,
        above=(_TITLE, ADDRESS),
        before=before,
        after=after,
    )
    count = format_count(month.count, "event")
    description = f"{renderer.timeline.settings.title}: {count} in any {month.name}."
    return Page(address, f"{_TITLE}: {month.name}", description, html)


def _find_address(month: CalendarMonth) -> str:
    return f"{ADDRESS}{month.anchor}/"
