"""Whether a message stands already: it carries a tag, and the newest of its room are looked through for it."""

from __future__ import annotations

from typing import Any

from bot.platforms.slack.client import Api, ApiError, settle

EVENT = "trailmate_post"
PAGE, PAGES = 15, 4
"""What one look at the history shows and how often it looks further.

Source: https://docs.slack.dev/reference/methods/conversations.history, November 2026.
"""
_SKEW_S = 120.0


def marked(tag: str) -> dict[str, Any]:
    """Return the metadata by which a message is found again."""
    return {"event_type": EVENT, "event_payload": {"tag": tag}}


async def find(api: Api, channel: str, thread: str | None, tag: str, since: float | None) -> str | None:
    """Return the id of the message that carries the tag, if it stands among the newest.

    Args:
        since: when it was tried first, in seconds since 1970; None looks back as far as pages go.
    """
    look: dict[str, Any] = {"channel": channel, "limit": PAGE, "include_all_metadata": True}
    if since is not None:
        look["oldest"] = f"{since - _SKEW_S:.6f}"
    for _ in range(PAGES):
        try:
            page = await settle(_page(api, look, thread))
        except ApiError as error:
            if error.code in {"not_in_channel", "thread_not_found"}:
                return None
            raise
        for message in page.get("messages") or ():
            if _tag(message) == tag:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        look["cursor"] = cursor
    return None


async def _page(api: Api, look: dict[str, Any], thread: str | None) -> Any:
    if thread:
        return await api.posts.conversations_replies(**look, ts=thread)
    return await api.posts.conversations_history(**look)


def _tag(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT:
        return ""
    return str((metadata.get("event_payload") or {}).get("tag") or "")
