"""Asking web servers, politely. What goes wrong on the way is part of the answer."""

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from wartimeline import __version__

MOST_REDIRECTS = 10
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_PATIENCE = 3
"""A request may take this many times the time-out in all: a server that drips must not hold us."""

TIME_OUT = "time-out"
NO_HOST = "no such host"
REFUSED = "connection refused"
RESET = "connection reset"
NO_ANSWER = "no answer in HTTP"
NO_CONNECTION = "no connection"
NOT_AN_ADDRESS = "not a web address"
NO_NAMES = "host names cannot be looked up"
_PASSING = {TIME_OUT, NO_NAMES, REFUSED, RESET, NO_ANSWER, NO_CONNECTION}
_WORDS: Mapping[type[BaseException], str] = {
    TimeoutError: TIME_OUT,
    httpx.TimeoutException: TIME_OUT,
    ConnectionRefusedError: REFUSED,
    ConnectionResetError: RESET,
    BrokenPipeError: RESET,
    httpx.RemoteProtocolError: NO_ANSWER,
    httpx.DecodingError: "body cannot be decompressed",
    httpx.InvalidURL: NOT_AN_ADDRESS,
    httpx.UnsupportedProtocol: NOT_AN_ADDRESS,
    httpx.LocalProtocolError: NOT_AN_ADDRESS,
    ValueError: NOT_AN_ADDRESS,
}

Turn = Callable[[str], AbstractAsyncContextManager[None]]
"""Waits until a request to an address may be made, and holds the place while it is."""


def make_user_agent(address: str = "") -> str:
    """Say what is asking, and where its owner can be found."""
    owner = f"; +{address}" if address else ""
    return f"wartimeline/{__version__} (link check of a curated timeline{owner})"


USER_AGENT = make_user_agent()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for an address.

    `status` is None when nothing came. `error` is empty, or says in stable
    words what went wrong; a body that broke off has both. `hops` are the
    addresses that redirected, in order; `permanent` says that there were some,
    and that all did so for good. `retry_after` counts in seconds. The names of
    the headers are in lower case.
    """

    url: str
    final_url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_truncated: bool = False
    error: str = ""
    permanent: bool = False
    retry_after: float | None = None
    hops: tuple[str, ...] = ()

    @property
    def may_pass(self) -> bool:
        """Whether the same request could well succeed a little later."""
        if self.error:
            return self.error in _PASSING
        if self.is_challenge:
            return False
        status = self.status or 0
        return status in {408, 425, 429} or 500 <= status <= 599  # noqa: PLR2004 - as in RFC 9110

    @property
    def is_challenge(self) -> bool:
        """Whether Cloudflare wants to see a browser first, which waiting does not change."""
        return self.headers.get("cf-mitigated") == "challenge"


def make_client(*, timeout: float = 20, user_agent: str = USER_AGENT) -> httpx.AsyncClient:
    """Make a client for `fetch`; the proxies and certificates of the environment are used."""
    return httpx.AsyncClient(
        headers={"User-Agent": user_agent, "Accept": "*/*", "Accept-Language": "en, *;q=0.5"},
        timeout=timeout,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        follow_redirects=False,
    )


async def fetch(  # noqa: PLR0913 - each is a part of the request
    client: httpx.AsyncClient,
    url: str,
    *,
    method: str = "GET",
    largest: int = 2_000_000,
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
    turn: Turn | None = None,
) -> Reply:
    """Ask for a page and follow up to ten redirects; trouble is told in the reply, not raised.

    At most `largest` bytes of the body are kept and no more are asked for; with
    0 the body is not read at all. `headers` and `data` go to the first host only.
    """
    request = _Request(method, url, headers, data)
    hops, statuses = list[str](), list[int]()
    while True:
        at = request.url
        async with turn(at) if turn else nullcontext():
            reply = await _fetch_one(client, request, largest)
        statuses.append(reply.status or 0)
        permanent = bool(hops) and _PERMANENT.issuperset(statuses[:-1])
        reply = replace(reply, url=url, hops=tuple(hops), permanent=permanent)
        location = reply.headers.get("location", "")
        if reply.error or reply.status not in _REDIRECTS or not location:
            return reply
        hops.append(at)
        target = _join(at, location)
        if not target:
            return replace(reply, error="redirect to what is not a web address")
        # Some sites set a cookie and send the reader to where they already are, once.
        if target in hops and "set-cookie" not in reply.headers:
            return replace(reply, error="redirect loop")
        if len(hops) > MOST_REDIRECTS:
            return replace(reply, error="too many redirects")
        request = _redirect(request, target, repeat=reply.status in {307, 308})


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str] | None
    data: Mapping[str, str] | None


async def _fetch_one(client: httpx.AsyncClient, request: _Request, largest: int) -> Reply:
    reply = Reply(request.url, request.url)
    body = bytearray()
    try:
        async with (
            asyncio.timeout((client.timeout.read or 0) * _PATIENCE or None),
            client.stream(
                request.method, request.url, headers=request.headers, data=request.data
            ) as response,
        ):
            reply = replace(
                reply,
                final_url=str(response.url),
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                retry_after=_read_retry_after(response.headers),
            )
            if largest and not response.has_redirect_location:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > largest:
                        break
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        broken = bool(body) or reply.status is not None
        return replace(
            reply, body=bytes(body[:largest]), is_truncated=broken, error=_describe(error)
        )
    return replace(reply, body=bytes(body[:largest]), is_truncated=len(body) > largest)


def _join(base: str, location: str) -> str:
    """Return where a redirect leads, without its fragment, or nothing where it leads nowhere."""
    try:
        target = httpx.URL(base).join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        return ""
    return str(target) if target.scheme in {"http", "https"} and target.host else ""


def _redirect(request: _Request, target: str, *, repeat: bool) -> _Request:
    """Make the request that follows a redirect; keys are not handed on to another host."""
    method, data = request.method, request.data
    if not repeat:
        method, data = ("HEAD" if method == "HEAD" else "GET"), None
    if urlsplit(target)[:2] != urlsplit(request.url)[:2]:
        return _Request(method, target, None, None)
    return _Request(method, target, request.headers, data)


def _read_retry_after(headers: httpx.Headers) -> float | None:
    """Read seconds or a date (RFC 9110, section 10.2.3); the server's own clock counts."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = _read_date(text)
    if until is None:
        return None
    now = _read_date(headers.get("date", "")) or dt.datetime.now(dt.UTC)
    return max(0.0, (until - now).total_seconds())


def _read_date(text: str) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def _describe(error: BaseException) -> str:
    """Say in stable words why nothing came."""
    for cause in _find_causes(error):
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or "no handshake"
            return f"TLS error: {reason.replace('_', ' ').lower()}"
        if isinstance(cause, socket.gaierror):
            return NO_NAMES if cause.errno == socket.EAI_AGAIN else NO_HOST
        for kind, words in _WORDS.items():
            if isinstance(cause, kind):
                return words
    return NO_CONNECTION


def _find_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _find_causes(inner)
        error = error.__cause__ or error.__context__
