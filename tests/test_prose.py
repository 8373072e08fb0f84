"""The body of an entry: what is found in it, and what HTML it can become."""

import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from wartimeline.fields import find_forbidden
from wartimeline.prose import (
    ProseRenderer,
    find_citations,
    find_links,
    find_words,
    is_external,
    parse_citation,
    resolve_entry_link,
)

SOURCES = {"a": 1, "b": 2}
ENTRY = "../1204/1204-03-09-gate.md"


def resolve(target: str) -> str | None:
    """Give the one entry there is its address."""
    path, mark, fragment = target.partition("#")
    return f"../gate/{mark}{fragment}" if path == ENTRY else None


def render(body: str) -> str:
    return ProseRenderer().render(body, SOURCES, resolve).html


def parse(body: str) -> HtmlElement:
    """Render a body and read it back as a browser would."""
    return lxml_html.fragment_fromstring(render(body), create_parent="div")


def text_of(body: str) -> str:
    return str(parse(body).text_content())


@pytest.mark.parametrize(
    ("inside", "cited"),
    [
        ("@a", [("a", "")]),
        ("@a-1; @b", [("a-1", ""), ("b", "")]),
        ("@a;@b ;  @c", [("a", ""), ("b", ""), ("c", "")]),
        ("@a, p. 3", [("a", "p. 3")]),
        ("@a,p. 3–4, note 2; @b, at 12:30", [("a", "p. 3–4, note 2"), ("b", "at 12:30")]),
        ("@a,\np. 3;\n@b", [("a", "p. 3"), ("b", "")]),
        pytest.param(
            "@a, pp. 3\nand 4", [("a", "pp. 3 and 4")], id="a locator in two lines"),
    ],
)  # fmt: skip
def test_a_citation_names_sources_and_where_in_them(
    inside: str, cited: list[tuple[str, str]]
) -> None:
    found = [(one.source, " ".join(one.locator.split())) for one in parse_citation(inside)]
    assert found == cited


@pytest.mark.parametrize("inside", ["@", "@a @b", "@a,", "@a;", "@@a", "@a p. 3", "@a; see @b"])
def test_a_malformed_citation_names_a_source_that_no_entry_can_have(inside: str) -> None:
    sources = {one.source for one in parse_citation(inside)}
    assert any(re.fullmatch(r"[a-z0-9-]+", source) is None for source in sources)


def test_a_source_is_cited_only_with_its_mark() -> None:
    assert [one.source for one in parse_citation("@a; b")] != ["a", "b"]


def test_citations_are_found_with_their_lines() -> None:
    body = "One [@a].\n\nTwo [@b, p. 2;\n@c] and [a, b] and [x](y.md)\n[@a]"
    found = [(one.source, one.locator, line) for one, line in find_citations(body)]
    assert found == [("a", "", 0), ("b", "p. 2", 2), ("c", "", 2), ("a", "", 4)]


@pytest.mark.parametrize("body", ["\\[@a]", "x\n\n\\[@a]"])
def test_what_is_not_shown_as_a_citation_is_not_found_as_one(body: str) -> None:
    assert "cite-a-1" not in render(body)
    assert list(find_citations(body)) == []


@pytest.mark.parametrize(
    ("body", "target"),
    [
        pytest.param("[x](y.md)", "y.md", id="inline"),
        pytest.param("[x](y.md#z)", "y.md#z", id="fragment"),
        pytest.param("[x]( y.md )", "y.md", id="spaces"),
        pytest.param("[x](<y.md>)", "y.md", id="angle brackets"),
        pytest.param('[x](y.md "title")', "y.md", id="title"),
        pytest.param("[x]()", "", id="no target"),
        pytest.param("[r]: y.md", "y.md", id="definition"),
        pytest.param("   [r]: <y.md> 'title'", "y.md", id="indented definition"),
        pytest.param("[r]:\n  y.md", "y.md", id="definition in two lines"),
    ],
)
def test_a_link_is_found_with_its_line(body: str, target: str) -> None:
    found = list(find_links(f"One.\n\n{body}\n"))
    assert [(one.text, one.line, one.is_image) for one in found] == [(target, 2, False)]


