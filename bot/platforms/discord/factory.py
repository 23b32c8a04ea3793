"""Open Discord as the settings say."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Protocol

from pydantic import SecretStr

from bot.chat.platform import LiveCheck, ManifestIncomplete, ManifestOptions, Platform, PlatformServices
from bot.chat.shards import WantedShards
from bot.commands.registry import Registry

NAME = "discord"
MANIFEST_NEEDS_SDK = True
"""Whether `render_manifest` imports the SDK."""
LIVE_CHECK = LiveCheck(
    link=re.compile(r"https://(?:\w+\.)?discord(?:app)?\.com/channels/(?P<tenant>\d+)/(?P<room>\d+)"),
    looks=(
        "The first message has a picture, a table, a button and a thread.",
        "Its picture now says “2 of 2”, after the edit. If it still says “1 of 2”, Discord kept the old address.",
        "The reply below it pings nobody: no red mark, no sound.",
        "The server's list of events shows “Live check”, tomorrow at this time.",
    ),
    by_hand=(
        "/checkin opens a form within 3 seconds. Send it: the receipt has a picture.",
        "/help is visible only to you. Reload Discord: it may be gone, and that is fine.",
        "/ask shows the notes' answer, and the model's answer replaces it without a jump.",
        "Mention the bot in a thread: it answers there.",
        "Take away Embed Links, Read Message History, Create Events, Attach Files in turn: manage doctor names each.",
        "The bot needs no Add Reactions. Leave it off.",
    ),
    has_events=True,
)


class DiscordSettings(Protocol):
    """The settings that Discord reads."""

    @property
    def discord_token(self) -> SecretStr | None:
        """The bot's token; None leaves Discord out."""

    @property
    def discord_api_url(self) -> str | None:
        """Another base of the REST API."""

    @property
    def discord_gateway_url(self) -> str | None:
        """Another address of the gateway."""

    @property
    def discord_shows_all(self) -> bool:
        """Whether everybody sees moderators' commands."""

    @property
    def discord_shards(self) -> WantedShards:
        """The shards of this process."""


COPY_AGAIN = "Copy the token again from the Developer Portal, page Bot."


def open_platform(settings: DiscordSettings, services: PlatformServices) -> Platform | None:
    """Return the platform, or None if its token is not set; the SDK is imported only if it is needed."""
    if settings.discord_token is None:
        return None
    from bot.platforms.discord.adapter import DiscordPlatform

    return DiscordPlatform(
        settings.discord_token.get_secret_value(),
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        first=services.first,
        shows_all=settings.discord_shows_all,
        shards=settings.discord_shards,
        leases=services.open_leases(NAME, settings.discord_shards),
        report_usable=services.report_usable,
        arrived=services.arrived,
        gallery=services.gallery,
        limiter_store=services.limiter_store,
    )


def describe_settings(settings: DiscordSettings) -> tuple[str, str]:
    """Return in one line for doctor whether Discord is set up, and how to fix it; empty if it needs no fix."""
    if settings.discord_token is None:
        return "Discord: not configured (DISCORD_TOKEN)", ""
    if _read_client_id(settings) is None:
        return "Discord: DISCORD_TOKEN is not a bot token.", COPY_AGAIN
    return "Discord: token set", ""


def render_manifest(settings: DiscordSettings, _registry: Callable[[], Registry], options: ManifestOptions) -> str:
    """Return the invite link; raises ManifestIncomplete."""
    from bot.platforms.discord.manifest import invite_link

    client_id = options.client_id or _read_client_id(settings)
    if client_id is None:
        if settings.discord_token is None:
            raise ManifestIncomplete("Name the application's id with --client-id, or set DISCORD_TOKEN.")
        raise ManifestIncomplete(f"DISCORD_TOKEN is not a bot token. {COPY_AGAIN}")
    return invite_link(client_id)


def _read_client_id(settings: DiscordSettings) -> str | None:
    """Return the application id from the bot token, which begins with it in base64."""
    if settings.discord_token is None:
        return None
    first = settings.discord_token.get_secret_value().split(".")[0]
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded if decoded.isdigit() else None
