"""A line that nothing understands is offered the commands that come nearest in meaning, privately."""

from __future__ import annotations

import pytest

from bot.commands.context import Role
from bot.llm.embedded import MiniLM
from bot.runtime.catalogue import registry
from bot.understanding.nearest_commands import NearestCommands
from tests.features.help.test_fallback import labels, slash
from tests.harness import World, text

MEMBER: tuple[Role, ...] = ("member",)
MODERATOR: tuple[Role, ...] = ("moderator",)


@pytest.fixture(scope="module")
def nearest() -> NearestCommands:
    return NearestCommands(registry(), MiniLM().embed)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("swap my tuesday and thursday plan", "plan"),
        ("i dont want a buddy anymore", "buddy"),
        ("take me off the leaderboard pls", "leaderboard"),
        ("what did I get wrong in the last quiz", "quiz"),
    ],
)
def test_a_wish_finds_the_command_that_does_it(nearest: NearestCommands, line: str, command: str) -> None:
    assert command in [near.name for near in nearest.find(line, MODERATOR)]


@pytest.mark.parametrize(
    "line",
    [
        "sorry for being quiet, my dad died two weeks ago",
        "the weather is nice and I had a long walk",
        "how does dropout prevent overfitting",
        "frobnicate",
    ],
)
def test_what_is_about_nothing_that_the_bot_does_finds_none(nearest: NearestCommands, line: str) -> None:
    assert nearest.find(line, MODERATOR) == []


def test_a_command_that_is_closed_to_somebody_is_not_offered(nearest: NearestCommands) -> None:
    line = "put me on pause until the 3rd of november"
    assert all(command.role != "moderator" for command in nearest.find(line, MEMBER))
    assert "manage resume" in [command.name for command in nearest.find(line, MODERATOR)]


def test_without_an_embedder_nothing_is_near() -> None:
    assert NearestCommands(registry(), lambda _: None).find("i dont want a buddy anymore", MEMBER) == []


async def test_an_unclear_wish_gets_a_button_for_each(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = w.app.registry.find("plan")
    monkeypatch.setattr(NearestCommands, "find", lambda *_: [plan])
    await w.begin("ada")
    reply = await slash(w, "swap my tuesday and thursday plan")
    assert reply.audience == "private" and "I didn't understand that. Maybe this helps:" in text(reply)
    assert labels(reply) == ["Plan", "Ask publicly", "Ask privately"]
    alone = await w.say("ada", "swap my tuesday and thursday plan", room="@ada")
    assert labels(alone) == ["Plan", "Ask the notes"]
    assert "What will you do, and when?" in text(await w.press("ada", "Plan"))


async def test_a_question_that_the_notes_decline_gets_them_too(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    near = [command for command in w.app.registry if command.name in ("quiz", "manage report")]
    monkeypatch.setattr(
        NearestCommands, "find", lambda _self, _text, roles: [each for each in near if each.is_offered_to(roles)]
    )
    await w.begin("ada")
    reply = await w.say("ada", "ask which wine goes with a lasagne of my grandmother")
    assert reply.audience == "private" and "That's not in our notes." in text(reply)
    assert "Maybe this helps:" in text(reply) and "A quiz" in labels(reply) and "Report" not in labels(reply)
