"""The command line: `wartimeline source`."""

import argparse
import asyncio
import datetime as dt
import importlib.util
import logging
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from wartimeline.catalogue import Catalogue, parse_project
from wartimeline.dates import parse_when
from wartimeline.fields import Url
from wartimeline.files import read_entry, read_project
from wartimeline.web.archive import Answer
from wartimeline.web.arguments import parse_endpoint, parse_positive_seconds
from wartimeline.web.links import is_same_page

if TYPE_CHECKING:  # httpx need not be installed
    from wartimeline.web.client import Reply

LARGEST = 5_000_000
"""The most bytes of a page that are read; what a source block needs stands at its beginning."""
CLEAN, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130
_CONFIG = "mkdocs.yml"
_NEEDED = ("httpx", "trafilatura")
_REFUSALS = {401, 402, 403, 405, 406, 429, 451, 999}
_GONE = {404, 410}
_OK = 200
_FIRST_ERROR = 400
_REFUSED = "the site refuses automatic readers"
_SAVE = "save the page in a browser and use --file"
_BARRIER = re.compile(
    r"just a moment\W*|access denied|attention required\W.*|are you a robot\W*|"
    r"(?:403 )?forbidden|human verification|please wait\W*|robot or human\W*",
    re.IGNORECASE,
)
_PAGES = {"text/html", "application/xhtml+xml"}
_MARKS = (b"<html", b"<!doctype html", b"<head", b"<title")

