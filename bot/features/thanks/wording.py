"""Texts on thanks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.features.rules import MOST_THANKS
from bot.messages import markup
from bot.messages.numerals import spelt
from bot.messages.reply import Reply, say

REASON_SHOWN = 150
"""Characters of a reason that the thanked member sees."""
FORM_NOTE = f"They'll see it the next time they use Trailmate. {spelt(MOST_THANKS).capitalize()} thanks a day count."
TOO_MANY = f"You can thank {spelt(MOST_THANKS)} members a day. Name fewer."
NO_SELF_THANKS = "You can't thank yourself, but you've earned a pat on the back."
SHARER_LEFT = "The member who shared this has left the group."


def render_thanks(new: Sequence[str], old: Sequence[str], refused: Iterable[str]) -> Reply:
    """Return the receipt of thanks.

    Args:
        new: names of those who will see the thanks, small Markdown.
        old: names of those who were thanked for the same before.
        refused: sentences on why others could not be thanked.
    """
    sentences = [f"Done! {markup.series(new)} will see your thanks the next time they use Trailmate."] if new else []
    sentences += [f"You've already thanked {markup.series(old)} for this."] if old else []
    return say(" ".join([*sentences, *refused]), tone="good" if new else "plain")


def render_notice(giver: str, reason: str) -> str:
    """Return the sentence to the thanked member."""
    return f"{giver} thanks you{f': “{markup.escape(reason, REASON_SHOWN)}”' if reason else ''}."


def render_notice_for_checkin(giver: str) -> str:
    """Return the sentence to a member who shared a check-in."""
    return f"{giver} thanks you for a check-in that you shared."


def render_limit(who: str) -> str:
    """Return that the day's thanks are used up."""
    return f"You've given {spelt(MOST_THANKS)} thanks today, and that's the limit. You can thank {who} tomorrow."


def render_names_nobody() -> str:
    """Return that a bot's message names no other member."""
    return f"I wrote that message, and it names no other member. To thank someone, type {markup.typed('thanks @ben')}."
