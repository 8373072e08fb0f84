"""Pages and blocks of the invented site, rendered in process, without MkDocs."""

import datetime as dt
from decimal import Decimal

import pytest
from lxml import html as lxml_html

from conftest import Project, make_entry
from pages import select, text_of
from wartimeline import paths
from wartimeline.charts import Month, count_months
from wartimeline.indexes import make_indexes, measure_distance
from wartimeline.names import find_direction, name_country, name_language
from wartimeline.pipeline import Built, build_project, check_project
from wartimeline.problems import ContentError
from wartimeline.records import Figure, Place
from wartimeline.render import format_count, format_counted, format_figure
from wartimeline.site import Page, Repository


@pytest.fixture
def built(other_war: Project) -> Built:
    return build_project(other_war.config, Repository())


def make_pages(built: Built) -> list[Page]:
    return [planned.make() for planned in built.site.pages]


def test_every_page_has_one_main_heading_and_a_description(built: Built) -> None:
    for page in make_pages(built):
        content = lxml_html.fragment_fromstring(page.html, create_parent="div")
        assert len(content.xpath("//h1")) == 1, page.address
        assert page.title
        assert page.description
        assert page.head


def test_no_two_pages_have_one_address(built: Built) -> None:
    addresses = [page.address for page in (*built.site.pages, *built.site.redirects)]
    assert len(addresses) == len(set(addresses))


def test_blocks_are_rendered_for_the_page_that_asks_for_them(built: Built) -> None:
    assert set(built.site.blocks) == {"index.md"}
    blocks = built.site.blocks["index.md"]
    assert set(blocks) == {"counts", "strip", "turning-points", "browse", "latest"}
    strip = lxml_html.fragment_fromstring(blocks["strip"])
    bars = strip.xpath(".//*[local-name()='svg']//*[local-name()='a']/@href")
    assert bars == [
        "./timeline/1203/05/",
        "./timeline/1204/03/",
        "./phases/march/",
        "./phases/siege/",
    ]


def test_the_text_of_an_entry_leads_to_the_glossary(other_war: Project) -> None:
    other_war.edit("mkdocs.yml", "    sides:\n", "    glossary_page: words.md\n    sides:\n")
    (other_war.root / "docs" / "words.md").write_text("## Gate { #gate }\n\nA way in.\n")
    other_war.add(make_entry("They took the gate [@post]. A gate."))
    pages = make_pages(build_project(other_war.config, Repository()))
    [page] = [one for one in pages if one.address == "events/1204-03-09-gate/"]
    [term] = select(lxml_html.fragment_fromstring(page.html), "tl-term")
    assert (term.text, term.get("href")) == ("gate", "../../words/#gate")
    assert term.get("data-meaning") == "A way in."


def test_reference_blocks_can_be_asked_for(other_war: Project) -> None:
    names = ("template", "fields", "settings", "codes", "blocks")
    markers = "\n\n".join(f"<!-- timeline: {name} -->" for name in names)
    (other_war.root / "docs" / "about" / "index.md").write_text(markers)
    blocks = build_project(other_war.config, Repository()).site.blocks["about/index.md"]
    assert list(blocks) == list(names)
    assert all(blocks.values())


def test_content_with_errors_is_not_built(other_war: Project) -> None:
    other_war.add(make_entry(kind="nonsense"))
    with pytest.raises(ContentError) as raised:
        build_project(other_war.config, Repository())
    assert [problem.code for problem in raised.value.problems] == ["value-unknown"]


def test_the_headings_of_places_count_what_lies_inside_them(other_war: Project) -> None:
    timeline = check_project(other_war.config).timeline
    assert timeline is not None
    places = make_indexes(timeline)["places"]
    counts = {heading.id: heading.count for heading in places.headings.values()}
    assert counts == {"brine": 3, "gate-of-brine": 1, "saltmark": 3, "well-of-brine": 2}
    assert [root.id for root in places.roots] == ["saltmark"]
    through = [listing.through for listing in places.headings["saltmark"].listings]
    assert through == ["Well of Brine", "Gate of Brine", "Well of Brine"]


