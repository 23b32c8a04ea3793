"""Live hours on PostgreSQL, where two people's changes may come at once: one waits for the other, and sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.features.live_sessions.service import Hours
from bot.messages.reply import Reply
from tests.harness import World, text, world
from tests.storage.fixtures import run_alone

PATIENCE_S = 0.3
"""How long the first change waits for the second, which waits for the first."""


@pytest.fixture
async def w(tmp_path: Path, postgres_url: str) -> AsyncIterator[World]:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    async with world(tmp_path, TRAILMATE_DATABASE_URL=postgres_url) as made:
        await made.begin("ada", "ben")
        yield made


async def test_whoever_changes_a_live_hour_waits_for_who_does_so_at_the_moment(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in ("sat", "sun"):
        await w.say("mo", f"session plan at='{at} 18:00' confirm=yes")
    second: list[tuple[str, str]] = []
    said: list[Future[Reply]] = []
    loop, read = asyncio.get_running_loop(), Hours.list_coming

    def list_coming(self: Hours, *args: Any) -> Any:
        """Read, and have the second line said before anything comes of it."""
        found = read(self, *args)
        if second:
            said.append(asyncio.run_coroutine_threadsafe(w.say(*second.pop()), loop))
            with suppress(TimeoutError):
                said[-1].result(PATIENCE_S)
        return found

    monkeypatch.setattr(Hours, "list_coming", list_coming)

    async def both(first: tuple[str, str], then: tuple[str, str]) -> tuple[str, str]:
        second.append(then)
        one = text(await w.say(*first))
        return one, text(await asyncio.wrap_future(said[-1]))

    moves = [("mo", f"session move id={hour} at='mon 18:00' confirm=yes") for hour in (1, 2)]
    moved, refused = await both(*moves)
    assert "New time: Mon 9 Mar 2026, 18:00" in moved and "already a live session at that time" in refused
    hosts, waits = await both(("ada", "session host id=1"), ("ben", "session host id=1"))
    assert "You're hosting" in hosts and "I'll message you when it's your turn to host." in waits
    assert text(await w.say("ada", "session next")).count("hosted by Ada") == 1
