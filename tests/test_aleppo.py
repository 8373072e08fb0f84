"""The real entries and the real site."""

import gzip
import json
import re
from pathlib import Path

import pytest

from conftest import ROOT
from pages import find_broken_links, find_pages, read_page, select, text_of
from wartimeline.indexes import make_indexes
from wartimeline.paths import event_address, month_address
from wartimeline.pipeline import Checked
from wartimeline.timeline import Timeline

NOT_LOADED = {"canonical", "prev", "next", "DCTERMS.references", "schema.DC", "schema.DCTERMS"}
"""Relations of a page to others that a browser does not follow by itself."""


@pytest.fixture(scope="session")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


def test_the_entries_have_no_problem(aleppo: Checked) -> None:
    assert [str(problem) for problem in aleppo.problems] == []


def test_all_events_of_the_first_edition_are_there(timeline: Timeline) -> None:
    assert len(timeline.entries) >= 391


def test_every_body_has_60_to_180_words_and_each_paragraph_rests_on_a_source_or_an_entry(
    timeline: Timeline,
) -> None:
    wrong = []
    for entry in timeline.entries:
        text = re.sub(r"\s*\[@[^\]]*\]", "", entry.body)
        words = len(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).split())
        bare = [
            p for p in re.split(r"\n\n+", entry.body.strip()) if "[@" not in p and ".md)" not in p
        ]
        if not 60 <= words <= 180 or bare:
            wrong.append((entry.path, words, bare))
    assert wrong == []


def test_every_body_links_to_another_entry(timeline: Timeline) -> None:
    assert [e.path for e in timeline.entries if not re.search(r"\]\([^)]*\.md\)", e.body)] == []


def test_about_45_events_are_turning_points_spread_over_all_phases(timeline: Timeline) -> None:
    keys = [entry for entry in timeline.entries if entry.event.key]
    assert 40 <= len(keys) <= 50
    assert {timeline.find_phase(entry).id for entry in keys} == {
        phase.id for phase in timeline.settings.phases
    }


def test_titles_that_were_not_seen_stand_in_square_brackets(timeline: Timeline) -> None:
    odd = re.compile(r"^\(|headline|not shown|page address", re.IGNORECASE)
    titles = [s.title for entry in timeline.entries for s in entry.event.sources]
    assert [title for title in titles if odd.search(title) and not title.startswith("[")] == []


def test_every_entry_has_its_page_with_all_that_it_says(
    aleppo_site: Path, timeline: Timeline
) -> None:
    for entry in timeline.entries:
        event = entry.event
        page = read_page(aleppo_site / event_address(entry.id) / "index.html")
        assert text_of(page.xpath("//article//h1")[0]) == event.title
        assert event.date.in_words() in text_of(select(page, "tl-when")[0])
        assert text_of(select(page, "tl-lead")[0]) == event.summary
        links = page.xpath("//ol[contains(@class, 'tl-sources')]/li/a[cite]/@href")
        assert links == [source.url for source in event.sources]
        claims = page.xpath("//table[contains(@class, 'tl-claims')]/tbody/tr")
        assert len(claims) == len(event.claims)
        for row, claim in zip(claims, event.claims, strict=True):
            assert claim.said in text_of(row)
        assert bool(select(page, "tl-accounts")) == bool(event.disputed)
        cited = set(page.xpath("//a[@class='tl-cite']/@href"))
        assert cited == {f"#source-{source.id}" for source in event.sources}
        assert entry.path in text_of(select(page, "tl-tools")[0])


def test_a_content_note_stands_before_the_text(aleppo_site: Path, timeline: Timeline) -> None:
    noted = [entry for entry in timeline.entries if entry.event.content_note]
    assert noted
    for entry in noted:
        page = (aleppo_site / event_address(entry.id) / "index.html").read_text("utf-8")
        assert page.index('class="tl-note"') < page.index('class="tl-body"')


