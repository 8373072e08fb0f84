"""The one path from files to pages, the same for the hook and the command line."""

from dataclasses import dataclass, field
from pathlib import Path

from wartimeline.catalogue import parse_project
from wartimeline.files import RawProject, read_project
from wartimeline.glossary import Glossary, parse_glossary
from wartimeline.history import read_history
from wartimeline.indexes import make_indexes
from wartimeline.pages import make_site
from wartimeline.paths import page_address
from wartimeline.problems import ContentError, Problem, has_errors
from wartimeline.render import Renderer
from wartimeline.rules import check_catalogue
from wartimeline.settings import Settings
from wartimeline.site import Edition, Repository, Site
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
    warnings: tuple[Problem, ...]


def check_project(config_file: Path) -> Checked:
    """Read and check the project of an mkdocs.yml.

    Raises `FileNotFoundError` when there is no such file.
    """
    return check_raw(read_project(config_file))


def check_raw(raw: RawProject) -> Checked:
    """Check what was read."""
    catalogue, problems = parse_project(raw)
    glossary = Glossary()
    if catalogue is not None:
        problems += check_catalogue(catalogue)
        glossary, found = _parse_glossary(raw, catalogue.settings)
        problems += found
    ordered = tuple(sorted(set(problems)))
    failed = catalogue is None or has_errors(ordered)
    timeline = None if catalogue is None or failed else make_timeline(catalogue)
    return Checked(timeline, ordered, len(raw.entries), glossary)


def build_project(config_file: Path, repository: Repository, url: str = "") -> Built:
    """Read, check and render a project for the site at `url`, if that is known.

    Raises `ContentError` with all problems when there are errors.
    """
    raw = read_project(config_file)
    checked = check_raw(raw)
    timeline = checked.timeline
    if timeline is None:
        raise ContentError(checked.problems, checked.entries)
    history = read_history(config_file.parent, timeline.settings.entries)
    edition = Edition(f"{url.rstrip('/')}/" if url else "", repository, history)
    renderer = Renderer(timeline, make_indexes(timeline), edition, raw.styles, checked.glossary)
    return Built(make_site(renderer, raw.documents), timeline, checked.problems)


def _parse_glossary(raw: RawProject, settings: Settings) -> tuple[Glossary, list[Problem]]:
    page = settings.glossary_page
    if page is None or raw.settings is None:
        return Glossary(), []
    for document in raw.documents:
        if document.page == page:
            return parse_glossary(document.text, document.path, page_address(page))
    message = f"there is no page '{page}'"
    return Glossary(), [raw.settings.problem(("glossary_page",), "glossary-missing", message)]
