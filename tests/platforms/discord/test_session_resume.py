"""A session that somebody else had begun: by what it is taken up, where, and when its events are handed on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import yarl

from bot.chat.shards import LINE
from bot.platforms.discord.session_resume import TAKEN, GatewaySession, _Heard

SESSION = GatewaySession("abc", 7, "wss://gateway-us-east1-b.discord.gg")


def test_a_session_comes_back_from_what_is_kept_of_it() -> None:
    assert GatewaySession.unpacked(SESSION.packed()) == SESSION
    assert GatewaySession("a" * LINE, 7, "").packed() == ""


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", '["a", "b", "c"]', '["a", 1]', "nonsense"])
def test_what_is_no_session_is_none(text: str) -> None:
    assert GatewaySession.unpacked(text) is None


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
    assert GatewaySession("abc", 7, gateway).is_at(yarl.URL("wss://gateway.discord.gg")) is is_at


def test_it_may_be_where_discord_is_said_to_be() -> None:
    assert GatewaySession("abc", 7, "ws://127.0.0.1:80/gateway").is_at(yarl.URL("ws://127.0.0.1:80/gateway"))


SERVERS = {1: SimpleNamespace(unavailable=True)}


def heard(told: list[Any]) -> _Heard:
    parsers = {name: lambda data, name=name: told.append((name, data["id"])) for name in TAKEN}
    client: Any = SimpleNamespace(get_guild=SERVERS.get, _connection=SimpleNamespace(parsers=parsers))
    return _Heard(client)


def event(key: str, server: str | None = None, content: str = "help") -> dict[str, Any]:
    return {"id": key, "channel_id": f"of {server}", "content": content} | ({"guild_id": server} if server else {})


async def test_new_events_wait_until_their_server_is_known_lest_a_channel_is_taken_for_a_direct_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    it = heard(told)
    it.parsers["RESUMED"]({})
    for one in (event("5", "1"), event("6", "2"), event("7")):
        it.parsers["INTERACTION_CREATE"](one)
    it.hand_on()
    assert [key for _, key in told] == ["7"] and not it.is_empty
    monkeypatch.setitem(SERVERS, 1, SimpleNamespace(unavailable=False))
    it.hand_on()
    assert [key for _, key in told] == ["7", "5"]
    it.hand_on(is_last=True)
    assert [key for _, key in told] == ["7", "5", "6"] and it.is_empty


async def test_of_what_is_repeated_messages_count_to_which_nobody_has_replied() -> None:
    told: list[Any] = []
    asked: list[str] = []
    it = heard(told)
    it.parsers["INTERACTION_CREATE"](event("4", "1"))
    for one in (event("5", "1"), event("6", "1"), event("7", "2", content="")):
        it.parsers["MESSAGE_CREATE"](one)
    it.parsers["RESUMED"]({})

    async def answered(channel: str) -> frozenset[str]:
        asked.append(channel)
        return frozenset({"5"})

    it.hand_on(is_last=True)
    assert told == []
    await it.hand_on_repeated(answered)
    assert told == [("MESSAGE_CREATE", "6")] and asked == ["of 1"]
