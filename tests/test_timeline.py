"""The order of the timeline, and what is and is not in it."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Project, make_entry
from wartimeline.files import EntryFile
from wartimeline.parse import Entry
from wartimeline.records import Event
from wartimeline.timeline import Timeline, sort_entries

CORRECTED = "\n- {date: 1204-04-01, note: It was not so.}\n"


def make_dated(entry_id: str, date: str, order: int | None = None) -> Entry:
    source = {"id": "s", "title": "x", "url": "https://a.example/", "outlet": "post"}
    event = Event.model_validate(
        {
            "title": "x",
            "date": date,
            "order": order,
            "kind": "battle",
            "places": ["brine"],
            "summary": "x",
            "sources": [{**source, "language": "en", "kind": "news"}],
        }
    )
    return Entry(
        entry_id, date, event, "", 1, (), EntryFile(f"entries/{entry_id}.md", "", b"", b"")
    )


def read_timeline(project: Project) -> Timeline:
    timeline = project.check().timeline
    assert timeline is not None
    return timeline


def test_entries_are_sorted_by_first_day_then_last_day_then_order_then_id() -> None:
    ordered = [
        make_dated("z", "1203-12-31/1204-12-31"),
        make_dated("y", "1204-03-01"),
        make_dated("x", "1204-03"),
        make_dated("w", "1204-03-09", -1),
        make_dated("v", "1204-03-09", 1),
        make_dated("a", "1204-03-09", 2),
        make_dated("b", "1204-03-09", 2),
        make_dated("c", "1204-03-09", 10),
        make_dated("0", "1204-03-09"),
        make_dated("d", "1204-03-09"),
        make_dated("e", "1204-03-09/1204-03-10", 1),
    ]
    for given_order in (ordered, ordered[::-1], ordered[5:] + ordered[:5]):
        assert [entry.id for entry in sort_entries(given_order)] == [e.id for e in ordered]


DATES = ["1204", "1204-03", "1204-03-XX", "1204-03-09", "1204-03-09?", "1204-03-09/1204-03-10"]
ENTRIES = st.lists(
    st.builds(
        make_dated,
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from(DATES),
        st.none() | st.integers(-1, 2),
    ),
    unique_by=lambda entry: entry.id,
    max_size=8,
)


@given(ENTRIES.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))))
@settings(deadline=None)
def test_the_order_is_total_and_does_not_depend_on_that_of_the_files(
    orders: tuple[list[Entry], list[Entry]],
) -> None:
    entries, shuffled = orders
    ordered = sort_entries(entries)
    assert sort_entries(shuffled) == ordered == sort_entries(ordered)
    for before, after in pairwise(ordered):
        first, second = before.event.date, after.event.date
        assert (first.earliest, first.latest) <= (second.earliest, second.latest)


def test_drafts_are_nowhere_and_withdrawn_entries_only_keep_their_address(project: Project) -> None:
    project.add(make_entry(), "1204/1204-03-09-gate.md")
    project.add(make_entry(status="draft"), "1204/1204-03-09-draft.md")
    project.add(
        make_entry(status="withdrawn", corrections=CORRECTED), "1204/1204-03-09-withdrawn.md"
    )
    timeline = read_timeline(project)
    assert [entry.id for entry in timeline.entries] == ["1204-03-09-gate"]
    assert [entry.id for entry in timeline.withdrawn] == ["1204-03-09-withdrawn"]
    assert set(timeline.by_id) == {"1204-03-09-gate", "1204-03-09-withdrawn"}
    assert [entry.id for entry in timeline.by_day["1204-03-09"]] == ["1204-03-09-gate"]


def test_a_day_has_the_entries_of_that_day_alone_in_order(project: Project) -> None:
    project.add(make_entry(), "1204/1204-03-09-b.md")
    project.add(make_entry(order="1"), "1204/1204-03-09-c.md")
    project.add(make_entry(date="1204-03-10"), "1204/1204-03-10-d.md")
    project.add(make_entry(date="1204-03"), "1204/1204-03-month.md")
    project.add(make_entry(date="1204-03-XX"), "1204/1204-03-some-day.md")
    project.add(make_entry(date="1204-03-09/1204-03-10"), "1204/1204-03-09-two-days.md")
    by_day = read_timeline(project).by_day
    assert {day: [entry.id for entry in entries] for day, entries in by_day.items()} == {
        "1204-03-09": ["1204-03-09-c", "1204-03-09-b"],
        "1204-03-10": ["1204-03-10-d"],
    }


def test_an_entry_falls_into_the_phase_in_which_it_began(project: Project) -> None:
    project.add(make_entry(date="1203-12-31/1204-02-01"), "1203/1203-12-31-first.md")
    project.add(make_entry(date="1204-01-01"), "1204/1204-01-01-second.md")
    timeline = read_timeline(project)
    assert [timeline.find_phase(entry).id for entry in timeline.entries] == ["march", "siege"]


def test_an_empty_project_has_an_empty_timeline(project: Project) -> None:
    timeline = read_timeline(project)
    assert (timeline.entries, timeline.withdrawn) == ((), ())
    assert (timeline.by_id, timeline.by_day) == ({}, {})
