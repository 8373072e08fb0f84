"""The invented site: another war needs no change to the hooks. Built in a process of its own."""

import filecmp
import json
import os
from pathlib import Path

import pytest
from lxml import etree

from conftest import OTHER_WAR, Project, make_entry
from pages import find_address, find_broken_links, find_pages, read_page, select, text_of

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'x' {{ 7 * 7 }} \u200fכאן"


@pytest.fixture
def site(other_war: Project) -> Path:
    built = other_war.build("--strict")
    assert built.returncode == 0, built.stderr
    return other_war.root / "site"


def test_it_builds_strictly_with_exactly_the_pages_expected(site: Path) -> None:
    addresses = {find_address(site, page) for page in find_pages(site)}
    assert addresses == {
        "", "404.html", "about/",
        "timeline/", "timeline/1203/", "timeline/1203/05/", "timeline/1204/", "timeline/1204/03/",
        "events/1203-05-muster-at-the-well/", "events/1204-03-09-gate-of-brine-taken/",
        "events/1204-03-09-well-poisoned/", "events/1204-06-01-withdrawn-tale/",
        "events/1204-03-09-gate-falls/",
        "places/", "places/brine/", "places/gate-of-brine/", "places/saltmark/",
        "places/well-of-brine/",
        "actors/", "actors/chronicler/", "actors/salt-company/", "actors/third-lance/",
        "actors/town-watch/",
        "kinds/", "kinds/battle/", "kinds/chemical/", "kinds/other/",
        "phases/", "phases/march/", "phases/siege/",
        "claims/", "claims/1203/", "claims/1204/", "claims/claimants/", "claims/killed/",
        "claims/other/", "claims/other-claimants/", "claims/territory/",
        "data/", "explore/", "search/",
        "on-this-day/",
        "sources/", "sources/brine-gazette/", "sources/road-post/", "sources/wire-of-salt/",
    }  # fmt: skip


def test_the_site_map_is_xml_and_names_the_pages(site: Path) -> None:
    addresses = etree.parse(site / "sitemap.xml").xpath("//*[local-name()='loc']/text()")
    base = "https://timeline.example/salt/"
    pages = {
        f"{base}{find_address(site, path)}"
        for path in find_pages(site)
        if path.name != "404.html" and not read_page(path).xpath("//meta[@http-equiv='refresh']")
    }
    assert set(addresses) == pages
    assert len(addresses) == len(pages)


def test_nothing_of_the_first_war_shows_in_it(site: Path) -> None:
    assert [p for p in find_pages(site) if "aleppo" in p.read_text("utf-8").lower()] == []


def test_no_link_is_broken_in_it(site: Path) -> None:
    assert list(find_broken_links(site)) == []


def test_drafts_are_not_built_and_withdrawn_entries_keep_their_address(site: Path) -> None:
    pages = {path: path.read_text("utf-8") for path in find_pages(site)}
    assert [path for path, text in pages.items() if "nobody should see" in text] == []
    withdrawn = site / "events" / "1204-06-01-withdrawn-tale" / "index.html"
    assert "The only source took it back" in pages.pop(withdrawn)
    listing = [
        path
        for path in pages
        if read_page(path).xpath("//a[contains(@href, 'withdrawn-tale')]")
        and not read_page(path).xpath("//a[contains(@href, 'withdrawn-tale/#corrections')]")
    ]
    assert listing == []


def test_an_alias_leads_to_the_entry(site: Path) -> None:
    page = read_page(site / "events" / "1204-03-09-gate-falls" / "index.html")
    target = "../../events/1204-03-09-gate-of-brine-taken/"
    assert page.xpath("//a/@href") == [target]
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]


def test_an_event_page_shows_its_neighbours_in_time_at_the_place_and_on_the_day(
    site: Path,
) -> None:
    page = read_page(site / "events" / "1204-03-09-well-poisoned" / "index.html")
    aside = text_of(select(page, "tl-aside")[0])
    assert "In time Before, Friday 9 March 1204 The gate of Brine is taken" in aside or (
        "Before, Tuesday 9 March 1204 The gate of Brine is taken" in aside
    )
    assert "At this place: Well of Brine Before, about May 1203 The company musters" in aside
    assert "The same day The gate of Brine is taken" in aside
    assert "The same matter elsewhere" in aside


