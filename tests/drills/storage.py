"""The place where the database is kept: locked, not to be written, full, damaged."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.drills.frame import NotHere, Scene, drill, expect
from tests.drills.page import Page

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


@contextmanager
def disk(folder: Path, size: str) -> Iterator[None]:
    """Put a small disk at a folder."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise NotHere("mounts nothing")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@drill(
    does="PostgreSQL takes no writes for a while, as a standby does",
    sees="That the database takes no writes, and that somebody has to mend it; reading goes on",
    holds="Nothing of what was refused; once it is mended the same line, without a restart",
    on=("postgresql",),
)
async def database_takes_no_writes(s: Scene) -> None:
    bot, page = await s.begun()
    _writable(s, False)
    expect(await page.say("ada", CHECKIN), "takes no writes")
    assert (await bot.health())["database"] == "read-only"
    expect(await page.say("ada", "progress"), "Streak")
    _writable(s, True)
    await s.until(lambda: _takes(page), 30)
    assert s.count("checkin") == 1


def _writable(s: Scene, may: bool) -> None:
    name, on = str(make_url(s.url).database), "off" if may else "on"
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    s.servers.shared.run(f"ALTER DATABASE {name} SET default_transaction_read_only = {on}", cut)


async def _takes(page: Page) -> bool:
    return "Checked in" in await page.say("ada", CHECKIN)


@drill(
    does="The disk of the database is filled to its last byte, and given room again",
    sees="That the disk is full, so that nothing was kept, and that somebody has to mend it",
    holds="Nothing of what was refused; once there is room the same line, without a restart",
)
async def disk_is_full(s: Scene) -> None:
    place = s.folder / "disk"
    place.mkdir()
    if s.engine == "sqlite":
        s.folder = place
        s.stack.enter_context(disk(place, "24m"))
        s.url = f"sqlite:///{s.file}"
        await s.live()
    else:
        server = await s.own_server()
        place = server.made / "disk"
        place.mkdir()
        s.stack.enter_context(disk(place, "64m"))
        owner = server.data.stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        server.run(f"CREATE TABLESPACE small LOCATION '{place}'", "ALTER SYSTEM SET temp_file_limit = 0")
        await s.live()
        name = str(make_url(s.url).database)
        server.run(f"ALTER DATABASE {name} SET TABLESPACE small")
    bot = s.bot()
    await bot.begin()
    page = await s.page(bot)
    filling = place / "filling"
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    told, n = "", 0
    while "disk is full" not in told:  # what the files have room for is still taken
        n += "Checked in" in told
        told = await page.say("ada", f"checkin 1 {'x' * 400} {n}")
        expect(told, "disk is full", "Checked in")
    expect(bot.log_so_far, "(disk full)")
    filling.unlink()
    await s.until(lambda: _takes(page), 30)
    assert s.count("checkin") == n + 1


@drill(
    does="A page in the middle of the file is overwritten while the bot is away",
    sees="Nothing: it does not start, and says in a sentence that the file is damaged and how it is mended",
    holds="What it held, untouched; `trailmate db check` names it",
    on=("sqlite",),
)
async def file_is_damaged(s: Scene) -> None:
    bot, _ = await s.begun()
    await bot.end()
    ((root,),) = s.rows("SELECT rootpage FROM sqlite_master WHERE name = 'checkin'")
    ((size,),) = s.rows("PRAGMA page_size")
    with s.file.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))
    await bot.start()
    assert await bot.ended() == 1
    expect(bot.log_so_far, "damaged: stop the bot, keep a copy of the file, and put a backup in its place")
    assert "Traceback" not in bot.log_so_far
    assert await s.bot().run("db", "check") == 1
    expect(s.bots[-1].log_so_far, "damaged", "malformed")
