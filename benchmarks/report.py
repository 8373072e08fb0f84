"""The results as a page of Markdown."""

from collections.abc import Iterator, Mapping

from results import Summaries
from targets import TARGETS


def write_report(facts: Mapping[str, object], versions: Mapping[str, str], found: Summaries) -> str:
    """Write all tables; `facts` say when, how and on what machine it was measured."""
    lines = [
        "# Results",
        "",
        "Made by the program named below; do not edit. What is compared, and how, stands in",
        "[README.md](README.md). Times are medians of all runs, peaks of memory the highest.",
        "",
        *(f"- {name}: {value}" for name, value in facts.items()),
        f"- versions: {', '.join(f'{name} {version}' for name, version in versions.items())}",
        "",
        *_write_targets(found),
    ]
    for size in sorted({size for _, size in found}):
        lines += ["", f"## {size:,} entries", "", *_write_size(size, found)]
    return "\n".join(lines) + "\n"


def _write_targets(found: Summaries) -> Iterator[str]:
    yield "## Targets"
    yield ""
    yield "Without search where nothing else is said."
    yield ""
    yield "| target | limit | measured | |"
    yield "|---|---:|---:|---|"
    for target in TARGETS:
        figure = target.find_figure(found)
        limit = f"{'≥' if target.is_least else '≤'} {target.limit:,g}"
        if figure is None:
            yield f"| {target.text} | {limit} | – | not measured |"
        else:
            verdict = "met" if target.is_met(figure) else "**not met**"
            number = f"{figure:,.0f}" if target.is_memory else f"{figure:,.2f}"
            yield f"| {target.text} | {limit} | {number} | {verdict} |"


def _write_size(size: int, found: Summaries) -> Iterator[str]:
    ours = found.get(("ours", size))
    yield (
        "| | seconds | CPU seconds | ms per entry | times ours, without search | peak MB "
        "| output MB | pages |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for one in (summary for (_, of), summary in found.items() if of == size):
        if one.failure:
            yield f"| {one.label} | {one.failure} | | | | | | |"
            continue
        ratio = f"{one.seconds / ours.seconds:.2f}" if ours and not ours.failure else "–"
        yield (
            f"| {one.label} | {one.seconds:.2f} | {one.cpu_seconds:.2f} "
            f"| {one.seconds / size * 1000:.2f} | {ratio} | {one.peak_mb:,.0f} "
            f"| {one.output_mb:,.1f} | {one.pages:,} |"
        )
