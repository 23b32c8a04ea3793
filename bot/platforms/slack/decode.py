"""What Slack's payloads say: who, where and what. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.commands.command import Command
from bot.commands.context import Place
from bot.commands.parameter_types import FOR_ONE, Kind
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.platforms.slack import limits, signed_state
from bot.understanding import hearing
from bot.understanding.hearing import Way

Payload = Mapping[str, Any]
Ack = Callable[..., Awaitable[Any]]
Origin = Literal["slash", "click", "message"]
METADATA = limits.METADATA - signed_state.LENGTH
"""Characters of private_metadata, less its seal."""

UNREADABLE = Call("?")
"""Stands for a button that this version cannot read; no command has this name."""

AMENDED_S = 60
"""How long after a message was said an edit of it, such as a mention put in, still says it."""
_SAID = {None, "file_share", "thread_broadcast"}
_REFERENCE = re.compile(r"<([@#])([A-Z0-9]+)(?:\|([^>]*))?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(\|[^>]*)?>")
"""A user group, which is what a role is elsewhere."""
_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>\s]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Route:
    """The ways back to whoever asked.

    Args:
        origin: what kind of event it was.
        channel: Slack's id of the conversation, also of a direct one.
        user: Slack's id of the person.
        room: as in Place.
        thread: the thread that the event stands in, and so does a private answer.
        reply_in: the thread that a public answer belongs into, which may have to be begun.
        url: the response_url, if any.
        clicked: the id of the message whose button was clicked.
        is_shared: whether others read that message too.
    """

    origin: Origin
    channel: str
    user: str
    room: str
    thread: str | None = None
    reply_in: str | None = None
    url: str = ""
    clicked: str = ""
    is_shared: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether only the person and the bot read there."""
        return self.room.startswith("@")

    def place(self, team: str) -> Place:
        """Return the Place that commands see."""
        return Place("slack", team, self.room, self.thread)


def name_of(body: Payload) -> str:
    """Return the name that the payload itself gives, for when users.info does not answer."""
    user = body.get("user")
    if isinstance(user, dict):
        return str(user.get("name") or user.get("username") or "")
    return str(body.get("user_name") or "")


def key_of(body: Payload) -> str:
    """Return the inbox key of a slash command, click or submission: the same for a view sent twice as it is."""
    view = body.get("view") or {}
    if body.get("type") == "view_submission" and view.get("id"):
        filled = json.dumps(view.get("state"), sort_keys=True)
        return f"slack:{view['id']}:{hashlib.sha256(filled.encode()).hexdigest()[:24]}"
    return f"slack:{body['trigger_id']}"


def is_nowhere(body: Payload) -> bool:
    """Whether a click was made in no conversation, so that what it brings up belongs in front of it."""
    return "view" in body or body.get("type") == "shortcut"


def message_key(team: str, event: Payload) -> str:
    """Return the inbox key of a message: the same for `message` and `app_mention`."""
    return f"slack:{team}:{event['channel']}:{event['ts']}"


def instant(ts: str) -> datetime:
    """Return the time in a message's id."""
    return datetime.fromtimestamp(float(ts), UTC)


def direct_route(user: str) -> Route:
    """Return the ways back to a person alone, where nothing is known of how an event began."""
    return Route("message", user, user, f"@{user}")


def slash_route(body: Payload) -> Route:
    """Return the ways back to a slash command."""
    channel, user = str(body["channel_id"]), str(body["user_id"])
    return Route("slash", channel, user, _room(channel, user), url=str(body.get("response_url") or ""))


def menu_route(body: Payload) -> Route:
    """Return the ways back to a click in a menu: of a message, or of shortcuts, which stand in no room."""
    user = str(body["user"]["id"])
    if "channel" not in body:
        return direct_route(user)
    channel = str(body["channel"]["id"])
    return Route("slash", channel, user, _room(channel, user), url=str(body.get("response_url") or ""))


def upon(registry: Registry, body: Payload) -> Call | None:
    """Return the Call of a click in the menu of a message, or in that of shortcuts, named by its command."""
    message, is_shortcut = body.get("message") or {}, body.get("type") == "shortcut"
    offered = registry.shortcuts if is_shortcut else registry.on_message
    command = next((c for c in offered if menu_id(c) == body.get("callback_id")), None)
    if command is None:
        return None
    if is_shortcut:
        return command.ask()
    said = _REFERENCE.sub(lambda f: f[1] + (f[3] or f[2]), spelled(str(message.get("text") or "")))
    return command.upon(said, "" if message.get("bot_id") else str(message.get("user") or ""))


def menu_id(command: Command) -> str:
    """Return how Slack calls the way to a command from a menu."""
    return command.name.replace(" ", "_")


