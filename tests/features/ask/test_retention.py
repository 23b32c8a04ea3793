"""What is asked, and which event was answered, is kept for as long as the settings say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.delivery.processed_events import InboxRow
from bot.features.ask.tables import Exchange
from tests.harness import World, world


async def count(w: World, table: Any) -> int:
    chosen = select(func.count()).select_from(table)
    return await w.app.database.run(lambda work: work.session.scalar(chosen) or 0, writes=False)


async def test_conversations_and_events_are_swept_when_the_settings_say(tmp_path: Path) -> None:
    spans: dict[str, Any] = {"TRAILMATE_KEEP_CONVERSATION_MINUTES": "20", "TRAILMATE_KEEP_EVENT_DAYS": "3"}
    async with world(tmp_path, **spans) as w:
        await w.say("ada", "ask what is a derivative", room="@ada")
        events = await count(w, InboxRow)
        assert await count(w, Exchange) == 1 and events > 0
        await w.after(minutes=19)
        await w.app.run_upkeep()
        assert await count(w, Exchange) == 1
        await w.after(minutes=2)
        await w.app.run_upkeep()
        assert await count(w, Exchange) == 0
        await w.after(days=2)
        await w.app.run_upkeep()
        assert await count(w, InboxRow) == events
        await w.after(days=2)
        await w.app.run_upkeep()
        assert await count(w, InboxRow) == 0


async def test_a_conversation_of_no_length_is_not_kept_at_all(tmp_path: Path) -> None:
    async with world(tmp_path, TRAILMATE_KEEP_CONVERSATION_MINUTES="0") as w:
        await w.say("ada", "ask what is a derivative", room="@ada")
        assert await count(w, Exchange) == 0
