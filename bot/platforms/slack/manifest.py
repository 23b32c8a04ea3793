"""The Slack app's manifest: its command, events and scopes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.commands.command import Command
from bot.commands.registry import Registry
from bot.platforms.slack.decode import menu_id

COMMAND = "/study"

SCOPES = {
    "app_mentions:read": "read mentions",
    "channels:history": "check if a post is already in a channel",
    "channels:join": "join the public channel of a group",
    "channels:read": "check a channel before a group uses it",
    "chat:write": "post",
    "commands": f"offer {COMMAND}",
    "im:history": "read direct messages to the bot",
    "im:write": "send reminders to members who turned them on",
    "users:read": "read a member's name, time zone and admin role",
}
"""Required scopes, each with its reason."""

PRIVATE_SCOPES = {
    "groups:history": "check if a post is already in a private channel",
    "groups:read": "check a private channel before a group uses it",
}
"""Additional scopes for private channels."""

PICTURE_SCOPES = {"files:write": "show figures from notes, and export questions as a file"}
"""Optional scope; without it figures are words."""

FILE_SCOPES = {"files:read": "read a file: a note, a course or a picture"}
"""Optional scope; without it notes must be typed."""

ALL_SCOPES = sorted({**SCOPES, **PRIVATE_SCOPES, **PICTURE_SCOPES, **FILE_SCOPES})
EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH = "/slack/events", "/slack/install", "/slack/oauth_redirect"
"""Paths for Slack's requests and for people who install the app, when the bot is served over HTTP."""

UNARCHIVED = ("channel_unarchive", "group_unarchive")
THREADS = ("message.channels", "message.groups")
"""Events for all channel messages, so that a follow-up in an answer's thread needs no mention."""
EVENTS = ("app_home_opened", "app_mention", "message.im", *THREADS, "member_joined_channel", *UNARCHIVED)
LEAVING = ("app_uninstalled", "tokens_revoked")
"""Events that end an installation; Socket Mode does not need them."""

DESCRIPTION = "Guides a study group through a course, week by week"
LONG_DESCRIPTION = (
    "Trailmate guides a study group through a course, one unit a week. It posts each unit with an exercise and a topic "
    "to discuss. Members check in with one line, keep a streak, and get reminders if they want them. "
    "It answers questions from curated notes and the group's own notes, and shows its sources. "
    "If the notes don't cover a question, it says so. The Home tab shows your progress in each of your groups. It "
    "only reads messages to it and the threads of its own answers."
)
"""The app's descriptions; Slack requires 175 to 4,000 characters for the long one."""


def manifest(registry: Registry, public_url: str | None = None, *, is_shared: bool = False) -> str:
    """Return the app manifest as JSON, to paste at api.slack.com/apps, Create New App, From a manifest.

    Args:
        public_url: where Slack reaches the bot; without it the bot dials out, by Socket Mode.
        is_shared: whether other workspaces can install the app.
    """
    at = public_url or ""
    asked = {"request_url": f"{at}{EVENTS_PATH}"} if public_url else {}
    events = (*EVENTS, *LEAVING) if is_shared else EVENTS
    ways = {"redirect_urls": [f"{at}{REDIRECT_PATH}"]} if is_shared else {}
    suggested = {"message_menu_options_url": f"{at}{EVENTS_PATH}"} if public_url else {}
    return json.dumps(
        {
            "display_information": {
                "name": "Trailmate",
                "description": DESCRIPTION,
                "long_description": LONG_DESCRIPTION,
                "background_color": "#1f3d2b",
            },
            "features": _describe_features(registry, {"url": f"{at}{EVENTS_PATH}"} if public_url else {}),
            "oauth_config": {**ways, "scopes": {"bot": ALL_SCOPES}},
            "settings": {
                "event_subscriptions": {**asked, "bot_events": list(events)},
                "interactivity": {"is_enabled": True, **asked, **suggested},
                "org_deploy_enabled": False,
                "socket_mode_enabled": not public_url,
                "token_rotation_enabled": False,
            },
        },
        indent=2,
    )


def _describe_features(registry: Registry, address: Mapping[str, str]) -> dict[str, Any]:
    """Return the manifest's features.

    Args:
        address: the command's URL as a manifest entry; empty in Socket Mode.
    """
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Trailmate", "always_online": True},
        "shortcuts": [
            *(_describe_shortcut(c, "global", c.title) for c in registry.shortcuts),
            *(_describe_shortcut(c, "message", c.on_message.label) for c in registry.on_message if c.on_message),
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                **address,
                "description": "Check in, ask, see the unit. On its own: help",
                "usage_hint": "checkin 45 read two papers",
                "should_escape": True,
            }
        ],
    }


def _describe_shortcut(command: Command, kind: str, name: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": menu_id(command), "description": command.summary}
