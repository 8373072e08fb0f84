"""YAML as text: what was written stays what it is, every part knows its line, nothing crashes."""

import subprocess
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from wartimeline.codes import CODES
from wartimeline.located import Located, Location, Plain, read_yaml, show


def read(text: str) -> Plain:
    """Read YAML that has no problems."""
    located, problems = read_yaml(text, "file.yml")
    assert problems == []
    return located.value


def find_problems(text: str, first_line: int = 1) -> list[tuple[int, str, str]]:
    """Return line, field and code of every problem."""
    _, problems = read_yaml(text, "file.yml", first_line)
    return [(problem.line, problem.field, problem.code) for problem in problems]


@pytest.mark.parametrize(
    "written",
    [
        "12:30", "NO", "yes", "on", "2016", "2016-12-12", "1e3", "0x10", "0o7", "017", "1_000",
        ".inf", "null", "~", "true", "<<", "=",
    ],
)  # fmt: skip
def test_a_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert read(f"{written}: {written}") == {written: written}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a:", {"a": ""}, id="nothing is an empty text"),
        pytest.param("a: ''", {"a": ""}, id="so are empty quotes"),
        pytest.param('a: "1"', {"a": "1"}, id="quotes are left out"),
        pytest.param("a: |\n  x\n  y\n", {"a": "x\ny\n"}, id="literal block"),
        pytest.param("a: >\n  x\n  y\n", {"a": "x y\n"}, id="folded block"),
        pytest.param("a: !!int 3", {"a": "3"}, id="a tag changes nothing"),
        pytest.param(
            "a: !!python/object/apply:os.system [x]", {"a": ["x"]}, id="a tag runs nothing"
        ),
        pytest.param("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}, id="lines ended as on Windows"),
        pytest.param("<<: {a: 1}\nb: 2", {"<<": {"a": "1"}, "b": "2"}, id="nothing is merged"),
        pytest.param("a: ملح", {"a": "ملح"}, id="any script"),
    ],
)
def test_a_value_is_made_of_texts_lists_and_mappings(text: str, value: Plain) -> None:
    assert read(text) == value


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "# only a comment\n"])
def test_an_empty_document_is_an_empty_mapping(text: str) -> None:
    located, problems = read_yaml(text, "file.yml", 3)
    assert (located.value, located.line(), problems) == ({}, 3, [])


NESTED = """\
title: x
places: [a, b]

sources:
  - id: s
    # a comment
    agency:
      - t
      - u
  - {id: v,
     url: w}
"""


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ((), 11),
        (("title",), 11),
        (("places", 1), 12),
        (("sources", 0), 15),
        (("sources", 0, "id"), 15),
        (("sources", 0, "agency", 0), 18),
        (("sources", 0, "agency", 1), 19),
        (("sources", 1, "id"), 20),
        (("sources", 1, "url"), 21),
        (("sources", 1, "archive"), 20),
        (("claims", 0, "by"), 11),
    ],
    ids=lambda value: show(value) or "the whole" if isinstance(value, tuple) else str(value),
)
def test_every_part_knows_its_line_or_that_of_the_whole_it_is_in(
    location: Location, line: int
) -> None:
    located, _ = read_yaml(NESTED, "file.yml", first_line=11)
    assert located.line(location) == line


def test_a_nested_value_stands_where_its_key_stands() -> None:
    located, _ = read_yaml("a: 1\nsources:\n  # a comment\n  - id: s\n", "file.yml")
    assert located.line(("sources",)) == 2


def test_a_part_of_a_mapping_keeps_its_lines() -> None:
    located, _ = read_yaml("extra:\n  timeline:\n    title: x\n    sides: [a]\n", "mkdocs.yml")
    part = located.at("extra", "timeline")
    assert part is not None
    assert part.value == {"title": "x", "sides": ["a"]}
    assert [part.line(("title",)), part.line(("sides", 0))] == [3, 4]
    assert located.at("extra", "title") is None
    assert located.at("extra", "timeline", "title", "more") is None


def test_a_problem_points_to_the_part_it_is_about() -> None:
    located, _ = read_yaml(NESTED, "entries/x.md", first_line=2)
    found = located.problem(("sources", 1, "url"), "url-invalid", "it is wrong", "mend it")
    assert str(found) == "entries/x.md:12: sources[1].url: it is wrong; mend it [url-invalid]"


def test_a_key_written_twice_keeps_its_first_value_and_is_reported_at_the_second() -> None:
    text = "a: 1\nb:\n  - {c: 2,\n     c: 3}\na: 4\na: 5\n"
    located, _ = read_yaml(text, "file.yml")
    assert located.value == {"a": "1", "b": [{"c": "2"}]}
    assert located.line(("a",)) == 1
    assert find_problems(text) == [
        (4, "b[0].c", "yaml-duplicate-key"),
        (5, "a", "yaml-duplicate-key"),
        (6, "a", "yaml-duplicate-key"),
    ]


