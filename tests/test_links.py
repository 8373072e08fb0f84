"""Whether links still lead to something: asked of a real server that plays good and bad sites."""

import argparse
import asyncio
import datetime as dt
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import ROOT, Project, make_entry
from wartimeline.web.client import Reply, fetch, make_client, make_user_agent
from wartimeline.web.journal import Journal
from wartimeline.web.links import LinkState, is_same_page, judge
from wartimeline.web.links_command import add_commands, run_links
from wartimeline.web.manners import Manners
from web_server import (
    Answer,
    Play,
    Site,
    babble,
    drip,
    find_free_port,
    make_certificate,
    only_get,
    pause,
    pour,
    redirect,
    reset,
    run_site,
    stay_silent,
)

TIMEOUT = 5
"""Long enough for a busy machine; where a time-out is meant, the test sets its own."""
QUICK = ("--delay", "0", "--timeout", str(TIMEOUT))
ENTRY = "entries/1204/1204-03-09-gate.md"
URL_LINE = 10
"""The line of the url of the first source; each source has six lines."""


@pytest.fixture(autouse=True)
def _without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def site() -> Iterator[Site]:
    with run_site() as running:
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def make_sources(*urls: str, archives: tuple[str, ...] = ()) -> str:
    """Return sources with these addresses, as they stand in an entry."""
    blocks = []
    for number, url in enumerate(urls):
        lines = [f"id: s{number}", "title: Gate", f"url: {url}"]
        lines += ["outlet: road-post", "language: en", "kind: news"]
        if number < len(archives):
            lines.append(f"archive: {archives[number]}")
        blocks.append("- " + "\n  ".join(lines))
    return "\n".join([*blocks, ""])


def add_sources(project: Project, *urls: str, name: str = "1204/1204-03-09-gate.md") -> Path:
    return project.add(make_entry(sources=make_sources(*urls)), name)


def links(project: Project, *arguments: str) -> int:
    """Run `links` as the command line does."""
    parser = argparse.ArgumentParser(prog="wartimeline")
    add_commands(parser.add_subparsers(dest="command"))
    return run_links(parser, parser.parse_args(["links", *arguments]), project.root)


def check(project: Project, *arguments: str) -> int:
    return links(project, "check", *QUICK, *arguments)


