"""Long lists in parts: no page too long, nothing lost, and a way from each part to the next."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from conftest import Project, make_entry
from pages import select, text_of
from wartimeline.chronicle import plan_timeline, plan_timeline_pages
from wartimeline.claims import MONTH, YEAR, Section, Statement, find_leaves, split_section
from wartimeline.division import (
    MOST_ROWS,
    Part,
    Sheet,
    cut,
    divide,
    divide_days,
    list_sheets,
    make_calendar,
)
from wartimeline.heading_pages import plan_heading, plan_heading_pages
from wartimeline.indexes import make_indexes
from wartimeline.ledger import plan_claim_pages, split_months
from wartimeline.overviews import plan_letters, plan_overview_pages
from wartimeline.pages import make_site
from wartimeline.paths import root_from
from wartimeline.pipeline import Checked
from wartimeline.render import Renderer
from wartimeline.site import Edition, Page
from wartimeline.timeline import Timeline

MOST = 3
BASE = "places/brine/"


@dataclass(frozen=True)
class Item:
    """Something that stands in a list by its number, because of an entry of a day."""

    number: int
    entry: SimpleNamespace


def make_whole(days: list[dt.date]) -> Part[Item]:
    """Make a list with an item for each of some days, in order."""
    items = tuple(
        Item(i, SimpleNamespace(event=SimpleNamespace(date=SimpleNamespace(earliest=day))))
        for i, day in enumerate(sorted(days))
    )
    return Part(BASE, "Brine", items)


def find_shown(whole: Part[Item]) -> list[Part[Item]]:
    """Find the finest parts, which show their items, in order."""
    return list(cut(whole, 4))


# Few years and days, so that lists are long in every way: years, months, days.
days = st.lists(
    st.dates(dt.date(1204, 2, 26), dt.date(1205, 3, 4)).filter(lambda day: day.day % 5 < 2),
    max_size=60,
)
limits = st.integers(1, 12)


@dataclass(frozen=True)
class Division:
    """A list that was divided, with what it was made of."""

    days: list[dt.date]
    most: int
    always: bool

    @property
    def whole(self) -> Part[Item]:
        return divide(make_whole(self.days), self.most, always=self.always)


divisions = st.builds(Division, days, limits, st.booleans())


@given(divisions)
def test_the_parts_hold_every_item_once_and_in_order(made: Division) -> None:
    shown = find_shown(made.whole)
    numbers = [item.number for part in shown for item in part.items]
    assert numbers == list(range(len(made.days)))
    assert all(part.is_whole for part in shown)


@given(divisions)
def test_the_parts_of_each_part_hold_what_it_holds(made: Division) -> None:
    for sheet in list_sheets(made.whole):
        below = [item for part in sheet.part.parts for item in part.items]
        assert below in ([], list(sheet.part.items))


@given(divisions)
def test_no_page_shows_more_than_the_limit_and_no_part_is_empty(made: Division) -> None:
    for sheet in list_sheets(made.whole):
        assert sheet.part.is_whole == (sheet.part.count <= made.most)
        assert sheet.part.is_whole or sheet.part.parts
        assert sheet.part.count > 0 or sheet.part.address == BASE


@given(days, limits)
def test_nothing_is_divided_at_or_below_the_limit(found: list[dt.date], most: int) -> None:
    for sheet in list_sheets(divide(make_whole(found), most)):
        assert bool(sheet.part.parts) == (sheet.part.count > most)


@given(divisions)
def test_no_address_is_given_twice_and_each_lies_below_the_one_above(made: Division) -> None:
    sheets = list_sheets(made.whole)
    addresses = [sheet.part.address for sheet in sheets]
    assert len(set(addresses)) == len(addresses)
    for sheet in sheets:
        chain = [*(part.address for part in sheet.above), sheet.part.address]
        assert chain[0] == BASE
        for above, below in pairwise(chain):
            assert re.fullmatch(rf"{above}\d+/", below)


@given(divisions)
def test_the_way_on_from_the_first_part_leads_through_all_items(made: Division) -> None:
    whole = made.whole
    by_address = {sheet.part.address: sheet for sheet in list_sheets(whole)}
    for depth in range(1, 4):
        level = [part for part in cut(whole, depth) if part is not whole]
        for before, after in pairwise(level):
            if len(by_address[before.address].above) == depth:
                assert by_address[before.address].after is after
            if len(by_address[after.address].above) == depth:
                assert by_address[after.address].before is before


@given(divisions)
def test_days_are_kept_together_unless_one_has_too_many(made: Division) -> None:
    shown = find_shown(made.whole)
    for before, after in pairwise(shown):
        last, first = before.items[-1].entry, after.items[0].entry
        if last.event.date.earliest == first.event.date.earliest:
            assert made.days.count(last.event.date.earliest) > made.most


@given(days, limits)
def test_labels_tell_the_parts_of_a_part_apart(found: list[dt.date], most: int) -> None:
    for sheet in list_sheets(divide(make_whole(found), most)):
        labels = [part.label for part in sheet.part.parts]
        assert len(set(labels)) == len(labels)


@given(divisions)
def test_a_calendar_counts_each_item_and_leads_to_where_it_is(made: Division) -> None:
    whole = made.whole
    pages = {sheet.part.address: sheet.part for sheet in list_sheets(whole)}
    cells = [month for year in make_calendar(whole) for month in year.months if month]
    assert sum(cell.count for cell in cells) == (len(made.days) if whole.parts else 0)
    for cell in cells:
        address, _, anchor = cell.address.partition("#")
        here = [item for item in pages[address].items if name_month(item) == cell.name]
        assert len(here) == cell.count
        assert anchor == (f"m{here[0].entry.event.date.earliest:%Y-%m}" if anchor else "")


def name_month(item: Item) -> str:
    return f"{item.entry.event.date.earliest:%B %Y}"


DAY = dt.date(1204, 3, 9)


def list_labels(parts: tuple[Part[Item], ...]) -> list[tuple[str, str, int]]:
    return [(part.address.removeprefix(BASE), part.label, part.count) for part in parts]


def test_a_list_is_divided_by_year_then_by_month_then_by_days() -> None:
    march = [DAY.replace(day=day) for day in (1, 2, 2, 9, 9, 30)]
    other = [dt.date(1203, 7, 1), dt.date(1204, 5, 1), dt.date(1205, 1, 1), dt.date(1205, 2, 1)]
    whole = divide(make_whole([*march, *other]), MOST)
    assert list_labels(whole.parts) == [
        ("1203/", "1203", 1),
        ("1204/", "1204", 7),
        ("1205/", "1205", 2),
    ]
    months = whole.parts[1].parts
    assert list_labels(months) == [
        ("1204/03/", "March 1204", 6),
        ("1204/05/", "May 1204", 1),
    ]
    assert list_labels(months[0].parts) == [
        ("1204/03/1/", "1–2 March 1204", 3),
        ("1204/03/2/", "9–30 March 1204", 3),
    ]
    sheets = {sheet.part.label: sheet for sheet in list_sheets(whole)}
    last = sheets["9–30 March 1204"]
    assert [part.label for part in last.above] == ["Brine", "1204", "March 1204"]
    assert (last.before.label, last.after.label) == ("1–2 March 1204", "May 1204")
    assert sheets["May 1204"].after.label == "1205"
    assert sheets["1205"].before.label == "1204"


def test_a_day_with_too_many_items_makes_parts_of_its_own() -> None:
    days = [DAY.replace(day=8), *[DAY] * 7, DAY.replace(day=10)]
    labelled = divide_days(make_whole(days).items, MOST)
    assert [(label, len(items)) for label, items in labelled] == [
        ("8 March 1204", 1),
        ("9 March 1204, part 1", 3),
        ("9 March 1204, part 2", 3),
        ("9 March 1204, part 3", 1),
        ("10 March 1204", 1),
    ]


def test_the_real_limit_is_that_of_the_promise() -> None:
    at, above = make_whole([DAY] * 500), make_whole([DAY] * 501)
    assert MOST_ROWS == 500
    assert (divide(at).is_whole, divide(above).is_whole) == (True, False)


# Pages


DATES = (
    "1203-07-01", "1204-03-01", "1204-03-02", "1204-03-02", "1204-03-09", "1204-03-09",
    "1204-03-09", "1204-03-09", "1204-05", "1205-01-01", "1205",
)  # fmt: skip
CLAIMS = "\n".join(
    f"- {{claimant: a baker, said: it was bread {n}, sources: [post]}}" for n in range(2)
)


@pytest.fixture
def timeline(project: Project) -> Timeline:
    project.edit("mkdocs.yml", "1204-12-31", "1205-12-31")
    for n, date in enumerate(DATES):
        entry = make_entry(
            title=f"Event {n}",
            date=date,
            key="true" if n % 2 else None,
            places="[gate-of-brine]",
            actors="[salt-company]",
            claims=CLAIMS,
        )
        project.add(entry, f"{date[:4]}/{date}-event-{n}.md")
    return read_timeline(project)


def read_timeline(project: Project) -> Timeline:
    checked = project.check()
    assert checked.timeline is not None, checked.problems
    return checked.timeline


def make_renderer(timeline: Timeline) -> Renderer:
    return Renderer(timeline, Edition())


def make_all(renderer: Renderer, most: int = MOST) -> dict[str, Page]:
    """Make the pages of the timeline and of all headings, by address; none may come twice."""
    planned = [
        *plan_timeline_pages(renderer, most),
        *plan_heading_pages(renderer, most),
        *plan_overview_pages(renderer),
    ]
    found = {page.address: page.make() for page in planned}
    assert len(found) == len(planned)
    return found


def parse(page: Page) -> HtmlElement:
    return lxml_html.fragment_fromstring(page.html, create_parent="div")


def list_titles(page: Page) -> list[str]:
    return [row.text for row in select(parse(page), "tl-row__title")]


def list_links(page: Page) -> Iterator[str]:
    for target in parse(page).xpath(".//a/@href"):
        yield urljoin(f"https://x.example/{page.address}", target).removeprefix(
            "https://x.example/"
        )


def test_no_page_of_a_list_has_more_rows_than_the_limit(timeline: Timeline) -> None:
    for page in make_all(make_renderer(timeline)).values():
        assert len(list_titles(page)) <= MOST, page.address


def test_every_event_stands_once_on_the_pages_below_each_list(timeline: Timeline) -> None:
    renderer = make_renderer(timeline)
    pages = make_all(renderer)
    expected = [entry.event.title for entry in timeline.entries]
    lists = [plan_timeline(timeline, MOST)]
    for index, heading in (("places", "saltmark"), ("kinds", "battle"), ("sources", "road-post")):
        found = renderer.indexes[index]
        planned = plan_heading(found, found.headings[heading], MOST)
        lists.append(tuple(one.sheet for one in planned))
    for sheets in lists:
        shown = [sheet.part.address for sheet in sheets if not sheet.part.parts]
        assert len(shown) > 1
        assert [title for address in shown for title in list_titles(pages[address])] == expected


def test_every_link_between_lists_leads_to_a_page_and_its_anchor(timeline: Timeline) -> None:
    pages = make_all(make_renderer(timeline))
    folders = ("timeline/", "places/", "actors/", "sources/", "kinds/", "phases/")
    links = {
        link for page in pages.values() for link in list_links(page) if link.startswith(folders)
    }
    assert any("#m1203-07" in link for link in links)
    for link in links:
        address, _, anchor = link.partition("#")
        assert address in pages, link
        assert not anchor or parse(pages[address]).xpath(".//*[@id=$id]", id=anchor), link


def test_each_part_leads_to_the_list_it_is_of_and_to_the_next(timeline: Timeline) -> None:
    page = make_all(make_renderer(timeline))["places/brine/1204/03/1/"]
    root = root_from(page.address)
    content = parse(page)
    steps = content.xpath(".//nav[@class='tl-crumbs']//a/@href")
    assert steps == [
        f"{root}{address}"
        for address in (
            "places/", "places/saltmark/", "places/brine/", "places/brine/1204/",
            "places/brine/1204/03/",
        )
    ]  # fmt: skip
    [after] = content.xpath(".//nav[@class='tl-turn']/a[@rel='next']")
    assert after.get("href") == f"{root}places/brine/1204/03/2/"
    assert content.xpath(".//nav[@class='tl-turn']/a[@rel='prev']/@href") == [
        f"{root}places/brine/1203/"
    ]


def test_parts_say_what_they_are_and_search_finds_only_the_list_itself(
    timeline: Timeline,
) -> None:
    pages = make_all(make_renderer(timeline))
    brine = {address: page for address, page in pages.items() if address.startswith(BASE)}
    assert len({page.title for page in brine.values()}) == len(brine) > 5
    assert len({page.description for page in brine.values()}) == len(brine)
    assert [address for address, page in brine.items() if page.text] == [BASE]
    march = brine[f"{BASE}1204/03/"]
    assert march.title == "Brine: March 1204"
    assert march.description == "Brine in The Salt Road War, March 1204: 7 events."
    assert [address for address, page in brine.items() if page.head] == [BASE]


def test_a_long_heading_keeps_its_head_and_shows_where_its_years_are(timeline: Timeline) -> None:
    content = parse(make_all(make_renderer(timeline))[BASE])
    assert text_of(content.xpath(".//h1")[0]).startswith("Brine")
    assert "A town that does not exist." in text_of(content)
    assert select(content, "tl-locator") or content.xpath(".//figure")
    rows = [
        [text_of(cell) for cell in row]
        for row in content.xpath(".//table[@class='tl-calendar']/tbody/tr")
    ]
    assert rows == [
        ["1203", *[""] * 6, "1", *[""] * 5, "1"],
        ["1204", "", "", "7", "", "1", *[""] * 7, "8"],
        ["1205", "2", *[""] * 11, "2"],
    ]


def test_a_short_list_is_shown_whole_and_no_page_is_added(timeline: Timeline) -> None:
    renderer = make_renderer(timeline)
    pages = make_all(renderer, len(DATES))
    assert len(list_titles(pages[BASE])) == len(list_titles(pages["timeline/"])) == len(DATES)
    assert not [address for address in pages if address.startswith(BASE) and address != BASE]
    assert {address for address in pages if address.startswith("timeline/")} == {
        "timeline/", "timeline/1203/", "timeline/1203/07/", "timeline/1204/", "timeline/1204/03/",
        "timeline/1204/05/", "timeline/1205/", "timeline/1205/01/",
    }  # fmt: skip


def test_the_turning_points_of_a_divided_list_are_shown_if_they_are_few(
    timeline: Timeline,
) -> None:
    renderer = make_renderer(timeline)
    keys = [entry.event.title for entry in timeline.entries if entry.event.key]
    few = make_all(renderer, len(keys))
    assert list_titles(few["timeline/"]) == list_titles(few[BASE]) == keys
    many = make_all(renderer, len(keys) - 1)
    assert list_titles(many["timeline/"]) == []
    assert len(list_titles(many[BASE])) == len(keys) - 1
    assert f"The {len(keys) - 1} of {len(keys)} that rest on" in text_of(parse(many[BASE]))
    assert f"{len(keys)} of them are turning points" in text_of(parse(many["timeline/"]))


def test_a_place_with_very_many_places_inside_it_names_those_with_most_events(
    project: Project,
) -> None:
    record = "\n- {{id: hut-{0:03}, name: Hut {0:03}, kind: site, part_of: brine}}"
    places = project.entries / "places.yml"
    kept = places.read_text("utf-8").strip()
    records = [record.format(n).strip() for n in range(120)]
    head, _, tail = kept.partition("- id: saltmark")
    places.write_text("\n".join([head, *records, f"- id: saltmark{tail}"]), "utf-8")
    for n in range(120):
        project.add(make_entry(places=f"[hut-{n:03}]"), f"1204/1204-03-09-hut-{n}.md")
    project.add(make_entry(places="[hut-119]"), "1204/1204-03-09-again.md")
    [page] = [
        one.make()
        for one in plan_heading_pages(make_renderer(read_timeline(project)))
        if one.address == BASE
    ]
    inside = parse(page).xpath(".//aside//section[h2='Places inside it']//a")
    assert len(inside) == 101
    assert inside[99].text == "Hut 119"
    assert inside[100].get("href") == "../../places/#a-z"


def test_an_index_with_very_many_headings_has_pages_by_initial(timeline: Timeline) -> None:
    renderer = make_renderer(timeline)
    index = renderer.indexes["places"]
    assert plan_letters(index, len(index.headings)) == ()
    pages = {
        page.address: page.make()
        for page in plan_overview_pages(renderer, 2)
        if page.address.startswith(index.address)
    }
    assert list(pages) == [
        "places/", "places/initial/b/", "places/initial/g/", "places/initial/s/",
    ]  # fmt: skip
    names = [
        text_of(link)
        for address in list(pages)[1:]
        for link in parse(pages[address]).xpath(".//ul[@class='tl-columns']//a")
    ]
    assert names == ["Brine", "Gate of Brine", "Saltmark"]
    tree = parse(pages["places/"]).xpath(".//section[@class='tl-tree']//a")
    assert [text_of(link) for link in tree] == ["Saltmark", "Brine"]
    links = {link.partition("#")[0] for page in pages.values() for link in list_links(page)}
    known = {*pages, *(heading.address for heading in index.headings.values())}
    assert links == known


def test_an_initial_with_very_many_headings_has_several_pages(timeline: Timeline) -> None:
    index = make_indexes(timeline)["places"]
    letters = plan_letters(index, 1)
    assert [letter.address for letter in letters] == [
        "places/initial/b/", "places/initial/g/", "places/initial/s/",
    ]  # fmt: skip
    headings = {f"{heading.id}-{n}": heading for heading in index.headings.values() for n in (1, 2)}
    doubled = type(index)(index.id, index.title, index.one, headings)
    assert [letter.address for letter in plan_letters(doubled, 1)][:2] == [
        "places/initial/b/", "places/initial/b/2/",
    ]  # fmt: skip


def test_the_page_of_an_event_names_fifty_of_its_day_and_leads_to_the_rest(
    project: Project,
) -> None:
    for n in range(53):
        project.add(make_entry(title=f"Event {n}"), f"1204/1204-03-09-event-{n:02}.md")
    timeline = read_timeline(project)
    [planned] = [
        one
        for one in make_site(make_renderer(timeline), ()).pages
        if one.address == "events/1204-03-09-event-00/"
    ]
    links = parse(planned.make()).xpath(".//section[h2='The same day']//a")
    assert len(links) == 51
    assert links[-1].get("href") == "../../timeline/1204/03/"
    assert "and 2 more" in text_of(links[-1].getparent())


# The ledger of claims


def test_a_month_of_claims_above_the_limit_is_split_by_days(timeline: Timeline) -> None:
    statements = tuple(
        Statement(entry, claim) for entry in timeline.entries for claim in entry.event.claims
    )
    whole = split_section(
        Section((), "Claims", "Claims", "Claims about", statements), (YEAR, MONTH), MOST
    )
    split = split_months(whole, MOST)
    leaves = list(find_leaves(split))
    assert [one for leaf in leaves for one in leaf.statements] == list(statements)
    assert all(leaf.count <= MOST for leaf in leaves)
    march = [leaf for leaf in leaves if leaf.address.startswith("claims/1204/03/")]
    assert [(leaf.address, leaf.title) for leaf in march][:3] == [
        ("claims/1204/03/1/", "Claims about 1 March 1204"),
        ("claims/1204/03/2/", "Claims about 2 March 1204, part 1"),
        ("claims/1204/03/3/", "Claims about 2 March 1204, part 2"),
    ]


def test_the_real_ledger_has_no_part_below_a_month(aleppo: Checked) -> None:
    assert aleppo.timeline is not None
    addresses = [page.address for page in plan_claim_pages(make_renderer(aleppo.timeline))]
    assert "claims/2016/12/" in addresses
    assert not [one for one in addresses if re.fullmatch(r"claims/\d+/\d+/\d+/", one)]


def test_at_the_real_size_nothing_is_divided(aleppo: Checked) -> None:
    assert aleppo.timeline is not None
    indexes = make_indexes(aleppo.timeline)
    divided: list[Sheet] = [
        planned.sheet
        for index in indexes.values()
        for heading in index.headings.values()
        for planned in plan_heading(index, heading)
        if not planned.sheet.part.is_whole
    ]
    assert divided == []
    assert all(sheet.part.is_whole for sheet in plan_timeline(aleppo.timeline))
    assert not any(plan_letters(index) for index in indexes.values())
