"""From a page to the block of a source: invented pages, read from files and from a real server."""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import OTHER_WAR, ROOT, Project, make_entry
from wartimeline.catalogue import Catalogue, parse_project
from wartimeline.fields import find_forbidden
from wartimeline.files import read_project
from wartimeline.located import read_yaml
from wartimeline.records import Source
from wartimeline.web.archive import Answer as ArchiveAnswer
from wartimeline.web.pages import Page, decode, read_page
from wartimeline.web.source_command import LARGEST, add_commands, run_source
from wartimeline.web.sourcing import make_block, write_scalar
from web_server import (
    Answer,
    Play,
    Site,
    drip,
    find_free_port,
    make_certificate,
    redirect,
    reset,
    run_site,
    stay_silent,
)

URL = "https://www.post.example/world/gate"
ARABIC = "سقوط بوابة برين بعد حصار دام يوما واحدا"
ARABIC_TEXT = "دخلت الشركة من البوابة صباح يوم الثلاثاء، وقال الحراس إنهم لا يزالون في السور. " * 4

NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Gate of Brine taken: watch withdraws",
    "datePublished": "2016-12-12T23:30:00-05:00",
    "dateModified": "2017-01-05",
    "inLanguage": "en-GB",
    "author": [{"@type": "Person", "name": "A. Writer"}, {"@type": "Person", "name": "B. Writer"}],
    "publisher": {"@type": "Organization", "name": "Road Post"},
}
FULL = """\
  - id: post
    title: "Gate of Brine taken: watch withdraws"
    url: https://www.post.example/world/gate
    outlet: road-post
    # agency: wire-of-salt   # the page names Wire of Salt: check
    author: A. Writer, B. Writer
    published: 2016-12-12
    language: en
    kind: news
"""


def make_page(head: str = "", body: str = "", lang: str = ' lang="en"') -> str:
    return (
        f"<!doctype html><html{lang}><head>{head}</head><body>{body}<p>The gate was taken in the "
        "morning, after the company had stood before it for a day and a night.</p></body></html>"
    )


def make_json(**changes: object) -> str:
    """Return a script of JSON-LD with an article; a key set to None is left out."""
    article = {key: value for key, value in {**NEWS, **changes}.items() if value is not None}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


def make_meta(**contents: str) -> str:
    names = {key.replace("__", ":"): value for key, value in contents.items()}
    return "".join(f'<meta property="{name}" content="{text}">' for name, text in names.items())


def read(page: str | bytes, charset: str = "", url: str = URL) -> Page:
    return read_page(page.encode() if isinstance(page, str) else page, url, charset)


def read_block(block: str) -> dict[str, Any]:
    """Read a block as it would stand in an entry, by the reader of entries."""
    located, problems = read_yaml(f"sources:\n{block}\n", "entry.md")
    assert problems == []
    assert isinstance(located.value, dict)
    sources = located.value["sources"]
    assert isinstance(sources, list)
    assert len(sources) == 1
    assert isinstance(sources[0], dict)
    return sources[0]


PARTS = [{"@graph": [{"@type": "WebSite", "name": "A"}, {**NEWS, "@type": ["Report"]}]}]
GRAPH = f'<script type="application/ld+json">//<![CDATA[\n{json.dumps(PARTS)}\n//]]></script>'


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    found, problems = parse_project(read_project(OTHER_WAR / "mkdocs.yml"))
    assert found is not None, problems
    return found


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def source(self) -> Source:
        """The block, which must be a whole and valid source."""
        return Source.model_validate(read_block(self.out))


Command = Callable[..., Run]


