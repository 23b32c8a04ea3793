"""What takes place, in the server's own list of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.chat.platform import DeliveryUnknown, Later, Post, Sent
from bot.commands.context import Place
from bot.messages.reply import EventBlock, Reply, Text
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.deliver import deliver
from tests.platforms.discord.world import Server, connected

AT = datetime(2026, 3, 14, 18, tzinfo=UTC)
HOUR = EventBlock("Owls: live hour", AT, AT + timedelta(hours=1), "UTC", "Live hour of Owls")


def post(s: Server, happening: EventBlock = HOUR, room: Any = None, **more: Any) -> Post:
    place = Place("discord", str(s.guild.id), str((room or s.channel).id))
    said: dict[str, Any] = {"action": "post", "reply": Reply((happening,)), **more}
    return Post(key="k", tag="abcdefghij0123456789", place=place, **said)


def events(s: Server) -> Mapping[int, Any]:
    listed: Mapping[int, Any] = s.env.backend.get_guild(s.guild.id).scheduled_events
    return listed


async def test_an_event_is_made_moved_and_removed() -> None:
    async with connected() as s:
        sent = await s.platform.deliver(post(s), False)
        (event,) = events(s).values()
        assert (str(event.id), event.name) == (sent.ref, "Owls: live hour")
        assert datetime.fromisoformat(event.scheduled_start_time) == AT
        assert event.entity_metadata == {"location": f"https://discord.com/channels/{s.guild.id}/{s.channel.id}"}
        assert s.channel.last_message is None
        later = replace(HOUR, starts_at=AT + timedelta(days=1), ends_at=AT + timedelta(days=1, hours=1))
        await s.platform.deliver(post(s, later, action="edit", ref=sent.ref), False)
        assert datetime.fromisoformat(event.scheduled_start_time) == AT + timedelta(days=1)
        off = post(s, replace(later, is_off=True), action="edit", ref=sent.ref)
        assert await s.platform.deliver(off, False) == Sent(sent.ref)
        assert not events(s)
        assert await s.platform.deliver(off, True) == Sent(sent.ref), "one that somebody has removed is removed"


async def test_a_second_try_finds_the_event_of_the_first_and_a_late_one_is_an_event_too() -> None:
    async with connected() as s:
        first = await s.platform.deliver(post(s), False)
        found = await s.platform.deliver(post(s), True)
        assert (found, found.was_there) == (first, True)
        late = post(s, reply=Reply((Text("_Late_"), HOUR)))
        assert await s.platform.deliver(late, True) == first
        other = replace(HOUR, starts_at=AT + timedelta(hours=2), ends_at=AT + timedelta(hours=3))
        assert await s.platform.deliver(post(s, other), True) != first
        assert len(events(s)) == 2


class Refusing(DiscordApi):
    """Discord as it answers where an event is asked for."""

    def __init__(self, status: int, *, may: bool = True, hidden: bool = False) -> None:
        super().__init__(lambda: pytest.fail("no request"))
        self.status, self.may, self.hidden, self.asked = status, may, hidden, 0

    async def guild(self, guild: str) -> dict[str, Any]:
        everyone = discord.Permissions(view_channel=True).value
        mine = discord.Permissions(create_events=True).value if self.may else 0
        return {"id": guild, "roles": [{"id": guild, "permissions": everyone}, {"id": "5", "permissions": mine}]}

    async def channel(self, channel: str) -> dict[str, Any]:
        deny = discord.Permissions(view_channel=self.hidden).value
        return {"id": channel, "permission_overwrites": [{"id": "1", "type": 0, "allow": "0", "deny": str(deny)}]}

    async def member(self, guild: str, person: str) -> dict[str, Any]:
        return {"roles": ["5"]}

    async def add_event(self, guild: str, body: dict[str, Any]) -> str:
        self.asked += 1
        answer: Any = type("Answer", (), {"status": self.status, "reason": ""})()
        kinds = {403: discord.Forbidden, 404: discord.NotFound}
        raise kinds.get(self.status, discord.HTTPException)(answer, {"code": 30038, "message": ""})


EVENT = Post("k", "t" * 20, "post", Place("discord", "1", "2"), Reply((HOUR,)))


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_what_discord_refuses_for_good_is_no_trouble(status: int) -> None:
    api = Refusing(status)
    assert await deliver(api, EVENT, False, "9") == Sent("")
    assert api.asked == 1


async def test_without_the_permission_discord_is_not_asked() -> None:
    api = Refusing(403, may=False)
    assert await deliver(api, EVENT, False, "9") == Sent("")
    assert api.asked == 0


async def test_a_group_whose_channel_not_everybody_sees_is_named_in_no_event() -> None:
    api = Refusing(403, hidden=True)
    assert await deliver(api, EVENT, False, "9") == Sent("")
    assert await deliver(api, replace(EVENT, action="edit", ref=""), False, "9") == Sent("")
    assert api.asked == 0


@pytest.mark.parametrize(("status", "meaning"), [(500, DeliveryUnknown), (429, Later)])
async def test_what_may_pass_is_tried_again(status: int, meaning: type[Exception]) -> None:
    with pytest.raises(meaning):
        await deliver(Refusing(status), EVENT, False, "9")
