"""How the site is served: addresses of assets, headers, compressed copies, and a real nginx."""

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import OTHER_WAR, ROOT, Project
from pages import find_broken_links, find_pages
from test_explore_browser import TILES, WIDE, make_pmtiles, make_tile, serve_tile
from wartimeline import paths
from wartimeline.deploy import find_scripts, list_cache_rules, make_policy
from wartimeline.settings import MapSettings
from web_server import find_free_port

HOOKS = ROOT / "hooks"
PUBLISH = ROOT / "docs" / "contribute" / "publish.md"
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
CHECK_FIRST = "public, max-age=0, must-revalidate"

Ask = Callable[..., http.client.HTTPResponse]


# --- Addresses of assets


def test_no_address_of_an_asset_is_written_out() -> None:
    sources = [*HOOKS.rglob("*.py"), *(HOOKS / "wartimeline" / "theme").rglob("*.*")]
    texts = [path for path in sources if path.suffix in {".py", ".html", ".js", ".css"}]
    assert len(texts) > 100
    found = [path.name for path in texts if "assets/timeline" in path.read_text("utf-8")]
    assert found == ["paths.py"]


@pytest.fixture
def theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in place of the files of the theme."""
    monkeypatch.setattr(paths, "ASSET_FILES", tmp_path)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "serif.woff2").write_bytes(b"letters")
    (tmp_path / "LICENSE").write_bytes(b"may")
    paths.asset_folder.cache_clear()
    yield tmp_path
    paths.asset_folder.cache_clear()


def test_the_folder_of_the_assets_is_named_after_them(theme: Path) -> None:
    assert re.fullmatch(r"assets/timeline/[0-9a-f]{10}/", paths.asset_folder())
    assert paths.asset_address("fonts/serif.woff2") == f"{paths.asset_folder()}fonts/serif.woff2"
    names = {paths.asset_folder()}
    changes: list[Callable[[], object]] = [
        lambda: (theme / "LICENSE").write_bytes(b"may not"),
        lambda: (theme / "LICENSE").rename(theme / "LICENCE"),
        lambda: (theme / "new.js").write_bytes(b""),
        lambda: (theme / "new.js").rename(theme / "fonts" / "new.js"),
        (theme / "LICENCE").unlink,
    ]
    for number, change in enumerate(changes, start=2):
        change()
        paths.asset_folder.cache_clear()
        names.add(paths.asset_folder())
        assert len(names) == number
    copy = shutil.copytree(theme, theme.parent / "elsewhere")
    os.utime(copy / "fonts" / "serif.woff2", (0, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "ASSET_FILES", copy)
        paths.asset_folder.cache_clear()
        names.add(paths.asset_folder())
    assert len(names) == len(changes) + 1  # neither the place nor the time counts


# --- The file of headers


def read_headers(site: Path) -> dict[str, list[tuple[str, str]]]:
    """Read the headers of a site: by path, names and values."""
    rules: dict[str, list[tuple[str, str]]] = {}
    path = ""
    for line in (site / "_headers").read_text("utf-8").splitlines():
        if line.startswith(" "):
            name, value = line.strip().split(": ", 1)
            rules[path].append((name, value))
        else:
            path = line
            assert path not in rules
            rules[path] = []
    return rules


def find_rules(rules: dict[str, list[tuple[str, str]]], address: str) -> list[tuple[str, str]]:
    """Return the headers of all rules that apply to an address, as hosts match them."""
    return [
        header
        for path, headers in rules.items()
        if path == address or (path.endswith("*") and address.startswith(path[:-1]))
        for header in headers
    ]


def test_every_file_of_the_real_site_falls_under_one_rule_of_a_kind(aleppo_site: Path) -> None:
    rules = read_headers(aleppo_site)
    for path in aleppo_site.rglob("*"):
        if path.is_file() and path.name != "_headers":
            address = "/" + path.relative_to(aleppo_site).as_posix().removesuffix("index.html")
            names = [name for name, _ in find_rules(rules, address)]
            assert sorted(names) == sorted(set(names)), address
            assert "Cache-Control" in names, address


@pytest.mark.parametrize(
    ("address", "life"),
    [
        ("", CHECK_FIRST),
        ("404.html", CHECK_FIRST),
        ("events/2016-12-12-sheikh-saeed-falls-battle-over/", CHECK_FIRST),
        ("data/events.json", CHECK_FIRST),
        ("explore/rows-0.json", CHECK_FIRST),
        ("pagefind/pagefind.js", CHECK_FIRST),
        ("pagefind/pagefind-entry.json", CHECK_FIRST),
        ("pagefind/wasm.en.pagefind", CHECK_FIRST),
        ("pagefind/pagefind.en_*.pf_meta", FOR_GOOD),
        ("pagefind/index/*.pf_index", FOR_GOOD),
        ("pagefind/filter/*.pf_filter", FOR_GOOD),
        ("assets/images/favicon.png", FOR_A_DAY),
        ("assets/timeline/cards/battle.png", FOR_A_DAY),
        ("assets/timeline/*/timeline.css", FOR_GOOD),
        ("assets/timeline/*/explore/main.js", FOR_GOOD),
        ("assets/javascripts/bundle.*.min.js", FOR_GOOD),
        ("assets/javascripts/lunr/tinyseg.js", FOR_A_DAY),
        ("assets/stylesheets/main.*.min.css", FOR_GOOD),
    ],
)
def test_only_what_is_named_after_its_content_is_kept_for_good(
    aleppo_site: Path, address: str, life: str
) -> None:
    rules = read_headers(aleppo_site)
    found = list(aleppo_site.glob(address)) if "*" in address else [aleppo_site / address]
    assert found
    for path in found:
        assert path.exists()
        end = "/" if address.endswith("/") else ""
        served = "/" + path.relative_to(aleppo_site).as_posix().removeprefix(".") + end
        assert ("Cache-Control", life) in find_rules(rules, served)


def test_the_headers_are_within_the_limits_of_the_hosts(aleppo_site: Path) -> None:
    text = (aleppo_site / "_headers").read_text("utf-8")
    assert len(read_headers(aleppo_site)) <= 100
    assert max(map(len, text.splitlines())) <= 2000


def test_a_folder_of_files_that_are_all_alike_is_one_rule() -> None:
    folder = paths.asset_folder()
    files = ["index.html", "_headers", "a/index.html", "a/b/c.json", f"{folder}x.js",
             f"{folder}y/z.js", "assets/own.png"]  # fmt: skip
    assert list(list_cache_rules(files)) == [
        ("/", CHECK_FIRST),
        ("/a/*", CHECK_FIRST),
        ("/assets/own.png", FOR_A_DAY),
        ("/assets/timeline/*", FOR_GOOD),
    ]
    assert list(list_cache_rules([f"{folder}x.js"])) == [("/assets/*", FOR_GOOD)]
    assert list(list_cache_rules([])) == []


# --- The policy


def read_policy(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split(";")}


@pytest.mark.parametrize(
    ("settings", "sources"),
    [
        ({}, ["https://tile.openstreetmap.org"]),
        ({"street_map": False}, []),
        ({"pmtiles": "maps/city.pmtiles"}, ["blob:"]),
        (
            {"tile_url": "https://maps.example:8443/a/{z}/{x}/{y}.png"},
            ["https://maps.example:8443"],
        ),
    ],
    ids=["default", "none", "one-file", "port"],
)
def test_images_of_the_street_map_come_only_from_where_the_settings_say(
    settings: dict[str, object], sources: list[str]
) -> None:
    policy = read_policy(make_policy([], MapSettings(**settings)))
    assert policy["img-src"] == ["'self'", "data:", *sources]


def test_scripts_in_pages_are_named_by_their_digests() -> None:
    html = (
        '<script>alert(1)</script><script src="a.js"></script><script type="module" src=b.js>'
        '</script><script type="application/ld+json">{"a": 1}</script><script type="module">1\n'
        "</script><script></script>"
    )
    assert find_scripts(html) == {
        "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
        "'sha256-Q1WkaxnTSNwvV8BG+O9j1FOOu5NgAPPJ7pVKJ0YN2GU='",
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    }


def test_no_page_has_a_script_that_the_policy_does_not_name(aleppo_site: Path) -> None:
    headers = dict(read_headers(aleppo_site)["/*"])
    allowed = read_policy(headers["Content-Security-Policy"])["script-src"]
    assert "'unsafe-inline'" not in allowed
    for path in find_pages(aleppo_site):
        html = path.read_text("utf-8")
        assert find_scripts(html) <= set(allowed), path
        assert not re.search(r"<[^>]*\son\w+=", html), path


# --- Compressed copies


def compress(site: Path) -> str:
    """Run the program that compresses a site; return its line."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "compress.py", site, "--brotli", "4"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("\n") == 1
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "pagefind").mkdir(parents=True)
    (site / "page.html").write_text("<p>A page. " * 200)
    (site / "small.html").write_text("<p>A page.")
    (site / "card.png").write_bytes(bytes(2000))
    (site / "pagefind" / "en.pf_meta").write_bytes(gzip.compress(bytes(20000)) * 50)
    return site


