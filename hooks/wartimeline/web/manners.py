"""How often to ask: each host seldom, and again when that is worth it."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import httpx

from wartimeline.web.client import Reply, fetch

_DOWN = 5
"""After so many failures in a row a host is taken to be down, and nothing is tried twice there."""


class Manners:
    """Asks every host seldom, and again when it is worth it.

    `jobs` requests are under way at most, `per_host` of them at one host, where
    `delay` seconds lie between two. A request that may pass is made up to
    `retries` more times, after pauses that double, or after what the server
    asks for in Retry-After. A host that asks for more than `longest` seconds
    is not asked again at all.
    """

    def __init__(  # noqa: PLR0913 - each can be set on the command line
        self,
        client: httpx.AsyncClient,
        *,
        jobs: int = 16,
        per_host: int = 1,
        delay: float = 1,
        retries: int = 2,
        longest: float = 120,
    ) -> None:
        """Keep the limits; nothing is asked yet."""
        self._client = client
        self._all = asyncio.Semaphore(jobs)
        self._hosts: dict[str, _Host] = defaultdict(lambda: _Host(asyncio.Semaphore(per_host)))
        self._delay = delay
        self._retries = retries
        self._longest = longest

    async def ask(
        self, url: str, method: str = "GET", *, largest: int = 0, retries: int | None = None
    ) -> Reply:
        """Fetch when it is this request's turn, and again while that is worth it."""
        host = self._find_host(url)
        left = self._retries if retries is None else retries
        pause = self._delay
        while True:
            try:
                reply = await fetch(
                    self._client, url, method=method, largest=largest, turn=self._take_turn
                )
            except _ClosedError as closed:
                return replace(closed.reply, url=url, final_url=url, hops=(), permanent=False)
            host.failures = host.failures + 1 if reply.status is None else 0
            if reply.may_pass and reply.retry_after is not None:
                self._hold(reply, reply.retry_after)
            if not reply.may_pass or not left or host.failures >= _DOWN:
                return reply
            left -= 1
            if reply.retry_after is None:
                pause *= 2
                # Jitter, so that requests which failed together do not come back together.
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311

    @asynccontextmanager
    async def _take_turn(self, url: str) -> AsyncIterator[None]:
        host, loop = self._find_host(url), asyncio.get_running_loop()
        # The place at the host comes first: whoever waits for a host takes no place from others.
        async with host.places:
            while (wait := host.free_at - loop.time()) > 0:  # noqa: ASYNC110 - the end can move
                await asyncio.sleep(wait)
            if host.last_word is not None:
                raise _ClosedError(host.last_word)
            host.free_at = loop.time() + self._delay
            async with self._all:
                try:
                    yield
                finally:
                    host.free_at = max(host.free_at, loop.time() + self._delay)

    def _hold(self, reply: Reply, seconds: float) -> None:
        """Let everything that is for this host wait as long as it asked for, or give it up."""
        host = self._find_host(reply.final_url)
        if seconds > self._longest:
            host.last_word = reply
        else:
            until = asyncio.get_running_loop().time() + seconds
            host.free_at = max(host.free_at, until)

    def _find_host(self, url: str) -> "_Host":
        netloc = urlsplit(url).netloc.rpartition("@")[2].lower()
        return self._hosts[netloc.removeprefix("www.")]


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    free_at: float = 0
    failures: int = 0
    last_word: Reply | None = None


class _ClosedError(Exception):
    """The host has asked not to be asked for long."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(reply.url)