def test_a_key_written_twice_is_reported_where_the_key_stands() -> None:
    assert find_problems("a: 1\na:\n  - 2\n") == [(2, "a", "yaml-duplicate-key")]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param("a: &x [1]\nb: *x\n", ["b"], id="list"),
        pytest.param("a: &x {c: 1}\nb: [*x, *x]\n", ["b[0]", "b[1]"], id="mapping"),
        pytest.param("&x\na: *x\n", ["a"], id="in itself"),
    ],
)
def test_an_alias_is_not_followed(text: str, fields: list[str]) -> None:
    assert [found[1:] for found in find_problems(text)] == [
        (field, "yaml-alias") for field in fields
    ]


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: &x 1\n", "a: &x [1]\n"])
def test_no_anchor_is_used_at_all(text: str) -> None:
    assert [code for *_, code in find_problems(text)] == ["yaml-alias"]


def test_aliases_of_aliases_do_not_grow() -> None:
    levels = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefg", "bcdefgh")]  # noqa: B905 - made of one alphabet
    text = "\n".join(["a: &a [lol]", *levels])
    located, problems = read_yaml(text, "file.yml")
    assert len(located.lines) < 100
    assert {problem.code for problem in problems} == {"yaml-alias"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 990 + "]" * 990, id="lists in a line"),
        pytest.param("- " * 3000 + "x", id="lists"),
        pytest.param("\n".join(" " * i + "a:" for i in range(3000)), id="mappings"),
    ],
)
def test_deep_nesting_is_a_problem_and_no_crash(text: str) -> None:
    assert find_problems(text, 2) == [(2, "", "yaml-shape")]


@pytest.mark.parametrize("text", ["[", "- "])
def test_nesting_as_deep_as_a_file_is_long_does_not_end_the_process(text: str) -> None:
    code = f"from wartimeline.located import read_yaml; read_yaml({text!r} * 80_000, 'file.yml')"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "hooks", check=False)
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a: 1\nb: c: d\n", 12, id="colon in a text"),
        pytest.param("a: 1\nb: @c\nd: 2\n", 12, id="text that starts with a mark"),
        pytest.param("a: 1\nb: `c`\n", 12, id="text in backticks"),
        pytest.param("a: 1\n\tb: 2\n", 12, id="tab"),
        pytest.param("a:\n  b: 1\n c: 2\n", 13, id="indented too little"),
        pytest.param("a: 1\n---\nb: 2\n", 12, id="second document"),
        pytest.param('a: 1\nb: "\\ud800"\n', 12, id="half a character"),
        pytest.param("ملح: 1\nb: @c\n", 12, id="after another script"),
    ],
)
def test_a_syntax_error_is_reported_in_its_line(text: str, line: int) -> None:
    located, problems = read_yaml(text, "file.yml", first_line=11)
    assert located.value == {}
    assert [(problem.line, problem.code) for problem in problems] == [(line, "yaml-syntax")]
    assert problems[0].message.startswith("not valid YAML: ")
    assert "quotation marks" in problems[0].hint


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\x9f"])
def test_a_control_character_is_named_with_its_line(bad: str) -> None:
    _, [problem] = read_yaml(f"a: 1\nb: x{bad}y\nc: 2\n", "file.yml", 11)
    assert (problem.line, problem.code) == (12, "text-control")
    assert problem.message == f"character U+{ord(bad):04X} is not allowed"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ملح: 1\nb: \x07", id="near the end: IndexError"),
        pytest.param("ملح: 1\nb: \x07\n" + "c: 2\n" * 9, id="before more lines: the wrong line"),
    ],
)
def test_a_control_character_after_another_script_is_named_with_its_line(text: str) -> None:
    _, [problem] = read_yaml(text, "file.yml")
    assert (problem.line, problem.message) == (2, "character U+0007 is not allowed")


def test_a_key_that_is_no_text_is_read_without_a_crash() -> None:
    assert read("? [a, b]\n: 1\n") == {"[…]": "1"}
    assert find_problems("? [a, b]\n: 1\n? {c: d}\n: 2\n") == [(3, "[…]", "yaml-duplicate-key")]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ((), ""),
        (("title",), "title"),
        (("sources", 2, "url"), "sources[2].url"),
        ((3, "part_of"), "[3].part_of"),
        (("sources", 0, "agency", 1), "sources[0].agency[1]"),
    ],
)
def test_a_location_is_written_as_a_path(location: Location, path: str) -> None:
    assert show(location) == path


# YAML 1.1, section 5.1: what may stand in a file. Other characters have tests of their own.
PRINTABLE = st.characters(
    exclude_categories=["Cs"],
    exclude_characters=[
        chr(code) for code in (*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF)
    ],
)
MARKS = ["- ", ": ", "a", "\n", "  ", "[", "]", "{", "}", ",", "&x ", "*x", "!", "|", ">", "'", '"',
         "%", "@", "? ", "#", "---\n", "...\n", "\\", "<<", "\t", "\r\n", "é"]  # fmt: skip


@given(
    st.lists(st.sampled_from(MARKS) | st.text(PRINTABLE, max_size=3), max_size=30).map("".join)
    | st.text(st.characters(max_codepoint=127))
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_a_problem_with_a_line(text: str) -> None:
    located, problems = read_yaml(text, "file.yml")
    assert isinstance(located, Located)
    for problem in problems:
        assert problem.code in CODES
        assert problem.line >= 1


TREES = st.recursive(
    st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(tree=TREES, flow=st.booleans())
@settings(deadline=None)
def test_a_tree_of_texts_that_was_written_reads_back_the_same(tree: Plain, *, flow: bool) -> None:
    text = yaml.safe_dump(
        tree, default_style='"', default_flow_style=flow, allow_unicode=True, sort_keys=False
    )
    assert read(text) == tree