def test_links_in_one_text_are_all_found() -> None:
    body = "[x](a.md) and\n[y][r] and ![z](b.png)\n\n[r]: https://c.example/d"
    found = [(one.text, one.line, one.is_image) for one in find_links(body)]
    assert found == [("a.md", 0, False), ("b.png", 1, True), ("https://c.example/d", 3, False)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[x [y] z](gone.md)", id="brackets in the text"),
        pytest.param("[x\\]y](gone.md)", id="escaped bracket in the text"),
        pytest.param("[![x](a.png)](gone.md)", id="image in a link"),
        pytest.param("> [r]: gone.md\n\n[r]", id="definition in a quotation"),
        pytest.param("<ftp://gone.md>", id="address in angle brackets"),
    ],
)
def test_what_becomes_a_link_is_found(body: str) -> None:
    targets: list[str] = []
    ProseRenderer().render(body, SOURCES, targets.append)  # type: ignore[arg-type, func-returns-value]
    assert len(targets) == 1
    assert "gone.md" in " ".join(one.text for one in find_links(body))


LOADED = re.compile(r"\b(?:regime|horde)\b")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("the “regime” and a “horde”", id="curly"),
        pytest.param('the "regime"', id="straight"),
        pytest.param("the ‘regime’", id="single curly"),
        pytest.param("the 'regime'", id="single straight"),
        pytest.param("“the ‘regime’ fell to\nthe horde”", id="over lines"),
        pytest.param("[x](../1204/regime.md)", id="target"),
        pytest.param("[@regime, horde]", id="citation"),
        pytest.param("Regime, regimes", id="names and other words"),
    ],
)
def test_a_word_in_quotation_marks_or_in_a_target_is_not_found(text: str) -> None:
    assert list(find_words(text, LOADED)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("the regime\nand its horde", [("regime", 0), ("horde", 1)], id="two"),
        pytest.param("“a\nb” the\nregime", [("regime", 2)], id="after a quotation"),
        pytest.param("rebels' regime isn't", [("regime", 0)], id="between apostrophes"),
        pytest.param("[the regime](x.md)", [("regime", 0)], id="text of a link"),
        pytest.param("an “open regime", [("regime", 0)], id="quotation that never ends"),
    ],
)
def test_a_word_outside_is_found_with_its_line(text: str, found: list[tuple[str, int]]) -> None:
    assert [(one.text, one.line) for one in find_words(text, LOADED)] == found


def test_an_apostrophe_does_not_end_a_quotation() -> None:
    assert list(find_words("‘the town’s regime fell’", LOADED)) == []


@pytest.mark.parametrize("text", ["[r]: https://a.example/regime", "<https://a.example/regime>"])
def test_a_word_in_any_address_is_not_found(text: str) -> None:
    assert list(find_words(text, LOADED)) == []


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("../1203/1203-05-muster.md", "1203/1203-05-muster.md"),
        ("1204-07-draft.md", "1204/1204-07-draft.md"),
        ("./1204-07-draft.md#claims", "1204/1204-07-draft.md"),
        ("../1203/x.md?y=z#w", "1203/x.md"),
        ("../../README.md", "../README.md"),
        ("/1203/x.md", "/1203/x.md"),
        ("#claims", "1204"),
    ],
)
def test_a_relative_link_leads_from_the_file_it_stands_in(target: str, file: str) -> None:
    assert resolve_entry_link(target, "1204/1204-03-09-gate.md") == file


@pytest.mark.parametrize(
    ("target", "external"),
    [
        ("https://a.example", True),
        ("HTTP://a.example/x", True),
        ("https:a.example", False),
        ("//a.example", False),
        ("ftp://a.example", False),
        ("javascript://a.example/%0aalert(1)", False),
        ("../1204/x.md", False),
        ("", False),
    ],
)
def test_only_a_complete_web_address_is_external(target: str, *, external: bool) -> None:
    assert is_external(target) is external


def test_citations_become_numbers_with_an_id_to_come_back_to() -> None:
    rendered = ProseRenderer().render("x [@a] y [@b; @a, p. 2].", SOURCES, resolve)
    links = lxml_html.fragment_fromstring(rendered.html).xpath("//a")
    assert [(link.text, link.get("id"), link.get("href")) for link in links] == [
        ("[1]", "cite-a-1", "#source-a"),
        ("[2]", "cite-b-1", "#source-b"),
        ("[1, p. 2]", "cite-a-2", "#source-a"),
    ]
    assert [link.get("aria-label") for link in links] == ["Source 1", "Source 2", "Source 1, p. 2"]
    assert rendered.citations == {"a": 2, "b": 1}


