"""An article as one page of Markdown, for peers whose templates know nothing of claims."""

from collections.abc import Callable, Iterable, Iterator

from peers.article import Article, Name, write_body

Link = Callable[[str], str]
"""Gives the target of a link to an entry, by its id."""


def write_article(article: Article, link: Link, listed: Callable[[str, Name], str]) -> str:
    """Return everything but the title: what our page of an event shows.

    `listed` writes a name that has a page in an index; the index comes first.
    """
    return "\n\n".join(_write_parts(article, link, listed)) + "\n"


def write_row(article: Article, link: Link) -> str:
    """Return the line that stands for an article in lists."""
    places = " · ".join(place.name for place in article.places)
    return (
        f"- [{article.title}]({link(article.id)})  \n"
        f"    {article.when} · {article.kind} · {places} · {len(article.sources)} sources"
    )


def _write_parts(article: Article, link: Link, listed: Callable[[str, Name], str]) -> Iterator[str]:
    mark = " · **Turning point**" if article.is_key else ""
    yield f"{article.when} · {article.kind}{mark}"
    if article.content_note:
        yield f"**Content note:** {article.content_note}"
    yield write_body(article, link).strip()
    if article.claims:
        yield "## Who says what"
        yield "\n".join(
            ("| Claimant | Statement | Figure |", "|---|---|---|",
             *(f"| {listed('actors', c.by)} | {c.said} {_cite(c.numbers)} | {c.figure} |"
               for c in article.claims))
        )  # fmt: skip
    if article.disputed:
        yield f"## Where accounts differ\n\n{article.disputed}"
    yield "## Sources"
    yield "\n".join(
        f'{s.number}. <a id="source-{s.number}"></a>[{s.title}]({s.url}), '
        f"{listed('outlets', s.outlet)}, {s.published}"
        for s in article.sources
    )
    for title, index, names in (
        ("Places", "places", article.places), ("Involved", "actors", article.actors)
    ):  # fmt: skip
        if names:
            yield _write_list(title, (listed(index, name) for name in names))
    steps = (("Before", article.before), ("After", article.after))
    yield _write_list("In time", (f"{s}: [{n.name}]({link(n.id)})" for s, n in steps if n))
    if article.related:
        others = (f"[{other.name}]({link(other.id)})" for other in article.related)
        yield _write_list("The same matter elsewhere", others)


def _cite(numbers: Iterable[int]) -> str:
    return ", ".join(f"[\\[{number}\\]](#source-{number})" for number in numbers)


def _write_list(title: str, items: Iterable[str]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- {item}" for item in items)
