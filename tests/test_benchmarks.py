"""The invented wars that are measured: valid, repeatable, and the same for the peers."""

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest

from corpus import write_project
from peers import blog, hugo, pelican, zensical
from peers.article import Article, read_articles
from registers import make_registers
from wartimeline.pipeline import check_project
from words import Writer

SIZE = 20
EVENTS = {
    "hugo": (hugo.write_site, "content/events"),
    "zensical": (zensical.write_site, "docs/events"),
    "zensical, all in its navigation": (zensical.write_site_in_nav, "docs/events"),
    "blog": (blog.write_site, "docs/posts"),
    "pelican": (pelican.write_site, "content"),
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_project(folder, SIZE, seed=1)
    return folder


def read_files(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_a_corpus_has_as_many_entries_as_asked_and_nothing_to_complain_of(corpus: Path) -> None:
    checked = check_project(corpus / "mkdocs.yml")
    assert checked.problems == ()
    assert checked.timeline is not None
    assert len(checked.timeline.entries) == SIZE


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    corpus: Path, tmp_path: Path
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    write_project(again, SIZE, seed=1)
    write_project(other, SIZE, seed=2)
    assert read_files(again) == read_files(corpus)
    assert read_files(other) != read_files(corpus)


def test_a_folder_is_written_afresh(corpus: Path) -> None:
    before = read_files(corpus)
    (corpus / "entries" / "left-over.md").write_text("Gone.", "utf-8")
    write_project(corpus, SIZE, seed=1)
    assert read_files(corpus) == before


def test_entries_have_two_places_two_sources_and_about_two_hundred_words(corpus: Path) -> None:
    articles = read_articles(corpus)
    assert {(len(one.places), len(one.sources)) for one in articles} == {(2, 2)}
    assert all(150 < len(one.body.split()) < 300 for one in articles)
    assert 0 < sum(bool(one.claims) for one in articles) < SIZE


def test_registers_grow_far_more_slowly_than_entries() -> None:
    def count(entries: int) -> list[int]:
        random = Random(1)
        return [len(r) for r in make_registers(random, Writer(random), entries).values()]

    assert count(SIZE) == [200, 101, 150]
    assert all(one < most <= 2 * one for one, most in zip(count(SIZE), count(20_000), strict=True))


@pytest.mark.parametrize(("write", "events"), EVENTS.values(), ids=EVENTS)
def test_a_peer_is_given_the_same_entries(
    write: Callable[[Iterable[Article], Path], None], events: str, corpus: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "peer"
    folder.mkdir()
    articles = read_articles(corpus)
    write(articles, folder)
    texts = {file.stem: file.read_text("utf-8") for file in (folder / events).glob("*.md")}
    texts.pop("_index", None)
    assert {file.stem for file in (corpus / "entries").glob("*/*.md")} == set(texts)
    for article in articles:
        text = texts[article.id]
        assert article.title in text
        assert article.summary in text
        for paragraph in article.body.strip().split("\n\n"):
            assert paragraph.split(" [@")[0] in text
        for source in article.sources:
            assert source.url in text
            assert source.title in text
        for claim in article.claims:
            assert claim.said in text
            assert claim.figure in text
        assert "[@" not in text
        assert "](../13" not in text
