"""LISTEN/NOTIFY between processes on one PostgreSQL; only a hint, rows remain the truth."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import func, make_url, select

from bot.storage.unit_of_work import Database, Work

CHANNEL = "trailmate"
ROOM, ROADMAPS, MISSED = "room", "roadmaps", "missed"
"""Topics: a room of the web page changed; courses are to be reloaded; notifications may have been missed."""
AGAIN_S, ALIVE_S = 2.0, 15.0
Heard = Callable[[str], None]
log = logging.getLogger(__name__)


def tell(work: Work, topic: str) -> None:
    """Notify every process when this transaction commits; does nothing on SQLite."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(select(func.pg_notify(CHANNEL, json.dumps({"of": topic}))))


class NotificationListener:
    """A connection that listens and reconnects.

    Args:
        heard: called with each topic. After a reconnect it is called with `MISSED`; after the first connect with
            `ROOM`, because an open page may have reconnected earlier.
    """

    def __init__(self, database: Database, heard: Heard) -> None:
        self._url = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard, self._is_first = heard, True

    async def listen(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen_once()
            except Exception as trouble:  # noqa: BLE001  (whatever ends it, it is made anew)
                log.warning("news of other processes are not heard (%s); trying again", type(trouble).__name__)
            await asyncio.sleep(AGAIN_S)

    async def _listen_once(self) -> None:
        import psycopg  # a bot on SQLite does without

        is_first, self._is_first = self._is_first, False
        async with await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="trailmate news"
        ) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._heard(ROOM if is_first else MISSED)
            while True:
                async for note in connection.notifies(timeout=ALIVE_S):
                    with suppress(ValueError, KeyError, TypeError):
                        self._heard(str(json.loads(note.payload)["of"]))
                await asyncio.wait_for(connection.execute("SELECT 1"), ALIVE_S)
