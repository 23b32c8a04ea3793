"""Decode Slack's payloads: who, where and what, and which answer an event continues. Pure.

An event concerns two workspaces: the one that installed the bot, and the person's own. They differ in a channel that
several workspaces share; the channel's own may be a third.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.commands.command import Command
from bot.commands.context import ConversationRef, Place
from bot.commands.parameter_types import FOR_ONE, Kind
from bot.commands.registry import Registry
from bot.messages.call import Call, turn_on
from bot.platforms.slack import limits
from bot.understanding import intents
from bot.understanding.intents import Way

SEAL_LENGTH = 22
"""Characters of a seal: 16 bytes in base64, unpadded."""


class StateSigner:
    """Signs and verifies texts with a key derived from a secret.

    Args:
        secret: the same in every process of the app, such as its token.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"trailmate view:" + secret.encode()).digest()

    def close(self, text: str) -> str:
        """Return the text with its seal before it."""
        return self._seal(text) + text

    def open(self, closed: str) -> str:
        """Return the text that `close` signed; raise ValueError for any other input."""
        text = closed[SEAL_LENGTH:]
        if not hmac.compare_digest(closed[:SEAL_LENGTH].encode(errors="replace"), self._seal(text).encode()):
            raise ValueError("the seal is not ours")
        return text

    def _seal(self, text: str) -> str:
        digest = hmac.new(self._key, text.encode(errors="replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


Payload = Mapping[str, Any]
Ack = Callable[..., Awaitable[Any]]
Origin = Literal["slash", "click", "message"]
METADATA = limits.METADATA - SEAL_LENGTH
"""Characters of private_metadata without its seal."""

UNREADABLE = Call("?")
"""Stands for a button that this version cannot read; no command has this name."""

AMENDED_S = 60
"""How long after a message its edit still counts as the message, for example to add a mention."""
_SAID = {None, "file_share", "thread_broadcast"}
_REFERENCE = re.compile(r"<([@#])([A-Z0-9]+)(?:\|([^>]*))?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(\|[^>]*)?>")
"""A user group, Slack's counterpart of a role."""
_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>\s]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Route:
    """Where and how to answer an event.

    Args:
        origin: what kind of event it was.
        channel: Slack's id of the conversation, also of a direct one.
        user: Slack's id of the person.
        room: as in Place.
        thread: the thread of the event, which also takes a private answer.
        reply_in: the thread for a public answer, which may not exist yet.
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
    """Return the name in the payload, for when users.info fails."""
    user = body.get("user")
    if isinstance(user, dict):
        return str(user.get("name") or user.get("username") or "")
    return str(body.get("user_name") or "")


def key_of(body: Payload) -> str:
    """Return the event key of a slash command, click or submission; an unchanged view keeps its key."""
    view = body.get("view") or {}
    if body.get("type") == "view_submission" and view.get("id"):
        filled = json.dumps(view.get("state"), sort_keys=True)
        return f"slack:{view['id']}:{hashlib.sha256(filled.encode()).hexdigest()[:24]}"
    return f"slack:{body['trigger_id']}"


def is_nowhere(body: Payload) -> bool:
    """Whether a click was made outside a conversation, so that its answer opens as a modal."""
    return "view" in body or body.get("type") == "shortcut"


def message_key(team: str, event: Payload) -> str:
    """Return the event key of a message: the same for `message` and `app_mention`."""
    return f"slack:{team}:{event['channel']}:{event['ts']}"


def instant(ts: str) -> datetime:
    """Return the time in a message's id."""
    return datetime.fromtimestamp(float(ts), UTC)


def direct_route(user: str) -> Route:
    """Return the route to a person's direct messages."""
    return Route("message", user, user, f"@{user}")


def slash_route(body: Payload) -> Route:
    """Return the route of a slash command."""
    channel, user = str(body["channel_id"]), str(body["user_id"])
    return Route("slash", channel, user, _choose_room(channel, user), url=str(body.get("response_url") or ""))


def menu_route(body: Payload) -> Route:
    """Return the route of a click in a message's menu or among the shortcuts, which have no room."""
    user = str(body["user"]["id"])
    if "channel" not in body:
        return direct_route(user)
    channel = str(body["channel"]["id"])
    return Route("slash", channel, user, _choose_room(channel, user), url=str(body.get("response_url") or ""))


def upon(registry: Registry, body: Payload) -> Call | None:
    """Return the Call of a click in a message's menu or among the shortcuts; None if no command matches."""
    message, is_shortcut = body.get("message") or {}, body.get("type") == "shortcut"
    offered = registry.shortcuts if is_shortcut else registry.on_message
    command = next((c for c in offered if body.get("callback_id") in _list_menu_ids(c)), None)
    if command is None:
        return None
    if is_shortcut:
        return command.ask()
    text = _REFERENCE.sub(lambda f: f[1] + (f[3] or f[2]), spelled(str(message.get("text") or "")))
    return command.upon(text, "" if message.get("bot_id") else str(message.get("user") or ""))


def _list_menu_ids(command: Command) -> list[str]:
    """Return the callback ids of a command, as every manifest of it had them."""
    return [menu_id(command), *(former.name.replace(" ", "_") for former in command.formerly)]


def menu_id(command: Command) -> str:
    """Return the callback id of a command's menu entry."""
    return command.name.replace(" ", "_")


def click_route(body: Payload) -> Route:
    """Return the route of a click on a button."""
    container, message = body.get("container") or {}, body.get("message") or {}
    user = str(body["user"]["id"])
    if container.get("type") == "view":
        return direct_route(user)
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or user)
    clicked = str(container.get("message_ts") or message.get("ts") or "")
    thread = container.get("thread_ts") or message.get("thread_ts")
    thread = str(thread) if thread and thread != clicked else None
    is_post = "~" in str(body["actions"][0].get("action_id"))
    url, room = str(body.get("response_url") or ""), _choose_room(channel, user)
    # answers to a post go into its thread
    below = clicked if is_post and not room.startswith("@") else None
    is_shared = not (container.get("is_ephemeral") or room.startswith("@"))
    return Route("click", channel, user, room, thread, thread or below, url, clicked, is_shared)