def start(project: Project, *arguments: str) -> subprocess.Popen[str]:
    """Start `links` as a program of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "wartimeline", "links", *arguments],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask(url: str, *, largest: int = 1000, timeout: float = TIMEOUT, method: str = "GET") -> Reply:
    async def run() -> Reply:
        async with make_client(timeout=timeout) as client:
            return await fetch(client, url, largest=largest, method=method)

    return asyncio.run(run())


# What a server does, and what the reader of the report is told: the state and the words after it.
CASES: dict[str, tuple[Play | list[Play], str]] = {
    "a page": (Answer(), "live"),
    "a page that is not text": (
        Answer(200, {"Content-Type": "text/html; charset=none-such"}, b"\xff\xfe\x00"),
        "live",
    ),
    "a page that refuses HEAD": (only_get(405), "live"),
    "a page whose HEAD is not implemented": (only_get(501), "live"),
    "a page whose HEAD is missing": (only_get(404), "live"),
    "a page whose HEAD is forbidden": (only_get(403), "live"),
    "a page whose HEAD breaks": ([reset, Answer()], "live"),
    "an error that passes": ([Answer(500), Answer(500), Answer()], "live"),
    "a time-out that passes": ([stay_silent, stay_silent, Answer()], "live"),
    "a page without end": (pour, "live"),
    "a page that drips": (drip, "live"),
    "moved for good": (redirect(301, "/new"), "moved (for good): {url}; it is now {site}/new"),
    "moved for good, newer status": (
        redirect(308, "/new"),
        "moved (for good): {url}; it is now {site}/new",
    ),
    "moved for now": (redirect(302, "/new"), "live"),
    "a slash is added": (redirect(301, "/page/"), "live"),
    "moved to the home page": (
        redirect(302, "/"),
        "moved (for now): {url}; leads to the home page {site}/",
    ),
    "moved for good to the home page": (
        redirect(301, "/en/index.html"),
        "moved (for good): {url}; leads to the home page {site}/en/index.html",
    ),
    "moved to an error page": (
        redirect(302, "/errors/404.html"),
        "moved (for now): {url}; leads to an error page {site}/errors/404.html",
    ),
    "moved to what is gone": (redirect(301, "/missing"), "gone (404): {url}"),
    "not found": (Answer(404), "gone (404): {url}"),
    "gone": (Answer(410), "gone (410): {url}"),
    "log-in wanted": (Answer(401), "blocked (401): {url}"),
    "forbidden": (Answer(403), "blocked (403): {url}"),
    "not for legal reasons": (Answer(451), "blocked (451): {url}"),
    "refused in its own way": (Answer(999), "blocked (999): {url}"),
    "too many requests": (Answer(429), "blocked (429): {url}"),
    "too many requests for an hour": (
        Answer(429, {"Retry-After": "3600"}),
        "blocked (429): {url}",
    ),
    "a challenge": (Answer(503, {"cf-mitigated": "challenge"}), "blocked (503): {url}"),
    "an error": (Answer(500), "unreachable (500): {url}"),
    "a loop": (redirect(302, "/page"), "unreachable (redirect loop): {url}"),
    "a redirect to nowhere": (
        redirect(302, "ftp://post.example/"),
        "unreachable (redirect to what is not a web address): {url}",
    ),
    "a redirect without an address": (Answer(302), "unreachable (302): {url}"),
    "silence": (stay_silent, "unreachable (time-out): {url}"),
    "a connection that breaks": (reset, "unreachable (connection reset): {url}"),
    "another protocol": (babble, "unreachable (no answer in HTTP): {url}"),
}


@pytest.mark.parametrize(("play", "said"), CASES.values(), ids=CASES)
def test_what_a_server_does_is_reported_as(
    project: Project,
    site: Site,
    capsys: pytest.CaptureFixture[str],
    play: Play | list[Play],
    said: str,
) -> None:
    url = site.url("/page")
    site.pages |= {"/page": play} | dict.fromkeys(
        ("/", "/new", "/page/", "/en/index.html", "/errors/404.html"), Answer()
    )
    add_sources(project, url)
    is_silent = stay_silent in (play if isinstance(play, list) else [play])
    assert check(project, *(("--timeout", "0.3") if is_silent else ())) == 0
    *reported, summary = capsys.readouterr().out.splitlines()
    state = said.partition(" ")[0]
    assert f"1 {state}" in summary
    assert summary.endswith(" of 1 link")
    if state == "live":
        assert reported == []
    else:
        message = said.format(url=url, site=site.url(""))
        assert reported == [f"{ENTRY}:{URL_LINE}: sources[0].url: {message} [link-{state}]"]


def test_a_certificate_that_nobody_signed_is_unreachable_and_asked_for_once(
    project: Project, certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with run_site(certificate) as site:
        add_sources(project, site.url("/page"))
        check(project)
    shown = capsys.readouterr().out
    assert "unreachable (TLS error: self-signed certificate): https://127" in shown
    assert site.requests == []


def test_a_signed_certificate_is_live(
    project: Project,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    with run_site(certificate) as site:
        site.pages["/page"] = Answer()
        add_sources(project, site.url("/page"))
        check(project)
    assert "1 live" in capsys.readouterr().out


def test_a_closed_port_and_a_name_that_does_not_exist_are_unreachable(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    port = find_free_port()
    add_sources(project, f"http://127.0.0.1:{port}/", "http://no-such-host.invalid/page")
    check(project)
    first, second, _ = capsys.readouterr().out.splitlines()
    assert f"unreachable (connection refused): http://127.0.0.1:{port}/" in first
    # What is said of the name depends on whether this machine can ask anybody, and how fast.
    words = ("no such host", "host names cannot be looked up", "time-out")
    assert any(f"unreachable ({word}): http://no-such-host" in second for word in words)


@pytest.mark.parametrize(
    ("status", "permanent"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
def test_a_redirect_is_followed_and_remembered(site: Site, status: int, *, permanent: bool) -> None:
    site.pages = {"/old": redirect(status, "/new"), "/new": Answer(body=b"new")}
    reply = ask(site.url("/old"))
    assert (reply.url, reply.final_url) == (site.url("/old"), site.url("/new"))
    assert (reply.status, reply.body, reply.error) == (200, b"new", "")
    assert reply.permanent is permanent
    assert reply.hops == (site.url("/old"),)


def test_a_way_is_permanent_only_if_every_step_is(site: Site) -> None:
    site.pages = {"/a": redirect(301, "/b"), "/b": redirect(302, "/c"), "/c": Answer()}
    assert not ask(site.url("/a")).permanent
    site.pages["/b"] = redirect(308, "/c")
    assert ask(site.url("/a")).permanent
    assert not ask(site.url("/c")).permanent


def test_a_site_that_only_sets_a_cookie_is_no_loop(site: Site) -> None:
    site.pages["/page"] = [redirect(302, "/page", **{"Set-Cookie": "seen=1"}), Answer()]
    assert ask(site.url("/page")).status == 200
    assert site.requests[1].headers["cookie"] == "seen=1"


def test_after_ten_redirects_nothing_more_is_asked(site: Site) -> None:
    site.pages = {f"/{number}": redirect(302, f"/{number + 1}") for number in range(20)}
    assert ask(site.url("/0")).error == "too many redirects"
    assert len(site.requests) == 11


def test_a_body_is_read_no_further_than_wanted(site: Site) -> None:
    site.pages["/page"] = pour
    reply = ask(site.url("/page"), largest=100_000, timeout=5)
    assert len(reply.body) == 100_000
    assert reply.is_truncated
    assert reply.error == ""
    assert site.poured < 2**25  # what the buffers of two sockets can take, and not a gigabyte


def test_a_body_that_drips_ends_at_the_time_out_with_what_came(site: Site) -> None:
    site.pages["/page"] = drip
    reply = ask(site.url("/page"), timeout=0.1)
    assert (reply.status, reply.error, reply.is_truncated) == (200, "time-out", True)
    assert reply.body.startswith(b"..")


def test_a_body_that_claims_to_be_compressed_is_an_error(site: Site) -> None:
    site.pages["/page"] = Answer(200, {"Content-Encoding": "gzip"}, b"plain")
    assert ask(site.url("/page")).error == "body cannot be decompressed"


@pytest.mark.parametrize("url", ["http://", "ftp://post.example/", "http://[::1", "nonsense"])
def test_what_is_no_address_is_not_asked_for(url: str) -> None:
    reply = ask(url)
    assert (reply.status, reply.error) == (None, "not a web address")


def test_keys_are_not_handed_to_another_site(site: Site) -> None:
    async def run(url: str) -> Reply:
        async with make_client() as client:
            keys = {"Authorization": "LOW key:secret"}
            data = {"url": "x"}
            return await fetch(client, url, method="POST", headers=keys, data=data)

    with run_site() as other:
        site.pages = {
            "/near": redirect(307, "/end"),
            "/far": redirect(307, other.url("/end")),
            "/end": Answer(),
        }
        other.pages["/end"] = Answer()
        asyncio.run(run(site.url("/near")))
        asyncio.run(run(site.url("/far")))
    near, far = site.requests[1], other.requests[0]
    assert (near.method, near.headers["authorization"], near.body) == (
        "POST",
        "LOW key:secret",
        b"url=x",
    )
    assert "authorization" not in far.headers
    assert far.body == b""


NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        (
            {
                "Retry-After": format_datetime(NOON + dt.timedelta(seconds=90), usegmt=True),
                "Date": format_datetime(NOON, usegmt=True),
            },
            90,
        ),
        ({"Retry-After": format_datetime(NOON - dt.timedelta(days=3650), usegmt=True)}, 0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
    ids=["seconds", "date", "past", "nonsense", "none"],
)
def test_retry_after_is_read(headers: dict[str, str], seconds: float | None, site: Site) -> None:
    site.pages["/page"] = Answer(429, headers)
    assert ask(site.url("/page")).retry_after == seconds


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_that_asks_for_time_is_given_it(
    project: Project, site: Site, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    later = format_datetime(NOON + dt.timedelta(seconds=1), usegmt=True)
    headers = {"Retry-After": "1" if form == "seconds" else later}
    refuse = Answer(429, {**headers, "Date": format_datetime(NOON, usegmt=True)})
    site.pages = {"/page": [refuse, Answer()], "/next": Answer()}
    add_sources(project, site.url("/page"), site.url("/next"))
    check(project)
    first, *others = [request.at for request in site.requests]
    assert min(others) - first >= 0.9  # whatever else was wanted from the host has waited too
    assert "2 live" in capsys.readouterr().out


def test_a_host_that_asks_for_an_hour_is_not_asked_again(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages = {f"/{n}": Answer(429, {"Retry-After": "3600"}) for n in range(5)}
    add_sources(project, *map(site.url, site.pages))
    check(project)
    assert len(site.requests) == 1
    assert "5 blocked" in capsys.readouterr().out


def test_an_error_is_asked_for_as_often_as_retries_say(project: Project, site: Site) -> None:
    site.pages["/page"] = Answer(503)
    add_sources(project, site.url("/page"))
    check(project, "--retries", "3")
    assert site.asked("/page") == ["HEAD", "GET", "GET", "GET", "GET"]


def test_pauses_before_retries_double(site: Site) -> None:
    site.pages["/page"] = Answer(503)

    async def run() -> None:
        async with make_client() as client:
            await Manners(client, delay=0.05, retries=3).ask(site.url("/page"))

    asyncio.run(run())
    times = [request.at for request in site.requests]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    for pause_made, meant in zip(pauses, (0.1, 0.2, 0.4), strict=True):
        assert 0.5 * meant <= pause_made <= 1.5 * meant + 0.2


def test_a_host_that_is_down_is_not_tried_twice_for_every_page(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with run_site() as site:
        site.pages = {f"/{n}": reset for n in range(10)}
        add_sources(project, *map(site.url, site.pages))
        check(project, "--retries", "9")
    assert len(site.requests) <= 10 * 2 + 5  # HEAD and GET, and not nine GETs more for each
    assert "10 unreachable" in capsys.readouterr().out


@pytest.mark.parametrize("allowed", [1, 3])
def test_no_more_requests_are_under_way_at_a_host_than_allowed(
    project: Project, site: Site, allowed: int
) -> None:
    site.pages = {f"/{n}": pause(0.05) for n in range(9)}
    add_sources(project, *map(site.url, site.pages))
    check(project, "--per-host", str(allowed))
    assert site.most_at_once == allowed


def test_hosts_are_asked_at_the_same_time_but_not_more_than_jobs(
    project: Project, site: Site
) -> None:
    with run_site() as second, run_site() as third:
        sites = (site, second, third)
        for one in sites:
            one.pages = {f"/{n}": pause(0.06) for n in range(3)}
        add_sources(project, *(one.url(path) for one in sites for path in one.pages))
        began = time.monotonic()
        check(project, "--fresh")
        all_at_once = time.monotonic() - began
        began = time.monotonic()
        check(project, "--fresh", "--jobs", "1")
        one_by_one = time.monotonic() - began
    assert all_at_once < 0.4
    assert one_by_one >= 0.54


def test_there_is_a_pause_between_two_requests_to_a_host(project: Project, site: Site) -> None:
    site.pages = {f"/{n}": Answer() for n in range(4)}
    add_sources(project, *map(site.url, site.pages))
    links(project, "check", "--delay", "0.15", "--per-host", "4")
    times = [request.at for request in site.requests]
    assert all(later - earlier >= 0.14 for earlier, later in pairwise(times))


def test_an_address_used_twice_is_asked_for_once_and_reported_in_both_places(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    url = site.url("/page")
    add_sources(project, site.url("/a"), url)
    add_sources(project, url, name="1204/1204-03-10-wall.md")
    site.pages["/a"] = Answer()
    check(project)
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{ENTRY}:{URL_LINE + 6}: sources[1].url: gone")
    assert second.startswith("entries/1204/1204-03-10-wall.md:10: sources[0].url: gone")
    assert site.asked("/page") == ["HEAD", "GET"]


def test_paths_choose_the_entries(project: Project, site: Site) -> None:
    add_sources(project, site.url("/gate"))
    wall = add_sources(project, site.url("/wall"), name="1204/1204-03-10-wall.md")
    check(project, str(wall))
    assert {request.path for request in site.requests} == {"/wall"}


def test_entries_with_problems_are_left_out_and_that_is_said(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages["/gate"] = Answer()
    add_sources(project, site.url("/gate"))
    project.add(make_entry(kind="nonsense"), "1204/1204-03-10-wall.md")
    assert check(project) == 0
    shown = capsys.readouterr()
    assert "1 live" in shown.out
    assert shown.err == "1 entry is left out; `wartimeline check` says why\n"


def test_archived_copies_are_asked_for_when_wanted(project: Project, site: Site) -> None:
    sources = make_sources(site.url("/page"), archives=(site.url("/web/20160101000000/x"),))
    project.add(make_entry(sources=sources))
    check(project)
    assert site.asked("/web/20160101000000/x") == []
    check(project, "--archives")
    assert site.asked("/web/20160101000000/x") == ["HEAD", "GET"]


def test_servers_are_told_who_asks(project: Project, site: Site) -> None:
    add_sources(project, site.url("/page"))
    check(project)
    agents = {request.headers["user-agent"] for request in site.requests}
    assert agents == {make_user_agent("https://timeline.example/salt/")}
    assert agents.pop().startswith("wartimeline/")


def test_json_has_counts_and_every_place(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages = {"/live": Answer(), "/old": redirect(301, "/live")}
    add_sources(project, site.url("/live"), site.url("/old"))
    assert check(project, "--format", "json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["links"], shown["checked"]) == (2, 2)
    assert shown["counts"] == {"live": 1, "moved": 1, "gone": 0, "blocked": 0, "unreachable": 0}
    assert shown["problems"] == [
        {
            "url": site.url("/old"),
            "state": "moved",
            "why": "for good",
            "final_url": site.url("/live"),
            "note": "",
            "places": [{"path": ENTRY, "line": URL_LINE + 6, "field": "sources[1].url"}],
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--fail-on", "gone"), 1),
        (("--fail-on", "moved,gone"), 1),
        (("--fail-on", "moved", "--fail-on", "gone"), 1),
        (("--fail-on", "moved,blocked"), 0),
    ],
)
def test_only_the_states_named_make_it_fail(
    project: Project, site: Site, arguments: tuple[str, ...], code: int
) -> None:
    add_sources(project, site.url("/missing"))
    assert check(project, *arguments) == code


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check", "missing.md"],
        ["check", "--fail-on", "dead"],
        ["check", "--jobs", "0"],
        ["check", "--jobs", "many"],
        ["check", "--delay", "-1"],
        ["check", "--delay", "nan"],
        ["check", "--timeout", "0"],
        ["check", "--format", "github"],
        ["archive", "--api", "archive.example"],
        ["archive", "--limit", "x"],
    ],
)
def test_wrong_usage_ends_with_2(project: Project, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        links(project, *arguments)
    assert ended.value.code == 2


def test_a_cache_that_cannot_be_written_is_said_at_once(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / ".cache").write_text("a file", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        check(project)
    assert ended.value.code == 2
    assert "links.jsonl cannot be written: " in capsys.readouterr().err


def test_without_httpx_it_says_what_to_install(project: Project) -> None:
    program = (
        "import sys; sys.modules['httpx'] = None\n"
        "from wartimeline.cli import main\n"
        "sys.exit(main(['links', 'check']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "pip install 'wartimeline[web]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_commands_are_known_without_loading_httpx() -> None:
    program = "import sys, wartimeline.web.links_command; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# The cache


def test_what_was_found_is_not_asked_again(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    add_sources(project, site.url("/page"))
    check(project)
    first = capsys.readouterr()
    asked = len(site.requests)
    check(project)
    second = capsys.readouterr()
    assert len(site.requests) == asked
    assert second.out == first.out
    assert "1 of them were found out earlier" in second.err


@pytest.mark.parametrize("arguments", [("--fresh",), ("--max-age", "0")])
def test_it_is_asked_again_on_demand(
    project: Project, site: Site, arguments: tuple[str, ...]
) -> None:
    add_sources(project, site.url("/page"))
    check(project)
    asked = len(site.requests)
    check(project, *arguments)
    assert len(site.requests) == 2 * asked


@pytest.mark.parametrize(
    ("found", "days", "is_asked"),
    [
        ("gone 404", 6, False),
        ("gone 404", 8, True),
        ("unreachable time-out", 0.9, False),
        ("unreachable time-out", 1.1, True),
        ("blocked 403", 6, False),
        ("blocked 429", 1.1, True),
        ("dead 404", 1, True),
    ],
)
def test_findings_last_as_long_as_they_are_worth(
    project: Project, site: Site, found: str, days: float, *, is_asked: bool
) -> None:
    url = site.url("/page")
    add_sources(project, url)
    journal = Journal(project.root / ".cache/wartimeline/links.jsonl")
    checked = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    state, why = found.split()
    journal.write(url, checked, state=state, why=why, final_url=url, note="")
    check(project)
    assert bool(site.requests) is is_asked


@pytest.mark.parametrize(
    "torn",
    [b'{"key": "http://po', b"\xff\xfe\n", b"[]\n", b'{"key": 1, "checked": "x"}\n', b"[" * 5000],
    ids=["torn", "not text", "a list", "wrong types", "too deep"],
)
def test_a_spoilt_line_of_the_cache_costs_only_itself(tmp_path: Path, torn: bytes) -> None:
    file = tmp_path / "journal.jsonl"
    now = dt.datetime.now(dt.UTC)
    Journal(file).write("a", now, state="live")
    file.write_bytes(file.read_bytes() + torn)
    Journal(file).write("b", now, state="gone")
    journal = Journal(file)
    found = [journal.find(key, now, 1) for key in "ab"]
    assert [record and record["state"] for record in found] == ["live", "gone"]


def wait_for_requests(site: Site, number: int) -> None:
    end = time.monotonic() + 20
    while len(site.requests) < number:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_an_interrupted_run_says_what_it_found_and_goes_on_later(
    project: Project, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages = {f"/{n}": pause(0.02) for n in range(24)}
    add_sources(project, *map(site.url, site.pages), site.url("/missing"))
    program = start(project, "check", "--delay", "0.02")
    wait_for_requests(site, 8)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=20)
    assert program.returncode == 130
    assert "not checked of 25 links" in out
    assert "interrupted; the same command goes on from here" in err
    assert "Traceback" not in err
    first = {request.path for request in site.requests}
    asked = len(site.requests)
    check(project)
    assert "24 live" in capsys.readouterr().out
    again = first & {request.path for request in site.requests[asked:]}
    assert len(again) <= 1  # what was under way


def test_a_bar_is_shown_on_a_terminal_and_the_report_stays_plain(
    project: Project, site: Site
) -> None:
    site.pages = {"/page": pause(0.3)}
    add_sources(project, site.url("/page"))
    terminal, end = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "wartimeline", "links", "check"],
        cwd=project.root,
        env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=end,
        text=True,
    )
    out, _ = program.communicate(timeout=20)
    os.close(end)
    shown = os.read(terminal, 10_000)
    os.close(terminal)
    assert b"links" in shown
    assert b"0%" in shown
    assert out == "1 live, 0 moved, 0 gone, 0 blocked, 0 unreachable of 1 link\n"


def test_a_killed_run_loses_no_more_than_was_under_way(project: Project, site: Site) -> None:
    site.pages = {f"/{n}": pause(0.02) for n in range(24)}
    add_sources(project, *map(site.url, site.pages))
    program = start(project, "check", "--delay", "0", "--per-host", "3")
    wait_for_requests(site, 12)
    os.kill(program.pid, signal.SIGKILL)
    program.communicate(timeout=20)
    time.sleep(0.05)
    first = {request.path for request in site.requests}
    asked = len(site.requests)
    assert asked < 24
    check(project)
    again = {request.path for request in site.requests[asked:]}
    assert first | again == set(site.pages)
    assert len(first & again) <= 3


# What counts as the same page


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://post.example/a", "https://post.example/a", True),
        ("https://post.example/a", "https://www.post.example/a/", True),
        ("https://post.example/a", "https://post.example:443/a#top", True),
        ("https://post.example/caf%C3%A9", "https://post.example/café", True),
        ("https://POST.example/a", "https://post.example/a", True),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", True),
        ("https://post.example/a", "https://post.example/b", False),
        ("https://post.example/a", "https://post.example/A", False),
        ("https://post.example/a?id=1", "https://post.example/a?id=2", False),
        ("https://post.example/a", "https://gazette.example/a", False),
        ("https://post.example/a", "https://post.example:8443/a", False),
    ],
)
def test_addresses_that_differ_in_form_only_are_the_same(
    one: str, other: str, *, same: bool
) -> None:
    assert is_same_page(one, other) is same


@pytest.mark.parametrize(
    ("asked", "final", "note"),
    [
        ("/a/b", "/", "leads to the home page"),
        ("/a/b", "/en", "leads to the home page"),
        ("/a/b", "/fr-FR/", "leads to the home page"),
        ("/a/b", "/index.php", "leads to the home page"),
        ("/?p=12", "/", "leads to the home page"),
        ("/a/b", "/?p=12", ""),
        ("/a/b", "/a", ""),
        ("/", "/en/", ""),
        ("/a/b", "/page-not-found", "leads to an error page"),
        ("/a/b", "/404", "leads to an error page"),
        ("/a/404", "/b/error-404.html", "leads to an error page"),
        ("/a/b", "/error-of-judgement", ""),
    ],
)
def test_a_page_that_has_become_another_is_noticed(asked: str, final: str, note: str) -> None:
    host = "https://post.example"
    finding = judge(Reply(host + asked, host + final, 200))
    assert finding.note == note
    assert finding.state is (LinkState.MOVED if note else LinkState.LIVE)


def test_every_option_and_state_is_documented() -> None:
    page = (ROOT / "docs" / "contribute" / "links.md").read_text("utf-8")
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    add_commands(commands)
    actions = commands.choices["links"]._subparsers._group_actions[0].choices  # noqa: SLF001
    for action in actions.values():
        for option in action._option_string_actions:  # noqa: SLF001
            if option not in {"-h", "--help"}:
                assert f"`{option}" in page, option
    for state in LinkState:
        assert f"**{state}**" in page
