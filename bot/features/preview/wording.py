"""Texts around the preview of a post, and of posting it now."""

from __future__ import annotations

from datetime import datetime

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, Reply, say


def render_no_more(position: str) -> Reply:
    """Return that no post is to come.

    Args:
        position: a sentence on where the group is, or "".
    """
    return say(position or "There are no more posts.", title="No more units")


def describe_not_planned(label: str, *, is_skipped: bool) -> str:
    """Return that a unit has no post to come."""
    why = "is skipped" if is_skipped else "isn't one of the upcoming units"
    return f"**{markup.escape(label)}** {why}. {markup.typed('manage preview')} shows the next one."


def describe_moment(opens_at: datetime, zone: str) -> str:
    """Return when a post will go out."""
    return f"I'll post this on {markup.moment(opens_at, zone)}:"


def describe_stuck(*, is_unsent: bool) -> str:
    """Return why a running unit has no post in the group's channel."""
    why = "I couldn't send this post" if is_unsent else "This post is in the group's old channel"
    return f"{why}. Here it would look like this:"


def describe_posted(label: str, opened_at: datetime, zone: str) -> str:
    """Return since when a unit has been open."""
    return f"**{markup.escape(label)}** opened {markup.moment(opened_at, zone)}:"


def describe_not_next(label: str) -> str:
    """Return that a unit is no longer the next one."""
    return f"**{markup.escape(label)}** is no longer the next unit. See {markup.typed('manage preview')}."


def render_question(label: str, deadline_at: datetime, zone: str, post: Call) -> Reply:
    """Return the question whether to post a unit now."""
    due = markup.moment(deadline_at, zone)
    return say(
        f"Post **{markup.escape(label)}** now? It'll be due {due}.", buttons=(Button("Post it", post, "primary"),)
    )


def render_posting(label: str) -> Reply:
    """Return that a unit is being posted."""
    return say(f"I'm posting **{markup.escape(label)}** in the channel now.", tone="good")
