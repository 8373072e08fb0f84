"""What the commands do on the web; the one way to the modules that need httpx."""

import argparse
import os
from collections.abc import Callable, Iterable

from wartimeline.web.archive import Answer, Plan, Result, Wanted, archive_sources
from wartimeline.web.client import make_client, make_user_agent
from wartimeline.web.links import Finding, check_links
from wartimeline.web.manners import Manners
from wartimeline.web.wayback import Endpoints, Saver, find_copy

_SAVE_TIMEOUT = 180
"""The archive answers when it has made the copy, which takes its time."""


async def run_check(
    urls: Iterable[str], options: argparse.Namespace, contact: str, tell: Callable[[Finding], None]
) -> None:
    """Check links with the options of `links check`."""
    agent = make_user_agent(contact)
    async with make_client(timeout=options.timeout, user_agent=agent) as client:
        manners = Manners(
            client,
            jobs=options.jobs,
            per_host=options.per_host,
            delay=options.delay,
            retries=options.retries,
        )
        await check_links(urls, manners.ask, tell)


async def run_archive(
    wanted: Iterable[Wanted],
    options: argparse.Namespace,
    contact: str,
    plan: Plan,
    tell: Callable[[Result], None],
) -> None:
    """Look for copies with the options of `links archive`."""
    keys = os.environ.get("IA_ACCESS_KEY", ""), os.environ.get("IA_SECRET_KEY", "")
    endpoints = Endpoints(
        options.api, options.save_url, keys if all(keys) else None, options.save_delay
    )
    agent = make_user_agent(contact)
    async with (
        make_client(timeout=options.timeout, user_agent=agent) as client,
        make_client(timeout=_SAVE_TIMEOUT, user_agent=agent) as patient,
    ):
        manners = Manners(client, delay=options.delay, retries=options.retries)
        saver = Saver(patient, endpoints)

        async def find(one: Wanted) -> Answer:
            return await find_copy(manners, endpoints, one.url, one.day, one.published)

        async for result in archive_sources(wanted, plan, find, saver.save):
            tell(result)
