"""Events over time in small drawings."""

import datetime as dt

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from conftest import Project, make_entry
from pages import text_of
from wartimeline.charts import Month, count_months
from wartimeline.dates import parse_when
from wartimeline.render import Renderer
from wartimeline.settings import Phase
from wartimeline.site import Edition
from wartimeline.sparks import Drawing, Spark, make_drawing, make_spark
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import FAMILIES, Family, Kind

DATES = (
    ("1203-05-02", "battle"),
    ("1203-05", "siege"),
    ("1203-05-20/1203-06-02", "shelling"),
    ("1204-03-09", "report"),
)


@pytest.fixture
def timeline(project: Project) -> Timeline:
    for i, (date, kind) in enumerate(DATES):
        name = f"{date[:4]}/{date[:4]}-event-{i}.md"
        key = "true" if kind == "siege" else None
        project.add(make_entry(date=f'"{date}"', kind=kind, key=key), name)
    timeline = project.check().timeline
    assert timeline is not None
    return timeline


@pytest.fixture
def drawing(timeline: Timeline) -> Drawing:
    months = count_months(timeline.entries)
    return make_drawing(months, timeline.entries, timeline.settings.phases)


def render(timeline: Timeline, template: str, macro: str = "", **context: object) -> HtmlElement:
    """Render a template, or one of its macros with the first value, for a page at `a/`."""
    renderer = Renderer(timeline, Edition())
    if not macro:
        return lxml_html.fragment_fromstring(renderer.render(template, "a/", **context))
    module = renderer._environment.get_template(template).make_module({"root": "../"})  # noqa: SLF001 - macros have no other door
    return lxml_html.fragment_fromstring(
        str(getattr(module, macro)(*context.values())), create_parent="div"
    )


def make_phase(dates: str) -> Phase:
    return Phase(id="p", name="P", dates=parse_when(dates), summary="S.")


def make_months(first: int, last: int) -> tuple[Month, ...]:
    return tuple(
        Month(dt.date(year, month, 1), 0, has_key=False)
        for year in range(first, last + 1)
        for month in range(1, 13)
    )


def test_every_kind_belongs_to_one_family_and_every_family_has_kinds() -> None:
    assert set(FAMILIES) == set(Kind)
    assert set(FAMILIES.values()) == set(Family)
    assert sorted(kind for family in Family for kind in family.kinds) == sorted(Kind)


def test_a_month_is_split_by_family_and_its_parts_make_up_its_count(drawing: Drawing) -> None:
    assert len(drawing.stacks) == 24
    for stack in drawing.stacks:
        assert sum(count for _, count in stack.parts) == stack.month.count
    may = next(one for one in drawing.stacks if one.month.first == dt.date(1203, 5, 1))
    assert may.parts == ((Family.FIGHTING, 2), (Family.BOMBARDMENT, 1))
    assert may.words == "fighting and sieges 2, bombardment 1"
    assert (may.count(Family.BOMBARDMENT), may.count(Family.AFTER)) == (1, 0)
    assert drawing.highest == 3
    assert drawing.families == (Family.FIGHTING, Family.BOMBARDMENT, Family.AFTER)


def test_a_year_has_its_own_months_and_families(drawing: Drawing) -> None:
    year = drawing.of_year(1204)
    assert [stack.month.first.year for stack in year.stacks] == [1204] * 12
    assert year.families == (Family.AFTER,)


@pytest.mark.parametrize(
    ("dates", "start", "length"),
    [
        ("1203-01-01/1203-12-31", 0, 12),
        ("1203-02-01/1203-02-28", 1, 1),
        ("1203-12-01/1204-01-31", 11, 2),
        ("1202-06-01/1203-03-31", 0, 3),
        ("1204-12-01/1299-01-01", 23, 1),
    ],
)
def test_phases_are_bands_within_the_months(dates: str, start: float, length: float) -> None:
    drawing = make_drawing(make_months(1203, 1204), (), [make_phase(dates)])
    [band] = drawing.bands
    assert (band.start, band.length) == pytest.approx((start, length))


@pytest.mark.parametrize("dates", ["1201-01-01/1202-12-31", "1205-01-01/1205-12-31"])
def test_phases_outside_the_months_are_no_bands(dates: str) -> None:
    assert make_drawing(make_months(1203, 1204), (), [make_phase(dates)]).bands == ()


def test_a_line_counts_events_per_month_over_the_whole_timeline(timeline: Timeline) -> None:
    spark = make_spark(timeline.entries[:3], count_months(timeline.entries))
    assert spark is not None
    assert (spark.first, spark.last, spark.by_year) == (1203, 1204, False)
    assert spark.bars == (0, 0, 0, 0, 3, *[0] * 19)
    assert spark.years == ((1203, 3),)
    assert spark.words == "Events per year: 1203 3"
    assert spark.months_of(1203) == spark.bars[:12]


