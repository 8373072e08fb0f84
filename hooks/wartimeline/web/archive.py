"""Finding archived copies of the sources, and writing them into the entries."""

import datetime as dt
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from wartimeline.parse import Entry
from wartimeline.problems import Problem
from wartimeline.vocabulary import Term
from wartimeline.web.amendments import add_archive
from wartimeline.web.journal import Journal

_ARCHIVES = re.compile(r"https?://(?:web\.archive\.org|archive\.(?:fo|is|li|md|ph|today|vn))/")
_REFUSALS = 3
"""After so many refusals in a row the archive is left alone."""


class Outcome(Term):
    """What became of the search for a copy."""

    WRITTEN = "written", "Written", "The address of a copy was written into the entry."
    FOUND = "found", "Found", "There is a copy, which is not written in a dry run."
    MISSING = "missing", "Missing", "The archive has no copy."
    UNSAVED = "unsaved", "Unsaved", "The archive has no copy and could not make one."
    UNWRITTEN = "unwritten", "Unwritten", "There is a copy, but the entry could not be changed."
    UNASKED = "unasked", "Unasked", "The archive gave no answer."


@dataclass(frozen=True, slots=True)
class Answer:
    """What an archive says: the address of a copy, or none and why.

    With neither, there is no copy. `is_refusal` says that the archive would
    have said the same for any page; `retry_after` counts in seconds.
    """

    address: str = ""
    trouble: str = ""
    is_refusal: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, order=True, slots=True)
class Wanted:
    """A source that has no copy: where it stands, and the day the copy should be near.

    `published` is the first day on which the page can have existed, if known.
    """

    path: str
    line: int
    index: int
    url: str
    day: dt.date
    published: dt.date | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source; `why` says what went wrong."""

    wanted: Wanted
    outcome: Outcome
    address: str = ""
    why: str = ""

    def __str__(self) -> str:
        """Show the result in the form of a problem."""
        path, line, field = self.wanted.path, self.wanted.line, f"sources[{self.wanted.index}]"
        if self.outcome in {Outcome.WRITTEN, Outcome.FOUND}:
            return f"{path}:{line + 1}: {field}.archive: {self.address} [{self.outcome}]"
        message = f"{self.outcome}: {self.wanted.url}"
        if self.why:
            message = f"{self.outcome} ({self.why}): {self.wanted.url}"
        hint = f"add it by hand: archive: {self.address}" if self.address else ""
        code = f"archive-{self.outcome}"
        return str(Problem(path, line, f"{field}.url", code, message, hint))


Find = Callable[[Wanted], Awaitable[Answer]]
Save = Callable[[str], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in which project, and what is known already.

    With `is_saving` new copies are wanted; when it `is_dry` nothing is written.
    What the journal says is asked again after `days`. At most `limit` sources
    are asked about.
    """

    root: Path
    journal: Journal
    now: Callable[[], dt.datetime]
    is_saving: bool = False
    is_dry: bool = False
    days: float = 7
    limit: int | None = None


def find_wanted(entries: Iterable[Entry]) -> list[Wanted]:
    """Find the sources without an archived copy that are not themselves addresses of one."""
    wanted = []
    for entry in entries:
        for index, source in enumerate(entry.event.sources):
            if source.archive is None and not _ARCHIVES.match(source.url):
                published = source.published.earliest if source.published else None
                day = published or entry.event.date.earliest
                line = entry.raw.line(("sources", index, "url"))
                wanted.append(Wanted(entry.path, line, index, source.url, day, published))
    return sorted(wanted, key=lambda one: (one.path, one.index))


async def archive_sources(
    wanted: Iterable[Wanted], plan: Plan, find: Find, save: Save
) -> AsyncIterator[Result]:
    """Look for a copy of each source, write it, and tell the result before the next one.

    Ends early at the limit, and when the archive keeps refusing.
    """
    asked = refusals = 0
    written = Counter[str]()
    for source in wanted:
        # Each line that was written pushes down what follows in its file.
        one = replace(source, line=source.line + written[source.path])
        known = _find_known(one, plan)
        if known is None:
            if asked == plan.limit:
                return
            asked += 1
        result = known or await _look(one, plan, find, save)
        yield result
        written[one.path] += result.outcome is Outcome.WRITTEN
        refusals = refusals + 1 if result.outcome is Outcome.UNASKED else 0
        if refusals == _REFUSALS:
            return


def count_outcomes(results: Iterable[Result], wanted: int) -> str:
    """Return the closing line."""
    counts = Counter(result.outcome for result in results)
    listed = [f"{counts[outcome]:,} {outcome}" for outcome in Outcome if counts[outcome]]
    if rest := wanted - counts.total():
        listed.append(f"{rest:,} not looked at")
    if not listed:
        return "every source has a copy"
    noun = "source" if wanted == 1 else "sources"
    return f"{', '.join(listed)} of {wanted:,} {noun} without a copy"


def has_failed(results: Iterable[Result]) -> bool:
    """Tell whether something could not be done that should have been."""
    failures = {Outcome.UNSAVED, Outcome.UNWRITTEN, Outcome.UNASKED}
    return any(result.outcome in failures for result in results)


async def _look(one: Wanted, plan: Plan, find: Find, save: Save) -> Result:
    """Look for a copy, and have one made if there is none; write it."""
    if plan.journal.find(_find_key(one), plan.now(), plan.days) is None:
        answer = await find(one)
        if answer.trouble:
            return Result(one, Outcome.UNASKED, why=answer.trouble)
        if answer.address:
            return _write(one, answer.address, plan)
        plan.journal.write(_find_key(one), plan.now())
    if not plan.is_saving:
        return Result(one, Outcome.MISSING)
    answer = await save(one.url)
    if answer.address:
        return _write(one, answer.address, plan)
    if not answer.is_refusal:
        plan.journal.write(_save_key(one), plan.now(), trouble=answer.trouble)
    return Result(one, Outcome.UNSAVED, why=answer.trouble)


def _find_known(one: Wanted, plan: Plan) -> Result | None:
    """Return what an earlier run has found out, if nothing is left to be asked."""
    if plan.journal.find(_find_key(one), plan.now(), plan.days) is None:
        return None
    if not plan.is_saving:
        return Result(one, Outcome.MISSING)
    failed = plan.journal.find(_save_key(one), plan.now(), plan.days)
    return Result(one, Outcome.UNSAVED, why=str(failed.get("trouble"))) if failed else None


def _write(one: Wanted, address: str, plan: Plan) -> Result:
    if plan.is_dry:
        return Result(one, Outcome.FOUND, address)
    why = add_archive(plan.root / one.path, plan.root, one.index, one.url, address)
    return Result(one, Outcome.UNWRITTEN if why else Outcome.WRITTEN, address, why)


def _find_key(one: Wanted) -> str:
    return f"copy {one.day} {one.url}"


def _save_key(one: Wanted) -> str:
    return f"save {one.url}"
