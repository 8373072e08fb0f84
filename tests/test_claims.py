"""The ledger: every claim once, in parts of a readable length."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from conftest import Project, make_entry
from pages import select, text_of
from wartimeline.claims import (
    Section,
    Statement,
    count_claimants,
    find_leaves,
    group_by_event,
    list_statements,
    make_ledger,
    make_measures,
    make_others,
    split_section,
)
from wartimeline.dates import parse_when
from wartimeline.division import MOST_ROWS
from wartimeline.ledger import plan_claim_pages
from wartimeline.pipeline import Checked
from wartimeline.render import Renderer, format_counted, format_figure
from wartimeline.site import Edition
from wartimeline.timeline import Timeline
from wartimeline.vocabulary import Measure

TALLY = ".//ol[starts-with(@class, 'tl-tally')]/li/a"

CLAIMS = """
- by: salt-company
  qualifier: a captain
  said: 40 to 60 of the watch were killed
  figure: {measure: killed, low: 40, high: 60, unit: people, scope: at the gate}
  sources: [post]
- {claimant: a baker, said: nobody was killed, sources: [post]}
"""


def read_timeline(project: Project) -> Timeline:
    checked = project.check()
    assert checked.timeline is not None, checked.problems
    return checked.timeline


def make_pages(timeline: Timeline) -> dict[str, HtmlElement]:
    """Render the ledger and parse its pages, by address."""
    renderer = Renderer(timeline, Edition())
    return {
        page.address: lxml_html.fragment_fromstring(page.html)
        for page in (planned.make() for planned in plan_claim_pages(renderer))
    }


def read_rows(page: HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Read the rows of the ledger back: event, claimant and statement."""
    for group in page.xpath(".//table[@class='tl-ledger']/tbody"):
        event = group.xpath("tr[1]//a")[0].get("href").split("/")[-2]
        for row in group.xpath("tr[@data-measure]"):
            yield event, text_of(select(row, "tl-by")[0]), row[1].text.strip()


def list_expected(
    statements: Iterable[Statement], timeline: Timeline
) -> list[tuple[str, str, str]]:
    expected = []
    for one in statements:
        words = one.claim.claimant or ""
        name = timeline.actors[one.claim.by].name if one.claim.by else words[0].upper() + words[1:]
        expected.append((one.entry.id, name, " ".join(one.claim.said.split())))
    return expected


def clean(rows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(event, " ".join(name.split()), " ".join(said.split())) for event, name, said in rows]


@pytest.fixture
def timeline(project: Project) -> Timeline:
    project.add(make_entry(claims=CLAIMS))
    return read_timeline(project)


@pytest.fixture(scope="module")
def real(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None, aleppo.problems
    return aleppo.timeline


@pytest.fixture(scope="module")
def real_pages(real: Timeline) -> dict[str, HtmlElement]:
    return make_pages(real)


def repeat(timeline: Timeline, days: Iterable[tuple[dt.date, int]]) -> list[Statement]:
    """Repeat a statement so often on each of some days."""
    statement = list_statements(timeline)[0]
    repeated = []
    for day, times in days:
        event = statement.entry.event.model_copy(update={"date": parse_when(str(day))})
        entry = replace(statement.entry, id=f"{day}-x", event=event)
        repeated += [replace(statement, entry=entry)] * times
    return repeated


def sizes(section: Section) -> dict[str, int]:
    return {leaf.address.removeprefix("claims/"): leaf.count for leaf in find_leaves(section)}


MARCH, APRIL, NEXT = dt.date(1204, 3, 1), dt.date(1204, 4, 1), dt.date(1205, 1, 1)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([(MARCH, 1)], {"1204/": 1}),
        ([(MARCH, 500)], {"1204/": 500}),
        ([(MARCH, 501)], {"1204/03/": 501}),
        ([(MARCH, 250), (APRIL, 250), (NEXT, 1)], {"1204/": 500, "1205/": 1}),
        ([(MARCH, 250), (APRIL, 251), (NEXT, 1)], {"1204/03/": 250, "1204/04/": 251, "1205/": 1}),
        ([(MARCH, 600), (NEXT, 600)], {"1204/03/": 600, "1205/01/": 600}),
        ([], {"": 0}),
    ],
    ids=["one", "a full page", "one too many", "two years", "one long year", "many", "none"],
)  # fmt: skip
def test_years_with_too_many_claims_are_split_into_months(
    timeline: Timeline, days: list[tuple[dt.date, int]], expected: dict[str, int]
) -> None:
    assert sizes(make_ledger(repeat(timeline, days))) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([(MARCH, 250), (NEXT, 250)], {"killed/": 500}),
        ([(MARCH, 300), (NEXT, 300)], {"killed/1204/": 300, "killed/1205/": 300}),
        (
            [(MARCH, 300), (APRIL, 300), (NEXT, 1)],
            {"killed/1204/03/": 300, "killed/1204/04/": 300, "killed/1205/": 1},
        ),
    ],
    ids=["a full page", "by year", "by year and month"],
)
def test_measures_with_too_many_claims_are_split_by_year_and_then_by_month(
    timeline: Timeline, days: list[tuple[dt.date, int]], expected: dict[str, int]
) -> None:
    assert sizes(make_measures(repeat(timeline, days))[Measure.KILLED]) == expected


