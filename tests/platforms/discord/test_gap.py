"""A session that somebody else had begun: by what it is taken up, where, and when its events are handed on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import yarl

from bot.core.shards import LINE
from bot.platforms.discord.gap import Session, _Heard

SESSION = Session("abc", 7, "wss://gateway-us-east1-b.discord.gg")


def test_a_session_comes_back_from_what_is_kept_of_it() -> None:
    assert Session.unpacked(SESSION.packed()) == SESSION
    assert Session("a" * LINE, 7, "").packed() == ""


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", '["a", "b", "c"]', '["a", 1]', "nonsense"])
def test_what_is_no_session_is_none(text: str) -> None:
    assert Session.unpacked(text) is None


@pytest.mark.parametrize(
    ("gateway", "is_at"),
    [
        ("wss://gateway-us-east1-b.discord.gg", True),
        ("wss://gateway.discord.gg/", True),
        ("ws://gateway-us-east1-b.discord.gg", False),
        ("wss://discord.gg.example.org", False),
        ("wss://notdiscord.gg", False),
        ("nonsense", False),
    ],
)
def test_the_token_is_shown_to_nobody_but_discord(gateway: str, is_at: bool) -> None:
    assert Session("abc", 7, gateway).is_at(yarl.URL("wss://gateway.discord.gg")) is is_at


def test_it_may_be_where_discord_is_said_to_be() -> None:
    assert Session("abc", 7, "ws://127.0.0.1:80/gateway").is_at(yarl.URL("ws://127.0.0.1:80/gateway"))


def test_events_wait_until_their_server_is_known_lest_a_channel_is_taken_for_a_direct_message() -> None:
    told: list[Any] = []
    servers = {1: SimpleNamespace(unavailable=True)}
    client: Any = SimpleNamespace(
        get_guild=servers.get, _connection=SimpleNamespace(parsers={"MESSAGE_CREATE": told.append})
    )
    heard = _Heard(client)
    of_one, of_two, direct = {"guild_id": "1"}, {"guild_id": "2"}, {"id": "3"}
    for event in (of_one, of_two, direct):
        heard.parsers["MESSAGE_CREATE"](event)
    heard.hand_on()
    assert told == [direct]
    servers[1] = SimpleNamespace(unavailable=False)
    heard.hand_on()
    assert told == [direct, of_one] and not heard.is_empty
    assert heard.hand_on(is_last=True) == 3
    assert told == [direct, of_one, of_two] and heard.is_empty
