"""The manifest asks for what the adapter uses, and for no more."""

from __future__ import annotations

import json

from bot.catalogue import registry
from bot.platforms.slack.manifest import COMMAND, EVENTS, FILE_SCOPES, PICTURE_SCOPES, PRIVATE_SCOPES, SCOPES, manifest
from bot.platforms.slack.text import PREFIX


def test_the_manifest_is_complete_and_asks_for_little() -> None:
    app = json.loads(manifest(registry()))
    scopes = app["oauth_config"]["scopes"]["bot"]
    assert scopes == sorted({*SCOPES, *PRIVATE_SCOPES, *PICTURE_SCOPES, *FILE_SCOPES})
    assert not any("admin" in s for s in scopes)
    assert app["settings"]["socket_mode_enabled"] and app["settings"]["interactivity"]["is_enabled"]
    assert app["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    (command,) = app["features"]["slash_commands"]
    assert command["command"] == COMMAND == PREFIX.strip() and command["should_escape"]
    assert app["features"]["app_home"]["messages_tab_enabled"]
    assert len(app["display_information"]["description"]) <= 140
