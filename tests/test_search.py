"""What search finds, without the index."""

from pathlib import Path

import pytest

from conftest import Project, make_entry
from wartimeline import search
from wartimeline.folding import fold, join_words
from wartimeline.indexes import make_indexes
from wartimeline.pipeline import build_project
from wartimeline.render import Renderer
from wartimeline.search import EVERY, SearchRecord, make_search_records, read_text
from wartimeline.search_page import Facet, list_facets, make_search_page
from wartimeline.site import Edition, Repository, SearchText, Site
from wartimeline.store import Store

GATE = "events/1204-03-09-gate-of-brine-taken/"
MUSTER = "events/1203-05-muster-at-the-well/"

HTML = {
    "tags": ("<p>One <em>t</em>wo</p>", "One two."),
    "title left out": ("<h1>Title</h1><p>Text.</p>", "Text."),
    "citations left out": (
        "<p>Taken <span class='tl-cites'><a href='#s'>1</a></span>. Then lost.</p>",
        "Taken. Then lost.",
    ),
    "signs for links left out": (
        "<h2>Part<a class='headerlink'>¶</a></h2><p>Text.</p>",
        "Part. Text.",
    ),
    "blocks end": (
        "<ul><li>one</li><li>two!</li></ul><p>three:</p><p>four</p>",
        "one. two! three: four.",
    ),
    "lines run on": ("<p>one\ntwo</p>", "one two."),
    "characters": ("<p>A &amp; B &lt;C&gt;</p>", "A & B <C>."),
    "scripts and comments": ("<script>x()</script><!-- no --><p>yes</p>", "yes."),
    "nothing": ("", ""),
}  # fmt: skip


def list_texts(site: Site) -> list[SearchText]:
    return [text for planned in site.pages if (text := planned.make().search_text)]


def make_records(project: Project, *more: SearchText) -> dict[str, SearchRecord]:
    """Return the record of each page of a project, and of some others, by address."""
    built = build_project(project.config, Repository())
    texts = (*list_texts(built.site), *more)
    records = make_search_records(built.timeline, make_indexes(built.timeline), texts)
    assert len({record.address for record in records}) == len(records)
    return {record.address: record for record in records}


def make_facets(project: Project) -> dict[str, Facet]:
    built = build_project(project.config, Repository())
    renderer = Renderer(built.timeline, Edition())
    return {facet.id: facet for facet in list_facets(renderer)}


def find_words(record: SearchRecord) -> set[str]:
    """Return every word by which a record is found."""
    words = fold(" ".join([record.content, *record.meta.values()])).split()
    return {*words, *record.meta["names"].split()}


@pytest.mark.parametrize(("html", "text"), HTML.values(), ids=HTML)
def test_html_is_read_as_text(html: str, text: str) -> None:
    assert read_text(html) == text


def test_an_event_has_what_its_row_shows(other_war: Project) -> None:
    record = make_records(other_war)[GATE]
    assert record.meta["title"] == "The gate of Brine is taken"
    assert record.meta["date"] == "Tuesday 9 March 1204"
    assert record.meta["day"] == "9|Mar 1204"
    assert record.meta["where"] == "Gate of Brine · Brine"


def test_an_event_is_found_by_summary_body_claims_dispute_and_sources(other_war: Project) -> None:
    content = make_records(other_war)[GATE].content
    assert content.startswith("The invented company entered by the gate after a day. The gate was")
    for text in (
        "Salt Company: 40 to 60 of the watch were killed.",
        "a baker: nobody was killed.",
        "The company and a baker differ on the dead.",
        "Gate taken (Brine Gazette).",
    ):
        assert text in content


def test_events_come_first_in_the_order_of_the_timeline(other_war: Project) -> None:
    records = list(make_records(other_war).values())
    ranks = [record.rank for record in records]
    events = len([rank for rank in ranks if rank is not None])
    assert ranks == [*range(events), *[None] * (len(records) - events)]
    assert records[0].address == MUSTER


def test_drafts_and_withdrawn_entries_are_not_found(other_war: Project) -> None:
    assert not [a for a in make_records(other_war) if "draft" in a or "withdrawn" in a]