def test_few_events_need_no_line(timeline: Timeline) -> None:
    months = count_months(timeline.entries)
    assert make_spark(timeline.entries[:2], months) is None
    assert make_spark(timeline.entries, ()) is None


@pytest.mark.parametrize(("last", "by_year"), [(1227, False), (1228, True)])
def test_a_long_timeline_is_counted_by_year(timeline: Timeline, last: int, by_year: bool) -> None:  # noqa: FBT001 - a case
    spark = make_spark(timeline.entries, make_months(1203, last))
    assert spark is not None
    assert spark.by_year is by_year
    assert len(spark.bars) == (last - 1202) * (1 if by_year else 12)
    assert spark.years == ((1203, 3), (1204, 1))
    assert len(spark.months_of(1203)) == (0 if by_year else 12)


def test_a_line_has_its_numbers_in_words_and_in_a_table(timeline: Timeline) -> None:
    spark = make_spark(timeline.entries, count_months(timeline.entries))
    html = render(timeline, "spark.html", "spark_line", spark=spark)
    [svg] = html.xpath(".//*[local-name()='svg']")
    assert (svg.get("role"), svg.get("aria-label")) == (
        "img",
        "Events per year: 1203 3, 1204 1",
    )
    heights = [float(bar.get("height")) for bar in svg.xpath(".//*[local-name()='rect']")]
    assert len(heights) == 2
    assert heights[0] > heights[1] > 0
    rows = [text_of(row) for row in html.xpath(".//tbody/tr")]
    assert rows == ["1203 3 3", "1204 1 1"]


def test_a_line_by_year_has_a_table_without_months(timeline: Timeline) -> None:
    spark = Spark(1203, 1230, by_year=True, bars=(3, *[0] * 27))
    html = render(timeline, "spark.html", "spark_line", spark=spark)
    assert [text_of(row) for row in html.xpath(".//tr")] == ["Year All", "1203 3"]


def test_the_strip_keeps_its_links_and_has_a_table_of_the_same_numbers(
    timeline: Timeline, drawing: Drawing
) -> None:
    strip = render(timeline, "block_strip.html", drawing=drawing)
    [svg] = strip.xpath(".//div[@class='tl-strip__drawing']/*[local-name()='svg']")
    links = svg.xpath("./*[local-name()='a']")
    assert [link.get("href") for link in links][:2] == [
        "../timeline/1203/05/",
        "../timeline/1204/03/",
    ]
    assert links[0].get("aria-label") == "May 1203, 3 events: fighting and sieges 2, bombardment 1"
    assert len(links[0].xpath(".//*[local-name()='circle']")) == 1
    assert links[1].xpath(".//*[local-name()='circle']") == []
    phases = [f"../phases/{phase.id}/" for phase in timeline.settings.phases]
    assert [link.get("href") for link in links][2:] == phases
    table = strip.xpath(".//table[contains(@class, 'tl-tiny')]")[0]
    head = [text_of(cell) for cell in table.xpath(".//thead//th")]
    assert head == ["Month", *(family.label for family in drawing.families), "All"]
    rows = [[text_of(cell) for cell in row] for row in table.xpath(".//tbody/tr")]
    assert rows == [["May 1203", "2", "1", "", "3"], ["March 1204", "", "", "1", "1"]]


def test_the_parts_of_a_bar_fill_it(timeline: Timeline, drawing: Drawing) -> None:
    strip = render(timeline, "block_strip.html", drawing=drawing)
    [may] = strip.xpath(".//*[@href='../timeline/1203/05/'][@aria-label and .//*[@class='tl-hit']]")
    parts = may.xpath("./*[local-name()='rect'][contains(@class, 'tl-family')]")
    edges = [(float(p.get("y")), float(p.get("y")) + float(p.get("height"))) for p in parts]
    assert edges[0][1] == pytest.approx(132)
    assert edges[1][1] == pytest.approx(edges[0][0])
    assert edges[1][0] == pytest.approx(8, abs=0.1)


def test_the_months_of_a_year_are_links_with_bars_in_parts(
    timeline: Timeline, drawing: Drawing
) -> None:
    html = render(timeline, "spark.html", "month_stacks", drawing=drawing.of_year(1203))
    [link] = html.xpath(".//a")
    assert link.get("href") == "../timeline/1203/05/"
    assert text_of(link) == "May 3 events"
    assert [part.get("class") for part in link.xpath(".//s")] == [
        "tl-part tl-part--fighting",
        "tl-part tl-part--bombardment",
    ]
    assert len(html.xpath(".//li")) == 12
