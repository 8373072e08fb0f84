"""How many independent voices an entry rests on, and whose they are.

A source's origin is the agency whose text it carries, or else its outlet: two
papers that print the same agency story are one voice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wartimeline.records import Actor, Event, Outlet, Source


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What an entry rests on.

    `origins` are the ids of its independent origins, sorted. `sides` are the
    parties to the conflict that are heard in it, through claims or through
    their organs, in the order given. Claims by those who are not in the
    register count as not from a party.
    """

    origins: tuple[str, ...]
    sides: tuple[str, ...]
    are_claims_partisan: bool
    are_origins_partisan: bool

    @property
    def count(self) -> int:
        """The number of independent origins."""
        return len(self.origins)

    @property
    def has_one_origin(self) -> bool:
        """Whether the entry rests on one origin only."""
        return self.count == 1

    @property
    def is_partisan(self) -> bool:
        """Whether all its claims, or all its origins, are from parties to the conflict."""
        return self.are_claims_partisan or self.are_origins_partisan

    @property
    def is_one_sided(self) -> bool:
        """Whether all its claims, or all its origins, are from one party to the conflict."""
        return self.is_partisan and len(self.sides) == 1


def corroborate(
    event: Event,
    actors: Mapping[str, Actor],
    outlets: Mapping[str, Outlet],
    parties: Iterable[str],
) -> Corroboration:
    """Work out what an event rests on; `parties` are the ids of the sides that are parties."""
    order = tuple(parties)
    origins = sorted(find_origins(event.sources))
    organs = [_find_party(outlets[origin].organ_of, actors, order) for origin in origins]
    claimants = [_find_party(claim.by, actors, order) for claim in event.claims]
    heard = {*organs, *claimants}
    return Corroboration(
        tuple(origins),
        tuple(side for side in order if side in heard),
        are_claims_partisan=bool(claimants) and None not in claimants,
        are_origins_partisan=None not in organs,
    )


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


def _find_party(
    actor: str | None, actors: Mapping[str, Actor], parties: tuple[str, ...]
) -> str | None:
    side = actors[actor].side if actor is not None else None
    return side if side in parties else None


def _rank(voice: tuple[str, ...]) -> tuple[int, list[str], tuple[str, ...]]:
    return len(voice), sorted(voice), voice
