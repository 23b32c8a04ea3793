"""Notices below a person's next private answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.reply import Reply, Text


def add_notices(reply: Reply, notices: Sequence[str]) -> Reply:
    """Return a reply followed by notices, each small Markdown."""
    return reply.followed_by(Text(notices[0] if len(notices) == 1 else "\n".join(f"- {line}" for line in notices)))
