"""Material for MkDocs with its blog plugin: entries as posts, places as categories."""

from collections.abc import Iterable
from pathlib import Path

from front_matter import write_fields
from peers.article import Article, Name
from peers.markdown_pages import write_article

_SETTINGS = """\
site_name: The Long Reed War
site_url: https://timeline.example/reed/
theme:
  name: material
  font: false
plugins:
  - blog:
      blog_dir: .
      archive: true
      archive_date_format: yyyy-MM
      archive_url_date_format: yyyy-MM
      post_url_format: events/{slug}
      pagination: false
      post_readtime: false
      categories: true
markdown_extensions:
  - attr_list
  - tables
  - toc:
      permalink: true
"""


def write_site(articles: Iterable[Article], folder: Path) -> None:
    """Write the input of the blog plugin into an empty folder."""
    posts = folder / "docs" / "posts"
    posts.mkdir(parents=True)
    for article in articles:
        fields = {
            "title": article.title,
            "description": article.summary,
            "date": str(article.day),
            "slug": article.id,
            "categories": [place.name for place in article.all_places],
        }
        text = write_article(article, lambda entry: f"{entry}.md", _show_name)
        (posts / f"{article.id}.md").write_text(
            f"---\n{write_fields(fields)}---\n\n# {article.title}\n\n{article.summary}\n\n"
            f"<!-- more -->\n\n{text}",
            "utf-8",
        )
    (folder / "docs" / "index.md").write_text("# The Long Reed War\n", "utf-8")
    (folder / "mkdocs.yml").write_text(_SETTINGS, "utf-8")


def _show_name(_: str, name: Name) -> str:
    return name.name
