"""What earlier builds know of this one: what was made of the same entries and templates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from wartimeline.fingerprints import Fingerprints
from wartimeline.parse import Entry
from wartimeline.store import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept from build to build while pages are planned.

    `fragments` holds what was made of entries, and `templates` what templates
    were compiled to.
    """

    fingerprints: Fingerprints
    fragments: Store = field(default_factory=Store)
    templates: Store = field(default_factory=Store)

    def recall(self, name: str, entry: Entry, make: Callable[[], T]) -> T:
        """Return what `make` makes of an entry, and of nothing else, as it was made before or now.

        `name` tells apart what is made of the same entry.
        """
        key = (name, self.fingerprints.combine(self.fingerprints.of_entry(entry)))
        return self.fragments.recall(key, make)
