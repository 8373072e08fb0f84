"""Whether the addresses of the sources still lead to something. Nothing is changed here."""

import asyncio
import contextlib
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from wartimeline.parse import Entry
from wartimeline.problems import Problem
from wartimeline.vocabulary import Term
from wartimeline.web.journal import Journal

if TYPE_CHECKING:
    from wartimeline.web.client import Reply  # brings httpx, which need not be installed

_OK = range(200, 300)
_GONE = {404, 410}
_REFUSALS = {*range(400, 500), 999} - {*_GONE, 408}
_TOO_MANY = "429"
_SHORT_LIVED = 1
"""For how many days at most a link is taken to be out of reach without being tried again."""

_HOME = re.compile(
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|default|home)(?:\.\w+)?/?)?", re.IGNORECASE
)
_ERROR_PAGE = re.compile(
    r"(?:page[-_]?)?not[-_]?found|(?:error[-_]?)?404|error(?:[-_]?page)?", re.IGNORECASE
)


class LinkState(Term):
    """What became of the address of a source."""

    LIVE = "live", "Live", "The page answers at its address, or at one that differs in form only."
    MOVED = (
        "moved",
        "Moved",
        "The address leads for good to another one, or to a home page or an error page.",
    )
    GONE = "gone", "Gone", "The server says that there is no such page (404 or 410)."
    BLOCKED = (
        "blocked",
        "Blocked",
        "The server refuses to answer a program; a reader may well see the page.",
    )
    UNREACHABLE = (
        "unreachable",
        "Unreachable",
        "There is no usable answer: no such host, no connection, a time-out, a server error.",
    )


