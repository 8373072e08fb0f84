"""The law that all reuse of pages rests on: a page with the same fingerprint is the same page.

In this process, below MkDocs: many more states can be tried than with whole builds.
`CACHE_EXAMPLES=20 pytest tests/test_plans.py` tries more of them, and every field and setting.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from building import copy_project, find_differences
from edits import (
    ANY,
    ENTRY,
    EXAMPLES,
    PARTS_OF_PAGE,
    RECORDS,
    SETTINGS,
    SOURCE,
    Choice,
    Content,
    Edits,
    T,
    explain_withdrawal,
    put,
    put_in_record,
    put_setting,
)
from wartimeline.pipeline import build_project
from wartimeline.site import Page, Repository
from wartimeline.store import Cache, Key, Store

is_long = pytest.mark.skipif(not EXAMPLES, reason="takes minutes; set CACHE_EXAMPLES=20")


class Held(Store):
    """Keeps what it is given as long as this process lives."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[Key, object] = {}

    def find(self, key: Key) -> Any:  # noqa: ANN401 - as the store has it
        return self.held.get(key)

    def keep(self, key: Key, value: object) -> None:
        self.held[key] = value


COMPILED = Held()


class QuickCache(Cache):
    """A cache whose compiled templates, which take longest to make, are those of all tests."""

    def read(self, name: str) -> Store:
        return COMPILED if name == "templates" else super().read(name)


class PlanCheck:
    """What is planned tells truly what has changed: the law that all reuse of pages rests on.

    Quick, as it stays in this process, below MkDocs: with templates and hooks of the
    repository, and without what MkDocs puts around pages.
    """

    def __init__(self, content: Content) -> None:
        """Begin with no page known."""
        self.content = content
        self.known: dict[tuple[str, bytes], Page] = {}

    def check(self) -> None:
        """Plan the project with what is kept of it and without, and compare all pages."""
        config = self.content.config
        repository = Repository(config.get("repo_url", ""), config.get("edit_uri", ""))
        where = self.content.root / "mkdocs.yml", repository, config.get("site_url", "")
        cache = QuickCache(self.content.root / ".cache", pytest.fail)
        clean = build_project(*where, QuickCache())
        built = build_project(*where, cache)
        assert built.warnings == clean.warnings
        exports, expected = (
            {one.address: one.content for one in made.site.exports} for made in (built, clean)
        )
        assert [name for name in expected if exports.get(name) != expected[name]] == []
        assert exports.keys() == expected.keys()
        assert built.site.redirects == clean.site.redirects
        assert (built.site.blocks, built.site.heads) == (clean.site.blocks, clean.site.heads)
        for one, other in zip(built.site.pages, clean.site.pages, strict=True):
            page = other.make()
            check_page(one.make(), page, "what is kept of its parts is not right")
            assert one.fingerprint == other.fingerprint
            seen = self.known.setdefault((one.address, one.fingerprint), page)
            check_page(seen, page, "the page has changed, and its fingerprint has not")


def check_page(found: Page, expected: Page, message: str) -> None:
    one, other = (
        {key: str(getattr(p, key)).encode() for key in PARTS_OF_PAGE} for p in (found, expected)
    )
    differences = find_differences(one, other)
    assert differences == [], f"{expected.address}: {message}: {differences}"


class Second(Choice):
    """Chooses the last of what there is or, the next time, the first."""

    def __init__(self, content: Content, name: str, *, is_again: bool) -> None:
        self.content, self.name, self.at = content, name, 0 if is_again else -1

    def pick(self, *values: T) -> T:
        return values[self.at]

    def some(self, values: list[str], least: int = 0) -> list[str]:
        del least
        return values[self.at :][:1]


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """The invented site with some more entries, as data."""
    content = Content(copy_project(tmp_path / "a war"))
    content.add_more()
    content.write()
    return content


@is_long
def test_every_field_of_an_entry_counts_where_it_is_shown(content: Content) -> None:
    checker = PlanCheck(content)
    checker.check()
    for name in ("1204-03-09-gate-of-brine-taken", "1204-02-20-event"):
        for is_again in (False, True):
            choice = Second(content, name, is_again=is_again)
            edits = [(choice.fields["sources"][0], key, make) for key, make in SOURCE.items()]
            by_status = sorted(ENTRY.items(), key=lambda item: item[0] == "status")
            edits += [(choice.fields, key, make) for key, make in by_status]  # it hides the others
            for fields, key, make in edits:
                put(fields, key, make(choice))
                explain_withdrawal(choice.fields)
                content.write()
                checker.check()


@is_long
@pytest.mark.parametrize("register", ["places", "actors", "outlets"])
def test_every_field_of_a_record_counts_where_it_is_shown(content: Content, register: str) -> None:
    checker = PlanCheck(content)
    checker.check()
    for record in content.registers[register]:
        choice = Second(content, record["id"], is_again=False)
        for key, make in RECORDS[register].items():
            put_in_record(record, key, make(choice))
            content.write()
            checker.check()


FIRST, *OTHERS = sorted(key for key in SETTINGS if key.startswith("extra/"))


@pytest.mark.parametrize("key", [FIRST, *(pytest.param(key, marks=is_long) for key in OTHERS)])
def test_every_setting_counts_where_it_is_shown(content: Content, key: str) -> None:
    checker = PlanCheck(content)
    for value in (*SETTINGS[key], SETTINGS[key][0]):
        put_setting(content.config, key, value)
        content.write()
        checker.check()


class Plans(Edits):
    """What is planned, with what is kept of the project and without."""

    def compare(self) -> None:
        if not hasattr(self, "checker"):
            self.checker = PlanCheck(self.content)
        self.checker.check()


# To shrink what fails takes long, and what is told without is enough to go by.
Plans.TestCase.settings = settings(
    ANY, max_examples=EXAMPLES * 10 or 3, stateful_step_count=50 if EXAMPLES else 20,
    phases=[Phase.generate],
)  # fmt: skip
TestPlans = Plans.TestCase