def click_route(body: Payload) -> Route:
    """Return the ways back to a click."""
    container, message = body.get("container") or {}, body.get("message") or {}
    user = str(body["user"]["id"])
    if container.get("type") == "view":
        return direct_route(user)
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or user)
    clicked = str(container.get("message_ts") or message.get("ts") or "")
    thread = container.get("thread_ts") or message.get("thread_ts")
    thread = str(thread) if thread and thread != clicked else None
    is_post = "~" in str(body["actions"][0].get("action_id"))
    url, room = str(body.get("response_url") or ""), _room(channel, user)
    # what a post brings up is talked about below it
    below = clicked if is_post and not room.startswith("@") else None
    is_shared = not (container.get("is_ephemeral") or room.startswith("@"))
    return Route("click", channel, user, room, thread, thread or below, url, clicked, is_shared)


def message_route(event: Payload) -> Route:
    """Return the ways back to a message: into its thread, or into the direct conversation."""
    channel, user = str(event["channel"]), str(event["user"])
    thread = str(event["thread_ts"]) if event.get("thread_ts") else None
    is_direct = event.get("channel_type") == "im"
    room = f"@{user}" if is_direct else _room(channel, user)
    return Route("message", channel, user, room, thread, thread if room.startswith("@") else thread or str(event["ts"]))


def _room(channel: str, user: str) -> str:
    return f"@{user}" if channel.startswith("D") else channel


def is_said(event: Payload) -> bool:
    """Whether an event is something that a person has just said, rather than a bot, a late edit or a notice."""
    if not (event.get("user") and event.get("ts") and event.get("channel")):
        return False
    if event.get("bot_id") or event.get("hidden") or event.get("subtype") not in _SAID:
        return False
    return not event.get("edited") or 0 <= float(event["edited"]["ts"]) - float(event["ts"]) <= AMENDED_S


def mended(event: Payload, bot_user: str) -> Payload | None:
    """Return the message that an edit has made one to the bot; None if it named the bot before, or does not now."""
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    me = f"<@{bot_user}"
    if event.get("subtype") != "message_changed" or me not in str(now.get("text")) or me in str(before.get("text")):
        return None
    return {**now, "channel": event.get("channel"), "channel_type": event.get("channel_type")}


def file_of(event: Payload) -> tuple[str, str]:
    """Return the address and the name of the first file that came with a message, or nothing twice."""
    found: Payload = next((one for one in event.get("files") or () if one.get("permalink")), {})
    link = str(found.get("permalink") or "")
    ending = FOR_ONE if link and event.get("channel_type") == "im" else ""
    return link + ending, str(found.get("name") or found.get("title") or "a file")


def spelled(text: str) -> str:
    """Return a line without Slack's own escapes and links; its references stay."""
    said = _LINK.sub(lambda found: found[1].removeprefix("mailto:").removeprefix("tel:"), text)
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_text(registry: Registry, text: str, bot_user: str, way: Way, *, follows: bool = False) -> Call:
    """Return the Call of a line as Slack sends it: with its own escapes, links and references.

    Args:
        follows: whether it is said to an answer; a line to the bot alone always may be.
    """
    said = spelled(text)
    me = re.compile(rf"(?<![ ,:])[ ,:]*<@{re.escape(bot_user)}(?:\|[^>]*)?>[ ,:]*") if bot_user else None
    call = hearing.hear(registry, said, way, me, follows=follows or way == "direct")
    command = registry.find(call.name)
    args = {}
    for key, value in call.args.items():
        param = command.param(key) if command else None
        is_reference = param is not None and (param.kind in {Kind.MEMBER, Kind.ROOM} or param.says.mentions)
        args[key] = (
            _GROUP.sub(r"<@&\1\2>", value) if is_reference else _REFERENCE.sub(lambda f: f[1] + (f[3] or f[2]), value)
        )
    return Call(call.name, args, call.cohort, call.ask)


def clicked_call(body: Payload) -> Call | None:
    """Return the Call of a click; None for a button that only opens a page."""
    value = body["actions"][0].get("value")
    if value is None:
        return None
    try:
        return Call.unpack(str(value))
    except ValueError:
        return UNREADABLE


def pack_metadata(call: Call, route: Route) -> str:
    """Return what a form's view carries: its Call and the ways back; the response_url goes first if it is too long."""

    def packed(route: Route) -> str:
        return json.dumps({"v": 1, "call": call.pack(), "route": asdict(route)}, separators=(",", ":"))

    whole = packed(route)
    if len(whole) > METADATA:
        whole = packed(Route(**{**asdict(route), "url": ""}))
    if len(whole) > METADATA:
        raise ValueError("the form carries more than a view holds")
    return whole


def read_metadata(text: str) -> tuple[Call, Route]:
    """Read what `pack_metadata` wrote; anything else raises ValueError."""
    try:
        data = json.loads(text)
        route = data["route"]
        is_shared = route.pop("is_post", False) or route.get("is_shared", False)  # its name in older forms
        return Call.unpack(data["call"]), Route(**{**route, "is_shared": is_shared})
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("a form of an unknown version") from error
