"""Deliver posts of the outbox, and translate Discord's errors for the relay.

Each post carries its tag twice. Discord uses the nonce to drop a repetition within minutes. The tag at the end of every
button's id lets `find` recognise the post among the newest messages of the channel.

A post in a forum opens a thread, and the thread's first message has the thread's id. A thread has no nonce, so Discord
drops no repetition there. A second try must look for the first one.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import aiohttp
import discord

from bot.chat.platform import (
    Declined,
    DeliveryUnknown,
    Gone,
    Later,
    PersonGone,
    Post,
    Sent,
    ThreadFailed,
    ThreadGone,
    TokenRejected,
)
from bot.commands.context import Place
from bot.messages import markup
from bot.messages.picture import POST_S
from bot.messages.reply import EventBlock
from bot.platforms.discord import channel_access, limits, markdown, render
from bot.platforms.discord.channel_access import compute_permissions
from bot.platforms.discord.client import INVALID_BODY, DiscordApi
from bot.platforms.discord.manifest import NEEDED
from bot.platforms.discord.markdown import Commands
from bot.platforms.discord.pictures import Files, illustrated, undrawn
from bot.platforms.discord.render import NO_ATTACHMENTS, Attachments, Payload

_UNKNOWN_MESSAGE = 10008


async def find(api: DiscordApi, channel: str, post: Post, me: str, *, is_forum: bool) -> str | None:
    """Return the id of the bot's message that carries the post's tag, if it is among the newest.

    Args:
        me: the bot's own id.
    """
    return await (_find_in_forum(api, post, me) if is_forum else _find_in_room(api, channel, post, me))


async def _find_in_room(api: DiscordApi, channel: str, post: Post, me: str) -> str | None:
    for message in await api.history(channel):
        is_ours = str(message["author"]["id"]) == me
        if is_ours and (message.get("nonce") == post.tag or _has_tag(message, post.tag)):
            return str(message["id"])
    return None


async def _find_in_forum(api: DiscordApi, post: Post, me: str) -> str | None:
    """Return the id of the thread whose first message carries the post's tag, among the bot's newest threads."""
    room, tenant = post.place.room, post.place.tenant or ""
    listed = [t for t in await api.active_threads(tenant) if str(t.get("parent_id")) == room]
    listed += await api.archived_threads(room)
    ours = [t for t in listed if str(t.get("owner_id")) == me]
    wanted = name_forum_post(post)
    ours.sort(key=lambda t: (t.get("name") == wanted, int(t["id"])), reverse=True)
    for thread in ours[: limits.FORUM_LOOKS]:
        ref = str(thread["id"])
        try:
            first = await api.message(ref, ref)
        except discord.NotFound as trouble:
            if trouble.code != _UNKNOWN_MESSAGE:
                raise
            continue
        if _has_tag(first, post.tag):
            return ref
    return None


def _has_tag(message: Payload, tag: str) -> bool:
    buttons = (button for row in message.get("components") or [] for button in row.get("components") or [])
    return any(str(button.get("custom_id") or "").endswith(f"~{tag}") for button in buttons)


log = logging.getLogger(__name__)

UNKNOWN_MESSAGE, NO_TEXT, THREAD_EXISTS = 10008, 50008, 160004

_GONE = {
    10003: "I can't find the channel. Choose another one for the group.",
    10004: "I'm no longer in this server. Invite me again.",
    50001: "I can't see the channel. Give me View Channel there.",
    50007: "This person doesn't accept direct messages from me. They can allow them in the server's privacy settings.",
    50013: "I can't post in the channel. Give me Send Messages and Send Messages in Threads there.",
    40067: "The forum requires a tag on every post. Turn off “Require people to select tags when posting” there.",
}

_LEFT = {
    10013: "This person is no longer on Discord.",
    50278: "This person no longer shares a server with me.",
}

_CLOSED = {
    50083: "The thread is locked. A moderator can unlock it.",
    160005: "The thread is locked. A moderator can unlock it.",
    160006: "The server has reached Discord's limit of active threads. Archive some.",
}

"""Codes that only concern the thread, not its channel."""

_UNFIT = {
    200000: "The server's AutoMod blocks my message. Exempt my role from that rule.",
    200001: "The server's AutoMod blocks the title. Exempt my role from that rule.",
}

_SLOW_DOWN = {20016: 30.0, 20028: 10.0, 40003: 60.0}

"""Codes that ask to wait, in seconds: slow mode, writing too fast, opening direct messages too fast."""

_AWAY_S = 15.0

_FOR_THREADS = ("create_public_threads", "send_messages_in_threads", "read_message_history")

"""The permissions without which Discord opens no thread on a message for a bot, or lets it say nothing there."""


async def deliver(api: DiscordApi, post: Post, again: bool, me: str) -> Sent:
    """Carry out one post.

    Args:
        again: an earlier attempt may have arrived, so look for it first.
        me: the bot's own id.
    """
    try:
        with translate_errors(sends=post.action == "post"):
            if (happening := find_event(post)) is not None:
                return await deliver_event(api, post, happening, again, me)
            channel = await _find_channel(api, post)
            if post.action != "post":
                return await _change(api, post, channel)
            is_forum = await _is_forum(api, post, asks=again or post.sent_ref is not None)
            is_sought = again and post.sent_ref is None
            earlier = await find(api, channel, post, me, is_forum=is_forum) if is_sought else None
            try:
                ref = post.sent_ref or earlier or await _send(api, channel, post, is_forum=is_forum, is_plain=again)
            except discord.HTTPException as trouble:
                if trouble.code != NO_TEXT or is_forum or not await _is_forum(api, post, asks=True):
                    raise
                is_forum, ref = True, await _send(api, channel, post, is_forum=True, is_plain=again)
            was_there = earlier is not None
            if is_forum:
                return Sent(ref, ref, was_there)
    except Gone as gone:
        if post.place.thread and await _sees(api, post.place.room):
            raise ThreadGone(_explain_refusal(gone)) from gone
        raise
    if not post.thread_title or post.place.is_direct or post.place.thread:
        return Sent(ref, None, was_there)
    return Sent(ref, await _open_thread(api, channel, ref, post.thread_title, me), was_there)


async def _find_channel(api: DiscordApi, post: Post) -> str:
    if (reader := post.place.reader) is not None:
        return await api.open_direct(reader)
    return post.place.thread or post.place.room


async def _sees(api: DiscordApi, channel: str) -> bool:
    try:
        with translate_errors(sends=False):
            await api.channel(channel)
    except Gone:
        return False
    return True


def _explain_refusal(gone: Gone) -> str:
    cause = gone.__cause__
    if isinstance(cause, discord.NotFound):
        return "The thread is gone."
    return "I can't post in the thread. Give me Send Messages in Threads in the channel."


async def _is_forum(api: DiscordApi, post: Post, *, asks: bool) -> bool:
    """Whether the post itself opens a thread.

    Args:
        asks: whether to ask Discord if the kind is unknown; else the channel counts as text until Discord objects.
    """
    if post.place.is_direct or post.place.thread:
        return False
    return await api.is_forum(post.place.room) if asks else bool(api.is_known_forum(post.place.room))


async def _send(api: DiscordApi, channel: str, post: Post, *, is_forum: bool, is_plain: bool) -> str:
    """Send a new post; if Discord refuses its pings, send it without them, because the post matters more.

    Args:
        is_plain: whether to leave out pictures, because they may have broken the first try.
    """
    send = partial(_send_without_pings, api, channel, post, is_forum=is_forum, is_plain=is_plain)
    try:
        return await send(())
    except discord.HTTPException as trouble:
        pinged = render.pings(post.reply)
        if trouble.code != INVALID_BODY or not pinged:
            raise
        log.warning("Discord refuses whom a post notifies, so it goes out without that")
        return await send(pinged)


async def _send_without_pings(
    api: DiscordApi, channel: str, post: Post, spared: Collection[str], *, is_forum: bool, is_plain: bool
) -> str:
    async def give(message: Payload, files: Files) -> str:
        if is_forum:
            return await open_forum_post(api, post, message, files)
        return await api.send(channel, message, files)

    draw = partial(draw_post if is_forum else draw_room_post, post, api.known, spared)
    may_attach = True if post.place.is_direct else api.may_attach(channel)
    is_plain = is_plain or may_attach is False
    pictures = {} if is_plain else await api.gallery.draw_all(post.reply, limits.PICTURES, POST_S)
    return await illustrated(pictures, post.reply, draw, give, may_attach=may_attach)


def draw_post(
    post: Post, commands: Commands, spared: Collection[str] = (), attachments: Attachments = NO_ATTACHMENTS
) -> Payload:
    """Return a post as a message that never notifies everyone; the role of everyone has the server's id.

    Args:
        spared: people and roles that are not notified either.
        attachments: pictures that go with it.
    """
    unpinged = {f"{markdown.ROLE}{post.place.tenant}", *spared}
    return render.message(post.reply, tag=post.tag, commands=commands, spared=unpinged, attachments=attachments)


def draw_room_post(
    post: Post, commands: Commands, spared: Collection[str] = (), attachments: Attachments = NO_ATTACHMENTS
) -> Payload:
    """Return the body of a new post in a channel that is not a forum, with its nonce."""
    message = {**draw_post(post, commands, spared, attachments), "nonce": post.tag, "enforce_nonce": True}
    if post.reply_to:
        message["message_reference"] = {"message_id": post.reply_to, "fail_if_not_exists": False}
    return message


async def _change(api: DiscordApi, post: Post, channel: str) -> Sent:
    """Edit or delete a message; do nothing if somebody has deleted it."""
    assert post.ref is not None
    change = api.delete if post.action == "delete" else partial(_edit, api, post)
    is_forum = await _is_forum(api, post, asks=False)
    try:
        await change(post.ref if is_forum else channel, post.ref)
    except discord.NotFound as trouble:
        if trouble.code != UNKNOWN_MESSAGE:
            raise
        if not is_forum and await _is_forum(api, post, asks=True):
            return await _change(api, post, channel)
    return Sent(post.ref)


async def _edit(api: DiscordApi, post: Post, channel: str, ref: str) -> None:
    def draw(attachments: Attachments) -> Payload:
        return {**draw_post(post, api.known, (), attachments), "allowed_mentions": render.NOBODY}

    standing = await api.standing(channel, ref, post.reply)
    pictures = await api.gallery.draw_all(undrawn(post.reply, standing), limits.PICTURES, POST_S)
    may_attach = True if post.place.is_direct else api.may_attach(channel)
    give = partial(api.edit, channel, ref)
    await illustrated(pictures, post.reply, draw, give, standing=standing, may_attach=may_attach)


async def _open_thread(api: DiscordApi, channel: str, ref: str, title: str, me: str) -> str:
    try:
        with translate_errors(sends=False):
            return await api.open_thread(channel, ref, clip_thread_name(title))
    except (Gone, ThreadGone, Declined, Later, DeliveryUnknown) as trouble:
        raise ThreadFailed(Sent(ref), await _explain_missing_thread(api, channel, trouble, me)) from trouble
    except discord.HTTPException as trouble:
        if trouble.code == THREAD_EXISTS:
            return ref  # a thread has the id of the message that it was opened on
        raise ThreadFailed(Sent(ref), f"Discord refused the thread (code {trouble.code}).") from trouble


async def _explain_missing_thread(
    api: DiscordApi, channel: str, trouble: Gone | ThreadGone | Declined | Later | DeliveryUnknown, me: str
) -> str:
    cause = trouble.__cause__
    if not isinstance(cause, discord.Forbidden) or cause.code not in {50001, 50013}:
        return str(trouble)
    missing = list(_FOR_THREADS)
    with suppress(Gone, Later, discord.HTTPException), translate_errors(sends=False):
        _, held = await channel_access.fetch_permissions(api, channel, me)
        missing = [flag for flag in _FOR_THREADS if not getattr(held, flag)] or missing
    return f"I may not open a thread. Give me {markup.series([NEEDED[flag] for flag in missing])} in the channel."


@contextmanager
def translate_errors(*, sends: bool) -> Iterator[None]:
    """Raise the relay's exception for each error of Discord and the network; other errors pass unchanged.

    Args:
        sends: whether the request may have arrived, so that it must not simply be repeated.
    """
    try:
        yield
    except discord.RateLimited as trouble:
        raise Later(trouble.retry_after) from trouble
    except discord.HTTPException as trouble:
        meaning = _translate(trouble, sends)
        if meaning is None:
            raise
        raise meaning from trouble
    except aiohttp.ClientConnectorError as trouble:
        raise Later(_AWAY_S, "I can't reach Discord") from trouble
    except (aiohttp.ClientError, OSError) as trouble:
        raise (
            DeliveryUnknown("the connection broke") if sends else Later(_AWAY_S, "the connection broke")
        ) from trouble


def _translate(
    trouble: discord.HTTPException, sends: bool
) -> Gone | ThreadGone | Declined | Later | DeliveryUnknown | None:
    code, status = trouble.code, trouble.status
    if code in {THREAD_EXISTS, UNKNOWN_MESSAGE}:
        return None
    if code in _LEFT:
        return PersonGone(_LEFT[code])
    if code in _GONE:
        return Gone(_GONE[code])
    if code in _CLOSED:
        return ThreadGone(_CLOSED[code])
    if code in _UNFIT:
        return Declined(_UNFIT[code])
    if code in _SLOW_DOWN or status == 429:
        return Later(_SLOW_DOWN.get(code, 60.0))
    if status >= 500:
        away = "Discord reports an internal error"
        return DeliveryUnknown(away) if sends else Later(_AWAY_S, away)
    if status in {403, 404}:
        return Gone(f"Discord refuses this channel (code {code}). Check my permissions there.")
    return TokenRejected() if status == 401 else None


async def open_forum_post(api: DiscordApi, post: Post, message: Payload, files: Files) -> str:
    """Open a thread with the message in it and return the id of both."""
    return await api.open_post(post.place.room, name_forum_post(post), message, files)


def name_forum_post(post: Post) -> str:
    """Return the thread's name: the post's thread title, else its title, else its first line."""
    title = post.thread_title or markup.flat(markup.inline(post.reply.title)) or post.reply.plain(prefix="/")
    return clip_thread_name(title.strip().split("\n", 1)[0])


def clip_thread_name(title: str) -> str:
    """Return a title that Discord accepts as a thread's name."""
    return markup.clip(" ".join(markup.clean(title).split()), limits.THREAD_NAME) or "Thread"


