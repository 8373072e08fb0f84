"""Whatever stands in a file, the check tells what is wrong with it and never fails itself."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conftest import Project
from wartimeline.codes import CODES
from wartimeline.pipeline import build_project
from wartimeline.problems import has_errors
from wartimeline.site import Repository

# One project serves all examples of a test, as each example writes the file afresh.
fuzz = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

NAME = "1204/1204-03-09-gate.md"
VALID = """\
---
title: The gate is taken
date: 1204-03-09
order: 1
kind: battle
places: [gate-of-brine, brine]
actors:
  - salt-company
  - town-watch
summary: >
  The company entered by the gate.
  It had waited a day.
key: true
content_note: "Describes deaths."
sources:
  - id: post
    title: "[Gate]"
    url: https://post.example/gate
    archive: https://archive.example/gate
    outlet: road-post
    agency: [wire-of-salt]
    author: A. Writer
    published: 1204-03
    language: en
    kind: news
    note: A copy of the printed page.
claims:
  - by: salt-company
    qualifier: a captain
    said: 40 to 60 of the watch were killed
    figure: {measure: killed, low: 40, high: 60, unit: people}
    sources: [post]
  - claimant: a baker
    said: it still held 25 percent of the wall
    figure:
      measure: territory
      value: 25
      unit: percent of the wall
    sources:
      - post
disputed: The company and a baker differ on the dead.
corrections:
  - {date: 2026-11-05, note: The hour was wrong.}
aliases: [1204-03-09-gate-falls]
status: published
added: 2026-11-02
---

The gate was taken in the morning [@post, p. 2; @post]. It followed
[nothing](https://post.example/nothing).

> A second report repeats it [@post].
"""

# Pieces that mean something to YAML, Markdown, EDTF, a browser or a terminal.
PIECES = st.sampled_from(
    [
        "---", "...", "- ", ": ", "? ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "!ENV ", "<<: ",
        "|", ">-", "#", "%", "'", '"', "\\", "`", "\t", "\r", "\0", "\x1b[31m", "\x85", "\u2028",
        "\u202e", "\u200f", "\ufeff", "\ufffe", "ملح", "𒀀", "[@", "[@post", "](", "](http://[",
        "<http://[x>", "[a]: //[x.md", "![", "</script>", "rabble", "0000", "1204-02-30", "/..",
        "1e400", "nan", "-1", "9" * 400, "[" * 400, "null", "~", "x" * 3000, "\n", "\n\n", "  ",
    ]
)  # fmt: skip
TEXTS = st.text(max_size=12) | PIECES | st.lists(PIECES, max_size=4).map("".join)


def delete(lines: list[str], at: int, _: str) -> None:
    del lines[at]


def duplicate(lines: list[str], at: int, _: str) -> None:
    lines.insert(at, lines[at])


def move(lines: list[str], at: int, _: str) -> None:
    lines.append(lines.pop(at))


def replace(lines: list[str], at: int, text: str) -> None:
    lines[at] = text


def replace_value(lines: list[str], at: int, text: str) -> None:
    key, colon, _ = lines[at].partition(": ")
    lines[at] = key + colon + text


def insert(lines: list[str], at: int, text: str) -> None:
    middle = len(lines[at]) // 2
    lines[at] = lines[at][:middle] + text + lines[at][middle:]


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from([delete, duplicate, move, replace, replace_value, insert]),
        st.integers(min_value=0, max_value=VALID.count("\n")),
        TEXTS,
    ),
    min_size=1,
    max_size=4,
)
Mutations = list[tuple[Callable[[list[str], int, str], None], int, str]]


def mutate(text: str, mutations: Mutations) -> bytes:
    """Return the text with some lines changed, as it would be saved."""
    lines = text.split("\n")
    for change, at, inserted in mutations:
        change(lines, at % len(lines), inserted)
        lines = lines or [""]
    return "\n".join(lines).encode()


def assert_told_well(project: Project, name: str, content: bytes) -> None:
    """Check the project with this content in a file; look at all that is told of that file."""
    (project.root / name).write_bytes(content)
    for problem in project.check().problems:
        assert problem.code in CODES
        assert problem.message
        assert problem.path.endswith((".md", ".yml"))
        if problem.path == name:
            assert 1 <= problem.line <= content.count(b"\n") + 2


@pytest.fixture
def entry(project: Project) -> str:
    """The path of a valid entry."""
    path = project.add(VALID, NAME)
    assert project.codes() == []
    return path.relative_to(project.root).as_posix()


@given(content=st.binary(max_size=300))
@example(content=b"---\n\xff\n---\n")
@example(content=b"---")
@fuzz
def test_any_bytes_can_stand_in_an_entry(project: Project, entry: str, content: bytes) -> None:
    assert_told_well(project, entry, content)


@given(front_matter=TEXTS, body=TEXTS)
@fuzz
def test_any_text_can_stand_in_front_matter_and_body(
    project: Project, entry: str, front_matter: str, body: str
) -> None:
    content = f"---\n{front_matter}\n---\n{body}\n".encode()
    assert_told_well(project, entry, content)


@given(mutations=MUTATIONS)
@example(mutations=[(insert, 47, "](http://[")])
@example(mutations=[(insert, 1, "ملح" * 30), (insert, 13, "\x07")])
@example(mutations=[(replace_value, 1, "[" * 5000)])
@example(mutations=[(replace_value, 2, "0000")])
@fuzz
def test_an_entry_can_be_spoilt_in_any_way(
    project: Project, entry: str, mutations: Mutations
) -> None:
    assert_told_well(project, entry, mutate(VALID, mutations))


@pytest.mark.parametrize(
    "name", ["mkdocs.yml", "entries/places.yml", "entries/actors.yml", "entries/outlets.yml"]
)
@given(mutations=MUTATIONS)
@settings(fuzz, max_examples=60)
def test_settings_and_registers_can_be_spoilt_in_any_way(
    project: Project, entry: str, name: str, mutations: Mutations
) -> None:
    assert (project.root / entry).exists()
    written = project.root / f"{name}.as-written"
    if not written.exists():
        written.write_bytes((project.root / name).read_bytes())
    assert_told_well(project, name, mutate(written.read_text("utf-8"), mutations))


@given(mutations=MUTATIONS)
@settings(fuzz, max_examples=60)
def test_what_passes_the_check_can_be_built(
    project: Project, entry: str, mutations: Mutations
) -> None:
    (project.root / entry).write_bytes(mutate(VALID, mutations))
    if not has_errors(project.check().problems):
        built = build_project(project.config, Repository())
        assert f"events/{NAME[5:-3]}/" in {page.make().address for page in built.site.pages}
