"""The manifest asks for what the adapter uses, and for no more."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from bot.chat.platform import unheard, unsaid
from bot.platforms.slack.decode import StateSigner
from bot.platforms.slack.listen import SlackListener
from bot.platforms.slack.manifest import (
    COMMAND,
    EVENTS,
    FILE_SCOPES,
    LEAVING,
    PICTURE_SCOPES,
    PRIVATE_SCOPES,
    SCOPES,
    manifest,
)
from bot.platforms.slack.markdown import PREFIX
from bot.platforms.slack.workspace import Arrivals
from bot.runtime.catalogue import registry
from tools import icon


def test_the_manifest_is_complete_and_asks_for_little() -> None:
    app = json.loads(manifest(registry()))
    scopes = app["oauth_config"]["scopes"]["bot"]
    assert scopes == sorted({*SCOPES, *PRIVATE_SCOPES, *PICTURE_SCOPES, *FILE_SCOPES})
    assert not any("admin" in s for s in scopes)
    assert app["settings"]["socket_mode_enabled"] and app["settings"]["interactivity"]["is_enabled"]
    assert app["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    (command,) = app["features"]["slash_commands"]
    assert command["command"] == COMMAND == PREFIX.strip() and command["should_escape"]
    assert app["features"]["app_home"]["messages_tab_enabled"] and app["features"]["app_home"]["home_tab_enabled"]
    shown = app["display_information"]
    assert len(shown["description"]) <= 140 and 175 <= len(shown["long_description"]) <= 4000
    shortcuts = app["features"]["shortcuts"]
    assert {(shortcut["type"], shortcut["name"]) for shortcut in shortcuts} == {
        ("global", "Check in"),
        ("message", "Ask about this"),
        ("message", "Save as note"),
        ("message", "Say thanks"),
        ("message", "Use in quiz"),
    }
    assert all(len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150 for shortcut in shortcuts)


def test_over_http_slack_is_told_where_and_many_workspaces_where_to_come_back() -> None:
    at = "https://study.example"
    one, many = (json.loads(manifest(registry(), at, is_shared=shared)) for shared in (False, True))
    for app in (one, many):
        settings = app["settings"]
        assert not settings["socket_mode_enabled"] and not settings["org_deploy_enabled"]
        asked = (
            settings["event_subscriptions"]["request_url"],
            *(settings["interactivity"][name] for name in ("request_url", "message_menu_options_url")),
        )
        assert {*asked, app["features"]["slash_commands"][0]["url"]} == {f"{at}/slack/events"}
    assert "redirect_urls" not in one["oauth_config"]
    assert many["oauth_config"]["redirect_urls"] == [f"{at}/slack/oauth_redirect"]
    told = [app["settings"]["event_subscriptions"]["bot_events"] for app in (one, many)]
    assert told == [[*EVENTS], [*EVENTS, *LEAVING]]


def test_the_icon_is_a_square_that_slack_takes() -> None:
    width, height = struct.unpack(">II", icon.DRAWN.read_bytes()[16:24])
    assert width == height == icon.PIXELS and 512 <= width <= 2000
    assert icon.SOURCE.is_file(), "it is drawn from there"


class _App:
    """Notes what a listener registers."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def event(self, name: str) -> Callable[[Any], Any]:
        self.heard.add(name)
        return lambda handler: handler

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *_: lambda handler: handler


def test_what_is_subscribed_is_heard_and_what_is_heard_is_subscribed() -> None:
    app: Any = _App()
    service: Any = SimpleNamespace(registry=registry(), team="T1")
    SlackListener(service, seal=StateSigner("x"), bot_user="U0", directs={}).listen(app)
    Arrivals(service, "T1", "U0", unheard, unsaid).listen(app)
    assert app.heard == {event.split(".")[0] for event in EVENTS}