_SERVER_ONLY, _ELSEWHERE = 2, 3
"""Who may see an event, and what kind it is: neither in a voice channel nor on a stage."""
_NO_EVENT = ""
"""Stands for the id of an event that was not made."""


def find_event(post: Post) -> EventBlock | None:
    """Return the event that a post lists; None for an ordinary message."""
    match post.reply.blocks:
        case (*_, EventBlock() as happening) if not post.reply.title and not post.reply.all_buttons:
            return happening
    return None


async def deliver_event(api: DiscordApi, post: Post, happening: EventBlock, again: bool, me: str) -> Sent:
    """Create, change or remove a server's scheduled event, which complements the post of a live session.

    If the bot may not create events, or not everybody sees the group's channel, it creates none and reports nothing.
    It also leaves alone an event that somebody has removed.

    Args:
        again: an earlier attempt may have arrived, so look for it first.
        me: the bot's own id.
    """
    guild = post.place.tenant or ""
    try:
        if post.action == "post":
            if not await _is_event_allowed(api, post.place, me):
                return Sent(_NO_EVENT)
            body = _draw_event(post.place, happening)
            event = await _find_event(api, guild, body, me) if again else None
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
    return Sent(post.ref or _NO_EVENT)


async def _is_event_allowed(api: DiscordApi, place: Place, me: str) -> bool:
    """Whether the bot may create events and everybody sees the group's channel, which the event names."""
    guild, channel = await api.guild(place.tenant or ""), await api.channel(place.room)
    member = await api.member(place.tenant or "", me)
    held = compute_permissions(guild, {}, member, me)
    everybody = compute_permissions(guild, channel, {}, "")
    return (held.create_events or held.manage_events) and everybody.view_channel


async def _find_event(api: DiscordApi, guild: str, body: Payload, me: str) -> str | None:
    """Return the id of the event that an earlier attempt has created."""
    parse = discord.utils.parse_time
    for event in await api.events(guild):
        is_mine = str(event.get("creator_id")) == me and event.get("name") == body["name"]
        if is_mine and parse(event["scheduled_start_time"]) == parse(body["scheduled_start_time"]):
            return str(event["id"])
    return None


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
