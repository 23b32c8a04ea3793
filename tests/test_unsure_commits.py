"""A commit whose answer is lost: the person is told what became of it once the database is back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.commands import dispatcher
from bot.commands.refusals import busy, unanswered
from bot.messages.call import Call
from bot.storage.unit_of_work import Work
from tests.harness import World, text


@pytest.mark.parametrize(
    ("is_kept", "told"), [(True, "I saved your `checkin`"), (False, "I couldn't save your `checkin`")]
)
async def test_a_person_is_told_what_became_of_a_commit_without_an_answer(
    w: World, monkeypatch: pytest.MonkeyPatch, *, is_kept: bool, told: str
) -> None:
    await w.begin("ada")
    run, troubles = w.app.dispatcher._run, [unanswered(), busy()]

    async def lose_answers(fn: Callable[[Work], Any], *, writes: bool) -> Any:
        if not writes or not troubles:
            return await run(fn, writes=writes)
        if is_kept and len(troubles) == 2:
            await run(fn, writes=True)
        raise troubles.pop(0)

    monkeypatch.setattr(dispatcher, "RESOLVE_S", (0.01,) * 5)
    monkeypatch.setattr(w.app.dispatcher, "_run", lose_answers)
    assert "I'll message you when I know" in text(await w.say("ada", "checkin 45 read"))
    await asyncio.gather(*w.app.dispatcher._resolving)
    await w.tick()
    assert told in text((await w.posts("@ada"))[-1])
    assert ("Checked in on time" in text(await w.call("ada", Call("ledger")))) is is_kept
