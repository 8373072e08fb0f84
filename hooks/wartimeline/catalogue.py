"""Everything that was read and parsed, before it is known to fit together."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from wartimeline.files import RawProject
from wartimeline.located import Located
from wartimeline.parse import Entry, parse_entries, parse_record, parse_register
from wartimeline.problems import Problem
from wartimeline.progress import Progress
from wartimeline.records import Actor, Outlet, Place, RegisterRecord
from wartimeline.settings import Settings
from wartimeline.store import Store

R = TypeVar("R", bound=RegisterRecord)


@dataclass(frozen=True, slots=True)
class Register(Generic[R]):
    """A register: its valid records by id, and by index in the file.

    `ids` are all ids written in it, those of invalid records included, so that
    a reference to one is no second problem. It is None when the file cannot be
    read.
    """

    by_id: dict[str, R]
    written: dict[int, R]
    raw: Located
    ids: frozenset[str] | None

    def may_have(self, record_id: str) -> bool:
        """Tell whether an id is in the register, as far as that is known."""
        return self.ids is None or record_id in self.ids


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The settings, the registers, all valid entries, and what was read beside them."""

    settings: Settings
    places: Register[Place]
    actors: Register[Actor]
    outlets: Register[Outlet]
    entries: tuple[Entry, ...]
    project: RawProject


def parse_project(
    raw: RawProject, store: Store | None = None, progress: Progress | None = None
) -> tuple[Catalogue | None, list[Problem]]:
    """Parse everything; None when there are no valid settings to go by."""
    problems = list(raw.problems)
    places, found = _parse_register(raw.registers["places"], Place)
    problems += found
    actors, found = _parse_register(raw.registers["actors"], Actor)
    problems += found
    outlets, found = _parse_register(raw.registers["outlets"], Outlet)
    problems += found
    entries, found = parse_entries(raw.entries, store, progress)
    problems += found
    if raw.settings is None and not raw.config.lines:
        return None, problems  # mkdocs.yml itself cannot be read, which has been said
    if raw.settings is None:
        message = "there is no extra.timeline"
        hint = "it holds the title, the phases and the sides of the timeline"
        problems.append(raw.config.problem((), "settings-missing", message, hint))
        return None, problems
    settings, found = parse_record(raw.settings, Settings)
    problems += found
    if settings is None:
        return None, problems
    return Catalogue(settings, places, actors, outlets, tuple(entries), raw), problems


def _parse_register(located: Located, model: type[R]) -> tuple[Register[R], list[Problem]]:
    written, problems = parse_register(located, model)
    by_id: dict[str, R] = {}
    for record in written.values():
        by_id.setdefault(record.id, record)
    items = located.value if isinstance(located.value, list) else []
    ids = frozenset(str(item.get("id")) for item in items if isinstance(item, dict))
    return Register(by_id, written, located, ids if located.lines else None), problems
