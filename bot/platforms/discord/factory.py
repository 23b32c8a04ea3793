"""Open Discord as the settings say."""

from __future__ import annotations

from typing import Protocol

from pydantic import SecretStr

from bot.chat.platform import Platform, PlatformServices
from bot.chat.shards import Wanted

NAME = "discord"


class DiscordSettings(Protocol):
    """The settings that Discord reads."""

    @property
    def discord_token(self) -> SecretStr | None:
        """The bot's token; None leaves Discord out."""
        ...

    @property
    def discord_api_url(self) -> str | None:
        """Another base of the REST API."""
        ...

    @property
    def discord_gateway_url(self) -> str | None:
        """Another address of the gateway."""
        ...

    @property
    def discord_shows_all(self) -> bool:
        """Whether everybody sees moderators' commands."""
        ...

    @property
    def discord_shards(self) -> Wanted:
        """The shards of this process."""
        ...


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
        sharing=services.open_sharing(NAME, settings.discord_shards),
        mended=services.mended,
        arrived=services.arrived,
        gallery=services.gallery,
        paces=services.paces,
    )


def describe_settings(settings: DiscordSettings) -> str:
    """Return in one line for doctor whether Discord is set up."""
    return "Discord: token set" if settings.discord_token else "Discord: not configured (DISCORD_TOKEN)"
