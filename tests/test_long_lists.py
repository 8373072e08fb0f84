"""What a page leaves out when there is too much for it, and what it says of that."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from conftest import Project, make_entry
from pages import text_of
from wartimeline.blocks import render_block
from wartimeline.dates import parse_when
from wartimeline.division import MOST_ROWS, choose, share_rows
from wartimeline.files import Document
from wartimeline.history import History
from wartimeline.ledger import plan_claim_pages
from wartimeline.parse import Entry
from wartimeline.pipeline import Checked
from wartimeline.records import Correction, Figure
from wartimeline.render import Renderer
from wartimeline.search_page import SEARCH, list_facets
from wartimeline.site import Edition
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Block, Measure, PlaceKind

lengths = st.lists(st.integers(0, 60), max_size=8)
limits = st.integers(0, 100)


@given(lengths, limits)
def test_lists_that_share_a_page_do_not_have_too_many_rows_together(
    found: list[int], most: int
) -> None:
    share = share_rows(found, most)
    assert sum(min(length, share) for length in found) <= most


@given(lengths, limits)
def test_no_room_is_left_that_all_long_lists_could_use(found: list[int], most: int) -> None:
    share = share_rows(found, most)
    cut = [length for length in found if length > share]
    assert not cut or sum(min(length, share + 1) for length in found) > most


@given(st.lists(st.integers(0, 5), max_size=20), st.integers(0, 25))
def test_what_weighs_most_is_chosen_and_keeps_its_order(weights: list[int], most: int) -> None:
    items = list(enumerate(weights))
    chosen = choose(items, most, lambda item: item[1])
    assert list(chosen) == sorted(chosen)
    assert len(chosen) == min(most, len(items))
    left = [item for item in items if item not in chosen]
    assert all((-a[1], a[0]) < (-b[1], b[0]) for a in chosen for b in left)


@pytest.fixture
def few(project: Project) -> Timeline:
    """A timeline of two entries: with a claim of a party, and with none and a supplied title."""
    claim = "- {by: third-lance, said: it was so, sources: [post]}\n"
    project.add(make_entry(claims=claim, key="true"))
    titled = make_entry(date="1204-03-10").replace("title: Gate", 'title: "[The gate]"')
    project.add(titled, "1204/1204-03-10-gate.md")
    timeline = project.check().timeline
    assert timeline is not None
    return timeline


def repeat(timeline: Timeline, times: int) -> Timeline:
    """Put each entry of a timeline into it so often."""
    entries = (
        replace(
            entry,
            id=f"{entry.id}-{i}",
            file=replace(entry.file, path=entry.path.replace(".md", f"-{i}.md")),
        )
        for entry in timeline.entries
        for i in range(times)
    )
    return replace(timeline, entries=tuple(entries))


def render(timeline: Timeline, block: Block, edition: Edition | None = None) -> HtmlElement:
    renderer = Renderer(timeline, edition or Edition())
    html = render_block(block, renderer, Document("about/index.md", "docs/about/index.md"))
    return lxml_html.fragment_fromstring(html)


def count_rows(page: HtmlElement) -> int:
    return len(page.xpath(".//li | .//tbody/tr | .//dl/div"))


def list_under(page: HtmlElement, heading: str) -> HtmlElement:
    """Return the list that follows a heading."""
    return page.xpath(f".//*[@id='{heading}']/following::ul[1]")[0]


class TestGaps:
    def test_long_lists_stop_and_say_how_much_is_left(self, few: Timeline) -> None:
        page = render(repeat(few, 1000), Block.GAPS)
        assert count_rows(page) <= MOST_ROWS
        shown = len(list_under(page, "one-origin").xpath("./li"))
        assert 50 < shown < 1000
        assert f"Long lists stop here after {shown} lines." in text_of(page)
        assert text_of(page.xpath(".//h2[@id='one-origin']")[0]).endswith("2,000")
        left = [text_of(note) for note in page.xpath(".//p[@class='tl-meta']")]
        assert left == [
            f"{2000 - shown:,} more, all in search .",
            *[f"{1000 - shown} more."] * 3,
        ]

    def test_the_way_to_the_rest_asks_search_for_what_it_knows(self, few: Timeline) -> None:
        timeline = repeat(few, 1000)
        [link] = render(timeline, Block.GAPS).xpath(".//a[starts-with(@href, '../search')]/@href")
        asked = urlsplit(link)
        assert asked.path.removeprefix("../") == SEARCH
        values = parse_qs(asked.query)
        assert values.pop("sort") == ["oldest"]
        facets = {facet.id: facet for facet in list_facets(Renderer(timeline, Edition()))}
        for name, [value] in values.items():
            assert value in [option.value for option in facets[name].options]
        assert set(values) == {"origins"}

    def test_short_lists_stand_whole_and_nothing_is_said_of_it(self, few: Timeline) -> None:
        page = render(repeat(few, 50), Block.GAPS)
        assert len(list_under(page, "one-origin").xpath("./li")) == 100
        assert len(list_under(page, "without-claims").xpath("./li")) == 50
        assert not page.xpath(".//p[@class='tl-meta']")
        assert "Long lists" not in text_of(page)

    def test_neighbourhoods_are_cut_as_entries_are(self, few: Timeline) -> None:
        quarter = few.places["brine"].model_copy(update={"kind": PlaceKind.NEIGHBOURHOOD})
        ids = [f"quarter-{i}" for i in range(2000)]
        quarters = {one: quarter.model_copy(update={"id": one}) for one in ids}
        page = render(replace(few, places={**few.places, **quarters}), Block.GAPS)
        assert count_rows(page) <= MOST_ROWS
        shown = len(list_under(page, "districts").xpath("./li"))
        assert [text_of(one) for one in page.xpath(".//p[@class='tl-meta']")] == [
            f"{2000 - shown:,} more."
        ]


def add_on_days(timeline: Timeline, days: Mapping[dt.date, int]) -> tuple[Timeline, Edition]:
    """Make a timeline of entries of which so many came in on each of some days."""
    many = repeat(timeline, sum(days.values()))
    entries = iter(many.entries)
    added = {next(entries).path: day for day, times in days.items() for _ in range(times)}
    shown = tuple(entry for entry in many.entries if entry.path in added)
    return replace(many, entries=shown), Edition(history=History("abc", added))


FIRST, SECOND, THIRD = dt.date(2026, 10, 31), dt.date(2026, 11, 2), dt.date(2026, 11, 9)


class TestAdditions:
    @pytest.mark.parametrize(
        ("days", "listed", "counted"),
        [
            ({FIRST: 497}, [497], []),
            ({FIRST: 499}, [499], []),
            (
                {FIRST: 400, SECOND: 300, THIRD: 150},
                [150, 300],
                ["October 2026 400 entries: 31 Oct (400)"],
            ),
            (
                {FIRST: 1000, SECOND: 200, THIRD: 300},
                [300],
                [
                    "November 2026 200 entries: 2 Nov (200)",
                    "October 2026 1,000 entries: 31 Oct (1,000)",
                ],
            ),
            (
                {SECOND: 20, THIRD: 1500},
                [],
                ["November 2026 1,520 entries: 9 Nov (1,500), 2 Nov (20)"],
            ),
        ],
        ids=["few", "a full page", "one day too many", "two days too many", "a day too long"],
    )
    def test_the_latest_days_are_listed_and_the_others_counted(
        self, few: Timeline, days: Mapping[dt.date, int], listed: list[int], counted: list[str]
    ) -> None:
        page = render(*add_and_block(few, days))
        folds = page.xpath(".//details")
        assert [len(fold.xpath(".//li")) for fold in folds] == listed
        assert [text_of(row).replace("\xa0", " ") for row in page.xpath(".//dl/div")] == counted
        assert len(folds) + count_rows(page) <= MOST_ROWS
        assert ("when it was added" in text_of(page)) == bool(counted)

    def test_many_days_take_a_row_for_each_month(self, few: Timeline) -> None:
        start = dt.date(2020, 1, 1)
        days = {start + dt.timedelta(days=i): 1 for i in range(1200)}
        page = render(*add_and_block(few, days))
        folds, months = page.xpath(".//details"), page.xpath(".//dl/div")
        assert len(folds) + count_rows(page) <= MOST_ROWS
        assert 200 < len(folds) < 250
        assert 30 < len(months) < 40

    def test_without_any_day_that_is_said(self, few: Timeline) -> None:
        assert text_of(render(few, Block.ADDITIONS)) == (
            "The days on which entries were added are not on record."
        )


def add_and_block(
    timeline: Timeline, days: Mapping[dt.date, int]
) -> tuple[Timeline, Block, Edition]:
    many, edition = add_on_days(timeline, days)
    return many, Block.ADDITIONS, edition


def correct(timeline: Timeline, years: Mapping[int, int]) -> Timeline:
    """Give the first entry of a timeline so many corrections in each of some years."""
    first, *others = timeline.entries
    corrections = tuple(
        Correction(date=parse_when(f"{year}-05-01"), note=f"Note {i} of {year}.")
        for year, times in years.items()
        for i in range(times)
    )
    event = first.event.model_copy(update={"corrections": corrections})
    return replace(timeline, entries=(replace(first, event=event), *others))


class TestCorrections:
    def test_the_latest_are_listed_and_the_others_counted_by_year(self, few: Timeline) -> None:
        page = render(correct(few, {2024: 300, 2025: 400, 2026: 200}), Block.CORRECTIONS)
        notes = [text_of(one) for one in page.xpath("./ul/li")]
        assert [note[-6:-1] for note in notes[:200]] == [" 2026"] * 200
        assert [note[-6:-1] for note in notes[200:]] == [" 2025"] * (MOST_ROWS - 200 - 3)
        assert [text_of(row) for row in page.xpath("./dl/div")] == [
            "2025 103 corrections",
            "2024 300 corrections",
        ]
        assert count_rows(page) <= MOST_ROWS
        assert "The page of each event lists its own" in text_of(page)

    def test_as_many_as_fit_stand_whole_and_nothing_is_said_of_it(self, few: Timeline) -> None:
        page = render(correct(few, {2025: 300, 2026: 200}), Block.CORRECTIONS)
        assert len(page.xpath("./ul/li")) == MOST_ROWS
        assert not page.xpath("./dl | ./p")


def claim_often(timeline: Timeline, people: int, guards: int = 0, years: int = 1) -> Timeline:
    """Give the first entry so many claims in two units, and put the like in the year before."""
    first, *_ = timeline.entries
    [claim] = first.event.claims
    claims = tuple(
        claim.model_copy(update={"figure": Figure(measure=Measure.KILLED, value=5, unit=unit)})
        for unit, times in (("people", people), ("guards", guards))
        for _ in range(times)
    )
    entry = replace(first, event=first.event.model_copy(update={"claims": claims}))
    when = {"date": parse_when("1203-05-01")}
    earlier = replace(entry, id="1203-05-01-gate", event=entry.event.model_copy(update=when))
    return replace(timeline, entries=(earlier, entry)[-years:])


class TestMeasures:
    @staticmethod
    def make_pages(timeline: Timeline) -> dict[str, HtmlElement]:
        """Make the pages of a measure, by address."""
        plans = plan_claim_pages(Renderer(timeline, Edition()))
        wanted = (plan.make() for plan in plans if plan.address.startswith("claims/killed/"))
        return {page.address: lxml_html.fragment_fromstring(page.html) for page in wanted}

    @staticmethod
    def count_claims(page: HtmlElement) -> tuple[int, int]:
        """Count the rows of the table of a chart, and those of the ledger."""
        return (
            len(page.xpath(".//table[@class='tl-numbers']/tbody/tr")),
            len(page.xpath(".//table[@class='tl-ledger']//tr[@data-measure]")),
        )

    def test_claims_stand_below_the_table_of_their_chart_while_both_fit(
        self, few: Timeline
    ) -> None:
        [(address, page)] = self.make_pages(claim_often(few, MOST_ROWS // 2)).items()
        assert address == "claims/killed/"
        assert self.count_claims(page) == (MOST_ROWS // 2, MOST_ROWS // 2)

    @pytest.mark.parametrize("times", [252, 400, 500])
    def test_else_the_table_is_left_out_and_the_claims_are_named_in_its_place(
        self, few: Timeline, times: int
    ) -> None:
        [page] = self.make_pages(claim_often(few, times)).values()
        assert self.count_claims(page) == (0, times)
        [note] = page.xpath(".//figure/p[a]")
        assert f"{times} figures are too many for a table here" in text_of(note)
        assert note.xpath("./a/@href") == ["#all-claims"]
        assert page.xpath(".//h2[@id='all-claims']")

    def test_where_the_claims_stand_on_pages_of_their_own_there_is_room_for_the_table(
        self, few: Timeline
    ) -> None:
        pages = self.make_pages(claim_often(few, people=200, guards=100, years=2))
        counts = {address: self.count_claims(page) for address, page in pages.items()}
        assert counts == {
            "claims/killed/": (400, 0),
            "claims/killed/1203/": (0, 300),
            "claims/killed/1204/": (0, 300),
        }


class TestTurningPoints:
    def test_the_best_attested_stand_on_the_page_in_order(self, few: Timeline) -> None:
        timeline = repeat(few, 300)
        keys = [entry.id for entry in timeline.entries if entry.event.key]
        best = set(keys[200:290])
        attested = replace(timeline, entries=tuple(map(add_origin_to(best), timeline.entries)))
        page = render(attested, Block.TURNING_POINTS)
        shown = [link.split("/")[-2] for link in page.xpath(".//a[@class='tl-row__title']/@href")]
        assert shown == [entry for entry in keys if entry in best or entry in keys[:10]]
        assert "The 100 of 300 that rest on most independent sources." in text_of(page)

    def test_all_stand_there_where_they_are_not_many(self, few: Timeline) -> None:
        page = render(repeat(few, 100), Block.TURNING_POINTS)
        assert len(page.xpath(".//a[@class='tl-row__title']")) == 100
        assert "most independent" not in text_of(page)


def add_origin_to(chosen: set[str]) -> Callable[[Entry], Entry]:
    """Return what gives those entries that are chosen a second independent source."""

    def add(entry: Entry) -> Entry:
        if entry.id not in chosen:
            return entry
        [source] = entry.event.sources
        second = source.model_copy(update={"id": "second", "outlet": "brine-gazette"})
        sources = (source, second)
        return replace(entry, event=entry.event.model_copy(update={"sources": sources}))

    return add


def test_the_real_site_is_not_cut(aleppo: Checked) -> None:
    timeline = aleppo.timeline
    assert timeline is not None
    assert "Long lists" not in text_of(render(timeline, Block.GAPS))
    assert "most independent" not in text_of(render(timeline, Block.TURNING_POINTS))
