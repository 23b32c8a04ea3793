"""`trailmate manifest`: print the app manifest or invite link of a platform."""

from __future__ import annotations

import argparse
import sys

from bot.runtime.settings import Settings, find_install_command


def manifest(settings: Settings, given: argparse.Namespace) -> int:
    """Print what a platform needs to let the bot in, with the few permissions it uses."""
    if given.platform == "slack":
        from bot.platforms.slack.manifest import manifest as app_manifest
        from bot.runtime.catalogue import registry

        many = given.many or settings.slack_client_id is not None
        over_http = many or given.http or settings.slack_signing_secret is not None
        if over_http and settings.public_url is None:
            print("Set TRAILMATE_PUBLIC_URL: the https address at which Slack reaches this server.", file=sys.stderr)
            return 2
        print(app_manifest(registry(), settings.public_url if over_http else None, is_shared=many))
        return 0
    if line := find_install_command("discord"):
        print(f"What speaks with Discord is not installed: {line}.", file=sys.stderr)
        return 1
    from bot.platforms.discord.manifest import invite_link

    client_id = given.client_id or _client_id(settings)
    if client_id is None:
        print("Name the application's id with --client-id, or set DISCORD_TOKEN.", file=sys.stderr)
        return 2
    print(invite_link(client_id))
    return 0


def _client_id(settings: Settings) -> str | None:
    """Return the application id from the bot token, which begins with it in base64."""
    import base64
    import binascii

    if settings.discord_token is None:
        return None
    first = settings.discord_token.get_secret_value().split(".")[0]
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded if decoded.isdigit() else None
