"""What was measured: runs, and the medians of each contestant at each size."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from measure import Measure


@dataclass(frozen=True, slots=True)
class Run:
    """One build of one contestant: what it took, and what it made."""

    size: int
    contestant: str
    label: str
    run: int
    measure: Measure
    output_mb: float
    pages: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The medians of the runs of a contestant at a size; `failure` if one did not end well."""

    label: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    output_mb: float
    pages: int
    failure: str = ""


Summaries = Mapping[tuple[str, int], Summary]
"""By contestant and size, in the order of the runs."""


def summarise_runs(runs: Iterable[Run]) -> Summaries:
    """Put the runs of each contestant at each size together."""
    groups: dict[tuple[str, int], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.contestant, run.size), []).append(run)
    return {key: _summarise(group) for key, group in groups.items()}


def _summarise(runs: list[Run]) -> Summary:
    def find(read: Callable[[Run], float]) -> float:
        return median(map(read, runs))

    return Summary(
        runs[0].label,
        find(lambda run: run.measure.seconds),
        find(lambda run: run.measure.cpu_seconds),
        max(run.measure.peak_mb for run in runs),
        find(lambda run: run.output_mb),
        round(find(lambda run: run.pages)),
        next((run.measure.failure for run in runs if run.measure.failure), ""),
    )
