"""`trailmate chat`: talk to the bot on standard input."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bot.runtime.settings import Settings


def chat(settings: Settings, given: argparse.Namespace) -> int:
    """Answer lines from standard input."""
    return asyncio.run(_chat(settings, given.name, given.moderator))


async def _chat(settings: Settings, name: str, moderates: bool) -> int:
    from bot.features.people.service import People
    from bot.platforms.terminal.adapter import chat as converse
    from bot.runtime.app import LOCAL
    from bot.runtime.composition import build
    from bot.storage.lock import AlreadyRunning, Lock
    from bot.storage.unit_of_work import Work

    app = build(settings, chats={})
    reading = asyncio.create_task(app.notebook.read())

    async def step() -> None:
        """Do the schedule's work between two lines, unless a running bot does."""
        try:
            with Lock(settings.url, alone=True):
                await app.step()
        except AlreadyRunning:
            await asyncio.sleep(0)

    async def find_zone(account_id: str) -> str | None:
        """Return the zone that a person has chosen, or None."""

        def read(work: Work) -> str | None:
            account = People(work).find_reader(LOCAL, LOCAL, account_id)
            return account.zone if account is not None and account.has_own_zone else None

        return await app.database.run(read, writes=False)

    try:
        await step()
        await converse(
            app.registry,
            app.dispatcher,
            app.feed,
            name=name,
            moderates=moderates,
            lines=sys.stdin,
            out=sys.stdout,
            zone=local_zone(),
            after_line=step,
            find_zone=find_zone,
        )
    finally:
        reading.cancel()
        await app.close()
    return 0


def local_zone() -> str:
    """Return the machine's IANA zone, or UTC if unknown."""
    named = os.environ.get("TZ", "").lstrip(":")
    from bot.commands.parameter_types import zone_names

    if named in zone_names():
        return named
    link = Path("/etc/localtime")
    if link.is_symlink() and "zoneinfo/" in (target := str(link.resolve())):
        name = target.split("zoneinfo/", 1)[1]
        return name if name in zone_names() else "UTC"
    return "UTC"
