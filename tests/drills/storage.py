"""The place where the database is kept: locked, not to be written, full, damaged."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from tests.drills.frame import Scene, drill, expect

CHECKIN = "checkin 30 read a chapter"


@contextmanager
def locked(s: Scene) -> Iterator[None]:
    """Have somebody else hold what every check-in needs."""
    if s.engine == "sqlite":
        with closing(sqlite3.connect(s.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(s.url) as connection:
        connection.execute("LOCK TABLE checkin IN ACCESS EXCLUSIVE MODE")
        yield


@drill(
    does="Another program holds a lock on the database for eight seconds",
    sees="Within five seconds: busy, nothing was changed, try again in a minute; afterwards the same line is taken",
    holds="The check-in of the line that was taken, none of the other",
)
async def locked_by_another(s: Scene) -> None:
    _, page = await s.begun()
    with locked(s):
        began = time.monotonic()
        told = await page.say("ada", CHECKIN)
        expect(told, "changed nothing")
        assert time.monotonic() - began < 5
        await asyncio.sleep(3)
    expect(await page.say("ada", CHECKIN), "30")
    assert s.count("checkin") == 1
