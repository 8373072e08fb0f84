"""The glossary: read from its page, and linked from the bodies of entries."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from conftest import ROOT
from wartimeline.glossary import Glossary, mark_terms, parse_glossary
from wartimeline.pipeline import Checked
from wartimeline.prose import ProseRenderer

PAGE = """---
title: Glossary
---

# Glossary

Words.

## Barrel bomb { #barrel-bomb }

A bomb *dropped* from a [helicopter](events/x/index.md).
It has two lines.

From: [an entry](events/y/index.md).

## OCHA { #ocha }

Also: Office for Aid, aid office.

An office & more.

## Salt Road { #salt-road }

A road.
"""


def parse(text: str = PAGE) -> Glossary:
    glossary, problems = parse_glossary(text, "docs/glossary.md", "glossary/")
    assert problems == []
    return glossary


def mark(html: str) -> list[tuple[str, str]]:
    """Return the text and the anchor of each marked term."""
    marked = mark_terms(html, parse(), "../../")
    return [
        (text, anchor)
        for anchor, text in re.findall(
            r'<a class="tl-term" href="\.\./\.\./glossary/#([^"]*)"[^>]*>(.*?)</a>',
            marked,
            re.DOTALL,
        )
    ]


def test_a_term_has_the_first_paragraph_as_its_meaning_and_other_names() -> None:
    definitions = parse().definitions
    assert list(definitions) == ["barrel-bomb", "ocha", "salt-road"]
    assert definitions["barrel-bomb"].meaning == (
        "A bomb dropped from a helicopter. It has two lines."
    )
    assert definitions["ocha"].also == ("Office for Aid", "aid office")
    assert definitions["ocha"].meaning == "An office & more."


@pytest.mark.parametrize(
    ("page", "code", "line"),
    [
        ("# G\n\n## Term\n\nA thing.\n", "glossary-anchor", 3),
        ("## Term { #term }\n", "glossary-empty", 1),
        ("## Term { #term }\n\nAlso: thing.\n", "glossary-empty", 1),
        ("## A { #a }\n\nX.\n\n## B { #a }\n\nY.\n", "glossary-duplicate", 5),
        ("## A { #a }\n\nX.\n\n## A { #b }\n\nY.\n", "glossary-duplicate", 5),
        ("## A { #a }\n\nAlso: C.\n\nX.\n\n## C { #c }\n\nY.\n", "glossary-duplicate", 7),
    ],
)
def test_what_is_wrong_with_a_term_is_said_with_its_line(page: str, code: str, line: int) -> None:
    _, problems = parse_glossary(page, "docs/glossary.md", "glossary/")
    assert [(one.path, one.line, one.code) for one in problems] == [
        ("docs/glossary.md", line, code)
    ]


def test_headings_in_code_are_no_terms() -> None:
    assert parse("```\n## Term { #term }\n```\n").definitions == {}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>A barrel bomb fell.</p>", [("barrel bomb", "barrel-bomb")]),
        ("<p>Barrel bombs fell.</p>", [("Barrel bombs", "barrel-bomb")]),
        ("<p>A barrel\nbomb fell.</p>", [("barrel\nbomb", "barrel-bomb")]),
        ("<p>A barrel bomb. A barrel bomb.</p>", [("barrel bomb", "barrel-bomb")]),
        ("<p>OCHA's count</p>", [("OCHA", "ocha")]),
        ("<p>The Office for Aid, or OCHA</p>", [("Office for Aid", "ocha")]),
        ("<p>Aid office</p>", [("Aid office", "ocha")]),
        ("<p>the Salt Road</p>", [("Salt Road", "salt-road")]),
        ("<p><em>OCHA</em> said</p>", [("OCHA", "ocha")]),
        ("<p>Ocha</p>", []),
        ("<p>office for aid</p>", []),
        ("<p>a salt road</p>", []),
        ("<p>OCHAs-like, anti-OCHA</p>", []),
        ("<p>barrel bombing</p>", []),
        ('<p><a href="x">the barrel bomb</a></p>', []),
        ('<p><a href="x"><em>OCHA</em></a> and OCHA</p>', [("OCHA", "ocha")]),
        ('<p><span class="tl-cites"><a href="#s">[OCHA]</a></span></p>', []),
        ("<blockquote><p>OCHA</p><blockquote><p>a</p></blockquote>OCHA</blockquote>", []),
        ("<p>It said “OCHA did”.</p>", []),
        ('<p>It said "OCHA did".</p>', []),
        ("<p>It said 'OCHA did'.</p>", []),
        ("<p>It said ‘<em>the</em> OCHA did’.</p>", []),
        ("<p>Aid's and rebels' OCHA's</p>", [("OCHA", "ocha")]),
        ("<p>A lone “ mark.</p>\n<p>OCHA ” here</p>", [("OCHA", "ocha")]),
        ('<p title="OCHA">x</p>', []),
    ],
)
def test_terms_are_marked_where_they_first_occur(html: str, found: list[tuple[str, str]]) -> None:
    assert mark(html) == found


def test_a_marked_term_carries_its_meaning_and_is_otherwise_unchanged() -> None:
    html = "<p>A <em>barrel bomb</em> and OCHA &amp; “OCHA”.</p>"
    marked = lxml_html.fragment_fromstring(mark_terms(html, parse(), "./"))
    assert marked.text_content() == "A barrel bomb and OCHA & “OCHA”."
    assert [link.get("data-meaning") for link in marked.iter("a")] == [
        "A bomb dropped from a helicopter. It has two lines.",
        "An office & more.",
    ]


def test_a_meaning_cannot_break_out_of_its_attribute() -> None:
    glossary = parse('## Term { #term }\n\nA "<b>thing</b>" & so.\n')
    marked = lxml_html.fragment_fromstring(mark_terms("<p>a term</p>", glossary, "./"))
    [link] = marked.iter("a")
    assert link.get("data-meaning") == 'A "<b>thing</b>" & so.'
    assert len(list(marked.iter())) == 2


def test_without_a_glossary_nothing_is_marked() -> None:
    assert mark_terms("<p>OCHA</p>", Glossary(), "./") == "<p>OCHA</p>"


@given(st.text(st.sampled_from("OCHA barrelbomb“”'\"\n[]()*>&-"), max_size=60))
def test_marking_changes_no_text(body: str) -> None:
    html = ProseRenderer().render(body, {}, lambda _: None).html
    marked = mark_terms(html, parse(), "../")
    assert re.sub(r'<a class="tl-term"[^>]*>(.*?)</a>', r"\1", marked, flags=re.DOTALL) == html


def test_every_term_of_the_real_glossary_occurs_in_an_entry(aleppo: Checked) -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    glossary = parse(text)
    assert aleppo.timeline is not None, aleppo.problems
    assert glossary.pattern is not None
    bodies = " ".join(entry.body for entry in aleppo.timeline.entries)
    found = {glossary.find(one[0]).id for one in glossary.pattern.finditer(bodies)}
    assert found == set(glossary.definitions)


def test_every_term_of_the_real_glossary_says_where_it_is_from() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    for section in sections:
        links = re.findall(r"\]\(([^)]+)/index\.md\)", section.partition("\nFrom: ")[2])
        assert links, section
        for link in links:
            folder, name = link.split("/")
            assert find_record(folder, name), link


def find_record(folder: str, name: str) -> bool:
    """Tell whether an entry, or a record of a register, has an id."""
    entries: Path = ROOT / "entries"
    if folder == "events":
        return bool(list(entries.glob(f"*/{name}.md")))
    register = (entries / f"{folder}.yml").read_text("utf-8")
    return re.search(rf"^- id: {re.escape(name)}$", register, re.MULTILINE) is not None
