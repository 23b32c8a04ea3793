"""The permissions and intents that the bot asks for; none of the intents is privileged."""

from __future__ import annotations

from urllib.parse import urlencode

import discord

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
"""Permissions by Discord's flag and their name in Discord's settings; a late retry needs the last to look back."""

IN_FORUM = {
    "view_channel": "View Channel",
    "send_messages": "Create Posts",
    "send_messages_in_threads": "Send Messages in Posts",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
"""Permissions needed in a forum, by their name in its settings; posts are threads there, so none are opened."""

WELCOME = {"attach_files": "Attach Files", "create_events": "Create Events"}
WITHOUT = {
    "attach_files": "I describe pictures in words",
    "create_events": "live sessions don't appear among the server's events",
}
"""Effects of missing optional permissions."""

PERMISSIONS = discord.Permissions(**dict.fromkeys([*NEEDED, *WELCOME], True)).value


def intents() -> discord.Intents:
    """Return the gateway intents: servers, and messages, of which Discord shows only those meant for the bot."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


def invite_link(client_id: str) -> str:
    """Return the address that invites the bot to a server."""
    query = {"client_id": client_id, "scope": "bot applications.commands", "permissions": str(PERMISSIONS)}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"