def test_the_timeline_lists_every_event_oldest_first(aleppo_site: Path, timeline: Timeline) -> None:
    page = read_page(aleppo_site / "timeline" / "index.html")
    listed = page.xpath("//a[@class='tl-row__title']/@href")
    assert listed == [f"../{event_address(entry.id)}" for entry in timeline.entries]


def test_each_month_page_lists_its_events_and_leads_to_the_next_month_with_events(
    aleppo_site: Path, timeline: Timeline
) -> None:
    months = sorted({entry.event.date.earliest.replace(day=1) for entry in timeline.entries})
    listed = 0
    for i, month in enumerate(months):
        page = read_page(aleppo_site / month_address(month) / "index.html")
        rows = select(page, "tl-row")
        listed += len(rows)
        assert f"{len(rows)} event" in text_of(select(page, "tl-lead")[0])
        later = page.xpath("//a[@rel='next' and ancestor::nav[@class='tl-turn']]/@href")
        expected = [f"../../../{month_address(months[i + 1])}"] if i + 1 < len(months) else []
        assert later == expected
    assert listed == len(timeline.entries)


def test_every_heading_has_a_page_that_lists_its_events(
    aleppo_site: Path, timeline: Timeline
) -> None:
    for index in make_indexes(timeline).values():
        for heading in index.headings.values():
            page = read_page(aleppo_site / heading.address / "index.html")
            listed = page.xpath("//a[@class='tl-row__title']/@href")
            expected = [f"../../{event_address(one.entry.id)}" for one in heading.listings]
            assert listed == expected, heading.address


def test_arabic_names_have_their_language_and_direction(aleppo_site: Path) -> None:
    page = read_page(aleppo_site / "places" / "aleppo" / "index.html")
    name = page.xpath("//h1//*[@lang='ar']")[0]
    assert (name.get("dir"), text_of(name)) == ("rtl", "حلب")


def test_no_internal_link_or_anchor_is_broken(aleppo_site: Path) -> None:
    assert list(find_broken_links(aleppo_site)) == []


def test_no_page_has_an_id_twice_or_two_main_headings(aleppo_site: Path) -> None:
    for path in find_pages(aleppo_site):
        page = read_page(path)
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        assert len(page.xpath("//h1")) == 1, path


def test_nothing_is_loaded_from_a_third_party(aleppo_site: Path) -> None:
    loaded = set()
    for path in find_pages(aleppo_site):
        page = read_page(path)
        loaded.update(page.xpath("//*/@src | //@srcset | //@poster"))
        loaded.update(page.xpath("//*[local-name()='use' or local-name()='image']/@href"))
        for link in page.xpath("//link"):
            if not NOT_LOADED.issuperset(link.get("rel").split()):
                loaded.add(link.get("href"))
    for style in aleppo_site.rglob("*.css"):
        loaded.update(re.findall(r"url\(\s*[\"']?([^\"')]+)", style.read_text("utf-8")))
        loaded.update(re.findall(r"@import\s+[\"']([^\"']+)", style.read_text("utf-8")))
    assert {target for target in loaded if re.match(r"(?!data:)[a-z]+:|//", target)} == set()


def test_the_search_index_finds_events_but_not_their_lists(aleppo_site: Path) -> None:
    found = {}
    for path in (aleppo_site / "pagefind" / "fragment").iterdir():
        fragment = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        found[fragment["url"].lstrip("/")] = fragment
    event = found["events/2016-12-13-evacuation-deal-announced/"]
    assert event["meta"]["title"] == "Ceasefire and evacuation deal announced for east Aleppo"
    assert "places/sheikh-saeed/" in found
    assert "timeline/2016/" not in found
    assert "Turning point" not in found["places/aleppo/"]["content"]


def test_the_package_knows_nothing_of_this_war() -> None:
    mentions = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "hooks").rglob("*"))
        if path.suffix in {".html", ".css"} and "aleppo" in path.read_text("utf-8").lower()
    ]
    assert mentions == []
