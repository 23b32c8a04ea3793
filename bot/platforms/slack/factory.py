"""Open Slack as the settings say: by Socket Mode, or over HTTP for one workspace or many."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from pydantic import SecretStr

from bot.chat.platform import LiveCheck, ManifestIncomplete, ManifestOptions, Platform, PlatformServices
from bot.commands.registry import Registry

if TYPE_CHECKING:
    from bot.platforms.slack.token import TokenSource

NAME = "slack"
MANIFEST_NEEDS_SDK = False
"""Whether `render_manifest` imports the SDK."""
LIVE_CHECK = LiveCheck(
    link=re.compile(r"https://[\w.-]+\.slack\.com/archives/(?P<room>[CG]\w+)"),
    looks=(
        "The first message has a picture, a table, a button and one answer in its thread.",
        "Its picture now says “2 of 2”, after the edit.",
        "On a phone, the table scrolls or wraps, and no column is cut.",
    ),
    by_hand=(
        "/study checkin opens a form within 3 seconds. Send it: the receipt has a picture.",
        "/study leaderboard, visible only to you, shows its table. Reload Slack: the message may be gone.",
        "/study ask streams its answer without flicker, and a long section folds.",
        "Mention the bot in a thread: it answers there.",
        "Run this check again with the link of a private channel, and of a channel shared with another workspace.",
        "In a distributed app, Slack allows one look a minute: two posts due after a kill come a minute apart.",
    ),
)


class SlackSettings(Protocol):
    """The settings that Slack reads."""

    @property
    def slack_bot_token(self) -> SecretStr | None:
        """The token of one workspace."""

    @property
    def slack_app_token(self) -> SecretStr | None:
        """The token for Socket Mode."""

    @property
    def slack_signing_secret(self) -> SecretStr | None:
        """What proves requests over HTTP."""

    @property
    def slack_client_id(self) -> str | None:
        """The app's id, for many workspaces."""

    @property
    def slack_client_secret(self) -> SecretStr | None:
        """The app's secret, for many workspaces."""

    @property
    def slack_api_url(self) -> str | None:
        """Another base of the Web API."""

    @property
    def public_url(self) -> str | None:
        """The address at which Slack reaches this server."""


def open_platform(settings: SlackSettings, services: PlatformServices) -> Platform | None:
    """Return the platform, or None if its tokens are not set; the SDK is imported only if it is needed."""
    bot, app, signing = settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret
    if bot is not None and app is not None:
        from bot.platforms.slack.adapter import SlackPlatform

        return SlackPlatform(
            bot.get_secret_value(),
            app.get_secret_value(),
            api_url=settings.slack_api_url,
            report_usable=services.report_usable,
            arrived=services.arrived,
            gallery=services.gallery,
            limiter_store=services.limiter_store,
        )
    if signing is not None:
        from bot.platforms.slack.http import HttpSlack

        return HttpSlack(
            signing.get_secret_value(),
            _open_source(settings, services),
            api_url=settings.slack_api_url,
            report_usable=services.report_usable,
            arrived=services.arrived,
            gallery=services.gallery,
            limiter_store=services.limiter_store,
        )
    return None


def _open_source(settings: SlackSettings, services: PlatformServices) -> TokenSource:
    """Return where the tokens of workspaces come from."""
    if settings.slack_bot_token is not None:
        from bot.platforms.slack.token import OneToken

        return OneToken(settings.slack_bot_token.get_secret_value())
    from bot.platforms.slack.oauth import Distribution

    assert settings.slack_client_id and settings.slack_client_secret and settings.public_url
    secret = settings.slack_client_secret.get_secret_value()
    installs = services.open_installs(NAME)
    return Distribution(installs, settings.slack_client_id, secret, settings.public_url, services.styles)


def describe_settings(settings: SlackSettings) -> tuple[str, str]:
    """Return in one line for doctor whether and how Slack is set up; the settings leave nothing to fix."""
    at = f"over HTTP, which Slack sends to {settings.public_url}/slack/events"
    if settings.slack_client_id is not None:
        return f"Slack: for many workspaces, {at}", ""
    if settings.slack_bot_token is None:
        return "Slack: not configured (SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET)", ""
    return ("Slack: tokens set, by Socket Mode" if settings.slack_app_token else f"Slack: token set, {at}"), ""


def render_manifest(settings: SlackSettings, registry: Callable[[], Registry], options: ManifestOptions) -> str:
    """Return the app's manifest as JSON; raises ManifestIncomplete."""
    from bot.platforms.slack.manifest import manifest

    is_shared = options.is_shared or settings.slack_client_id is not None
    over_http = is_shared or options.over_http or settings.slack_signing_secret is not None
    if over_http and settings.public_url is None:
        raise ManifestIncomplete("Set TRAILMATE_PUBLIC_URL: the https address at which Slack reaches this server.")
    return manifest(registry(), settings.public_url if over_http else None, is_shared=is_shared)
