"""A real web server on this machine that plays sites, well-behaved and not."""

import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

WAIT = 60
"""Longer than any test takes; the end of the server ends it."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass(frozen=True)
class Answer:
    """What a server says: a status, headers and a body; HEAD gets no body."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"<title>A page</title>"

    def __call__(self, handler: "Handler") -> None:
        handler.send_response_only(self.status)  # no Date but that of the test
        for name, value in {"Content-Length": str(len(self.body)), **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(self.body)


Play = Callable[["Handler"], None]


def redirect(status: int, location: str, **headers: str) -> Answer:
    return Answer(status, {"Location": location, **headers}, b"")


def stay_silent(handler: "Handler") -> None:
    """Keep the client waiting for the headers."""
    handler.site.stopping.wait(WAIT)


def drip(handler: "Handler") -> None:
    """Send the headers, and then the body a byte at a time."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.site.stopping.wait(0.02):
        handler.wfile.write(b".")
        handler.wfile.flush()


def pour(handler: "Handler") -> None:
    """Send a body without end, until nobody takes it any more."""
    handler.send_response(200)
    handler.end_headers()
    while handler.command != "HEAD" and handler.site.poured < 2**30:
        handler.wfile.write(b"x" * 65536)
        handler.site.poured += 65536


def reset(handler: "Handler") -> None:
    """Break the connection off as a firewall does."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True


def babble(handler: "Handler") -> None:
    """Answer in something that is not HTTP."""
    handler.wfile.write(b"220 mail.example ESMTP\r\n\r\n")


def pause(seconds: float, play: Play = Answer()) -> Play:
    def wait(handler: "Handler") -> None:
        handler.site.stopping.wait(seconds)
        play(handler)

    return wait


def only_get(status: int, play: Play = Answer()) -> Play:
    """Refuse HEAD and answer GET."""
    return lambda handler: (Answer(status) if handler.command == "HEAD" else play)(handler)


class Site(ThreadingHTTPServer):
    """A site whose pages are set by the test; every other page is missing.

    A list of answers is given one by one; the last one again and again.
    """

    daemon_threads = True

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Play | list[Play]] = {}
        self.requests: list[Request] = []
        self.at_once = self.most_at_once = self.poured = 0
        self.stopping = Event()
        self.lock = Lock()
        self.scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"

    def url(self, path: str = "/") -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}{path}"

    def asked(self, path: str) -> list[str]:
        """Return the methods with which a page was asked for."""
        return [request.method for request in self.requests if request.path == path]

    def shutdown_request(self, request: object) -> None:
        """Close without a farewell, so that `reset` is one."""
        self.close_request(request)  # type: ignore[arg-type]

    def handle_error(self, *_: object) -> None:
        """Let clients go away without a word."""


class Handler(BaseHTTPRequestHandler):
    server: Site

    @property
    def site(self) -> Site:
        return self.server

    def do_GET(self) -> None:
        site = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with site.lock:
            request = Request(self.command, self.path, headers, body, time.monotonic())
            site.requests.append(request)
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
            play = site.pages.get(self.path) or site.pages.get(self.path.partition("?")[0])
            if isinstance(play, list):
                play = play.pop(0) if len(play) > 1 else play[0]
        try:
            (play or Answer(404))(self)
        finally:
            with site.lock:
                site.at_once -= 1

    do_HEAD = do_POST = do_GET  # noqa: N815 - names of the standard library

    def log_message(self, *_: object) -> None:
        """Keep the requests out of the output of the tests."""


@contextmanager
def run_site(certificate: Path | None = None) -> Iterator[Site]:
    with Site(certificate) as site:
        thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield site
        site.stopping.set()
        site.shutdown()
        thread.join()


def make_certificate(folder: Path) -> Path:
    """Make a certificate that nobody has signed."""
    file = folder / "self-signed.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(file), "-out", str(file.with_suffix(".crt"))),
        ],
        check=True,
        capture_output=True,
    )
    file.write_bytes(file.read_bytes() + file.with_suffix(".crt").read_bytes())
    return file


def find_free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