def test_a_figure_is_shown_as_it_was_said(site: Path) -> None:
    page = read_page(site / "events" / "1204-03-09-gate-of-brine-taken" / "index.html")
    figures = [text_of(cell) for cell in select(page, "tl-figure")]
    assert figures == ["40–60 people killed", "0 people killed", "25% of the wall"]


def test_two_reports_of_one_agency_count_as_one_source(site: Path) -> None:
    page = read_page(site / "events" / "1203-05-muster-at-the-well" / "index.html")
    assert "1 independent source" in text_of(select(page, "tl-attested")[0])


def test_an_entry_links_to_its_file_and_to_a_new_issue_in_the_repository(site: Path) -> None:
    page = read_page(site / "events" / "1204-03-09-well-poisoned" / "index.html")
    edit, issue = page.xpath("//section[contains(@class, 'tl-tools')]//a/@href")
    forge = "https://forge.example/keepers/salt-road"
    assert edit == f"{forge}/edit/main/entries/1204/1204-03-09-well-poisoned.md"
    assert issue.startswith(f"{forge}/issues/new?title=Correction%3A%20The%20well")


def test_without_a_repository_an_entry_links_to_the_page_on_corrections(
    other_war: Project,
) -> None:
    other_war.edit("mkdocs.yml", "repo_url: https://forge.example/keepers/salt-road\n", "")
    other_war.edit(
        "mkdocs.yml",
        "    title: The Salt",
        "    corrections_page: about/index.md\n    title: The Salt",
    )
    built = other_war.build("--strict")
    assert built.returncode == 0, built.stderr
    page = read_page(other_war.root / "site" / "events" / "1204-03-09-well-poisoned" / "index.html")
    assert page.xpath("//section[contains(@class, 'tl-tools')]//a/@href") == ["../../about/"]


def test_places_show_names_parents_children_and_near_places(site: Path) -> None:
    page = read_page(site / "places" / "gate-of-brine" / "index.html")
    aside = text_of(select(page, "tl-aside")[0])
    assert "Part of Brine 3 Saltmark 3" in aside
    assert "Nearby, with events Well of Brine 1.0 km" in aside
    page = read_page(site / "places" / "brine" / "index.html")
    assert [text_of(e) for e in page.xpath("//h1//*[@lang='ar' and @dir='rtl']")] == ["ملح"]
    assert "Places inside it Gate of Brine 1 Well of Brine 2" in text_of(
        select(page, "tl-aside")[0]
    )
    through = [text_of(one) for one in select(page, "tl-through")]
    assert through == ["Well of Brine", "Well of Brine"]


def test_the_home_page_has_its_blocks(site: Path) -> None:
    page = read_page(site / "index.html")
    assert text_of(select(page, "tl-counts")[0]).startswith("3 events · 4 sources from 3 outlets")
    assert page.xpath("//figure[@class='tl-strip']//a[contains(@href, 'timeline/1204/03/')]")
    assert [text_of(e) for e in select(page, "tl-row__title")] == ["The gate of Brine is taken"]
    latest = text_of(page.xpath("//section[@aria-labelledby='latest']")[0])
    assert "1 entry was added on 2 November 2026" in latest
    assert "Corrected 6 November 2026 A tale that was withdrawn" in latest


