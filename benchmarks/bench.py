"""Measure how long our build takes, and what others need for the same entries.

It reports and never fails on times. Run it on a machine that does nothing else.
"""

import argparse
import datetime as dt
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from contestants import GROUPS, WRITERS, Contestant, list_contestants
from corpus import write_project
from environment import describe_machine, install_peers, list_versions
from measure import measure_commands
from peers.article import read_articles
from report import write_report
from results import Run, summarise_runs

_ROOT = Path(__file__).parent.parent
_WORK = _ROOT / ".cache" / "bench"
_OUT = Path(__file__).parent / "RESULTS.md"
_SIZES = (500, 2000, 8000, 20000)
_SEED = 1
_TIMEOUT = 15 * 60
_MEGABYTE = 1_000_000


def main() -> None:
    """Measure what the command line asks for, and write the results."""
    venv = _WORK / "venv"
    options = _parse_arguments(GROUPS)
    install_peers(venv)
    everyone = list_contestants(venv)
    chosen = [one for one in everyone if one.group in options.only]
    versions = list_versions(venv)
    plan = list(zip(options.sizes, options.runs, strict=True))
    runs = list(_measure_all(plan, chosen))
    facts = {
        "date": str(dt.datetime.now(dt.UTC).date()),
        "command": f"python benchmarks/bench.py --sizes {','.join(map(str, options.sizes))} "
        f"--runs {','.join(map(str, options.runs))} --only {','.join(options.only)}",
        **describe_machine(),
    }
    found = summarise_runs(runs)
    options.out.write_text(write_report(facts, versions, found), "utf-8")
    record = {**facts, "versions": versions, "runs": [asdict(run) for run in runs]}
    text = json.dumps(record, indent=1, ensure_ascii=False)
    options.out.with_name("results.json").write_text(f"{text}\n", "utf-8")
    print(f"Wrote {options.out.name} and results.json")


def _parse_arguments(groups: Sequence[str]) -> argparse.Namespace:
    def read_numbers(text: str) -> list[int]:
        numbers = [int(part) if part.isdecimal() else 0 for part in text.split(",")]
        if min(numbers) < 1:
            raise argparse.ArgumentTypeError(f"'{text}' is not numbers from 1 on, as in 500,2000")
        return numbers

    def read_groups(text: str) -> list[str]:
        named = text.split(",")
        if unknown := set(named) - set(groups):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
        return named

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=read_numbers, default=list(_SIZES), help="numbers of entries"
    )
    parser.add_argument(
        "--runs", type=read_numbers, default=[3], help="how often each is built, or one per size"
    )
    parser.add_argument(
        "--only", type=read_groups, default=list(groups), help=f"some of {','.join(groups)}"
    )
    parser.add_argument("--out", type=Path, default=_OUT, help="where the table goes")
    options = parser.parse_args()
    if len(options.runs) == 1:
        options.runs *= len(options.sizes)
    if len(options.runs) != len(options.sizes):
        parser.error("--runs takes one number, or as many as --sizes")
    if not options.out.parent.is_dir():
        parser.error(f"there is no folder {options.out.parent}")
    return options


def _measure_all(plan: Iterable[tuple[int, int]], chosen: Sequence[Contestant]) -> Iterator[Run]:
    """Build the site of each size as often as planned, everyone in turn."""
    for size, runs in plan:
        fit = [one for one in chosen if one.most is None or size <= one.most]
        folder = _WORK / str(size)
        _write_inputs(folder, size, {one.folder for one in fit})
        for number in range(runs):
            for one in fit:
                run = _measure(one, folder / one.folder, size, number)
                print(
                    f"{size:>6,}  {number + 1}/{runs}  {one.label:<36}"
                    f"{run.measure.seconds:>9.2f} s  {run.measure.peak_mb:>7,.0f} MB"
                    f"  {run.measure.failure}",
                    flush=True,
                )
                yield run
        shutil.rmtree(folder)


def _write_inputs(folder: Path, size: int, wanted: set[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    corpus = folder / "corpus"
    write_project(corpus, size, _SEED)
    articles = read_articles(corpus)
    for name in sorted(wanted):
        if name in WRITERS:
            (folder / name).mkdir()
            WRITERS[name](articles, folder / name)
        else:
            shutil.copytree(corpus, folder / name)


def _measure(one: Contestant, folder: Path, size: int, number: int) -> Run:
    one.make_ready(folder, number)
    measure = measure_commands(one.commands, folder, one.environment, _TIMEOUT)
    files = [file for file in (folder / one.site).rglob("*") if file.is_file()]
    output = sum(file.stat().st_size for file in files) / _MEGABYTE
    pages = sum(file.suffix == ".html" for file in files)
    return Run(size, one.id, one.label, number, measure, round(output, 2), pages)


if __name__ == "__main__":
    main()