def list_copies(site: Path) -> list[str]:
    names = (path.relative_to(site).as_posix() for path in site.rglob("*"))
    return sorted(name for name in names if name.endswith((".gz", ".br", ".part")))


def test_only_texts_that_are_worth_it_get_copies(folder: Path) -> None:
    assert compress(folder).startswith("1 files of 0.0 MB: ")
    assert list_copies(folder) == ["page.html.br", "page.html.gz"]
    page = (folder / "page.html").read_bytes()
    assert gzip.decompress((folder / "page.html.gz").read_bytes()) == page
    assert brotli.decompress((folder / "page.html.br").read_bytes()) == page
    times = {path.stat().st_mtime_ns for path in folder.glob("page.html*")}
    assert len(times) == 1  # as nginx asks for


def test_copies_are_made_anew_only_when_the_file_is(folder: Path) -> None:
    assert "2 copies made, 0 removed" in compress(folder)
    assert "0 copies made, 0 removed" in compress(folder)
    before = (folder / "page.html.gz").read_bytes()
    (folder / "page.html.br").unlink()
    assert "1 copies made, 0 removed" in compress(folder)
    stat = (folder / "page.html").stat()
    os.utime(folder / "page.html", ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))
    assert "2 copies made, 0 removed" in compress(folder)
    assert (folder / "page.html.gz").read_bytes() == before  # no time and no name in it