def message_route(event: Payload) -> Route:
    """Return the route of a message: its thread, or the direct conversation."""
    channel, user = str(event["channel"]), str(event["user"])
    thread = str(event["thread_ts"]) if event.get("thread_ts") else None
    is_direct = event.get("channel_type") == "im"
    room = f"@{user}" if is_direct else _choose_room(channel, user)
    return Route("message", channel, user, room, thread, thread if room.startswith("@") else thread or str(event["ts"]))


def _choose_room(channel: str, user: str) -> str:
    return f"@{user}" if channel.startswith("D") else channel


def is_said(event: Payload) -> bool:
    """Whether an event is a person's new message, not a bot's, a late edit or a notice."""
    if not (event.get("user") and event.get("ts") and event.get("channel")):
        return False
    if event.get("bot_id") or event.get("hidden") or event.get("subtype") not in _SAID:
        return False
    return not event.get("edited") or 0 <= float(event["edited"]["ts"]) - float(event["ts"]) <= AMENDED_S


def find_added_mention(event: Payload, bot_user: str) -> Payload | None:
    """Return the edited message if the edit added a mention of the bot; None for any other event."""
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    me = f"<@{bot_user}"
    if event.get("subtype") != "message_changed" or me not in str(now.get("text")) or me in str(before.get("text")):
        return None
    return {**now, "channel": event.get("channel"), "channel_type": event.get("channel_type")}


def file_of(event: Payload) -> tuple[str, str]:
    """Return the address and name of a message's first file; two empty strings if it has none."""
    file: Payload = next((item for item in event.get("files") or () if item.get("permalink")), {})
    link = str(file.get("permalink") or "")
    ending = FOR_ONE if link and event.get("channel_type") == "im" else ""
    return link + ending, str(file.get("name") or file.get("title") or "a file")


