"""Pelican with its own theme: entries as articles, the kind as category, places as tags."""

from collections.abc import Iterable
from pathlib import Path

from front_matter import write_fields
from peers.article import Article, Name
from peers.markdown_pages import write_article

_SETTINGS = """\
SITENAME = "The Long Reed War"
SITEURL = "https://timeline.example/reed"
AUTHOR = "Contributors"
PATH = "content"
OUTPUT_PATH = "output"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = False
DELETE_OUTPUT_DIRECTORY = True
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
ARTICLE_URL = "events/{slug}/"
ARTICLE_SAVE_AS = "events/{slug}/index.html"
YEAR_ARCHIVE_SAVE_AS = "timeline/{date:%Y}/index.html"
YEAR_ARCHIVE_URL = "timeline/{date:%Y}/"
MONTH_ARCHIVE_SAVE_AS = "timeline/{date:%Y}/{date:%m}/index.html"
MONTH_ARCHIVE_URL = "timeline/{date:%Y}/{date:%m}/"
"""


def write_site(articles: Iterable[Article], folder: Path) -> None:
    """Write the input of Pelican into an empty folder."""
    content = folder / "content"
    content.mkdir(parents=True)
    for article in articles:
        fields = {
            "title": article.title,
            "date": str(article.day),
            "slug": article.id,
            "category": article.kind,
            "summary": article.summary,
        }
        head = write_fields(fields)
        tags = ", ".join(place.name for place in article.all_places)
        text = write_article(article, lambda entry: f"{{filename}}{entry}.md", _show_name)
        (content / f"{article.id}.md").write_text(
            f"{head}tags: {tags}\n\n{article.summary}\n\n{text}", "utf-8"
        )
    (folder / "pelicanconf.py").write_text(_SETTINGS, "utf-8")


def _show_name(_: str, name: Name) -> str:
    return name.name
