"""Charts of figures: each mark where its number and its date put it, and a table of the same."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from conftest import Project, make_entry
from pages import select, text_of
from wartimeline.claims import list_statements
from wartimeline.division import MOST_ROWS
from wartimeline.figures import MOST_VOICES, Chart, make_chart, make_charts, make_days
from wartimeline.ledger import plan_claim_pages
from wartimeline.pipeline import Checked
from wartimeline.render import Renderer
from wartimeline.site import Edition
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Measure

HEIGHT = 240
DAYS = st.dates(dt.date(1203, 1, 1), dt.date(2030, 12, 31))


def add(project: Project, date: str, *figures: str, by: str = "by: salt-company") -> None:
    """Add an entry with a claim for each figure, such as `value: 3, series: dead-at-the-gate`."""
    claims = "\n".join(
        f"- {{{by}, said: it said {i}, sources: [post], "
        f"figure: {{measure: killed, unit: people, {figure}}}}}"
        for i, figure in enumerate(figures)
    )
    first = date.partition("/")[0]
    number = len(list(project.entries.rglob("????-*.md")))
    project.add(make_entry(date=date, claims=f"{claims}\n"), f"1204/{first}-gate-{number}.md")


def read_timeline(project: Project) -> Timeline:
    checked = project.check()
    assert checked.timeline is not None, checked.problems
    return checked.timeline


def read_charts(project: Project, most: int = MOST_ROWS) -> tuple[Chart, ...]:
    timeline = read_timeline(project)
    statements, series = list_statements(timeline), timeline.settings.series
    return make_charts(Measure.KILLED, statements, series, timeline.actors, most)


def render(timeline: Timeline, address: str = "claims/killed/") -> HtmlElement:
    renderer = Renderer(timeline, Edition())
    pages = {page.address: page.make().html for page in plan_claim_pages(renderer)}
    return lxml_html.fragment_fromstring(pages[address])


def list_points(page: HtmlElement) -> list[HtmlElement]:
    return page.xpath(".//svg[starts-with(@class, 'tl-point')]")


def list_heights(point: HtmlElement) -> list[float]:
    """Return where the shapes of a point stand, as shares of the axis."""
    transforms = point.xpath("path[@class='tl-shape']/@transform")
    ys = [float(one.removeprefix("translate(0 ").removesuffix(")")) for one in transforms]
    return [1 - y / HEIGHT for y in ys]


SERIES = "series: dead-at-the-gate"


def test_numbers_and_dates_put_marks_in_their_place(project: Project) -> None:
    add(project, "1204-03-01", f"value: 100, {SERIES}")
    add(project, "1204-03-11", f"value: 25, {SERIES}")
    add(project, "1204-03-21", f"value: 50, {SERIES}")
    points = list_points(render(read_timeline(project)))
    assert [point.get("x") for point in points] == ["0.00%", "50.00%", "100.00%"]
    assert [list_heights(point) for point in points] == [
        [pytest.approx(1)], [pytest.approx(0.25)], [pytest.approx(0.5)],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "shapes", "line"),
    [
        ("value: 50", [0.5], ""),
        ("low: 25, high: 75", [0.25, 0.75], "M0 180.0V60.0M-8 180.0h16M-8 60.0h16"),
        ("low: 25", [0.25], "M0 180.0v-15m-3 3.5 3-3.5 3 3.5"),
        ("high: 75", [0.75], "M0 60.0v15m-3-3.5 3 3.5 3-3.5"),
    ],
    ids=["a number", "a range", "at least", "up to"],
)
def test_a_range_is_a_bar_and_a_hedge_is_an_arrow(
    project: Project, figure: str, shapes: list[float], line: str
) -> None:
    add(project, "1204-03-01", f"value: 100, {SERIES}")
    add(project, "1204-03-11", f"{figure}, {SERIES}")
    page = render(read_timeline(project))
    point = list_points(page)[1]
    assert list_heights(point) == pytest.approx(shapes)
    assert point.xpath("string(path[starts-with(@class, 'tl-range')]/@d)") == line
    key = text_of(select(page, "tl-key")[0])
    assert ("from – to" in key, "at least" in key, "up to" in key) == (
        "low" in figure and "high" in figure, figure == "low: 25", figure == "high: 75",
    )  # fmt: skip


def test_an_event_of_several_days_is_a_line_in_time(project: Project) -> None:
    add(project, "1204-03-01", f"value: 4, {SERIES}")
    add(project, "1204-03-06/1204-03-11", f"value: 2, {SERIES}")
    [span] = render(read_timeline(project)).xpath(".//line[starts-with(@class, 'tl-span')]")
    assert (span.get("x1"), span.get("x2"), span.get("y1")) == ("50.00%", "100.00%", "120.0")


def test_a_chart_of_numbers_far_apart_is_logarithmic_and_says_so(project: Project) -> None:
    add(project, "1204-03-01", f"value: 10, {SERIES}", f"value: 0, {SERIES}")
    add(project, "1204-03-11", f"value: 1000, {SERIES}", f"value: 100, {SERIES}")
    page = render(read_timeline(project))
    heights = [list_heights(point)[0] for point in list_points(page)]
    assert heights == pytest.approx([0.08, 0, 1, 0.54], abs=0.001)
    assert "logarithmic scale: each step is 10 times" in text_of(select(page, "tl-chart__unit")[0])
    assert [tick.text for tick in page.xpath(".//text[@class='tl-plot__number']")] == [
        "0", "10", "100", "1,000",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("in_series", "loose", "expected"),
    [
        (1, 0, []),
        (2, 0, ["dead-at-the-gate"]),
        (0, 7, []),
        (0, 8, ["all"]),
        (2, 8, ["dead-at-the-gate", "all"]),
    ],
)
def test_there_is_a_chart_where_there_are_figures_enough(
    project: Project, in_series: int, loose: int, expected: list[str]
) -> None:
    add(project, "1204-03-01", *[f"value: 3, {SERIES}"] * in_series, *["value: 5"] * loose)
    charts = read_charts(project)
    assert [chart.id for chart in charts] == expected
    assert all(chart.is_series == (chart.id != "all") for chart in charts)


def test_the_general_chart_is_of_the_commonest_unit_alone(project: Project) -> None:
    add(project, "1204-03-01", *["value: 3"] * 8, by="by: salt-company")
    add(project, "1204-03-02", *["value: 3"] * 9, by="by: town-watch")
    for path in project.entries.rglob("1204-03-01-*.md"):
        path.write_text(path.read_text("utf-8").replace("unit: people", "unit: guards"), "utf-8")
    [chart] = read_charts(project)
    assert {point.figure.unit for point in chart.points} == {"people"}
    assert len(chart.points) == 9


def test_figures_of_two_units_are_never_on_one_chart(project: Project) -> None:
    add(project, "1204-03-01", "value: 3")
    add(project, "1204-03-02", "value: 3")
    [path] = project.entries.rglob("1204-03-01-*.md")
    path.write_text(path.read_text("utf-8").replace("unit: people", "unit: guards"), "utf-8")
    timeline = read_timeline(project)
    with pytest.raises(ValueError, match="one measure and one unit"):
        make_chart(list_statements(timeline), timeline.actors)


def test_claimants_with_most_figures_have_marks_of_their_own(project: Project) -> None:
    for number in range(1, 9):
        by = f"claimant: witness {number}"
        add(project, f"1204-03-{number:02}", *[f"value: 3, {SERIES}"] * (10 - number), by=by)
    [chart] = read_charts(project)
    assert [voice.name for voice in chart.voices] == [
        f"Witness {number}" for number in range(1, MOST_VOICES + 1)
    ]
    assert {point.mark for point in chart.points} == {*range(MOST_VOICES + 1)}
    assert chart.others == 3 + 2
    page = render(read_timeline(project))
    assert "other claimants 5" in text_of(select(page, "tl-key")[0])
    shapes = {
        point.get("class").split("--")[1]: point.xpath("string(path/@d)")
        for point in list_points(page)
    }
    assert len(shapes) == len(set(shapes.values())) == MOST_VOICES + 1


def test_the_table_of_a_chart_says_what_the_chart_shows(project: Project) -> None:
    add(project, "1204-03-01", f"low: 40, high: 60, {SERIES}")
    add(project, "1204-03-11", f"high: 25, {SERIES}", by="claimant: a baker")
    page = render(read_timeline(project))
    rows = page.xpath(".//table[@class='tl-numbers']/tbody/tr")
    assert [text_of(row) for row in rows] == [
        "Monday 1 March 1204 The gate is taken Salt Company 40–60 people killed",
        "Thursday 11 March 1204 The gate is taken A baker up to 25 people killed",
    ]
    [drawing] = page.xpath(".//svg[@role='img']")
    named = [page.get_element_by_id(i).text for i in drawing.get("aria-labelledby").split()]
    assert named[0] == "Chart: The dead at the gate"
    assert "2 figures from 1 March 1204 to 11 March 1204" in named[1]
    assert "The lowest is up to 25, the highest 40–60." in named[1]


@pytest.mark.parametrize(
    ("in_series", "loose", "most", "tables"),
    [
        (4, 8, 12, [True, True]),
        (4, 8, 11, [True, False]),
        (9, 8, 8, [False, True]),
        (9, 8, 7, [False, False]),
    ],
    ids=["both fit", "one too long", "the first too long", "none fits"],
)
def test_the_tables_of_charts_have_no_more_rows_together_than_a_page(
    project: Project, in_series: int, loose: int, most: int, tables: list[bool]
) -> None:
    add(project, "1204-03-01", *[f"value: 3, {SERIES}"] * in_series, *["value: 5"] * loose)
    assert [chart.has_table for chart in read_charts(project, most)] == tables


def test_a_chart_of_very_many_figures_says_that_they_stand_in_the_ledger(project: Project) -> None:
    add(project, "1204-03-01", f"value: 3, {SERIES}", f"value: 4, {SERIES}", *["value: 5"] * 501)
    page = render(read_timeline(project))
    series, general = page.xpath(".//figure")
    assert len(series.xpath(".//table//tr")) == 1 + 2
    assert not general.xpath(".//table")
    assert len(list_points(general)) == 501
    said = "501 figures are too many for a table here. All of them stand in the ledger below"
    assert said in text_of(general)
    assert "table" not in general.xpath("string(.//desc)")
    [link] = general.xpath(".//p/a/@href")
    assert page.xpath(f".//h2[@id='{link.removeprefix('#')}']")
    counts = page.xpath(".//ol[starts-with(@class, 'tl-tally')]//b/text()")
    assert sum(map(int, counts)) == 503
    assert "Where it is darker" in text_of(general)
    assert "Where it is darker" not in text_of(series)


def test_the_title_of_a_chart_leaves_out_what_only_some_figures_count(project: Project) -> None:
    scoped = 'value: 3, scope: "in the west"'
    add(project, "1204-03-01", *[scoped] * 4, *["value: 3"] * 4)
    page = render(read_timeline(project))
    assert text_of(page.get_element_by_id("chart")) == "People killed"
    rows = page.xpath(".//table[@class='tl-numbers']/tbody/tr")
    assert ["in the west" in text_of(row) for row in rows] == [True] * 4 + [False] * 4


def test_names_of_series_cannot_become_markup(project: Project) -> None:
    evil = "<script>x()</script>"
    project.edit("mkdocs.yml", "name: The dead at the gate", f'name: "{evil}", note: "{evil}"')
    add(project, "1204-03-01", f"value: 3, {SERIES}", f"value: 4, {SERIES}")
    timeline = read_timeline(project)
    for address in ("claims/", "claims/killed/"):
        page = render(timeline, address)
        assert evil in page.text_content()
        assert all(script.get("src") for script in page.iter("script"))


@given(DAYS, DAYS, DAYS)
def test_days_keep_their_order_on_a_time_axis_and_stay_on_it(
    one: dt.date, two: dt.date, three: dt.date
) -> None:
    first, middle, last = sorted((one, two, three))
    days = make_days(first, last)
    places = [days.find(first), days.find(middle), days.find(last)]
    assert all(0 <= place <= 1 for place in places)
    assert places == sorted(places)
    if first < last:
        assert places[0] < places[2]


@given(DAYS, DAYS)
def test_labels_of_a_time_axis_are_few_and_apart(one: dt.date, two: dt.date) -> None:
    ticks = make_days(min(one, two), max(one, two)).ticks
    assert 1 <= len(ticks) <= 16
    assert 1 <= sum(tick.is_major for tick in ticks) <= 6
    assert all(a.place < b.place for a, b in pairwise(ticks))
    assert all(0 <= tick.place <= 1 for tick in ticks)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2016-12-10", "2016-12-12", ["10 Dec 2016", "11 Dec 2016", "12 Dec 2016"]),
        ("2016-12-12", "2016-12-12", ["12 Dec 2016"]),
        ("2016-10-20", "2016-12-12", ["Oct 2016", "Nov 2016", "Dec 2016"]),
        ("2013-05-01", "2016-12-12", ["2013", "2014", "2015", "2016"]),
    ],
    ids=["days", "one day", "months", "years"],
)
def test_a_time_axis_is_labelled_in_days_months_or_years(
    first: str, last: str, labels: list[str]
) -> None:
    ticks = make_days(dt.date.fromisoformat(first), dt.date.fromisoformat(last)).ticks
    assert [f"{tick.large} {tick.small}".strip() for tick in ticks] == labels


def test_every_chart_of_the_real_site_shows_every_figure_once(aleppo: Checked) -> None:
    timeline = aleppo.timeline
    assert timeline is not None, aleppo.problems
    statements = list_statements(timeline)
    shown = 0
    for measure in Measure:
        charts = make_charts(measure, statements, timeline.settings.series, timeline.actors)
        if charts:
            page = render(timeline, f"claims/{measure}/")
            rows = page.xpath(".//table[@class='tl-numbers']/tbody/tr")
            assert len(list_points(page)) == len(rows) == sum(len(c.points) for c in charts)
            shown += len(rows)
    assert shown > 100