@dataclass(frozen=True, order=True, slots=True)
class Link:
    """An address at one place of an entry."""

    path: str
    line: int
    field: str
    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at an address.

    `why` is the status or the trouble in a word; `final_url` is where it ended;
    `note` is what a person should look at.
    """

    url: str
    state: LinkState
    why: str
    final_url: str = ""
    note: str = ""

    @property
    def may_pass(self) -> bool:
        """Whether it may be otherwise tomorrow."""
        return self.state is LinkState.UNREACHABLE or self.why == _TOO_MANY


class Ask(Protocol):
    """How a page is asked for: `wartimeline.web.manners.Manners.ask`."""

    def __call__(
        self, url: str, method: str = "GET", *, retries: int | None = None
    ) -> "Awaitable[Reply]":
        """Ask for a page, and again `retries` times if it may help."""


def find_links(entries: Iterable[Entry], *, archives: bool = False) -> list[Link]:
    """Find the addresses of all sources, and of their archived copies if those are wanted."""
    links = []
    for entry in entries:
        for index, source in enumerate(entry.event.sources):
            named = {"url": source.url, "archive": source.archive if archives else None}
            for name, url in named.items():
                if url is not None:
                    line = entry.raw.line(("sources", index, name))
                    links.append(Link(entry.path, line, f"sources[{index}].{name}", url))
    return sorted(links)


def find_known(
    urls: Iterable[str], journal: Journal, now: dt.datetime, days: float
) -> dict[str, Finding]:
    """Find what earlier runs found out in the last `days` days."""
    known = {}
    for url in urls:
        finding = _parse_finding(url, journal.find(url, now, days))
        if finding is not None and finding.may_pass:
            finding = _parse_finding(url, journal.find(url, now, min(days, _SHORT_LIVED)))
        if finding is not None:
            known[url] = finding
    return known


async def check_links(urls: Iterable[str], ask: Ask, tell: Callable[[Finding], None]) -> None:
    """Ask for every address; each finding is told at once, so that none is lost."""

    async def check(url: str) -> None:
        tell(judge(await _ask_for(url, ask)))

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(check(url))


def write_finding(finding: Finding, journal: Journal, now: dt.datetime) -> None:
    """Keep a finding for later runs."""
    journal.write(
        finding.url,
        now,
        state=finding.state.value,
        why=finding.why,
        final_url=finding.final_url,
        note=finding.note,
    )


def judge(reply: "Reply") -> Finding:
    """Say what a reply means for the link."""
    why = reply.error or str(reply.status)
    if reply.error or reply.is_challenge or reply.status not in _OK:
        return Finding(reply.url, _judge_failure(reply), why, reply.final_url)
    note = _find_fault(reply.url, reply.final_url)
    has_moved = reply.permanent and not is_same_page(reply.url, reply.final_url)
    if not note and not has_moved:
        return Finding(reply.url, LinkState.LIVE, why, reply.final_url)
    why = "for good" if reply.permanent else "for now"
    return Finding(reply.url, LinkState.MOVED, why, reply.final_url, note)


def is_same_page(one: str, other: str) -> bool:
    """Tell whether two addresses differ in form only.

    The scheme, `www.`, the default port, a slash at the end, the fragment, and
    the way characters are escaped make no difference.
    """
    return _normalise(one) == _normalise(other)


def make_problems(links: Iterable[Link], findings: Mapping[str, Finding]) -> list[Problem]:
    """Make a problem for every place where a link is not live, in order."""
    problems = []
    for link in links:
        finding = findings.get(link.url)
        if finding is None or finding.state is LinkState.LIVE:
            continue
        message = f"{finding.state} ({finding.why}): {finding.url}"
        hint = ""
        if finding.state is LinkState.MOVED:
            hint = f"{finding.note or 'it is now'} {finding.final_url}"
        code = f"link-{finding.state}"
        problems.append(Problem(link.path, link.line, link.field, code, message, hint))
    return sorted(problems)


def count_states(findings: Iterable[Finding]) -> dict[LinkState, int]:
    """Count the findings of each state."""
    counts = Counter(finding.state for finding in findings)
    return {state: counts[state] for state in LinkState}


def render_text(links: Iterable[Link], findings: Mapping[str, Finding], urls: int) -> str:
    """Return a line for each place where a link is not live, then the counts."""
    counts = count_states(findings.values())
    listed = ", ".join(f"{number:,} {state}" for state, number in counts.items())
    unchecked = urls - len(findings)
    rest = f", {unchecked:,} not checked" if unchecked else ""
    noun = "link" if urls == 1 else "links"
    lines = map(str, make_problems(links, findings))
    return "\n".join([*lines, f"{listed}{rest} of {urls:,} {noun}"])


def render_json(links: Iterable[Link], findings: Mapping[str, Finding], urls: int) -> str:
    """Return the counts, and each link that is not live with all its places."""
    places: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        place = {"path": link.path, "line": link.line, "field": link.field}
        places.setdefault(link.url, []).append(place)
    listed = [
        {
            "url": url,
            "state": finding.state.value,
            "why": finding.why,
            "final_url": finding.final_url,
            "note": finding.note,
            "places": places[url],
        }
        for url, finding in sorted(findings.items())
        if finding.state is not LinkState.LIVE
    ]
    counts = {state.value: number for state, number in count_states(findings.values()).items()}
    shown = {"links": urls, "checked": len(findings), "counts": counts, "problems": listed}
    return json.dumps(shown, ensure_ascii=False, indent=2)


def _judge_failure(reply: "Reply") -> LinkState:
    if reply.error:
        return LinkState.UNREACHABLE
    if reply.status in _GONE:
        return LinkState.GONE
    if reply.is_challenge or reply.status in _REFUSALS:
        return LinkState.BLOCKED
    return LinkState.UNREACHABLE


async def _ask_for(url: str, ask: Ask) -> "Reply":
    reply = await ask(url, "HEAD", retries=0)
    if reply.status in _OK or not (reply.status or reply.may_pass):
        return reply
    # Many servers answer HEAD with what they would never answer to a reader.
    return await ask(url, "GET")


def _parse_finding(url: str, record: dict[str, Any] | None) -> Finding | None:
    """Read a finding back; None where an older or another program wrote the record."""
    try:
        texts = {name: str(record[name]) for name in ("why", "final_url", "note")} if record else {}
        return Finding(url, LinkState(record["state"]), **texts) if record else None
    except (KeyError, ValueError):
        return None


def _normalise(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if parts.port not in {None, 80, 443}:
        host = f"{host}:{parts.port}"
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode()
    return host, unquote(parts.path).rstrip("/"), unquote(parts.query)


def _find_fault(asked: str, final: str) -> str:
    """Say what is suspicious about where a link has led, if anything is."""
    before, after = urlsplit(asked), urlsplit(final)
    if _is_home(before.path, before.query) or is_same_page(asked, final):
        return ""
    if _is_home(after.path, after.query):
        return "leads to the home page"
    segments = [re.sub(r"\.\w+$", "", part) for part in after.path.split("/")]
    if any(map(_ERROR_PAGE.fullmatch, segments)) and unquote(before.path) != unquote(after.path):
        return "leads to an error page"
    return ""


def _is_home(path: str, query: str) -> bool:
    return not query and _HOME.fullmatch(path or "/") is not None
