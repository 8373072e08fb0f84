"""How far a long build has got, on a terminal."""

import sys
from collections.abc import Collection, Iterable, Iterator
from time import perf_counter
from typing import TypeVar

import click

_PATIENCE = 2
"""Seconds after which a reader of the terminal wants to know."""

T = TypeVar("T")


class Progress:
    """Shows a bar for the step at hand, once a build takes longer than one waits in silence."""

    def __init__(self, *, is_shown: bool | None = None) -> None:
        """Start to count the time; without word, it is shown where a terminal can show it."""
        self._start = perf_counter()
        self._is_shown = sys.stderr.isatty() if is_shown is None else is_shown

    @property
    def seconds(self) -> float:
        """The seconds since the start."""
        return perf_counter() - self._start

    def follow(self, label: str, items: Collection[T]) -> Iterator[T]:
        """Yield items, and show how many are done."""
        return self.count(label, items, len(items))

    def count(self, label: str, items: Iterable[T], length: int) -> Iterator[T]:
        """Yield items of which there are so many in all, and show how many are done."""
        if not self._is_shown:
            yield from items
            return
        waiting = 0
        bar = None
        try:
            for item in items:
                yield item
                waiting += 1
                if bar is None and self.seconds > _PATIENCE:
                    bar = click.progressbar(length=length, label=f"{label:<16}", file=sys.stderr)
                    bar.__enter__()
                if bar is not None:
                    bar.update(waiting)
                    waiting = 0
        finally:
            if bar is not None:
                bar.__exit__(None, None, None)
