"""Texts around the preview of a post, and of posting it now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, Reply, Subtext, Text, say


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


def render_preview(post: Reply, head: str, *, onward: Call | None, post_now: Call | None, replaces: bool) -> Reply:
    """Return the preview of a post.

    Args:
        head: small print above it.
        onward: previews the post after it; None if there is none.
        post_now: sends it; None if another one comes first.
    """
    buttons = (
        *([Button("Next post", onward)] if onward is not None else []),
        *([Button("Post now", post_now, "danger")] if post_now is not None else []),
    )
    return replace(post.without_buttons().headed_by(Subtext(head)), buttons=buttons, replaces=replaces)


def render_posted(post: Reply, label: str, opened_at: datetime, zone: str, *, onward: Call | None) -> Reply:
    """Return a post that has been sent, with the way to the next one."""
    head = Text(f"**{markup.escape(label)}** opened {markup.moment(opened_at, zone)}:")
    buttons = (Button("See next post", onward, "primary"),) if onward is not None else ()
    return replace(post.without_buttons().headed_by(head), buttons=buttons, replaces=True)


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
    return replace(say(f"I'm posting **{markup.escape(label)}** in the channel now.", tone="good"), replaces=True)
