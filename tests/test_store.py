"""What one build leaves for the next."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wartimeline.digests import digest, digest_files
from wartimeline.store import Cache, Store, write_file

VERSION = b"v" * 16
VALUES = st.dictionaries(st.text(max_size=20), st.text() | st.integers() | st.none(), max_size=40)


def save(path: Path, values: dict[str, object], version: bytes = VERSION) -> None:
    store = Store(path, version)
    for key, value in values.items():
        store.keep(key, value)
    store.save()


def load(path: Path, version: bytes = VERSION) -> tuple[dict[str, object], list[str]]:
    warnings: list[str] = []
    store = Store(path, version, warnings.append)
    return {name: store.find(name) for name in store.names()}, warnings


def list_files(path: Path) -> list[Path]:
    return sorted(path.iterdir())


@given(first=VALUES, second=VALUES)
def test_what_is_kept_is_what_the_last_build_kept(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, object], second: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("store")
    for values in (first, second):
        save(path, values)
        assert load(path) == (values, [])


def test_a_value_is_made_once(tmp_path: Path) -> None:
    key = ("kind", digest("a"))
    for made in ([1], []):
        calls: list[int] = []
        store = Store(tmp_path, VERSION)

        def make(calls: list[int] = calls) -> str:
            calls.append(1)
            return "value"

        assert [store.recall(key, make), store.recall(key, make)] == ["value", "value"]
        assert calls == made
        store.save()


@given(first=st.lists(st.integers(0, 50)), second=st.lists(st.integers(0, 50)))
def test_of_many_values_only_those_that_are_new_are_made(
    tmp_path_factory: pytest.TempPathFactory, first: list[int], second: list[int]
) -> None:
    path, made = tmp_path_factory.mktemp("store"), list[int]()

    def make(item: int) -> int:
        made.append(item)
        return item * item

    for items in (first, second):
        made.clear()
        store = Store(path, VERSION)
        found = store.recall_all(items, lambda item: ("square", digest(str(item))), make, "")
        assert found == [item * item for item in items]
        assert set(made) == set(items) - (set(first) if items is second else set())
        store.save()


def test_what_was_not_asked_for_is_forgotten(tmp_path: Path) -> None:
    save(tmp_path, {"a": 1, "b": 2})
    store = Store(tmp_path, VERSION)
    store.recall("a", lambda: 0)
    store.save()
    assert load(tmp_path) == ({"a": 1}, [])


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "a byte changed": lambda content: content[:-3] + bytes([content[-3] ^ 1]) + content[-2:],
    "something else": lambda _: b"{}",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_told_and_not_used(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    values: dict[str, object] = {f"name {n}": n for n in range(100)}
    save(tmp_path, values)
    file = list_files(tmp_path)[3]
    file.write_bytes(damage(file.read_bytes()))
    found, [warning] = load(tmp_path)
    assert "cache is damaged" in warning
    assert 50 < len(found) < 100
    assert found.items() < values.items()


def test_values_of_another_program_are_not_used(tmp_path: Path) -> None:
    save(tmp_path, {"a": 1})
    assert load(tmp_path, b"w" * 16) == ({}, [])


def test_a_change_writes_few_files_anew(tmp_path: Path) -> None:
    values: dict[str, object] = {f"name {n}": n for n in range(100)}
    save(tmp_path, values)
    before = {file: file.stat().st_ino for file in list_files(tmp_path)}
    store = Store(tmp_path, VERSION)
    for name, value in values.items():
        store.keep(name, "changed" if value == 7 else value)
    store.save()
    changed = [file for file, inode in before.items() if file.stat().st_ino != inode]
    assert len(before) > 10
    assert len(changed) == 1


def test_where_nothing_can_be_written_the_build_goes_on(tmp_path: Path) -> None:
    warnings: list[str] = []
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file", warnings.append)
    with cache.lock("site"), cache.open("site") as store:
        assert store.recall("a", lambda: 1) == 1
    assert len(warnings) >= 2
    assert all("cache" in warning for warning in warnings)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "page"
    write_file(path, b"old")
    with pytest.raises(TypeError):
        write_file(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list_files(tmp_path) == [path]


def test_the_digest_of_a_folder_does_not_hang_on_where_it_lies(tmp_path: Path) -> None:
    for name, content in (("one", "x"), ("two", "x"), ("three", "y")):
        (tmp_path / name / "a").mkdir(parents=True)
        (tmp_path / name / "a" / "b.py").write_text(content)
    one, two, three = (digest_files(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two != three
    (tmp_path / "two" / "a" / "b.py").rename(tmp_path / "two" / "b.py")
    assert digest_files(tmp_path / "two") != one


def test_the_parts_of_a_digest_are_kept_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert digest("a", b"b") == digest(b"a", "b")
