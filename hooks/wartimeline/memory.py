"""What earlier builds know of this one: what was made of the same entries and templates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from wartimeline.fingerprints import Fingerprints
from wartimeline.parse import Entry
from wartimeline.progress import Progress
from wartimeline.store import Key, Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept from build to build while pages are planned.

    `fragments` holds what was made of entries, and `templates` what templates
    were compiled to; `progress` is shown how much has been made.
    """

    fingerprints: Fingerprints
    fragments: Store = field(default_factory=Store)
    templates: Store = field(default_factory=Store)
    progress: Progress | None = None

    def recall_all(
        self, name: str, entries: Sequence[Entry], make: Callable[[Entry], T], label: str
    ) -> list[T]:
        """Return what `make` makes of each entry, and of nothing else, made before or now.

        `name` tells apart what is made of the same entry.
        """

        def find_key(entry: Entry) -> Key:
            return name, self.fingerprints.of_entry(entry)

        return self.fragments.recall_all(entries, find_key, make, label, self.progress)