def test_a_month_is_never_split(timeline: Timeline) -> None:
    section = Section(("x",), "X", "X", "X,", tuple(repeat(timeline, [(MARCH, 1200)])))
    [leaf] = find_leaves(split_section(section))
    assert (leaf.count, leaf.title) == (1200, "X, March 1204")


def test_twelve_hundred_claims_make_pages_of_a_readable_length(project: Project) -> None:
    claim = "- {by: salt-company, said: %s, sources: [post]}\n"
    for month in range(1, 13):
        claims = "".join(claim % f"it said {month} times {i}" for i in range(100))
        day = f"1204-{month:02}-01"
        project.add(make_entry(date=day, claims=claims), f"1204/{day}-gate.md")
    timeline = read_timeline(project)
    pages = make_pages(timeline)
    leaves = [address for address in pages if address.startswith("claims/1204/0")]
    assert len(leaves) == 9
    assert all(len(select(pages[address], "tl-by")) == 100 for address in leaves)
    assert not select(pages["claims/1204/"], "tl-by")
    assert {a.get("href") for a in pages["claims/1204/"].xpath(TALLY)} == {
        f"../../claims/1204/{month:02}/" for month in range(1, 13)
    }


def test_every_claim_stands_once_in_the_pages_of_its_time(
    real: Timeline, real_pages: dict[str, HtmlElement]
) -> None:
    statements = list_statements(real)
    pages = [real_pages[leaf.address] for leaf in find_leaves(make_ledger(statements))]
    found = [row for page in pages for row in read_rows(page)]
    assert len(found) > 1000
    assert clean(found) == clean(list_expected(statements, real))


def test_every_figure_stands_once_in_the_page_of_its_measure(
    real: Timeline, real_pages: dict[str, HtmlElement]
) -> None:
    for measure in Measure:
        statements = [
            one
            for one in list_statements(real)
            if one.claim.figure and one.claim.figure.measure is measure
        ]
        addresses = [a for a in real_pages if a.split("/")[1] == measure]
        found = [row for address in addresses for row in read_rows(real_pages[address])]
        assert clean(found) == clean(list_expected(statements, real)), measure


def test_claims_of_those_not_in_the_register_have_a_page(
    real: Timeline, real_pages: dict[str, HtmlElement]
) -> None:
    statements = [one for one in list_statements(real) if one.claim.by is None]
    leaves = find_leaves(make_others(statements))
    found = [row for leaf in leaves for row in read_rows(real_pages[leaf.address])]
    assert clean(found) == clean(list_expected(statements, real))


def test_no_page_has_more_rows_than_can_be_read(real_pages: dict[str, HtmlElement]) -> None:
    assert max(len(select(page, "tl-by")) for page in real_pages.values()) <= MOST_ROWS


def test_figures_are_shown_as_they_were_said(
    real: Timeline, real_pages: dict[str, HtmlElement]
) -> None:
    expected = Counter(
        f"{format_figure(figure)} {format_counted(figure)}"
        for one in list_statements(real)
        if (figure := one.claim.figure)
    )
    ledger = make_ledger(list_statements(real))
    cells = [
        cell
        for leaf in find_leaves(ledger)
        for cell in real_pages[leaf.address].xpath(".//tr[@data-measure]/td[@class='tl-figure']")
    ]
    shown = Counter(
        f"{text_of(cell[0])} {' '.join(cell[1].text_content().split())}"
        for cell in cells
        if len(cell)
    )
    assert shown == expected


def test_the_claims_of_an_event_stand_together(
    real: Timeline, real_pages: dict[str, HtmlElement]
) -> None:
    for leaf in find_leaves(make_ledger(list_statements(real))):
        groups = real_pages[leaf.address].xpath(".//table[@class='tl-ledger']/tbody")
        assert len(groups) == len({one.entry.id for one in leaf.statements})
        for group in groups:
            assert int(group.xpath("string(tr[1]/th/@rowspan)")) == len(group)


def test_later_leads_from_the_first_page_to_the_last(real_pages: dict[str, HtmlElement]) -> None:
    years = [a for a in real_pages if a.count("/") == 2 and a.split("/")[1].isdigit()]
    walked = [years[0]]
    while links := real_pages[walked[-1]].xpath(".//a[@rel='next']"):
        walked.append(links[0].get("href").removeprefix("../" * walked[-1].count("/")))
    assert walked == years


