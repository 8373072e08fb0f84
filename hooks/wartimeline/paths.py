"""The addresses of the site. They are permanent: classes link to them.

An address is relative to the site, has no leading slash and ends in one.
"""

import datetime as dt
from functools import cache
from pathlib import PurePosixPath

from wartimeline.digests import THEME, digest_files

TIMELINE = "timeline/"
CLAIMS = "claims/"
DATA = "data/"
ASSETS = "assets/timeline/"

ASSET_FILES = THEME / "assets"
"""The files of the theme that are sent to readers."""


def event_address(entry_id: str) -> str:
    """Return the address of an event's page."""
    return f"events/{entry_id}/"


def year_address(year: int) -> str:
    """Return the address of a year."""
    return f"{TIMELINE}{year}/"


def month_address(day: dt.date) -> str:
    """Return the address of the month a day lies in."""
    return f"{TIMELINE}{day.year}/{day.month:02}/"


def claims_address(*parts: str | int) -> str:
    """Return the address of a part of the ledger of claims, such as `claims/2016/12/`."""
    return CLAIMS + "".join(
        f"{part:02}/" if isinstance(part, int) else f"{part}/" for part in parts
    )


def data_address(name: str) -> str:
    """Return the address of a file of data, such as `data/sources.bib`."""
    return f"{DATA}{name}"


def index_address(index: str) -> str:
    """Return the address of an index, such as `places/`."""
    return f"{index}/"


def heading_address(index: str, heading: str) -> str:
    """Return the address of a heading of an index, such as `places/aleppo/`."""
    return f"{index}/{heading}/"


def page_address(source: str) -> str:
    """Return the address of a hand-written page, given its file: `a/index.md` is at `a/`.

    An anchor behind the file is kept.
    """
    file, mark, anchor = source.partition("#")
    path = str(PurePosixPath(file).with_suffix(""))
    address = "" if path == "index" else path.removesuffix("/index") + "/"
    return f"{address}{mark}{anchor}"


def asset_address(name: str) -> str:
    """Return the address of a file of the theme; it changes whenever one of these files does."""
    return f"{asset_folder()}{name}"


@cache
def asset_folder() -> str:
    """Return the folder of the files of the theme, which is named by a digest of them all.

    So readers may keep these files for good, and those that name each other need no
    change. Read once in a process.
    """
    return f"{ASSETS}{digest_files(ASSET_FILES).hex()[:10]}/"


def root_from(address: str) -> str:
    """Return the relative way from an address to the root of the site."""
    return "../" * address.count("/") or "./"


def generated_folders() -> frozenset[str]:
    """Return the top folders whose pages are generated."""
    return frozenset(
        {
            "events", "timeline", "places", "actors", "kinds", "phases", "sources", "claims",
            "data", "explore", "on-this-day", "search", "pagefind",
        }
    )  # fmt: skip
