"""List live sessions among a server's scheduled events.

An event only complements its post. If the bot may not create events, or not everybody sees the group's channel, it
creates none and reports nothing.
"""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.chat.platform import Post, Sent
from bot.commands.context import Place
from bot.messages import markup
from bot.messages.reply import EventBlock
from bot.platforms.discord import limits
from bot.platforms.discord.channel_access import compute_permissions
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.render import Payload

log = logging.getLogger(__name__)
_SERVER_ONLY, _ELSEWHERE = 2, 3
"""Who may see an event, and what kind it is: neither in a voice channel nor on a stage."""
_NONE = ""
"""Stands for the id of an event that was not made."""


def listed(post: Post) -> EventBlock | None:
    """Return the event that a post lists; None for an ordinary message."""
    match post.reply.blocks:
        case (*_, EventBlock() as happening) if not post.reply.title and not post.reply.all_buttons:
            return happening
    return None


async def carry_out(api: DiscordApi, post: Post, happening: EventBlock, again: bool, me: str) -> Sent:
    """Create, change or remove an event; do nothing if it is not allowed or somebody has removed it.

    Args:
        again: an earlier attempt may have arrived, so look for it first.
        me: the bot's own id.
    """
    guild = post.place.tenant or ""
    try:
        if post.action == "post":
            if not await _is_allowed(api, post.place, me):
                return Sent(_NONE)
            body = _draw_event(post.place, happening)
            event = await _find(api, guild, body, me) if again else None
            return Sent(event or await api.add_event(guild, body), was_there=event is not None)
        if post.ref and happening.is_off:
            await api.remove_event(guild, post.ref)
        elif post.ref:
            await api.edit_event(guild, post.ref, _draw_event(post.place, happening))
    except (discord.Forbidden, discord.NotFound) as trouble:
        log.info("Discord refuses an event (code %d), so there is none", trouble.code)
    except discord.HTTPException as trouble:
        if trouble.status != 400:
            raise
        log.warning("Discord does not take an event (code %d), so there is none", trouble.code)
    return Sent(post.ref or _NONE)


async def _is_allowed(api: DiscordApi, place: Place, me: str) -> bool:
    """Whether the bot may create events and everybody sees the group's channel, which the event names."""
    guild, channel = await api.guild(place.tenant or ""), await api.channel(place.room)
    member = await api.member(place.tenant or "", me)
    held = compute_permissions(guild, {}, member, me)
    everybody = compute_permissions(guild, channel, {}, "")
    return (held.create_events or held.manage_events) and everybody.view_channel


async def _find(api: DiscordApi, guild: str, body: Payload, me: str) -> str | None:
    """Return the id of the event that an earlier attempt has created."""
    for event in await api.events(guild):
        is_mine = str(event.get("creator_id")) == me and event.get("name") == body["name"]
        if is_mine and _parse_time(event["scheduled_start_time"]) == _parse_time(body["scheduled_start_time"]):
            return str(event["id"])
    return None


def _parse_time(text: str) -> Any:
    return discord.utils.parse_time(text)


def _draw_event(place: Place, happening: EventBlock) -> Payload:
    room = f"https://discord.com/channels/{place.tenant}/{place.room}"
    where = happening.link if 0 < len(happening.link) <= limits.EVENT_PLACE else room
    return {
        "name": markup.clip(happening.name, limits.EVENT_NAME) or "Live session",
        "description": markup.clip(happening.about, limits.EVENT_ABOUT) or happening.name,
        "privacy_level": _SERVER_ONLY,
        "entity_type": _ELSEWHERE,
        "entity_metadata": {"location": where},
        "scheduled_start_time": happening.starts_at.isoformat(),
        "scheduled_end_time": happening.ends_at.isoformat(),
    }
