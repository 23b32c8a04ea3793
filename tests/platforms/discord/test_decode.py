"""Who, where and what an event was."""

from __future__ import annotations

import pytest

from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.platforms.discord import decode
from bot.platforms.discord.commands import registration
from bot.runtime import catalogue
from tests.platforms.discord.world import COMMANDS

REGISTRY = Registry(COMMANDS)


@pytest.mark.parametrize(
    ("content", "call"),
    [
        ("<@5> checkin 45 papers", Call("checkin", {"minutes": "45", "note": "papers"})),
        ("<@!5>, hello", Call("hello")),
        ("<@5>", Call("help")),
        ("hey <@5> hello", Call("hello")),
        ("what is a token <@5>", Call("ask", {"question": "what is a token"})),
        ("why <@5> does it work", Call("ask", {"question": "why does it work"})),
        ("<@5> what does <@5> do", Call("ask", {"question": "what does do"})),
        ("<@5> hello <@7>", Call("hello")),
    ],
)
def test_what_follows_the_mention_is_the_line_if_it_names_a_command(content: str, call: Call) -> None:
    assert decode.parse_text(REGISTRY, content, 5) == call


def test_a_place_without_a_server_is_the_persons_own() -> None:
    assert decode.place(None, None, 7) == Place("discord", None, "@7")
    assert decode.place(None, 3, 7) == Place("discord", "3", "")


def test_what_somebody_typed_comes_back_as_text() -> None:
    data = {
        "name": "cohort",
        "options": [
            {
                "type": 1,
                "name": "create",
                "options": [
                    {"name": "size", "type": 4, "value": 7},
                    {"name": "open", "type": 5, "value": True},
                    {"name": "lead", "type": 6, "value": "123"},
                    {"name": "timezone", "type": 3, "value": "eu", "focused": True},
                ],
            }
        ],
    }
    half = decode.parse_slash_command(data)
    assert half.call == Call("cohort create", {"size": "7", "open": "yes", "lead": "123", "timezone": "eu"})
    assert half.focused == "timezone"
    assert decode.parse_slash_command({"name": "help"}) == decode.TypedSlashCommand(Call("help"))


def test_a_command_of_three_words_is_registered_and_comes_back_as_its_call() -> None:
    registry = catalogue.registry()
    (manage,) = (drawn for drawn in registration(registry) if drawn["name"] == "manage")
    (schedule,) = (option for option in manage["options"] if option["name"] == "schedule")
    (move,) = (option for option in schedule["options"] if option["name"] == "move")
    assert (schedule["type"], move["type"]) == (2, 1)

    # the body of an interaction as Discord sends it
    sent = {
        "id": "1",
        "name": "manage",
        "type": 1,
        "options": [
            {
                "type": 2,
                "name": "schedule",
                "options": [
                    {
                        "type": 1,
                        "name": "move",
                        "options": [
                            {"type": 3, "name": "unit", "value": "7"},
                            {"type": 3, "name": "at", "value": "friday 18:00"},
                        ],
                    }
                ],
            }
        ],
    }
    call = decode.parse_slash_command(sent).call
    assert call == Call("manage schedule move", {"unit": "7", "at": "friday 18:00"})
    command = registry.find(call.name)
    assert command is not None and command.name == call.name
    assert call.args.keys() <= {option["name"] for option in move["options"]} == {p.key for p in command.offered}
