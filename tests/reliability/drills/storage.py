"""The place where the database is kept: locked, not to be written, full, damaged."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bot.storage import faults
from tests.reliability.drills.frame import NotHere, Scene, drill, expect
from tests.reliability.drills.page import Page

SYSTEM = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
"""Where what makes and mounts disks is found."""
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
    does="Another program locks the database for eight seconds",
    sees="Within five seconds people read that the database is busy and nothing changed. Later the same line works",
    holds="One check-in, from the line that worked",
)
async def locked_by_another(s: Scene) -> None:
    _, page = await s.begun()
    with locked(s):
        began = time.monotonic()
        told = await page.say("ada", CHECKIN)
        expect(told, "haven't changed anything")
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


@contextmanager
def card(image: Path, folder: Path) -> Iterator[str]:
    """Put a file system of its own at a folder, one that turns read-only at its first fault; yield its device."""
    image.write_bytes(b"")
    os.truncate(image, 48_000_000)
    made = ("mkfs.ext4", "-qF", str(image)), ("mount", "-o", "loop,errors=remount-ro", str(image), str(folder))
    if os.geteuid() or shutil.which("mkfs.ext4", path=SYSTEM) is None or not all(map(_does, made)):
        raise NotHere("mounts nothing")
    try:
        found = ["findmnt", "-no", "SOURCE", str(folder)]
        yield Path(subprocess.run(found, capture_output=True, check=True, text=True).stdout.strip()).name
    finally:
        _does(("umount", "-l", str(folder)))


def _does(words: Sequence[str]) -> bool:
    program = shutil.which(words[0], path=SYSTEM) or words[0]
    return not subprocess.run([program, *words[1:]], capture_output=True, check=False).returncode


@drill(
    does="PostgreSQL refuses writes, as a standby does. SQLite's disk is read-only at the start, or becomes so",
    sees="People read that the database is read-only and the operator has to fix it. Reading still works",
    holds="No change from refused lines. After the fix the same line is saved, without a restart",
)
async def database_takes_no_writes(s: Scene) -> None:
    if s.engine == "sqlite":
        await _on_a_card(s)
        return
    bot, page = await s.begun()
    _writable(s, False)
    expect(await page.say("ada", CHECKIN), "My database is read-only")
    assert (await bot.health())["database"] == "read-only"
    expect(await page.say("ada", "progress"), "Your progress")
    _writable(s, True)
    await s.until(lambda: _takes(page), 30)
    assert s.count("checkin") == 1


async def _on_a_card(s: Scene) -> None:
    image, place = s.folder / "image", s.folder / "card"
    place.mkdir()
    device = s.stack.enter_context(card(image, place))
    s.data = place
    s.url = f"sqlite:///{s.file}"
    await s.live()
    bot = s.bot()
    page = await s.page(bot)
    assert _does(("mount", "-o", "remount,ro", str(place)))
    assert await bot.run() == 1
    expect(bot.log_so_far, faults.READ_ONLY.fix)
    assert "Traceback" not in bot.log_so_far
    assert _does(("mount", "-o", "remount,rw", str(place)))
    await bot.begin()
    expect(await page.say("ada", CHECKIN), "30 min")

    kept = [str(s.file), f"{s.file}-wal"]
    assert _does(("chattr", "+i", *kept))  # as a disk that may be written no more, and can be mended under the bot
    expect(await page.say("ada", CHECKIN), faults.READ_ONLY.sentence)
    assert (await bot.health())["database"] == "read-only"
    expect(await page.say("ada", "progress"), "Your progress")
    assert _does(("chattr", "-i", *kept))
    await s.until(lambda: _takes(page), 30, "it is taken, without a restart")

    Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("drill")
    expect(await page.say("ada", CHECKIN), faults.READ_ONLY.sentence)
    assert (await bot.health())["database"] == "read-only"
    expect(bot.log_so_far, faults.READ_ONLY.fix)
    expect(await page.say("ada", "progress"), "Your progress")
    await asyncio.sleep(6)  # a look at the schedule, and some at the outbox
    assert (await bot.health())["database"] == "read-only"
    assert await bot.end() < 10
    assert "Traceback" not in bot.log_so_far
    assert _does(("umount", str(place)))
    _does(("e2fsck", "-fy", str(image)))  # as after a power cut; it says by its code that it has mended
    assert _does(("mount", "-o", "loop", str(image), str(place)))
    await bot.begin()
    expect(await page.say("ada", CHECKIN), "30 min")
    assert s.count("checkin") == 3


def _writable(s: Scene, may: bool) -> None:
    name, on = str(make_url(s.url).database), "off" if may else "on"
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    s.servers.shared.run(f"ALTER DATABASE {name} SET default_transaction_read_only = {on}", cut)


async def _takes(page: Page) -> bool:
    return "30 min" in await page.say("ada", CHECKIN)


@drill(
    does="The database's disk is filled to the last byte, then gets free space again",
    sees="People read that the disk is full, nothing was saved, and the operator has to fix it",
    holds="No change from refused lines. With free space the same line is saved, without a restart",
)
async def disk_is_full(s: Scene) -> None:
    place = s.folder / "disk"
    place.mkdir()
    if s.engine == "sqlite":
        s.data = place
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
        n += "30 min" in told
        told = await page.say("ada", f"checkin 1 {'x' * 400} {n}")
        expect(told, "disk is full", "30 min")
    expect(bot.log_so_far, "(disk full)")
    filling.unlink()
    await s.until(lambda: _takes(page), 30)
    assert s.count("checkin") == n + 1


@drill(
    does="A page in the middle of the file is overwritten while the bot is stopped",
    sees="The bot doesn't start. It says that the file is damaged and how to fix it",
    holds="Unchanged; `trailmate db check` names the damage",
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
    expect(bot.log_so_far, "damaged. Stop the bot, copy the file, and restore a backup")
    assert "Traceback" not in bot.log_so_far
    assert await s.bot().run("db", "check") == 1
    expect(s.bots[-1].log_so_far, "damaged", "malformed")
