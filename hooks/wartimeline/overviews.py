"""The overviews of the indexes: all headings of each, on pages by initial where they are many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from wartimeline.division import MOST_LINKS
from wartimeline.indexes import Heading, Index
from wartimeline.render import Renderer, format_number, group_by_initial
from wartimeline.site import Page, PlannedPage


@dataclass(frozen=True, slots=True)
class Letter:
    """A page of headings with one initial, A to Z."""

    address: str
    label: str
    headings: tuple[Heading, ...]

    @property
    def count(self) -> int:
        """How many headings it lists."""
        return len(self.headings)


def plan_letters(index: Index, most: int = MOST_LINKS) -> tuple[Letter, ...]:
    """List the pages by initial of an index with more than `most` headings.

    An initial that has too many headings has several pages.
    """
    if len(index.headings) <= most:
        return ()
    return tuple(
        letter
        for initial, found in group_by_initial(index.headings.values())
        for letter in _divide_initial(index, initial, found, most)
    )


def plan_overview_pages(renderer: Renderer, most: int = MOST_LINKS) -> Iterator[PlannedPage]:
    """Plan the overview of each index, and the pages by initial of long ones."""
    fingerprints = renderer.memory.fingerprints
    for index in renderer.indexes.values():
        parts = (_list_parts(renderer, heading) for heading in index.headings.values())
        whole = fingerprints.combine(index.id, *(part for found in parts for part in found))
        letters = plan_letters(index, most)
        make = partial(_make_overview, renderer, index, letters, most)
        yield PlannedPage(index.address, whole, make)
        for i, letter in enumerate(letters):
            before = letters[i - 1] if i else None
            after = letters[i + 1] if i + 1 < len(letters) else None
            fingerprint = fingerprints.combine(letter.address, whole)
            make = partial(_make_letter, renderer, index, letter, before, after)
            yield PlannedPage(letter.address, fingerprint, make)


def _list_parts(renderer: Renderer, heading: Heading) -> Iterator[bytes | str]:
    """List what an overview shows of a heading."""
    yield repr((heading.id, heading.name, heading.count, heading.group, heading.description))
    yield repr((heading.parent, heading.children, heading.claim_count, heading.source_count))
    if heading.record is not None:
        yield renderer.memory.fingerprints.of_record(heading.record)


def _make_overview(
    renderer: Renderer, index: Index, letters: tuple[Letter, ...], most: int
) -> Page:
    title = renderer.timeline.settings.title
    html = renderer.render(
        f"{index.id}.html",
        index.address,
        index=index,
        letters=letters,
        upper=_choose_upper(index, most),
    )
    count = format_number(len(index.headings))
    description = f"{title}: {index.title.lower()}, {count} in all."
    return Page(index.address, index.title, description, html)


def _make_letter(
    renderer: Renderer, index: Index, letter: Letter, before: Letter | None, after: Letter | None
) -> Page:
    html = renderer.render(
        "letter.html", letter.address, index=index, letter=letter, before=before, after=after
    )
    title = renderer.timeline.settings.title
    name = f"{index.title}: {letter.label}"
    description = f"{title}: {index.title.lower()}, {letter.label}."
    return Page(letter.address, name, description, html)


def _divide_initial(
    index: Index, initial: str, headings: Sequence[Heading], most: int
) -> Iterator[Letter]:
    # No heading can have such an address: the pages below one are those of years.
    address = f"{index.address}initial/{_name_initial(initial)}/"
    batches = [tuple(headings[i : i + most]) for i in range(0, len(headings), most)]
    for number, batch in enumerate(batches, 1):
        if len(batches) == 1:
            yield Letter(address, initial, batch)
        else:
            label = f"{batch[0].name} – {batch[-1].name}"
            yield Letter(f"{address}{number}/" if number > 1 else address, label, batch)


def _name_initial(initial: str) -> str:
    """Return an initial as part of an address: `a`, `0-9`, `sign-0639`."""
    if initial == "0–9":
        return "0-9"
    if initial.isascii() and initial.isalpha():
        return initial.lower()
    return f"sign-{''.join(f'{ord(sign):04x}' for sign in initial)}"


def _choose_upper(index: Index, most: int) -> frozenset[str]:
    """Choose the levels of the tree of an index, from the top, that one page can hold."""
    level, chosen = index.roots[:most], list[Heading]()
    while level and len(chosen) + len(level) <= most:
        chosen += level
        level = tuple(child for heading in level for child in index.children_of(heading))
    return frozenset(heading.id for heading in chosen)
