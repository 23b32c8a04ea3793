"""Real databases: SQLite in a temporary folder and the PostgreSQL of the whole session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.base.clock import MovableClock
from bot.base.files import bundled
from bot.runtime.catalogue import OWN_TABLES
from bot.storage import engine as engines
from bot.storage.unit_of_work import Database
from tests.storage.sample_app import START, Desk, MachineClock, Partner, make_tables


def make_desk(postgres_url: str) -> str:
    """Create a PostgreSQL database with all tables and return its address."""
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
def where(tmp_path: Path) -> Path:
    """A folder of migrations of which none has been written."""
    folder = tmp_path / "100% migrations"
    shutil.copytree(bundled("migrations"), folder, ignore=shutil.ignore_patterns("*_*.py", "__pycache__"))
    (folder / "versions").mkdir(exist_ok=True)
    for revision in (folder / "versions").glob("*.py"):
        revision.unlink()
    return folder


@pytest.fixture
def machine() -> MachineClock:
    return MachineClock()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def database(request: pytest.FixtureRequest, tmp_path: Path, machine: MachineClock) -> Iterator[Database]:
    """A started database with empty tables, on each engine in turn."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'trailmate.db'}"
        make_tables(address)
    else:
        address = request.getfixturevalue("desk_url")
        run_alone(address, *(f"DELETE FROM {table.__tablename__}" for table in OWN_TABLES))
    with Database(address, real_now=machine.now) as started:
        yield started


@pytest.fixture
def partner() -> Partner:
    return Partner()


@pytest.fixture
def desk(database: Database, partner: Partner, clock: MovableClock, machine: MachineClock) -> Desk:
    return Desk(database, partner, clock, machine)
