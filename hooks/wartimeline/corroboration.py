"""How many independent voices an entry rests on.

A source's origin is the agency whose text it carries, or else its outlet: two
papers that print the same agency story are one voice.
"""

from collections.abc import Iterable

from wartimeline.records import Source


def find_origins(sources: Iterable[Source]) -> frozenset[str]:
    """Return the ids of the independent origins of some sources.

    A source that names several agencies adds an origin only when none of them
    is counted yet, so the number is never flattered.
    """
    origins: set[str] = set()
    for source in sorted(sources, key=lambda source: (len(source.agency), source.id)):
        own = source.agency or (source.outlet,)
        if not origins.intersection(own):
            origins.add(own[0])
    return frozenset(origins)
