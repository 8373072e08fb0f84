"""The files of data, read back with readers that know nothing of what wrote them."""

import csv
import io
import json
from pathlib import Path

import bibtexparser
import pytest
import rispy

from conftest import Project, make_entry
from pages import read_page
from wartimeline.exports import DataFile, make_data_files
from wartimeline.fingerprints import Fingerprints
from wartimeline.memory import Memory
from wartimeline.pipeline import Checked, check_project
from wartimeline.site import Edition
from wartimeline.timeline import Timeline


@pytest.fixture(scope="module")
def timeline(aleppo: Checked) -> Timeline:
    assert aleppo.timeline is not None
    return aleppo.timeline


def make_files(timeline: Timeline, edition: Edition) -> tuple[DataFile, ...]:
    return make_data_files(timeline, edition, Memory(Fingerprints(timeline, edition, b"")))


@pytest.fixture(scope="module")
def files(timeline: Timeline) -> dict[str, DataFile]:
    return {file.name: file for file in make_files(timeline, Edition("https://a.example/"))}


def make_of(project: Project) -> dict[str, DataFile]:
    timeline = check_project(project.config).timeline
    assert timeline is not None
    return {file.name: file for file in make_files(timeline, Edition())}


def test_every_event_is_exported_with_what_it_rests_on(
    files: dict[str, DataFile], timeline: Timeline
) -> None:
    events = json.loads(files["events.json"].content)["events"]
    assert [event["id"] for event in events] == [entry.id for entry in timeline.entries]
    for event, entry in zip(events, timeline.entries, strict=True):
        basis = timeline.corroboration[entry.id]
        assert event["origins"] == list(basis.origins)
        assert event["one_origin"] == (len(basis.origins) == 1)
        assert event["only_parties"] == basis.is_partisan
        assert event["date"] == entry.event.date.edtf
        assert event["url"] == f"https://a.example/events/{entry.id}/"
        assert [s["url"] for s in event["sources"]] == [s.url for s in entry.event.sources]


def test_every_claim_is_exported_as_json_and_as_a_table(
    files: dict[str, DataFile], timeline: Timeline
) -> None:
    claims = json.loads(files["claims.json"].content)["claims"]
    rows = list(csv.DictReader(io.StringIO(files["claims.csv"].content.decode(), newline="")))
    expected = [(e.id, c.said) for e in timeline.entries for c in e.event.claims]
    assert [(claim["event"], claim["said"]) for claim in claims] == expected
    assert [(row["event"], row["said"]) for row in rows] == expected
    for claim, row in zip(claims, rows, strict=True):
        for key in ("value", "low", "high"):
            assert ("" if claim[key] is None else str(claim[key])) == row[key]


def test_each_address_stands_once_in_the_bibliography(
    files: dict[str, DataFile], timeline: Timeline
) -> None:
    urls = {source.url for entry in timeline.entries for source in entry.event.sources}
    csl = json.loads(files["sources.csl.json"].content)
    assert sorted(item["URL"] for item in csl) == sorted(urls)
    library = bibtexparser.parse_string(files["sources.bib"].content.decode())
    assert library.failed_blocks == []
    assert len(library.entries) == len(urls)
    assert len({entry.key for entry in library.entries}) == len(urls)
    references = rispy.loads(files["sources.ris"].content.decode())
    assert {url for reference in references for url in reference["urls"]} == urls


def test_a_text_that_starts_like_a_formula_is_no_formula_in_a_spreadsheet(
    project: Project,
) -> None:
    claims = '- claimant: "=HYPERLINK(1)"\n  said: "@SUM(A1)"\n  sources: [post]\n'
    project.add(make_entry(claims=claims))
    [row] = csv.DictReader(io.StringIO(make_of(project)["claims.csv"].content.decode(), newline=""))
    assert (row["claimant"], row["said"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")


def test_without_a_public_address_events_have_none(other_war: Project) -> None:
    events = json.loads(make_of(other_war)["events.json"].content)["events"]
    assert {event["url"] for event in events} == {None}


def test_the_page_of_data_links_to_every_file(
    aleppo_site: Path, files: dict[str, DataFile]
) -> None:
    page = read_page(aleppo_site / "data" / "index.html")
    links = page.xpath("//a[@download]/@href")
    assert links == [f"../{file.address}" for file in files.values()]
    for file in files.values():
        assert (aleppo_site / file.address).stat().st_size > 0