@pytest.fixture
def run(other_war: Project, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command as it would be typed, for the invented site."""

    def command(*arguments: str) -> Run:
        parser = argparse.ArgumentParser(prog="wartimeline")
        add_commands(parser.add_subparsers(dest="command"))
        try:
            options = parser.parse_args(["source", *arguments])
            code = run_source(parser, options, other_war.root)
        except SystemExit as end:
            code = int(str(end.code))
        return Run(code, *capsys.readouterr())

    return command


@pytest.fixture
def save(tmp_path: Path) -> Callable[[str | bytes], str]:
    """Save a page as a browser would, and return its path."""

    def write(page: str | bytes) -> str:
        path = tmp_path / "saved page.html"
        path.write_bytes(page.encode() if isinstance(page, str) else page)
        return str(path)

    return write


@pytest.fixture(autouse=True)
def _without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def site() -> Iterator[Site]:
    with run_site() as running:
        yield running


def test_a_page_with_metadata_gives_a_whole_block(run: Command, save: Callable[[str], str]) -> None:
    body = (
        "<article><h1>Gate of Brine taken: watch withdraws</h1><p>By A. Writer and B. Writer</p>"
        "<p>BRINE (Wire of Salt) - The gate of Brine was taken by the company.</p></article>"
    )
    done = run(URL, "--file", save(make_page(make_json(), body)))
    assert (done.code, done.out, done.err) == (0, FULL, "")
    assert done.source.title == "Gate of Brine taken: watch withdraws"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Gate taken</title>", "", "Gate taken"),
        ("<title>Gate taken | Road Post</title>", "", "Gate taken"),
        ("<title>Gate taken - The Road Post</title>", "", "Gate taken"),
        ("<title>Gate taken – post</title>", "", "Gate taken"),
        ("<title>Gate taken - Letters</title>", "", "Gate taken - Letters"),
        ("<title>Road Post</title>", "", "Road Post"),
        ("<title>Gate</title>" + make_meta(og__title="Gate taken"), "", "Gate taken"),
        (make_meta(og__title="Gate &amp;quot;taken&amp;quot;"), "", 'Gate "taken"'),
        (make_meta(og__title="SEO gate") + make_json(), "", NEWS["headline"]),
        (make_json(headline="Gate of Br…"), "<h1>Gate of Brine</h1>", "Gate of Brine"),
        ("<title>Gate is taken | Town</title>", "<h1>The gate is taken</h1>", "The gate is taken"),
        ("<title>Gate taken</title>", "<h1>The Road Post</h1>", "Gate taken"),
        ("<title>Gate taken</title>", "<h1>Shop</h1><h1>Gate taken</h1>", "Gate taken"),
        ("", "<h1>Gate <em>taken</em></h1>", "Gate taken"),
        ("<title>\n  Gate\t taken\u200b </title>", "", "Gate taken"),
        (make_json(headline=["Gate"]) + "<title>Gate taken</title>", "", "Gate taken"),
        ('<script type="application/ld+json">{"@type"</script><title>A</title>', "", "A"),
        (f"<title>A</title>{GRAPH}", "", NEWS["headline"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_title_is_the_headline_as_printed(
    head: str, body: str, title: str, catalogue: Catalogue
) -> None:
    assert read_block(make_block(read(make_page(head, body)), URL, catalogue))["title"] == title


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        (make_json(), "", "2016-12-12"),
        (make_meta(article__published_time="2016-12-12T08:00:00Z"), "", "2016-12-12"),
        ('<meta name="citation_publication_date" content="2016/12/12">', "", "2016-12-12"),
        ('<meta name="DC.date.issued" content="2016-12">', "", "2016-12"),
        ('<meta name="pubdate" content="20161212">', "", "2016-12-12"),
        ("", '<span itemprop="datePublished" content="2016-12-12">today</span>', "2016-12-12"),
        ("", '<article><time datetime="2016-12-12T08:00">Monday</time></article>', "2016-12-12"),
        (make_json(datePublished="2016-02-30"), "", None),
        (make_json(datePublished="1970-01-01"), "", None),
        (make_json(datePublished="0001-01-01T00:00:00"), "", None),
        (make_json(datePublished=None), "", None),
        (make_meta(article__modified_time="2016-12-12"), "", None),
        ("", "<p>The gate was taken on 12 December 2016.</p>", None),
        ("", "<footer>© 2016</footer>", None),
        (
            "",
            '<article><time datetime="2016-12-12"></time><time datetime="2017-01-05"></article>',
            None,
        ),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_the_day_is_one_that_the_page_states_and_never_a_guess(
    head: str, body: str, published: str | None, catalogue: Catalogue
) -> None:
    block = make_block(read(make_page(head, body)), URL, catalogue)
    assert read_block(block).get("published") == published
    assert ("# published: the page does not say" in block) == (published is None)


def test_a_day_in_the_address_is_offered_as_a_comment(catalogue: Catalogue) -> None:
    url = "https://post.example/2016/12/12/gate"
    block = make_block(read(make_page(), url=url), url, catalogue)
    assert "    # published: perhaps 2016-12-12" in block.splitlines()
    assert "published" not in read_block(block)


def test_days_that_contradict_each_other_are_all_shown(catalogue: Catalogue) -> None:
    page = make_page(make_json() + make_meta(article__published_time="2016-12-14"))
    block = make_block(read(page), URL, catalogue)
    assert read_block(block)["published"] == "2016-12-12"
    assert "    # published: the page also says 2016-12-14" in block.splitlines()


@pytest.mark.parametrize(
    ("lang", "head", "language"),
    [
        (' lang="en"', "", "en"),
        (' lang="en-GB"', "", "en"),
        (' lang="FR_fr"', "", "fr"),
        (' lang="zh-Hant-TW"', "", "zh-Hant"),
        (' xml:lang="de"', "", "de"),
        ("", make_meta(og__locale="pt_BR"), "pt"),
        ("", '<meta http-equiv="content-language" content="it">', "it"),
        ("", make_json(), "en"),
        (' lang=""', make_json(inLanguage="es"), "es"),
        (' lang="english"', "", None),
        (' lang="xx"', "", None),
        (' lang="und"', "", None),
        ("", "", None),
    ],
)
def test_the_language_is_what_the_page_says_if_that_is_one(
    lang: str, head: str, language: str | None, catalogue: Catalogue
) -> None:
    page = read(make_page(f"{head}<title>Gate taken</title>", lang=lang))
    block = make_block(page, URL, catalogue)
    assert read_block(block).get("language") == language
    assert ("# language: the page does not say which" in block) == (language is None)


def test_a_language_in_the_wrong_script_is_doubted(catalogue: Catalogue) -> None:
    block = make_block(read(make_page(f"<title>{ARABIC}</title>")), URL, catalogue)
    assert "# language: the page says en, but its headline is in another script" in block
    assert "language" not in read_block(block)


def test_an_arabic_page_gives_a_valid_block(run: Command, save: Callable[[str], str]) -> None:
    head = f"<meta charset=utf-8><title>\u202b{ARABIC}: الحراس\u202c</title>" + make_json(
        headline=None, inLanguage="ar", author=None
    )
    done = run(URL, "--file", save(make_page(head, ARABIC_TEXT, ' lang="ar" dir="rtl"')))
    assert done.source.title == f"{ARABIC}: الحراس"
    assert done.source.language == "ar"


ARABIC_PAGE = f'<html lang="ar" dir="rtl"><head>{{}}<title>{ARABIC}</title></head>{ARABIC_TEXT}'


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        (ARABIC_PAGE.format("").encode("cp1256"), ""),
        (ARABIC_PAGE.format("").encode("cp1256"), "utf-8"),
        (ARABIC_PAGE.format("").encode("cp1256"), "windows-1256"),
        (ARABIC_PAGE.format("").encode("cp1256"), "no-such-charset"),
        (ARABIC_PAGE.format('<meta charset="windows-1256">').encode("cp1256"), ""),
        (ARABIC_PAGE.format('<meta charset="utf-8">').encode("cp1256"), ""),
        (ARABIC_PAGE.format("").encode(), "iso-8859-1"),
        (ARABIC_PAGE.format('<meta charset="windows-1256">').encode(), ""),
        (ARABIC_PAGE.format("").encode("utf-8-sig"), ""),
        (ARABIC_PAGE.format("").encode("utf-16"), ""),
        (ARABIC_PAGE.format("").encode() + "س".encode()[:1], ""),
        (b'<?xml version="1.0" encoding="windows-1256"?>' + ARABIC_PAGE.format("").encode(), ""),
    ],
    ids=[
        *("undeclared", "wrong header", "header", "unknown charset", "meta", "wrong meta"),
        *("UTF-8 as Latin-1", "UTF-8 as Windows", "UTF-8 with BOM", "UTF-16", "cut off", "XML"),
    ],
)
def test_a_page_is_read_whatever_charset_it_claims(page: bytes, charset: str) -> None:
    assert read(page, charset).title == ARABIC


def test_latin_1_is_the_code_page_of_windows_as_in_browsers() -> None:
    assert decode("“Gate” – été".encode("cp1252"), "ISO-8859-1") == "“Gate” – été"


@pytest.mark.parametrize(
    ("head", "body", "author", "comment"),
    [
        (make_json(), "By A. Writer and B. Writer", "A. Writer, B. Writer", ""),
        (make_json(), "By A. Writer", "A. Writer", ""),
        (make_json(author="By A. Writer"), "A. Writer", "A. Writer", ""),
        (make_json(author={"name": "A. Writer"}), "A. Writer", "A. Writer", ""),
        ('<meta name="author" content="A. Writer">', "By A. Writer", "A. Writer", ""),
        ("", '<span class="author">A. Writer</span>', "A. Writer", ""),
        (make_json(), "", None, "only the metadata of the page name A. Writer, B. Writer"),
        (make_json(author="Road Post"), "By Road Post", None, ""),
        (make_json(author="the road post"), "By the road post", None, ""),
        (make_meta(article__author="https://people.example/a"), "", None, ""),
        (make_json(author="a@post.example"), "a@post.example", None, ""),
        (make_json(author=[{"@id": "#a"}, None, 3]), "", None, ""),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_the_author_is_one_that_the_page_shows(
    head: str, body: str, author: str | None, comment: str, catalogue: Catalogue
) -> None:
    page = read(make_page(head, f"<article><p>{body}</p></article>"))
    block = make_block(page, URL, catalogue)
    assert read_block(block).get("author") == author
    comments = [line for line in block.splitlines() if line.startswith("    # author")]
    assert comments == ([f"    # author: {comment}"] if comment else [])


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("BRINE (Wire of Salt) - The gate was taken.", 1),
        ("The gate was taken. (Road Post, Wire of Salt)", 1),
        ("The gate at dawn. (Wire of Salt / A. Writer)", 1),
        ("The gate was taken — Wire of Salt", 1),
        ("Source: Wire of Salt", 1),
        ("Copyright 2016 Wire of Salt", 1),
        ("A spokesman told Wire of Salt that the gate was taken.", 0),
        ("The gate was taken (wire of salt).", 0),
        ("BRINE (Brine Gazette) - The gate was taken.", 0),
    ],
)
def test_an_agency_that_the_text_credits_is_hinted_at(
    text: str,
    hints: int,
    catalogue: Catalogue,
) -> None:
    block = make_block(read(make_page(body=f"<article><p>{text}</p></article>")), URL, catalogue)
    hint = "    # agency: wire-of-salt   # the page names Wire of Salt: check"
    assert block.splitlines().count(hint) == hints
    assert "agency" not in read_block(block)


def test_an_outlet_in_the_byline_is_an_agency_and_no_author(catalogue: Catalogue) -> None:
    page = read(make_page(make_json(author="Brine Gazette"), "<p>Brine Gazette</p>"))
    block = make_block(page, URL, catalogue)
    assert "# agency: brine-gazette " in block
    assert "author" not in read_block(block)


def test_an_agency_beside_a_person_is_hinted_at_and_the_byline_kept(catalogue: Catalogue) -> None:
    name = "A. Writer, Wire of Salt"
    page = read(make_page(make_json(author=name), f"<p>By {name}</p>"))
    block = make_block(page, URL, catalogue)
    assert "# agency: wire-of-salt " in block
    assert read_block(block)["author"] == name


def test_the_agency_itself_is_not_its_own_agency(other_war: Project) -> None:
    text = "<p>BRINE (Wire of Salt, Road Post) - The gate was taken.</p>"
    page = read(make_page(make_meta(og__site_name="Wire of Salt"), text))
    block = make_block(page, "https://wire.example/a", parse(other_war))
    assert read_block(block)["outlet"] == "wire-of-salt"
    assert "# agency" not in block


def test_several_agencies_are_given_as_a_list(other_war: Project) -> None:
    other_war.edit(
        "entries/outlets.yml",
        "name: Brine Gazette\n  kind: newspaper",
        "name: Brine Gazette\n  kind: news-agency",
    )
    page = read(make_page(body="<p>BRINE (Brine Gazette, Wire of Salt) - It was taken.</p>"))
    assert (
        "    # agency: [brine-gazette, wire-of-salt]   "
        "# the page names Brine Gazette and Wire of Salt: check"
    ) in make_block(page, URL, parse(other_war)).splitlines()


def parse(project: Project) -> Catalogue:
    found, problems = parse_project(read_project(project.config))
    assert found is not None, problems
    return found


@pytest.mark.parametrize(
    ("url", "site", "outlet"),
    [
        ("https://gazette.example/other", "", "brine-gazette"),
        ("http://WWW.gazette.example:8080/other", "Road Post", "brine-gazette"),
        ("https://mobile.post.example/other", "", "road-post"),
        ("https://unknown.example/a", "wire OF salt", "wire-of-salt"),
        ("https://unknown.example/a", "The Wire of Salt", "wire-of-salt"),
        ("https://unknown.example/a", "The Wire", None),
        ("https://xgazette.example/a", "", None),
        ("https://example/a", "", None),
    ],
)
def test_the_outlet_is_found_by_its_addresses_and_then_by_its_name(
    url: str, site: str, outlet: str | None, catalogue: Catalogue
) -> None:
    assert read_block(make_block(Page(site=site), url, catalogue)).get("outlet") == outlet


def test_other_names_of_an_outlet_count(other_war: Project) -> None:
    other_war.edit(
        "entries/outlets.yml",
        "name: Wire of Salt",
        "name: Wire of Salt\n  also: [WOS]\n  names: {ar: سلك الملح}",
    )
    for name in ("wos", "سلك الملح"):
        block = make_block(Page(site=name), "https://unknown.example/a", parse(other_war))
        assert read_block(block)["outlet"] == "wire-of-salt"


def test_of_several_outlets_at_a_host_the_most_frequent_is_taken_and_doubted(
    project: Project,
) -> None:
    for number, outlet in enumerate(["road-post", "wire-of-salt", "wire-of-salt"]):
        source = f"- {{id: a, title: A, url: 'https://copies.example/{number}', outlet: {outlet}, "
        source += "language: en, kind: news}"
        text = make_entry("It was taken [@a].\n", sources=f"{source}\n")
        project.add(text, f"1204/1204-03-09-gate-{number}.md")
    found = parse(project)
    block = make_block(Page(), "https://copies.example/9", found)
    assert read_block(block)["outlet"] == "wire-of-salt"
    assert "# outlet: sources at copies.example are also from road-post: check" in block
    named = make_block(Page(site="Road Post"), "https://copies.example/9", found)
    assert read_block(named)["outlet"] == "road-post"


def test_an_unknown_outlet_is_a_comment_with_what_the_page_calls_itself(
    catalogue: Catalogue,
) -> None:
    block = make_block(Page(site="Brine: The Courier"), "https://courier.example/a", catalogue)
    assert "    # outlet: the page calls itself Brine: The Courier; find it in" in block
    assert "entries/outlets.yml" in block
    source = read_block(block)
    assert source == {"id": "brine-the-courier", "url": "https://courier.example/a"}


@pytest.mark.parametrize(
    ("outlet_kind", "kind"),
    [
        ("un-body", "un"),
        ("ngo", "ngo"),
        ("government", "government"),
        ("monitor", "monitor"),
        ("academic", "academic"),
        ("reference", "reference"),
        ("state-media", "news"),
        ("news-agency", "news"),
        ("blog", "news"),
    ],
)
def test_the_kind_follows_from_that_of_the_outlet(
    outlet_kind: str, kind: str, other_war: Project
) -> None:
    other_war.edit(
        "entries/outlets.yml",
        "name: Road Post\n  kind: newspaper",
        f"name: Road Post\n  kind: {outlet_kind}",
    )
    assert read_block(make_block(Page(), URL, parse(other_war)))["kind"] == kind


def test_a_page_that_is_cited_already_is_named(catalogue: Catalogue) -> None:
    assert "cited already" not in make_block(Page(), "https://gazette.example/", catalogue)
    block = make_block(Page(), "http://www.gazette.example/gate/#top", catalogue)
    assert "    # cited already: as gazette in entries/1204/1204-03-09-gate" in block


def test_a_headline_that_is_too_long_is_a_comment(catalogue: Catalogue) -> None:
    block = make_block(Page(title="gate " * 100), URL, catalogue)
    assert "title: it has" in block
    assert "title" not in read_block(block)


@pytest.mark.parametrize(
    "text",
    [
        "Gate taken",
        "Gate:taken",
        ARABIC,
        "It's taken",
        "a#b",
        "12:30",
        "no",
        "2016-12-12",
        "Gate (“taken”)",
        "https://post.example/a?b=c#d",
        "-1",
    ],
)
def test_a_text_that_yaml_reads_as_it_stands_has_no_quotation_marks(text: str) -> None:
    assert write_scalar(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gate: taken",
        "Gate taken:",
        "[Gate] taken",
        "{Gate}",
        "'Gate' taken",
        '"Gate" taken',
        "Gate # taken",
        "# Gate",
        "- Gate",
        "? Gate",
        "*Gate",
        "&Gate",
        "!Gate",
        "%Gate",
        "@Gate",
        "`Gate",
        "> Gate",
        "| Gate",
        " Gate",
        "Gate ",
        "Gate\ntaken",
        "\x00",
        "\x85",
        "a\\b: c",
        "\ufffe",
        f"{ARABIC}: ا",
    ],
)
def test_a_text_that_yaml_would_take_for_something_else_has_quotation_marks(text: str) -> None:
    written = write_scalar(text)
    assert written[0] == written[-1] == '"'
    located, problems = read_yaml(f"- id: a\n  title: {written}\n  url: b\n", "")
    assert problems == []
    assert located.value == [{"id": "a", "title": text, "url": "b"}]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_is_read_back_as_it_was_written(text: str) -> None:
    located, problems = read_yaml(f"  - id: a\n    title: {write_scalar(text)}\n    b: c", "")
    assert problems == []
    assert located.value == [{"id": "a", "title": text, "b": "c"}]


@given(st.binary(), st.sampled_from(["", "utf-8", "windows-1256", "nonsense"]))
@settings(max_examples=50, deadline=None)
def test_no_bytes_break_the_reader(body: bytes, charset: str) -> None:
    page = read(body, charset)
    assert find_forbidden(f"{page.title}{page.site}{page.language}") is None


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_page_says_the_block_is_yaml(
    catalogue: Catalogue, text: str, other: str
) -> None:
    head = f"<title>{text}</title>" + make_json(headline=other, author=text, datePublished=other)
    head += f'<meta property="og:site_name" content="{text}">'
    block = make_block(read(make_page(head, f"<h1>{other}</h1><p>{text}")), URL, catalogue)
    assert read_block(block)["url"] == URL


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ("[]", "post"),
        ("[{id: gazette}]", "post"),
        ("[{id: post}]", "post-2"),
        ("[{id: post}, {id: post-2}, {title: none}]", "post-3"),
        ("none", "post"),
    ],
)
def test_the_id_is_the_usual_one_of_the_outlet_and_new_in_the_entry(
    sources: str, expected: str, run: Command, save: Callable[[str], str], tmp_path: Path
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"---\ntitle: Draft\nsources: {sources}\n---\n\nText.\n", "utf-8")
    done = run(URL, "--file", save(make_page("<title>Gate</title>")), "--entry", str(draft))
    assert done.source.id == expected
    assert (done.code, done.err) == (0, "")


def test_an_entry_whose_ids_cannot_be_read_is_named(
    run: Command, save: Callable[[str], str], tmp_path: Path
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("Only text.\n", "utf-8")
    done = run(URL, "--file", save(make_page("<title>Gate</title>")), "--entry", str(draft))
    assert done.source.id == "post"
    assert "draft.md has no front matter that can be read" in done.err


def test_a_page_is_fetched_and_its_charset_taken_from_the_server(run: Command, site: Site) -> None:
    page = make_page("<title>Gate “taken”</title>").encode("cp1252")
    kind = {"Content-Type": "text/html; charset=windows-1252"}
    site.pages["/gate"] = Answer(200, kind, page)
    done = run(site.url("/gate"))
    assert (done.code, done.err) == (0, "")
    assert read_block(done.out)["title"] == "Gate “taken”"
    assert read_block(done.out)["url"] == site.url("/gate")


REFUSED = "the site refuses automatic readers"
PAGE = Answer(200, {}, make_page("<title>Gate</title>").encode())


@pytest.mark.parametrize(
    ("play", "message"),
    [
        *((Answer(status), f"{REFUSED} ({status}): save") for status in (401, 403, 429, 451, 999)),
        (Answer(503, {"cf-mitigated": "challenge"}), f"{REFUSED} (503): save"),
        (Answer(404), "the page is gone (404)"),
        (Answer(410), "the page is gone (410)"),
        (Answer(500), "the site has an error (500)"),
        (Answer(204, {}, b""), "the site sent no page (204)"),
        (Answer(200, {}, b""), "there is nothing to read in the page: save"),
        (Answer(200, {}, b"<html><script>draw()</script></html>"), "there is nothing to read"),
        (Answer(200, {}, b"<html><title>Just a moment...</title></html>"), f"{REFUSED} ('Just"),
        (redirect(302, "/"), "the page may be gone"),
        (redirect(302, "/gate"), "the page did not come: redirect loop"),
        (redirect(302, "ftp://post.example/"), "the page did not come: redirect to what is not"),
        (reset, "the page did not come: connection reset"),
        (stay_silent, "the site does not answer in time: try again or set --timeout"),
        (drip, "the site does not answer in time: try again or set --timeout"),
    ],
)
def test_why_there_is_no_page_is_said(play: Play, message: str, run: Command, site: Site) -> None:
    site.pages.update({"/gate": play, "/": PAGE})
    done = run(site.url("/gate"), "--timeout", "0.5")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{site.url('/gate')}: ")
    assert message in done.err
    assert done.err.count("\n") == 1


def test_a_refusal_says_what_to_do(run: Command, site: Site) -> None:
    site.pages["/gate"] = Answer(403)
    advice = "save the page in a browser and use --file"
    assert run(site.url("/gate")).err == (
        f"{site.url('/gate')}: the site refuses automatic readers (403): {advice}\n"
    )


def test_a_port_on_which_nobody_listens_is_reported(run: Command) -> None:
    done = run(f"http://127.0.0.1:{find_free_port()}/gate")
    assert (done.code, done.out) == (1, "")
    assert "the page did not come: connection refused" in done.err


def test_a_certificate_that_nobody_has_signed_is_reported(run: Command, tmp_path: Path) -> None:
    with run_site(make_certificate(tmp_path)) as site:
        site.pages["/gate"] = PAGE
        done = run(site.url("/gate"))
    assert (done.code, done.out) == (1, "")
    assert "there is no secure connection (TLS error: " in done.err


def test_a_redirect_is_followed_and_told(run: Command, site: Site) -> None:
    site.pages.update({"/old": redirect(301, "/gate"), "/gate": PAGE})
    done = run(site.url("/old"))
    assert done.code == 0
    assert read_block(done.out)["url"] == site.url("/gate")
    assert done.err == (
        f"{site.url('/old')}: the address leads to {site.url('/gate')}, "
        "which stands in the block: check\n"
    )


def test_a_front_page_that_was_asked_for_is_read(run: Command, site: Site) -> None:
    site.pages["/"] = PAGE
    assert run(site.url("/")).code == 0


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        ("application/pdf", b"%PDF-1.4", "the document is a PDF, which this command cannot read"),
        ("text/html", b"\n%PDF-1.4", "the document is a PDF, which this command cannot read"),
        ("image/png", b"\x89PNG", "this is not a page but image/png"),
        ("application/json", b'{"title": "Gate"}', "this is not a page but application/json"),
    ],
)
def test_what_is_no_page_gives_a_skeleton(
    kind: str, body: bytes, message: str, run: Command, site: Site
) -> None:
    site.pages["/gate"] = Answer(200, {"Content-Type": kind}, body)
    done = run(site.url("/gate"))
    assert done.code == 1
    assert f"{site.url('/gate')}: {message}: fill in the rest by hand" in done.err
    assert read_block(done.out).keys() == {"id", "url"}
    assert "    # title: the headline as printed, in its language" in done.out


def test_a_skeleton_has_what_the_address_tells(run: Command, save: Callable[[bytes], str]) -> None:
    done = run("https://post.example/report.pdf", "--file", save(b"%PDF-1.7"))
    assert done.code == 1
    assert read_block(done.out) == {
        "id": "post",
        "url": "https://post.example/report.pdf",
        "outlet": "road-post",
        "kind": "news",
    }


def test_html_that_is_sent_as_something_else_is_a_page(run: Command, site: Site) -> None:
    kind = {"Content-Type": "text/plain"}
    site.pages["/gate"] = Answer(200, kind, make_page("<title>Gate</title>").encode())
    assert run(site.url("/gate")).code == 0


def test_of_a_huge_page_the_beginning_is_read(run: Command, site: Site) -> None:
    page = make_page(f"<title>Gate</title><!-- {'x' * LARGEST} -->").encode()
    site.pages["/gate"] = Answer(200, {}, page)
    done = run(site.url("/gate"))
    assert done.code == 0
    assert read_block(done.out)["title"] == "Gate"
    assert f"only the first {LARGEST:,} bytes of the page were read" in done.err


def test_with_a_saved_copy_nobody_is_asked(
    run: Command, site: Site, save: Callable[[str], str]
) -> None:
    done = run(site.url("/gate"), "--file", save(make_page("<title>Gate</title>")))
    assert done.code == 0
    assert site.requests == []


def test_a_saved_copy_in_which_there_is_nothing_is_reported(
    run: Command, save: Callable[[str], str]
) -> None:
    done = run(URL, "--file", save(""))
    assert (done.code, done.out) == (1, "")
    assert done.err == f"{URL}: there is nothing to read in the page\n"


COPY = "https://web.archive.org/web/20161213000000/http://post.example/gate"


def answer_archive(**closest: str | bool) -> Answer:
    snapshots = {"closest": closest} if closest else {}
    return Answer(200, {}, json.dumps({"archived_snapshots": snapshots}).encode())


@pytest.mark.parametrize(
    ("play", "line"),
    [
        (
            answer_archive(available=True, status="200", timestamp="20161213000000", url=COPY),
            f"    archive: {COPY}",
        ),
        (
            answer_archive(available=True, status="200", timestamp="20150101000000", url=COPY),
            "    # archive: the archive has no copy",
        ),
        (
            answer_archive(available=True, status="200", timestamp="20161213000000", url="a b"),
            "    # archive: the archive gave no valid address",
        ),
        (answer_archive(), "    # archive: the archive has no copy"),
        (Answer(403), "    # archive: the archive answered 403"),
    ],
    ids=["copy", "older than the page", "no address", "none", "refusal"],
)
def test_an_archived_copy_is_looked_for_near_the_day(
    play: Play, line: str, run: Command, site: Site
) -> None:
    site.pages["/gate"] = Answer(200, {}, make_page(make_json()).encode())
    site.pages["/wayback/available"] = play
    done = run(site.url("/gate"), "--archive", "--api", site.url("/"))
    assert done.code == 0
    assert line in done.out.splitlines()
    asked = [request.path for request in site.requests if request.path.startswith("/wayback")]
    assert asked[0].endswith("timestamp=20161212")
    read_block(done.out)


def test_the_archive_is_not_asked_unless_that_is_wanted(run: Command, site: Site) -> None:
    site.pages["/gate"] = PAGE
    done = run(site.url("/gate"), "--api", site.url("/"))
    assert site.asked("/gate") == ["GET"]
    assert len(site.requests) == 1
    assert "archive" not in done.out


def test_an_archived_address_is_written_as_it_is(catalogue: Catalogue) -> None:
    long = f"{COPY}/{'a' * 400}"
    block = make_block(Page(), URL, catalogue, archive=ArchiveAnswer(long))
    assert read_block(block)["archive"] == long


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "the following arguments are required: URL"),
        (("post.example/gate",), "is not a complete http or https address"),
        (("file:///etc/hosts",), "is not a complete http or https address"),
        (("https://post example/",), "is not a complete http or https address"),
        ((URL, "--timeout", "0"), "it must be more than 0"),
        ((URL, "--api", "archive"), "is not an http or https address"),
        ((URL, "--file", "no such page.html"), "there is no file no such page.html"),
        ((URL, "--entry", "no such entry.md"), "there is no file no such entry.md"),
        ((URL, "--file", "a.html", "--archive"), "with --file nobody is asked"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], message: str, run: Command) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


@pytest.mark.parametrize("package", ["httpx", "trafilatura"])
def test_a_package_that_is_missing_is_asked_for(
    package: str, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    done = run(URL)
    assert (done.code, done.out) == (2, "")
    assert "pip install 'wartimeline[web]'" in done.err


def test_the_command_is_known_without_the_packages_it_needs() -> None:
    code = "import sys; sys.modules.update(httpx=None, trafilatura=None); import wartimeline.web."
    subprocess.run([sys.executable, "-c", f"{code}source_command"], cwd=ROOT / "hooks", check=True)


def test_settings_that_cannot_be_read_are_reported(
    run: Command, other_war: Project, save: Callable[[str], str]
) -> None:
    other_war.config.write_text("site_name: Brine\n", "utf-8")
    done = run(URL, "--file", save(make_page("<title>Gate</title>")))
    assert (done.code, done.out) == (1, "")
    assert "`wartimeline check` says why" in done.err


def test_the_documentation_shows_the_block_and_every_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (ROOT / "docs" / "contribute" / "source-block.md").read_text("utf-8")
    assert f"```yaml\n{FULL.replace('www.', '')}```" in page
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    with pytest.raises(SystemExit):
        parser.parse_args(["source", "--help"])
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help", "--project"}
    assert options == set(re.findall(r"^\| `(--[a-z]+)", page, re.MULTILINE))
