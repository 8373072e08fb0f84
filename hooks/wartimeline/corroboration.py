"""How many independent voices an entry rests on.

A source's origin is the agency whose text it carries, or else its outlet: two
papers that print the same agency story are one voice.
"""

from collections.abc import Iterable

from wartimeline.records import Source


def find_origins(sources: Iterable[Source]) -> frozenset[str]:
    """Return the ids of the independent origins of some sources.

    A source that names several agencies adds an origin only when none of them
    has been heard yet, so the number is never flattered.
    """
    origins: set[str] = set()
    heard: set[str] = set()
    voices = sorted({source.agency or (source.outlet,) for source in sources}, key=_rank)
    for voice in voices:
        if heard.isdisjoint(voice):
            origins.add(voice[0])
        heard.update(voice)
    return frozenset(origins)


def _rank(voice: tuple[str, ...]) -> tuple[int, list[str], tuple[str, ...]]:
    return len(voice), sorted(voice), voice
