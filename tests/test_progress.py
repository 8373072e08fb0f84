"""What a terminal shows of a long build, and that nothing else shows it."""

import os
import re
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

from wartimeline import progress
from wartimeline.progress import Progress


@contextmanager
def show_on_terminal() -> Iterator[Callable[[], str]]:
    """Put a terminal in the place of the errors' stream; give what reads what it shows."""
    ours, theirs = os.openpty()

    def read() -> str:
        """Read until there is a pause: what is written to a terminal comes a little later."""
        shown = b""
        while select.select([ours], [], [], 0.2)[0]:
            shown += os.read(ours, 1 << 16)
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())

    with os.fdopen(theirs, "w") as stream, redirect_stderr(stream):
        yield read
    os.close(ours)


def test_a_long_build_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    with show_on_terminal() as read:
        assert list(Progress().follow("Making pages", range(4))) == [0, 1, 2, 3]
        shown = read()
    assert "Making pages" in shown
    assert " 25%" in shown
    assert "100%" in shown


def test_a_short_build_shows_nothing() -> None:
    with show_on_terminal() as read:
        assert list(Progress().follow("Making pages", range(4))) == [0, 1, 2, 3]
        assert read() == ""


def test_nothing_is_shown_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    assert list(Progress().count("Making pages", iter("ab"), 2)) == ["a", "b"]
    assert capsys.readouterr() == ("", "")


def test_the_bar_is_ended_when_a_step_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1)

    def fail() -> Iterator[int]:
        yield 1
        raise RuntimeError

    with show_on_terminal() as read:
        with pytest.raises(RuntimeError):
            list(Progress().count("Making pages", fail(), 3))
        assert read().endswith("\n")
