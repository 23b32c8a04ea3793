"""States of a slow answer: edits at Discord's pace, and the answer at the end whatever became of them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.discord import answer
from tests.platforms.discord.world import World, connected, said

STATES = ("One.", "Two.", "Three.")
WHOLE = "You asked: why"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "SHOW_EVERY_S", 0.1)


def slow() -> World:
    return World(slowness=1.0, states=STATES)


def edited(bodies: list[Any]) -> list[str]:
    return [body["content"] for body in bodies]


async def test_states_of_an_answer_to_a_command_are_edits_of_its_message() -> None:
    async with connected(slow()) as s:
        result = await s.ada.slash(s.channel, "ask", question="why")
        shown = edited(s.requests("PATCH", "/messages/@original"))
        assert shown == ["Looking…", "One.", "One. Two.", "One. Two. Three.", WHOLE]
        assert said(result.response) == WHOLE and not result.followups


async def test_states_of_an_answer_to_a_mention_are_edits_of_its_one_reply() -> None:
    async with connected(slow()) as s:
        await s.ada.send(s.channel, f"<@{s.me}> ask why")
        await s.env.settle()
        assert edited(s.requests("PATCH", "/messages/")) == ["One.", "One. Two.", "One. Two. Three.", WHOLE]
        assert s.channel.last_message is not None and said(s.channel.last_message) == WHOLE


@pytest.mark.parametrize(("status", "code"), [(500, 0), (403, 50013)])
async def test_an_edit_that_fails_meanwhile_costs_no_answer(status: int, code: int) -> None:
    async with connected(slow()) as s:
        s.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=status, code=code, times=2)
        result = await s.ada.slash(s.channel, "ask", question="why")
        assert said(result.response) == WHOLE