def spelled(text: str) -> str:
    """Return a line without Slack's escapes and links; references to people and channels stay."""
    plain = _LINK.sub(lambda match: match[1].removeprefix("mailto:").removeprefix("tel:"), text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_text(registry: Registry, text: str, bot_user: str, way: Way, *, follows: bool = False) -> Call:
    """Return the Call of a line with Slack's escapes, links and references.

    Args:
        follows: whether it may follow up an answer; a direct message always may.
    """
    line = spelled(text)
    me = re.compile(rf"(?<![ ,:])[ ,:]*<@{re.escape(bot_user)}(?:\|[^>]*)?>[ ,:]*") if bot_user else None
    call = intents.hear(registry, line, way, me, follows=follows or way == "direct")
    command = registry.find(call.name)
    args = {}
    for key, value in call.args.items():
        param = command.param(key) if command else None
        is_reference = param is not None and (param.kind in {Kind.MEMBER, Kind.ROOM} or param.says.mentions)
        args[key] = (
            _GROUP.sub(r"<@&\1\2>", value) if is_reference else _REFERENCE.sub(lambda f: f[1] + (f[3] or f[2]), value)
        )
    return Call(call.name, args, call.group, call.ask)


def clicked_call(body: Payload) -> Call | None:
    """Return the Call of a click; None for a button that only opens a web page."""
    value = body["actions"][0].get("value")
    if value is None:
        return None
    try:
        return Call.unpack(str(value))
    except ValueError:
        return UNREADABLE


def pack_metadata(call: Call, route: Route) -> str:
    """Return a view's metadata: its Call and route, without the response_url if it would be too long."""

    def packed(route: Route) -> str:
        return json.dumps({"v": 1, "call": call.pack(), "route": asdict(route)}, separators=(",", ":"))

    whole = packed(route)
    if len(whole) > METADATA:
        whole = packed(Route(**{**asdict(route), "url": ""}))
    if len(whole) > METADATA:
        raise ValueError("the form carries more than a view holds")
    return whole


def read_metadata(text: str) -> tuple[Call, Route]:
    """Parse the text of `pack_metadata`; raise ValueError for any other text."""
    try:
        data = json.loads(text)
        route = data["route"]
        is_shared = route.pop("is_post", False) or route.get("is_shared", False)  # its name in older forms
        return Call.unpack(data["call"]), Route(**{**route, "is_shared": is_shared})
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("a form of an unknown version") from error


ENTERPRISE = "E"
"""First letter of the id of an organisation with several workspaces."""
_PARTS = ("view", "message", "container", "channel", "team", "user")
_ACTS = ("block_actions", "block_suggestion", "shortcut", "message_action", "view_submission", "view_closed")
_MESSAGES = ("message", "app_mention")


def tenant_of(body: Payload) -> str:
    """Return the workspace whose installation received a request; "" if it is not named.

    It looks at the view, then at the event's authorizations, then at the clicked message's workspace. The event's own
    `team_id` is last, because in a shared channel it may be the other workspace.
    Source: https://docs.slack.dev/apis/events-api (authorizations), https://docs.slack.dev/apis/slack-connect,
    November 2026; bolt's `extract_team_id` looks in the same order.
    """
    view, team = body.get("view"), body.get("team")
    if isinstance(view, Mapping) and view.get("app_installed_team_id"):
        return str(view["app_installed_team_id"])
    for installation in body.get("authorizations") or ():
        if installation.get("team_id"):
            return str(installation["team_id"])
    if isinstance(team, Mapping) and team.get("id"):
        return str(team["id"])
    return str(body.get("context_team_id") or body.get("team_id") or _within(view, body.get("user")) or "")


def _within(view: Any, user: Any) -> str | None:
    """Return the workspace of a click in an app that a whole organisation has installed."""
    return next((item["team_id"] for item in (view, user) if isinstance(item, Mapping) and item.get("team_id")), None)


def home_of(body: Payload) -> str:
    """Return the workspace of the person who caused an event; "" if the event does not say.

    Slack may name a person's organisation instead. The workspace then stands beside it, or comes from `users.info`.
    """
    event, user = body.get("event") or {}, body.get("user")
    if event:
        team = str(event.get("user_team") or event.get("team") or "")
    elif isinstance(user, Mapping):
        team = str(user.get("team_id") or "")
    else:
        team = str(body.get("team_id") or "")
    if not team.startswith(ENTERPRISE):
        return team
    known = {body.get("enterprise_id"): body.get("team_id"), body.get("context_enterprise_id"): tenant_of(body)}
    return str(known.get(team) or team)


def is_whole(body: Payload) -> bool:
    """Whether a request has the parts that are needed to answer it, each of the right type."""
    if any(not isinstance(body.get(part) or {}, Mapping) for part in _PARTS):
        return False
    if not _are_mappings(body.get("authorizations") or []):
        return False
    if "command" in body:
        return all(body.get(part) for part in ("channel_id", "user_id"))
    if "event" in body:
        return _is_event(body["event"])
    if body.get("type") in _ACTS:
        return _is_act(body)
    return True


def _is_event(event: Any) -> bool:
    if not isinstance(event, Mapping) or not isinstance(event.get("type"), str):
        return False
    return event["type"] not in _MESSAGES or all(isinstance(event.get(part), str) for part in ("channel", "ts"))


def _is_act(body: Payload) -> bool:
    user, kind, actions, channel = (body.get(part) for part in ("user", "type", "actions", "channel"))
    if not user or not isinstance(user.get("id"), str) or (channel and not channel.get("id")):
        return False
    if kind in ("view_submission", "view_closed"):
        return bool(body.get("view"))
    return kind != "block_actions" or (bool(actions) and _are_mappings(actions))


def _are_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def strand_of(body: Payload, route: Route) -> ConversationRef:
    """Return the conversation that an event continues, and where its answer will stand."""
    turn = turn_on(_calls(body.get("message")))
    if route.thread is not None:
        return ConversationRef(turn)
    return ConversationRef(turn, route.reply_in, begins=route.origin == "message" and route.reply_in is not None)


def _calls(drawn: Any) -> Iterator[Call]:
    if isinstance(drawn, list):
        for child in drawn:
            yield from _calls(child)
    elif isinstance(drawn, Mapping):
        packed = drawn.get("value")
        if isinstance(packed, str):
            with suppress(ValueError):
                yield Call.unpack(packed)
        for inside in ("blocks", "elements", "accessory", "options"):
            yield from _calls(drawn.get(inside))
