"""The Slack app as Slack is told of it: its command, events and the few scopes that it needs."""

from __future__ import annotations

import json

from bot.core.registry import Registry
from bot.platforms.slack.decode import menu_id

COMMAND = "/study"

SCOPES = {
    "app_mentions:read": "hear a mention",
    "channels:history": "look whether a post already stands in a channel",
    "channels:join": "join a public channel that a cohort was given",
    "channels:read": "check a channel before a cohort uses it",
    "chat:write": "post",
    "commands": f"offer {COMMAND}",
    "im:history": "read what members write to it directly",
    "im:write": "send reminders to those who want them",
    "users:read": "know a member's name, time zone and whether they administer the workspace",
}
"""What the app cannot do without, each with its reason."""

PRIVATE_SCOPES = {
    "groups:history": "look whether a post already stands in a private channel",
    "groups:read": "check a private channel before a cohort uses it",
}
"""What private channels need besides."""

PICTURE_SCOPES = {"files:write": "show the figures of notes"}
"""What the app can do without: figures are words then."""

FILE_SCOPES = {"files:read": "take a file that a note is made of"}
"""What it can do without: notes are typed then."""

UNARCHIVED = ("channel_unarchive", "group_unarchive")
THREADS = ("message.channels", "message.groups")
"""Whatever is said in channels, so that a follow-up in the thread of an answer needs no mention."""
EVENTS = ("app_mention", "message.im", *THREADS, "member_joined_channel", *UNARCHIVED)


def manifest(registry: Registry) -> str:
    """Return the app manifest as JSON, to be pasted at api.slack.com/apps, Create New App, From a manifest."""
    return json.dumps(
        {
            "display_information": {
                "name": "Trailmate",
                "description": "Takes a study group through its roadmap, week by week",
                "background_color": "#1f3d2b",
            },
            "features": {
                "app_home": {
                    "home_tab_enabled": False,
                    "messages_tab_enabled": True,
                    "messages_tab_read_only_enabled": False,
                },
                "bot_user": {"display_name": "Trailmate", "always_online": True},
                "shortcuts": [
                    {"name": c.on_message.label, "type": "message", "callback_id": menu_id(c), "description": c.summary}
                    for c in registry.on_message
                    if c.on_message is not None
                ],
                "slash_commands": [
                    {
                        "command": COMMAND,
                        "description": "Check in, ask, see the topic; alone it is help",
                        "usage_hint": "checkin 45 read two papers",
                        "should_escape": True,
                    }
                ],
            },
            "oauth_config": {"scopes": {"bot": sorted({**SCOPES, **PRIVATE_SCOPES, **PICTURE_SCOPES, **FILE_SCOPES})}},
            "settings": {
                "event_subscriptions": {"bot_events": list(EVENTS)},
                "interactivity": {"is_enabled": True},
                "org_deploy_enabled": False,
                "socket_mode_enabled": True,
                "token_rotation_enabled": False,
            },
        },
        indent=2,
    )