def test_hostile_texts_are_shown_as_text_on_every_page(other_war: Project) -> None:
    quoted = json.dumps(HOSTILE, ensure_ascii=False)
    fields = {"title": quoted, "summary": quoted, "disputed": quoted, "content_note": quoted}
    body = f"{HOSTILE} [@post]. <img src=x onerror=alert(1)> <!-- c -->\n"
    other_war.add(make_entry(body, key="true", **fields), "1204/1204-03-09-hostile.md")
    other_war.edit("entries/actors.yml", "name: Town Watch", f"name: {quoted}")
    other_war.edit("entries/places.yml", "name: Well of Brine", f"name: {quoted}")
    other_war.edit("entries/outlets.yml", "name: Road Post", f"name: {quoted}")
    built = other_war.build("--strict")
    assert built.returncode == 0, built.stderr
    site = other_war.root / "site"
    for path in find_pages(site):
        page = read_page(path)
        data, code = [], []
        for script in page.xpath("//script[text()]"):
            is_data = script.get("type") == "application/ld+json"
            (data if is_data else code).append(script.text)
        assert [text for text in code if "alert(1)" in text] == [], path
        assert all(json.loads(text) for text in data), path
        assert page.xpath("//*[@onerror]") == [], path
        assert "49" not in text_of(page.xpath("//title")[0]), path
    page = read_page(site / "events" / "1204-03-09-hostile" / "index.html")
    assert text_of(page.xpath("//article//h1")[0]) == HOSTILE
    assert text_of(page.xpath("//title")[0]).startswith(HOSTILE)
    assert page.xpath("//meta[@name='description']/@content") == [HOSTILE]
    assert HOSTILE in text_of(select(page, "tl-body")[0])


def test_a_failing_build_reports_everything_and_leaves_the_old_site_alone(
    other_war: Project,
) -> None:
    assert other_war.build().returncode == 0
    before = {p: p.read_bytes() for p in (other_war.root / "site").rglob("*") if p.is_file()}
    other_war.add(make_entry(kind="nonsense"), "1204/1204-03-09-a.md")
    other_war.add(make_entry(places="[nowhere]"), "1204/1204-03-09-b.md")
    built = other_war.build()
    assert built.returncode != 0
    assert "entries/1204/1204-03-09-a.md:4: kind: 'nonsense'" in built.stderr
    assert "entries/1204/1204-03-09-b.md:5: places[0]: unknown place 'nowhere'" in built.stderr
    assert "2 errors, 0 warnings in 7 entries" in built.stderr
    assert "Traceback" not in built.stderr
    after = {p: p.read_bytes() for p in (other_war.root / "site").rglob("*") if p.is_file()}
    assert before == after


@pytest.mark.parametrize("name", ["file", "file/site"])
def test_a_site_that_cannot_be_written_is_told_in_one_line(other_war: Project, name: str) -> None:
    (other_war.root / "file").write_text("in the way")
    built = other_war.build("--site-dir", name)
    assert built.returncode != 0
    assert "The site cannot be written: " in built.stderr
    assert "Traceback" not in built.stderr
    assert (other_war.root / "file").read_text() == "in the way"


def test_a_warning_fails_a_strict_build_and_only_that(other_war: Project) -> None:
    other_war.add(make_entry(body="No citation.\n"), "1204/1204-03-09-idle.md")
    assert other_war.build().returncode == 0
    strict = other_war.build("--strict")
    assert strict.returncode != 0
    assert "source 'post' is cited nowhere" in strict.stderr


def test_two_builds_of_the_same_content_are_the_same_to_the_byte(
    other_war: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "SOURCE_DATE_EPOCH", "1700000000")
    for name in ("one", "two"):
        assert other_war.build("--site-dir", name).returncode == 0
    one, two = other_war.root / "one", other_war.root / "two"
    files = sorted(p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file())
    _, differing, failed = filecmp.cmpfiles(one, two, files, shallow=False)
    assert (differing, failed) == ([], [])


def test_an_empty_timeline_builds(project: Project) -> None:
    project.edit("mkdocs.yml", "  - Timeline: timeline/index.md\n  - About: about/index.md\n", "")
    built = project.build("--strict")
    assert built.returncode == 0, built.stderr


def test_the_conflict_is_labelled_as_invented() -> None:
    assert "(invented)" in (OTHER_WAR / "mkdocs.yml").read_text("utf-8")
    assert "is invented" in (OTHER_WAR / "docs" / "index.md").read_text("utf-8")
