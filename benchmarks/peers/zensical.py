"""Zensical: every page written out as Markdown, as it has no lists of its own.

The navigation names the home page and the overviews, and the other pages lie outside
it; or it is left to Zensical, which puts every page into it, and it into every page.
"""

from collections.abc import Iterable
from pathlib import Path

from front_matter import write_fields
from peers.article import Article, Name
from peers.markdown_pages import write_article, write_row

_SETTINGS = """\
[project]
site_name = "The Long Reed War"
site_url = "https://timeline.example/reed/"
{nav}
[project.theme]
font = false

[project.plugins.search]
enabled = false
"""
_NAV = """\
nav = [
  {{ "Home" = "index.md" }},
{overviews}
]
"""
_INDEXES = {
    "years": "Years", "months": "Months", "places": "Places", "actors": "People and groups",
    "outlets": "Sources",
}  # fmt: skip


def write_site_in_nav(articles: Iterable[Article], folder: Path) -> None:
    """Write the input of Zensical into an empty folder, and leave the navigation to it."""
    write_site(articles, folder, is_all_in_nav=True)


def write_site(articles: Iterable[Article], folder: Path, *, is_all_in_nav: bool = False) -> None:
    """Write the input of Zensical into an empty folder."""
    docs = folder / "docs"
    lists: dict[str, dict[Name, list[Article]]] = {index: {} for index in _INDEXES}
    key: list[Article] = []
    for article in articles:
        text = write_article(article, lambda entry: f"{entry}.md", _link_name)
        _write_page(docs / "events" / f"{article.id}.md", article.title, text, article.summary)
        named = (
            [Name(article.year, article.year)], [Name(article.month, article.month)],
            article.all_places, article.all_actors, article.outlets,
        )  # fmt: skip
        for names, headings in zip(named, lists.values(), strict=True):
            for name in names:
                headings.setdefault(name, []).append(article)
        if article.is_key:
            key.append(article)
    for index, headings in lists.items():
        for name, listed in headings.items():
            rows = (write_row(one, lambda entry: f"../events/{entry}.md") for one in listed)
            _write_page(docs / index / f"{name.id}.md", name.name, "\n".join(rows))
        overview = (f"- [{n.name}]({n.id}.md) {len(found)}" for n, found in headings.items())
        _write_page(docs / index / "index.md", _INDEXES[index], "\n".join(overview))
    rows = (write_row(one, lambda entry: f"events/{entry}.md") for one in key)
    _write_page(docs / "index.md", "The Long Reed War", "\n".join(rows))
    overviews = "\n".join(
        f'  {{ "{title}" = "{index}/index.md" }},' for index, title in _INDEXES.items()
    )
    nav = "" if is_all_in_nav else _NAV.format(overviews=overviews)
    (folder / "zensical.toml").write_text(_SETTINGS.format(nav=nav), "utf-8")


def _link_name(index: str, name: Name) -> str:
    return f"[{name.name}](../{index}/{name.id}.md)"


def _write_page(file: Path, title: str, text: str, description: str = "") -> None:
    fields = {"title": title} | ({"description": description} if description else {})
    lead = f"{description}\n\n" if description else ""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{write_fields(fields)}---\n\n# {title}\n\n{lead}{text}\n", "utf-8")