def test_facets_take_in_parents_claimants_and_everything_counted(other_war: Project) -> None:
    filters = make_records(other_war)[GATE].filters
    assert set(filters["place"]) == {"gate-of-brine", "brine", "saltmark"}
    assert set(filters["actor"]) == {"salt-company", "town-watch"}
    assert filters["kind"] == ("battle",)
    assert filters["year"] == ("1204",)
    assert filters["phase"] == ("siege",)
    assert filters["language"] == ("en",)
    assert filters["contested"] == ("yes",)
    assert filters["origins"] == ("1",)


def test_a_part_of_a_group_stands_under_the_group_and_a_claimant_under_itself(
    other_war: Project,
) -> None:
    filters = make_records(other_war)[MUSTER].filters
    assert set(filters["actor"]) == {"third-lance", "salt-company", "chronicler"}
    assert filters["language"] == ("en", "ar")
    assert filters["contested"] == ()


def test_an_event_of_two_years_is_found_in_both(project: Project) -> None:
    project.add(make_entry(date="1203-12-30/1204-01-02"), "1203/1203-12-30-night.md")
    record = make_records(project)["events/1203-12-30-night/"]
    assert record.filters["year"] == ("1203", "1204")
    assert record.meta["day"] == "30 Dec –|2 Jan 1204"


def test_the_last_group_of_origins_is_open(project: Project) -> None:
    outlets = [f"paper-{n}" for n in range(7)]
    register = "".join(
        f"- id: {one}\n  name: {one.title()}\n  kind: newspaper\n" for one in outlets
    )
    (project.entries / "outlets.yml").write_text(register, "utf-8")
    sources = "\n".join(
        f"- {{id: {o}, title: A, url: 'https://a.example/{o}', "
        f"outlet: {o}, language: en, kind: news}}"
        for o in outlets
    )
    body = "It fell [" + "; ".join(f"@{one}" for one in outlets) + "].\n"
    project.add(make_entry(body, sources=f"\n{sources}\n"))
    assert make_records(project)["events/1204-03-09-gate/"].filters["origins"] == ("5",)
    assert [option.label for option in make_facets(project)["origins"].options] == ["5 or more"]


def test_an_event_is_found_by_every_spelling_of_its_place(other_war: Project) -> None:
    words = find_words(make_records(other_war)[GATE])
    assert {"brine", "ملح", join_words("old brine"), join_words("gate of brine")} <= words


def test_a_name_in_a_text_brings_its_other_spellings(project: Project) -> None:
    text = make_entry(places="[saltmark]", summary="Smoke was seen over old Brine that night.")
    project.add(text.replace("The gate was taken", "Nobody saw it"))
    words = find_words(make_records(project)["events/1204-03-09-gate/"])
    assert {"ملح", join_words("old brine")} <= words


def test_a_word_that_is_no_name_brings_none(project: Project) -> None:
    text = make_entry(places="[saltmark]", summary="They ate brine.", title="A meal")
    project.add(text.replace("The gate was taken", "It was eaten"))
    assert "ملح" not in find_words(make_records(project)["events/1204-03-09-gate/"])


@pytest.mark.parametrize(("short", "named"), [("SC", 1), ("Sc", 0), ("sc", 0)])
def test_a_short_name_counts_only_as_it_is_written(
    project: Project, short: str, named: int
) -> None:
    project.add(make_entry(summary=f"The {short} came."))
    words = find_words(make_records(project)["events/1204-03-09-gate/"])
    assert len({join_words("salt company")} & words) == named


def test_a_headline_in_arabic_is_found_without_its_article_and_marks(project: Project) -> None:
    source = """
      - id: post
        title: القلعة تسقط
        url: https://post.example/gate
        outlet: road-post
        language: ar
        kind: news
    """
    project.add(make_entry(sources=source))
    record = make_records(project)["events/1204-03-09-gate/"]
    assert "القلعة تسقط" in record.content
    assert "قلعه" in record.meta["names"].split()


def test_places_actors_and_outlets_are_found_by_their_names(other_war: Project) -> None:
    records = make_records(other_war)
    town = records["places/brine/"]
    assert town.filters == {"type": ("place",)}
    assert town.content == "A town that does not exist."
    assert town.meta["where"] == "Town · Saltmark"
    assert {"ملح", join_words("old brine")} <= find_words(town)
    assert records["actors/third-lance/"].meta["where"] == "Armed groups · Salt Company"
    assert records["sources/road-post/"].filters == {"type": ("outlet",)}
    assert records["sources/road-post/"].content == "Newspaper or magazine."


