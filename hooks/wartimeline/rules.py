"""What a record cannot know of itself: how records, files and pages fit together.

Each rule is a generator of problems and its docstring is the rule.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

from wartimeline import entry_rules, register_rules
from wartimeline.catalogue import Catalogue
from wartimeline.digests import digest
from wartimeline.parse import Entry
from wartimeline.paths import generated_folders
from wartimeline.problems import Problem, suggest
from wartimeline.progress import Progress
from wartimeline.settings import Phase, Series, Settings, Side
from wartimeline.store import Store
from wartimeline.vocabulary import Block

_FALSE = {"false", "no", "off"}  # as YAML 1.1 has it, which MkDocs reads

Rule = Callable[[Catalogue], Iterator[Problem]]
EntryRule = Callable[[Entry, Settings], Iterator[Problem]]


def check_catalogue(
    catalogue: Catalogue, store: Store | None = None, progress: Progress | None = None
) -> list[Problem]:
    """Check everything against everything; return all problems.

    `store` knows what was found in entries checked before; `progress` is shown how many are.
    """
    store = store or Store()
    kind = f"checked {digest(repr(catalogue.settings)).hex()}"
    problems = [problem for rule in RULES for problem in rule(catalogue)]
    found = store.recall_all(
        catalogue.entries, lambda entry: (kind, entry.digest),
        partial(_check_entry, catalogue.settings), "Checking entries", progress,
    )  # fmt: skip
    return [*problems, *chain.from_iterable(found)]


def _check_entry(settings: Settings, entry: Entry) -> list[Problem]:
    return [problem for rule in ENTRY_RULES for problem in rule(entry, settings)]


def check_settings_ids(catalogue: Catalogue) -> Iterator[Problem]:
    """Each phase, each side and each series has its own id."""
    settings, raw = catalogue.settings, catalogue.project.settings
    lists: dict[str, Sequence[Phase | Side | Series]] = {
        "phases": settings.phases,
        "sides": settings.sides,
        "series": settings.series,
    }
    for key, items in lists.items():
        seen: set[str] = set()
        for i, item in enumerate(items):
            if item.id in seen and raw is not None:
                message = f"'{item.id}' is written twice"
                yield raw.problem((key, i, "id"), "id-duplicate", message)
            seen.add(item.id)


def check_site(catalogue: Catalogue) -> Iterator[Problem]:
    """The site keeps the addresses, its pages do not clash, and its blocks exist."""
    config = catalogue.project.config
    directory_urls = config.at("use_directory_urls")
    if directory_urls is not None and str(directory_urls.value).lower() in _FALSE:
        message = "the addresses of the timeline need use_directory_urls"
        yield config.problem(("use_directory_urls",), "settings-urls", message)
    folders = generated_folders()
    for document in catalogue.project.documents:
        if document.page.split("/")[0].split(".")[0] in folders:
            message = f"'{document.page}' has an address that the timeline uses"
            yield Problem(document.path, 1, "", "address-clash", message)
        for marker in document.markers:
            if marker.block not in set(Block):
                message = f"there is no block '{marker.block}'"
                hint = suggest(marker.block, set(Block)) or f"the blocks are {', '.join(Block)}"
                yield Problem(document.path, marker.line, "", "block-unknown", message, hint)


RULES: tuple[Rule, ...] = (
    entry_rules.check_entry_ids,
    register_rules.check_registers,
    register_rules.check_sides,
    register_rules.check_organs,
    entry_rules.check_references,
    entry_rules.check_related,
    entry_rules.check_links,
    check_settings_ids,
    check_site,
)

ENTRY_RULES: tuple[EntryRule, ...] = (
    entry_rules.check_file_dates,
    entry_rules.check_series,
    entry_rules.check_source_ids,
    entry_rules.check_cited_sources,
    entry_rules.check_idle_sources,
    entry_rules.check_publication_dates,
    entry_rules.check_words,
    entry_rules.check_phases,
)
