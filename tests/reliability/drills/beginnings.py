"""A group whose first unit has been out for two hours, lived once for each engine and copied for each drill."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import text

from bot.storage import engine as engines
from tests.harness import world
from tests.reliability.drills.server import Server

LIVED = {False: "lived", True: "lived_due"}


async def live(url: str, folder: Path, *, is_due: bool) -> None:
    """Have Mo start a group, and Ada join it, on a database that has nothing yet.

    Args:
        is_due: whether it ends just before the first unit goes out, two hours ago.
    """
    now = datetime.now(UTC)
    opened, due = now - timedelta(hours=2), now + timedelta(days=4)
    rhythm = f'start={opened:%Y-%m-%d} rhythm="{opened:%a %H:%M} - {due:%a} 21:00"'
    async with world(folder, at=now - timedelta(hours=30), TRAILMATE_DATABASE_URL=url) as w:
        await w.start("UTC", extra=rhythm)
        await w.say("ada", "join")
        await w.to(opened - timedelta(minutes=5) if is_due else now)


class Beginnings:
    """What was lived, for whoever begins with it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="trailmate-drill-lived-"))
        self._living = Lock()  # migrations run in one thread at a time

    def file(self, into: Path, is_due: bool) -> None:
        """Put it into a SQLite file."""
        lived = self._folder / f"{LIVED[is_due]}.db"
        with self._living:
            if not lived.exists():
                asyncio.run(live(f"sqlite:///{lived}", self._folder, is_due=is_due))
        shutil.copy(lived, into)
        _beat(f"sqlite:///{into}")

    def database(self, server: Server, name: str, is_due: bool) -> None:
        """Make a database of it on a server."""
        lived = LIVED[is_due]
        with self._living:
            if not server.run(f"SELECT 1 FROM pg_database WHERE datname = '{lived}'"):
                server.run(f"CREATE DATABASE {lived}")
                asyncio.run(live(server.url(lived), self._folder, is_due=is_due))
            # without a checkpoint a crash would set the counters of a copied database back
            server.run(f"CREATE DATABASE {name} TEMPLATE {lived}", "CHECKPOINT")
        _beat(server.url(name))

    def alone(self, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have another beginning be lived, while no other is."""
        with self._living:
            asyncio.run(story())

    def close(self) -> None:
        """Remove what was kept."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _beat(url: str) -> None:
    """Have the schedule have looked just now: the time since it was lived is no outage."""
    engine = engines.single(url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE outage_heartbeat SET at = :now"), {"now": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"}
        )
    engine.dispose()
