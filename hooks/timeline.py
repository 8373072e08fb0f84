"""The MkDocs hook: the only file that knows MkDocs.

It runs the pipeline before MkDocs touches the old site, then hands over the
pages, and puts the content of each where MkDocs would have rendered Markdown.
"""

import os
import re
from html import escape
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.templates import TemplateContext

from wartimeline import finder, paths, pipeline, search, search_page, site
from wartimeline.blocks import fill_markers
from wartimeline.indexes import make_indexes
from wartimeline.problems import ContentError, summarise

_ASSETS = Path(pipeline.__file__).parent / "theme" / "assets"
_OVERRIDES = Path(pipeline.__file__).parent / "theme" / "overrides"
_STYLE = "timeline.css"
_SEARCH_SWITCH = "WARTIMELINE_SEARCH"
_FONT = paths.asset_address("fonts/timeline-serif-latin.woff2")
_PRELOAD = f'<link rel="preload" href="{{root}}{_FONT}" as="font" type="font/woff2" crossorigin>'
_ANCHOR = re.compile(r'\bid="([^"]+)"')

log = get_plugin_logger("wartimeline")


class _Build:
    """What the current build has made; assigned afresh in each, as a hook outlives builds.

    `program` makes the index for search, if there is to be one; `written` are the
    hand-written pages, with what search should find of them.
    """

    built: pipeline.Built
    pages: dict[str, site.Page]
    program: Path | None
    written: list[site.Page]


class _GeneratedPage(Page):
    """A page that has no Markdown: saves MkDocs a Markdown parser for each."""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        del config, files
        self.content = ""
        self.toc = TableOfContents([])
        self.present_anchor_ids = set()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the templates and style sheets of the timeline, and see to what search there is."""
    config.theme.dirs.insert(0, str(_OVERRIDES))
    if not config.repo_url:
        config.edit_uri = None  # MkDocs warns of one without the other, once per page.
    style = paths.asset_address(_STYLE)
    if style not in config.extra_css:
        config.extra_css.insert(0, style)
    _Build.program = _choose_search(config)
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Read, check and render everything while the old site still stands."""
    repository = site.Repository(config.repo_url or "", config.edit_uri or "")
    try:
        built = pipeline.build_project(
            Path(config.config_file_path), repository, config.site_url or ""
        )
    except ContentError as error:
        lines = [*map(str, error.problems), summarise(error.problems, error.entries)]
        raise PluginError("\n".join(lines)) from None
    for problem in built.warnings:
        log.warning("%s", problem)
    _Build.built = built
    _Build.written = []
    _Build.pages = {f"{page.address}index.md": page for page in built.site.pages}
    if _Build.program is None:
        _Build.pages.pop(f"{search_page.SEARCH}index.md")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, redirects and the files of the theme."""
    in_nav = set(_find_nav_files(config.nav))
    for uri, page in _Build.pages.items():
        inclusion = InclusionLevel.INCLUDED if uri in in_nav else InclusionLevel.NOT_IN_NAV
        file = File.generated(config, uri, content="", inclusion=inclusion)
        file.edit_uri = f"../{page.source}" if page.source else None
        files.append(file)
        if inclusion is InclusionLevel.NOT_IN_NAV:
            _GeneratedPage(None, file, config)
    for redirect in _Build.built.site.redirects:
        uri = f"{redirect.address}index.html"
        files.append(File.generated(config, uri, content=redirect.html))
    for export in _Build.built.site.exports:
        files.append(File.generated(config, export.address, content=export.content))
    for asset in sorted(path for path in _ASSETS.rglob("*") if path.is_file()):
        uri = paths.asset_address(asset.relative_to(_ASSETS).as_posix())
        files.append(File.generated(config, uri, abs_src_path=str(asset)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Give a generated page its title and description, for the chrome around it.

    Material writes both as they are, so they are handed over escaped.
    """
    del config, files
    generated = _Build.pages.get(page.file.src_uri)
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
    generated = _Build.pages.get(page.file.src_uri)
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


@event_priority(-100)
def on_page_context(
    context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
) -> TemplateContext:
    """Put in the whole content of generated pages, once the search plugin has read its part."""
    del config, nav
    generated = _Build.pages.get(page.file.src_uri)
    if generated is not None:
        page.content = generated.html
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the metadata of a page into its head, and the way to search into its header."""
    del config
    uri = page.file.src_uri
    generated = _Build.pages.get(uri)
    head = generated.head if generated is not None else _Build.built.site.heads.get(uri, "")
    address = generated.address if generated is not None else paths.page_address(uri)
    root = paths.root_from(address)
    html = output.replace("</head>", f"{_PRELOAD.format(root=root)}{head}</head>", 1)
    return _place_search(html, root, is_there=address == search_page.SEARCH)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Put the way to search into the header of the page for missing addresses.

    MkDocs hands over the site map too, which has no header.
    """
    del template_name
    return _place_search(output_content, urlsplit(config.site_url or "/").path or "/")


def on_post_build(config: MkDocsConfig) -> None:
    """Write the index for search."""
    if _Build.program is None:
        return
    built, start = _Build.built, perf_counter()
    pages = (*built.site.pages, *_Build.written)
    records = search.make_search_records(built.timeline, make_indexes(built.timeline), pages)
    try:
        finder.write_index(records, Path(config.site_dir), _Build.program)
    except finder.FinderError as error:
        raise PluginError(str(error)) from None
    log.info("Made the index for search in %.1f seconds", perf_counter() - start)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:  # noqa: ANN401 - MkDocs' protocol
    """Rebuild when an entry or register changes."""
    del builder
    root = Path(config.config_file_path).parent
    server.watch(str(root / _Build.built.timeline.settings.entries))
    return server


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