def test_agencies_stand_in_the_index_with_who_carried_them(other_war: Project) -> None:
    timeline = check_project(other_war.config).timeline
    assert timeline is not None
    sources = make_indexes(timeline)["sources"]
    [listing] = sources.headings["wire-of-salt"].listings
    assert listing.through == "carried by Brine Gazette"


def test_months_without_events_are_counted_as_none(other_war: Project) -> None:
    timeline = check_project(other_war.config).timeline
    assert timeline is not None
    months = count_months(timeline.entries)
    assert len(months) == 24
    assert {month.name: month.count for month in months if month.count} == {
        "May 1203": 1,
        "March 1204": 2,
    }
    assert months[14] == Month(dt.date(1204, 3, 1), 2, has_key=True)
    assert count_months(()) == ()


def test_the_distance_of_a_degree_of_latitude_is_about_111_km() -> None:
    def place(latitude: float, longitude: float) -> Place:
        return Place.model_validate(
            {
                "id": "x",
                "name": "X",
                "kind": "site",
                "latitude": latitude,
                "longitude": longitude,
                "precision": "exact",
            }
        )

    assert measure_distance(place(36, 37), place(37, 37)) == pytest.approx(111.19, abs=0.1)
    assert measure_distance(place(60, 10), place(60, 11)) == pytest.approx(55.6, abs=0.1)


@pytest.mark.parametrize(
    ("fields", "shown", "counted"),
    [
        ({"measure": "killed", "value": "1200", "unit": "people"}, "1,200", "people killed"),
        ({"measure": "killed", "low": "12", "unit": "people"}, "at least 12", "people killed"),
        ({"measure": "injured", "high": "9", "unit": "men"}, "up to 9", "men injured"),
        ({"measure": "killed", "low": "2", "high": "3", "unit": "men"}, "2–3", "men killed"),
        ({"measure": "territory", "value": "7.5", "unit": "percent of it"}, "7.5%", "of it"),
        ({"measure": "other", "value": "4", "unit": "buses"}, "4", "buses"),
        (
            {"measure": "killed", "value": "5", "unit": "people", "scope": "in the west"},
            "5",
            "people killed, in the west",
        ),
    ],
)
def test_a_figure_is_written_with_its_hedge_and_what_it_counts(
    fields: dict[str, str], shown: str, counted: str
) -> None:
    figure = Figure.model_validate(fields)
    assert (format_figure(figure), format_counted(figure)) == (shown, counted)
    assert figure.value is None or isinstance(figure.value, Decimal)


def test_numbers_are_written_with_their_nouns() -> None:
    assert format_count(1, "event") == "1 event"
    assert format_count(1200, "entry", "entries") == "1,200 entries"


def test_names_of_languages_and_countries_are_in_english() -> None:
    assert name_language("ar") == "Arabic"
    assert name_language("pt-BR") == "Portuguese (Brazil)"
    assert name_language("qqq") == "qqq"
    assert name_country("SY") == "Syria"
    assert (find_direction("ar"), find_direction("en")) == ("rtl", "ltr")


def test_addresses_lead_back_to_the_root() -> None:
    assert paths.root_from("timeline/2016/12/") == "../../../"
    assert paths.root_from("") == "./"
    assert paths.page_address("about/method.md#x") == "about/method/#x"
    assert paths.page_address("index.md") == ""


def test_gitlab_has_its_own_address_for_issues(other_war: Project) -> None:
    timeline = check_project(other_war.config).timeline
    assert timeline is not None
    repository = Repository("https://gitlab.example/a/b/", "edit/main/docs/")
    url = repository.find_issue_url(timeline.entries[0])
    assert url.startswith("https://gitlab.example/a/b/-/issues/new?issue[title]=Correction%3A")
    assert repository.find_edit_url("entries/a b.md") == (
        "https://gitlab.example/a/b/edit/main/entries/a%20b.md"
    )
    assert Repository().find_edit_url("entries/x.md") == ""
    assert Repository().find_issue_url(timeline.entries[0]) == ""


def test_the_search_text_of_an_event_has_what_it_says_and_no_lists(built: Built) -> None:
    [page] = [p for p in make_pages(built) if p.address.endswith("gate-of-brine-taken/")]
    content = lxml_html.fragment_fromstring(page.text, create_parent="div")
    assert "40 to 60 of the watch were killed" in text_of(content)
    assert select(content, "tl-row") == []
