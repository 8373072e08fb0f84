"""What the timeline lacks, counted on the invented site and compared with the real one."""

import datetime as dt
from pathlib import Path

import pytest

from conftest import Project, make_entry
from pages import read_page, text_of
from wartimeline.gaps import Gaps, find_gaps
from wartimeline.indexes import make_indexes
from wartimeline.pipeline import Checked, check_project
from wartimeline.vocabulary import PlaceKind


def find(project: Project) -> Gaps:
    timeline = check_project(project.config).timeline
    assert timeline is not None
    return find_gaps(timeline, make_indexes(timeline)["places"])


def test_the_gaps_of_the_invented_site_are_found(other_war: Project) -> None:
    gaps = find(other_war)
    assert [entry.id for entry in gaps.one_origin] == [
        "1203-05-muster-at-the-well",
        "1204-03-09-gate-of-brine-taken",
        "1204-03-09-well-poisoned",
    ]
    assert gaps.one_sided == {}
    assert gaps.partisan == ()
    assert [entry.id for entry in gaps.without_claims] == ["1204-03-09-well-poisoned"]
    assert [month.first for month in gaps.empty_months] == [
        *(dt.date(1203, month, 1) for month in range(6, 13)),
        *(dt.date(1204, month, 1) for month in (1, 2)),
    ]
    assert [entry.id for entry, _ in gaps.supplied_titles] == ["1203-05-muster-at-the-well"]
    assert (gaps.sources, gaps.archived.count, gaps.dated.count, gaps.titled.count) == (4, 1, 3, 3)


def test_an_entry_in_which_one_party_alone_speaks_stands_under_its_name(
    other_war: Project,
) -> None:
    claims = "- by: third-lance\n  said: it was so\n  sources: [post]\n"
    other_war.add(make_entry(claims=claims), "1204/1204-03-09-lance.md")
    found = find(other_war).one_sided
    assert {name: [e.id for e in entries] for name, entries in found.items()} == {
        "Salters": ["1204-03-09-lance"]
    }


def test_a_neighbourhood_without_an_entry_is_found_and_one_with_an_entry_is_not(
    other_war: Project,
) -> None:
    places = other_war.entries / "places.yml"
    text = places.read_text("utf-8").replace("kind: site", "kind: neighbourhood")
    text += "\n- id: zz-quarter\n  name: Quarter\n  kind: neighbourhood\n  part_of: brine\n"
    places.write_text(text, encoding="utf-8")
    assert [place.id for place in find(other_war).empty_districts] == ["zz-quarter"]


def test_a_timeline_without_entries_has_no_months(project: Project) -> None:
    gaps = find(project)
    assert (gaps.empty_months, gaps.sources, gaps.archived.percent) == ((), 0, 0)


def test_the_shares_of_the_real_site_add_up(aleppo: Checked) -> None:
    timeline = aleppo.timeline
    assert timeline is not None
    gaps = find_gaps(timeline, make_indexes(timeline)["places"])
    claims = sum(len(entry.event.claims) for entry in timeline.entries)
    for shares, whole in [
        (gaps.by_language, gaps.sources),
        (gaps.by_publisher, gaps.sources),
        (gaps.by_speaker, claims),
        (gaps.by_year, len(timeline.entries)),
    ]:
        assert sum(share.count for share in shares) == whole
        assert {share.whole for share in shares} == {whole}


@pytest.mark.parametrize("heading", ["one-origin", "one-side", "months", "districts", "balance"])
def test_the_page_has_each_kind_of_gap(aleppo_site: Path, heading: str) -> None:
    page = read_page(aleppo_site / "about" / "gaps" / "index.html")
    assert page.xpath(f"//h2[@id='{heading}']")


def test_the_page_names_every_neighbourhood_without_entries(
    aleppo: Checked, aleppo_site: Path
) -> None:
    timeline = aleppo.timeline
    assert timeline is not None
    used = set(make_indexes(timeline)["places"].headings)
    empty = [
        place.name
        for place in timeline.places.values()
        if place.kind is PlaceKind.NEIGHBOURHOOD and place.id not in used
    ]
    page = read_page(aleppo_site / "about" / "gaps" / "index.html")
    [listed] = page.xpath("//h2[@id='districts']/following-sibling::ul[1]")
    assert len(listed.xpath("./li")) == len(empty)
    assert all(name in text_of(listed) for name in empty)