def test_a_name_in_a_language_that_is_shown_comes_with_its_tag(other_war: Project) -> None:
    assert "native" not in make_records(other_war)["places/brine/"].meta
    other_war.edit("mkdocs.yml", "    phases:\n", "    name_languages: [ar]\n    phases:\n")
    assert make_records(other_war)["places/brine/"].meta["native"] == "ar ملح"


def test_phases_and_hand_written_pages_are_pages(other_war: Project) -> None:
    lesson = SearchText("teach/", "Lessons", "<p>Read what Old Brine says</p>")
    records = make_records(other_war, lesson)
    assert records["phases/siege/"].filters == {"type": ("page",)}
    assert "An invented town is besieged." in records["phases/siege/"].content
    assert records["teach/"].content == "Read what Old Brine says."
    assert "ملح" in find_words(records["teach/"])


def test_every_record_can_be_asked_for_without_words(other_war: Project) -> None:
    for record in make_records(other_war).values():
        assert EVERY in record.meta["names"].split()
        assert record.content


def test_words_that_a_text_has_are_not_repeated(other_war: Project) -> None:
    record = make_records(other_war)[GATE]
    said = fold(f"{record.meta['title']} {record.content}").split()
    assert not set(said) & set(record.meta["names"].split())


class Reader:
    """Counts the pages that are read, from build to build with one store."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.read = 0
        monkeypatch.setattr(search, "read_text", self.note)

    def note(self, html: str) -> str:
        self.read += 1
        return read_text(html)

    def make(self, project: Project) -> int:
        """Make all records, and return how many pages were read for them."""
        built = build_project(project.config, Repository())
        arguments = (built.timeline, make_indexes(built.timeline), list_texts(built.site))
        store = Store(self.folder)
        self.read = 0
        records = make_search_records(*arguments, store)
        read = self.read
        store.save()
        assert records == make_search_records(*arguments)
        return read


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Reader(tmp_path / "store", monkeypatch)


def test_only_a_page_that_has_changed_is_read_again(other_war: Project, reader: Reader) -> None:
    assert reader.make(other_war) > 3
    assert reader.make(other_war) == 0
    gate = "entries/1204/1204-03-09-gate-of-brine-taken.md"
    other_war.edit(gate, "entered by the gate", "came in by the gate")
    assert reader.make(other_war) == 1


def test_a_name_that_has_changed_is_sought_in_all_pages(other_war: Project, reader: Reader) -> None:
    every = reader.make(other_war)
    other_war.edit("entries/places.yml", "Old Brine", "Olden Brine")
    assert reader.make(other_war) == every


def test_what_an_event_rests_on_is_found_though_its_page_is_the_same(
    other_war: Project, reader: Reader
) -> None:
    reader.make(other_war)
    other_war.edit("entries/1204/1204-03-09-gate-of-brine-taken.md", "Gate taken", "Gate lost")
    assert reader.make(other_war) == 1


def test_the_page_lists_what_results_can_be_narrowed_by(other_war: Project) -> None:
    facets = make_facets(other_war)
    assert list(facets) == [
        "type", "kind", "year", "phase", "place", "actor", "language", "contested", "origins",
    ]  # fmt: skip
    assert [(o.label, o.depth) for o in facets["place"].options] == [
        ("Saltmark", 0), ("Brine", 1), ("Gate of Brine", 2), ("Well of Brine", 2),
    ]  # fmt: skip
    assert [option.label for option in facets["language"].options] == ["Arabic", "English"]
    assert [option.label for option in facets["year"].options] == ["1203", "1204"]


def test_facets_offer_every_value_that_records_have(other_war: Project) -> None:
    facets = make_facets(other_war)
    for record in make_records(other_war).values():
        for name, values in record.filters.items():
            assert set(values) <= {option.value for option in facets[name].options}, name


def test_where_nothing_is_disputed_nothing_is_offered_for_it(project: Project) -> None:
    project.add(make_entry())
    assert "contested" not in make_facets(project)


def test_the_page_of_search_is_not_found_itself(other_war: Project) -> None:
    built = build_project(other_war.config, Repository())
    renderer = Renderer(built.timeline, Edition())
    page = make_search_page(renderer)
    assert page.address == "search/"
    assert page.text == ""
    assert "<noscript>" in page.html