def test_an_unknown_source_is_left_out() -> None:
    rendered = ProseRenderer().render("x [@gone] [@gone; @b].", SOURCES, resolve)
    page = lxml_html.fragment_fromstring(rendered.html)
    assert page.xpath("//a/@href") == ["#source-b"]
    assert "gone" not in rendered.html
    assert rendered.citations == {"b": 1}


def test_an_escaped_citation_is_shown_as_text() -> None:
    assert text_of("\\[@a]").strip() == "[@a]"


def test_a_reference_named_like_a_number_leaves_citations_alone() -> None:
    body = "x [@a], [y][1].\n\n[1]: https://c.example/"
    assert text_of(body).strip() == "x [1], y."
    assert ET.fromstring(render(body)).findall(".//a//a") == []


def test_no_link_stands_in_a_link() -> None:
    assert ET.fromstring(render(f"[x [@a] y]({ENTRY})")).findall(".//a//a") == []


@pytest.mark.parametrize("locator", ["`c`", "p. 3\\-4"])
def test_a_locator_is_read_out_as_it_is_shown(locator: str) -> None:
    [link] = parse(f"[@a, {locator}]").xpath("//a")
    assert link.get("aria-label") == f"Source {link.text_content().strip('[]')}"


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "a <b onclick=alert(1)>b</b>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "a <!-- c --> b",
        "<!-- timeline: counts -->",
        "<?php x ?>",
        "<![CDATA[x]]>",
        "</div></article>",
        "<style>p { color: red }</style>",
        "<iframe src=https://a.example></iframe>",
    ],
)
def test_raw_html_is_shown_as_the_text_it_is(body: str) -> None:
    page = parse(body)
    assert [element.tag for element in page.iter()] == ["div", "p"]
    assert page.text_content() == body
    assert text_of(f"> - {body}").strip() == body


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("&lt;b&gt;", "<b>"),
        ("&#60;script&#62;", "<script>"),
        ("&copy; AT&T &c", "© AT&T &c"),
        ("a < b > c & d", "a < b > c & d"),
    ],
)
def test_entities_are_characters_and_make_no_elements(body: str, shown: str) -> None:
    page = parse(body)
    assert [element.tag for element in page.iter()] == ["div", "p"]
    assert page.text_content() == shown


UNSAFE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "java&#10;script:alert(1)",
    "javascript\\:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//a.example/x",
    "https:a.example",
    "ftp://a.example/x",
    "mailto:a@b.example",
    "../gone.md",
    "?x",
]
SYNTAX = {
    "inline": "[x]({})",
    "inline after a space": "[x]( {})",
    "inline with a title": '[x]({} "t")',
    "inline in angle brackets": "[x](<{}>)",
    "text with brackets": "[x [y]]({})",
    "reference": "[x][r]\n\n[r]: {}",
    "reference before its use": "[r]: <{}> 't'\n\n[x][r]",
    "collapsed reference": "[x][]\n\n[x]: {}",
    "short reference": "[x]\n\n[x]: {}",
    "reference in a quotation": "> [r]: {}\n\n[x][r]",
    "address in angle brackets": "<{}>",
    "image": "![x]({})",
    "image by reference": "![x][r]\n\n[r]: {}",
    "link around an image": "[![x]({0})]({0})",
    "link in a heading": "# [x]({})",
    "link in a list": "- [x]({})",
    "link in emphasis": "**[x]({})**",
}


@pytest.mark.parametrize("target", UNSAFE)
@pytest.mark.parametrize("syntax", SYNTAX.values(), ids=SYNTAX)
def test_a_link_to_anything_but_an_entry_or_the_web_has_no_address(
    syntax: str, target: str
) -> None:
    page = parse(syntax.format(target))
    assert page.xpath("//@href | //@src | //a | //img") == []
    assert page.text_content().strip()


@pytest.mark.parametrize(
    "body",
    ["[x]({})", "[x][r]\n\n[r]: {}", "[x]\n\n[x]: {}", "[x [y] z](<{}>)"],
)
def test_a_link_to_an_entry_leads_to_its_address_with_its_fragment(body: str) -> None:
    for fragment in ("", "#claims"):
        [link] = parse(body.format(ENTRY + fragment)).xpath("//a")
        assert dict(link.attrib) == {"href": f"../gate/{fragment}"}


