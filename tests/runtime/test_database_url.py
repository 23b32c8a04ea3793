"""Addresses of databases that cannot be one, told without what may be a piece of a password."""

from __future__ import annotations

import pytest

from bot.runtime.settings import DATABASE_URL_FORMS, find_url_fault
from bot.storage.engine import unreachable


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://trail:p@s3cr3t@db/trail", "write @ as %40"),
        ("postgresql://trail:p@s3cr3t/tail@db/trail", "write @ as %40"),
        ("postgresql://trail:p@s3cr3t?tail@db/trail", "write @ as %40"),
        ("postgresql://tr/ail:s3cr3t@db/trail", "write @ as %40"),
        ("postgresql://db/trail?user=s3cr3t@x", "write @ as %40"),
        ("postgresql://db/trail?host=s3cr3t%40x", "a host can't have an @"),
        ("postgresql://trail:s3cr3t", "port is not a number"),
        ("postgresql://trail:x@db:s3cr3t/trail", "port is not a number"),
        ("postgresql://db:70000/trail", "use a port from 1 to 65535"),
        ("postgresql://db/trail?port=s3cr3t", "use a port from 1 to 65535"),
        ("postgresql://trail:x@[::1/trail", "port is not a number"),
        ("postgresql://trail:x@[s3cr3t/trail", "the host needs both [ and ]"),
        ("sqlite:///", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("mysql://me:s3cr3t@db", DATABASE_URL_FORMS),
    ],
)
def test_what_cannot_be_an_address_is_told_without_any_of_it(address: str, told: str) -> None:
    said = find_url_fault(address)
    assert told in said
    assert "s3cr3t" not in said and "tail" not in said


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////data/who@home.db",
        "postgresql://db/trail",
        "postgresql:///trail?host=/run/postgresql&port=5433",
        "postgresql+psycopg://trail:p%40ss:w/o?rd@[::1]:5432/trail?sslmode=require",
        "postgresql://trail:x@/trail?host=a:5432&host=b:5432",
    ],
)
def test_what_can_be_one_is_left_alone(address: str) -> None:
    assert find_url_fault(address) == ""


def test_what_a_driver_says_of_a_host_begins_behind_its_last_at() -> None:
    said = str(unreachable(OSError("failed to resolve host 'p@s3cr3t@db.example': unknown")))
    assert "s3cr3t" not in said and "host 'db.example'" in said