def test_copies_without_their_file_are_removed(folder: Path) -> None:
    compress(folder)
    (folder / "sitemap.xml").write_text("<urlset/>")
    for name in ("gone.html.gz", "gone.html.br", "sitemap.xml.gz", "data.tar.gz"):
        (folder / name).write_bytes(b"x")
    assert "0 copies made, 2 removed" in compress(folder)
    assert "sitemap.xml.gz" in list_copies(folder)  # newer than its file, which gets none from us
    assert "data.tar.gz" in list_copies(folder)
    (folder / "page.html").write_text("<p>Small by now")
    now = time.time_ns() + 1_000_000_000
    os.utime(folder / "page.html", ns=(now, now))
    assert "2 removed" in compress(folder)
    assert list_copies(folder) == ["data.tar.gz", "sitemap.xml.gz"]


# --- A real nginx, with the configuration that the documentation gives


@pytest.fixture(scope="module")
def nginx() -> str:
    """The program; in CI it must be there."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        message = "no nginx is installed"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return found


def read_block(language: str) -> str:
    """Return the first block of some language in the section on nginx."""
    section = PUBLISH.read_text("utf-8").split("{ #nginx }")[1].split("\n## ")[0]
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return str(blocks[0])


@contextmanager
def serve(nginx: str, site: Path, prefix: Path) -> Iterator[str]:
    """Serve a site as the documentation says; yield its address with a slash at the end."""
    prefix.mkdir()
    port, headers = find_free_port(), prefix / "headers.conf"
    command, given = read_block("sh"), "/etc/nginx/timeline-headers.conf"
    for old, new in (("site/_headers", f"'{site}/_headers'"), (given, f"'{headers}'")):
        assert old in command
        command = command.replace(old, new)
    subprocess.run(["sh", "-ec", command], check=True)
    configuration = read_block("nginx")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/srv/timeline/site", f'"{site}"'),
        (given, str(headers)),
    ):
        assert old in configuration
        configuration = configuration.replace(old, new)
    if not Path("/etc/nginx/mime.types").is_file():
        types = Path(nginx).parent.parent / "etc" / "nginx" / "mime.types"
        configuration = configuration.replace("/etc/nginx/mime.types", str(types))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {kind};\n" for kind in kinds)
    file = prefix / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of tests are private
    file.write_text(
        f"{user} daemon off; pid nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off;\n{places}{configuration} }}\n"
    )
    command_line = [nginx, "-p", str(prefix), "-e", "stderr", "-c", str(file)]
    with (prefix / "errors").open("wb") as errors:
        process = subprocess.Popen(command_line, stderr=errors)
    try:
        _wait_for(port, process, prefix / "errors")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes], errors: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() is None, errors.read_text()
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail("nginx does not answer")


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented site with a street map of its own, built and compressed."""
    root = tmp_path_factory.mktemp("small") / "site of another war"
    shutil.copytree(OTHER_WAR, root)
    shutil.copytree(HOOKS, root / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    project = Project(root)
    (root / "docs" / "maps").mkdir()
    (root / "docs" / "maps" / "world.pmtiles").write_bytes(make_pmtiles(make_tile()))
    settings = "extra:\n  timeline:\n"
    project.edit("mkdocs.yml", settings, f"{settings}    map:\n      pmtiles: maps/world.pmtiles\n")
    built = project.build("--strict")
    assert built.returncode == 0, built.stderr
    compress(root / "site")
    return root / "site"


@pytest.fixture(scope="module")
def small_url(
    nginx: str, small_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with serve(nginx, small_site, tmp_path_factory.mktemp("nginx") / "prefix") as url:
        yield url


@pytest.fixture
def ask(small_url: str) -> Iterator[Ask]:
    """Ask the server for an address, without following or unpacking anything."""
    connection = http.client.HTTPConnection(urlsplit(small_url).netloc, timeout=30)

    def request(address: str, **headers: str) -> http.client.HTTPResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", f"/{address}", headers=names)
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined] - for the test
        return answer

    yield request
    connection.close()


EVENT = "events/1204-03-09-well-poisoned"


def test_nginx_sends_the_page_of_a_folder(ask: Ask, small_site: Path) -> None:
    for address in ("", f"{EVENT}/", "explore/"):
        answer = ask(address)
        assert answer.status == 200
        assert answer.body == (small_site / address / "index.html").read_bytes()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_nginx_leads_to_the_folder(ask: Ask) -> None:
    answer = ask(EVENT)
    assert (answer.status, answer.headers["Location"]) == (301, f"/{EVENT}/")


@pytest.mark.parametrize(
    "address",
    ["nothing/", "events/nothing", "assets/timeline/0123456789/old.js", "_headers", "404.html"],
)
def test_nginx_sends_the_page_for_missing_addresses(
    ask: Ask, small_site: Path, address: str
) -> None:
    answer = ask(address)
    assert answer.status == 404
    assert answer.body == (small_site / "404.html").read_bytes()
    assert answer.headers["Cache-Control"] == CHECK_FIRST


def test_nginx_caches_as_the_file_of_headers_says(ask: Ask, small_site: Path) -> None:
    rules = read_headers(small_site)
    lives = set()
    for path in small_site.rglob("*"):
        if path.is_file() and path.name not in {"_headers", "404.html"}:
            address = path.relative_to(small_site).as_posix().removesuffix("index.html")
            if address.endswith((".gz", ".br", ".map")):
                continue
            answer = ask(address)
            assert answer.status == 200, address
            expected = dict(find_rules(rules, f"/{address}"))
            assert answer.headers.get_all("Cache-Control") == [expected["Cache-Control"]], address
            lives.add(expected["Cache-Control"])
    assert lives == {FOR_GOOD, FOR_A_DAY, CHECK_FIRST}


def test_nginx_says_that_nothing_changed(ask: Ask) -> None:
    tag = ask(f"{EVENT}/").headers["ETag"]
    answer = ask(f"{EVENT}/", If_None_Match=tag)
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["Cache-Control"] == CHECK_FIRST


def test_nginx_sends_the_headers_of_every_page(ask: Ask, small_site: Path) -> None:
    for address in ("", f"{EVENT}/", "nothing/", "data/events.json"):
        answer = ask(address)
        for name, value in read_headers(small_site)["/*"]:
            assert answer.headers.get_all(name) == [value], (address, name)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("data/events.json", "application/json; charset=utf-8"),
        ("data/sources.csl.json", "application/json; charset=utf-8"),
        ("data/claims.csv", "text/csv; charset=utf-8"),
        ("data/sources.bib", "application/x-bibtex; charset=utf-8"),
        ("data/sources.ris", "application/x-research-info-systems; charset=utf-8"),
        ("sitemap.xml", "text/xml; charset=utf-8"),
        ("maps/world.pmtiles", "application/vnd.pmtiles"),
        ("assets/timeline/*/timeline.css", "text/css; charset=utf-8"),
        ("assets/timeline/*/entry.js", "application/javascript; charset=utf-8"),
        ("assets/timeline/*/fonts/timeline-serif-latin.woff2", "font/woff2"),
        ("assets/timeline/*/glyphs/dot.svg", "image/svg+xml"),
        ("assets/timeline/cards/battle.png", "image/png"),
        ("pagefind/pagefind.js", "application/javascript; charset=utf-8"),
        ("pagefind/pagefind-entry.json", "application/json; charset=utf-8"),
        ("pagefind/*.pf_meta", "application/octet-stream"),
        ("pagefind/fragment/*.pf_fragment", "application/octet-stream"),
        ("pagefind/wasm.en.pagefind", "application/octet-stream"),
    ],
)
def test_nginx_says_what_a_file_is(ask: Ask, small_site: Path, pattern: str, kind: str) -> None:
    path = next(small_site.glob(pattern))
    answer = ask(path.relative_to(small_site).as_posix())
    assert answer.status == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.body == path.read_bytes()


