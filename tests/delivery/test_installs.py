"""Where the bot was let in: one row for a tenant, its token encrypted by keys that can be exchanged."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.chat.installs import Install, Sealed
from bot.delivery.installs import SqlInstalls, renew
from bot.storage.token_encryption import Vault, new_key
from bot.storage.unit_of_work import Database

OLD, NEW = new_key(), new_key()
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
ACME = Install("T1", "Acme", "xoxb-very-secret", "U0BOT", "B1")


def installs(database: Database, *keys: str, at: datetime = NOW) -> SqlInstalls:
    return SqlInstalls(database, Vault(keys), "slack", lambda: at)


async def test_an_install_is_kept_once_and_found_as_it_was(database: Database) -> None:
    kept = installs(database, NEW)
    assert await kept.find("T1") is None
    await kept.keep(ACME)
    await kept.keep(Install("T1", "Acme & Co", "xoxb-2", "U0BOT", "B1"))
    assert await kept.find("T1") == Install("T1", "Acme & Co", "xoxb-2", "U0BOT", "B1", NOW)
    assert await kept.find("T2") is None


async def test_no_token_stands_in_the_database_or_in_what_is_printed(database: Database) -> None:
    await installs(database, NEW).keep(ACME)
    rows = database.run_sync(lambda work: str(work.session.execute(text("SELECT * FROM install")).all()), writes=False)
    assert "T1" in rows and "secret" not in rows and "secret" not in repr(ACME)


async def test_only_the_install_that_was_meant_is_removed(database: Database) -> None:
    await installs(database, NEW).keep(ACME)
    later = installs(database, NEW, at=NOW + timedelta(minutes=1))
    await later.keep(ACME)
    assert not await later.remove("T1", NOW)
    assert await later.find("T1")
    assert await later.remove("T1", NOW + timedelta(minutes=1)) and not await later.remove("T1", None)
    assert await later.find("T1") is None


async def test_keys_are_exchanged_and_a_wrong_one_is_told(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await installs(database, OLD).keep(ACME)
    wrong, both = installs(database, NEW), installs(database, NEW, OLD)
    with pytest.raises(Sealed, match="TRAILMATE_SLACK_TOKEN_KEYS"):
        await wrong.find("T1")
    assert list(await wrong.sealed()) == ["T1"] and not await both.sealed()
    assert database.run_sync(lambda work: renew(work, "slack", Vault([NEW]))) == (0, ["T1"])
    assert database.run_sync(lambda work: renew(work, "slack", Vault([NEW, OLD]))) == (1, [])
    found = await wrong.find("T1")
    assert found is not None and found.token == ACME.token
    assert not [word for word in (OLD, NEW, "secret") if word in caplog.text]


async def test_a_key_is_new_once(database: Database) -> None:
    kept = installs(database, NEW)
    assert await kept.once("state:x") and not await kept.once("state:x") and await kept.once("state:y")
