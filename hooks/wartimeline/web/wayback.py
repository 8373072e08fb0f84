"""What the Wayback Machine is asked: is there a copy of a page, and would it make one.

The Availability API is described at https://archive.org/help/wayback_api.php, Save Page Now in
the "Save Page Now 2 Public API Docs" of the Internet Archive.
"""

import asyncio
import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx

from wartimeline.web.archive import Answer
from wartimeline.web.client import Reply, fetch
from wartimeline.web.manners import Manners

LARGEST_ANSWER = 100_000
_COPY = re.compile(r"/web/(\d{14})[a-z_]*/")
_OK = 200
_UNAUTHORISED = 401
_BUSY = {429, 502, 503, 504}
# Those that are about the archive; the others are about the page.
_BUSY_ERRORS = {
    "error:user-session-limit",
    "error:no-browsers-available",
    "error:celery",
    "error:proxy-error",
}
_ATTEMPTS = 3
_LONGEST_CAPTURE = 300
_KEYS_WANTED = "the archive wants keys: set IA_ACCESS_KEY and IA_SECRET_KEY"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the archive is, and who asks.

    `keys` are the access key and the secret of an account. Seconds: `delay`
    between two captures, `poll` between two questions for one capture, `pause`
    after a refusal that names no time, `longest` that is waited at all.
    """

    api: str = "https://archive.org"
    save: str = "https://web.archive.org"
    keys: tuple[str, str] | None = None
    delay: float = 12
    poll: float = 5
    pause: float = 60
    longest: float = 600


async def find_copy(
    manners: Manners, endpoints: Endpoints, url: str, day: dt.date, published: dt.date | None
) -> Answer:
    """Ask for the copy nearest to a day; a copy older than the page itself is none."""
    # The API knows one copy, the nearest. If it is of no use, the newest may be.
    for timestamp in (day.isoformat().replace("-", ""), ""):
        address = f"{endpoints.api}/wayback/available?url={quote(url, safe='')}"
        if timestamp:
            address += f"&timestamp={timestamp}"
        reply = await manners.ask(address, largest=LARGEST_ANSWER)
        answer = _read_json(reply)
        if answer is None:
            return Answer(trouble=_describe(reply), is_refusal=True)
        copy = _find_closest(answer, published)
        if copy:
            return Answer(make_https(copy))
    return Answer()


class Saver:
    """Asks for new copies, one at a time and not faster than the archive allows."""

    def __init__(self, client: httpx.AsyncClient, endpoints: Endpoints) -> None:
        """Keep where to ask; nothing is asked yet."""
        self._client = client
        self._endpoints = endpoints
        self._free_at = 0.0
        self._last_word: Answer | None = None

    async def save(self, url: str) -> Answer:
        """Ask for a copy made now; an archive that refuses three times is not asked again."""
        if self._last_word is not None:
            return self._last_word
        answer = await self._try(url)
        for _ in range(1, _ATTEMPTS):
            wait = answer.retry_after
            if wait is None or wait > self._endpoints.longest:
                break
            await asyncio.sleep(wait)
            answer = await self._try(url)
        if answer.is_refusal:
            self._last_word = answer
        return answer

    async def _try(self, url: str) -> Answer:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0, self._free_at - loop.time()))
        save = self._save_with_keys if self._endpoints.keys else self._save
        answer = await save(url.partition("#")[0])
        self._free_at = loop.time() + self._endpoints.delay
        return answer

    async def _save(self, url: str) -> Answer:
        reply = await fetch(self._client, f"{self._endpoints.save}/save/{url}", largest=0)
        location = urljoin(reply.final_url, reply.headers.get("content-location", ""))
        for address in (reply.final_url, location):
            if reply.status == _OK and not reply.error and _COPY.search(urlsplit(address).path):
                return Answer(make_https(address))
        return self._judge(reply)

    async def _save_with_keys(self, url: str) -> Answer:
        save = f"{self._endpoints.save}/save"
        headers = {"Accept": "application/json"}
        if self._endpoints.keys is not None:
            headers["Authorization"] = "LOW {}:{}".format(*self._endpoints.keys)
        reply = await fetch(
            self._client,
            save,
            method="POST",
            largest=LARGEST_ANSWER,
            headers=headers,
            data={"url": url, "skip_first_archive": "1"},
        )
        job = _read_json(reply)
        if job is None:
            return self._judge(reply)
        loop = asyncio.get_running_loop()
        end = loop.time() + _LONGEST_CAPTURE
        state = job
        while "job_id" in job and state.get("status", "pending") == "pending":
            if loop.time() > end:
                return Answer(trouble="the capture takes too long")
            await asyncio.sleep(self._endpoints.poll)
            address = f"{save}/status/{quote(str(job['job_id']), safe='')}"
            reply = await fetch(self._client, address, largest=LARGEST_ANSWER, headers=headers)
            state = _read_json(reply) or {"status": "pending" if reply.may_pass else "error"}
        return self._read_state(state, url)

    def _read_state(self, state: dict[str, Any], url: str) -> Answer:
        if state.get("status") == "success":
            page = state.get("original_url") or url
            address = f"{self._endpoints.save}/web/{state.get('timestamp')}/{page}"
            if _COPY.search(urlsplit(address).path):
                return Answer(make_https(address))
        code = str(state.get("status_ext", ""))
        trouble = code or str(state.get("message") or "the archive's answer is not understood")
        if code in _BUSY_ERRORS:
            return Answer(trouble=trouble, is_refusal=True, retry_after=self._endpoints.pause)
        return Answer(trouble=trouble)

    def _judge(self, reply: Reply) -> Answer:
        if reply.status == _UNAUTHORISED:
            return Answer(trouble=_KEYS_WANTED, is_refusal=True)
        if reply.status in _BUSY or reply.status is None:
            wait = self._endpoints.pause if reply.retry_after is None else reply.retry_after
            return Answer(trouble=_describe(reply), is_refusal=True, retry_after=wait)
        return Answer(trouble=_describe(reply))


def make_https(address: str) -> str:
    """Return the secure address of a copy; the Availability API gives the other one."""
    host = urlsplit(address).hostname or ""
    is_known = host == "archive.org" or host.endswith(".archive.org")
    return re.sub("^http:", "https:", address) if is_known else address


def _find_closest(answer: dict[str, Any], published: dt.date | None) -> str:
    """Return the address of the copy in an answer if it can be one of the page."""
    try:
        closest = answer["archived_snapshots"]["closest"]
        address, timestamp = str(closest["url"]), str(closest["timestamp"])
        taken = dt.datetime.strptime(timestamp[:8], "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except (KeyError, TypeError, ValueError):
        return ""
    if closest.get("available") is not True or str(closest.get("status")) != str(_OK):
        return ""
    # A day more, as it may still be yesterday where the archive is.
    is_too_old = published is not None and (published - taken).days > 1
    return "" if is_too_old else address


def _read_json(reply: Reply) -> dict[str, Any] | None:
    if reply.status != _OK or reply.error or reply.is_truncated:
        return None
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _describe(reply: Reply) -> str:
    if reply.error:
        return reply.error
    return f"the archive answered {reply.status}" + ("" if reply.status != _OK else " in no JSON")