def test_months_lead_on_to_the_years_around_them(project: Project) -> None:
    project.edit("mkdocs.yml", "1204-01-01/1204-12-31", "1204-01-01/1205-12-31")
    project.add(make_entry(claims=CLAIMS))
    timeline = read_timeline(project)
    before, after = dt.date(1203, 1, 1), NEXT
    days = [(before, 1), (MARCH, 300), (APRIL, 300), (after, 1)]
    statements = repeat(timeline, days)
    entries = tuple(
        replace(
            entry,
            event=entry.event.model_copy(update={"claims": tuple(one.claim for one in found)}),
        )
        for entry, found in group_by_event(statements)
    )
    pages = make_pages(replace(timeline, entries=entries))

    def turn(address: str) -> list[str]:
        return [a.get("href") for a in pages[address].xpath(".//nav[@class='tl-turn']/a")]

    assert turn("claims/1204/03/") == ["../../../claims/1203/", "../../../claims/1204/04/"]
    assert turn("claims/1204/04/") == ["../../../claims/1204/03/", "../../../claims/1205/"]
    assert turn("claims/1204/") == ["../../claims/1203/", "../../claims/1205/"]


def test_a_row_says_who_speaks_for_a_party_and_leads_to_everything(timeline: Timeline) -> None:
    page = make_pages(timeline)["claims/1204/"]
    [group] = page.xpath(".//table[@class='tl-ledger']/tbody")
    company, baker = group.xpath("tr[@data-measure]")
    event = "../../events/1204-03-09-gate/"
    assert group.xpath("tr[1]//a")[0].get("href") == f"{event}#claims"
    assert text_of(company[0]) == "Salt Company a captain party: Salters"
    assert select(company, "tl-by")[0].get("href") == "../../actors/salt-company/"
    assert text_of(company[1]) == "40 to 60 of the watch were killed 1 source"
    assert company[1][0].get("href") == f"{event}#sources"
    assert text_of(company[2]) == "40–60 people killed, at the gate"
    assert [text_of(cell) for cell in baker] == ["A baker", "nobody was killed 1 source", ""]
    assert (company.get("data-measure"), baker.get("data-measure")) == ("killed", "")


def test_the_overview_leads_to_every_part(timeline: Timeline) -> None:
    pages = make_pages(timeline)
    overview = pages["claims/"]
    counts = {a.get("href"): text_of(a.getparent().find("b")) for a in overview.xpath(TALLY)}
    assert counts == {
        "../claims/1204/": "2 claims",
        "../claims/killed/": "1 claim",
        "../actors/salt-company/": "1 claim",
    }
    listed = {a.get("href") for a in overview.xpath(".//ul[@class='tl-ways__list']/li/a")}
    assert listed == {"../claims/claimants/", "../claims/other-claimants/"}
    assert set(pages) == {
        f"claims/{part}" for part in ("", "claimants/", "1204/", "killed/", "other-claimants/")
    }


def test_claimants_are_listed_from_a_to_z_with_their_side(timeline: Timeline) -> None:
    page = make_pages(timeline)["claims/claimants/"]
    items = [text_of(item) for item in page.xpath(".//ul[@class='tl-columns']/li")]
    assert items == ["Salt Company 1 · party: Salters", "A baker 1"]


def test_claimants_with_most_claims_come_first(timeline: Timeline) -> None:
    company, baker = list_statements(timeline)
    counted = count_claimants([baker, company, company], timeline.actors)
    assert [(one.id, one.name, one.count) for one in counted] == [
        ("salt-company", "Salt Company", 2),
        ("", "A baker", 1),
    ]


def test_without_claims_the_overview_says_so_and_asks_nothing(project: Project) -> None:
    project.add(make_entry())
    pages = make_pages(read_timeline(project))
    assert set(pages) == {"claims/", "claims/claimants/"}
    assert "0 claims" in text_of(pages["claims/"])
    assert not pages["claims/"].xpath(".//form | .//script")


def test_the_form_is_hidden_until_the_script_shows_it(real_pages: dict[str, HtmlElement]) -> None:
    forms = [form for page in real_pages.values() for form in page.xpath(".//form")]
    assert forms
    assert all("hidden" in form.attrib for form in forms)
    for page in real_pages.values():
        scripts = [script.get("src") for script in page.xpath(".//script")]
        expected = 1 if page.xpath(".//form") else 0
        assert len(scripts) == expected


def test_the_whole_ledger_is_within_reach_of_the_overview(
    real: Timeline, real_pages: dict[str, HtmlElement]
) -> None:
    form = real_pages["claims/"].xpath(".//form")[0]
    leaves = form.get("data-leaves").split()
    assert sum(len(select(real_pages[leaf], "tl-by")) for leaf in leaves) == int(
        form.get("data-total")
    )
    assert int(form.get("data-total")) == len(list_statements(real))


def test_text_of_records_cannot_become_markup(project: Project) -> None:
    evil = '<script>x()</script>\\" onload=y &amp;'
    claims = f"""
    - claimant: "{evil}"
      qualifier: "{evil}"
      said: "{evil}"
      figure: {{measure: killed, value: 3, unit: "{evil}", scope: "{evil}"}}
      sources: [post]
    """
    project.add(make_entry(title=f'"{evil}"', claims=claims))
    timeline = read_timeline(project)
    for address, page in make_pages(timeline).items():
        assert all(script.get("src") for script in page.iter("script")), address
        assert not page.xpath("//@onload"), address
        if select(page, "tl-by"):
            assert '<script>x()</script>" onload=y &amp;' in page.text_content()
