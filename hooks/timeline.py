"""The MkDocs hook: the only file that knows MkDocs.

It runs the pipeline before MkDocs touches anything. MkDocs then builds what is
written by hand, what stands in its navigation, and one empty page for each depth of
address, into a folder of its own; at the end that is put together with the
generated pages, and only what changed is written to the site.
"""

import atexit
import gc
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from functools import cached_property, partial
from html import escape
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.templates import TemplateContext

from wartimeline import (
    chrome,
    deploy,
    finder,
    paths,
    pipeline,
    publish,
    search_index,
    search_page,
    site,
)
from wartimeline.blocks import fill_markers
from wartimeline.digests import THEME, digest
from wartimeline.problems import ContentError, summarise
from wartimeline.progress import Progress
from wartimeline.site_folder import SiteFolder, open_site_folder
from wartimeline.store import Cache, Store
from wartimeline.templates import Compiled

_OVERRIDES = THEME / "overrides"
_STYLE = "timeline.css"
_SEARCH_SWITCH = "WARTIMELINE_SEARCH"
_CACHE_SWITCH = "WARTIMELINE_CACHE"
_CACHE = Path(".cache", "wartimeline")
_FONT = paths.asset_address("fonts/timeline-serif-latin.woff2")
_PRELOAD = f'<link rel="preload" href="{{root}}{_FONT}" as="font" type="font/woff2" crossorigin>'
_ANCHOR = re.compile(r'\bid="([^"]+)"')
_CHROME = "_chrome/"
"""Below it are the pages that are made only to see what stands around a page."""
_REST = 1
"""How many seconds after a build of `mkdocs serve` its leavings go; the page is first."""
_DELAY = 0.02
"""How many seconds `mkdocs serve` waits for more changes: it looks for them all twice a second."""
_PATIENCE = 5
"""How many seconds what goes on behind `mkdocs serve` has to come to an end."""

log = get_plugin_logger("wartimeline")

# A process that ends looks through everything for garbage: a second for 8,000 entries.
atexit.register(gc.freeze)


class _Build:
    """What the current build has made; assigned afresh in each, as a hook outlives builds.

    `program` makes the index for search, if there is to be one; `kept` are the compiled
    templates of the theme and the content of `shown`, from the last build; `site_dir` is the folder
    of the site, while MkDocs builds into `staging`; `index` is the index for search that is
    made behind `mkdocs serve`, or was; `shown` are the generated pages that MkDocs builds,
    by their file; `written` are the hand-written pages, with what search should find of
    them; `chromes` are what stands around pages, by depth of address, and `scripts` the
    scripts that stand in them.
    """

    program: Path | None
    cache: Cache
    kept: Store
    built: pipeline.Built
    site_dir: str
    staging: tempfile.TemporaryDirectory[str] | None = None
    is_serving: bool = False
    index: search_index.IndexLater | None = None
    shown: dict[str, site.Page]
    written: list[site.Page]
    chromes: dict[int, chrome.Chrome]
    scripts: set[str]
    progress: Progress


class _Files(Files):
    """The files of the site, with the generated pages that a hand-written one links to.

    They are not among the files that MkDocs builds, but its check of links finds them.
    """

    def __init__(self, files: Iterable[File], config: MkDocsConfig) -> None:
        super().__init__(files)
        self._config = config
        self._linked: dict[str, File] = {}

    def get_file_from_path(self, path: str) -> File | None:
        found = super().get_file_from_path(path) or self._linked.get(path)
        planned = _Build.built.site.by_address.get(path.removesuffix("index.md"))
        if found is None and planned is not None:
            found = self._linked[path] = File.generated(self._config, path, content="")
            _LinkedPage(found, self._config, planned)
        return found


class _GeneratedPage(Page):
    """A page that has no Markdown: saves MkDocs a Markdown parser for each."""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        del config, files
        self.content = ""
        self.toc = TableOfContents([])
        self.present_anchor_ids = set()


