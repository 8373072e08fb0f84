"""What the builds are meant to reach: ratios within one run of the benchmark, mostly."""

from dataclasses import dataclass

from results import Summaries


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and its limit.

    The figure is the time of one contestant at a size divided by that of another, or
    in seconds where there is no other; or the peak of memory, in MB.
    """

    text: str
    limit: float
    one: tuple[str, int]
    other: tuple[str, int] | None = None
    is_memory: bool = False
    is_least: bool = False

    def find_figure(self, summaries: Summaries) -> float | None:
        """Return the figure; None where it was not measured, or a build failed."""
        one = summaries.get(self.one)
        other = summaries.get(self.other) if self.other else None
        if one is None or one.failure or (self.other and (other is None or other.failure)):
            return None
        figure = one.peak_mb if self.is_memory else one.seconds
        return figure / other.seconds if other else figure

    def is_met(self, figure: float) -> bool:
        """Tell whether a figure is on the right side of the limit."""
        return figure >= self.limit if self.is_least else figure <= self.limit


TARGETS = (
    Target("2,000 entries, how many times faster than Material's blog plugin", 5,
           ("blog", 2000), ("ours", 2000), is_least=True),
    Target("2,000 entries, how many times faster than Zensical", 20,
           ("zensical", 2000), ("ours", 2000), is_least=True),
    Target("2,000 entries, how many times faster than Zensical with all pages in its navigation",
           20, ("zensical-nav", 2000), ("ours", 2000), is_least=True),
    Target("2,000 entries, time in times Hugo's", 3, ("ours", 2000), ("hugo", 2000)),
    Target("8,000 entries, time in times that of 2,000", 4.4, ("ours", 8000), ("ours", 2000)),
    Target("20,000 entries, time in times that of 2,000", 11, ("ours", 20000), ("ours", 2000)),
    Target("2,000 entries after an edit, time in times Hugo's whole build", 1,
           ("ours-edit", 2000), ("hugo", 2000)),
    Target("8,000 entries after an edit, seconds", 3, ("ours-edit", 8000)),
    Target("2,000 entries with search, time in times that of Hugo and Pagefind", 2,
           ("ours-search", 2000), ("hugo-pagefind", 2000)),
    Target("2,000 entries with search after an edit, time in times that of Hugo and Pagefind", 1,
           ("ours-search-edit", 2000), ("hugo-pagefind", 2000)),
    Target("20,000 entries, peak of memory in MB", 1500, ("ours", 20000), is_memory=True),
    Target("20,000 entries with search, peak of memory in MB", 1500, ("ours-search", 20000),
           is_memory=True),
)  # fmt: skip
