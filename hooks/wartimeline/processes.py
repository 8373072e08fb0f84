"""Work for several processes: each knows what this one knew, and returns what it made."""

import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

_LARGEST_CHUNK, _CHUNKS = 50, 16

T = TypeVar("T")
R = TypeVar("R")
Made = list[tuple[int, R]]

_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None
"""What the processes that are started now have to do: they find it as this one left it."""


def spread(make: Callable[[T], R], items: Sequence[T], worth: int = 300) -> Iterator[tuple[int, R]]:
    """Yield what is made of each item, with its number, in any order.

    From `worth` items on, starting more processes takes less time than it saves.
    `make` and the items need not be picklable, but what is made of them must be.
    """
    others = _count_others()
    if not others or len(items) < worth:
        yield from enumerate(map(make, items))
        return
    global _work  # noqa: PLW0603 - a forked process inherits what stands here
    _work = make, items
    gc.freeze()  # What is here now is no garbage: nobody need look at it, which would copy it.
    try:
        with ProcessPoolExecutor(others, multiprocessing.get_context("fork")) as pool:
            size = min(_LARGEST_CHUNK, len(items) // _CHUNKS + 1)
            chunks = [range(i, min(i + size, len(items))) for i in range(0, len(items), size)]
            yield from _share([(chunk, _submit(pool, chunk)) for chunk in chunks])
    finally:
        _work = None
        gc.unfreeze()


def _submit(pool: ProcessPoolExecutor, chunk: range) -> "Future[Made[Any]]":
    try:
        return pool.submit(_make, chunk)
    except BrokenProcessPool:  # It has ended before it was told all: nobody begins this.
        return Future()


def _share(chunks: Sequence[tuple[range, "Future[Made[Any]]"]]) -> Iterator[tuple[int, Any]]:
    """Collect what the others make from the front, and make here what is left at the end."""
    waiting = deque(chunks)
    while waiting:
        yield from _collect(*waiting.pop())
        while waiting and waiting[0][1].done():
            yield from _collect(*waiting.popleft())


def _collect(chunk: range, future: "Future[Made[Any]]") -> "Made[Any]":
    """Return what has been made; what nobody has begun, or an ended process had, is made here."""
    try:
        return _make(chunk) if future.cancel() else future.result()
    except BrokenProcessPool:
        return _make(chunk)


def _make(chunk: range) -> "Made[Any]":
    assert _work is not None  # noqa: S101 - set before the processes start
    make, items = _work
    made = [(i, make(items[i])) for i in chunk]
    gc.collect(0)  # only what is new
    return made


def _count_others() -> int:
    """Return how many processes can help: as many as there are cores besides this one's.

    To fork is safe on Linux alone, and only without other threads: the new process could
    inherit a lock that nobody opens.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 0
    return len(os.sched_getaffinity(0)) - 1
