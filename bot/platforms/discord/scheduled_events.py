"""What takes place in a server, in the list of events that it shows to all its members.

An event is a convenience beside its post: where the bot may not make one, or the group's channel is not for everybody,
there is none, and nobody is told.
"""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.chat.platform import Post, Sent
from bot.commands.context import Place
from bot.messages import markup
from bot.messages.calendar_event import Happening
from bot.platforms.discord import limits
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.inspect import permissions
from bot.platforms.discord.render import Payload

log = logging.getLogger(__name__)
_SERVER_ONLY, _ELSEWHERE = 2, 3
"""Who may see an event, and what kind it is: neither in a voice channel nor on a stage."""
_NONE = ""
"""Stands for the id of an event that was not made."""


def listed(post: Post) -> Happening | None:
    """Return what a post lists as an event; None for a message."""
    match post.reply.blocks:
        case (*_, Happening() as happening) if not post.reply.title and not post.reply.all_buttons:
            return happening
    return None


async def carry_out(api: DiscordApi, post: Post, happening: Happening, again: bool, me: str) -> Sent:
    """Make, change or remove an event; one that is not allowed, or that somebody has removed, needs neither.

    Args:
        again: an earlier attempt may have arrived, so look for it first.
        me: the bot's own id.
    """
    guild = post.place.tenant or ""
    try:
        if post.action == "post":
            if not await _may(api, post.place, me):
                return Sent(_NONE)
            body = _body(post.place, happening)
            found = await _find(api, guild, body, me) if again else None
            return Sent(found or await api.add_event(guild, body), was_there=found is not None)
        if post.ref and happening.is_off:
            await api.remove_event(guild, post.ref)
        elif post.ref:
            await api.edit_event(guild, post.ref, _body(post.place, happening))
    except (discord.Forbidden, discord.NotFound) as trouble:
        log.info("Discord refuses an event (code %d), so there is none", trouble.code)
    except discord.HTTPException as trouble:
        if trouble.status != 400:
            raise
        log.warning("Discord does not take an event (code %d), so there is none", trouble.code)
    return Sent(post.ref or _NONE)


async def _may(api: DiscordApi, place: Place, me: str) -> bool:
    """Whether the bot may make events and everybody sees the channel of the group, which an event names."""
    guild, channel = await api.guild(place.tenant or ""), await api.channel(place.room)
    member = await api.member(place.tenant or "", me)
    held = permissions(guild, {}, member, me)
    everybody = permissions(guild, channel, {}, "")
    return (held.create_events or held.manage_events) and everybody.view_channel


async def _find(api: DiscordApi, guild: str, body: Payload, me: str) -> str | None:
    """Return the event that an earlier attempt has made."""
    for event in await api.events(guild):
        is_mine = str(event.get("creator_id")) == me and event.get("name") == body["name"]
        if is_mine and _instant(event["scheduled_start_time"]) == _instant(body["scheduled_start_time"]):
            return str(event["id"])
    return None


def _instant(text: str) -> Any:
    return discord.utils.parse_time(text)


def _body(place: Place, happening: Happening) -> Payload:
    room = f"https://discord.com/channels/{place.tenant}/{place.room}"
    where = happening.link if 0 < len(happening.link) <= limits.EVENT_PLACE else room
    return {
        "name": markup.clip(happening.name, limits.EVENT_NAME) or "Live hour",
        "description": markup.clip(happening.about, limits.EVENT_ABOUT) or happening.name,
        "privacy_level": _SERVER_ONLY,
        "entity_type": _ELSEWHERE,
        "entity_metadata": {"location": where},
        "scheduled_start_time": happening.starts_at.isoformat(),
        "scheduled_end_time": happening.ends_at.isoformat(),
    }