class _LinkedPage(Page):
    """A page that MkDocs does not build; it is made only if a link leads to an anchor in it."""

    def __init__(self, file: File, config: MkDocsConfig, planned: site.PlannedPage) -> None:
        super().__init__(None, file, config)
        self._planned = planned

    @cached_property
    def present_anchor_ids(self) -> set[str]:  # type: ignore[override]  # MkDocs only reads it
        return set(_ANCHOR.findall(self._planned.make().html))


class _ChromePage(_GeneratedPage):
    """A page that is made only for what stands around it, and is in no list of pages."""

    is_link = True


def on_startup(command: str, dirty: bool) -> None:  # noqa: FBT001 - MkDocs' protocol
    """Note what MkDocs has been asked to do."""
    del dirty
    _Build.is_serving = command == "serve"


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the templates and style sheets of the timeline, and see to what search there is.

    This comes first: a search plugin that is not used need not be set up.
    """
    _Build.progress = Progress()
    # After the templates of the project itself, which may take the place of any of ours.
    config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(_OVERRIDES))
    if not config.repo_url:
        config.edit_uri = None  # MkDocs warns of one without the other, once per page.
    style = paths.asset_address(_STYLE)
    if style not in config.extra_css:
        config.extra_css.insert(0, style)
    _Build.program = _choose_search(config)
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Read and check everything, plan the pages, and let MkDocs build beside the old site."""
    gc.disable()  # A build makes hardly any garbage, and looking for it takes a third of the time.
    _Build.cache = _find_cache(config)
    _Build.kept = _Build.cache.read("mkdocs")
    repository = site.Repository(config.repo_url or "", config.edit_uri or "")
    try:
        built = pipeline.build_project(
            Path(config.config_file_path), repository, config.site_url or "", _Build.cache,
            _Build.progress,
        )  # fmt: skip
    except ContentError as error:
        lines = [*map(str, error.problems), summarise(error.problems, error.entries)]
        raise PluginError("\n".join(lines)) from None
    for problem in built.warnings:
        log.warning("%s", problem)
    if _Build.index is not None:
        _Build.index.stop()  # There will be another of this build.
    _Build.built = built
    _Build.shown, _Build.written, _Build.chromes, _Build.scripts = {}, [], {}, set()
    _Build.site_dir = config.site_dir
    _Build.staging = tempfile.TemporaryDirectory(prefix="wartimeline-")
    config.site_dir = _Build.staging.name


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages of the navigation, that of search, and one for each depth."""
    planned = _Build.built.site.by_address
    wanted = dict.fromkeys(_find_nav_files(config.nav), InclusionLevel.INCLUDED)
    wanted.setdefault(f"{search_page.SEARCH}index.md", InclusionLevel.NOT_IN_NAV)
    if _Build.program is None:
        wanted.pop(f"{search_page.SEARCH}index.md")
    for uri, inclusion in wanted.items():
        page = planned.get(paths.page_address(uri))
        if page is not None and files.get_file_from_path(uri) is None:
            _Build.shown[uri] = _Build.kept.recall(("page", page.fingerprint), page.make)
            files.append(File.generated(config, uri, content="", inclusion=inclusion))
    for depth in {address.count("/") for address in planned}:
        uri = f"{_CHROME}{'x/' * (depth - 1)}index.md"
        file = File.generated(config, uri, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        _Build.shown[uri] = site.Page(
            paths.page_address(uri), chrome.TITLE, chrome.DESCRIPTION, chrome.CONTENT,
            head=chrome.HEAD,
        )  # fmt: skip
        _ChromePage(None, file, config)
        files.append(file)
    return _Files(files, config)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Give a generated page its title and description, for the chrome around it.

    Material writes both as they are, so they are handed over escaped.
    """
    del config, files
    generated = _Build.shown.get(page.file.src_uri)
    if generated is not None:
        page.meta = {
            "title": escape(generated.title),
            "description": escape(generated.description),
            "hide": ["navigation", "toc"],
            "search": {"exclude": not generated.text},
        }
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put in what search should find of generated pages, and the blocks of hand-written ones."""
    del config, files
    generated = _Build.shown.get(page.file.src_uri)
    if generated is not None:
        page.present_anchor_ids = set(_ANCHOR.findall(generated.html))
        return generated.text
    asked = page.meta.get("search")
    if not (isinstance(asked, dict) and asked.get("exclude")):
        address = paths.page_address(page.file.src_uri)
        _Build.written.append(site.Page(address, str(page.title), "", "", text=html))
    blocks = _Build.built.site.blocks.get(page.file.src_uri, {})
    for block in blocks.values():
        page.present_anchor_ids = (page.present_anchor_ids or set()).union(_ANCHOR.findall(block))
    return fill_markers(html, blocks)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Keep compiled templates, and tell Material's search, where it is used, of all pages."""
    if env.bytecode_cache is None:
        env.bytecode_cache = Compiled(_Build.kept)
    plugin = config.plugins.get("material/search")
    if plugin is not None and plugin.config["enabled"]:
        for planned in _Build.built.site.pages:
            uri = f"{planned.address}index.md"
            made = planned.make() if uri not in files else None
            if made is not None and made.text:
                page = _GeneratedPage(None, File.generated(config, uri, content=""), config)
                page.meta, page.content = {"title": escape(made.title)}, made.text
                page.toc = TableOfContents([])
                plugin.search_index.add_entry_from_context(page)
    return env


