"""Measure what a reader's first visit to a page transfers, as a browser sees it.

Serves a built site compressed, as a web server would, opens pages in an
installed Chromium with an empty cache, and prints the bytes of each kind of
file. Run by `make audit`; it reports and never fails on a size.
"""

import argparse
import gzip
import shutil
import sys
from collections import Counter
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, sync_playwright

PAGES = {
    "home": "",
    "timeline": "timeline/",
    "year": "timeline/2016/",
    "event": "events/2016-12-12-sheikh-saeed-falls-battle-over/",
    "place": "places/aleppo/",
    "claims": "claims/",
    "claims of a measure": "claims/killed/",
    "gaps": "about/gaps/",
    "explore": "explore/",
}
EVENTS = "events/"
OWN = "/assets/timeline/"
_COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".csv", ".bib", ".ris"}


@cache
def compress(path: Path) -> bytes:
    """Return a file as a server sends it with `Content-Encoding: gzip`."""
    return gzip.compress(path.read_bytes(), mtime=0)


def find_heaviest(site: Path, folder: str) -> str | None:
    """Return the address of the page below a folder whose compressed HTML is the largest."""
    pages = sorted((site / folder).glob("*/index.html"), key=lambda path: len(compress(path)))
    return f"{folder}{pages[-1].parent.name}/" if pages else None


class Handler(SimpleHTTPRequestHandler):
    """Serves files, compressed where that is usual."""

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if path.suffix not in _COMPRESSED or not path.is_file():
            super().do_GET()
            return
        body = compress(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing for a request."""


def measure_page(browser: Browser, base: str, address: str) -> Counter[str]:
    """Open a page with an empty cache; return bytes by kind of file, and those of our own code."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str]] = {}
    sizes: Counter[str] = Counter()

    def note(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"], event["response"]["url"]

    def add(event: dict[str, Any]) -> None:
        kind, url = kinds.get(event["requestId"], ("Other", ""))
        size = int(event["encodedDataLength"])
        sizes["all"] += size
        sizes[kind] += size
        if OWN in url and kind in {"Stylesheet", "Script"}:
            sizes["own CSS and JS"] += size

    session.on("Network.responseReceived", note)
    session.on("Network.loadingFinished", add)
    session.send("Network.enable")
    response = page.goto(base + address, wait_until="networkidle")
    context.close()
    return sizes if response is not None and response.ok else Counter()


def main() -> int:
    """Print a table of sizes in kB."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, help="the folder of a built site")
    options = parser.parse_args()
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        parser.error("no Chromium or Chrome is installed")
    heaviest = find_heaviest(options.site, EVENTS)
    pages = PAGES | ({"event with most HTML": heaviest} if heaviest else {})
    columns = ("all", "Document", "Stylesheet", "Script", "Font", "Image", "own CSS and JS")
    print(f"{'kB, compressed':<22}" + "".join(f"{name:>16}" for name in columns))
    handler = partial(Handler, directory=str(options.site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        for name, address in pages.items():
            sizes = measure_page(browser, f"http://127.0.0.1:{server.server_port}/", address)
            if sizes:
                cells = "".join(f"{sizes[column] / 1000:>16.1f}" for column in columns)
                print(f"{name:<22}{cells}")
        browser.close()
        server.shutdown()
    if heaviest:
        print(f"\nThe event with most HTML is {heaviest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
