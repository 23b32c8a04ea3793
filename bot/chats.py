"""The chat platforms that the settings name, and what carries posts to platforms."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.clock import Clock
from bot.core.picture import Gallery
from bot.core.platform import Arrived, First, Mended, Platform, alone
from bot.db.claim import Check
from bot.db.relay import Relay
from bot.db.work import Database
from bot.features.roadmap.track import Library
from bot.features.schedule.trouble import Trouble
from bot.settings import Settings


def chat_platforms(
    settings: Settings, gallery: Gallery, mended: Mended, arrived: Arrived, first: First = alone
) -> dict[str, Platform]:
    """Return those whose tokens are set; an SDK is read only where it is needed."""
    platforms: dict[str, Platform] = {}
    if settings.discord_token is not None:
        from bot.platforms.discord.adapter import DiscordPlatform

        platforms["discord"] = DiscordPlatform(
            settings.discord_token.get_secret_value(),
            api_url=settings.discord_api_url,
            gateway_url=settings.discord_gateway_url,
            mended=mended,
            arrived=arrived,
            gallery=gallery,
            first=first,
            shows_all=settings.discord_shows_all,
        )
    if settings.slack_bot_token is not None and settings.slack_app_token is not None:
        from bot.platforms.slack.adapter import SlackPlatform

        platforms["slack"] = SlackPlatform(
            settings.slack_bot_token.get_secret_value(),
            settings.slack_app_token.get_secret_value(),
            api_url=settings.slack_api_url,
            mended=mended,
            arrived=arrived,
            gallery=gallery,
        )
    return platforms


def open_relays(
    database: Database,
    library: Library,
    platforms: Mapping[str, Platform],
    clock: Clock,
    checks: Mapping[str, Check],
    owner: str,
) -> dict[str, Relay]:
    """Return a relay for each platform; `owner` is what this process signs its leases with."""
    trouble = Trouble(library)
    return {
        name: Relay(
            database, name, platform.deliver, clock=clock, checks=checks, owner=owner,
            on_trouble=lambda work, row: trouble(work, row, clock.now()), real_now=lambda: database.real_now(),
        )
        for name, platform in platforms.items()
    }  # fmt: skip