def test_nginx_sends_the_compressed_copy(ask: Ask, small_site: Path) -> None:
    answer = ask("data/events.json", Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.body == (small_site / "data" / "events.json.gz").read_bytes()


def test_nginx_sends_parts_of_a_street_map(ask: Ask) -> None:
    answer = ask("maps/world.pmtiles", Range="bytes=0-6")
    assert (answer.status, answer.body) == (206, b"PMTiles")


def test_no_link_of_the_small_site_is_broken(small_site: Path) -> None:
    assert list(find_broken_links(small_site)) == []


# --- What the policy blocks, in a real browser


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what went wrong on it: blocked things and errors of scripts."""
    context = browser.new_context(viewport=WIDE)
    page, wrong = context.new_page(), list[str]()
    context.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => "
        "console.error(`blocked ${e.blockedURI} by ${e.effectiveDirective}`))"
    )
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page, wrong
    context.close()


@pytest.fixture(scope="module")
def real_url(
    nginx: str, aleppo_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with serve(nginx, aleppo_site, tmp_path_factory.mktemp("nginx") / "prefix") as url:
        yield url


@pytest.mark.parametrize(
    "address",
    [
        "", "timeline/", "timeline/2016/", "timeline/2016/12/", "places/", "places/aleppo/",
        "actors/", "sources/", "kinds/battle/", "phases/siege/", "claims/", "claims/killed/",
        "claims/2016/12/", "on-this-day/", "data/", "about/gaps/", "glossary/",
        "contribute/fields/", "events/2016-12-12-sheikh-saeed-falls-battle-over/",
        "events/2019-05-14-neirab-camp-rockets/",
    ],
)  # fmt: skip
def test_the_policy_blocks_nothing_on_a_page(
    watched: tuple[Page, list[str]], real_url: str, address: str
) -> None:
    page, wrong = watched
    answer = page.goto(real_url + address, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    page.locator("label[for^=__palette]:visible").first.click()  # Material's own script is at work
    assert wrong == []


def test_the_policy_blocks_nothing_on_the_page_for_missing_addresses(
    watched: tuple[Page, list[str]], real_url: str
) -> None:
    page, wrong = watched
    answer = page.goto(f"{real_url}events/nothing/", wait_until="networkidle")
    assert answer is not None
    assert answer.status == 404
    assert [text for text in wrong if "404" not in text] == []


def test_the_policy_blocks_nothing_of_the_menu_on_a_telephone(
    watched: tuple[Page, list[str]], real_url: str
) -> None:
    page, wrong = watched
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{real_url}contribute/fields/", wait_until="networkidle")
    page.locator("label.md-header__button[for=__drawer]").click()
    expect(page.locator(".md-nav--primary")).to_be_in_viewport()
    page.wait_for_timeout(300)  # the menu slides in, with icons that the style sheet holds
    assert wrong == []


def test_the_policy_blocks_nothing_in_search(
    watched: tuple[Page, list[str]], real_url: str
) -> None:
    page, wrong = watched
    page.goto(f"{real_url}search/")
    page.get_by_role("searchbox").first.fill("castello road")
    expect(page.locator(".tl-search__results .tl-row__title").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert wrong == []


def test_the_policy_blocks_nothing_of_the_street_map(
    watched: tuple[Page, list[str]], real_url: str
) -> None:
    page, wrong = watched
    page.context.route(TILES, serve_tile)
    page.goto(f"{real_url}explore/")
    expect(page.locator(".tl-spot").first).to_be_visible()
    with page.expect_response(TILES):
        page.get_by_role("button", name="Show street map").click()
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert wrong == []


def test_the_policy_blocks_nothing_of_a_street_map_of_the_site_itself(
    watched: tuple[Page, list[str]], small_url: str
) -> None:
    page, wrong = watched
    page.goto(f"{small_url}explore/")
    expect(page.locator(".tl-spot").first).to_be_visible()
    page.get_by_role("button", name="Show street map").click()
    expect(page.locator(".leaflet-tile-loaded[src^=blob]").first).to_be_attached()
    assert wrong == []


def test_the_policy_blocks_what_the_site_does_not_need(
    watched: tuple[Page, list[str]], real_url: str
) -> None:
    page, wrong = watched
    page.goto(real_url, wait_until="networkidle")
    page.evaluate(
        """() => {
            const add = (name, more) => document.body.append(
                Object.assign(document.createElement(name), more));
            add("img", { src: "https://elsewhere.example/x.png" });
            add("script", { src: "https://elsewhere.example/x.js" });
            add("script", { textContent: "window.wasRun = true" });
            add("style", { textContent: "body { color: red }" });
            add("iframe", { src: "https://elsewhere.example/" });
        }"""
    )
    page.wait_for_timeout(200)
    blocked = {text for text in wrong if text.startswith("blocked ")}
    assert blocked == {
        "blocked https://elsewhere.example/x.png by img-src",
        "blocked https://elsewhere.example/x.js by script-src-elem",
        "blocked inline by script-src-elem",
        "blocked inline by style-src-elem",
        "blocked https://elsewhere.example by frame-src",
    }
    assert page.evaluate("window.wasRun") is None