Options = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it came, or why it did not; `url` is where it came from in the end."""

    url: str
    body: bytes = b""
    content_type: str = ""
    trouble: str = ""
    is_truncated: bool = False


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its type to itself
    """Add `source` to the commands of a parser."""
    source = commands.add_parser(
        "source",
        help="make the block of a source from the address of a page",
        description="Read a page and print an item for the sources of an entry, to be checked and "
        "pasted. What the page does not say stands in it as a comment. Exit status: 0 done, "
        "1 the page could not be read, 2 wrong usage, 130 interrupted.",
    )
    source.add_argument("url", type=_parse_address, metavar="URL", help="the address of the page")
    source.add_argument(
        "--file", type=Path, metavar="PAGE", help="read this saved copy and ask nobody"
    )
    source.add_argument(
        "--entry", type=Path, metavar="FILE", help="choose an id that this entry does not have yet"
    )
    source.add_argument("--archive", action="store_true", help="look for an archived copy too")
    source.add_argument(
        "--api",
        type=parse_endpoint,
        default="https://archive.org",
        metavar="URL",
        help="where to look for copies (https://archive.org)",
    )
    source.add_argument(
        "--timeout",
        type=parse_positive_seconds,
        default=20,
        metavar="SECONDS",
        help="how long to wait for a server (20)",
    )
    # Also behind the command; without SUPPRESS its default would hide what stands before it.
    source.add_argument(
        "-C",
        "--project",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=f"the folder that holds {_CONFIG}",
    )


def run_source(parser: argparse.ArgumentParser, options: Options, root: Path) -> int:
    """Print the block for the page that `options` name, for the project in the folder `root`."""
    if any(importlib.util.find_spec(package) is None for package in _NEEDED):
        parser.error("this command needs more packages: pip install 'wartimeline[web]'")
    if options.file and options.archive:
        parser.error("--archive asks the archive, and with --file nobody is asked")
    for path in (options.file, options.entry):
        if path and not path.is_file():
            parser.error(f"there is no file {path}")
    catalogue, _ = parse_project(read_project(root / _CONFIG))
    if catalogue is None:
        _say("the settings of the project cannot be read; `wartimeline check` says why")
        return PROBLEMS
    taken = _read_ids(options.entry) if options.entry else frozenset()
    try:
        copy = _read_file(options) if options.file else asyncio.run(_fetch(options))
        return _print_block(options, copy, catalogue, taken)
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED


def _print_block(options: Options, copy: Copy, catalogue: Catalogue, taken: Collection[str]) -> int:
    # Imported here because trafilatura need not be installed.
    from wartimeline.web.pages import Page, read_page  # noqa: PLC0415
    from wartimeline.web.sourcing import make_block  # noqa: PLC0415

    # Both libraries report pages they cannot make sense of, which is said here in our words.
    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).addHandler(logging.NullHandler())
    if copy.trouble:
        return _complain(options, copy.trouble)
    if other := _find_other_kind(copy):
        _complain(options, f"{other}: fill in the rest by hand")
        print(make_block(Page(), copy.url, catalogue, taken))
        return PROBLEMS
    page = read_page(copy.body, copy.url, _find_charset(copy.content_type))
    if _BARRIER.fullmatch(page.title):
        return _complain(options, f"{_REFUSED} ('{page.title}'): {_SAVE}")
    if not page.title and not page.text:
        nothing = "there is nothing to read in the page"
        return _complain(options, nothing if options.file else f"{nothing}: {_SAVE}")
    archive = None
    if options.archive:
        archive = asyncio.run(_find_archive(options, copy.url, "".join(page.days[:1])))
    if copy.is_truncated:
        _complain(options, f"only the first {LARGEST:,} bytes of the page were read")
    if not is_same_page(copy.url, options.url):
        _complain(options, f"the address leads to {copy.url}, which stands in the block: check")
    print(make_block(page, copy.url, catalogue, taken, archive))
    return CLEAN


async def _fetch(options: Options) -> Copy:
    from wartimeline.web.client import fetch, make_client  # noqa: PLC0415 - httpx need not be installed

    async with make_client(timeout=options.timeout) as client:
        reply = await fetch(client, options.url, largest=LARGEST)
    headers = reply.headers.get("content-type", "")
    copy = Copy(reply.final_url, reply.body, headers, is_truncated=reply.is_truncated)
    return replace(copy, trouble=_find_trouble(reply, options))


def _find_trouble(reply: "Reply", options: Options) -> str:
    """Say in words why there is no page in a reply, and what can be done."""
    status, end = reply.status or 0, reply.final_url
    is_elsewhere = _is_front(end) and not _is_front(options.url)
    cases = (
        (reply.error.startswith("TLS"), f"there is no secure connection ({reply.error}): {_SAVE}"),
        (reply.error == "time-out", "the site does not answer in time: try again or set --timeout"),
        (reply.is_challenge or status in _REFUSALS, f"{_REFUSED} ({status}): {_SAVE}"),
        (status in _GONE, f"the page is gone ({status}): look for a copy of it in an archive"),
        (status >= _FIRST_ERROR, f"the site has an error ({status}): try again later"),
        (reply.error, f"the page did not come: {reply.error}"),
        (status != _OK, f"the site sent no page ({status})"),
        (is_elsewhere, f"the address leads to the front page {end}: the page may be gone"),
    )
    return next((words for is_so, words in cases if is_so), "")


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _read_file(options: Options) -> Copy:
    try:
        with options.file.open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError as error:
        return Copy(options.url, trouble=f"{options.file} cannot be read: {error.strerror}")
    return Copy(options.url, body[:LARGEST], is_truncated=len(body) > LARGEST)


def _find_other_kind(copy: Copy) -> str:
    """Say what a copy is, or nothing if it is a page."""
    kind = copy.content_type.partition(";")[0].strip().lower()
    start = copy.body[:4096].lower()
    if copy.body.lstrip()[:5] == b"%PDF-" or kind == "application/pdf":
        return "the document is a PDF, which this command cannot read"
    if any(mark in start.replace(b"\0", b"") for mark in _MARKS) or kind in {"", *_PAGES}:
        return ""
    return f"this is not a page but {kind}"


def _find_charset(content_type: str) -> str:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    return found[1] if found else ""


async def _find_archive(options: Options, url: str, published: str) -> Answer:
    from wartimeline.web.client import make_client  # noqa: PLC0415
    from wartimeline.web.manners import Manners  # noqa: PLC0415 - httpx need not be installed
    from wartimeline.web.wayback import Endpoints, find_copy  # noqa: PLC0415

    first = parse_when(published).earliest if published else None
    day = first or dt.datetime.now(dt.UTC).date()
    async with make_client(timeout=options.timeout) as client:
        endpoints = Endpoints(options.api)
        answer = await find_copy(Manners(client, retries=1), endpoints, url, day, first)
    if answer.address and not _is_address(answer.address):
        return Answer(trouble="the archive gave no valid address")
    return answer


def _read_ids(file: Path) -> frozenset[str]:
    """Return the ids of the sources of an entry, which need not be valid yet."""
    entry, _ = read_entry(file, file.parent)
    sources = entry.front_matter.at("sources") if entry else None
    if entry is None:
        _say(f"{file} has no front matter that can be read, so the id may be there already")
    listed = sources.value if sources and isinstance(sources.value, list) else []
    return frozenset(str(source.get("id")) for source in listed if isinstance(source, dict))


def _parse_address(text: str) -> str:
    if not _is_address(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a complete http or https address")
    return text


def _is_address(text: str) -> bool:
    try:
        TypeAdapter(Url).validate_python(text)
    except ValidationError:
        return False
    return text == text.strip()


def _complain(options: Options, message: str) -> int:
    _say(f"{options.url}: {message}")
    return PROBLEMS


def _say(message: str) -> None:
    print(message, file=sys.stderr)