@pytest.mark.parametrize(
    "body",
    ["[x]({})", "[x][r]\n\n[r]: {}", "[x]\n\n[x]: {}", "<{}>"],
)
def test_a_link_to_the_web_says_nothing_of_where_it_comes_from(body: str) -> None:
    [link] = parse(body.format("https://a.example/x_(y)?a=1&b=2")).xpath("//a")
    assert dict(link.attrib) == {
        "href": "https://a.example/x_(y)?a=1&b=2",
        "rel": "noopener noreferrer",
    }


@pytest.mark.parametrize("body", ["![x](https://a.example/y.png)", "![x][r]\n\n[r]: y.png", "![x]"])
def test_there_are_no_images(body: str) -> None:
    assert parse(body).xpath("//img") == []


@pytest.mark.parametrize(
    "act", [render, lambda body: [is_external(one.text) for one in find_links(body)]],
    ids=["render", "check"],
)  # fmt: skip
@pytest.mark.parametrize(
    "body", ["[x](https://[y)", "[x](//[)", "[r]\n\n[r]: http://[", "[x](https://a\u2100b/)"]
)
def test_an_address_that_cannot_be_split_is_no_crash(
    act: Callable[[str], object], body: str
) -> None:
    act(body)


@pytest.mark.parametrize(
    "body",
    ["# x", "x\n==", "x\n--", "---", "    x"],
    ids=["heading", "heading underlined twice", "heading underlined", "rule", "code block"],
)
def test_a_body_makes_only_paragraphs_lists_emphasis_quotations_and_links(body: str) -> None:
    assert {element.tag for element in parse(f"{body}\n\n- y\n\n> *z*")} == {
        "p",
        "ul",
        "blockquote",
    }


def test_nothing_of_one_body_shows_in_the_next() -> None:
    renderer = ProseRenderer()
    body = f"x [@a] [y][r] [z]({ENTRY}) **w** `v`\n\n[r]: https://a.example/"
    first = renderer.render(body, SOURCES, resolve)
    other = renderer.render("[y][r] [@b] [@gone] [@a]", {"b": 7, "gone": 9}, lambda _: "elsewhere/")
    assert (first.citations, other.citations) == ({"a": 1}, {"b": 1, "gone": 1})
    page = lxml_html.fragment_fromstring(other.html)
    assert page.xpath("//a/@href") == ["#source-b", "#source-gone"]
    assert page.text_content() == "[y][r] [7] [9] "
    assert (
        renderer.render(body, SOURCES, resolve)
        == first
        == ProseRenderer().render(body, SOURCES, resolve)
    )


ALLOWED: Mapping[str, set[str]] = {
    "p": set(),
    "blockquote": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "em": set(),
    "strong": set(),
    "code": set(),
    "pre": set(),
    "br": set(),
    "hr": set(),
    **{f"h{level}": set() for level in range(1, 7)},
    "a": {"href", "title", "rel", "class", "id", "aria-label"},
    "span": {"class", "title"},
}
PIECES = [
    "[@a]", "[@b, ", "[@", "[", "]", "](", "](<", ")", "![", "[r]: ", "[x][r]", "[1]: ", "[x]",
    "javascript:alert(1)", "https://a.example/", ENTRY, " onclick=alert(1) ", 'x="', "'", '"',
    "<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href=", "<", ">", "<!--", "-->",
    "&#106;", "&lt;", "&", "{: onclick=x}", "{@onclick=x}", "`", "``", "*", "**", "_", "***", "\\",
    "\n", "\n\n", "    ", "- ", "1. ", "> ", "# ", "---\n", "===\n", "klzzwxh:0001", "x",
]  # fmt: skip
BODIES = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30).map("".join)


@given(BODIES)
@settings(max_examples=300, deadline=None)
def test_no_body_makes_an_element_or_attribute_that_could_carry_code(body: str) -> None:
    assume(find_forbidden(body) is None)
    # An address that cannot be split has a test of its own.
    assume("//" not in body.replace("https://a.example/", ""))
    for element in parse(body).iterdescendants():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= ALLOWED[element.tag]
        href = element.get("href", "#")
        assert href.startswith(("#", "../gate/", "https://a.example/"))
