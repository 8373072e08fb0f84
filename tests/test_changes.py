"""The logs of additions and corrections."""

import datetime as dt

import pytest
from lxml import html

from conftest import Project
from pages import text_of
from wartimeline.changes import list_additions, list_corrections
from wartimeline.history import History
from wartimeline.pipeline import build_project, check_project
from wartimeline.site import Edition, Repository
from wartimeline.timeline import Timeline

GATE, WELL = "1204-03-09-gate-of-brine-taken", "1203-05-muster-at-the-well"


@pytest.fixture
def timeline(other_war: Project) -> Timeline:
    timeline = check_project(other_war.config).timeline
    assert timeline is not None
    return timeline


def test_additions_are_listed_by_day_the_latest_first(timeline: Timeline) -> None:
    additions = list_additions(timeline.entries, Edition())
    assert [(a.day, [entry.id for entry in a.entries]) for a in additions] == [
        (dt.date(2026, 11, 2), [GATE]),
        (dt.date(2026, 11, 1), [WELL]),
    ]


def test_days_from_git_go_before_those_in_the_files(timeline: Timeline) -> None:
    history = History("abc", {f"entries/1203/{WELL}.md": dt.date(2026, 11, 2)})
    [addition] = list_additions(timeline.entries, Edition(history=history))
    assert [entry.id for entry in addition.entries] == [WELL, GATE]


def test_corrections_and_withdrawals_are_listed_the_latest_first(timeline: Timeline) -> None:
    found = list_corrections(timeline.by_id.values())
    days = [correction.date.earliest for _, correction in found]
    assert days == sorted(days, reverse=True)
    assert {entry.id for entry, _ in found} == {GATE, "1204-06-01-withdrawn-tale"}


def test_the_logs_can_stand_on_a_hand_written_page(other_war: Project) -> None:
    page = other_war.root / "docs" / "about" / "index.md"
    page.write_text("<!-- timeline: corrections -->\n\n<!-- timeline: additions -->\n")
    blocks = build_project(other_war.config, Repository()).site.blocks["about/index.md"]
    corrections = text_of(html.fragment_fromstring(blocks["corrections"]))
    assert "Corrected 5 November 2026 The gate of Brine is taken" in corrections
    assert "Withdrawn" in corrections
    additions = text_of(html.fragment_fromstring(blocks["additions"]))
    assert "2 November 2026: 1 entry" in additions
