"""How long commands take, and how much memory: each run in a small process of its own.

Run as a program it is that process: it takes a `Task` as JSON and prints a `Measure`.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Self

_SAMPLE_SECONDS = 0.2
_MEGABYTE = 1_000_000
_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Measure:
    """Wall time and CPU time (user and system) in seconds, and the peak of memory in MB.

    The peak is that of all processes together, looked at several times a second;
    or that of the largest process, as the system knows it, if that is more. `failure`
    says why the commands did not end well.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    failure: str = ""


def measure_commands(
    commands: Sequence[Sequence[str]], folder: Path, environment: Mapping[str, str], timeout: float
) -> Measure:
    """Run commands one after another in a folder, and measure them together."""
    task = {"commands": commands, "folder": str(folder), "timeout": timeout}
    ended = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(task), env={**os.environ, **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Measure(**json.loads(ended.stdout))


def _run_task(commands: list[list[str]], folder: str, timeout: float) -> Measure:
    failure, start = "", perf_counter()
    with _Sampler() as sampler:
        for command in commands:
            failure = _run(command, folder, start + timeout - perf_counter())
            if failure:
                break
        seconds = perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = max(used.ru_maxrss * _MAXRSS_BYTES, sampler.peak) / _MEGABYTE
    return Measure(
        round(seconds, 3), round(used.ru_utime + used.ru_stime, 3), round(peak, 1), failure
    )


def _run(command: list[str], folder: str, timeout: float) -> str:
    """Run a command; return why it failed, or nothing."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        _, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"stopped after {timeout:.0f} seconds"
    if not process.returncode:
        return ""
    said = errors.decode("utf-8", "replace").strip().splitlines()
    return said[-1][:200] if said else f"status {process.returncode}"


class _Sampler:
    """Looks at the memory of all processes below this one; `peak` is in bytes."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self.peak = max(self.peak, _add_up(list(_find_children(os.getpid()))))


def _add_up(processes: list[int]) -> int:
    """Return how many bytes some processes use; pages that they share count once."""
    if len(processes) == 1:
        return _read_resident(processes[0])
    return sum(map(_read_share, processes))


def _find_children(process: int) -> Iterator[int]:
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, _read(file).split()):
            yield child
            yield from _find_children(child)


def _read_resident(process: int) -> int:
    fields = _read(Path(f"/proc/{process}/statm")).split()
    return int(fields[1]) * _PAGE_BYTES if fields else 0


def _read_share(process: int) -> int:
    """Return the proportional set size: shared pages divided by those who share them."""
    for line in _read(Path(f"/proc/{process}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(file: Path) -> str:
    """Read a file that may be gone with its process; there is none outside Linux."""
    try:
        return file.read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    print(json.dumps(asdict(_run_task(**json.load(sys.stdin)))))