@event_priority(-100)
def on_page_context(
    context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
) -> TemplateContext:
    """Put in the whole content of generated pages, once the search plugin has read its part."""
    del config, nav
    generated = _Build.shown.get(page.file.src_uri)
    if generated is not None:
        page.content = generated.html
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the metadata of a page into its head, and the way to search into its header."""
    del config
    uri = page.file.src_uri
    generated = _Build.shown.get(uri)
    head = generated.head if generated is not None else _Build.built.site.heads.get(uri, "")
    address = paths.page_address(uri)
    root = paths.root_from(address)
    html = output.replace("</head>", f"{_PRELOAD.format(root=root)}{head}</head>", 1)
    html = _place_search(html, root, is_there=address == search_page.SEARCH)
    _Build.scripts |= deploy.find_scripts(html)
    if isinstance(page, _ChromePage):
        _Build.chromes[address.count("/")] = chrome.make_chrome(html, page.canonical_url or "")
    return html


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Complete the site map, and put the way to search into the page for missing addresses."""
    if template_name == "sitemap.xml":
        entries = site.map_pages(_list_unbuilt(), _Build.built.edition)
        return output_content.replace("</urlset>", f"{entries}</urlset>")
    _Build.scripts |= deploy.find_scripts(output_content)
    return _place_search(output_content, urlsplit(config.site_url or "/").path or "/")


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Put everything together in the folder of the site."""
    staging, config.site_dir = Path(config.site_dir), _Build.site_dir
    try:
        with open_site_folder(Path(config.site_dir), _name_store(config), _Build.cache) as folder:
            published, index = _publish(staging, folder)
    except OSError as error:
        raise PluginError(f"The site cannot be written: {error}") from None
    _Build.kept.save()
    if index is not None:
        index.start()
    _clean_up()
    log.info(
        "%d entries, %d pages, %d of them as they were, in %.1f seconds",
        len(_Build.built.timeline.entries), published.pages, published.pages - published.made,
        _Build.progress.seconds,
    )  # fmt: skip


def on_build_error(error: Exception) -> None:
    """Leave nothing behind."""
    del error
    _clean_up()


def on_shutdown() -> None:
    """Stop what goes on behind `mkdocs serve`."""
    if _Build.index is not None:
        _Build.index.stop()
        if _Build.index.is_alive():
            _Build.index.join(_PATIENCE)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:  # noqa: ANN401 - MkDocs' protocol
    """Rebuild when an entry or register changes, and soon."""
    del builder
    server.build_delay = _DELAY
    root = Path(config.config_file_path).parent
    server.watch(str(root / _Build.built.timeline.settings.entries))
    return server


def _publish(
    staging: Path, folder: SiteFolder
) -> tuple[publish.Published, search_index.IndexLater | None]:
    """Write all files of the site; return what makes the index for search, if that is not there."""
    built, index = _Build.built, None
    published = publish.publish_pages(
        _list_unbuilt(), publish.Frame(_Build.chromes, built.edition), folder, _Build.progress
    )
    if _Build.program is not None:
        found = (page.search_text for page in (*_Build.shown.values(), *_Build.written))
        texts = (*published.texts, *filter(None, found))
        index = _write_index(texts, folder, _Build.program)
    shutil.rmtree(staging / _CHROME)
    publish.publish_files(built.site, staging, folder)
    street_map = built.timeline.settings.map
    headers = deploy.make_headers(folder.names, _Build.scripts, street_map)
    folder.put(deploy.HEADERS, headers.encode())
    return published, index


def _list_unbuilt() -> list[site.PlannedPage]:
    """List the generated pages that MkDocs does not build; without search, it has no page."""
    left_out = {page.address for page in _Build.shown.values()}
    if _Build.program is None:
        left_out.add(search_page.SEARCH)
    return [page for page in _Build.built.site.pages if page.address not in left_out]


def _find_cache(config: MkDocsConfig) -> Cache:
    folder = Path(config.config_file_path).parent / _CACHE
    return Cache(None if os.environ.get(_CACHE_SWITCH) == "off" else folder, log.warning)


def _name_store(config: MkDocsConfig) -> str:
    """Return the name of the store for the folder of the site; `serve` uses another each time."""
    path = "serve" if _Build.is_serving else os.path.realpath(config.site_dir)
    return f"site-{digest(path).hex()[:12]}"


def _write_index(
    texts: Iterable[site.SearchText], folder: SiteFolder, program: Path
) -> search_index.IndexLater | None:
    """Write the index for search, or return what makes it while the site is served already."""
    built = _Build.built
    make_records = partial(
        search_index.make_records, built.timeline, built.indexes, tuple(texts), _Build.cache
    )
    if _Build.is_serving:
        warn = partial(log.warning, "%s")
        _Build.index = search_index.IndexLater(make_records, folder, program, _Build.index, warn)
        return _Build.index
    try:
        search_index.write_index(make_records(), folder, program, _Build.progress)
    except finder.FinderError as error:
        log.warning("%s; the site is built without search", error)
        folder.put(finder.STATE, finder.FAILED)
    return None


def _clean_up() -> None:
    staging, _Build.staging = _Build.staging, None
    if _Build.is_serving:
        later = Timer(_REST, _throw_away, (staging,))
        later.daemon = True
        later.start()
    elif staging is not None:  # The process ends, and need not spend a second on its garbage.
        staging.cleanup()


def _throw_away(staging: tempfile.TemporaryDirectory[str] | None) -> None:
    if staging is not None:
        staging.cleanup()
    gc.collect()


def _place_search(html: str, root: str, *, is_there: bool = False) -> str:
    """Put the way to search at the end of Material's header.

    Where its own search is used, its dialog gets a name for screen readers
    instead; that can go when Material 9 does.
    """
    if _Build.program is None:
        return html.replace(' role="dialog">', ' role="dialog" aria-label="Search">', 1)
    start = html.find('<header class="md-header')
    if start < 0:  # the site map, or a page of another theme
        return html
    end = html.index("</nav>", start)
    return f"{html[:end]}{search_page.render_control(root, is_there=is_there)}{html[end:]}"


def _choose_search(config: MkDocsConfig) -> Path | None:
    """Return the program that makes the index; None where there is none, or none is wanted.

    Material's search stays on only where ours is wanted and cannot be had: its
    plugin reads every page.
    """
    program, is_off = None, os.environ.get(_SEARCH_SWITCH) == "off"
    if is_off:
        log.info("No search: %s is off", _SEARCH_SWITCH)
    else:
        try:
            program = finder.find_program()
        except finder.FinderError as error:
            log.warning("%s; the site is built with the search of Material", error)
    plugin = config.plugins.get("material/search")
    if plugin is not None and (program or is_off):
        plugin.config["enabled"] = False
    return program


def _find_nav_files(nav: Any) -> list[str]:  # noqa: ANN401 - any shape that YAML allows
    match nav:
        case str():
            return [nav]
        case list():
            return [uri for item in nav for uri in _find_nav_files(item)]
        case dict():
            return [uri for item in nav.values() for uri in _find_nav_files(item)]
    return []
