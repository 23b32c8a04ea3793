"""Who, where and what an event was."""

from __future__ import annotations

import pytest

from bot.commands.context import Place
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.platforms.discord import decode
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
