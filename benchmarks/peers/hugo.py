"""Hugo: events as pages of a section; places, actors, outlets, years and months as taxonomies."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from front_matter import write_fields
from peers.article import Article, Name, write_body

_SITE = Path(__file__).parent / "hugo_site"
_ABOUT = "Everything here is invented, to measure how long a build takes."


def write_site(articles: Iterable[Article], folder: Path) -> None:
    """Write the input of Hugo into an empty folder."""
    shutil.copytree(_SITE, folder, dirs_exist_ok=True)
    content = folder / "content"
    named: dict[str, dict[str, str]] = {"places": {}, "actors": {}, "outlets": {}}
    events = content / "events"
    events.mkdir(parents=True)
    for article in articles:
        text = f"---\n{write_fields(_make_fields(article))}---\n\n{write_body(article, _link)}"
        (events / f"{article.id}.md").write_text(text, "utf-8")
        lists = (article.all_places, article.all_actors, article.outlets)
        for names, found in zip(lists, named.values(), strict=True):
            found.update((name.id, name.name) for name in names)
    for taxonomy, titles in named.items():
        for id_, title in titles.items():
            _write_page(content / taxonomy / id_ / "_index.md", title)
    for page, title in (("places", "Places"), ("actors", "People and groups"),
                        ("outlets", "Sources"), ("events", "Timeline")):  # fmt: skip
        _write_page(content / page / "_index.md", title)
    _write_page(content / "_index.md", "The Long Reed War", _ABOUT)
    _write_page(content / "about.md", "About", _ABOUT)


def _make_fields(article: Article) -> dict[str, object]:
    fields: dict[str, object] = {
        "title": article.title,
        "description": article.summary,
        "date": str(article.day),
        "when": article.when,
        "kind": article.kind,
        "key": article.is_key,
        "content_note": article.content_note,
        "disputed": article.disputed,
        "places": [name.id for name in article.all_places],
        "actors": [name.id for name in article.all_actors],
        "outlets": [name.id for name in article.outlets],
        "years": [article.year],
        "months": [article.month],
        "named_places": _write_names(article.places),
        "named_actors": _write_names(article.actors),
        "related": _write_names(article.related),
        "sources": [
            {"number": s.number, "title": s.title, "url": s.url, "outlet": s.outlet.id,
             "name": s.outlet.name, "published": s.published}
            for s in article.sources
        ],
        "claims": [
            {"by": c.by.id, "name": c.by.name, "said": c.said, "figure": c.figure,
             "numbers": list(c.numbers)}
            for c in article.claims
        ],
    }  # fmt: skip
    for key, name in (("before", article.before), ("after", article.after)):
        if name is not None:
            fields[key] = {"id": name.id, "name": name.name}
    return {key: value for key, value in fields.items() if value not in ("", [])}


def _write_names(names: Iterable[Name]) -> list[dict[str, str]]:
    return [{"id": name.id, "name": name.name} for name in names]


def _link(entry: str) -> str:
    return f"/reed/events/{entry}/"


def _write_page(file: Path, title: str, text: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{write_fields({'title': title})}---\n\n{text}\n", "utf-8")
