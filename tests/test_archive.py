"""Copies of sources: asked of a real server that plays the archive, and written into entries."""

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import BODY, ROOT, Project, make_entry
from wartimeline.files import read_entry
from wartimeline.web.amendments import NOT_A_LINE, NOT_THE_SAME, add_archive, insert_archive
from wartimeline.web.archive import Answer as Said
from wartimeline.web.archive import Outcome
from wartimeline.web.client import make_client
from wartimeline.web.links_command import add_commands, run_links
from wartimeline.web.wayback import Endpoints, Saver, make_https
from web_server import Answer, Handler, Play, Site, find_free_port, pause, redirect, run_site

ENTRY = "entries/1204/1204-03-09-gate.md"
PAGE = "https://post.example/gate"
COPY = "https://web.archive.org/web/20161213021500/https://post.example/gate"
QUICK = ("--delay", "0", "--save-delay", "0", "--retries", "0")


@pytest.fixture(autouse=True)
def _without_proxy_and_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("IA_ACCESS_KEY", raising=False)
    monkeypatch.delenv("IA_SECRET_KEY", raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    with run_site() as running:
        yield running


def archive(project: Project, site: Site, *arguments: str) -> int:
    """Run `links archive` as the command line does."""
    parser = argparse.ArgumentParser(prog="wartimeline")
    add_commands(parser.add_subparsers(dest="command"))
    where = ("--api", site.url(""), "--save-url", site.url("") + "/")
    options = parser.parse_args(["links", "archive", *QUICK, *where, *arguments])
    return run_links(parser, options, project.root)


def make_sources(*urls: str, published: str = "") -> str:
    lines = []
    for number, url in enumerate(urls):
        lines += [f"- id: s{number}", "  title: Gate", f"  url: {url}"]
        lines += [f"  published: {published}"] if published else []
        lines += ["  outlet: road-post", "  language: en", "  kind: news"]
    return "\n".join([*lines, ""])


def hold(*copies: tuple[str, str, str]) -> Play:
    """Play the archive: copies are timestamp, status and page; the nearest is offered.

    As in the real one, without a timestamp that is the newest.
    """

    def play(handler: Handler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        wanted = int(query.get("timestamp", ["99999999"])[0].ljust(14, "0"))
        found = [copy for copy in copies if copy[2] == query["url"][0]]
        closest: dict[str, Any] = {}
        if found:
            timestamp, status, page = min(found, key=lambda copy: abs(int(copy[0]) - wanted))
            address = f"http://web.archive.org/web/{timestamp}/{page}"
            known = {"available": True, "status": status}
            closest = {"closest": {"url": address, "timestamp": timestamp, **known}}
        Answer(body=json.dumps({"archived_snapshots": closest}).encode())(handler)

    return play


def asked_for(site: Site) -> list[dict[str, list[str]]]:
    """Return the questions that the archive was asked."""
    found = [urlsplit(request.path) for request in site.requests]
    return [parse_qs(parts.query) for parts in found if parts.path == "/wayback/available"]


def read_archives(project: Project, path: str = ENTRY) -> list[str | None]:
    entry, problems = read_entry(project.root / path, project.root)
    assert entry is not None
    assert problems == []
    value: Any = entry.front_matter.value
    return [source.get("archive") for source in value["sources"]]


# Looking for copies


def test_the_copy_nearest_to_publication_is_written_below_the_url(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project.add(make_entry(sources=make_sources(PAGE, published="2016-12-12")))
    before = file.read_text("utf-8")
    site.pages["/wayback/available"] = hold(
        ("20161213021500", "200", PAGE), ("20200101000000", "200", PAGE)
    )
    assert archive(project, site) == 0
    assert asked_for(site) == [{"url": [PAGE], "timestamp": ["20161212"]}]
    line = f"    url: {PAGE}\n"
    assert file.read_text("utf-8") == before.replace(line, f"{line}    archive: {COPY}\n")
    assert capsys.readouterr().out.splitlines() == [
        f"{ENTRY}:11: sources[0].archive: {COPY} [written]",
        "1 written of 1 source without a copy",
    ]


def test_without_a_day_of_publication_the_day_of_the_event_counts(
    project: Project, site: Site
) -> None:
    project.add(make_entry())
    site.pages["/wayback/available"] = hold()
    archive(project, site)
    assert asked_for(site)[0]["timestamp"] == ["12040309"]


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ([("20161213000000", "404"), ("20180101000000", "200")], "20180101000000"),
        ([("20161213000000", "301"), ("20180101000000", "503")], None),
        ([("20161201000000", "200"), ("20180101000000", "200")], "20180101000000"),
        ([("20161201000000", "200")], None),
        ([("20161211000000", "200")], "20161211000000"),
        ([("20160000000000", "200")], None),
        ([], None),
    ],
    ids=["404 is no copy", "none is good", "older", "only older", "time zones", "no day", "none"],
)
def test_a_copy_must_be_good_and_not_older_than_the_page(
    project: Project, site: Site, copies: list[tuple[str, str]], expected: str | None
) -> None:
    project.add(make_entry(sources=make_sources(PAGE, published="2016-12-12")))
    site.pages["/wayback/available"] = hold(*((*copy, PAGE) for copy in copies))
    assert archive(project, site) == 0
    address = f"https://web.archive.org/web/{expected}/{PAGE}" if expected else None
    assert read_archives(project) == [address]


@pytest.mark.parametrize("page", [f"{PAGE}?a=1&b=2#c", "https://post.example/ثلج", f"{PAGE}:"])
def test_any_address_is_asked_for_as_it_is(project: Project, site: Site, page: str) -> None:
    project.add(make_entry(sources=make_sources(f'"{page}"')))
    site.pages["/wayback/available"] = hold(("20161213000000", "200", page))
    archive(project, site)
    assert asked_for(site)[0]["url"] == [page]
    assert read_archives(project) == [f"https://web.archive.org/web/20161213000000/{page}"]


def test_sources_with_a_copy_are_not_asked_about(project: Project, site: Site) -> None:
    sources = make_sources(PAGE).replace("  outlet", f"  archive: {COPY}\n  outlet")
    project.add(make_entry(sources=sources))
    assert archive(project, site) == 0
    assert site.requests == []


def test_a_source_that_is_itself_a_copy_needs_none(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add(make_entry(sources=make_sources(COPY, "https://archive.ph/aBcDe")))
    assert archive(project, site) == 0
    assert site.requests == []
    assert capsys.readouterr().out == "every source has a copy\n"


def test_all_sources_of_a_file_get_their_own_copy(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [f"{PAGE}/{number}" for number in range(3)]
    project.add(make_entry(sources=make_sources(*pages)))
    site.pages["/wayback/available"] = hold(
        ("20161213000000", "200", pages[0]), ("20161214000000", "200", pages[2])
    )
    archive(project, site)
    assert read_archives(project) == [
        f"https://web.archive.org/web/20161213000000/{pages[0]}",
        None,
        f"https://web.archive.org/web/20161214000000/{pages[2]}",
    ]
    lines = (project.root / ENTRY).read_text("utf-8").splitlines()
    for shown in capsys.readouterr().out.splitlines()[:-1]:
        found = re.search(r":(\d+): sources\[\d\]\.(\w+): .*?(https:\S+)", shown)
        assert found is not None
        number, field, address = found.groups()
        assert lines[int(number) - 1] == f"    {field}: {address}"


def test_a_dry_run_shows_and_writes_nothing(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project.add(make_entry())
    before = file.read_bytes()
    site.pages["/wayback/available"] = hold(("20161213021500", "200", PAGE))
    assert archive(project, site, "--dry-run", "--save") == 0
    assert f"sources[0].archive: {COPY} [found]" in capsys.readouterr().out
    assert file.read_bytes() == before


def test_no_more_sources_are_asked_about_than_the_limit(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [f"{PAGE}/{number}" for number in range(5)]
    project.add(make_entry(sources=make_sources(*pages)))
    site.pages["/wayback/available"] = hold(*(("20161213000000", "200", page) for page in pages))
    for missing in (3, 1, 0):
        archive(project, site, "--limit", "2")
        assert read_archives(project).count(None) == missing
    assert "2 written, 3 not looked at of 5 sources" in capsys.readouterr().out


def test_a_page_without_a_copy_is_remembered(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add(make_entry())
    site.pages["/wayback/available"] = hold()
    assert archive(project, site) == 0
    first, asked = capsys.readouterr().out, len(site.requests)
    assert f"{ENTRY}:10: sources[0].url: missing: {PAGE} [archive-missing]" in first
    assert archive(project, site) == 0
    assert capsys.readouterr().out == first
    assert len(site.requests) == asked
    archive(project, site, "--fresh")
    assert len(site.requests) == 2 * asked


@pytest.mark.parametrize(
    ("play", "why"),
    [
        (Answer(500), "the archive answered 500"),
        (Answer(429), "the archive answered 429"),
        (Answer(body=b"<html>"), "the archive answered 200 in no JSON"),
        (Answer(body=b"[]"), "the archive answered 200 in no JSON"),
        (Answer(body=b"[" * 200_000), "the archive answered 200 in no JSON"),
    ],
    ids=["error", "refusal", "a page", "a list", "endless"],
)
def test_an_archive_without_an_answer_is_left_alone_after_three_and_nothing_is_remembered(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str], play: Play, why: str
) -> None:
    project.add(make_entry(sources=make_sources(*(f"{PAGE}/{n}" for n in range(5)))))
    site.pages["/wayback/available"] = play
    assert archive(project, site) == 1
    shown = capsys.readouterr().out
    assert f"sources[0].url: unasked ({why}): {PAGE}/0 [archive-unasked]" in shown
    assert "3 unasked, 2 not looked at of 5 sources" in shown
    site.pages["/wayback/available"] = hold(("20161213000000", "200", f"{PAGE}/0"))
    archive(project, site)
    assert read_archives(project)[0] is not None


def test_an_archive_that_is_down_ends_with_1(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add(make_entry())
    assert archive(project, site, "--api", f"http://127.0.0.1:{find_free_port()}") == 1
    assert "unasked (connection refused)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "closest",
    [None, [], "x", {"url": COPY}, {"url": COPY, "timestamp": "x", "status": "200"}],
)
def test_an_answer_of_another_form_is_no_copy(
    project: Project, site: Site, closest: object
) -> None:
    project.add(make_entry())
    body = json.dumps({"archived_snapshots": {"closest": closest}}).encode()
    site.pages["/wayback/available"] = Answer(body=body)
    assert archive(project, site) == 0
    assert read_archives(project) == [None]


def test_a_copy_whose_address_is_none_is_not_written(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project.add(make_entry())
    before = file.read_bytes()
    known = {"available": True, "status": "200", "timestamp": "20161213000000"}
    snapshots = {"closest": {"url": "javascript:alert(1)", **known}}
    site.pages["/wayback/available"] = Answer(
        body=json.dumps({"archived_snapshots": snapshots}).encode()
    )
    assert archive(project, site) == 1
    assert "unwritten (the address of the copy is not valid)" in capsys.readouterr().out
    assert file.read_bytes() == before


def test_a_source_in_braces_is_reported_with_the_line_to_add(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (
        f"{{id: post, title: Gate, url: '{PAGE}', outlet: road-post, language: en, kind: news}}"
    )
    file = project.add(make_entry(sources=f"[{source}]"))
    before = file.read_bytes()
    site.pages["/wayback/available"] = hold(("20161213021500", "200", PAGE))
    assert archive(project, site) == 1
    assert capsys.readouterr().out.startswith(
        f"{ENTRY}:7: sources[0].url: unwritten (the url does not stand on a line of its own): "
        f"{PAGE}; add it by hand: archive: {COPY} [archive-unwritten]\n"
    )
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "secure"),
    [
        ("http://web.archive.org/web/1/x", "https://web.archive.org/web/1/x"),
        ("https://web.archive.org/web/1/x", "https://web.archive.org/web/1/x"),
        ("http://archive.example/web/1/x", "http://archive.example/web/1/x"),
        ("http://notarchive.org/web/1/x", "http://notarchive.org/web/1/x"),
    ],
)
def test_addresses_of_the_archive_are_made_secure(address: str, secure: str) -> None:
    assert make_https(address) == secure


# Writing


def change(text: str, *changes: tuple[str, str]) -> bytes:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


PLAIN = make_entry()
URL = f"    url: {PAGE}\n"
NEW = f"    archive: {COPY}\n"
CRLF = PLAIN.replace("\n", "\r\n")
DASHED = (
    "  - id: post\n    title: Gate\n" + URL,
    f"  - url: {PAGE}\n    id: post\n    title: Gate\n",
)
WRITABLE: dict[str, tuple[bytes, bytes]] = {
    "plain": (change(PLAIN), change(PLAIN, (URL, URL + NEW))),
    "CRLF": (
        change(CRLF),
        CRLF.replace(f"{PAGE}\r\n", f"{PAGE}\r\n    archive: {COPY}\r\n").encode(),
    ),
    "only this line CRLF": (
        change(PLAIN, (PAGE, PAGE + "\r")),
        change(PLAIN, (URL, f"    url: {PAGE}\r\n    archive: {COPY}\r\n")),
    ),
    "all but this line CRLF": (
        CRLF.replace(f"{PAGE}\r\n", f"{PAGE}\n").encode(),
        CRLF.replace(f"{PAGE}\r\n", f"{PAGE}\n{NEW}").encode(),
    ),
    "first in its source": (
        change(PLAIN, DASHED),
        change(PLAIN, DASHED, (f"{PAGE}\n", f"{PAGE}\n{NEW}")),
    ),
    "wide dash": (
        PLAIN.replace("  - id", "  -   id").replace("\n    ", "\n      ").encode(),
        PLAIN.replace("  - id", "  -   id")
        .replace("\n    ", "\n      ")
        .replace(f"{PAGE}\n", f"{PAGE}\n  {NEW}")
        .encode(),
    ),
    "no indent": (
        PLAIN.replace("\n  ", "\n").encode(),
        PLAIN.replace("\n  ", "\n").replace(f"{PAGE}\n", f"{PAGE}\n{NEW[2:]}").encode(),
    ),
    "last in the front matter": (
        change(PLAIN, (URL, ""), ("    kind: news\n", "    kind: news\n" + URL)),
        change(PLAIN, (URL, ""), ("    kind: news\n", "    kind: news\n" + URL + NEW)),
    ),
    "comment behind": (
        change(PLAIN, (PAGE, f"{PAGE} # as printed: url: x")),
        change(PLAIN, (URL, f"    url: {PAGE} # as printed: url: x\n{NEW}")),
    ),
    "comments around": (
        change(PLAIN, (URL, f"    # url: {PAGE}\n{URL}\n  # odd\n")),
        change(PLAIN, (URL, f"    # url: {PAGE}\n{URL}{NEW}\n  # odd\n")),
    ),
    "double quotes": (
        change(PLAIN, (PAGE, f'"{PAGE}"')),
        change(PLAIN, (URL, f'    url: "{PAGE}"\n{NEW}')),
    ),
    "single quotes, spaces": (
        change(PLAIN, (f"url: {PAGE}", f"'url'  :   '{PAGE}'  ")),
        change(PLAIN, (URL, f"    'url'  :   '{PAGE}'  \n{NEW}")),
    ),
    "byte order mark": (
        b"\xef\xbb\xbf" + change(PLAIN),
        b"\xef\xbb\xbf" + change(PLAIN, (URL, URL + NEW)),
    ),
    "no new line at the end": (
        change(PLAIN).rstrip(b"\n"),
        change(PLAIN, (URL, URL + NEW)).rstrip(b"\n"),
    ),
    "the same line in the text": (
        change(PLAIN, (BODY, f"{BODY}\n{URL}\r\n\n\n")),
        change(PLAIN, (URL, URL + NEW), (BODY, f"{BODY}\n{URL}\r\n\n\n")),
    ),
    "odd ends of lines before": (
        change(PLAIN, ("summary: ", "summary: One\u2028two\x85three\rfour ")),
        change(PLAIN, ("summary: ", "summary: One\u2028two\x85three\rfour "), (URL, URL + NEW)),
    ),
    "texts of several lines before": (
        change(PLAIN, ("title: Gate\n", "title: >-\n\n      Gate\n\n      url: x\n\n")),
        change(
            PLAIN,
            ("title: Gate\n", "title: >-\n\n      Gate\n\n      url: x\n\n"),
            (URL, URL + NEW),
        ),
    ),
}


@pytest.mark.parametrize(("before", "after"), WRITABLE.values(), ids=WRITABLE)
def test_the_line_is_added_and_every_other_byte_kept(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    file = tmp_path / "entry.md"
    file.write_bytes(before)
    assert add_archive(file, tmp_path, 0, PAGE, COPY) == ""
    assert file.read_bytes() == after
    assert [path.name for path in tmp_path.iterdir()] == ["entry.md"]


def test_an_address_that_ends_in_a_colon_is_quoted(tmp_path: Path) -> None:
    file = tmp_path / "entry.md"
    file.write_text(PLAIN, encoding="utf-8")
    assert add_archive(file, tmp_path, 0, PAGE, f"{COPY}:") == ""
    assert file.read_bytes() == change(PLAIN, (URL, f'{URL}    archive: "{COPY}:"\n'))


@pytest.mark.parametrize(
    "address", [f"{COPY} # no more", f"{COPY}\n    author: Nobody", f"{COPY}\n---\n"]
)
def test_an_address_that_would_be_read_as_something_else_is_not_written(
    tmp_path: Path, address: str
) -> None:
    file = tmp_path / "entry.md"
    file.write_text(PLAIN, encoding="utf-8")
    assert add_archive(file, tmp_path, 0, PAGE, address) == NOT_THE_SAME
    assert file.read_text("utf-8") == PLAIN


@pytest.mark.parametrize(
    "line",
    [f"url: {PAGE},", f"url: {PAGE}/more", f"urls: {PAGE}", f"url:{PAGE}", "url:", f"- {PAGE}"],
)
def test_a_line_that_does_not_say_the_url_gets_none_below_it(line: str) -> None:
    assert insert_archive(f"  {line}\n".encode(), 1, PAGE, COPY) is None
    assert insert_archive(f"  url: {PAGE}\n".encode(), 1, PAGE, COPY) is not None


def test_of_two_sources_with_one_url_the_right_one_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "entry.md"
    text = make_entry(sources=make_sources(PAGE, PAGE))
    file.write_text(text, encoding="utf-8")
    assert add_archive(file, tmp_path, 1, PAGE, COPY) == ""
    first, second, third = text.split(URL)
    assert file.read_text("utf-8") == f"{first}{URL}{second}{URL}{NEW}{third}"


REST = "outlet: road-post, language: en, kind: news"
FLOW = f"{{id: post, title: Gate,\n    url: {PAGE}\n    , {REST}}}"
LAST = f"{{id: post, title: Gate, {REST},\n    url: {PAGE}\n    }}"
UNWRITABLE = {
    "braces": make_entry(sources=f"[{FLOW}]".replace("\n", " ")),
    "braces on several lines": PLAIN.replace(
        PLAIN.split("sources:")[1].split("---")[0], f"\n  - {FLOW}\n"
    ),
    "braces, url last": PLAIN.replace(
        PLAIN.split("sources:")[1].split("---")[0], f"\n  - {LAST}\n"
    ),
    "value on the next line": PLAIN.replace(URL, f"    url:\n      {PAGE}\n"),
    "folded": PLAIN.replace(URL, f"    url: >-\n      {PAGE}\n"),
    "long key": PLAIN.replace(URL, f"    ? url\n    : {PAGE}\n"),
    "in two lines": PLAIN.replace(URL, '    url: "https://post.example/\\\n      gate"\n'),
}


@pytest.mark.parametrize("text", UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_is_written_otherwise_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / "entry.md"
    file.write_text(text, encoding="utf-8")
    assert add_archive(file, tmp_path, 0, PAGE, COPY) in {NOT_A_LINE, NOT_THE_SAME}
    assert file.read_bytes() == text.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["entry.md"]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace(PAGE, "https://post.example/wall"),
        PLAIN.replace(URL, URL + NEW),
        PLAIN.split("sources:", maxsplit=1)[0] + "---\n",
        "nothing",
    ],
    ids=["another url", "a copy", "no sources", "no entry"],
)
def test_an_entry_that_has_changed_meanwhile_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / "entry.md"
    file.write_text(text, encoding="utf-8")
    assert add_archive(file, tmp_path, 0, PAGE, COPY) == "the entry has changed meanwhile"
    assert file.read_text("utf-8") == text


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    file, link = tmp_path / "entry.md", tmp_path / "link.md"
    file.write_text(PLAIN, encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    assert add_archive(link, tmp_path, 0, PAGE, COPY) == ""
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert NEW in file.read_text("utf-8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "entry.md"
    file.write_text(PLAIN, encoding="utf-8")
    file.chmod(0o440)
    assert add_archive(file, tmp_path, 0, PAGE, COPY) == "the file may not be written"
    assert file.read_text("utf-8") == PLAIN


ENDS = st.sampled_from(["\n", "\r\n"])
COMMENTS = st.sampled_from(["", "  ", "# url: x", "      # archive: y"])
QUOTES = st.sampled_from(["{}", '"{}"', "'{}'"])
FIELDS = ("id: post", "title: Gate", "outlet: road-post", "language: en", "kind: news")


@st.composite
def entries(draw: st.DrawFn) -> tuple[bytes, int, int, bytes]:
    """Draw an entry; which source, which line is to be added, and what is expected there."""
    indent, gap = draw(st.integers(0, 4)), draw(st.integers(1, 3))
    count, chosen = draw(st.integers(1, 3)), 0
    chosen = draw(st.integers(0, count - 1))
    lines = ["---", "title: Gate", "date: 1204-03-09", "kind: battle", "places: [brine]"]
    lines += ["summary: It fell.", "sources:"]
    at, added = 0, ""
    for number in range(count):
        space = draw(st.sampled_from(["", " ", "   "]))
        behind = draw(st.sampled_from(["", " ", " # a note: x", "\t"]))
        url = f"url{space}: {draw(QUOTES).format(PAGE)}{behind}"
        for position, field in enumerate(draw(st.permutations([*FIELDS, url]))):
            lines += draw(st.lists(COMMENTS, max_size=1)) if position else []
            lead = " " * indent + ("-" + " " * gap if position == 0 else " " * (gap + 1))
            lines.append(lead + field)
            if field == url and number == chosen:
                at, added = len(lines), " " * (indent + gap + 1) + f"archive: {COPY}"
    lines += ["---", *draw(st.lists(st.sampled_from(["", "Text.", f"  url: {PAGE}", "---"])))]
    ends = draw(st.lists(ENDS, min_size=len(lines), max_size=len(lines)))
    written = [line + end for line, end in zip(lines, ends, strict=True)]
    if draw(st.booleans()) and lines[-1] != "---":
        written[-1] = lines[-1]
    data = "".join(written).encode()
    return data, chosen, len("".join(written[:at]).encode()), (added + ends[at - 1]).encode()


@given(entries())
def test_whatever_the_form_one_line_is_added_and_nothing_else_changes(
    example: tuple[bytes, int, int, bytes],
) -> None:
    before, index, at, added = example
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "entry.md")
        file.write_bytes(before)
        assert add_archive(file, Path(folder), index, PAGE, COPY) == ""
        assert file.read_bytes() == before[:at] + added + before[at:]


# New copies


def test_without_keys_a_copy_is_asked_for_and_its_address_written(
    project: Project, site: Site
) -> None:
    project.add(make_entry())
    site.pages = {
        "/wayback/available": hold(),
        f"/save/{PAGE}": redirect(302, f"/web/20260101000000/{PAGE}"),
        f"/web/20260101000000/{PAGE}": Answer(),
    }
    assert archive(project, site, "--save") == 0
    assert read_archives(project) == [site.url(f"/web/20260101000000/{PAGE}")]


def test_the_address_may_come_in_a_header(project: Project, site: Site) -> None:
    project.add(make_entry())
    location = f"/web/20260101000000/{PAGE}"
    site.pages = {
        "/wayback/available": hold(),
        f"/save/{PAGE}": Answer(200, {"Content-Location": location}),
    }
    assert archive(project, site, "--save") == 0
    assert read_archives(project) == [site.url(location)]


def test_no_copies_are_asked_for_without_being_told(project: Project, site: Site) -> None:
    project.add(make_entry())
    site.pages["/wayback/available"] = hold()
    archive(project, site)
    archive(project, site, "--save", "--dry-run")
    assert not [request for request in site.requests if request.path.startswith("/save")]


def test_a_page_known_to_have_no_copy_is_saved_without_looking_again(
    project: Project, site: Site
) -> None:
    project.add(make_entry())
    site.pages["/wayback/available"] = hold()
    archive(project, site)
    asked = len(site.requests)
    archive(project, site, "--save")
    assert [request.path for request in site.requests[asked:]] == [f"/save/{PAGE}"]


def test_a_page_that_could_not_be_saved_is_remembered(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add(make_entry())
    site.pages = {"/wayback/available": hold(), f"/save/{PAGE}": Answer(520)}
    assert archive(project, site, "--save") == 1
    first, asked = capsys.readouterr().out, len(site.requests)
    assert "unsaved (the archive answered 520)" in first
    assert archive(project, site, "--save") == 1
    assert capsys.readouterr().out == first
    assert len(site.requests) == asked


def test_an_archive_that_wants_keys_is_asked_once_and_says_so(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [f"{PAGE}/{number}" for number in range(3)]
    project.add(make_entry(sources=make_sources(*pages)))
    site.pages = {f"/save/{page}": Answer(401) for page in pages}
    site.pages["/wayback/available"] = hold()
    assert archive(project, site, "--save") == 1
    saves = [request for request in site.requests if request.path.startswith("/save")]
    assert len(saves) == 1
    shown = capsys.readouterr().out
    assert shown.count("the archive wants keys: set IA_ACCESS_KEY and IA_SECRET_KEY") == 3
    assert "3 unsaved of 3 sources" in shown


def test_keys_of_the_environment_are_used(
    project: Project,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("IA_ACCESS_KEY", "key")
    monkeypatch.setenv("IA_SECRET_KEY", "secret")
    project.add(make_entry())
    error = {"status": "error", "status_ext": "error:blocked-url", "message": "No."}
    site.pages = {"/wayback/available": hold(), "/save": Answer(body=json.dumps(error).encode())}
    assert archive(project, site, "--save") == 1
    request = site.requests[-1]
    assert (request.method, request.path) == ("POST", "/save")
    assert request.headers["authorization"] == "LOW key:secret"
    assert parse_qs(request.body.decode())["url"] == [PAGE]
    assert "unsaved (error:blocked-url)" in capsys.readouterr().out
    assert not any("authorization" in r.headers for r in site.requests[:-1])


def save(site: Site, *pages: str, **more: Any) -> list[Said]:  # noqa: ANN401 - any endpoint
    """Ask for copies one after the other, without pauses."""
    given = {"delay": 0.0, "poll": 0.0, "pause": 0.0, **more}
    endpoints = Endpoints(site.url(""), site.url(""), **given)

    async def run() -> list[Said]:
        async with make_client(timeout=5) as client:
            saver = Saver(client, endpoints)
            return [await saver.save(page) for page in pages]

    return asyncio.run(run())


def say(**state: object) -> Answer:
    return Answer(body=json.dumps(state).encode())


KEYS = {"keys": ("key", "secret")}


def test_with_keys_the_job_is_followed_until_it_is_done(site: Site) -> None:
    done = say(status="success", timestamp="20260101000000", original_url=f"{PAGE}/")
    site.pages = {
        "/save": say(url=PAGE, job_id="spn2-1"),
        "/save/status/spn2-1": [say(status="pending"), Answer(502), say(status="pending"), done],
    }
    (said,) = save(site, f"{PAGE}#part", **KEYS)
    assert said == Said(site.url(f"/web/20260101000000/{PAGE}/"))
    assert parse_qs(site.requests[0].body.decode())["url"] == [PAGE]
    assert len(site.asked("/save/status/spn2-1")) == 4


@pytest.mark.parametrize(
    ("job", "trouble"),
    [
        (say(status="error", status_ext="error:not-found", message="m"), "error:not-found"),
        (say(status="error", message="The same snapshot."), "The same snapshot."),
        (say(status="success"), "the archive's answer is not understood"),
        (say(status="success", timestamp="soon"), "the archive's answer is not understood"),
        (Answer(404), "the archive's answer is not understood"),
    ],
)
def test_a_job_that_fails_says_why(site: Site, job: Answer, trouble: str) -> None:
    site.pages = {"/save": say(job_id="1"), "/save/status/1": job}
    assert save(site, PAGE, **KEYS) == [Said(trouble=trouble)]


@pytest.mark.parametrize(
    "refusal",
    [Answer(429), Answer(503, {"Retry-After": "0"}), say(status_ext="error:user-session-limit")],
    ids=["429", "503", "session limit"],
)
def test_an_archive_that_refuses_three_times_is_asked_no_more(site: Site, refusal: Answer) -> None:
    site.pages["/save"] = refusal
    said = save(site, PAGE, f"{PAGE}/2", **KEYS)
    assert [answer.is_refusal for answer in said] == [True, True]
    assert len(site.requests) == 3


def test_an_archive_that_refuses_at_first_is_asked_again(site: Site) -> None:
    place = f"/web/20260101000000/{PAGE}"
    site.pages = {f"/save/{PAGE}": [Answer(429), redirect(302, place)], place: Answer()}
    assert save(site, PAGE) == [Said(site.url(place))]


def test_the_archive_is_given_the_time_it_asks_for_unless_that_is_too_long(site: Site) -> None:
    site.pages[f"/save/{PAGE}"] = Answer(429, {"Retry-After": "1"})
    began = time.monotonic()
    save(site, PAGE, longest=0.5)
    assert len(site.requests) == 1
    assert time.monotonic() - began < 0.9
    save(site, PAGE, longest=10)
    times = [request.at for request in site.requests[1:]]
    assert len(times) == 3
    assert times[1] - times[0] >= 1


def test_there_is_a_pause_between_two_new_copies(site: Site) -> None:
    save(site, f"{PAGE}/1", f"{PAGE}/2", delay=0.3)
    first, second = (request.at for request in site.requests)
    assert second - first >= 0.3


# Breaking off


def start(project: Project, site: Site, *arguments: str) -> subprocess.Popen[str]:
    where = ("--api", site.url(""), "--save-url", site.url(""), *arguments)
    return subprocess.Popen(
        [sys.executable, "-m", "wartimeline", "links", "archive", *QUICK, *where],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_broken_off_keeps_what_it_wrote_and_goes_on_later(
    project: Project, site: Site, sent: signal.Signals
) -> None:
    pages = [f"{PAGE}/{number}" for number in range(12)]
    project.add(make_entry(sources=make_sources(*pages)))
    holding = hold(*(("20161213000000", "200", page) for page in pages))
    site.pages["/wayback/available"] = pause(0.03, holding)
    program = start(project, site)
    end = time.monotonic() + 20
    while len(site.requests) < 5:
        assert time.monotonic() < end
        time.sleep(0.005)
    program.send_signal(sent)
    out, err = program.communicate(timeout=20)
    written = len(pages) - read_archives(project).count(None)
    assert 4 <= written < len(pages)
    if sent == signal.SIGINT:
        assert program.returncode == 130
        assert f"{written} written" in out
        assert "interrupted" in err
        assert "Traceback" not in err
    asked = len(site.requests)
    assert archive(project, site) == 0
    assert None not in read_archives(project)
    assert len(site.requests) - asked == len(pages) - written


def test_every_result_is_documented() -> None:
    page = (ROOT / "docs" / "contribute" / "links.md").read_text("utf-8")
    assert all(f"| `{outcome}` |" in page for outcome in Outcome)
    assert "`IA_ACCESS_KEY`" in page
    assert "`IA_SECRET_KEY`" in page
