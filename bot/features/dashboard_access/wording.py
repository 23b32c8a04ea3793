"""Texts on the way from the chat to the dashboard."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.groups.tables import Group
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.numerals import counted
from bot.messages.reply import Button, Reply, say

PUBLIC_URL_HINT = "For other devices, the operator must set `TRAILMATE_PUBLIC_URL`."
NO_GROUP = "You're not in a group yet. To open a group's dashboard, type this in the group's channel."


def which_dashboard(choices: Sequence[tuple[Group, Call]]) -> NotFound:
    """Return the question which of several servers is meant, with a Call for a group of each."""
    buttons = tuple(Button(markup.clip(group.name, 40), call) for group, call in choices)
    return NotFound("You have groups in several places. Which dashboard would you like?", buttons=buttons)


def render_link(link: str, *, is_public: bool) -> Reply:
    """Return the one-time link to the dashboard."""
    lead = "This link is just for you, so please don't share it. It works once and expires in ten minutes."
    local = () if is_public else (f"It only opens on the machine I run on. {PUBLIC_URL_HINT}",)
    return say(lead, *local, title="Your dashboard", buttons=(Button("Open dashboard", link, "primary"),))


def render_signed_out(n_browsers: int) -> Reply:
    """Return that a person's browsers are signed out."""
    done = f"Done! I've signed you out of {counted(n_browsers, 'browser')}."
    sentence = done if n_browsers else "You weren't signed in anywhere."
    return say(f"{sentence} For a new link, type {markup.typed('dashboard')}.", tone="good")
