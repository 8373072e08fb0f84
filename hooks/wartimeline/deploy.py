"""How a web server should send the site: what readers may keep, and what a page may load.

The rules are written in the form of the `_headers` file that Netlify and Cloudflare
Pages read. Cloudflare joins the values of a header that several rules give, so no
path falls under two rules that give the same one.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import urlsplit

from wartimeline.digests import THEME
from wartimeline.paths import asset_folder
from wartimeline.settings import MapSettings

HEADERS = "_headers"
"""The address of the file of headers."""

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
CHECK_FIRST = "public, max-age=0, must-revalidate"

_TEMPLATES = THEME / "templates"
# A script that runs and stands in the page: with no address, and not data.
_INLINE = re.compile(
    r"<script(?![^>]*\s(?:src=|type=\"application/))[^>]*>(.*?)</script>", re.DOTALL
)
# Files named after their content: those of Material, and the parts of Pagefind's index.
_NAMED_BY_CONTENT = re.compile(
    r"assets/(?:javascripts|stylesheets)/(?:workers/)?[^/]+\.[0-9a-f]{8}\.min\.(?:js|css)(?:\.map)?"
    r"|pagefind/(?:fragment|index|filter)/[^/]+"
    r"|pagefind/[^/]+\.pf_meta"
)


def make_headers(files: Iterable[str], scripts: Iterable[str], street_map: MapSettings) -> str:
    """Make the file of headers of a site.

    `files` are the addresses of all its files, `scripts` what `find_scripts` found in
    pages made by the builder of the site; those of our own templates are known.
    """
    rules = [
        ("/*", "X-Content-Type-Options: nosniff"),
        ("/*", "Referrer-Policy: strict-origin-when-cross-origin"),
        ("/*", f"Content-Security-Policy: {make_policy(scripts, street_map)}"),
        *((path, f"Cache-Control: {life}") for path, life in list_cache_rules(files)),
    ]
    lines, last = [], ""
    for path, header in rules:
        lines += [f"  {header}"] if path == last else [path, f"  {header}"]
        last = path
    return "\n".join([*lines, ""])


def make_policy(scripts: Iterable[str], street_map: MapSettings) -> str:
    """Make the value of `Content-Security-Policy` (W3C, Level 3) that pages of the site need.

    Scripts that stand in pages are named by their digests. Attributes with styles are
    allowed; browsers that know `style-src-elem` allow no such elements.
    """
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *sorted({*scripts, *_find_own_scripts()})],
        "style-src": ["'self'", "'unsafe-inline'"],
        "style-src-elem": ["'self'"],
        "img-src": ["'self'", "data:", *_find_tile_sources(street_map)],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def find_scripts(html: str) -> set[str]:
    """Find the scripts that stand in a page; return each as a policy names it, by its digest."""
    return {_name_script(script) for script in _INLINE.findall(html)}


def list_cache_rules(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """List paths and how long what they lead to may be kept, each file under exactly one.

    A path ends in `*` for a folder whose files are all alike; `/` is the home page.
    """
    lives = {file: _find_life(file) for file in files if file != HEADERS}
    mixed: dict[str, set[str]] = {}
    for file, life in lives.items():
        for folder in _list_folders(file):
            mixed.setdefault(folder, set()).add(life)
    rules = {}
    for file, life in lives.items():
        alike = (f"{folder}*" for folder in _list_folders(file) if len(mixed[folder]) == 1)
        path = next(alike, file)
        rules["/" + path.removesuffix("index.html")] = life
    yield from sorted(rules.items())


def _find_life(file: str) -> str:
    if file.startswith(asset_folder()) or _NAMED_BY_CONTENT.fullmatch(file):
        return FOR_GOOD
    return FOR_A_DAY if file.startswith("assets/") else CHECK_FIRST  # every page asks for the icon


def _list_folders(file: str) -> list[str]:
    """List the folders a file lies in, the outermost first: `a/`, `a/b/`."""
    steps = file.split("/")[:-1]
    return ["/".join([*steps[:i], ""]) for i in range(1, len(steps) + 1)]


def _find_tile_sources(street_map: MapSettings) -> list[str]:
    """Find where the images of the street map come from.

    Those from a file of the site itself are made by the browser.
    """
    if not street_map.street_map:
        return []
    if street_map.pmtiles:
        return ["blob:"]
    parts = urlsplit(street_map.tile_url)
    return [f"{parts.scheme}://{parts.netloc}"]


@cache
def _find_own_scripts() -> frozenset[str]:
    """Find the scripts that stand in our own templates; none of them is filled in."""
    texts = (path.read_text("utf-8") for path in _TEMPLATES.glob("*.html"))
    return frozenset(name for text in texts for name in find_scripts(text))


def _name_script(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
