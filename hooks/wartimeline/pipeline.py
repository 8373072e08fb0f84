"""The one path from files to pages, the same for the hook and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wartimeline.catalogue import parse_project
from wartimeline.digests import THEME, digest, digest_files, digest_program
from wartimeline.files import RawProject, read_project
from wartimeline.fingerprints import Fingerprints
from wartimeline.glossary import Glossary, parse_glossary
from wartimeline.history import read_history
from wartimeline.indexes import Index
from wartimeline.memory import Memory
from wartimeline.pages import make_site
from wartimeline.paths import asset_folder, page_address
from wartimeline.problems import ContentError, Problem, has_errors
from wartimeline.progress import Progress
from wartimeline.render import Renderer
from wartimeline.rules import check_catalogue
from wartimeline.settings import Settings
from wartimeline.site import Edition, Repository, Site
from wartimeline.store import Cache, Store
from wartimeline.timeline import Timeline, make_timeline


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `timeline` is None when there are errors."""

    timeline: Timeline | None
    problems: tuple[Problem, ...]
    entries: int
    glossary: Glossary = field(default_factory=Glossary)


@dataclass(frozen=True, slots=True)
class Built:
    """A built site, with what is known of it."""

    site: Site
    timeline: Timeline
    indexes: Mapping[str, Index]
    edition: Edition
    warnings: tuple[Problem, ...]


def check_project(config_file: Path) -> Checked:
    """Read and check the project of an mkdocs.yml.

    Raises `FileNotFoundError` when there is no such file.
    """
    return check_raw(read_project(config_file))


def check_raw(
    raw: RawProject, store: Store | None = None, progress: Progress | None = None
) -> Checked:
    """Check what was read; `store` knows entries parsed before."""
    catalogue, problems = parse_project(raw, store, progress)
    glossary = Glossary()
    if catalogue is not None:
        problems += check_catalogue(catalogue, store, progress)
        glossary, found = _parse_glossary(raw, catalogue.settings)
        problems += found
    ordered = tuple(sorted(set(problems)))
    failed = catalogue is None or has_errors(ordered)
    timeline = None if catalogue is None or failed else make_timeline(catalogue)
    return Checked(timeline, ordered, len(raw.entries), glossary)


def build_project(
    config_file: Path,
    repository: Repository,
    url: str = "",
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Built:
    """Read, check and plan a project for the site at `url`, if that is known.

    Raises `ContentError` with all problems when there are errors.
    """
    cache = cache or Cache()
    with cache.open("entries") as entries:
        raw = read_project(config_file, entries)
        checked = check_raw(raw, entries, progress)
    timeline = checked.timeline
    if timeline is None:
        raise ContentError(checked.problems, checked.entries)
    history = read_history(config_file.parent, timeline.settings.entries)
    edition = Edition(f"{url.rstrip('/')}/" if url else "", repository, history)
    base = digest(
        digest_program(),
        asset_folder(),
        digest_files(THEME / "templates"),
        digest_files(THEME / "styles"),
        *(repr(part) for part in (timeline.settings, edition.url, repository, checked.glossary)),
        *(part for style in sorted(raw.styles.items()) for part in style),
    )
    with cache.open("fragments") as fragments, cache.open("templates") as templates:
        memory = Memory(Fingerprints(timeline, edition, base), fragments, templates, progress)
        renderer = Renderer(timeline, edition, raw.styles, checked.glossary, memory)
        site = make_site(renderer, raw.documents)
    return Built(site, timeline, renderer.indexes, edition, checked.problems)


def _parse_glossary(raw: RawProject, settings: Settings) -> tuple[Glossary, list[Problem]]:
    page = settings.glossary_page
    if page is None or raw.settings is None:
        return Glossary(), []
    for document in raw.documents:
        if document.page == page:
            return parse_glossary(document.text, document.path, page_address(page))
    message = f"there is no page '{page}'"
    return Glossary(), [raw.settings.problem(("glossary_page",), "glossary-missing", message)]
